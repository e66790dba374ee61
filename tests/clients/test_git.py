"""The real git against a running server: clone, fetch, push, and what is refused."""

from pathlib import Path

import pytest
import requests

from mockgitlab import MockGitLab
from tests.api.v4.repositories import FEATURE, FILES
from tests.clients.git_rig import Git, api, git_world, url

MANY = 10_000
pytestmark = pytest.mark.mockgitlab(scenario=git_world())


def test_a_clone_has_what_the_scenario_says_and_is_sound(mockgitlab: MockGitLab, clone: Git) -> None:
    assert {path: (clone.folder / path).read_text() for path in FILES} == FILES
    assert clone("fsck", "--full", "--strict") == ""
    assert clone("log", "--format=%s", "origin/feature/launch").split("\n") == [
        "Launch",
        "Count down",
        "Initial commit",
    ]
    assert clone("tag").split() == ["v1.0", "v1.1"]
    assert clone("rev-parse", "HEAD") == api(mockgitlab, "projects/1/repository/commits/main")["id"]
    assert clone("tag", "-l", "--format=%(contents:subject)", "v1.1") == "The first that flies"


def test_clones_and_fetches_are_counted_whatever_the_protocol(
    mockgitlab: MockGitLab, clone: Git, tmp_path: Path
) -> None:
    for version in "012":
        Git(tmp_path)("-c", f"protocol.version={version}", "clone", "-q", url(mockgitlab), f"clone-{version}")
    assert api(mockgitlab, "projects/1/statistics") == {
        "fetches": {"total": 4, "days": [{"count": 4, "date": "2024-05-01"}]}
    }


def test_a_push_makes_what_the_api_shows(mockgitlab: MockGitLab, clone: Git) -> None:
    sha = clone.commit({"src/new.py": "x = 1\n"}, "Push it")
    clone("push", "-q", "origin", "main")
    shown = api(mockgitlab, "projects/1/repository/commits/main")
    assert (shown["id"], shown["title"], shown["author_name"]) == (sha, "Push it", "Ada")
    event = api(mockgitlab, "projects/1/events")[0]
    assert (event["author_username"], event["push_data"]["commit_title"]) == ("bob", "Push it")


def test_what_the_api_commits_a_second_clone_fetches(mockgitlab: MockGitLab, clone: Git, tmp_path: Path) -> None:
    Git(tmp_path)("clone", "-q", url(mockgitlab), "other")
    sha = clone.commit({"a": "1\n"})
    clone("push", "-q", "origin", "main")
    other = Git(tmp_path / "other")
    other("pull", "-q")
    assert other("rev-parse", "HEAD") == sha
    body = {"branch": "main", "content": "2\n", "commit_message": "By the API"}
    at = f"{mockgitlab.url}/api/v4/projects/1/repository/files/b"
    assert requests.post(at, json=body, headers={"Private-Token": "bob-token"}, timeout=10).status_code == 201
    other("pull", "-q")
    assert (other.folder / "b").read_text() == "2\n"
    assert other("fsck", "--full", "--strict") == ""


def test_branches_and_tags_are_pushed_and_deleted(mockgitlab: MockGitLab, clone: Git) -> None:
    clone("tag", "-a", "v2", "-m", "Two")
    clone("push", "-q", "origin", "HEAD:refs/heads/new", "v2")
    assert api(mockgitlab, "projects/1/repository/tags/v2")["message"] == "Two"
    clone("push", "-q", "origin", "--delete", "new", "v2")
    names = [one["name"] for one in api(mockgitlab, "projects/1/repository/branches")]
    assert names == ["done", "feature/launch", "main"]


def test_a_mirror_of_a_repository_keeps_its_default_branch(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    Git(tmp_path)("clone", "-q", "--mirror", url(mockgitlab), "mirror.git")
    mirror, at = Git(tmp_path / "mirror.git"), url(mockgitlab, "ada", path="@mirror/ada/notes")
    assert "create a merge request for main" not in mirror("push", "--mirror", at)
    assert api(mockgitlab, "projects/3", "mirror")["default_branch"] == "main"
    assert "Everything up-to-date" in mirror("push", "--mirror", at)


def test_notes_are_pushed_and_fetched_as_other_refs_are(mockgitlab: MockGitLab, clone: Git, tmp_path: Path) -> None:
    before = len(api(mockgitlab, "projects/1/events?action=pushed"))
    clone("notes", "add", "-m", "Well done")
    clone("push", "-q", "origin", "refs/notes/commits")
    Git(tmp_path)("clone", "-q", url(mockgitlab), "noted")
    noted = Git(tmp_path / "noted")
    noted("fetch", "-q", "origin", "refs/notes/*:refs/notes/*")
    assert "Well done" in noted("log", "-1", "--notes")
    assert len(api(mockgitlab, "projects/1/events?action=pushed")) == before


def test_a_stale_push_is_refused_and_a_forced_one_is_not(clone: Git) -> None:
    clone.commit({"a": "1\n"})
    clone("push", "-q", "origin", "main")
    clone("reset", "-q", "--hard", "HEAD~1")
    clone.commit({"a": "2\n"})
    assert "[rejected]" in clone("push", "origin", "main", fails=True)
    clone("push", "-q", "--force", "origin", "main")


def test_a_protected_branch_takes_neither_developers_nor_force(mockgitlab: MockGitLab, clone: Git) -> None:
    at = f"{mockgitlab.url}/api/v4/projects/1/repository/branches/main/protect"
    requests.put(at, headers={"Private-Token": "root-token"}, timeout=10)
    clone.commit({"a": "1\n"})
    told = clone("push", "origin", "main", fails=True)
    assert "remote: GitLab: You are not allowed to push code to protected branches on this project." in told
    assert "! [remote rejected] main -> main (pre-receive hook declined)" in told
    clone("commit", "-q", "--amend", "-m", "Other")
    clone("push", "-q", url(mockgitlab, "ada"), "main")
    clone("commit", "-q", "--amend", "-m", "Another")
    forced = clone("push", "--force", url(mockgitlab, "ada"), "main", fails=True)
    assert "You are not allowed to force push code to a protected branch on this project." in forced


def test_the_default_branch_is_not_deleted(clone: Git) -> None:
    told = clone("push", "origin", "--delete", "main", fails=True)
    assert "The default branch of a project cannot be deleted." in told


def test_a_shallow_clone_grows_deeper(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    Git(tmp_path)("clone", "-q", "--depth", "1", "--branch", "feature/launch", url(mockgitlab), "shallow")
    shallow = Git(tmp_path / "shallow")
    assert shallow("log", "--format=%s") == "Launch"
    shallow("fetch", "-q", "--depth", "2")
    assert shallow("log", "--format=%s").split("\n") == ["Launch", "Count down"]
    shallow("fetch", "-q", "--unshallow")
    assert shallow("rev-list", "--count", "HEAD") == str(len(FEATURE) + 1)
    assert shallow("fsck", "--full") == ""


def test_an_empty_project_takes_its_first_push(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    Git(tmp_path)("clone", "-q", url(mockgitlab, "ada", path="ada/notes"), "notes")
    notes = Git(tmp_path / "notes")
    notes.commit({"README.md": "# Notes\n"})
    notes("push", "-q", "origin", "HEAD:refs/heads/trunk")
    project = api(mockgitlab, "projects/3")
    assert (project["default_branch"], project["empty_repo"]) == ("trunk", False)


def test_a_push_of_many_files(mockgitlab: MockGitLab, clone: Git) -> None:
    clone.commit({f"many/{number % 100}/{number}.txt": f"{number}\n" for number in range(MANY)})
    clone("push", "-q", "origin", "main")
    tree = api(mockgitlab, "projects/1/repository/tree?per_page=100&path=many/7")
    assert {one["path"] for one in tree} == {f"many/7/{number}.txt" for number in range(7, MANY, 100)}


def test_a_public_project_is_cloned_by_anybody_and_pushed_to_by_nobody(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    Git(tmp_path)("clone", "-q", f"{mockgitlab.url}/open/source.git", "source")
    source = Git(tmp_path / "source")
    source.commit({"b": "2\n"})
    assert "could not read Username" in source("push", "origin", "main", fails=True)


def test_a_sandbox_has_refs_of_its_own(mockgitlab: MockGitLab, clone: Git) -> None:
    sha = clone.commit({"a": "1\n"})
    clone("push", "-q", url(mockgitlab).replace("/acme/", "/@mine/acme/"), "main")
    assert api(mockgitlab, "projects/1/repository/commits/main")["id"] != sha
    own = requests.get(
        f"{mockgitlab.url}/@mine/api/v4/projects/1/repository/commits/main",
        headers={"Private-Token": "root-token"},
        timeout=10,
    )
    assert own.json()["id"] == sha
