from typing import Any

import pytest

from tests.api.v3.conftest import SCENARIO
from tests.support import Api, names, seen

LABELS = "projects/1/labels"
BUG = {
    "id": 1,
    "name": "bug",
    "color": "#d9534f",
    "description": None,
    "open_issues_count": 1,
    "closed_issues_count": 0,
    "open_merge_requests_count": 0,
    "priority": None,
    "subscribed": False,
}


def test_labels_are_listed_all_at_once(api: Api) -> None:
    answer = api.get(LABELS, "jane", per_page=1)
    assert (names(answer), answer.json[0], "X-Page" in answer.headers) == (["bug", "feature"], BUG, False)
    assert api.get(LABELS, None).status == 401


def test_those_of_the_group_are_listed_and_subscribed_to_as_well() -> None:
    group = {"mockgitlab": 1, "groups": [{"path": "acme", "labels": [{"name": "later", "color": "#000000"}]}]}
    project = {"mockgitlab": 1, "projects": [{"path": "acme/x"}]}
    api = Api(SCENARIO, group, project, prefix="/api/v3/")
    (label,) = api.get("projects/acme%2Fx/labels").json
    assert label["name"] == "later"
    assert api.post("projects/acme%2Fx/labels/later/subscription").json["subscribed"] is True
    assert api.delete(f"projects/acme%2Fx/labels/{label['id']}/subscription").status == 200
    gone = api.delete("projects/acme%2Fx/labels", name="later")
    assert seen(gone) == (404, {"message": "404 Label Not Found"})


def test_a_label_is_created(api: Api) -> None:
    answer = api.post(LABELS, "jane", name="ui", color="#00ff00", description="To see", priority=2)
    own = {"name": "ui", "color": "#00ff00", "description": "To see", "priority": 2, "open_issues_count": 0}
    assert seen(answer) == (201, {**BUG, "id": answer.json["id"], **own})


@pytest.mark.parametrize(
    ("given", "status", "message"),
    [
        ({"name": "bug", "color": "#000000"}, 409, "Label already exists"),
        ({"name": "a,b", "color": "#000000"}, 400, {"title": ["is invalid"]}),
        ({"name": "ui", "color": "nothing"}, 400, {"color": ["must be a valid color code"]}),
        ({"name": "ui"}, 400, '400 (Bad request) "color" not given'),
        ({"color": "#000000"}, 400, '400 (Bad request) "name" not given'),
    ],
)
def test_a_label_that_cannot_be_is_refused(api: Api, given: dict[str, Any], status: int, message: Any) -> None:
    assert seen(api.post(LABELS, **given)) == (status, {"message": message})


def test_a_label_is_changed(api: Api) -> None:
    answer = api.put(LABELS, "jane", name="bug", new_name="flaw", color="#000000", priority=1)
    assert seen(answer) == (200, {**BUG, "name": "flaw", "color": "#000000", "priority": 1})
    assert api.put(LABELS, name="flaw", priority=None).json["priority"] is None
    assert seen(api.put(LABELS, name="bug", color="#000000")) == (404, {"message": "404 Label not found Not Found"})


def test_a_change_that_says_nothing_is_refused(api: Api, observing: Api) -> None:
    told = {"message": 'Required parameters "new_name" or "color" missing'}
    assert seen(api.put(LABELS, name="bug")) == (400, told)
    missing = "new_name, color, description, priority are missing, at least one parameter must be provided"
    assert seen(observing.put(LABELS, name="bug")) == (400, {"error": missing})


def test_a_deleted_label_is_given_back(api: Api) -> None:
    assert seen(api.delete(LABELS, "jane", name="bug")) == (200, BUG)
    assert seen(api.delete(LABELS, "jane", name="bug")) == (404, {"message": "404 Label Not Found"})
    assert seen(api.delete(LABELS)) == (400, {"message": '400 (Bad request) "name" not given'})
    assert api.get("projects/1/issues/10001").json["labels"] == []


def test_one_subscribes_to_a_label(api: Api) -> None:
    for label in ("bug", 1):
        path = f"{LABELS}/{label}/subscription"
        assert seen(api.post(path, "jane")) == (201, {**BUG, "subscribed": True})
        assert api.post(path, "jane").status == 304
        assert seen(api.delete(path, "jane")) == (200, BUG)
        assert api.delete(path, "jane").status == 304
    assert seen(api.post(f"{LABELS}/nothing/subscription")) == (404, {"message": "404 Label Not Found"})
