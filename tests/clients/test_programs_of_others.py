"""Programs of others that people run on GitLab, run on mockgitlab as they come: semantic-release and danger."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mockgitlab import MockGitLab
from tests.clients.git_rig import Git, clone_of
from tests.clients.javascript_rig import BOTS, javascript_available, run_program

PLUGINS = [
    "@semantic-release/commit-analyzer",
    "@semantic-release/release-notes-generator",
    "@semantic-release/gitlab",
]
BEGIN = {"message": "feat: count", "author": "ada", "date": "2024-01-15T09:00:00Z", "files": {"count.txt": "1\n"}}
MEND = {"message": "fix: count better", "author": "bob", "date": "2024-01-16T09:00:00Z", "files": {"count.txt": "2\n"}}
WORLD: dict[str, Any] = {
    "mockgitlab": 1,
    "users": [
        {"username": "root", "admin": True},
        {"username": "ada", "name": "Ada", "email": "ada@example.com"},
        {"username": "bob", "name": "Bob", "email": "bob@example.com"},
    ],
    "tokens": [
        {"token": "ada-token", "user": "ada", "scopes": ["api", "write_repository"]},
        {"token": "bob-token", "user": "bob", "scopes": ["api", "write_repository"]},
    ],
    "groups": [{"path": "acme", "members": {"ada": "owner", "bob": "maintainer"}}],
    "projects": [
        {
            "path": "acme/rocket",
            "repository": {"branches": {"main": {"commits": [BEGIN]}, "mend": {"from": "main", "commits": [MEND]}}},
            "issues": [{"title": "It counts badly"}],
            "merge_requests": [{"title": "Count better", "source_branch": "mend", "description": "Closes #1"}],
        }
    ],
}
DANGERFILE = """
const { danger, message, warn } = require("danger");
message(`Changed: ${danger.git.modified_files.join(", ")}`);
warn(`It is called ${danger.gitlab.mr.title}`);
message("Look here", "count.txt", 1);
schedule(async () => message(`Added: ${(await danger.git.diffForFile("count.txt")).added}`));
"""
pytestmark = [pytest.mark.network, pytest.mark.mockgitlab(scenario=WORLD)]


@pytest.fixture
def clone(mockgitlab: MockGitLab, tmp_path: Path) -> Iterator[Git]:
    if reason := javascript_available(BOTS):
        pytest.skip(reason)
    yield clone_of(mockgitlab, tmp_path)
    mockgitlab.check()


def job(server: MockGitLab, **variables: str) -> dict[str, str]:
    """Return the variables of a CI job that these programs read."""
    return {
        "CI": "true",
        "GITLAB_CI": "true",
        "CI_COMMIT_REF_NAME": "main",
        "CI_PROJECT_PATH": "acme/rocket",
        "CI_SERVER_URL": server.url,
        "CI_API_V4_URL": f"{server.url}/api/v4",
        "GITLAB_URL": server.url,
        "GITLAB_TOKEN": "bob-token",
        **variables,
    }


def release(server: MockGitLab, clone: Git) -> str:
    options = [*(word for plugin in PLUGINS for word in ("-p", plugin)), "-b", "main"]
    url = f"{server.url}/acme/rocket.git"
    return run_program("semantic-release", "-r", url, *options, cwd=clone.folder, env=job(server))


def test_semantic_release_tags_publishes_and_tells_what_was_released(
    mockgitlab: MockGitLab, clone: Git, ada: Any
) -> None:
    project = ada.projects.get("acme/rocket")
    assert "Published GitLab release: v1.0.0" in release(mockgitlab, clone)
    project.mergerequests.get(1).merge()
    clone("pull", "-q")
    assert "Published GitLab release: v1.0.1" in release(mockgitlab, clone)
    assert "no relevant changes" in release(mockgitlab, clone)
    latest, first = project.releases.list(get_all=True)
    assert (latest.tag_name, first.tag_name) == ("v1.0.1", "v1.0.0")
    assert "* count better" in latest.description
    told = project.mergerequests.get(1).notes.list(get_all=True)
    assert any("included in version 1.0.1" in note.body for note in told)


def test_danger_writes_one_comment_and_one_on_a_line_and_keeps_them_current(
    mockgitlab: MockGitLab, clone: Git, ada: Any
) -> None:
    clone("checkout", "-q", "mend")
    clone("reset", "-q", "--hard", "origin/mend")
    (clone.folder / "dangerfile.js").write_text(DANGERFILE)
    variables = job(
        mockgitlab,
        CI_MERGE_REQUEST_IID="1",
        CI_MERGE_REQUEST_PROJECT_PATH="acme/rocket",
        DANGER_GITLAB_HOST=mockgitlab.url,
        DANGER_GITLAB_API_BASE_URL=mockgitlab.url,
        DANGER_GITLAB_API_TOKEN="bob-token",
    )
    for _ in range(2):
        run_program("danger", "ci", "--dangerfile", "dangerfile.js", cwd=clone.folder, env=variables)
    merge_request = ada.projects.get("acme/rocket").mergerequests.get(1)
    notes = [note for note in merge_request.notes.list(get_all=True) if not note.system]
    inline, whole = sorted(notes, key=lambda note: note.type is None)
    assert (inline.type, inline.position["new_path"], inline.position["new_line"]) == ("DiffNote", "count.txt", 1)
    assert "Changed: count.txt" in whole.body
    assert "It is called Count better" in whole.body
    assert "Added: +2" in whole.body
