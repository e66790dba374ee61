"""Users in scenarios; ``root`` is always the first, an administrator, whether a scenario names it or not."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import PERSONAL_ID_ABOVE, Group
from mockgitlab.api.models.user import User, find_user

ROOT = {"username": "root", "name": "Administrator", "email": "admin@example.com", "admin": True}


def seed_root(store: dsl.Store) -> None:
    """Make the administrator that a fresh instance has."""
    add_user(store, ROOT)


def seed_user(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> User:
    """Make a user and the personal namespace; ``root`` completes the one that is there."""
    store = seeding.store
    if columns.get("username") == "root":
        return store.update(store[User][1], **{**columns, "id": 1})
    if not columns.get("username"):
        seeding.problem("username", "is missing: a user needs one")
    elif find_user(store, f"{columns['username']}") is not None:
        seeding.problem("username", f"is taken: {columns['username']}")
    return add_user(store, columns)


def add_user(store: dsl.Store, columns: dict[str, Any]) -> User:
    """Insert a user with GitLab's defaults and the personal namespace that goes with it."""
    username = columns.get("username", "")
    defaults = {"name": username, "email": f"{username}@example.com"}
    user = store.insert(User(**{**defaults, **columns}))
    store.insert(
        Group(
            id=PERSONAL_ID_ABOVE + user.id,
            kind="user",
            owner_id=user.id,
            name=user.name,
            path=username,
            full_path=username,
        )
    )
    return user


USERS = dsl.Collection("users", User, {None: lambda _: {}}, seed_user)
