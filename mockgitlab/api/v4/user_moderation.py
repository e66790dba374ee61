"""Moderation of users: which of them may use the instance. Source: https://docs.gitlab.com/api/user_moderation/."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.user import User
from mockgitlab.api.models.user_profile import last_activity_on
from mockgitlab.api.services.accounts import remove_user
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Conflict, Forbidden
from mockgitlab.store import parse_instant

ACTIVE_WITHIN_DAYS = 90


class Refused(Forbidden):
    """A refusal whose message stands alone, without ``403 Forbidden`` before it."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(reason=reason)
        self.message = message


def _states(user: User) -> str:
    return f"{user.username} is {user.state}"


@v4.post("users/:id/activate", rule=access.ADMIN_AFTER_PARAMETERS)
def activate(call: dsl.Call, user: User) -> bool:
    """Activate a deactivated user."""
    if user.blocked:
        raise Refused("Error occurred. A blocked user must be unblocked to be activated", reason=_states(user))
    call.store.update(user, state="active")
    return True


@v4.post("users/:id/deactivate", rule=access.ADMIN_AFTER_PARAMETERS)
def deactivate(call: dsl.Call, user: User) -> bool | None:
    """Deactivate a user who has not been active for 90 days; answers null when there is nothing to do."""
    if user.state == "deactivated":
        return None
    if user.blocked:
        raise Refused("Error occurred. A blocked user cannot be deactivated", reason=_states(user))
    if user.internal:
        raise Refused("Internal users cannot be deactivated", reason=f"{user.username} is GitLab's own")
    _refuse_active(call, user)
    call.store.update(user, state="deactivated")
    return True


def _refuse_active(call: dsl.Call, user: User) -> None:
    day = last_activity_on(call.store, user)
    if day is not None and (call.store.clock.instant - parse_instant(day)).days < ACTIVE_WITHIN_DAYS:
        text = (
            f"The user you are trying to deactivate has been active in the past {ACTIVE_WITHIN_DAYS} days "
            "and cannot be deactivated"
        )
        raise Refused(text, reason=f"{user.username} was active on {day}, a token's use being activity")


@v4.post("users/:id/block", rule=access.ADMIN_AFTER_PARAMETERS)
def block(call: dsl.Call, user: User) -> bool | None:
    """Block a user; answers null when there is nothing to do."""
    if user.state == "ldap_blocked":
        raise Forbidden("LDAP blocked users cannot be modified by the API", reason=_states(user))
    if user.id == access.me(call).id:
        raise Forbidden("The API initiating user cannot be blocked by the API", reason="it is the current user")
    if user.blocked:
        return None
    if user.internal:
        raise Refused("An internal user cannot be blocked", reason=f"{user.username} is GitLab's own")
    call.store.update(user, state="blocked")
    return True


@v4.post("users/:id/unblock", rule=access.ADMIN_AFTER_PARAMETERS)
def unblock(call: dsl.Call, user: User) -> bool:
    """Unblock a user; answers false where the user was not blocked."""
    if user.state == "ldap_blocked":
        raise Forbidden("LDAP blocked users cannot be unblocked by the API", reason=_states(user))
    if user.state == "deactivated":
        raise Forbidden("Deactivated users cannot be unblocked by the API", reason=_states(user))
    if not user.blocked:
        return False
    call.store.update(user, state="active")
    return True


@v4.post("users/:id/ban", rule=access.ADMIN_AFTER_PARAMETERS)
def ban(call: dsl.Call, user: User) -> bool:
    """Ban an active user."""
    if user.state != "active":
        raise Refused(f"You cannot ban {user.state} users.", reason=_states(user))
    call.store.update(user, state="banned")
    return True


@v4.post("users/:id/unban", rule=access.ADMIN_AFTER_PARAMETERS)
def unban(call: dsl.Call, user: User) -> bool:
    """Lift the ban of a user."""
    if user.state != "banned":
        raise Refused(f"You cannot unban {user.state} users.", reason=_states(user))
    call.store.update(user, state="active")
    return True


@v4.post("users/:id/approve")
def approve(call: dsl.Call, user: User) -> dict[str, str]:
    """Approve a user who asked for an account."""
    _refuse_others(call, "approve")
    if user.state != "blocked_pending_approval":
        raise Conflict("The user you are trying to approve is not pending approval", reason=_states(user))
    call.store.update(user, state="active")
    return {"message": "Success"}


@v4.post("users/:id/reject", success=200)
def reject(call: dsl.Call, user: User) -> Any:
    """Reject a user who asked for an account, and delete the user."""
    _refuse_others(call, "reject")
    if user.state != "blocked_pending_approval":
        raise Conflict("User does not have a pending request", reason=_states(user))
    remove_user(call.store, user, hard=True)
    return {"message": "Success"}


def _refuse_others(call: dsl.Call, what: str) -> None:
    if not access.is_admin(call):
        who = access.me(call).username
        raise Refused(f"You are not allowed to {what} a user", reason=f"{who} is no administrator")
