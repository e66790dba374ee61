from typing import Any

import pytest

from mockgitlab.scenario.problems import ScenarioError
from tests.merge_request_world import BRANCHES, MR, OPENED, mr_api, open_mr, remarks, usernames, world
from tests.support import Api

OPEN: dict[str, Any] = {"path": "open/rocket", "visibility": "public", "members": {"rex": "reporter"}}
pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED))


def test_a_merge_request_is_shown_with_all_its_properties(api: Api) -> None:
    shown = api.get(f"{MR}/1", "rex").json
    refs = shown["diff_refs"]
    assert shown == {
        "id": 10001,
        "iid": 1,
        "project_id": 1,
        "title": "Launch",
        "description": None,
        "state": "opened",
        "created_at": "2024-05-01T09:00:00.000Z",
        "updated_at": "2024-05-01T09:00:00.000Z",
        "merged_by": None,
        "merge_user": None,
        "merged_at": None,
        "closed_by": None,
        "closed_at": None,
        "target_branch": "main",
        "source_branch": "feature",
        "user_notes_count": 0,
        "upvotes": 0,
        "downvotes": 0,
        "author": api.get("users/3").json and shown["author"],
        "assignees": [],
        "assignee": None,
        "reviewers": [],
        "source_project_id": 1,
        "target_project_id": 1,
        "labels": [],
        "draft": False,
        "imported": False,
        "imported_from": "none",
        "work_in_progress": False,
        "milestone": None,
        "merge_when_pipeline_succeeds": False,
        "merge_status": "can_be_merged",
        "detailed_merge_status": "mergeable",
        "sha": refs["head_sha"],
        "merge_commit_sha": None,
        "squash_commit_sha": None,
        "discussion_locked": None,
        "should_remove_source_branch": None,
        "force_remove_source_branch": None,
        "prepared_at": "2024-05-01T09:00:00.000Z",
        "reference": "!1",
        "references": {"short": "!1", "relative": "!1", "full": "acme/rocket!1"},
        "web_url": "http://localhost/acme/rocket/-/merge_requests/1",
        "time_stats": {
            "time_estimate": 0,
            "total_time_spent": 0,
            "human_time_estimate": None,
            "human_total_time_spent": None,
        },
        "squash": False,
        "squash_on_merge": False,
        "task_completion_status": {"count": 0, "completed_count": 0},
        "has_conflicts": False,
        "blocking_discussions_resolved": True,
        "approvals_before_merge": None,
        "subscribed": False,
        "changes_count": "2",
        "latest_build_started_at": None,
        "latest_build_finished_at": None,
        "first_deployed_to_production_at": None,
        "pipeline": None,
        "head_pipeline": None,
        "diff_refs": refs,
        "merge_error": None,
        "first_contribution": True,
        "user": {"can_merge": False},
    }
    assert shown["author"]["username"] == "bob"


def test_the_head_and_the_parting_of_the_branches_are_told_by_their_commits(api: Api) -> None:
    heads = {
        name: api.get(f"projects/1/repository/branches/{name}").json["commit"]["id"] for name in ("main", "feature")
    }
    refs = {"base_sha": heads["main"], "head_sha": heads["feature"], "start_sha": heads["main"]}
    assert api.get(f"{MR}/1").json["diff_refs"] == refs


@pytest.mark.parametrize(
    ("branch", "status", "detailed", "conflicts"),
    [
        ("clash", "cannot_be_merged", "conflict", True),
        ("same", "cannot_be_merged", "commits_status", True),
        ("nowhere", "cannot_be_merged", "commits_status", True),
        ("fix", "can_be_merged", "mergeable", False),
    ],
)
def test_whether_it_can_be_merged_follows_the_branches(
    api: Api, branch: str, status: str, detailed: str, conflicts: bool
) -> None:
    change = {"action": "update", "file_path": "README.md", "content": "# New\n"}
    api.post("projects/1/repository/commits", branch="main", commit_message="New", actions=[change])
    made = open_mr(api, source_branch=branch)
    found = (made["merge_status"], made["detailed_merge_status"], made["has_conflicts"])
    assert found == (status, detailed, conflicts)


def test_a_draft_is_one_by_its_title(api: Api) -> None:
    for title in ("Draft: a", "[Draft] b", "(draft) c"):
        shown = api.put(f"{MR}/1", "bob", title=title).json
        assert (shown["draft"], shown["work_in_progress"]) == (True, True)
        assert shown["detailed_merge_status"] == "draft_status"
    shown = api.put(f"{MR}/1", "bob", title="Drafty").json
    assert (shown["draft"], shown["detailed_merge_status"]) == (False, "mergeable")
    assert "marked this merge request as **ready**" in remarks(api)


def test_title_and_description_are_rendered_when_asked_for(api: Api) -> None:
    api.put(f"{MR}/1", "bob", title="a < b", description="So & so")
    shown = api.get(f"{MR}/1", render_html=True).json
    assert shown["title_html"] == "a &lt; b"
    assert shown["description_html"] == '<p dir="auto">So &amp; so</p>'
    assert "title_html" not in api.get(f"{MR}/1").json


def test_what_the_target_branch_is_ahead_is_counted_when_asked_for(api: Api) -> None:
    change = {"action": "create", "file_path": "new", "content": "x"}
    api.post("projects/1/repository/commits", branch="main", commit_message="New", actions=[change])
    shown = api.get(f"{MR}/1", include_diverged_commits_count=True, include_rebase_in_progress=True).json
    assert (shown["diverged_commits_count"], shown["rebase_in_progress"]) == (1, False)


def test_who_may_not_see_the_code_may_not_see_merge_requests(api: Api) -> None:
    assert api.get(f"{MR}/1", "gil").status == 403
    assert api.get(MR, "gil").status == 403
    assert api.get(f"{MR}/1", "nora").json == {"message": "404 Project Not Found"}
    assert api.get(f"{MR}/9").json == {"message": "404 Not found"}


def test_where_merge_requests_are_off_nobody_sees_them() -> None:
    api = mr_api(OPENED, merge_requests_access_level="disabled")
    assert (api.get(f"{MR}/1").status, api.get(MR).status) == (403, 403)
    assert api.get("merge_requests", scope="all").json == []
    assert api.post(MR, "bob", title="x", source_branch="fix", target_branch="main").status == 403


def test_the_owner_alone_deletes_a_merge_request(api: Api) -> None:
    assert api.delete(f"{MR}/1", "bob").status == 403
    assert api.delete(f"{MR}/1", "ada").status == 204
    assert api.get(f"{MR}/1").status == 404
    assert api.get(MR).json == []


def test_a_deleted_merge_request_takes_all_that_hangs_on_it_along(api: Api) -> None:
    api.post(f"{MR}/1/notes", "bob", body="Hm @rex")
    api.post(f"{MR}/1/award_emoji", "bob", name="tada")
    api.delete(f"{MR}/1")
    kinds = {kind.__name__: api.store[kind].all().count() for kind in api.store.kinds()}
    gone = ("MergeRequest", "MergeRequestDiff", "Note", "AwardEmoji", "Todo")
    assert [kinds.get(name, 0) for name in gone] == [0, 0, 0, 0, 0]


def test_a_merge_request_of_a_fork_says_where_it_comes_from() -> None:
    api = mr_api()
    made = open_mr(api, "nora", 4, source_branch="patch", target_project_id=2)
    places = (made["project_id"], made["source_project_id"], made["target_project_id"], made["iid"])
    assert places == (2, 4, 2, 1)
    assert (made["allow_collaboration"], made["allow_maintainer_to_push"]) == (False, False)
    assert (made["user"], made["merge_status"], made["changes_count"]) == ({"can_merge": False}, "can_be_merged", "1")
    assert api.get("projects/2/merge_requests/1", None).json["web_url"].endswith("/open/source/-/merge_requests/1")


def test_a_scenario_holds_merged_ones() -> None:
    people = {"author": "bob", "merge_user": "ada", "reviewers": ["ada"]}
    api = mr_api({**OPENED, **people, "state": "merged", "merged_at": "2024-04-20T10:00:00Z"})
    shown = api.get(f"{MR}/1").json
    assert (shown["state"], shown["merged_at"]) == ("merged", "2024-04-20T10:00:00.000Z")
    assert usernames([shown["merged_by"], shown["merge_user"], *shown["reviewers"]]) == ["ada", "ada", "ada"]
    head = api.get("projects/1/repository/branches/main").json["commit"]
    assert (head["id"], head["title"]) == (shown["merge_commit_sha"], "Merge branch 'feature' into 'main'")
    assert head["author_name"] == "Ada Lovelace"


def test_a_scenario_holds_closed_ones_and_drafts() -> None:
    api = mr_api({"title": "No", "source_branch": "fix", "state": "closed", "draft": True, "labels": ["bug"]})
    shown = api.get(f"{MR}/1").json
    assert (shown["state"], shown["title"], shown["labels"]) == ("closed", "Draft: No", ["bug"])
    assert (shown["closed_by"]["username"], shown["closed_at"]) == ("root", "2024-05-01T09:00:00.000Z")
    assert shown["detailed_merge_status"] == "not_open"


def test_a_scenario_holds_those_of_forks_below_the_fork() -> None:
    made = world()
    patch = {"title": "P", "source_branch": "patch", "target_project": "open/source"}
    made["projects"][3]["merge_requests"] = [patch]
    shown = Api(made).get("projects/2/merge_requests/1").json
    assert (shown["source_project_id"], shown["title"], shown["author"]["username"]) == (4, "P", "nora")


def test_what_the_repository_has_merged_already_is_not_merged_again() -> None:
    branches = {**BRANCHES, "main2": {"from": "main", "commits": [{"message": "Merge it", "merge": "fix"}]}}
    merged = {"title": "Mend", "source_branch": "fix", "target_branch": "main2", "state": "merged"}
    api = mr_api(merged, repository={"branches": branches})
    head = api.get("projects/1/repository/branches/main2").json["commit"]
    assert (head["id"], head["title"]) == (api.get(f"{MR}/1").json["merge_commit_sha"], "Merge it")
    assert api.get(f"{MR}/1").json["changes_count"] == "1"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"source_branch": "none"}, "source_branch: names no branch of acme/rocket: 'none'; it has clash"),
        ({"title": " "}, "title: is missing: a merge request needs one"),
        ({"target_branch": "clash", "source_branch": "other", "state": "merged"}, "state: cannot be merged: other"),
        ({"iid": 1}, "iid: is taken: acme/rocket has a merge request 1"),
        ({"target_project": "open/nothing"}, "target_project: there is no project 'open/nothing'"),
    ],
)
def test_what_is_wrong_in_a_scenario_is_told(wrong: Any, told: str) -> None:
    with pytest.raises(ScenarioError) as error:
        mr_api(OPENED, {**OPENED, **wrong})
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("version", "branch", "status", "answered"),
    [
        ("16.8.0", "clash", "broken_status", 405),
        ("16.9.0", "clash", "conflict", 422),
        ("16.9.0", "same", "broken_status", 405),
        ("17.1.0", "same", "commits_status", 405),
    ],
)
def test_older_versions_call_it_otherwise(version: str, branch: str, status: str, answered: int) -> None:
    api = Api({**world(), "gitlab": {"version": version}})
    change = {"action": "update", "file_path": "README.md", "content": "# New\n"}
    api.post("projects/1/repository/commits", branch="main", commit_message="New", actions=[change])
    assert open_mr(api, source_branch=branch)["detailed_merge_status"] == status
    assert api.put(f"{MR}/1/merge", "bob").status == answered


def test_before_15_6_there_is_no_detailed_status() -> None:
    api = Api({**world(), "gitlab": {"version": "15.5.0"}})
    assert "detailed_merge_status" not in open_mr(api)
    assert "detailed_merge_status" not in api.get(MR, "bob").json[0]


def test_pipelines_are_told_to_whom_the_project_shows_them(api: Api) -> None:
    told = {"pipeline", "head_pipeline", "latest_build_started_at", "first_deployed_to_production_at"}
    assert told <= api.get(f"{MR}/1", "rex").json.keys()
    for setting, who, seen in (
        *(("disabled", "rex", False), ("disabled", None, False)),
        *(("private", "rex", True), ("private", None, False)),
        *(("enabled", "rex", True), ("enabled", None, True)),
    ):
        public = mr_api(OPENED, **OPEN, builds_access_level=setting)
        assert (told & public.get(f"{MR}/1", who).json.keys()) == (told if seen else set())
    hidden = mr_api(OPENED, **OPEN, public_jobs=False)
    assert not told & hidden.get(f"{MR}/1", None).json.keys()


def test_the_latest_build_is_that_of_the_head(api: Api) -> None:
    head = api.get(f"{MR}/1").json["sha"]

    def built(state: str) -> tuple[Any, Any]:
        api.post(f"projects/1/statuses/{head}", "bob", state=state, ref="feature")
        shown = api.get(f"{MR}/1").json
        return shown["latest_build_started_at"], shown["latest_build_finished_at"]

    assert built("running") == ("2024-05-01T09:00:00.000Z", None)
    api.server.advance("1m")
    assert built("success") == ("2024-05-01T09:00:00.000Z", "2024-05-01T09:01:00.000Z")
