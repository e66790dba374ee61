"""Tokens in scenarios: ``{token: ada-token, user: ada, scopes: [api]}``, of any kind.

=================  =========================================  ======================================================
kind               whose                                      where it is given
=================  =========================================  ======================================================
``personal``       ``user``                                   PRIVATE-TOKEN, ``private_token``, Authorization: Bearer
``impersonation``  ``user``                                   the same
``project``        ``project``, with an ``access_level``      the same; it acts as a bot, a member of the project
``group``          ``group``, with an ``access_level``        the same; it acts as a bot, a member of the group
``oauth``          ``user``                                   Authorization: Bearer, ``access_token``
``session``        ``user``                                   the cookie ``_gitlab_session``
``job``            ``user``, and the ``project`` it runs in   JOB-TOKEN, ``job_token``
``deploy``         ``project`` or ``group``, ``username``     Deploy-Token; with the name as password for git
``trigger``        ``project``, and its owner ``user``        ``token`` when a pipeline is triggered
``runner``         any or none, and a runner is made of it    ``token`` of the operations for runners
``registration``   any or none                                ``token`` when a runner is registered
``ci_project``     ``project``                                ``project_token`` of GitLab CI's own API
=================  =========================================  ======================================================
"""

from difflib import get_close_matches
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import scopes
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.member import LEVELS
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.token import ACCESS_TOKENS, PREFIXES, Token
from mockgitlab.api.models.user import User
from mockgitlab.api.services.access_tokens import add_bot
from mockgitlab.api.services.runners import drafted, insert

DEFAULT_LEVEL = 40
LEVEL = {"anyOf": [{"enum": [name for name, level in LEVELS.items() if level >= 10]}, {"type": "integer"}]}
OWNERS: dict[str, tuple[str, ...]] = {
    "personal": ("user",),
    "impersonation": ("user",),
    "oauth": ("user",),
    "session": ("user",),
    "job": ("user",),
    "project": ("project",),
    "group": ("group",),
    "deploy": ("project", "group"),
    "trigger": ("project",),
    "ci_project": ("project",),
}
"""Of which of these relations a token of each kind needs one."""


def seed_token(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Token:
    """Make a token; one of a project or group acts as a bot user that is a member there."""
    kind = columns.get("kind", "personal")
    value = _value(seeding, kind, extras.get("token"))
    _check_owner(seeding, kind, columns)
    _check_scopes(seeding, kind, columns.get("scopes") or ())
    given = {"scopes": ("api",) if "api" in scopes.OF_KIND.get(kind, ()) else (), **columns}
    if kind in ACCESS_TOKENS and given.get("expires_at"):
        given["expires_at"] = given["expires_at"][:10]
    given["name"] = given.get("name") or _name(seeding.store, kind, columns)
    if kind in ("project", "group"):
        given |= _acting_as_bot(seeding, given, extras)
    elif "access_level" in extras:
        seeding.problem("access_level", f"is for project and group tokens, not for a {kind} one")
    if kind == "deploy":
        given["username"] = extras.get("username")
    elif "username" in extras:
        seeding.problem("username", f"is for deploy tokens, not for a {kind} one")
    if kind == "runner":
        _add_runner(seeding.store, given, value)
    return seeding.store.insert(Token(**{**given, "kind": kind, "value": value}))


def _add_runner(store: dsl.Store, columns: dict[str, Any], value: str) -> None:
    at = _owner(store, columns)
    insert(store, drafted({"description": columns["name"]}, at).replaced({"token": value}), at)


def _value(seeding: dsl.Seeding, kind: str, given: Any) -> str:
    value = given if given is not None else seeding.store.mint(PREFIXES[kind])
    if not isinstance(value, str) or not value.strip() or value != value.strip():
        seeding.problem("token", f"must be a string, not empty and without blanks around it, not {value!r}")
    elif seeding.store[Token].find(value=value) is not None:
        seeding.problem("token", f"is given twice: {value}")
    return str(value)


def _check_owner(seeding: dsl.Seeding, kind: str, columns: dict[str, Any]) -> None:
    wanted = OWNERS.get(kind, ())
    if wanted and not any(columns.get(f"{name}_id") for name in wanted):
        seeding.problem("token", f"needs a {' or a '.join(wanted)}: whose {kind} token is it?")
    if kind in ("project", "group") and columns.get("user_id"):
        seeding.problem("user", f"cannot be given: a {kind} token acts as a bot user of its own, which is made with it")


def _check_scopes(seeding: dsl.Seeding, kind: str, given: tuple[str, ...]) -> None:
    wrong, known = scopes.problem(kind, given), scopes.OF_KIND.get(kind, ())
    if wrong is not None and not known:
        seeding.problem("scopes", f"cannot be given: {kind} tokens have none")
    elif wrong is not None:
        near = get_close_matches(wrong, known, n=1)
        everything = f"has {wrong}, no scope of {kind} tokens: {', '.join(known)}"
        seeding.problem("scopes", everything, suggestion=near[0] if near else None)


def _name(store: dsl.Store, kind: str, columns: dict[str, Any]) -> str:
    """Return a name that tells what the token is without telling its secret."""
    user, owner = store[User].get(columns.get("user_id")), _owner(store, columns)
    whose = user.username if user else owner.full_path if owner else "the instance"
    return f"{kind} token of {whose}"


def _owner(store: dsl.Store, columns: dict[str, Any]) -> Project | Group | None:
    return store[Project].get(columns.get("project_id")) or store[Group].get(columns.get("group_id"))


def _acting_as_bot(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any]) -> dict[str, Any]:
    given = extras.get("access_level", DEFAULT_LEVEL)
    level = LEVELS.get(str(given).lower(), given)
    if level not in LEVELS.values() or level < 10:
        known = ", ".join(f"{name} ({number})" for name, number in LEVELS.items() if number >= 10)
        seeding.problem("access_level", f"is {given!r}, no role of GitLab: {known}")
    owner = _owner(seeding.store, columns)
    if owner is None or not isinstance(level, int):
        return {}
    return {"user_id": add_bot(seeding.store, owner, columns["name"], level).id, "access_level": level}


TOKENS = dsl.Collection(
    "tokens",
    Token,
    {None: lambda _: {}},
    seed_token,
    None,
    {"token": {"type": "string"}, "access_level": LEVEL, "username": {"type": "string"}},
    "Everything with which a client identifies itself, of every kind",
)
