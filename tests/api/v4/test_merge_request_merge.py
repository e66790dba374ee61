from typing import Any

import pytest

from tests.api.v4.repositories import sha, text
from tests.merge_request_world import MR, OPENED, mr_api, open_mr, remarks, world
from tests.support import Api

pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED))


def merge(api: Api, as_: str = "bob", iid: int = 1, **given: Any) -> Any:
    answer = api.put(f"{MR}/{iid}/merge", as_, **given)
    assert answer.status == 200, answer
    return answer.json


def push(api: Api, branch: str, path: str, content: str, action: str = "create") -> str:
    change = {"action": action, "file_path": path, "content": content}
    answer = api.post(
        "projects/1/repository/commits", "bob", branch=branch, commit_message=f"Write {path}", actions=[change]
    )
    assert answer.status == 201, answer
    found: str = answer.json["id"]
    return found


def commits(api: Api, ref: str = "main") -> list[Any]:
    found: list[Any] = api.get("projects/1/repository/commits", ref_name=ref).json
    return found


# At once


def test_merging_makes_a_merge_commit_with_both_heads_for_parents(api: Api) -> None:
    heads = [sha(api, "main"), sha(api, "feature")]
    merged = merge(api, "ada")
    assert (merged["state"], merged["merged_at"]) == ("merged", "2024-05-01T09:00:00.000Z")
    assert (merged["merged_by"]["username"], merged["merge_user"]["username"]) == ("ada", "ada")
    head = api.get("projects/1/repository/commits/main").json
    assert (head["id"], head["parent_ids"]) == (merged["merge_commit_sha"], heads)
    told = "Merge branch 'feature' into 'main'\n\nLaunch\n\nCloses #2\n\nSee merge request acme/rocket!1"
    assert (head["message"], head["author_name"]) == (told, "Ada Lovelace")
    assert text(api, "land.txt") == "down\n"
    assert api.get(f"{MR}/1").json["detailed_merge_status"] == "not_open"
    assert (merged["merge_status"], merged["has_conflicts"]) == ("can_be_merged", False)


def test_messages_can_be_given(api: Api) -> None:
    merge(api, merge_commit_message="In it goes", squash_commit_message="All of it", squash=True)
    assert [one["message"] for one in commits(api)][:2] == ["In it goes", "All of it"]


def test_squashing_makes_one_commit_of_all(api: Api) -> None:
    base = sha(api)
    merged = merge(api, "ada", squash=True)
    squashed = api.get(f"projects/1/repository/commits/{merged['squash_commit_sha']}").json
    assert (squashed["message"], squashed["parent_ids"]) == ("Launch", [base])
    assert (squashed["author_name"], squashed["committer_name"]) == ("Bob Kahn", "Ada Lovelace")
    assert api.get(f"projects/1/repository/commits/{merged['merge_commit_sha']}").json["parent_ids"] == [
        base,
        merged["squash_commit_sha"],
    ]
    assert (merged["squash"], merged["squash_on_merge"]) == (True, True)


def test_templates_of_the_project_make_the_messages() -> None:
    template = "%{title} (%{local_reference}) by %{merged_by}\n\n%{issues}\n\n%{description}\n\n%{first_commit}"
    squash = "%{source_branch} -> %{target_branch}\n\n%{all_commits}\n\n%{co_authored_by}"
    api = mr_api(OPENED, merge_commit_template=template, squash_commit_template=squash)
    merge(api, "ada", squash=True)
    first, second = (one["message"] for one in commits(api)[:2])
    assert first == "Launch (!1) by Ada Lovelace <ada@example.com>\n\nCloses #2\n\nCount"
    assert second == "feature -> main\n\n* Land\n\nCloses #2\n\n* Count"


def test_fast_forward_moves_the_branch_alone() -> None:
    api = mr_api(OPENED, merge_method="ff")
    head = sha(api, "feature")
    merged = merge(api)
    assert (merged["merge_commit_sha"], sha(api), merged["sha"]) == (None, head, head)


@pytest.mark.parametrize("method", ["ff", "rebase_merge"])
def test_what_is_behind_must_be_rebased_first_where_history_is_linear(method: str) -> None:
    api = mr_api(OPENED, merge_method=method)
    push(api, "main", "new", "x")
    assert api.get(f"{MR}/1").json["detailed_merge_status"] == "need_rebase"
    refused = api.put(f"{MR}/1/merge", "bob")
    assert (refused.status, refused.json) == (422, {"message": "Branch cannot be merged"})
    assert api.put(f"{MR}/1/rebase", "bob").status == 202
    assert merge(api)["state"] == "merged"


@pytest.mark.parametrize(("option", "squashed"), [("always", True), ("never", False)])
def test_the_project_may_always_or_never_squash(option: str, squashed: bool) -> None:
    api = mr_api(OPENED, squash_option=option)
    made = open_mr(api, source_branch="fix", squash=not squashed)
    assert (made["squash"], made["squash_on_merge"]) == (squashed, squashed)
    assert (merge(api)["squash_commit_sha"] is not None) == squashed


def test_the_source_branch_goes_when_the_merging_user_or_the_merge_request_says_so(api: Api) -> None:
    merged = merge(api, should_remove_source_branch=True)
    assert (merged["should_remove_source_branch"], merged["force_remove_source_branch"]) == (True, None)
    open_mr(api, source_branch="fix", remove_source_branch=True)
    merge(api, iid=2)
    open_mr(api, source_branch="clash", remove_source_branch=True)
    merge(api, iid=3, should_remove_source_branch=False)
    left = [one["name"] for one in api.get("projects/1/repository/branches").json]
    assert left == ["clash", "main", "other", "same"]


def test_a_protected_source_branch_stays(api: Api) -> None:
    api.put("projects/1/repository/branches/feature/protect", "ada")
    merge(api, "ada", should_remove_source_branch=True)
    assert api.get("projects/1/repository/branches/feature").status == 200


def test_what_was_to_be_merged_into_a_deleted_branch_follows_it(api: Api) -> None:
    open_mr(api, source_branch="fix", target_branch="feature", title="Draft: Mend")
    api.post(f"{MR}/2/approve", "ada")
    merge(api, iid=2, merge_when_pipeline_succeeds=True)
    merge(api, should_remove_source_branch=True)
    shown = api.get(f"{MR}/2").json
    assert (shown["target_branch"], shown["merge_when_pipeline_succeeds"]) == ("main", False)
    assert remarks(api, 2)[-2:] == [
        "deleted the `feature` branch. This merge request now targets the `main` branch",
        "aborted the automatic merge because target branch was changed",
    ]
    assert api.get(f"{MR}/2/approvals").json["approved_by"] == []


def test_what_is_to_be_merged_twice_then_keeps_the_branch_that_is_gone(api: Api) -> None:
    open_mr(api, source_branch="fix", target_branch="feature")
    open_mr(api, source_branch="fix")
    merge(api, should_remove_source_branch=True)
    assert [api.get(f"{MR}/{iid}").json["target_branch"] for iid in (2, 3)] == ["feature", "main"]


# Refusals


def test_who_may_not_merge_into_the_branch_is_refused(api: Api) -> None:
    api.put("projects/1/repository/branches/main/protect", "ada")
    for who in ("bob", "rex"):
        refused = api.put(f"{MR}/1/merge", who)
        assert (refused.status, refused.json) == (401, {"message": "401 Unauthorized"})
    assert api.get(f"{MR}/1", "bob").json["user"] == {"can_merge": False}
    assert merge(api, "ada")["state"] == "merged"


def test_hidden_and_missing_merge_requests_cannot_be_merged(api: Api) -> None:
    for who, iid in (("gil", 1), ("bob", 7)):
        assert api.put(f"{MR}/{iid}/merge", who).json == {"message": "404 Not found"}


@pytest.mark.parametrize(
    "change", [{"title": "Draft: x"}, {"state_event": "close"}], ids=lambda change: next(iter(change))
)
def test_drafts_and_closed_ones_cannot_be_merged(api: Api, change: dict[str, Any]) -> None:
    api.put(f"{MR}/1", "bob", **change)
    refused = api.put(f"{MR}/1/merge", "bob")
    assert (refused.status, refused.json) == (405, {"message": "405 Method Not Allowed"})


def test_what_is_merged_cannot_be_merged_again(api: Api) -> None:
    merge(api)
    assert api.put(f"{MR}/1/merge", "bob").status == 405


def test_a_merge_that_fails_leaves_its_error(api: Api) -> None:
    api.post("projects/1/push_rule", "ada", commit_message_regex="^JIRA")
    refused = api.put(f"{MR}/1/merge", "bob")
    assert (refused.status, refused.json) == (422, {"message": "Branch cannot be merged"})
    told = "Commit message does not follow the pattern '^JIRA'"
    shown = api.get(f"{MR}/1").json
    assert (shown["state"], shown["merge_error"], shown["merge_commit_sha"]) == ("opened", told, None)
    assert refused.headers["X-Mockgitlab-Reason"] == told
    assert merge(api, merge_commit_message="JIRA-1 In")["merge_error"] is None


def test_a_project_that_always_squashes_merges_nothing_that_is_not_to_be_squashed() -> None:
    api = mr_api(OPENED, squash_option="always")
    api.put(f"{MR}/1", "bob", squash=False)
    assert api.put(f"{MR}/1/merge", "bob").json == {"message": "Branch cannot be merged"}
    told = "This project requires squashing commits when merge requests are accepted."
    assert api.get(f"{MR}/1").json["merge_error"] == told
    assert merge(api, squash=True)["squash_commit_sha"] is not None


def test_conflicts_cannot_be_merged(api: Api) -> None:
    open_mr(api, source_branch="clash")
    open_mr(api, source_branch="other")
    merge(api, iid=2)
    assert api.get(f"{MR}/3").json["detailed_merge_status"] == "conflict"
    refused = api.put(f"{MR}/3/merge", "bob")
    assert (refused.status, refused.json) == (422, {"message": "Branch cannot be merged"})
    assert "conflict" in refused.headers["X-Mockgitlab-Reason"]


def test_what_goes_into_a_branch_that_is_gone_cannot_be_merged(api: Api) -> None:
    open_mr(api, source_branch="fix", target_branch="other")
    api.delete("projects/1/repository/branches/other", "bob")
    assert api.get(f"{MR}/2").json["detailed_merge_status"] == "commits_status"
    assert api.put(f"{MR}/2/merge", "bob").status == 405


def test_the_head_must_be_the_one_that_was_looked_at(api: Api) -> None:
    refused = api.put(f"{MR}/1/merge", "bob", sha="0" * 40)
    told = {"message": f"SHA does not match HEAD of source branch: {sha(api, 'feature')}"}
    assert (refused.status, refused.json) == (409, told)
    assert merge(api, sha=sha(api, "feature"))["state"] == "merged"


def test_unresolved_threads_are_in_the_way_where_the_project_says_so() -> None:
    api = mr_api(OPENED, only_allow_merge_if_all_discussions_are_resolved=True)
    thread = api.post(f"{MR}/1/discussions", "rex", body="Why?").json["id"]
    shown = api.get(f"{MR}/1").json
    assert (shown["blocking_discussions_resolved"], shown["detailed_merge_status"]) == (
        False,
        "discussions_not_resolved",
    )
    assert api.put(f"{MR}/1/merge", "bob").status == 405
    assert api.put(f"{MR}/1/discussions/{thread}", "bob", resolved=True).status == 200
    assert merge(api)["state"] == "merged"


def test_without_a_good_pipeline_nothing_is_merged_where_the_project_wants_one() -> None:
    api = mr_api(OPENED, only_allow_merge_if_pipeline_succeeds=True)
    assert api.get(f"{MR}/1").json["detailed_merge_status"] == "ci_must_pass"
    assert api.put(f"{MR}/1/merge", "bob").status == 405


def test_the_pipeline_of_the_head_is_shown_and_awaited() -> None:
    api = mr_api(OPENED, only_allow_merge_if_pipeline_succeeds=True)
    head = sha(api, "feature")
    api.post(f"projects/1/statuses/{head}", "bob", state="running", ref="feature")
    shown = api.get(f"{MR}/1").json
    assert shown["detailed_merge_status"] == "ci_still_running"
    assert (shown["pipeline"]["status"], shown["head_pipeline"]["detailed_status"]["label"]) == ("running", "running")
    assert merge(api, auto_merge=True, merge_when_pipeline_succeeds=True)["state"] == "opened"
    api.server.advance("2m")
    api.post(f"projects/1/statuses/{head}", "bob", state="success", ref="feature", coverage=90)
    shown = api.get(f"{MR}/1").json
    assert shown["state"] == "merged"
    assert shown["head_pipeline"] == {
        **shown["pipeline"],
        "before_sha": "0" * 40,
        "tag": False,
        "yaml_errors": None,
        "user": shown["author"],
        "started_at": "2024-05-01T09:00:00.000Z",
        "finished_at": "2024-05-01T09:02:00.000Z",
        "committed_at": "2024-04-03T10:00:00.000+00:00",
        "duration": 120,
        "queued_duration": None,
        "coverage": "90.00",
        "detailed_status": {
            "icon": "status_success",
            "text": "Passed",
            "label": "passed",
            "group": "success",
            "tooltip": "passed",
            "has_details": True,
            "details_path": f"/acme/rocket/-/pipelines/{shown['pipeline']['id']}",
            "illustration": None,
            "favicon": "/assets/ci_favicons/favicon_status_success.png",
        },
    }


def test_it_can_be_unknown_for_a_while_whether_it_can_be_merged() -> None:
    api = Api({**world(), "gitlab": {"transitions": {"mergeability": {"after": "10s"}}}})
    made = open_mr(api)
    assert (made["merge_status"], made["detailed_merge_status"], made["has_conflicts"]) == (
        "checking",
        "checking",
        False,
    )
    api.server.advance("10s")
    assert api.get(f"{MR}/1").json["detailed_merge_status"] == "mergeable"
    push(api, "feature", "more", "x")
    assert api.get(f"{MR}/1").json["merge_status"] == "checking"


# Later


def test_a_draft_is_merged_as_soon_as_it_is_ready(api: Api) -> None:
    api.put(f"{MR}/1", "bob", title="Draft: x")
    waiting = merge(api, "ada", auto_merge=True, merge_when_pipeline_succeeds=True, squash=True)
    assert (waiting["state"], waiting["merge_when_pipeline_succeeds"]) == ("opened", True)
    assert (waiting["merge_user"]["username"], waiting["merged_by"]) == ("ada", None)
    done = api.put(f"{MR}/1", "bob", title="x").json
    assert (done["state"], done["merged_by"]["username"]) == ("merged", "ada")
    assert done["merge_when_pipeline_succeeds"] is True
    assert f"enabled an automatic merge when all merge checks for {done['sha']} pass" in remarks(api)


def test_the_last_thread_that_is_resolved_merges_what_waits_for_it() -> None:
    api = mr_api(OPENED, only_allow_merge_if_all_discussions_are_resolved=True)
    one, two = (api.post(f"{MR}/1/discussions", "rex", body=body).json["id"] for body in ("Why?", "How?"))
    merge(api, auto_merge=True, merge_when_pipeline_succeeds=True)
    api.put(f"{MR}/1/discussions/{one}", "bob", resolved=True)
    assert api.get(f"{MR}/1").json["state"] == "opened"
    api.put(f"{MR}/1/discussions/{two}", "bob", resolved=True)
    assert api.get(f"{MR}/1").json["state"] == "merged"
    assert "resolved all threads" in remarks(api)


def test_the_last_approval_merges_what_waits_for_it() -> None:
    api = mr_api(OPENED, approvals_before_merge=1)
    assert api.get(f"{MR}/1").json["detailed_merge_status"] == "not_approved"
    merge(api, auto_merge=True, merge_when_pipeline_succeeds=True)
    assert api.post(f"{MR}/1/approve", "ada").status == 201
    shown = api.get(f"{MR}/1").json
    assert (shown["state"], shown["merged_by"]["username"]) == ("merged", "bob")


def test_what_can_be_merged_already_waits_for_nothing(api: Api) -> None:
    assert api.put(f"{MR}/1/merge", "bob", merge_when_pipeline_succeeds=True).status == 405


def test_an_automatic_merge_can_be_cancelled(api: Api) -> None:
    api.put(f"{MR}/1", "bob", title="Draft: x")
    refused = api.post(f"{MR}/1/cancel_merge_when_pipeline_succeeds", "bob")
    assert (refused.status, refused.json) == (406, {"message": "Can't cancel the automatic merge"})
    merge(api, merge_when_pipeline_succeeds=True)
    assert api.post(f"{MR}/1/cancel_merge_when_pipeline_succeeds", "rex").status == 401
    cancelled = api.post(f"{MR}/1/cancel_merge_when_pipeline_succeeds", "bob")
    assert (cancelled.status, cancelled.json["merge_when_pipeline_succeeds"]) == (201, False)
    assert (cancelled.json["merge_user"], cancelled.json["should_remove_source_branch"]) == (None, None)
    assert remarks(api)[-1] == "canceled the automatic merge"


def test_nothing_is_left_to_cancel_of_what_is_merged_or_closed(api: Api) -> None:
    open_mr(api, source_branch="fix")
    merge(api)
    api.put(f"{MR}/2", "bob", state_event="close")
    cancelled = api.post(f"{MR}/1/cancel_merge_when_pipeline_succeeds", "bob")
    assert (cancelled.status, cancelled.json["state"]) == (201, "merged")
    refused = api.post(f"{MR}/2/cancel_merge_when_pipeline_succeeds", "bob")
    assert (refused.status, refused.json) == (406, {"message": "Can't cancel the automatic merge"})


def test_a_live_gitlab_answers_to_a_cancellation_with_its_outcome_alone() -> None:
    api = Api({**world({**OPENED, "title": "Draft: Launch"}), "gitlab": {"errors": "observed"}})
    failed = api.post(f"{MR}/1/cancel_merge_when_pipeline_succeeds", "bob")
    told = {"message": "Can't cancel the automatic merge", "status": "error", "http_status": 406}
    assert (failed.status, failed.json) == (201, told)
    merge(api, merge_when_pipeline_succeeds=True)
    done = api.post(f"{MR}/1/cancel_merge_when_pipeline_succeeds", "bob")
    assert (done.status, done.json) == (201, {"status": "success"})
    assert api.get(f"{MR}/1").json["merge_when_pipeline_succeeds"] is False


def test_closing_and_another_target_branch_abort_the_automatic_merge(api: Api) -> None:
    for change, why in (
        ({"state_event": "close"}, "merge request was closed"),
        ({"state_event": "reopen"}, ""),
        ({"target_branch": "same"}, "target branch was changed"),
    ):
        if why:
            api.put(f"{MR}/1", "bob", title="Draft: x")
            merge(api, merge_when_pipeline_succeeds=True, should_remove_source_branch=True)
        shown = api.put(f"{MR}/1", "bob", **change).json
        assert (shown["merge_when_pipeline_succeeds"], shown["should_remove_source_branch"]) == (False, None)
        assert not why or remarks(api)[-1] == f"aborted the automatic merge because {why}"


def test_what_falls_behind_a_linear_history_is_not_merged_automatically() -> None:
    api = mr_api({**OPENED, "title": "Draft: x"}, merge_method="ff")
    merge(api, "ada", merge_when_pipeline_succeeds=True)
    push(api, "main", "new", "x")
    assert api.get(f"{MR}/1").json["merge_when_pipeline_succeeds"] is False
    assert remarks(api)[-1] == "aborted the automatic merge because target branch was updated"
    [todo] = api.get("todos", "bob").json
    assert (todo["action_name"], todo["author"]["username"], todo["target"]["iid"]) == ("unmergeable", "bob", 1)


def test_what_a_merged_one_changed_before_is_forgotten(api: Api) -> None:
    push(api, "feature", "more", "x")
    merge(api)
    new, old = api.get(f"{MR}/1/versions").json
    assert (new["state"], old["state"]) == ("collected", "without_files")
    assert len(api.get(f"{MR}/1/versions/{new['id']}").json["diffs"]) == 3
    shown = api.get(f"{MR}/1/versions/{old['id']}").json
    assert (shown["diffs"], len(shown["commits"])) == ([], 2)


def test_a_push_aborts_the_automatic_merge(api: Api) -> None:
    api.put(f"{MR}/1", "bob", title="Draft: x")
    merge(api, merge_when_pipeline_succeeds=True)
    push(api, "feature", "more", "x")
    assert api.get(f"{MR}/1").json["merge_when_pipeline_succeeds"] is False
    assert remarks(api)[-1] == "aborted the automatic merge because source branch was updated"


# Rebasing


def test_rebasing_puts_the_commits_on_top_of_the_target_branch(api: Api) -> None:
    onto = push(api, "main", "new", "x")
    answer = api.put(f"{MR}/1/rebase", "ada")
    assert (answer.status, answer.json) == (202, {"rebase_in_progress": True})
    titles = [(one["title"], one["author_name"], one["committer_name"]) for one in commits(api, "feature")[:2]]
    assert titles == [("Land", "Bob Kahn", "Ada Lovelace"), ("Count", "Bob Kahn", "Ada Lovelace")]
    assert commits(api, "feature")[2]["id"] == onto
    shown = api.get(f"{MR}/1", include_rebase_in_progress=True, include_diverged_commits_count=True).json
    assert (shown["sha"], shown["diverged_commits_count"], shown["merge_error"]) == (sha(api, "feature"), 0, None)
    assert len(api.get(f"{MR}/1/versions").json) == 2


def test_what_is_on_top_of_the_target_branch_already_stays_as_it_is(api: Api) -> None:
    before = sha(api, "feature")
    assert api.put(f"{MR}/1/rebase", "ada").status == 202
    assert sha(api, "feature") == before
    assert len(api.get(f"{MR}/1/versions").json) == 1


@pytest.mark.parametrize(
    ("style", "told"),
    [
        ("documented", "Rebase failed. Please rebase locally"),
        ("observed", "Rebase failed: Rebase locally, resolve all conflicts, then push the branch."),
    ],
)
def test_a_rebase_that_fails_leaves_its_error(style: str, told: str) -> None:
    api = Api({**world({**OPENED, "source_branch": "clash"}), "gitlab": {"errors": style}})
    push(api, "main", "README.md", "# New\n", "update")
    assert api.put(f"{MR}/1/rebase", "bob").status == 202
    assert api.get(f"{MR}/1").json["merge_error"] == told


def test_who_may_not_push_to_the_source_branch_may_not_rebase(api: Api) -> None:
    refused = api.put(f"{MR}/1/rebase", "rex")
    assert (refused.status, refused.json) == (403, {"message": "403 Forbidden - Cannot push to source branch"})
    api.put("projects/1/repository/branches/feature/protect", "ada")
    assert api.put(f"{MR}/1/rebase", "ada").json == {
        "message": "403 Forbidden - Source branch is protected from force push"
    }
    api.delete("projects/1/repository/branches/feature", "ada")
    assert api.put(f"{MR}/1/rebase", "ada").json == {"message": "403 Forbidden - Source branch does not exist"}


def test_a_closed_merge_request_is_not_rebased(api: Api) -> None:
    api.put(f"{MR}/1", "bob", state_event="close")
    assert api.put(f"{MR}/1/rebase", "bob").status == 409


# Trying


def test_the_merge_ref_is_what_merging_would_give(api: Api) -> None:
    shown = api.get(f"{MR}/1/merge_ref").json
    commit = api.get(f"projects/1/repository/commits/{shown['commit_id']}").json
    assert commit["parent_ids"] == [sha(api), sha(api, "feature")]
    assert api.get(f"{MR}/1/merge_ref").json == shown
    push(api, "main", "new", "x")
    assert api.get(f"{MR}/1/merge_ref").json != shown


def test_there_is_no_merge_ref_of_what_cannot_be_merged(api: Api) -> None:
    api.put(f"{MR}/1", "bob", state_event="close")
    refused = api.get(f"{MR}/1/merge_ref")
    assert (refused.status, refused.json) == (400, {"message": "Merge request is not mergeable"})


# By hand


def test_what_is_pushed_into_the_target_branch_by_hand_is_merged(api: Api) -> None:
    api.post("projects/1/repository/branches", "bob", branch="again", ref="main")
    open_mr(api, source_branch="feature", target_branch="again", title="Again")
    api.post("projects/1/merge_requests", "bob", title="Back", source_branch="again", target_branch="fix")
    merge(api, iid=2)
    assert api.get(f"{MR}/1").json["state"] == "opened"
    open_mr(api, source_branch="again", title="On")
    merged = merge(api, iid=4)
    shown = api.get(f"{MR}/1").json
    assert (shown["state"], shown["merged_by"]["username"]) == ("merged", "bob")
    assert shown["merge_commit_sha"] != merged["merge_commit_sha"]


def test_what_is_to_be_merged_after_a_time_waits_for_it() -> None:
    api = Api({**world(OPENED), "gitlab": {"version": "17.8.0"}})
    shown = api.put(f"{MR}/1", "bob", merge_after="2024-05-01T10:00:00Z").json
    assert (shown["merge_after"], shown["detailed_merge_status"]) == ("2024-05-01T10:00:00.000Z", "merge_time")
    assert api.put(f"{MR}/1/merge", "bob").status == 405
    api.server.advance("1h")
    assert merge(api)["state"] == "merged"
    assert "merge_after" not in mr_api(OPENED).get(f"{MR}/1").json
