"""Merge requests driven with python-gitlab, as its users drive them."""

from typing import Any

import gitlab
import pytest

from mockgitlab import MockGitLab
from tests.clients.python_gitlab_rig import refused
from tests.merge_request_world import world

pytestmark = pytest.mark.mockgitlab(scenario=world())


@pytest.fixture
def rocket(bob: Any) -> Any:
    return bob.projects.get("acme/rocket")


def opened(rocket: Any, branch: str = "feature", **given: Any) -> Any:
    return rocket.mergerequests.create({"source_branch": branch, "target_branch": "main", "title": "Launch", **given})


def test_a_merge_request_from_a_branch_to_the_end(rocket: Any) -> None:
    rocket.branches.create({"branch": "new", "ref": "main"})
    rocket.files.create({"file_path": "a.txt", "branch": "new", "content": "a\n", "commit_message": "Write"})
    made = opened(rocket, "new", remove_source_branch=True, labels=["bug"], assignee_ids=[3], description="Closes #1")
    assert (made.iid, made.state, made.merge_status, made.changes_count) == (1, "opened", "can_be_merged", "1")
    made.title, made.labels = "Better", [*made.labels, "ui"]
    made.save()
    assert rocket.mergerequests.get(1).labels == ["bug", "ui"]
    made.notes.create({"body": "Well done"})
    assert [one.title for one in made.closes_issues()] == ["One"]
    made.merge()
    assert (made.state, made.merged_by["username"]) == ("merged", "bob")
    assert rocket.issues.get(1).state == "closed"
    assert refused(gitlab.GitlabGetError, rocket.branches.get, "new")[0] == 404
    assert rocket.files.raw("a.txt", ref="main") == b"a\n"


def test_what_it_changes(rocket: Any) -> None:
    made = opened(rocket)
    assert [one.title for one in made.commits()] == ["Land", "Count"]
    changes = made.changes()
    assert [one["new_path"] for one in changes["changes"]] == ["count.txt", "land.txt"]
    [version] = made.diffs.list()
    assert [one["new_path"] for one in made.diffs.get(version.id).diffs] == ["count.txt", "land.txt"]
    assert made.diff_refs["head_sha"] == rocket.branches.get("feature").commit["id"] == made.sha
    assert rocket.commits.get("feature").merge_requests()[0]["iid"] == 1


def test_lists_of_project_group_and_instance(rocket: Any, mockgitlab: MockGitLab) -> None:
    opened(rocket)
    opened(rocket, "fix", title="Draft: Mend", reviewer_ids=[2])
    assert [one.iid for one in rocket.mergerequests.list(state="opened", order_by="title")] == [1, 2]
    assert [one.iid for one in rocket.mergerequests.list(wip="yes", iterator=True)] == [2]
    with gitlab.Gitlab(mockgitlab.url, private_token="ada-token") as ada:
        assert [one.title for one in ada.mergerequests.list(scope="all", reviewer_username="ada")] == ["Draft: Mend"]
        assert len(ada.groups.get("acme").mergerequests.list(get_all=True)) == 2
        assert ada.mergerequests.list() == []


def test_a_second_one_for_the_same_branches_is_a_conflict(rocket: Any) -> None:
    opened(rocket)
    told = ["Another open merge request already exists for this source branch: !1"]
    assert refused(gitlab.GitlabCreateError, opened, rocket) == (409, told)


def test_what_cannot_be_merged_is_refused_in_gitlabs_ways(rocket: Any) -> None:
    clash, other, draft = opened(rocket, "clash"), opened(rocket, "other"), opened(rocket, "fix", title="Draft: x")
    clash.merge(merge_commit_message="In", should_remove_source_branch=True)
    assert refused(gitlab.GitlabMRClosedError, other.merge) == (422, "Branch cannot be merged")
    assert refused(gitlab.GitlabMRClosedError, draft.merge) == (405, "405 Method Not Allowed")
    draft.title = "x"
    draft.save()
    status, told = refused(gitlab.GitlabMRClosedError, draft.merge, sha="0" * 40)
    assert (status, told) == (409, f"SHA does not match HEAD of source branch: {draft.sha}")
    draft.merge(squash=True, squash_commit_message="All")
    assert draft.squash_commit_sha


def test_rebasing_and_the_merge_ref(rocket: Any) -> None:
    made = opened(rocket)
    rocket.files.create({"file_path": "b", "branch": "main", "content": "b\n", "commit_message": "B"})
    assert made.rebase()["rebase_in_progress"] is True
    again = rocket.mergerequests.get(1, include_rebase_in_progress=True, include_diverged_commits_count=True)
    assert (again.rebase_in_progress, again.diverged_commits_count) == (False, 0)
    assert again.sha != made.sha
    head = rocket.commits.get(again.merge_ref()["commit_id"])
    assert head.parent_ids == [rocket.branches.get("main").commit["id"], again.sha]


def test_closing_reopening_and_deleting(rocket: Any, mockgitlab: MockGitLab) -> None:
    made = opened(rocket)
    made.state_event = "close"
    made.save()
    assert made.state == "closed"
    made.state_event = "reopen"
    made.save()
    assert [one.state for one in made.resourcestateevents.list()] == ["closed", "reopened"]
    assert refused(gitlab.GitlabDeleteError, made.delete)[0] == 403
    with gitlab.Gitlab(mockgitlab.url, private_token="ada-token") as ada:
        ada.projects.get(1, lazy=True).mergerequests.delete(1)
    assert rocket.mergerequests.list() == []


def test_people_time_threads_and_reactions(rocket: Any) -> None:
    made = opened(rocket, reviewer_ids=[2])
    assert [one.user["username"] for one in made.reviewer_details.list()] == ["ada"]
    assert [one["username"] for one in made.participants()] == ["bob", "ada"]
    assert made.time_estimate("1h")["human_time_estimate"] == "1h"
    assert made.add_spent_time("30m")["total_time_spent"] == 1800
    thread = made.discussions.create({"body": "Why?"})
    thread.resolved = True
    thread.save()
    made.awardemojis.create({"name": "tada"})
    made.unsubscribe()
    made.todo()
    assert made.subscribed is False
    made.subscribe()
    assert made.subscribed is True


def test_an_automatic_merge_that_is_cancelled(rocket: Any) -> None:
    made = opened(rocket, title="Draft: x")
    made.merge(merge_when_pipeline_succeeds=True)
    assert (made.state, made.merge_when_pipeline_succeeds) == ("opened", True)
    made.cancel_merge_when_pipeline_succeeds()
    assert rocket.mergerequests.get(1).merge_when_pipeline_succeeds is False


def test_a_merge_request_of_a_fork(mockgitlab: MockGitLab) -> None:
    with gitlab.Gitlab(mockgitlab.url, private_token="nora-token") as nora:
        fork = nora.projects.get("nora/rocket")
        made = opened(fork, "patch", target_project_id=fork.forked_from_project["id"], allow_collaboration=True)
        assert (made.project_id, made.source_project_id, made.target_project_id) == (2, 4, 2)
        source = nora.projects.get(2)
        refusal = refused(gitlab.GitlabAuthenticationError, source.mergerequests.get(1).merge)
        assert refusal == (401, "401 Unauthorized")
    with gitlab.Gitlab(mockgitlab.url, private_token="root-token") as root:
        merged = root.projects.get(2).mergerequests.get(1)
        merged.merge()
        assert merged.merge_commit_sha == root.projects.get(2).branches.get("main").commit["id"]
