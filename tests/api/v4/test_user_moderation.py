from typing import Any

import pytest

from tests.support import WORLD, Api

STATES = ("active", "blocked", "ldap_blocked", "blocked_pending_approval", "banned", "deactivated")
OPERATIONS = ("activate", "deactivate", "block", "unblock", "ban", "unban", "approve", "reject")


def of(state: str, **user: Any) -> Api:
    """Return an instance whose seventh user is in a state."""
    return Api({**WORLD, "users": [*WORLD["users"], {"username": "zoe", "state": state, **user}]})


def done(api: Api, what: str, as_: str | None = "root") -> Any:
    answer = api.post(f"users/7/{what}", as_)
    return (answer.status, answer.json)


def state(api: Api) -> str:
    return str(api.get("users/7").json["state"])


@pytest.mark.parametrize(
    ("what", "before", "answer", "after"),
    [
        ("activate", "deactivated", True, "active"),
        ("activate", "active", True, "active"),
        ("deactivate", "active", True, "deactivated"),
        ("deactivate", "deactivated", None, "deactivated"),
        ("block", "active", True, "blocked"),
        ("block", "deactivated", True, "blocked"),
        ("block", "blocked", None, "blocked"),
        ("block", "banned", None, "banned"),
        ("unblock", "blocked", True, "active"),
        ("unblock", "active", False, "active"),
        ("ban", "active", True, "banned"),
        ("unban", "banned", True, "active"),
        ("approve", "blocked_pending_approval", {"message": "Success"}, "active"),
    ],
)
def test_a_user_changes_state(what: str, before: str, answer: Any, after: str) -> None:
    api = of(before)
    assert done(api, what) == (201, answer)
    assert state(api) == after


PENDING = "The user you are trying to approve is not pending approval"
NO_REQUEST = "User does not have a pending request"


@pytest.mark.parametrize(
    ("what", "before", "status", "message"),
    [
        *[
            ("activate", state, 403, "Error occurred. A blocked user must be unblocked to be activated")
            for state in ("blocked", "ldap_blocked", "banned", "blocked_pending_approval")
        ],
        ("deactivate", "blocked", 403, "Error occurred. A blocked user cannot be deactivated"),
        ("block", "ldap_blocked", 403, "403 Forbidden - LDAP blocked users cannot be modified by the API"),
        ("unblock", "ldap_blocked", 403, "403 Forbidden - LDAP blocked users cannot be unblocked by the API"),
        ("unblock", "deactivated", 403, "403 Forbidden - Deactivated users cannot be unblocked by the API"),
        ("ban", "banned", 403, "You cannot ban banned users."),
        ("ban", "blocked", 403, "You cannot ban blocked users."),
        ("unban", "active", 403, "You cannot unban active users."),
        *[("approve", state, 409, PENDING) for state in STATES if state != "blocked_pending_approval"],
        *[("reject", state, 409, NO_REQUEST) for state in STATES if state != "blocked_pending_approval"],
    ],
)
def test_a_user_in_the_wrong_state_stays_in_it(what: str, before: str, status: int, message: str) -> None:
    api = of(before)
    assert done(api, what) == (status, {"message": message})
    assert state(api) == before


def test_a_rejected_user_is_deleted() -> None:
    api = of("blocked_pending_approval")
    assert done(api, "reject") == (200, {"message": "Success"})
    assert api.get("users/7").status == 404


@pytest.mark.parametrize("what", OPERATIONS)
def test_only_administrators_moderate(what: str) -> None:
    api = of("blocked_pending_approval")
    text = f"You are not allowed to {what} a user" if what in ("approve", "reject") else "403 Forbidden"
    assert done(api, what, "ada") == (403, {"message": text})
    assert done(api, what, None) == (401, {"message": "401 Unauthorized"})
    answer = api.post(f"users/99/{what}")
    assert (answer.status, answer.json) == (404, {"message": "404 User Not Found"})


def test_an_active_user_is_not_deactivated() -> None:
    api = of("active", last_activity_on="2024-04-20")
    text = "The user you are trying to deactivate has been active in the past 90 days and cannot be deactivated"
    assert done(api, "deactivate") == (403, {"message": text})
    assert done(of("active", last_activity_on="2024-01-20"), "deactivate") == (201, True)


def test_the_use_of_a_token_is_activity(api: Api) -> None:
    api.get("user", "bob")
    assert api.post("users/3/deactivate").status == 403
    assert api.post("users/4/deactivate").json is True


def test_one_does_not_block_oneself(api: Api) -> None:
    answer = api.post("users/1/block")
    text = "403 Forbidden - The API initiating user cannot be blocked by the API"
    assert (answer.status, answer.json) == (403, {"message": text})


def test_gitlabs_own_users_are_left_alone() -> None:
    api = of("active", user_type="alert_bot")
    assert done(api, "block") == (403, {"message": "An internal user cannot be blocked"})
    assert done(api, "deactivate") == (403, {"message": "Internal users cannot be deactivated"})


def test_a_blocked_user_is_kept_out_until_unblocked(api: Api) -> None:
    api.post("users/3/block")
    assert api.get("user", "bob").json == {"message": "403 Forbidden - Your account has been blocked."}
    api.post("users/3/unblock")
    assert api.get("user", "bob").status == 200
