"""The real git pushes to snippets: what the API then shows, and what GitLab refuses."""

import os
from pathlib import Path
from typing import Any

import pytest
import requests

from mockgitlab import MockGitLab
from tests.clients.git_rig import DEPLOY, JOB, api, clone_of, git_world

SNIPPETS: list[dict[str, Any]] = [
    {"title": "Own", "author": "bob", "visibility": "public", "files": {"a.txt": "a\n", "b.txt": "b\n"}},
    {"title": "Secret", "author": "ada", "visibility": "private", "file_name": "s.txt", "content": "s\n"},
]
OWN, OF_PROJECT = "snippets/1", "acme/rocket/snippets/3"
ONE_BRANCH = "remote: GitLab: You can not create or delete branches."


def scene(**limits: int) -> dict[str, Any]:
    given = git_world(JOB, {**DEPLOY, "project": "acme/rocket"}, limits=limits, clock="2024-05-01T09:00:00Z")
    rocket, *others = given["projects"]
    rocket = {**rocket, "snippets": [{**SNIPPETS[0], "title": "Rocket's", "author": "rex", "visibility": "private"}]}
    old = {"path": "acme/old", "archived": True, "snippets": [{**SNIPPETS[0], "title": "Old"}]}
    return {**given, "projects": [rocket, *others, old], "snippets": SNIPPETS}


pytestmark = pytest.mark.mockgitlab(scenario=scene())


def files(server: MockGitLab, at: str = OWN) -> list[str]:
    return [one["path"] for one in api(server, at)["files"]]


def test_what_is_pushed_is_what_the_api_shows(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    git = clone_of(mockgitlab, tmp_path, OWN)
    mockgitlab.advance("1h")
    git("mv", "a.txt", "A.md")
    sha = git.commit({"src/c.py": "c\n"}, "More")
    git("push", "-q")
    shown = api(mockgitlab, OWN)
    assert [one["path"] for one in shown["files"]] == ["A.md", "b.txt", "src/c.py"]
    assert (shown["file_name"], shown["updated_at"]) == ("A.md", "2024-05-01T10:00:00.000Z")
    raw = f"{mockgitlab.url}/api/v4/{OWN}/files"
    for ref in ("main", sha):
        assert requests.get(f"{raw}/{ref}/src%2Fc.py/raw", timeout=10).text == "c\n"


def test_what_the_api_writes_and_git_pushes_is_one_repository(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    git, key = clone_of(mockgitlab, tmp_path, OWN), {"Private-Token": "bob-token"}
    change = {"files": [{"action": "create", "file_path": "api.txt", "content": "api\n"}]}
    assert requests.put(f"{mockgitlab.url}/api/v4/{OWN}", json=change, headers=key, timeout=10).status_code == 200
    git.commit({"git.txt": "git\n"})
    assert "fetch first" in git("push", fails=True)
    git("pull", "-q", "--rebase")
    git("push", "-q")
    assert files(mockgitlab) == ["a.txt", "api.txt", "b.txt", "git.txt"]
    git("commit", "-q", "--amend", "-m", "Again")
    git("push", "-q", "--force")
    assert git("fsck", "--full", "--strict") == ""


def test_files_with_odd_names_are_shown_all_the_same(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    git = clone_of(mockgitlab, tmp_path, path=OWN)
    (git.folder / os.fsdecode(b"\xff.txt")).write_bytes(b"\xff")
    git.commit({"a b.txt": "x\n"})
    git("push", "-q")
    assert files(mockgitlab) == ["a b.txt", "a.txt", "b.txt", "\ufffd.txt"]
    [odd] = [one for one in api(mockgitlab, OWN)["files"] if one["path"].startswith("\ufffd")]
    assert odd["raw_url"].endswith("/main/%FF.txt")


def test_other_branches_and_tags_are_refused_whatever_else_is_pushed(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    git = clone_of(mockgitlab, tmp_path, OWN)
    git.commit({"more.txt": "x\n"})
    for refs in (["HEAD:other"], ["HEAD:refs/tags/v1"], [":main"], ["main", "HEAD:refs/notes/commits"]):
        told = git("push", "origin", *refs, fails=True)
        assert ONE_BRANCH in told
        assert "(pre-receive hook declined)" in told
    assert files(mockgitlab) == ["a.txt", "b.txt"]


def test_a_snippet_has_ten_files_at_most_and_one_at_least(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    git, key = clone_of(mockgitlab, tmp_path, OWN), {"Private-Token": "bob-token"}
    git.commit({f"n/{number}.txt": "x\n" for number in range(9)})
    assert "remote: GitLab: The repository can contain at most 10 file(s)." in git("push", fails=True)
    git("reset", "-q", "--hard", "origin/main")
    git("rm", "-q", "-r", ".")
    git("commit", "-q", "-m", "None")
    assert "remote: GitLab: The repository must contain at least 1 file." in git("push", fails=True)
    many = {"files": [{"action": "create", "file_path": f"{number}", "content": "x"} for number in range(9)]}
    refused = requests.put(f"{mockgitlab.url}/api/v4/{OWN}", json=many, headers=key, timeout=10)
    assert (refused.status_code, refused.json()) == (
        400,
        {"message": {"error": "Repository Error updating the snippet"}},
    )
    assert refused.headers["X-Mockgitlab-Reason"] == "The repository can contain at most 10 file(s)."
    assert files(mockgitlab) == ["a.txt", "b.txt"]


def test_the_size_of_a_snippet_is_limited(tmp_path: Path) -> None:
    with MockGitLab(scene(snippet_bytes=2_000)) as server:
        git = clone_of(server, tmp_path, OWN)
        git.commit({"big.txt": "".join(f"{number * 7919 % 10007}\n" for number in range(2_000))})
        told = git("push", fails=True)
        assert "Your push to this repository would cause it to exceed the size limit of 2 KiB so it has been" in told
        git("reset", "-q", "--hard", "origin/main")
        git.commit({"zeros.txt": "0" * 100_000})
        git("push", "-q")
        git.commit({"more.txt": "1\n"})
        assert "because this repository has exceeded its size limit of 2 KiB by 96 KiB. Please" in git(
            "push", fails=True
        )


def test_a_snippet_of_a_project_is_pushed_to_by_its_author_and_maintainers(
    mockgitlab: MockGitLab, tmp_path: Path
) -> None:
    for number, who in enumerate(("rex", "ada")):
        (tmp_path / who).mkdir()
        git = clone_of(mockgitlab, tmp_path / who, OF_PROJECT, who)
        git.commit({f"{number}.txt": "x\n"})
        git("push", "-q")
    assert files(mockgitlab, "projects/1/snippets/3") == ["0.txt", "1.txt", "a.txt", "b.txt"]


@pytest.mark.parametrize(
    ("path", "who", "status", "text"),
    [
        (OWN, ("x", "ada-token"), 403, "You are not allowed to update this snippet."),
        ("snippets/2", ("x", "bob-token"), 403, "You are not allowed to update this snippet."),
        (OF_PROJECT, ("x", "bob-token"), 403, "You are not allowed to update this snippet."),
        ("acme/old/snippets/4", ("x", "bob-token"), 403, "You are not allowed to update this snippet."),
        (OWN, ("gitlab-ci-token", "job"), 403, "You are not allowed to upload code."),
        (OWN, ("x", "reads"), 403, "You are not allowed to upload code."),
        (OF_PROJECT, ("cd", "deploy"), 403, "The authentication mechanism is not supported."),
        ("snippets/99", ("x", "bob-token"), 404, None),
        (OF_PROJECT, ("x", "nora-token"), 404, None),
    ],
)
def test_who_may_not_push_is_told_so(
    mockgitlab: MockGitLab, path: str, who: tuple[str, str], status: int, text: str | None
) -> None:
    unknown = "The project you were looking for could not be found or you don't have permission to view it."
    at = f"{mockgitlab.url}/{path}.git/info/refs?service=git-receive-pack"
    answer = requests.get(at, auth=who, timeout=10)
    assert (answer.status_code, answer.text) == (status, f"{text or unknown}\n")
