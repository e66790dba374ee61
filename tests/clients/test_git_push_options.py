"""Push options with the real git: a push opens and changes merge requests."""

from pathlib import Path
from typing import Any

import pytest
import requests

from mockgitlab import MockGitLab
from tests.clients.git_rig import Git, api, url
from tests.merge_request_world import world

pytestmark = pytest.mark.mockgitlab(scenario=world())


def push(
    clone: Git, branch: str, *options: str, files: dict[str, str] | None = None, message: str = "Fly\n\nHigh"
) -> str:
    """Commit on a branch and push it with options; returns what git printed."""
    clone("checkout", "-q", "-B", branch)
    clone.commit(files or {f"{branch}.txt": "x\n"}, message)
    return clone("push", *(part for one in options for part in ("-o", one)), "origin", branch)


def merge_requests(server: MockGitLab) -> list[Any]:
    found: list[Any] = api(server, "projects/1/merge_requests?order_by=created_at&sort=asc&scope=all")
    return sorted(found, key=lambda one: one["iid"])


def test_a_push_opens_a_merge_request(mockgitlab: MockGitLab, clone: Git) -> None:
    push(clone, "fly", "merge_request.create")
    [made] = merge_requests(mockgitlab)
    assert (made["title"], made["description"], made["state"]) == ("Fly", "High", "opened")
    assert (made["source_branch"], made["target_branch"], made["author"]["username"]) == ("fly", "main", "bob")
    assert [one["username"] for one in made["assignees"]] == ["bob"]


def test_options_say_what_the_merge_request_is_like(mockgitlab: MockGitLab, clone: Git) -> None:
    options = {
        "title": "Take off",
        "description": "One\\nTwo",
        "target": "fix",
        "label": "bug",
        "milestone": "1.0",
        "assign": "ada",
        "unassign": "bob",
    }
    given = [f"merge_request.{key}={value}" for key, value in options.items()]
    push(clone, "fly", "mr.create", "merge_request.draft", "merge_request.remove_source_branch", *given)
    [made] = merge_requests(mockgitlab)
    assert (made["title"], made["description"]) == ("Draft: Take off", "One\nTwo")
    assert (made["target_branch"], made["labels"], made["milestone"]["title"]) == ("fix", ["bug"], "1.0")
    assert ([one["username"] for one in made["assignees"]], made["force_remove_source_branch"]) == (["ada"], True)


def test_a_later_push_changes_the_merge_request(mockgitlab: MockGitLab, clone: Git) -> None:
    push(clone, "fly", "merge_request.create", "merge_request.label=bug")
    push(clone, "fly", "merge_request.title=Land", "merge_request.unlabel=bug", files={"more.txt": "y\n"})
    [changed] = merge_requests(mockgitlab)
    assert (changed["title"], changed["labels"], changed["description"]) == ("Land", [], "High")


def test_several_commits_make_a_title_of_the_branch(mockgitlab: MockGitLab, clone: Git) -> None:
    clone("checkout", "-q", "-B", "fly-home_now")
    clone.commit({"one.txt": "1\n"}, "One")
    push(clone, "fly-home_now", "merge_request.create", message="Two")
    [made] = merge_requests(mockgitlab)
    assert (made["title"], made["description"], made["force_remove_source_branch"]) == ("Fly home now", "", True)


def test_of_several_commits_the_oldest_with_a_description_tells_what_it_is_about(
    mockgitlab: MockGitLab, clone: Git
) -> None:
    clone("checkout", "-q", "-B", "fly-home")
    for number, message in enumerate(("One", "Two\n\nThe second", "Three\n\nThe third")):
        clone.commit({f"{number}.txt": "x\n"}, message)
    clone("push", "-o", "merge_request.create", "origin", "fly-home")
    [made] = merge_requests(mockgitlab)
    assert (made["title"], made["description"]) == ("Two", "The second")


def test_the_number_of_an_issue_in_the_name_of_the_branch_ties_it_to_the_issue(
    mockgitlab: MockGitLab, clone: Git
) -> None:
    given = {"labels": "ui", "milestone_id": 10001}
    at, root = f"{mockgitlab.url}/api/v4/projects/1/issues/2", {"Private-Token": "root-token"}
    requests.put(at, json=given, headers=root, timeout=10).raise_for_status()
    clone("checkout", "-q", "-B", "2-fly")
    for number in (1, 2):
        clone.commit({f"{number}.txt": "x\n"}, f"Number {number}")
    clone("push", "-o", "merge_request.create", "-o", "merge_request.description=So", "origin", "2-fly")
    [made] = merge_requests(mockgitlab)
    assert (made["title"], made["description"]) == ('Resolve "Two"', "So\n\nCloses #2")
    assert (made["labels"], made["milestone"]["title"]) == (["ui"], "1.0")
    assert [one["iid"] for one in api(mockgitlab, "projects/1/merge_requests/1/closes_issues")] == [2]


def test_what_has_no_commits_yet_is_a_draft(mockgitlab: MockGitLab, clone: Git) -> None:
    clone("push", "-o", "merge_request.create", "origin", "HEAD:refs/heads/addFlight-id")
    [made] = merge_requests(mockgitlab)
    assert (made["title"], made["draft"]) == ("Draft: Add flight", True)


def test_a_merge_request_is_merged_as_soon_as_it_can_be(mockgitlab: MockGitLab, clone: Git) -> None:
    push(clone, "fly", "merge_request.create", "merge_request.merge_when_pipeline_succeeds")
    [made] = merge_requests(mockgitlab)
    assert (made["state"], made["merge_user"]["username"]) == ("merged", "bob")
    push(clone, "wait", "merge_request.create", "merge_request.auto_merge", "merge_request.draft")
    [_, waiting] = merge_requests(mockgitlab)
    assert (waiting["state"], waiting["merge_when_pipeline_succeeds"]) == ("opened", True)


def test_what_cannot_be_done_is_told_and_the_branch_is_pushed_all_the_same(mockgitlab: MockGitLab, clone: Git) -> None:
    told = push(clone, "fly", "merge_request.create", "merge_request.target=none")
    assert "remote: WARNINGS:" in told
    assert "Target branch acme/rocket:none does not exist" in told
    told = push(clone, "fly", "merge_request.title=x", files={"more.txt": "y\n"})
    assert "A merge_request.create push option is required to create a merge request for branch fly" in told
    assert merge_requests(mockgitlab) == []
    assert api(mockgitlab, "projects/1/repository/branches/fly")["name"] == "fly"


def test_options_that_are_not_known_and_those_of_pipelines_are_passed_over(mockgitlab: MockGitLab, clone: Git) -> None:
    told = push(clone, "fly", "ci.skip", "merge_request.colour=red", "nonsense")
    assert "WARNINGS" not in told
    assert merge_requests(mockgitlab) == []


def test_a_fork_opens_a_merge_request_in_the_project_it_came_from(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    Git(tmp_path)("clone", "-q", url(mockgitlab, "nora", path="nora/rocket"), "fork")
    push(Git(tmp_path / "fork"), "patch-2", "merge_request.create")
    [made] = api(mockgitlab, "projects/2/merge_requests?scope=all")
    assert (made["source_project_id"], made["source_branch"], made["target_branch"]) == (4, "patch-2", "main")
