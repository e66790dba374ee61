from datetime import timedelta
from typing import Any

import pytest

from tests.support import WORLD, Api

NONE = {"emoji": None, "availability": None, "message": None, "message_html": None, "clear_status_at": None}
COFFEE = {
    "emoji": "coffee",
    "availability": "busy",
    "message": "Back <soon>",
    "message_html": "Back &lt;soon&gt;",
    "clear_status_at": "2024-05-01T17:00:00.000Z",
}
GIVEN = {"emoji": "coffee", "availability": "busy", "message": "Back <soon>", "clear_status_after": "8_hours"}


def patch(api: Api, **given: Any) -> Any:
    answer = api.request("PATCH", "user/status", "bob", **given)
    assert answer.status == 200, answer
    return answer.json


@pytest.fixture
def busy(api: Api) -> Api:
    """Return an instance where bob has a status."""
    api.put("user/status", "bob", **GIVEN)
    return api


def test_without_a_status_everything_is_null(api: Api) -> None:
    assert api.get("user/status", "bob").json == NONE
    assert list(api.get("users/3/status", None).json) == list(NONE)


def test_a_status_is_set_and_seen_by_everybody(api: Api) -> None:
    answer = api.put("user/status", "bob", **GIVEN)
    assert (answer.status, answer.json) == (200, COFFEE)
    for path, as_ in (("user/status", "bob"), ("users/3/status", None), ("users/Bob/status", None)):
        assert api.get(path, as_).json == COFFEE


def test_what_is_not_put_is_cleared(busy: Api) -> None:
    answer = busy.put("user/status", "bob", message="Here")
    expected = {"emoji": "speech_balloon", "availability": "not_set", "message": "Here", "message_html": "Here"}
    assert answer.json == {**expected, "clear_status_at": None}


@pytest.mark.parametrize("given", [{}, {"emoji": "", "message": ""}, {"clear_status_after": "1_day"}])
def test_an_empty_status_is_none(busy: Api, given: dict[str, str]) -> None:
    answer = busy.put("user/status", "bob", **given)
    assert (answer.status, answer.json) == (200, NONE)
    assert busy.get("user/status", "bob").json == NONE


def test_what_is_not_patched_stays(busy: Api) -> None:
    assert patch(busy, emoji="tea") == {**COFFEE, "emoji": "tea"}
    assert patch(busy, emoji="tea", clear_status_after=None)["clear_status_at"] is None


def test_a_patch_of_nothing_answers_null(busy: Api) -> None:
    assert patch(busy) is None
    assert busy.get("user/status", "bob").json == COFFEE


def test_a_patch_of_the_time_alone_removes_the_status(busy: Api) -> None:
    assert patch(busy, clear_status_after="1_day") == NONE


def test_a_status_goes_away_when_its_time_has_come(busy: Api) -> None:
    busy.store.advance_clock(timedelta(hours=8))
    assert busy.get("user/status", "bob").json == NONE


@pytest.mark.parametrize(
    ("given", "body"),
    [
        ({"message": "x" * 101}, {"message": {"message": ["is too long (maximum is 100 characters)"]}}),
        ({"emoji": "no-such-thing"}, {"message": {"emoji": ["is not a valid emoji name"]}}),
        ({"message": "x", "availability": "gone"}, {"message": {"availability": ["is not included in the list"]}}),
        ({"message": "x", "clear_status_after": "later"}, {"error": "clear_status_after does not have a valid value"}),
    ],
)
def test_a_wrong_status_is_refused(busy: Api, given: dict[str, str], body: Any) -> None:
    answer = busy.put("user/status", "bob", **given)
    assert (answer.status, answer.json) == (400, body)
    assert busy.get("user/status", "bob").json == COFFEE


def test_a_status_needs_its_user(api: Api) -> None:
    assert api.get("user/status", None).status == 401
    assert api.put("user/status", None, message="x").status == 401
    assert api.get("users/nobody/status", None).json == {"message": "404 User Not Found"}


def test_a_scenario_declares_status_and_preferences() -> None:
    user = {"username": "zoe", "status": {"message": "Hi"}, "preferences": {"view_diffs_file_by_file": True}}
    api = Api({**WORLD, "users": [*WORLD["users"], user]})
    assert api.get("users/7/status").json["message"] == "Hi"
    assert api.get("user/preferences", sudo="zoe").json["view_diffs_file_by_file"] is True


# Preferences


def test_preferences_are_gitlabs_until_changed(api: Api) -> None:
    expected = {
        "id": 3,
        "user_id": 3,
        "view_diffs_file_by_file": False,
        "show_whitespace_in_diffs": True,
        "pass_user_identities_to_ci_jwt": False,
    }
    assert api.get("user/preferences", "bob").json == expected
    answer = api.put("user/preferences", "bob", show_whitespace_in_diffs=False)
    assert (answer.status, answer.json) == (200, {**expected, "show_whitespace_in_diffs": False})
    assert api.get("user/preferences", "bob").json == answer.json


def test_some_preference_is_demanded(api: Api) -> None:
    answer = api.put("user/preferences", "bob")
    names = "view_diffs_file_by_file, show_whitespace_in_diffs, pass_user_identities_to_ci_jwt"
    expected = {"error": f"{names} are missing, at least one parameter must be provided"}
    assert (answer.status, answer.json) == (400, expected)
    assert api.get("user/preferences", None).status == 401
    assert api.put("user/preferences", None).status == 401


# Support PIN


def test_a_support_pin_is_made_and_expires() -> None:
    api = Api({**WORLD, "gitlab": {"version": "17.8.0"}})
    assert api.get("user/support_pin", "bob").status == 404
    made = api.post("user/support_pin", "bob")
    assert made.status == 201
    assert (len(made.json["pin"]), made.json["expires_at"]) == (6, "2024-05-08T09:00:00.000Z")
    assert api.get("user/support_pin", "bob").json == made.json
    assert api.get("users/3/support_pin").json == made.json
    assert api.get("users/3/support_pin", "ada").status == 403
    assert api.post("user/support_pin", "bob").json["pin"] != made.json["pin"]
    api.store.advance_clock(timedelta(days=7))
    assert api.get("user/support_pin", "bob").json == {"message": "404 Support PIN Not Found"}


def test_older_versions_have_no_support_pin(api: Api) -> None:
    assert api.post("user/support_pin", "bob").status == 404
