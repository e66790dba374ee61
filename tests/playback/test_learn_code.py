from pathlib import Path
from typing import Any

import pytest

from mockgitlab.api.definitions import definitions
from mockgitlab.playback.learn import learn
from mockgitlab.playback.recording import Recording
from tests.playback.learning import differences, session

TOOL = "/api/v4/projects/acme%2Ftool"
ONE = {"message": "One", "author": "ada", "date": "2024-02-01T09:00:00Z"}
MORE = {"message": "Two", "author": "ada", "date": "2024-02-02T09:00:00Z"}
MADE = {"created_at": "2024-03-01T08:00:00Z"}
WORLD: dict[str, Any] = {
    "mockgitlab": 1,
    "gitlab": {"clock": "2024-05-01T09:00:00Z"},
    "users": [
        {"username": "ada", "name": "Ada", "created_at": "2024-01-01T08:00:00Z"},
        {"username": "bob", "name": "Bob", "created_at": "2024-01-01T08:00:00Z"},
    ],
    "groups": [
        {
            "path": "acme",
            "members": {"ada": "owner"},
            "visibility": "public",
            "wikis": [{"title": "home", "content": "x"}],
        },
        {"path": "acme/sub", "labels": [{"name": "grouped"}], "shared_with": [{"group": "acme", "access": "reporter"}]},
    ],
    "projects": [
        {
            "path": "acme/tool",
            "visibility": "public",
            "repository": {
                "branches": {
                    "main": {
                        "commits": [
                            {**ONE, "files": {"README.md": "# Tool\n", "a.bin": {"base64": "/wD/"}}},
                            {**MORE, "files": {"run.sh": {"content": "echo\n", "executable": True}}},
                        ]
                    },
                    "old": {"from": None, "commits": [{**ONE, "files": {"README.md": "# Old\n"}}]},
                },
                "tags": {"v1.0": {"ref": "main", "message": "First"}, "v0.9": "old"},
            },
            "milestones": [{"title": "M", "due_date": "2024-07-01"}],
            "labels": [{"name": "blue", "color": "blue", "priority": 2}],
            "releases": [
                {"tag_name": "v1.0", "name": "One", "milestones": ["M"], "released_at": "2024-03-01T08:00:00Z", **MADE}
                | {"links": [{"name": "bin", "url": "https://example.com/bin"}], "author": "ada"}
            ],
            "snippets": [
                {"title": "S", "author": "ada", "files": {"s.rb": "puts 1\n"}, "visibility": "public", **MADE}
            ],
            "wikis": [{"title": "home", "content": "# W", "author": "ada"}, {"title": "guides/First steps"}],
            "protected_branches": [{"name": "main", "push_access_level": "noone"}, {"name": "rel/*"}],
            "protected_tags": [{"name": "v*"}],
            "issues": [
                {"title": "I", "author": "bob", "labels": ["blue"], "milestone": "M", "time_estimate": "2h", **MADE}
                | {"discussions": [{"author": "ada", "body": "Why?", "replies": [{"author": "bob", "body": "So"}]}]},
                {"title": "Fire", "issue_type": "incident", "severity": "high", "author": "ada", **MADE},
                {"title": "Both", "author": "ada", "state": "closed", "links": [{"issue": 1}], **MADE},
            ],
        },
        {"path": "bob/tool", "forked_from": "acme/tool", "visibility": "public"},
        {"path": "bob/own", "visibility": "public", "archived": True},
    ],
    "snippets": [{"title": "Mine", "author": "ada", "files": {"m.txt": "hello"}, "visibility": "public", **MADE}],
    "tokens": [{"token": "ada-token", "user": "ada", "scopes": ["api"]}],
}
READS = [
    *("/api/v4/user", "/api/v4/projects", "/api/v4/groups", "/api/v4/groups/acme%2Fsub", "/api/v4/namespaces"),
    *("/api/v4/groups/acme%2Fsub/labels", "/api/v4/groups/acme/wikis?with_content=1", "/api/v4/users/bob/projects"),
    *("/api/v4/projects/bob%2Ftool", "/api/v4/projects/bob%2Fown", "/api/v4/snippets", "/api/v4/snippets/1/raw"),
    *(TOOL, f"{TOOL}/languages", f"{TOOL}/forks", f"{TOOL}/labels", f"{TOOL}/milestones", f"{TOOL}/issues"),
    *(f"{TOOL}/issues/1", f"{TOOL}/issues/2", f"{TOOL}/issues/3", f"{TOOL}/issues/1/discussions"),
    *(f"{TOOL}/issues/3/links", f"{TOOL}/issues/1/time_stats", f"{TOOL}/releases", f"{TOOL}/releases/v1.0"),
    *(f"{TOOL}/snippets", f"{TOOL}/snippets/2", f"{TOOL}/snippets/2/raw", f"{TOOL}/wikis", f"{TOOL}/wikis/home"),
    *(f"{TOOL}/repository/branches", f"{TOOL}/repository/tags", f"{TOOL}/repository/commits"),
    *(f"{TOOL}/repository/tree", f"{TOOL}/repository/tree?ref=old", f"{TOOL}/repository/commits?ref_name=old"),
    *(f"{TOOL}/repository/files/{name}?ref=main" for name in ("README.md", "a.bin", "run.sh")),
    *(f"{TOOL}/repository/files/README.md?ref=old", f"{TOOL}/repository/compare?from=old&to=main"),
    *(f"{TOOL}/protected_branches", f"{TOOL}/protected_tags", f"{TOOL}/members/all"),
]


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    calls: list[Any] = [("GET", path) for path in READS]
    return session(tmp_path_factory.mktemp("tool") / "tool.yaml", WORLD, calls)


def test_releases_snippets_wikis_forks_and_a_repository_are_answered_as_recorded(recording: Recording) -> None:
    assert [str(one.request) for one in recording if one.response.status != 200] == []
    assert differences(recording, learn(recording, definitions())) == {}


def test_a_repository_is_written_with_its_commits_files_and_tags(recording: Recording) -> None:
    scenario = learn(recording, definitions()).scenario
    [repository] = [one["repository"] for one in scenario["projects"] if one["path"] == "acme/tool"]
    first, second = repository["branches"]["main"]["commits"]
    assert (first["message"], first["author"], first["files"]["a.bin"]) == ("One", "ada", {"base64": "/wD/"})
    assert second["files"] == {"run.sh": {"content": "echo\n", "executable": True}}
    assert repository["tags"] == {"v1.0": {"ref": "main", "message": "First"}, "v0.9": "old"}


def test_merges_and_the_branches_of_merge_requests_are_kept_apart(tmp_path: Path) -> None:
    branches = {
        "main": {"commits": [{**ONE, "files": {"a": "1\n"}}]},
        "one": {"commits": [{**MORE, "files": {"b": "2\n"}}]},
        "two": {"commits": [{**MORE, "message": "Three", "files": {"c": "3\n"}}]},
    }
    requests = [
        {"title": "First", "source_branch": "one", "author": "ada", "state": "merged", "merged_at": "2024-03-02"},
        {"title": "Second", "source_branch": "two", "author": "ada"},
    ]
    project = {"path": "acme/tool", "repository": {"branches": branches}, "merge_requests": requests}
    paths = [
        "/api/v4/user",
        TOOL,
        f"{TOOL}/repository/branches",
        f"{TOOL}/repository/commits",
        f"{TOOL}/merge_requests",
    ]
    paths += [f"{TOOL}/merge_requests/{iid}/commits" for iid in (1, 2)]
    calls: list[Any] = [("GET", path) for path in paths]
    recording = session(tmp_path / "a.yaml", {**WORLD, "projects": [project]}, calls)
    learned = learn(recording, definitions())
    [repository] = [one["repository"] for one in learned.scenario["projects"]]
    assert list(repository["branches"]) == ["one", "main", "two"]
    assert repository["branches"]["main"]["commits"][-1]["merge"] == "one"
    assert differences(recording, learned) == {}
