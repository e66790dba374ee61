"""Merge requests and the real git: pushes make versions, refs can be fetched, differences are those that git writes."""

from pathlib import Path
from typing import Any

import pytest
import requests

from mockgitlab import MockGitLab
from tests.clients.git_rig import Git, api, clone_of
from tests.merge_request_world import world

MR = "projects/1/merge_requests/1"
MOVED = "".join(f"line {number}\n" for number in range(20))
BEFORE = {"a b.txt": "x\n", "gone.txt": "y\n", "moved.txt": MOVED, "été.txt": "e\n", "whole.txt": "w\n" * 9}
AFTER = {"a b.txt": "z\n", "been/moved.txt": f"{MOVED}more\n", "été.txt": "f\n", "kept/whole.txt": "w\n" * 9}
FEATURE = {
    "commits": [
        {"message": "Much", "files": AFTER, "delete": ["gone.txt", "moved.txt", "whole.txt"]},
        {"message": "More", "files": {"run.sh": {"content": "go\n", "executable": True}, "end": "no newline"}},
    ]
}


def scene() -> dict[str, Any]:
    branches = {"main": BEFORE, "feature": FEATURE}
    opened = {"title": "Much", "source_branch": "feature", "author": "bob"}
    scenario = world(opened, repository={"branches": branches, "protected": False}, visibility="public")
    return {
        **scenario,
        "groups": [
            {"path": "acme", "visibility": "public", "members": {"bob": "owner"}},
            {"path": "open", "visibility": "public"},
        ],
    }


pytestmark = pytest.mark.mockgitlab(scenario=scene())


@pytest.fixture
def clone(clone: Git) -> Git:
    clone("checkout", "-q", "feature")
    return clone


def test_the_raw_differences_are_those_that_git_writes(mockgitlab: MockGitLab, clone: Git) -> None:
    said = requests.get(f"{mockgitlab.url}/api/v4/{MR}/raw_diffs", headers={"Private-Token": "bob-token"}, timeout=10)
    written = clone("diff", "--full-index", "-M30%", "origin/main...origin/feature")
    assert said.text.rstrip("\n") == written.rstrip("\n")


def test_a_push_to_the_source_branch_makes_a_version(mockgitlab: MockGitLab, clone: Git) -> None:
    sha = clone.commit({"new.txt": "n\n"}, "One more")
    clone("push", "-q", "origin", "feature")
    shown: Any = api(mockgitlab, MR)
    assert (shown["sha"], shown["changes_count"]) == (sha, "8")
    notes = [one["body"] for one in api(mockgitlab, f"{MR}/notes")]
    assert notes[0].startswith("added 1 commit\n\n<ul><li>" + sha[:8] + " - One more</li></ul>")
    assert len(api(mockgitlab, f"{MR}/versions")) == 2


def test_threads_follow_their_lines_and_tell_when_a_push_changes_them(mockgitlab: MockGitLab, clone: Git) -> None:
    at, bob = f"{mockgitlab.url}/api/v4/{MR}/discussions", {"Private-Token": "bob-token"}
    where = {**api(mockgitlab, MR)["diff_refs"], "position_type": "text", "new_path": "été.txt", "old_path": "été.txt"}
    begun = requests.post(at, json={"body": "Why?", "position": {**where, "new_line": 1}}, headers=bob, timeout=10)
    thread = f"{MR}/discussions/{begun.json()['id']}"
    clone.commit({"été.txt": "first\nf\n"}, "Above")
    clone("push", "-q", "origin", "feature")
    [note] = api(mockgitlab, thread)["notes"]
    assert (note["position"]["new_line"], note["position"]["head_sha"]) == (2, clone("rev-parse", "HEAD"))
    clone.commit({"été.txt": "first\ng\n"}, "Instead")
    clone("push", "-q", "origin", "feature")
    note, told = api(mockgitlab, thread)["notes"]
    assert note["position"]["head_sha"] == clone("rev-parse", "HEAD~1")
    old = f"diff_id=3&start_sha={clone('rev-parse', 'HEAD~1')}#"
    assert told["body"].startswith(f"changed this line in [version 3 of the diff](/acme/rocket/-/{MR[11:]}/diffs?{old}")


def test_a_branch_that_git_deletes_closes_its_merge_request(mockgitlab: MockGitLab, clone: Git) -> None:
    clone("push", "-q", "origin", ":feature")
    assert (api(mockgitlab, MR)["state"], api(mockgitlab, MR)["closed_by"]["username"]) == ("closed", "bob")
    clone("push", "-q", "origin", "feature")
    assert api(mockgitlab, MR)["state"] == "closed"


def test_a_push_of_the_merge_closes_the_merge_request_as_merged(mockgitlab: MockGitLab, clone: Git) -> None:
    clone("checkout", "-q", "main")
    clone("merge", "-q", "--no-ff", "-m", "By hand", "feature")
    clone("push", "-q", "origin", "main")
    shown: Any = api(mockgitlab, MR)
    assert (shown["state"], shown["merge_commit_sha"]) == ("merged", clone("rev-parse", "HEAD"))
    assert shown["merged_by"]["username"] == "bob"


def test_the_head_of_a_merge_request_can_be_fetched(mockgitlab: MockGitLab, clone: Git) -> None:
    clone("fetch", "-q", "origin", "refs/merge-requests/1/head")
    assert clone("rev-parse", "FETCH_HEAD") == api(mockgitlab, MR)["sha"]


def test_what_the_api_merges_is_pulled(mockgitlab: MockGitLab, clone: Git) -> None:
    at = f"{mockgitlab.url}/api/v4/{MR}/merge"
    merged = requests.put(at, headers={"Private-Token": "bob-token"}, timeout=10).json()
    clone("checkout", "-q", "main")
    clone("pull", "-q")
    assert clone("rev-parse", "HEAD") == merged["merge_commit_sha"]
    assert clone("fsck", "--full", "--strict") == ""
    assert clone("log", "-1", "--format=%an") == "Bob Kahn"


def test_a_force_push_replaces_the_commits(mockgitlab: MockGitLab, clone: Git) -> None:
    clone("reset", "-q", "--hard", "HEAD~1")
    clone("push", "-q", "--force", "origin", "feature")
    assert [one["title"] for one in api(mockgitlab, f"{MR}/commits")] == ["Much"]


def test_who_may_merge_pushes_to_the_branch_of_a_fork_that_lets_him(tmp_path: Path) -> None:
    made = world()
    made["projects"][3] |= {"visibility": "public"}
    made["groups"] = [*made["groups"][:2], {"path": "open", "visibility": "public", "members": {"bob": "maintainer"}}]
    with MockGitLab(made) as server:
        git = clone_of(server, tmp_path, "nora/rocket")
        git("checkout", "-q", "patch")
        sha = git.commit({"bob.txt": "b\n"})
        assert "You are not allowed to push code to this project" in git("push", "origin", "patch", fails=True)
        opened = {"title": "P", "source_branch": "patch", "target_branch": "main", "target_project_id": 2}
        at, nora = f"{server.url}/api/v4/projects/4/merge_requests", {"Private-Token": "nora-token"}
        requests.post(at, json={**opened, "allow_collaboration": True}, headers=nora, timeout=10).raise_for_status()
        git("push", "-q", "origin", "patch")
        assert api(server, "projects/2/merge_requests/1")["sha"] == sha
        assert "You are not allowed to push code to this project" in git("push", "origin", "patch:new", fails=True)
