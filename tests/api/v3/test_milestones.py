from typing import Any

import pytest

from tests.support import Api, names, seen

ALL = "projects/1/milestones"
AT = f"{ALL}/10001"
FIRST: dict[str, Any] = {
    "id": 10001,
    "iid": 1,
    "project_id": 1,
    "title": "1.0",
    "description": None,
    "state": "active",
    "created_at": "2016-06-01T09:00:00.000Z",
    "updated_at": "2016-06-01T09:00:00.000Z",
    "due_date": None,
    "start_date": None,
}


def test_milestones_are_listed_the_newest_first(api: Api) -> None:
    second = api.post(ALL, "jane", title="1.1").json
    api.put(AT, state_event="close")
    assert names(api.get(ALL, "jane"), "title") == ["1.1", "1.0"]
    for asked, found in (("active", ["1.1"]), ("closed", ["1.0"]), ("all", ["1.1", "1.0"])):
        assert names(api.get(ALL, state=asked), "title") == found
    assert names(api.get(ALL, iid=second["iid"]), "title") == ["1.1"]
    assert names(api.get(ALL, **{"iid[]": [1, 2]}, per_page=1), "title") == ["1.1"]
    assert seen(api.get(ALL, state="open")) == (400, {"error": "state does not have a valid value"})


def test_a_milestone_is_shown(api: Api) -> None:
    assert seen(api.get(AT, "jane")) == (200, FIRST)
    assert seen(api.get(f"{ALL}/1")) == (404, {"message": "404 Not found"})
    assert api.get(AT, None).status == 401


def test_a_milestone_is_created_and_changed(api: Api) -> None:
    given = {"title": "2.0", "description": "Much", "start_date": "2016-07-01", "due_date": "2016-08-01"}
    answer = api.post(ALL, "jane", **given)
    assert seen(answer) == (201, {**FIRST, "id": answer.json["id"], "iid": 2, **given})
    changed = api.put(AT, "jane", title="1.0.1", state_event="close")
    assert (changed.status, changed.json["title"], changed.json["state"]) == (200, "1.0.1", "closed")
    assert api.put(AT, "jane", state_event="activate").json["state"] == "active"
    assert api.put(AT, "jane").status == 200


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, '400 (Bad request) "title" not given'),
        (
            {"title": "1.0"},
            'Failed to create milestone {:title=>["already being used for another group or project milestone."]}',
        ),
    ],
)
def test_a_milestone_that_cannot_be_is_refused(api: Api, given: dict[str, Any], message: str) -> None:
    assert seen(api.post(ALL, **given)) == (400, {"message": message})


def test_the_issues_of_a_milestone_are_listed_the_newest_first(api: Api) -> None:
    api.put("projects/1/issues/10002", milestone_id=10001)
    answer = api.get(f"{AT}/issues", "jane")
    assert names(answer, "id") == [10002, 10001]
    assert answer.json[0] == api.get("projects/1/issues/10002", "jane").json


def test_there_is_no_deleting_of_milestones(api: Api) -> None:
    assert api.delete(AT).status == 405
