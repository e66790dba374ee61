from typing import Any

import pytest

from tests.api.v4.repositories import sha
from tests.merge_request_world import MR, OPENED, mr_api, open_mr, remarks, usernames, world
from tests.support import Api, names

NEW = {"title": "x", "source_branch": "fix", "target_branch": "main"}
pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED))


def change(api: Api, as_: str = "bob", iid: int = 1, **given: Any) -> Any:
    answer = api.put(f"{MR}/{iid}", as_, **given)
    assert answer.status == 200, answer
    return answer.json


# Opening


def test_everything_can_be_given_at_once(api: Api) -> None:
    made = open_mr(
        api,
        source_branch="fix",
        title="  Mend it ",
        description="- [x] look\n- [ ] mend",
        assignee_ids=[2, 3],
        reviewer_ids=[1, 4],
        labels="bug,new",
        milestone_id=10001,
        remove_source_branch=True,
        squash=True,
        approvals_before_merge=2,
    )
    assert (made["iid"], made["title"], made["labels"]) == (2, "Mend it", ["bug", "new"])
    assert (usernames(made["assignees"]), usernames(made["reviewers"])) == (["ada", "bob"], ["root", "rex"])
    assert (made["assignee"]["username"], made["milestone"]["title"]) == ("ada", "1.0")
    assert made["task_completion_status"] == {"count": 2, "completed_count": 1}
    assert (made["force_remove_source_branch"], made["should_remove_source_branch"]) == (True, None)
    assert (made["squash"], made["squash_on_merge"], made["approvals_before_merge"]) == (True, True, 2)


def test_the_community_edition_takes_one_assignee_and_knows_no_approvals() -> None:
    api = Api({**world(), "gitlab": {"edition": "ce"}})
    made = open_mr(api, assignee_ids=[2, 3], reviewer_ids=[3, 2])
    assert (usernames(made["assignees"]), usernames(made["reviewers"])) == (["ada"], ["bob"])
    assert "approvals_before_merge" not in made


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        ({"title": " "}, 400, {"title": ["can't be blank"]}),
        ({"title": "x" * 256}, 400, {"title": ["is too long (maximum is 255 characters)"]}),
        ({"source_branch": "a b"}, 400, {"source_branch": ["is invalid"]}),
        ({"target_branch": ""}, 400, {"target_branch": ["can't be blank", "is invalid"]}),
        ({"source_branch": "main"}, 422, ["You can't use same project/branch for source and target"]),
        (
            {"source_branch": "feature"},
            409,
            ["Another open merge request already exists for this source branch: !1"],
        ),
        ({"target_project_id": 99}, 404, "404 Not found"),
        ({"target_project_id": 3}, 403, "403 Forbidden"),
        ({"target_project_id": 2}, 422, ["Source project is not a fork of the target project"]),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_cannot_be_opened_is_refused(api: Api, given: dict[str, Any], status: int, told: Any) -> None:
    refused = api.post(MR, "bob", **{**NEW, **given})
    assert (refused.status, refused.json) == (status, {"message": told})
    assert names(api.get(MR), "iid") == [1]


@pytest.mark.parametrize("name", ["title", "source_branch", "target_branch"])
def test_title_and_branches_are_needed(api: Api, name: str) -> None:
    assert api.post(MR, "bob", **{key: value for key, value in NEW.items() if key != name}).status == 400


def test_only_developers_open_merge_requests_from_a_project(api: Api) -> None:
    assert [api.post(MR, who, **NEW).status for who in ("rex", "gil", "nora", None)] == [403, 403, 404, 401]


def test_a_fork_opens_one_in_a_project_that_its_owner_only_sees(api: Api) -> None:
    made = open_mr(api, "nora", 4, source_branch="patch", target_project_id=2, labels="x", assignee_ids=[6])
    assert (made["labels"], made["assignees"], made["allow_collaboration"]) == ([], [], False)
    assert api.put("projects/2/merge_requests/1/merge", "nora").status == 401
    assert api.put("projects/2/merge_requests/1/merge", "root").json["state"] == "merged"
    assert api.get("projects/2/repository/files/patch.txt", ref="main").status == 200


def test_who_may_merge_is_let_into_branches_of_public_forks_that_are_not_protected() -> None:
    made = world()
    made["projects"][3]["visibility"] = "public"
    api = Api(made)

    def allowed() -> tuple[Any, Any]:
        shown = api.get("projects/2/merge_requests/1").json
        return shown["allow_collaboration"], shown["allow_maintainer_to_push"]

    open_mr(api, "nora", 4, source_branch="patch", target_project_id=2, allow_maintainer_to_push=True)
    assert allowed() == (True, True)
    api.put("projects/4/repository/branches/patch/protect", "nora")
    assert allowed() == (False, False)
    api.delete("projects/4/repository/branches/patch/protect", "nora")
    api.put("projects/2/merge_requests/1", "nora", allow_collaboration=False)
    api.put("projects/2/merge_requests/1", "ada", allow_collaboration=True)
    assert allowed() == (False, False)
    api.put("projects/4", "nora", visibility="private")
    api.put("projects/2/merge_requests/1", "nora", allow_collaboration=True)
    assert allowed() == (False, False)


def test_only_who_pushes_to_the_source_says_that_its_branch_is_removed() -> None:
    api = mr_api({**OPENED, "author": "rex"})
    assert change(api, "rex", title="Mine", remove_source_branch=True)["force_remove_source_branch"] is None
    assert change(api, "bob", remove_source_branch=True)["force_remove_source_branch"] is True


def test_a_fork_that_is_deleted_leaves_its_merge_requests_closed() -> None:
    api = Api({**world(), "gitlab": {"edition": "ce"}})
    open_mr(api, "nora", 4, source_branch="patch", target_project_id=2)
    assert api.delete("projects/4", "nora").status == 202
    shown = api.get("projects/2/merge_requests/1").json
    assert (shown["source_project_id"], shown["state"], shown["closed_by"]["username"]) == (None, "closed", "nora")
    assert len(api.get("projects/2/merge_requests/1/commits").json) == 1
    assert names(api.get("projects/2/merge_requests/1/resource_state_events"), "state") == ["closed"]
    api.put("projects/2/merge_requests/1", "root", title="Still")
    assert api.get("projects/2/merge_requests/1").json["title"] == "Still"


def test_a_fork_that_is_none_any_more_closes_what_was_to_be_merged(api: Api) -> None:
    open_mr(api, "nora", 4, source_branch="patch", target_project_id=2)
    open_mr(api, "nora", 4, source_branch="patch", target_branch="main", title="Own")
    assert api.delete("projects/4/fork", "nora").status == 204
    assert api.get("projects/2/merge_requests/1").json["state"] == "closed"
    assert api.get("projects/4/merge_requests/1").json["state"] == "opened"


# Changing


def test_it_is_closed_and_opened_again(api: Api) -> None:
    closed = change(api, state_event="close")
    assert (closed["state"], closed["closed_by"]["username"]) == ("closed", "bob")
    assert closed["closed_at"] == "2024-05-01T09:00:00.000Z"
    opened = change(api, state_event="reopen")
    assert (opened["state"], opened["closed_by"], opened["closed_at"]) == ("opened", None, None)
    states = names(api.get(f"{MR}/1/resource_state_events"), "state")
    assert states == ["closed", "reopened"]
    actions = names(api.get("projects/1/events", target_type="merge_request"), "action_name")
    assert actions == ["opened", "closed"]


def test_it_is_not_opened_again_while_another_one_is(api: Api) -> None:
    change(api, state_event="close")
    open_mr(api)
    refused = api.put(f"{MR}/1", "bob", state_event="reopen")
    told = ["Another open merge request already exists for this source branch: !2"]
    assert (refused.status, refused.json) == (409, {"message": told})
    assert api.get(f"{MR}/1").json["state"] == "closed"


def test_what_is_closed_and_locked_is_not_opened_again(api: Api) -> None:
    change(api, state_event="close", discussion_locked=True)
    assert change(api, "ada", state_event="reopen")["state"] == "closed"
    change(api, discussion_locked=False)
    assert change(api, state_event="reopen")["state"] == "opened"


def test_what_changes_is_remarked(api: Api) -> None:
    change(api, title="Launch now", description="So", target_branch="fix", discussion_locked=True)
    change(api, assignee_id=2, reviewer_ids=[4], labels="bug", milestone_id=10001)
    change(api, assignee_ids=[0], reviewer_ids="2", title="Draft: Launch now")
    assert remarks(api) == [
        "changed title from **Launch** to **Launch{+ now+}**",
        "changed the description",
        "changed target branch from `main` to `fix`",
        "locked the discussion in this merge request",
        "assigned to @ada",
        "requested review from @rex",
        "marked this merge request as **draft**",
        "unassigned @ada",
        "requested review from @ada and removed review request for @rex",
    ]
    events = api.get(f"{MR}/1/resource_label_events").json
    assert [(one["action"], one["label"]["name"], one["resource_type"]) for one in events] == [
        ("add", "bug", "MergeRequest")
    ]
    assert names(api.get(f"{MR}/1/resource_milestone_events"), "action") == ["add"]


def test_a_target_branch_that_is_not_there_leaves_the_version(api: Api) -> None:
    shown = change(api, target_branch="nowhere")
    assert (shown["target_branch"], shown["changes_count"], shown["merge_status"]) == (
        "nowhere",
        "2",
        "cannot_be_merged",
    )
    assert len(api.get(f"{MR}/1/versions").json) == 1


def test_a_closed_one_shows_its_new_target_branch_once_it_is_opened_again(api: Api) -> None:
    change(api, state_event="close")
    assert change(api, target_branch="fix")["target_branch"] == "fix"
    assert len(api.get(f"{MR}/1/versions").json) == 1
    assert change(api, state_event="reopen")["diff_refs"]["start_sha"] == sha(api, "fix")


def test_another_target_branch_makes_another_version(api: Api) -> None:
    shown = change(api, target_branch="fix")
    assert shown["diff_refs"]["start_sha"] == sha(api, "fix")
    assert len(api.get(f"{MR}/1/versions").json) == 2
    assert api.put(f"{MR}/1", "bob", target_branch="feature").status == 422
    assert api.put(f"{MR}/1", "bob", target_branch="a b").json == {"message": {"target_branch": ["is invalid"]}}


@pytest.mark.parametrize("given", [{}, {"merge": True}, {"title": ""}, {"target_branch": ""}, {"state_event": "merge"}])
def test_a_change_must_change_something_that_can_be(api: Api, given: dict[str, Any]) -> None:
    assert api.put(f"{MR}/1", "bob", **given).status == 400


def test_labels_are_added_and_removed(api: Api) -> None:
    assert change(api, labels="bug")["labels"] == ["bug"]
    assert change(api, add_labels="ui,fresh", remove_labels="bug")["labels"] == ["fresh", "ui"]
    assert change(api, labels="")["labels"] == []


def test_settings_for_the_merge_are_kept(api: Api) -> None:
    shown = change(api, squash=True, remove_source_branch=True, allow_maintainer_to_push=True)
    assert (shown["squash"], shown["force_remove_source_branch"]) == (True, True)
    assert change(api, remove_source_branch=False)["force_remove_source_branch"] is False


def test_authors_and_assignees_change_what_is_theirs_and_do_not_plan() -> None:
    api = mr_api({**OPENED, "author": "rex"}, {**NEW, "assignees": ["rex"]})
    assert change(api, "rex", title="Mine", labels="bug")["labels"] == []
    assert api.get(f"{MR}/1").json["title"] == "Mine"
    assert change(api, "rex", 2, description="Ours")["description"] == "Ours"
    api.put(f"{MR}/2", "bob", assignee_ids=[])
    assert api.put(f"{MR}/2", "rex", title="Not mine").status == 403


# What follows


def test_people_get_something_to_do(api: Api) -> None:
    open_mr(api, source_branch="fix", assignee_ids=[2], reviewer_ids=[4], description="@root look\n\n@gil cannot")
    for who, action in (("ada", "assigned"), ("rex", "review_requested"), ("root", "directly_addressed")):
        [todo] = api.get("todos", who).json
        assert (todo["action_name"], todo["target_type"], todo["target"]["iid"]) == (action, "MergeRequest", 2)
        assert todo["target_url"] == "http://localhost/acme/rocket/-/merge_requests/2"
        assert (todo["body"], todo["author"]["username"]) == ("Launch", "bob")
    assert api.get("todos", "gil").json == []
    api.put(f"{MR}/2/merge", "ada")
    assert (api.get("todos", "ada").json, len(api.get("todos", "rex").json)) == ([], 1)


def test_a_to_do_item_can_be_made_once(api: Api) -> None:
    made = api.post(f"{MR}/1/todo", "rex")
    assert (made.status, made.json["action_name"], made.json["target"]["title"]) == (201, "marked", "Launch")
    assert api.post(f"{MR}/1/todo", "rex").status == 304


def test_one_asks_for_notifications_and_takes_it_back(api: Api) -> None:
    assert api.post(f"{MR}/1/subscribe", "rex").json["subscribed"] is True
    assert api.post(f"{MR}/1/subscribe", "rex").status == 304
    assert api.post(f"{MR}/1/unsubscribe", "rex").json["subscribed"] is False
    assert api.post(f"{MR}/1/unsubscribe", "rex").status == 304


def test_time_is_tracked_by_developers(api: Api) -> None:
    assert api.post(f"{MR}/1/time_estimate", "rex", duration="1h").status == 403
    assert api.post(f"{MR}/1/time_estimate", "bob", duration="2h").json["human_time_estimate"] == "2h"
    assert api.post(f"{MR}/1/add_spent_time", "bob", duration="30m").json["total_time_spent"] == 1800
    assert api.get(f"{MR}/1/time_stats").json == api.get(f"{MR}/1").json["time_stats"]
    assert api.post(f"{MR}/1/reset_spent_time", "bob").json["total_time_spent"] == 0
    assert api.post(f"{MR}/1/reset_time_estimate", "bob").json["time_estimate"] == 0
    assert remarks(api)[0] == "added time estimate of 2h"


def test_comments_threads_and_reactions_work_as_with_issues(api: Api) -> None:
    note = api.post(f"{MR}/1/notes", "rex", body="See #1").json
    assert (note["noteable_type"], note["noteable_iid"]) == ("MergeRequest", 1)
    thread = api.post(f"{MR}/1/discussions", "rex", body="Why?").json
    assert thread["notes"][0]["resolvable"] is True
    api.post(f"{MR}/1/award_emoji", "rex", name="thumbsup")
    shown = api.get(f"{MR}/1").json
    assert (shown["user_notes_count"], shown["upvotes"]) == (2, 1)
    issue = api.get("projects/1/issues/1/notes").json
    assert [one["body"] for one in issue] == ["mentioned in merge request !1"]
    assert usernames(api.get(f"{MR}/1/participants").json) == ["bob", "rex"]


def test_reviewers_are_listed_with_how_far_they_are(api: Api) -> None:
    change(api, reviewer_ids=[4, 2])
    reviewers = api.get(f"{MR}/1/reviewers").json
    assert [(one["user"]["username"], one["state"]) for one in reviewers] == [
        ("rex", "unreviewed"),
        ("ada", "unreviewed"),
    ]
    assert reviewers[0]["created_at"] == "2024-05-01T09:00:00.000Z"
    change(api, reviewer_ids=[2])
    assert usernames([one["user"] for one in api.get(f"{MR}/1/reviewers").json]) == ["ada"]


def test_mentions_of_merge_requests_are_remarked(api: Api) -> None:
    api.post("projects/1/issues", "bob", title="After !1")
    open_mr(api, source_branch="fix", description="As acme/rocket!1 and #1")
    assert remarks(api) == ["mentioned in issue #4", "mentioned in merge request !2"]
    notes = api.get("projects/1/issues/1/notes").json
    assert [one["body"] for one in notes] == ["mentioned in merge request !2"]


def test_a_scenario_has_to_do_items_and_events_of_merge_requests() -> None:
    about = {"merge_request": 1}
    api = mr_api(
        OPENED,
        todos=[{"user": "ada", "action_name": "assigned", **about}],
        events=[{"author": "bob", "action": "merged", **about}],
    )
    assert api.get("todos", "ada").json[0]["target"]["title"] == "Launch"
    [event] = api.get("projects/1/events").json
    assert (event["action_name"], event["target_type"], event["target_title"]) == ("accepted", "MergeRequest", "Launch")


def test_the_account_of_an_author_leaves_the_merge_request_to_the_ghost() -> None:
    api = mr_api({**OPENED, "author": "rex", "assignees": ["rex"], "reviewers": ["rex"]})
    api.delete("users/4", "root")
    shown = api.get(f"{MR}/1").json
    assert (shown["author"]["username"], shown["assignees"], shown["reviewers"]) == ("ghost", [], [])
    assert api.get(f"{MR}/1/reviewers").json == []


def test_deleted_labels_and_milestones_leave_merge_requests(api: Api) -> None:
    change(api, labels="bug", milestone_id=10001)
    api.delete("projects/1/labels/bug", "ada")
    api.delete("projects/1/milestones/10001", "ada")
    shown = api.get(f"{MR}/1").json
    assert (shown["labels"], shown["milestone"]) == ([], None)
    assert names(api.get(f"{MR}/1/resource_milestone_events"), "action") == ["add", "remove"]
