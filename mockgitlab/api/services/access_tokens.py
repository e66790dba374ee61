"""Making, rotating and revoking access tokens: personal, impersonation, project and group tokens alike.

Source: https://docs.gitlab.com/user/profile/personal_access_tokens/, GitLab's app/models/personal_access_token.rb and
app/services/personal_access_tokens/.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from mockgitlab import dsl
from mockgitlab.api.models.application_setting import value
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.token import PREFIXES, Kind, Token
from mockgitlab.api.models.user import User
from mockgitlab.api.services.accounts import add_user
from mockgitlab.errors import BadRequest

LIFETIME_AT_MOST = 365
LIFETIME_AFTER_ROTATION = 7
DESCRIPTION_AT_MOST = 255
EXPIRY_REQUIRED_SINCE = (16,)
Problems = dict[str, list[str]]


# Days


def day_after(call: dsl.Call, days: int) -> str:
    """Return the date so many days after today."""
    return (call.store.clock.instant + timedelta(days=days)).date().isoformat()


def lifetime_of(call: dsl.Call) -> int:
    """Return how many days tokens live at the most, which administrators may shorten."""
    return value(call.store, "max_personal_access_token_lifetime") or LIFETIME_AT_MOST


def default_expiry(call: dsl.Call, days: int | None = None) -> str | None:
    """Return the last day of a token that is made without one; before GitLab 16.0 it lives for ever."""
    return day_after(call, days or lifetime_of(call)) if call.settings.release >= EXPIRY_REQUIRED_SINCE else None


# Making


def problems_of(call: dsl.Call, columns: Mapping[str, Any]) -> Problems:
    """Return what is wrong with the name, scopes, last day and description of a new token, by column."""
    found: Problems = {}
    for name in ("name", "scopes"):
        if not (columns[name].strip() if isinstance(columns[name], str) else columns[name]):
            found[name] = ["can't be blank"]
    if len(columns.get("description") or "") > DESCRIPTION_AT_MOST:
        found["description"] = [f"is too long (maximum is {DESCRIPTION_AT_MOST} characters)"]
    return {**found, **_problem_of_expiry(call, columns["expires_at"])}


def _problem_of_expiry(call: dsl.Call, expires_at: str | None) -> Problems:
    latest = day_after(call, lifetime_of(call))
    too_late = expires_at is not None and expires_at > latest and call.settings.release >= EXPIRY_REQUIRED_SINCE
    return {"expires_at": [f"must be before {latest}"]} if too_late else {}


def reason_of(call: dsl.Call, problems: Problems) -> str:
    """Return the reason of a refusal for those who wonder: a day is too late by the clock of this world."""
    if "expires_at" in problems:
        return f"by the clock of this world, which the scenario sets as gitlab: clock, today is {call.store.today}"
    return f"not allowed: {', '.join(problems)}"


def sentence(problems: Problems) -> str:
    """Return problems as one sentence: ``Name can't be blank and Scopes can't be blank``."""
    texts = [f"{name.replace('_', ' ').capitalize()} {text}" for name, found in problems.items() for text in found]
    return " and ".join(texts) if len(texts) < 3 else f"{', '.join(texts[:-1])}, and {texts[-1]}"


def given_columns(call: dsl.Call, lifetime: int | None = None) -> dict[str, Any]:
    """Return the columns of a new token that the request gives, the last day by default so many days ahead."""
    given = call.given
    expires_at = given.get("expires_at") or default_expiry(call, lifetime)
    scopes = tuple(dict.fromkeys(given.get("scopes") or ()))
    return {
        "name": given.get("name") or "",
        "description": given.get("description"),
        "scopes": scopes,
        "expires_at": expires_at,
    }


def insert_token(store: dsl.Store, kind: Kind, user_id: int, columns: Mapping[str, Any]) -> Token:
    """Insert a token with a newly minted secret."""
    prefix = PREFIXES[kind]
    if prefix == PREFIXES["personal"]:
        prefix = value(store, "personal_access_token_prefix") or ""
    return store.insert(Token(**{**columns, "kind": kind, "user_id": user_id, "value": store.mint(prefix)}))


def add_bot(store: dsl.Store, owner: Project | Group, name: str, access_level: int, host: str = "localhost") -> User:
    """Insert the bot user that a project or group access token acts as, a member of its project or group."""
    kind, source = ("project", "Project") if isinstance(owner, Project) else ("group", "Namespace")
    username = f"{kind}_{owner.id}_bot_{store.mint_hex('bot', 32)}"
    bot = add_user(store, {"username": username, "name": name, "email": f"{username}@noreply.{host}", "bot": True})
    membership = {"source_type": source, "source_id": owner.id, "access_level": access_level}
    store.insert(Member(user_id=bot.id, **membership))
    return bot


def host_of(call: dsl.Call) -> str:
    """Return the name of the host as this client knows it."""
    return urlsplit(call.base).hostname or "localhost"


# Rotating and revoking


def rotate(call: dsl.Call, token: Token, shape: dsl.Shape) -> Any:
    """Replace a token by a new one like it and show that; the old one is revoked.

    Raises ``BadRequest`` for a last day too far ahead. A token that is revoked already is taken for stolen: whatever it
    was rotated to is revoked, and that stays so although the answer refuses.
    """
    if token.revoked:
        revoke_family(call.store, token)
        reason = f"token {token.id} ({token.name}) was revoked already; every token it was rotated to is revoked now"
        body = {"message": "400 Bad request - Token already revoked"}
        return dsl.present(body, status=400, headers={"X-Mockgitlab-Reason": reason})
    expires_at = call.given.get("expires_at") or default_expiry(call, LIFETIME_AFTER_ROTATION)
    if problems := _problem_of_expiry(call, expires_at):
        raise BadRequest(f"400 Bad request - {sentence(problems)}", reason=reason_of(call, problems))
    call.store.update(token, revoked=True)
    kept: Sequence[str] = ("name", "description", "scopes", "project_id", "group_id", "access_level")
    columns = {name: getattr(token, name) for name in kept} | {"expires_at": expires_at, "previous_id": token.id}
    assert token.user_id is not None, "access tokens act as somebody"
    return dsl.present(insert_token(call.store, token.kind, token.user_id, columns), shape, status=200)


def revoke_family(store: dsl.Store, token: Token) -> None:
    """Revoke every token that this one was rotated to, and those that came of them."""
    family = {token.id}
    waiting = [token.id]
    while waiting:
        for heir in list(store[Token].where(previous_id=waiting.pop())):
            if heir.id not in family:
                family.add(heir.id)
                waiting.append(heir.id)
                store.update(heir, revoked=True)
