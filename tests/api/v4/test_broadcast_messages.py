from typing import Any

import pytest

from tests.support import WORLD, Api, names, refused, seen

NEW = {
    "id": 1,
    "message": "Down at noon",
    "starts_at": "2024-05-01T09:00:00.000Z",
    "ends_at": "2024-05-01T10:00:00.000Z",
    "color": "#E75E40",
    "font": "#FFFFFF",
    "target_access_levels": [],
    "target_path": None,
    "broadcast_type": "banner",
    "theme": "indigo",
    "dismissable": None,
    "active": True,
}


@pytest.fixture
def api() -> Api:
    return Api({**WORLD, "gitlab": {"version": "18.0.0"}})


def test_a_message_is_made_for_an_hour_and_seen_by_everybody(api: Api) -> None:
    assert seen(api.post("broadcast_messages", message="Down at noon")) == (201, NEW)
    assert seen(api.get("broadcast_messages/1", None)) == (200, NEW)
    api.post("broadcast_messages", message="Up again")
    assert names(api.get("broadcast_messages", None), "message") == ["Up again", "Down at noon"]
    api.server.advance("1h")
    assert api.get("broadcast_messages/1", None).json == {**NEW, "active": False}


def test_a_message_is_changed_and_deleted(api: Api) -> None:
    api.post("broadcast_messages", message="x")
    given = {
        "message": "y",
        "starts_at": "2024-05-02T09:00:00Z",
        "ends_at": "2024-05-03T09:00:00Z",
        "color": "#000000",
        "font": "#111111",
        "target_access_levels": [10, 30],
        "target_path": "*/welcome",
        "broadcast_type": "notification",
        "theme": "light-red",
        "dismissable": True,
    }
    times = {"starts_at": "2024-05-02T09:00:00.000Z", "ends_at": "2024-05-03T09:00:00.000Z"}
    assert seen(api.put("broadcast_messages/1", **given)) == (200, {"id": 1, **given, **times, "active": False})
    assert api.delete("broadcast_messages/1").status == 204
    assert seen(api.get("broadcast_messages/1", None)) == (404, {"message": "404 Not found"})


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"message": ""}, {"message": ["can't be blank"]}),
        ({"color": "bluish", "font": "#12"}, {name: ["must be a valid color code"] for name in ("color", "font")}),
    ],
)
def test_a_message_that_is_not_valid_is_refused(api: Api, given: Any, problems: Any) -> None:
    assert refused(api.post("broadcast_messages", **{"message": "x", **given})) == problems
    api.post("broadcast_messages", message="x")
    assert refused(api.put("broadcast_messages/1", **given)) == problems


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"broadcast_type": "loud"}, "broadcast_type does not have a valid value"),
        ({"theme": "pink"}, "theme does not have a valid value"),
        ({"target_access_levels": [11]}, "target_access_levels does not have a valid value"),
        ({"starts_at": "soon"}, "starts_at is invalid"),
    ],
)
def test_wrong_parameters_are_refused(api: Api, given: Any, error: str) -> None:
    assert seen(api.post("broadcast_messages", message="x", **given)) == (400, {"error": error})


def test_writing_is_for_administrators(api: Api) -> None:
    api.post("broadcast_messages", message="x")
    for method, path in (("POST", ""), ("PUT", "/1"), ("DELETE", "/1")):
        answer = api.request(method, f"broadcast_messages{path}", "ada", message="y")
        assert seen(answer) == (403, {"message": "403 Forbidden"})
        assert api.request(method, f"broadcast_messages{path}", None, message="y").status == 401
