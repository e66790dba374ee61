from typing import Any

import pytest

from mockgitlab.api.models.label import Label
from tests.api.v4.planning import id_of
from tests.support import WORLD, Api

KINDS = ("label", "milestone", "state")


def path_of(kind: str, issue: int = 1) -> str:
    return f"projects/1/issues/{issue}/resource_{kind}_events"


def stripped(events: list[dict[str, Any]], *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(event[key] for key in keys) for event in events]


def test_labels_put_on_and_taken_off_are_told(labelled: Api) -> None:
    labelled.put("projects/1/issues/1", "bob", labels="bug,Zed")
    issue = labelled.get("projects/1/issues/1").json["id"]
    answer = labelled.get(path_of("label"), "gil")
    assert [(one["action"], one["label"]["name"]) for one in answer.json] == [("add", "Zed"), ("remove", "feature")]
    first = answer.json[0]
    zed = labelled.get("projects/1/labels/Zed").json
    assert first == {
        "id": first["id"],
        "user": labelled.get("projects/1/issues/1", "bob").json["author"] | first["user"],
        "created_at": "2024-05-01T09:00:00.000Z",
        "resource_type": "Issue",
        "resource_id": issue,
        "label": {key: zed[key] for key in list(zed)[:6]},
        "action": "add",
    }
    assert first["user"]["username"] == "bob"
    assert labelled.get(f"{path_of('label')}/{first['id']}", "gil").json == first
    assert answer.headers["X-Total"] == "2"


def test_the_event_of_a_deleted_label_has_none(labelled: Api) -> None:
    labelled.put("projects/1/issues/1", labels="bug")
    labelled.delete("projects/1/labels/feature")
    assert labelled.get(path_of("label")).json[0]["label"] is None


def test_the_events_of_labels_that_the_user_may_not_see_are_left_out(labelled: Api) -> None:
    labelled.put("projects/1/issues/1", labels="bug,feature,Zed")
    zed = next(label for label in labelled.store[Label].all() if label.name == "Zed")
    labelled.store.update(zed, project_id=3)
    event = labelled.get(path_of("label"), "ada").json[0]
    assert labelled.get(path_of("label"), "bob").json == []
    answer = labelled.get(f"{path_of('label')}/{event['id']}", "bob")
    assert (answer.status, answer.json) == (404, {"message": "404 ResourceLabelEvent Not Found"})


def test_a_change_of_milestone_is_one_event(planned: Api) -> None:
    later = id_of(planned, "Later")
    planned.put("projects/1/issues/1", "bob", milestone_id=later)
    planned.put("projects/1/issues/1", state_event="close")
    planned.put("projects/1/issues/1", milestone_id=0)
    events = planned.get(path_of("milestone"), "gil").json
    assert stripped(events, "id", "action", "state") == [(1, "add", "opened"), (2, "remove", "closed")]
    assert [event["milestone"]["title"] for event in events] == ["Later", "Later"]
    assert list(events[0]) == [
        "id",
        "user",
        "created_at",
        "resource_type",
        "resource_id",
        "milestone",
        "action",
        "state",
    ]
    assert planned.get(f"{path_of('milestone')}/2", "gil").json == events[1]


def test_closing_and_reopening_are_told_and_creation_is_not(labelled: Api) -> None:
    assert labelled.get(path_of("state")).json == []
    for state_event in ("close", "close", "reopen"):
        labelled.put("projects/1/issues/1", "bob", state_event=state_event)
    events = labelled.get(path_of("state"), "gil").json
    assert stripped(events, "id", "state", "resource_type") == [(1, "closed", "Issue"), (2, "reopened", "Issue")]
    assert list(events[0]) == ["id", "user", "created_at", "resource_type", "resource_id", "state"]
    assert labelled.get(f"{path_of('state')}/1", "gil").json == events[0]


def test_what_an_issue_starts_with_is_told(planned: Api) -> None:
    later = id_of(planned, "Later")
    planned.post("projects/1/issues", title="New", labels="urgent", milestone_id=later)
    assert stripped(planned.get(path_of("label", 4)).json, "action") == [("add",)]
    assert stripped(planned.get(path_of("milestone", 4)).json, "action") == [("add",)]


@pytest.mark.parametrize("kind", KINDS)
def test_events_need_a_user_who_sees_the_issue(labelled: Api, kind: str) -> None:
    assert labelled.get(path_of(kind), None).status == 401
    for answer in (
        labelled.get(path_of(kind, 3), "gil"),
        labelled.get(path_of(kind, 99)),
        labelled.get(f"{path_of(kind)}/99"),
    ):
        assert (answer.status, answer.json) == (404, {"message": "404 Not found"})


@pytest.mark.parametrize(
    ("kind", "name"),
    [("label", "resource_label_event_id"), ("milestone", "event_id"), ("state", "resource_state_event_id")],
)
def test_an_event_is_named_by_a_number(labelled: Api, kind: str, name: str) -> None:
    answer = labelled.get(f"{path_of(kind)}/x")
    assert (answer.status, answer.json) == (400, {"error": f"{name} is invalid"})


def test_the_events_of_one_issue_are_not_found_at_another(labelled: Api) -> None:
    labelled.put("projects/1/issues/1", state_event="close")
    assert labelled.get(f"{path_of('state', 2)}/1").status == 404
    assert labelled.get(path_of("state", 2)).json == []


def test_weights_are_told_with_the_one_that_was_there_before_anybody_told(planned: Api) -> None:
    path, events = "projects/1/issues/1", path_of("weight")
    for weight in (5, 5, None):
        planned.server.advance("1h")
        planned.put(path, "bob", weight=weight)
    answer = planned.get(events, "gil")
    issue = planned.get(path).json
    times = ["2024-05-01T09:00:00.000Z", "2024-05-01T10:00:00.000Z", "2024-05-01T12:00:00.000Z"]
    assert stripped(answer.json, "weight", "created_at", "issue_id") == [
        (weight, at, issue["id"]) for weight, at in zip((2, 5, None), times, strict=True)
    ]
    assert list(answer.json[0]) == ["id", "user", "created_at", "issue_id", "weight"]
    assert planned.get(f"{events}/{answer.json[1]['id']}", "gil").json == answer.json[1]
    assert planned.get(f"{events}/99").json == {"message": "404 Not found"}
    assert planned.get(events, None).status == 401


def test_the_weight_of_a_new_issue_is_told(planned: Api) -> None:
    iid = planned.post("projects/1/issues", "bob", title="Heavy", weight=9).json["iid"]
    assert stripped(planned.get(path_of("weight", iid)).json, "weight") == [(9,)]


def test_the_community_edition_has_no_weights() -> None:
    api = Api({**WORLD, "gitlab": {"edition": "ce"}})
    api.post("projects/1/issues", "bob", title="Light")
    assert api.get(path_of("weight")).status == 404
