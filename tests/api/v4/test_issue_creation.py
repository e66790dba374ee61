from typing import Any

import pytest

from tests.issue_world import issue_api, remarks, world
from tests.support import Api, names

pytestmark = pytest.mark.mockgitlab(scenario=world())


def create(api: Api, as_: str = "bob", project: Any = 1, **given: Any) -> Any:
    answer = api.post(f"projects/{project}/issues", as_, **given)
    assert answer.status == 201, answer
    return answer.json


def test_a_title_is_enough(api: Api) -> None:
    made = create(api, title="  It explodes ")
    assert (made["iid"], made["id"], made["title"], made["state"]) == (6, 10008, "It explodes", "opened")
    assert (made["author"]["username"], made["description"], made["labels"]) == ("bob", None, [])
    assert made["subscribed"] is True
    assert api.get("projects/1/issues/6", "bob").json == made


def test_everything_can_be_given_at_once(api: Api) -> None:
    made = create(
        api,
        title="Fix it",
        description="- [ ] soon",
        assignee_ids=[2, 3],
        milestone_id=10002,
        labels="bug,ui",
        due_date="2024-09-20",
        confidential=True,
        discussion_locked=True,
        issue_type="task",
        weight=8,
    )
    assert [one["username"] for one in made["assignees"]] == ["ada", "bob"]
    assert (made["milestone"]["title"], made["labels"], made["due_date"]) == ("1.0", ["bug", "ui"], "2024-09-20")
    assert (made["confidential"], made["discussion_locked"], made["weight"]) == (True, True, 8)
    assert (made["issue_type"], made["web_url"]) == ("task", "http://localhost/acme/rocket/-/work_items/6")
    assert made["task_completion_status"] == {"count": 1, "completed_count": 0}


def test_unknown_labels_are_created_on_the_fly(api: Api) -> None:
    made = create(api, title="x", labels=["new, bug", " other "], add_labels="ui", remove_labels="bug")
    assert made["labels"] == ["new", "other", "ui"]
    label = api.get("projects/1/labels/new").json
    assert (label["color"], label["is_project_label"]) == ("#6699cc", True)


def test_a_label_of_the_group_is_taken_before_a_new_one_is_made(api: Api) -> None:
    group_label = api.post("groups/1/labels", "ada", name="shared", color="red").json
    create(api, title="x", labels="shared")
    assert (
        names(api.get("projects/1/issues", "bob", labels="shared", with_labels_details=True), "labels")[0][0]["id"]
        == (group_label["id"])
    )


def test_a_guest_labels_with_what_there_is(api: Api) -> None:
    made = create(api, "gil", title="x", labels="bug,new", assignee_ids="3", milestone_id=10002, weight=1)
    assert (made["labels"], made["weight"]) == (["bug"], 1)
    assert (made["assignee"]["username"], made["milestone"]["title"]) == ("bob", "1.0")


def test_an_outsider_plans_nothing(api: Api) -> None:
    given = {"labels": "bug", "assignee_ids": [6], "due_date": "2024-09-20", "weight": 1, "discussion_locked": True}
    made = create(api, "nora", 2, title="x", confidential=True, issue_type="incident", **given)
    assert (made["labels"], made["assignees"], made["due_date"], made["weight"]) == ([], [], None, None)
    assert (made["discussion_locked"], made["confidential"], made["issue_type"]) == (None, True, "issue")


def test_who_cannot_see_the_project_is_not_assigned(api: Api) -> None:
    assert create(api, title="x", assignee_ids=[6, 99, 3])["assignee"]["username"] == "bob"
    assert create(api, title="x", assignee_ids="")["assignees"] == []
    assert create(api, title="x", assignee_id=4)["assignee"]["username"] == "rex"
    assert create(api, title="x", assignee_ids=[0])["assignees"] == []


def test_the_community_edition_keeps_one_assignee_and_no_weight() -> None:
    made = create(issue_api(gitlab={"edition": "ce"}), title="x", assignee_ids=[2, 3], weight=1)
    assert [one["username"] for one in made["assignees"]] == ["ada"]
    assert "weight" not in made


def test_a_milestone_of_elsewhere_is_no_milestone(api: Api) -> None:
    other = api.post("projects/2/milestones", title="theirs").json["id"]
    for milestone_id in (other, 0, 99):
        assert create(api, title="x", milestone_id=milestone_id)["milestone"] is None


def test_an_unreadable_due_date_is_none(api: Api) -> None:
    assert create(api, title="x", due_date="soon")["due_date"] is None


def test_owners_number_and_date_issues(api: Api) -> None:
    made = create(api, "ada", title="x", iid=20, created_at="2024-01-02T03:04:05Z", labels="bug", milestone_id=10002)
    assert (made["iid"], made["created_at"]) == (20, "2024-01-02T03:04:05.000Z")
    assert create(api, title="y")["iid"] == 21
    events = api.get("projects/1/issues/20/resource_label_events").json
    assert [event["created_at"] for event in events] == ["2024-01-02T03:04:05.000Z"]
    taken = api.post("projects/1/issues", "ada", title="z", iid=20)
    assert (taken.status, taken.json) == (409, {"message": "Duplicated issue"})
    ignored = create(api, "bob", title="z", iid=50, created_at="2024-01-02T03:04:05Z")
    assert (ignored["iid"], ignored["created_at"]) == (22, "2024-05-01T09:00:00.000Z")


def test_numbers_are_not_given_twice(api: Api) -> None:
    create(api, title="x")
    api.delete("projects/1/issues/6")
    assert create(api, title="y")["iid"] == 7


@pytest.mark.parametrize(
    ("given", "documented", "observed"),
    [
        ({}, {"message": '400 (Bad request) "title" not given'}, {"error": "title is missing"}),
        ({"title": ""}, {"message": {"title": ["can't be blank"]}}, {"message": {"title": ["can't be blank"]}}),
        ({"title": "  "}, {"message": {"title": ["can't be blank"]}}, {"message": {"title": ["can't be blank"]}}),
        (
            {"title": "x" * 256},
            {"message": {"title": ["is too long (maximum is 255 characters)"]}},
            {"message": {"title": ["is too long (maximum is 255 characters)"]}},
        ),
        ({"title": "x", "confidential": ""}, {"error": "confidential is empty"}, {"error": "confidential is empty"}),
        (
            {"title": "x", "confidential": "maybe"},
            {"error": "confidential is invalid"},
            {"error": "confidential is invalid"},
        ),
        (
            {"title": "x", "issue_type": "epic"},
            {"error": "issue_type does not have a valid value"},
            {"error": "issue_type does not have a valid value"},
        ),
        (
            {"title": "x", "milestone_id": "y"},
            {"error": "milestone_id is invalid"},
            {"error": "milestone_id is invalid"},
        ),
    ],
)
def test_a_faulty_issue_is_refused(given: dict[str, Any], documented: Any, observed: Any) -> None:
    for style, body in (("documented", documented), ("observed", observed)):
        answer = issue_api(gitlab={"errors": style}).post("projects/1/issues", "bob", **given)
        assert (answer.status, answer.json) == (400, body)


def test_a_description_has_a_limit(api: Api) -> None:
    answer = api.post("projects/1/issues", "bob", title="x", description="y" * 1_048_577)
    assert answer.json == {"message": {"description": ["is too long (maximum is 1048576 characters)"]}}


def test_who_may_create_issues(api: Api) -> None:
    assert api.post("projects/1/issues", None, title="x").status == 401
    assert api.post("projects/1/issues", "nora", title="x").status == 404
    create(api, "nora", 2, title="x")
    for project in ({"issues_access_level": "private"}, {"issues_access_level": "disabled"}, {"archived": True}):
        answer = issue_api(source=project).post("projects/2/issues", "nora", title="x")
        assert (answer.status, answer.json) == (403, {"message": "403 Forbidden"})


# What it causes


def test_a_new_issue_is_an_event_and_moves_the_project_on(api: Api) -> None:
    from datetime import timedelta

    api.store.advance_clock(timedelta(hours=1))
    create(api, title="x")
    event = api.get("projects/1/events").json[0]
    assert (event["action_name"], event["target_type"], event["target_title"]) == ("opened", "Issue", "x")
    assert api.get("projects/1").json["last_activity_at"] == "2024-05-01T10:00:00.000Z"


def test_a_new_issue_records_its_labels_and_its_milestone(api: Api) -> None:
    create(api, title="x", labels="bug,ui", milestone_id=10002)
    labels = api.get("projects/1/issues/6/resource_label_events").json
    assert [(one["action"], one["label"]["name"]) for one in labels] == [("add", "bug"), ("add", "ui")]
    milestones = api.get("projects/1/issues/6/resource_milestone_events").json
    assert [(one["action"], one["milestone"]["title"]) for one in milestones] == [("add", "1.0")]


def test_a_new_issue_is_remarked_on(api: Api) -> None:
    create(api, title="x", assignee_ids=[2, 3, 4], due_date="2024-09-20")
    assert remarks(api, 6) == ["changed due date to September 20, 2024", "assigned to @ada, @bob, and @rex"]


def test_a_new_issue_asks_whom_it_is_for_and_whom_it_mentions(api: Api) -> None:
    create(api, title="x", assignee_ids=[2], description="@rex have a look, as will @gil and @nora")
    found = {who: [one["action_name"] for one in api.get("todos", who).json] for who in ("ada", "rex", "gil", "nora")}
    assert found == {"ada": ["assigned"], "rex": ["directly_addressed"], "gil": ["mentioned"], "nora": []}
    todo = api.get("todos", "rex").json[0]
    assert (todo["target"]["iid"], todo["author"]["username"]) == (6, "bob")


def test_a_confidential_issue_asks_only_those_who_see_it(api: Api) -> None:
    create(api, title="x", confidential=True, description="@rex @gil")
    assert [len(api.get("todos", who).json) for who in ("rex", "gil")] == [1, 0]


def test_issues_referred_to_are_told_of_it_once(api: Api) -> None:
    create(api, title="see #1", description="after #1, acme/rocket#2, open/source#1 and #99, not `#5`")
    assert remarks(api, 1) == ["mentioned in issue #6"]
    assert remarks(api, 2) == ["mentioned in issue #6"]
    assert remarks(api, 1, project=2) == ["mentioned in issue acme/rocket#6"]
    assert remarks(api, 5) == []
    api.put("projects/1/issues/6", "bob", description="still after #1")
    assert remarks(api, 1) == ["mentioned in issue #6"]


def test_quick_actions_in_the_description_are_carried_out(api: Api) -> None:
    made = create(api, title="x", description="It leaks\n/label ~bug\n/assign @ada\n/estimate 2h  ")
    assert (made["description"], made["labels"], made["assignee"]["username"]) == ("It leaks", ["bug"], "ada")
    assert made["time_stats"]["human_time_estimate"] == "2h"
    assert create(api, title="y", description="either/or \n")["description"] == "either/or \n"
