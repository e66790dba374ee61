"""Users in scenarios; ``root`` is always the first, an administrator, whether a scenario names it or not."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.email import Email
from mockgitlab.api.models.follow import Follow
from mockgitlab.api.models.key import GpgKey, Key, add_gpg_key, gpg_problems, read_ssh_key, ssh_problems
from mockgitlab.api.models.user import User, find_user
from mockgitlab.api.models.user_identity import Identity
from mockgitlab.api.models.user_settings import UserPreferences, UserStatus, set_preferences
from mockgitlab.api.services.accounts import add_user, change_user, email_owner
from mockgitlab.api.services.paths import seed_path_problem

ROOT = {"username": "root", "name": "Administrator", "email": "admin@example.com", "admin": True}
STATUS = ("emoji", "message", "availability", "clear_status_at")
PREFERENCES = tuple(name for name, field in UserPreferences.fields.items() if field.word == "optional")


def _mapping(names: tuple[str, ...], **value: Any) -> dict[str, Any]:
    return {"type": "object", "properties": dict.fromkeys(names, value), "additionalProperties": False}


EXTRAS = {
    "status": _mapping(STATUS, type=["string", "null"]),
    "preferences": _mapping(PREFERENCES, type="boolean"),
    "following": {"type": "array", "items": {"type": "string"}},
}


def seed_root(store: dsl.Store) -> None:
    """Make the administrator that a fresh instance has."""
    add_user(store, ROOT)


def seed_user(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> User:
    """Make a user and the personal namespace; ``root`` completes the one that is there."""
    user = _seed_root(seeding, columns) if columns.get("username") == "root" else _seed_other(seeding, columns)
    _seed_status(seeding, user, extras.get("status"))
    _seed_preferences(seeding, user, extras.get("preferences"))
    _seed_following(seeding, user, extras.get("following"))
    return user


def _seed_root(seeding: dsl.Seeding, columns: dict[str, Any]) -> User:
    root = seeding.store[User][1]
    _check_email(seeding, columns, root)
    for row in list(seeding.store[Email].where(user_id=root.id)):
        seeding.store.update(row, email=columns.get("email", row.email))
    return change_user(seeding.store, root, {**columns, "id": 1})


def _seed_other(seeding: dsl.Seeding, columns: dict[str, Any]) -> User:
    if not columns.get("username"):
        seeding.problem("username", "is missing: a user needs one")
    elif problem := seed_path_problem(str(columns["username"])):
        seeding.problem("username", problem)
    elif find_user(seeding.store, f"{columns['username']}") is not None:
        seeding.problem("username", f"is taken: {columns['username']}")
    _check_email(seeding, columns, None)
    return add_user(seeding.store, columns)


def _check_email(seeding: dsl.Seeding, columns: dict[str, Any], itself: User | None) -> None:
    owner = email_owner(seeding.store, columns["email"]) if columns.get("email") else None
    if owner is not None and (itself is None or owner.id != itself.id):
        seeding.problem("email", f"is taken: {columns['email']} is the email of {owner.username}")


def _seed_status(seeding: dsl.Seeding, user: User, status: Any) -> None:
    if status is not None and _fits(seeding, "status", status, STATUS, (str, type(None))):
        seeding.store.insert(UserStatus(id=user.id, user_id=user.id, **status))


def _seed_preferences(seeding: dsl.Seeding, user: User, preferences: Any) -> None:
    if preferences is not None and _fits(seeding, "preferences", preferences, PREFERENCES, (bool,)):
        set_preferences(seeding.store, user.id, **preferences)


def _fits(seeding: dsl.Seeding, key: str, given: Any, names: tuple[str, ...], types: tuple[type, ...]) -> bool:
    good = isinstance(given, dict) and all(name in names and isinstance(given[name], types) for name in given)
    if not good:
        seeding.problem(key, f"must be a mapping of {', '.join(names)}")
    return good


def _seed_following(seeding: dsl.Seeding, user: User, names: Any) -> None:
    if names is not None and not isinstance(names, list):
        seeding.problem("following", "must be a list of usernames")
        return
    for name in names or ():
        followed = seeding.resolve("User", name, (), "following")
        if followed is not None:
            seeding.store.insert(Follow(follower_id=user.id, followee_id=followed.id))


def seed_key(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Key:
    """Make an SSH key of a user; its title is the comment unless given."""
    check_ssh_key(seeding, columns)
    return seeding.store.insert(Key(**{**read_ssh_key(str(columns.get("key") or "")), **columns}))


def check_ssh_key(seeding: dsl.Seeding, columns: dict[str, Any]) -> None:
    """Note what is wrong with the text of an SSH key."""
    for key, problems in ssh_problems(seeding.store, str(columns.get("key") or "")).items():
        seeding.problem("key", f"{problems[0]} ({key})")


def seed_gpg_key(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> GpgKey:
    """Make a GPG key of a user."""
    for key, problems in gpg_problems(seeding.store, str(columns.get("key") or "")).items():
        seeding.problem("key", f"{problems[0]} ({key})")
    return add_gpg_key(seeding.store, **{**columns, "key": str(columns.get("key") or "")})


def seed_email(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Email:
    """Make a further email of a user, confirmed unless ``confirmed_at`` is null."""
    _check_email(seeding, columns, None)
    return seeding.store.insert(Email(**{"confirmed_at": seeding.store.now, **columns}))


def _of_user(user: Any) -> dict[str, Any]:
    return {"user_id": user.id}


USERS = dsl.Collection(
    "users",
    User,
    {None: lambda _: {}},
    seed_user,
    lambda store, name, _: find_user(store, str(name)),
    EXTRAS,
)
KEYS = dsl.Collection("keys", Key, {User: _of_user}, seed_key)
GPG_KEYS = dsl.Collection("gpg_keys", GpgKey, {User: _of_user}, seed_gpg_key)
EMAILS = dsl.Collection("emails", Email, {User: _of_user}, seed_email)
IDENTITIES = dsl.Collection("identities", Identity, {User: _of_user})
