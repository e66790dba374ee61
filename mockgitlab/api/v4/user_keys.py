"""SSH keys and GPG keys of users, one's own and, for administrators, everybody's.

Source: https://docs.gitlab.com/api/user_keys/ and GitLab's lib/api/users.rb.
"""

from typing import Any, TypeVar

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.key import (
    GPG_KEY,
    SSH_KEY,
    GpgKey,
    Key,
    UsageType,
    add_gpg_key,
    gpg_problems,
)
from mockgitlab.api.models.user import User
from mockgitlab.api.services.keys import add_key
from mockgitlab.api.services.removal import remove
from mockgitlab.api.services.signatures import revoke
from mockgitlab.api.v4.base import BY_NAME, v4
from mockgitlab.dsl.params import of_field
from mockgitlab.errors import NotFound, ValidationFailed
from mockgitlab.store import Query

Own = TypeVar("Own", bound=dsl.Entity)
WRITERS = (("user", access.USER), ("users/:id", access.ADMIN_AFTER_PARAMETERS))
"""Whose keys a path is about, and who may change them."""


def owner(call: dsl.Call) -> User:
    """Return the user that the path names, the current one where it names none."""
    return call.maybe_at(User) or access.me(call)


def owned(call: dsl.Call, kind: type[Own], value: str, name: str) -> Own:
    """Return the record of the user with this id; where the user has none, answers 404 with the name of its kind."""
    user = owner(call)
    found = call.store[kind].where(id=int(value), user_id=user.id).first()
    if found is None:
        raise NotFound(name, reason=f"{user.username} has no {name} with the ID {value}")
    return found


@v4.locator("user/keys/:key_id", "users/:id/keys/:key_id", integer=True)
def find_key(call: dsl.Call, value: str) -> Key:
    """Return the SSH key of the user with this id."""
    return owned(call, Key, value, "Key")


@v4.locator("user/gpg_keys/:key_id", "users/:id/gpg_keys/:key_id", integer=True)
def find_gpg_key(call: dsl.Call, value: str) -> GpgKey:
    """Return the GPG key of the user with this id."""
    return owned(call, GpgKey, value, "GPG Key")


# SSH keys


@v4.get("user/keys", rule=access.USER, shape=SSH_KEY)
def list_own_keys(call: dsl.Call) -> Query[Key]:
    """List the SSH keys of the current user."""
    return call.store[Key].where(user_id=access.me(call).id)


@v4.get("users/:id/keys", shape=SSH_KEY, locators=BY_NAME)
def list_keys(call: dsl.Call, user: User) -> Query[Key]:
    """List the SSH keys of a user, named by id or username."""
    return call.store[Key].where(user_id=user.id)


@v4.get("user/keys/:key_id", rule=access.USER, shape=SSH_KEY)
@v4.get("users/:id/keys/:key_id", shape=SSH_KEY)
def show_key(key: Key) -> Key:
    """Show an SSH key of a user."""
    return key


def create_key(call: dsl.Call, given: dsl.Given) -> Key:
    """Add an SSH key to a user."""
    return add_key(call.store, given, user_id=owner(call).id)


def delete_key(call: dsl.Call, key: Key) -> None:
    """Delete an SSH key of a user; what it signed stays verified."""
    remove(call.store, key)


# GPG keys


@v4.get("user/gpg_keys", rule=access.USER, shape=GPG_KEY)
@v4.get("users/:id/gpg_keys", shape=GPG_KEY)
def list_gpg_keys(call: dsl.Call) -> Query[GpgKey]:
    """List the GPG keys of a user."""
    return call.store[GpgKey].where(user_id=owner(call).id)


@v4.get("user/gpg_keys/:key_id", rule=access.USER, shape=GPG_KEY)
@v4.get("users/:id/gpg_keys/:key_id", shape=GPG_KEY)
def show_gpg_key(key: GpgKey) -> GpgKey:
    """Show a GPG key of a user."""
    return key


def create_gpg_key(call: dsl.Call, key: str) -> GpgKey:
    """Add a GPG key to a user."""
    if problems := gpg_problems(call.store, key or ""):
        raise ValidationFailed(problems, reason="a GPG key is an armored public key block, whole and of version 4")
    return add_gpg_key(call.store, key, user_id=owner(call).id)


def revoke_gpg_key(call: dsl.Call, key: GpgKey) -> int:
    """Revoke a GPG key of a user: what it signed is no longer verified."""
    revoke(call.store, key)
    return 202


def delete_gpg_key(call: dsl.Call, key: GpgKey) -> None:
    """Delete a GPG key of a user; what it signed stays verified."""
    remove(call.store, key)


def _declare_writes(whose: str, rule: dsl.Rule) -> None:
    fields: Any = Key.fields
    usage = dsl.param("usage_type", UsageType, fields["usage_type"].description, default="auth_and_signing")
    expiry = dsl.param("expires_at", dsl.Timestamp, fields["expires_at"].description)
    params = [of_field(fields["key"], required=True), of_field(fields["title"], required=True), expiry, usage]
    v4.post(f"{whose}/keys", rule=rule, shape=SSH_KEY, params=params)(create_key)
    v4.delete(f"{whose}/keys/:key_id", rule=rule)(delete_key)
    v4.post(f"{whose}/gpg_keys", rule=rule, shape=GPG_KEY)(create_gpg_key)
    v4.post(f"{whose}/gpg_keys/:key_id/revoke", rule=rule, success=202)(revoke_gpg_key)
    v4.delete(f"{whose}/gpg_keys/:key_id", rule=rule)(delete_gpg_key)


for _whose, _rule in WRITERS:
    _declare_writes(_whose, _rule)
