"""Links of groups to groups of a SAML provider.

Source: https://docs.gitlab.com/api/saml/ and GitLab's ee/lib/api/saml_group_links.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.group_links import SAML_GROUP_LINK, LinkLevel, SamlGroupLink
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, NotFound, Unauthorized, Unprocessable
from mockgitlab.store import Query

TAKEN = "Saml group name has already been taken"
SEVERAL = "Multiple group links found with the same name. Please specify a provider parameter to disambiguate."
Provider = Annotated[str | None, "The provider, where several links have the name"]


def _check(call: dsl.Call) -> None:
    group = call.at(Group)
    if access.level(call, group) < access.OWNER:
        raise Unauthorized(reason=f"{access.me(call).username} is no owner of {group.full_path}")


RULE = dsl.Rule("owner", _check)


def _links(call: dsl.Call, group: Group, **columns: Any) -> Query[SamlGroupLink]:
    return call.store[SamlGroupLink].where(group_id=group.id, **columns)


def _find(call: dsl.Call, group: Group, name: str, provider: str | None) -> SamlGroupLink:
    links = _links(call, group, name=name)
    if "provider" in call.sent:
        links = links.where(provider=provider or None)
    elif links.count() > 1:
        raise Unprocessable(SEVERAL, reason=f"{links.count()} links of {group.full_path} are called {name}")
    link = links.first()
    if link is None:
        raise NotFound(reason=f"{group.full_path} has no SAML link {name}")
    return link


@v4.get("groups/:id/saml_group_links", rule=RULE, shape=SAML_GROUP_LINK, paginated=False, edition="ee", since="15.3")
def list_links(call: dsl.Call, group: Group) -> Query[SamlGroupLink]:
    """List the SAML links of a group."""
    return _links(call, group)


@v4.get("groups/:id/saml_group_links/:name", rule=RULE, shape=SAML_GROUP_LINK, edition="ee", since="15.3")
def show_link(
    call: dsl.Call, group: Group, name: Annotated[str, "The name of the SAML group"], provider: Provider = None
) -> SamlGroupLink:
    """Show a SAML link of a group."""
    return _find(call, group, name, provider)


@v4.post("groups/:id/saml_group_links", rule=RULE, shape=SAML_GROUP_LINK, edition="ee", since="15.3")
def create_link(
    call: dsl.Call,
    group: Group,
    saml_group_name: Annotated[str, "The name of the SAML group"],
    access_level: Annotated[LinkLevel, "The role that its people get"],
    member_role_id: Annotated[int | None, "A custom role for its people"] = None,
    provider: Annotated[str | None, "The provider that must name the group"] = None,
) -> SamlGroupLink:
    """Link a group to a group of a SAML provider."""
    named = {"name": saml_group_name, "provider": provider or None}
    if _links(call, group, **named).exists():
        raise BadRequest(TAKEN, reason=f"{saml_group_name} is linked to {group.full_path} already")
    role = {"access_level": access_level, "member_role_id": member_role_id}
    return call.store.insert(SamlGroupLink(group_id=group.id, **named, **role))


@v4.delete("groups/:id/saml_group_links/:name", rule=RULE, conditional=False, edition="ee", since="15.3")
def delete_link(
    call: dsl.Call, group: Group, name: Annotated[str, "The name of the SAML group"], provider: Provider = None
) -> None:
    """Delete a SAML link of a group."""
    call.store.delete(_find(call, group, name, provider))
