"""Accounts: making, renaming and removing users with what goes along.

Source: https://docs.gitlab.com/api/users/, https://docs.gitlab.com/user/profile/account/delete_account/ and GitLab's
app/services/users.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.email import Email
from mockgitlab.api.models.group import PERSONAL_ID_ABOVE, Group, ancestors
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.user import BOTS, User
from mockgitlab.api.services.paths import move_namespace
from mockgitlab.api.services.removal import entities, is_many, is_optional, remove, ties
from mockgitlab.dsl.fields import Field

OWNER = 50
GHOST = {"username": "ghost", "name": "Ghost User", "user_type": "ghost"}
PERSONAL = (("Approval", "user_id"), ("DraftNote", "author_id"), ("Event", "author_id"), ("Todo", "user_id"))
"""Columns that name a user and are no contribution of theirs: the rows go with the account."""
GHOST_BIO = "Keeps the contributions of users whose accounts are gone."


def add_user(store: dsl.Store, columns: dict[str, Any]) -> User:
    """Insert a user with GitLab's defaults, and the personal namespace and the confirmed email that go with it."""
    username = str(columns.get("username", ""))
    bot = bool(columns.get("bot")) or columns.get("user_type") in BOTS
    kind = columns.get("user_type") or ("project_bot" if bot else "human")
    confirmed = columns.get("confirmed_at", columns.get("created_at") or store.now)
    defaults = {"username": username, "name": username, "email": free_email(store, username), "confirmed_at": confirmed}
    outside = {"projects_limit": 0, "can_create_group": False} if columns.get("external") else {}
    user = store.insert(User(**{**defaults, **outside, **columns, "bot": bot, "user_type": kind}))
    path = {"name": user.name, "path": username, "full_path": username}
    store.insert(Group(id=PERSONAL_ID_ABOVE + user.id, kind="user", owner_id=user.id, **path))
    if user.confirmed_at is not None:
        store.insert(
            Email(user_id=user.id, email=user.email, confirmed_at=user.confirmed_at, created_at=user.created_at)
        )
    return user


def free_email(store: dsl.Store, username: str) -> str:
    """Return the email which a user gets who is given none."""
    email = f"{username}@example.com"
    return email if email_owner(store, email) is None else f"{username}@users.example.com"


def email_owner(store: dsl.Store, email: str) -> User | None:
    """Return the user whose primary, or confirmed other, email this is, letters' case aside."""
    folded = email.lower()
    primary = store[User].find(folded_email=folded)
    if primary is not None:
        return primary
    if store[Email].find(folded_email=folded) is None:
        return None
    rows = [row for row in store[Email].where(folded_email=folded) if row.confirmed_at is not None]
    return store[User].get(rows[0].user_id) if rows else None


def change_user(store: dsl.Store, user: User, columns: dict[str, Any]) -> User:
    """Change a user; a new username moves the personal namespace and its projects, a new email its own row."""
    changed = store.update(user, **columns)
    namespace = store[Group].find(owner_id=user.id)
    if namespace is not None and namespace.path != changed.username:
        namespace = move_namespace(store, namespace, path=changed.username)
    if namespace is not None:
        store.update(namespace, name=changed.name)
    if changed.email != user.email or changed.confirmed_at != user.confirmed_at:
        _confirm_email(store, changed)
    return changed


def _confirm_email(store: dsl.Store, user: User) -> None:
    row = store[Email].where(user_id=user.id, folded_email=user.folded_email).first()
    if user.confirmed_at is None:
        return
    if row is None:
        store.insert(Email(user_id=user.id, email=user.email, confirmed_at=user.confirmed_at))
    elif row.confirmed_at is None:
        store.update(row, confirmed_at=user.confirmed_at)


# Removing


def solely_owned_groups(store: dsl.Store, user: User) -> list[Group]:
    """Return the groups that nobody but this user owns, be it from a group above."""
    owned = store[Member].where(user_id=user.id, source_type="Namespace", access_level=OWNER)
    groups = [store[Group][member.source_id] for member in owned]
    return [group for group in groups if not _has_other_owner(store, group, user)]


def _has_other_owner(store: dsl.Store, group: Group, user: User) -> bool:
    above = [one.id for one in ancestors(store, group)]
    owners = store[Member].where(source_type="Namespace", access_level=OWNER).among("source_id", above)
    return any(member.user_id != user.id and not store[User][member.user_id].bot for member in owners)


def ghost_user(store: dsl.Store) -> User:
    """Return the user to whom the contributions of removed users belong; makes it when there is none yet."""
    ghost = store[User].find(user_type="ghost")
    return ghost or add_user(store, {**GHOST, "username": _free_username(store, "ghost"), "bio": GHOST_BIO})


def _free_username(store: dsl.Store, username: str) -> str:
    taken = {user.folded for user in store[User].all()}
    return next(name for name in (username, *(f"{username}{n}" for n in range(1, len(taken) + 2))) if name not in taken)


def remove_user(store: dsl.Store, user: User, *, hard: bool = False) -> None:
    """Remove a user, the personal namespace and all in it; contributions go too when ``hard``, else to the ghost."""
    namespace = store[Group].find(owner_id=user.id)
    if namespace is not None:
        remove(store, namespace)
    if not hard:
        _give_to_ghost(store, user)
    remove(store, user)


def _give_to_ghost(store: dsl.Store, user: User) -> None:
    for kind in entities(store):
        for field in ties(kind, "User"):
            if (kind.__name__, field.name) not in PERSONAL and _is_contribution(field):
                _give(store, kind, field.name, user)


def _give(store: dsl.Store, kind: type[dsl.Entity], column: str, user: User) -> None:
    rows: list[Any] = list(store[kind].where(**{column: user.id}))
    for row in rows:
        kept = {"updated_at": row.updated_at} if "updated_at" in kind.fields else {}
        store.update(row, **{column: ghost_user(store).id}, **kept)


def _is_contribution(field: Field) -> bool:
    """Tell whether a column names who made what others have a part in: wrote it, reacted, spent the time."""
    return (
        field.word == "reference" and not is_many(field) and (field.name == "author_id" or not is_optional(field.type))
    )
