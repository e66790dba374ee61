"""Emails of users, one's own and, for administrators, everybody's.

Source: https://docs.gitlab.com/api/user_email_addresses/.
"""

from collections.abc import Callable

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.email import EMAIL, Email
from mockgitlab.api.models.user import User
from mockgitlab.api.services.user_rules import problems_of
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.user_keys import owned, owner
from mockgitlab.errors import ValidationFailed
from mockgitlab.store import Query


@v4.locator("user/emails/:email_id", "users/:id/emails/:email_id", integer=True)
def find_email(call: dsl.Call, value: str) -> Email:
    """Return the email of the user with this id."""
    return owned(call, Email, value, "Email")


@v4.get("user/emails", rule=access.USER, shape=EMAIL)
@v4.get("users/:id/emails", rule=access.ADMIN_AFTER_PARAMETERS, shape=EMAIL)
def list_emails(call: dsl.Call) -> Query[Email]:
    """List the emails of a user, the primary one, once it is confirmed, first."""
    user = owner(call)
    return call.store[Email].where(user_id=user.id).order_by("primary first", value=_after(user.folded_email))


def _after(primary: str) -> Callable[[Email], bool]:
    return lambda email: email.folded_email != primary


@v4.get("user/emails/:email_id", rule=access.USER, shape=EMAIL)
def show_email(email: Email) -> Email:
    """Show an email of the current user."""
    return email


@v4.post("user/emails", rule=access.USER, shape=EMAIL)
def create_own_email(call: dsl.Call, email: str) -> Email:
    """Add an email to the current user, who has to confirm it."""
    return _add(call, access.me(call), email, confirmed=False)


@v4.post("users/:id/emails", rule=access.ADMIN_AFTER_PARAMETERS, shape=EMAIL)
def create_email(call: dsl.Call, user: User, email: str, skip_confirmation: bool = False) -> Email:
    """Add an email to a user."""
    return _add(call, user, email, confirmed=bool(skip_confirmation))


def _add(call: dsl.Call, user: User, email: str, *, confirmed: bool) -> Email:
    clean = (email or "").strip().lower()
    if problems := problems_of(call.store, {"email": clean}):
        raise ValidationFailed(problems, reason=f"{clean!r} is no new email")
    return call.store.insert(Email(user_id=user.id, email=clean, confirmed_at=call.now if confirmed else None))


@v4.delete("user/emails/:email_id", rule=access.USER)
@v4.delete("users/:id/emails/:email_id", rule=access.ADMIN_AFTER_PARAMETERS)
def delete_email(call: dsl.Call, email: Email) -> None:
    """Delete an email of a user; the primary one stays, and what was sent to a deleted one goes to the primary one."""
    user = owner(call)
    if email.folded_email == user.folded_email:
        return
    used = [name for name in ("public_email", "commit_email") if getattr(user, name) == email.email]
    call.store.update(user, **dict.fromkeys(used))
    call.store.delete(email)
