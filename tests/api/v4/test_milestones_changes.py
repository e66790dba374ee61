from typing import Any

import pytest

from tests.api.v4.planning import id_of, milestone
from tests.support import Api, names

# Creating


def test_a_milestone_is_created_and_leaves_an_event(api: Api) -> None:
    given = {"description": "First", "start_date": "2024-05-01", "due_date": "2024-06-01"}
    answer = api.post("projects/1/milestones", "rex", title=" <b>1.0</b> ", **given)
    assert (answer.status, answer.json) == (201, milestone(answer.json["id"], 1, "1.0", **given))
    event = api.get("projects/1/events", "rex", target_type="milestone").json[0]
    assert (event["action_name"], event["target_iid"], event["target_title"]) == ("opened", 1, "1.0")
    assert api.post("projects/1/milestones", title="2.0").json["iid"] == 2


def test_milestones_are_changed_from_reporter_on(planned: Api) -> None:
    path = f"projects/1/milestones/{id_of(planned, '1.0')}"
    for answer in (
        planned.post("projects/1/milestones", "gil", title="x"),
        planned.put(path, "gil", title="x"),
        planned.put("projects/1/milestones/1", "gil", title="x"),
        planned.delete(path, "gil"),
        planned.post(f"{path}/promote", "gil"),
    ):
        assert (answer.status, answer.json) == (403, {"message": "403 Forbidden"})


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"title": ""}, '{:title=>["can\'t be blank"]}'),
        ({"title": "<br>"}, '{:title=>["can\'t be blank"]}'),
        ({"title": "x" * 256}, '{:title=>["is too long (maximum is 255 characters)"]}'),
        ({"title": "Later"}, '{:title=>["already being used for another group or project milestone."]}'),
        ({"title": "Year"}, '{:title=>["already being used for another group or project milestone."]}'),
        (
            {"title": "x", "start_date": "2024-05-01", "due_date": "2024-05-01"},
            '{:due_date=>["must be greater than start date"]}',
        ),
        ({"title": "x", "due_date": "10000-01-01"}, '{:due_date=>["date must not be after 9999-12-31"]}'),
        ({"title": "x", "start_date": "10000-01-01"}, '{:start_date=>["date must not be after 9999-12-31"]}'),
    ],
)
def test_milestones_are_validated(planned: Api, given: dict[str, str], errors: str) -> None:
    answer = planned.post("projects/1/milestones", **given)
    assert (answer.status, answer.json) == (400, {"message": f"Failed to create milestone {errors}"})


def test_a_title_is_required(observing: Api) -> None:
    assert observing.post("projects/1/milestones").json == {"error": "title is missing"}


def test_what_is_no_date_becomes_none(api: Api) -> None:
    assert api.post("projects/1/milestones", title="x", due_date="soon").json["due_date"] is None


# Changing


def test_a_milestone_is_changed(planned: Api) -> None:
    path = f"projects/1/milestones/{id_of(planned, '1.0')}"
    planned.store.set_clock("2024-05-02T00:00:00Z")
    answer = planned.put(path, "rex", title="1.1", description="", due_date="")
    assert answer.status == 200
    changed = {key: answer.json[key] for key in ("title", "description", "due_date", "start_date", "updated_at")}
    assert changed == {
        "title": "1.1",
        "description": "",
        "due_date": None,
        "start_date": "2024-04-01",
        "updated_at": "2024-05-02T00:00:00.000Z",
    }
    assert planned.get("projects/1/issues/1").json["milestone"]["title"] == "1.1"


def test_an_empty_title_changes_nothing(planned: Api) -> None:
    path = f"projects/1/milestones/{id_of(planned, '1.0')}"
    before = planned.get(path).json
    planned.store.set_clock("2024-05-02T00:00:00Z")
    assert planned.put(path, title="").json == before


@pytest.mark.parametrize(
    ("given", "body"),
    [
        (
            {},
            {
                "error": "title, description, start_date, due_date, state_event are missing, "
                "at least one parameter must be provided"
            },
        ),
        ({"state_event": "open"}, {"error": "state_event does not have a valid value"}),
        (
            {"due_date": "2024-04-01"},
            {"message": 'Failed to update milestone {:due_date=>["must be greater than start date"]}'},
        ),
        (
            {"title": "Year"},
            {
                "message": "Failed to update milestone "
                '{:title=>["already being used for another group or project milestone."]}'
            },
        ),
    ],
)
def test_changes_of_milestones_are_validated(planned: Api, given: dict[str, str], body: Any) -> None:
    answer = planned.put(f"projects/1/milestones/{id_of(planned, '1.0')}", **given)
    assert (answer.status, answer.json) == (400, body)


def test_a_milestone_is_closed_and_activated_each_once(planned: Api) -> None:
    path = f"projects/1/milestones/{id_of(planned, '1.0')}"
    for state_event, state in (
        ("close", "closed"),
        ("close", "closed"),
        ("activate", "active"),
        ("activate", "active"),
    ):
        assert planned.put(path, "bob", state_event=state_event).json["state"] == state
    events = planned.get("projects/1/events", target_type="milestone").json
    assert [(event["action_name"], event["author_username"]) for event in events] == [
        ("opened", "bob"),
        ("closed", "bob"),
    ]
    assert len(planned.get("projects/1/events", action="reopened").json) == 1


# Deleting


def test_a_deleted_milestone_is_taken_off_its_issues(planned: Api) -> None:
    id = id_of(planned, "1.0")
    planned.put(f"projects/1/milestones/{id}", state_event="close")
    planned.store.set_clock("2024-05-02T00:00:00Z")
    answer = planned.delete(f"projects/1/milestones/{id}", "rex")
    assert (answer.status, answer.text) == (204, "")
    issue = planned.get("projects/1/issues/1").json
    assert (issue["milestone"], issue["updated_at"]) == (None, "2024-05-02T00:00:00.000Z")
    change = planned.get("projects/1/issues/1/resource_milestone_events").json[-1]
    assert (change["action"], change["milestone"], change["user"]["username"]) == ("remove", None, "rex")
    assert planned.delete(f"projects/1/milestones/{id}").json == {"message": "404 Not found"}


def test_events_of_a_deleted_milestone_stay_without_it(planned: Api) -> None:
    id = id_of(planned, "1.0")
    planned.put(f"projects/1/milestones/{id}", state_event="close")
    planned.delete(f"projects/1/milestones/{id}")
    events = planned.get("projects/1/events", target_type="milestone").json
    keys = ("action_name", "target_id", "target_iid", "target_type", "target_title")
    assert [tuple(event[key] for key in keys) for event in events] == [
        ("destroyed", None, None, "Milestone", None),
        ("closed", None, None, "Milestone", None),
    ]


def test_deleting_a_milestone_knows_no_condition(planned: Api) -> None:
    headers = {"If-Unmodified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"}
    path = f"projects/1/milestones/{id_of(planned, '1.0')}"
    assert planned.request("DELETE", path, headers=headers).status == 204


# Promoting


def test_a_promoted_milestone_takes_the_place_of_its_namesakes(planned: Api) -> None:
    planned.post("projects", name="second", namespace_id=1)
    second = planned.get("projects/acme%2Fsecond").json["id"]
    namesake = planned.post(f"projects/{second}/milestones", title="1.0").json["id"]
    planned.post(f"projects/{second}/issues", title="Elsewhere", milestone_id=namesake)
    id = id_of(planned, "1.0")
    answer = planned.post(f"projects/1/milestones/{id}/promote", "rex")
    assert (answer.status, answer.json) == (200, 200)
    promoted = planned.get("groups/1/milestones", title="1.0").json[0]
    assert promoted["id"] not in (id, namesake)
    assert (promoted["group_id"], promoted["iid"], promoted["description"]) == (1, 2, "First release")
    assert planned.get("projects/1/issues/1").json["milestone"]["id"] == promoted["id"]
    assert planned.get(f"projects/{second}/issues/1").json["milestone"]["id"] == promoted["id"]
    assert names(planned.get("projects/1/milestones"), "title") == ["0.9", "Later"]
    assert names(planned.get(f"projects/{second}/milestones"), "title") == []


def test_a_milestone_of_a_personal_project_is_not_promoted(api: Api) -> None:
    id = api.post("projects/3/milestones", "ada", title="own").json["id"]
    answer = api.post(f"projects/3/milestones/{id}/promote", "ada")
    assert (answer.status, answer.json) == (403, {"message": "403 Forbidden"})


def test_a_milestone_is_not_promoted_beside_one_of_a_subgroup(planned: Api) -> None:
    planned.post("groups/2/milestones", title="Later")
    answer = planned.post(f"projects/1/milestones/{id_of(planned, 'Later')}/promote")
    message = "Promotion failed - Title already being used for another group or project milestone."
    assert (answer.status, answer.json) == (400, {"message": message})
    assert "Later" in names(planned.get("projects/1/milestones"), "title")
