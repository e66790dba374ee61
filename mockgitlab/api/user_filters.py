"""Which users a list shows, and in which order.

Source: https://docs.gitlab.com/api/users/ and GitLab's app/finders/users_finder.rb.
"""

from collections.abc import Callable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.email import Email
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import BOTS, INTERNAL, User
from mockgitlab.api.models.user_identity import Identity
from mockgitlab.store import Query

Users = Query[User]

SHOWN_TO_USERS = ("active", "deactivated", "blocked_pending_approval")
INACTIVE = ("blocked", "ldap_blocked", "banned", "deactivated", "blocked_pending_approval")
SEARCHED_EXACTLY_BELOW = 3
ORDERS = ("id", "name", "username", "created_at", "updated_at")


def flag(name: str, description: str, narrow: Callable[[Users], Users]) -> dsl.Filter:
    """Declare a filter that narrows when its parameter is true, and does nothing when it is false."""
    return dsl.by(name, bool, description, lambda query, value, call: narrow(query) if value else query, default=False)


def for_admins(given: dsl.Filter) -> dsl.Filter:
    """Return a filter that does nothing unless an administrator asks."""

    def narrow(query: Users, value: Any, call: dsl.Call) -> Users:
        return given.narrow(query, value, call) if access.is_admin(call) else query

    return dsl.Filter(given.params, narrow)


def _not_internal(users: Users) -> Users:
    return users.filter(lambda user: not user.internal, "not internal")


def _by_username(users: Users, username: str, call: dsl.Call) -> Users:
    return users.where(folded=username.lower()) if username else users


def _identified(users: Users, call: dsl.Call, **columns: Any) -> Users:
    return users.among("id", [row.user_id for row in call.store[Identity].where(**columns)])


def _by_extern_uid(users: Users, extern_uid: str, call: dsl.Call) -> Users:
    return _identified(users, call, extern_uid=extern_uid, provider=call.given.get("provider"))


def _by_saml_provider(users: Users, saml_provider_id: int, call: dsl.Call) -> Users:
    return _identified(users, call, saml_provider_id=saml_provider_id)


def _skip_ldap(users: Users, value: bool, call: dsl.Call) -> Users:
    ldap = frozenset(row.user_id for row in call.store[Identity].all() if row.provider.startswith("ldap"))
    return users.filter(lambda user: user.id not in ldap, ("not of", ldap)) if value else users


def _without_projects(users: Users, value: bool, call: dsl.Call) -> Users:
    if not value:
        return users
    store = call.store
    direct = {project.namespace_id for project in store[Project].all()}
    homes = {group.id for id in direct for group in ancestors(store, store[Group][id])}
    members = [*store[Member].where(source_type="Project"), *_members_of(store, homes)]
    owners = (store[Group][id].owner_id for id in homes)
    busy = frozenset((*(member.user_id for member in members), *owners))
    return users.filter(lambda user: user.id not in busy, ("not of", busy))


def _members_of(store: dsl.Store, groups: set[int]) -> list[Member]:
    return list(store[Member].where(source_type="Namespace").among("source_id", groups))


def _two_factor(users: Users, value: str, call: dsl.Call) -> Users:
    known = {"enabled": True, "disabled": False}
    return users.where(two_factor_enabled=known[value]) if value in known else users


def _by_custom_attributes(users: Users, wanted: dict[str, Any], call: dsl.Call) -> Users:
    pairs = tuple((key, str(value)) for key, value in wanted.items())
    return users.filter(
        lambda user: all((user.custom_attributes or {}).get(key) == value for key, value in pairs), ("custom", pairs)
    )


# Search and order


def search_users(users: Users, text: str, call: dsl.Call) -> Users:
    """Keep the users whose name, username or address a text finds, those first that it is all of."""
    wanted = text.removeprefix("@").strip().lower()
    if not wanted:
        return users.among("id", ())
    emails = _ids_by_email(call.store, wanted) if access.is_admin(call) else frozenset()
    found = users.filter(lambda user: user.id in emails or matches(user, wanted), ("search", wanted, emails))
    return found.order_by(f"relevance to {wanted}", value=lambda user: (_relevance(user, wanted), user.name))


def _ids_by_email(store: dsl.Store, wanted: str) -> frozenset[int]:
    confirmed = [row.user_id for row in store[Email].where(folded_email=wanted) if row.confirmed_at]
    return frozenset([*confirmed, *(user.id for user in store[User].where(folded_email=wanted))])


def matches(user: User, wanted: str) -> bool:
    """Tell whether a text in small letters is in a user's name or username, or is the public email."""
    texts = (user.name.lower(), user.folded)
    if (user.public_email or "").lower() == wanted:
        return True
    if len(wanted) < SEARCHED_EXACTLY_BELOW:
        return wanted in texts
    return any(all(word in text for word in wanted.split()) for text in texts)


def _relevance(user: User, wanted: str) -> int:
    exact = ((user.public_email or "").lower(), user.folded, user.name.lower())
    return exact.index(wanted) if wanted in exact else len(exact)


def _order(users: Users, by: str, call: dsl.Call) -> Users:
    """Sort as an administrator asks; others get the newest first, or what fits their search best."""
    if access.is_admin(call):
        return users.order_by("id" if by == "created_at" else by, descending=call.given.get("sort") != "asc")
    return users if call.given.get("search") else users.order_by("id", descending=True)


_EXTERN = (
    dsl.param("extern_uid", str, "The user's name at another service"),
    dsl.param("provider", str, "The service"),
)
_ORDER = (
    dsl.param("order_by", str, "Return users ordered by a field", default="id", enum=ORDERS),
    dsl.param("sort", str, "Ascending or descending", default="desc", enum=("asc", "desc")),
)
FILTERS = [
    dsl.by("username", str, "Get a single user with a specific username", _by_username),
    dsl.Filter(_EXTERN, _by_extern_uid),
    flag("active", "Only active users", lambda users: _not_internal(users.where(state="active"))),
    flag("external", "Only external users", lambda users: users.where(external=True)),
    flag("blocked", "Only blocked users", lambda users: users.among("state", ("blocked", "ldap_blocked"))),
    flag("humans", "Only users that are no bots", lambda users: users.where(user_type="human")),
    flag("exclude_active", "No active users", lambda users: users.among("state", INACTIVE)),
    flag("exclude_external", "No external users", lambda users: users.where(external=False)),
    flag("exclude_humans", "Only bots", lambda users: users.among("user_type", (*BOTS, *INTERNAL))),
    flag("exclude_internal", "No internal users", _not_internal),
    flag("without_project_bots", "No bots of access tokens", lambda users: users.filter(_is_no_project_bot, "no bots")),
    dsl.by("public_email", str, "By public email", lambda users, value, call: users.where(public_email=value)),
    *map(for_admins, dsl.dates("created")),
    for_admins(dsl.by("without_projects", bool, "Only users without projects", _without_projects, default=False)),
    for_admins(flag("admins", "Only administrators", lambda users: users.where(admin=True))),
    for_admins(flag("auditors", "Only auditors", lambda users: users.where(auditor=True))),
    for_admins(dsl.by("two_factor", str, "With two-factor authentication enabled or disabled", _two_factor)),
    for_admins(dsl.by("custom_attributes", dict[str, Any], "By custom attributes", _by_custom_attributes)),
    for_admins(dsl.by("saml_provider_id", int, "Only users of a SAML provider", _by_saml_provider, until="18.2")),
    dsl.by("skip_ldap", bool, "No users of LDAP", _skip_ldap, default=False),
    dsl.by("search", str, "Search by name, username or public email", search_users),
    dsl.Filter(_ORDER, _order),
]


def _is_no_project_bot(user: User) -> bool:
    return user.user_type != "project_bot"
