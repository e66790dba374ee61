"""Links of groups to groups of LDAP, which are kept; there is no LDAP server to synchronise with.

Source: https://docs.gitlab.com/api/ldap_group_links/ and GitLab's ee/lib/api/ldap_group_links.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.group_links import LDAP_GROUP_LINK, LdapGroupLink, LinkLevel
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Conflict, NotFound
from mockgitlab.store import Query

NAMED = (
    dsl.param("cn", str, "The common name of the LDAP group"),
    dsl.param("filter", str, "The LDAP filter that finds people"),
    dsl.param("provider", str, "The LDAP server", required=True),
)
EITHER = dsl.exactly_one_of("cn", "filter")


class _Missing(NotFound):
    """There is no such link; GitLab says so without a number."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(reason=reason)
        self.message = message


def _links(call: dsl.Call, group: Group, **columns: Any) -> Query[LdapGroupLink]:
    return call.store[LdapGroupLink].where(group_id=group.id, **columns)


@v4.get("groups/:id/ldap_group_links", rule=access.AS_OWNER, shape=LDAP_GROUP_LINK, paginated=False, edition="ee")
def list_links(call: dsl.Call, group: Group) -> Query[LdapGroupLink]:
    """List the LDAP links of a group, of which there must be some."""
    links = _links(call, group)
    if not links.exists():
        raise _Missing("No linked LDAP groups found", reason=f"{group.full_path} has no LDAP links")
    return links


@v4.post(
    "groups/:id/ldap_group_links",
    rule=access.AS_OWNER,
    shape=LDAP_GROUP_LINK,
    params=[*NAMED, dsl.param("member_role_id", int, "A custom role for its people")],
    constraints=[EITHER],
    edition="ee",
)
def create_link(
    call: dsl.Call, group: Group, given: dsl.Given, group_access: Annotated[LinkLevel, "The role that its people get"]
) -> LdapGroupLink:
    """Link a group to a group of LDAP, or to the people whom a filter finds."""
    name = "cn" if given.get("cn") else "filter"
    if _links(call, group, provider=given["provider"], **{name: given[name]}).exists():
        raise Conflict(f"{name.capitalize()} has already been taken", reason=f"{given[name]} is linked already")
    role = {"group_access": group_access, "member_role_id": given.get("member_role_id")}
    return call.store.insert(LdapGroupLink(group_id=group.id, **given.only("cn", "filter", "provider"), **role))


def _delete(call: dsl.Call, group: Group, **columns: Any) -> None:
    link = _links(call, group, **columns).first()
    if link is None:
        raise _Missing("Linked LDAP group not found", reason=f"{group.full_path} has no LDAP link with {columns}")
    call.store.delete(link)


@v4.delete(
    "groups/:id/ldap_group_links", rule=access.AS_OWNER, params=NAMED, constraints=[EITHER], edition="ee", since="13.0"
)
def delete_link(call: dsl.Call, group: Group, given: dsl.Given) -> None:
    """Delete the LDAP link with a common name or filter."""
    _delete(call, group, **given.only("cn", "filter", "provider"))


@v4.delete("groups/:id/ldap_group_links/:cn", rule=access.AS_OWNER, conditional=False, edition="ee")
def delete_link_by_cn(call: dsl.Call, group: Group, cn: Annotated[str, "The common name of the LDAP group"]) -> None:
    """Delete the LDAP link with a common name, of whichever server; deprecated."""
    _delete(call, group, cn=cn)


@v4.delete("groups/:id/ldap_group_links/:provider/:cn", rule=access.AS_OWNER, conditional=False, edition="ee")
def delete_link_of_provider(
    call: dsl.Call,
    group: Group,
    provider: Annotated[str, "The LDAP server"],
    cn: Annotated[str, "The common name of the LDAP group"],
) -> None:
    """Delete the LDAP link with a common name and server; deprecated."""
    _delete(call, group, cn=cn, provider=provider)


@v4.post("groups/:id/ldap_sync", success=202, edition="ee")
def synchronise(call: dsl.Call, group: Group) -> None:
    """Refuse to synchronise a group with LDAP, as a GitLab does that knows no LDAP server."""
    raise NotFound(reason="no LDAP server is configured, and there is none to configure here")
