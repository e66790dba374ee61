"""What git is told beside the answer: links to merge requests, moved projects; and projects that a push makes."""

import pytest
import requests

from mockgitlab import MockGitLab
from tests.clients.git_rig import Git, api, git_world, url

ADMIN = {"Private-Token": "root-token"}
pytestmark = pytest.mark.mockgitlab(scenario=git_world())


def test_a_pushed_branch_comes_with_a_link_to_a_merge_request(mockgitlab: MockGitLab, clone: Git) -> None:
    clone.commit({"a": "1\n"})
    told = clone("push", "origin", "HEAD:refs/heads/new/branch")
    link = f"{mockgitlab.url}/acme/rocket/-/merge_requests/new?merge_request%5Bsource_branch%5D=new%2Fbranch"
    assert "remote: To create a merge request for new/branch, visit:" in told
    assert f"remote:   {link}" in told
    body = {"source_branch": "new/branch", "target_branch": "main", "title": "New"}
    made = requests.post(f"{mockgitlab.url}/api/v4/projects/1/merge_requests", json=body, headers=ADMIN, timeout=10)
    assert made.status_code == 201
    clone.commit({"a": "2\n"})
    told = clone("push", "origin", "HEAD:refs/heads/new/branch")
    assert "remote: View merge request for new/branch:" in told
    assert f"remote:   {made.json()['web_url']}" in told


def test_the_default_branch_tags_and_deletions_come_without(clone: Git) -> None:
    clone.commit({"a": "1\n"})
    clone("tag", "v9")
    assert "remote:" not in clone("push", "origin", "main", "v9")
    assert "remote:" not in clone("push", "origin", "--delete", "done")


def test_a_moved_project_is_reached_by_its_old_path_and_says_so(mockgitlab: MockGitLab, clone: Git) -> None:
    moved = requests.put(f"{mockgitlab.url}/api/v4/projects/1", json={"path": "shuttle"}, headers=ADMIN, timeout=10)
    assert moved.status_code == 200
    clone("pull", "-q")
    clone.commit({"a": "1\n"})
    told = clone("push")
    assert "remote: Project 'acme/rocket' was moved to 'acme/shuttle'." in told
    assert f"remote:   git remote set-url origin {mockgitlab.url}/acme/shuttle.git" in told


def test_a_push_to_a_free_path_makes_a_private_project(mockgitlab: MockGitLab, clone: Git) -> None:
    sha = clone("rev-parse", "HEAD")
    clone("push", "-q", url(mockgitlab, path="bob/fresh"), "main")
    made = api(mockgitlab, "projects/bob%2Ffresh")
    assert (made["visibility"], made["default_branch"], made["creator_id"]) == (
        "private",
        "main",
        api(mockgitlab, "users?username=bob")[0]["id"],
    )
    assert api(mockgitlab, "projects/bob%2Ffresh/repository/commits/main")["id"] == sha


def test_nobody_makes_projects_where_he_may_not_or_of_bad_names(mockgitlab: MockGitLab, clone: Git) -> None:
    assert "not found" in clone("push", url(mockgitlab, path="ada/fresh"), "main", fails=True)
    assert "not found" in clone("push", url(mockgitlab, path="nowhere/fresh"), "main", fails=True)
    at = f"{mockgitlab.url}/bob/-bad-.git/info/refs?service=git-receive-pack"
    refused = requests.get(at, auth=("bob", "bob-token"), timeout=10)
    assert refused.status_code == 422
    assert refused.text.startswith("Could not create project: Name can contain only letters")
    assert "not found" in clone("fetch", url(mockgitlab, path="bob/none"), fails=True)
