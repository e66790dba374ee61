"""Tokens in scenarios: ``{token: ada-token, user: ada, scopes: [api]}``."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.token import PREFIXES, Token
from mockgitlab.api.models.user import User
from mockgitlab.api.seeds.users import add_user

DEFAULT_LEVEL = 40


def seed_token(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Token:
    """Make a token; one of a project or group acts as a bot user that is a member there."""
    store = seeding.store
    kind = columns.get("kind", "personal")
    value = str(extras.get("token") or store.mint(PREFIXES[kind]))
    if store[Token].find(value=value) is not None:
        seeding.problem("token", f"is given twice: {value}")
    owner = _owner(seeding, columns)
    user_id = columns.get("user_id") or _acting_user(seeding, kind, owner, columns, value)
    defaults = {"name": value, "scopes": ("api",) if kind != "session" else ()}
    return store.insert(Token(**{**defaults, **columns, "kind": kind, "value": value, "user_id": user_id}))


def _owner(seeding: dsl.Seeding, columns: dict[str, Any]) -> Project | Group | None:
    if columns.get("project_id"):
        return seeding.store[Project].get(columns["project_id"])
    return seeding.store[Group].get(columns["group_id"]) if columns.get("group_id") else None


def _acting_user(seeding: dsl.Seeding, kind: str, owner: Any, columns: dict[str, Any], name: str) -> int | None:
    if kind in ("project", "group") and owner is not None:
        return add_bot(seeding.store, owner, columns.get("name", name), columns.get("access_level") or DEFAULT_LEVEL).id
    if kind in ("personal", "impersonation", "oauth", "session", "job", "project", "group"):
        seeding.problem(
            "token", f"needs a {'user' if kind not in ('project', 'group') else kind}: whose {kind} token is it?"
        )
    return None


def add_bot(store: dsl.Store, owner: Project | Group, name: str, access_level: int) -> User:
    """Insert the bot user that a project or group access token acts as, a member of its project or group."""
    kind = "project" if isinstance(owner, Project) else "group"
    username = f"{kind}_{owner.id}_bot_{store.mint('', 32).lower()}"
    bot = add_user(store, {"username": username, "name": name, "email": f"{username}@noreply.example.com", "bot": True})
    source = "Project" if isinstance(owner, Project) else "Namespace"
    store.insert(Member(source_type=source, source_id=owner.id, user_id=bot.id, access_level=access_level))
    return bot


TOKENS = dsl.Collection("tokens", Token, {None: lambda _: {}}, seed_token, None, {"token": {"type": "string"}})
