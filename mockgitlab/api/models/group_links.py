"""Links of groups to the groups of LDAP and SAML, whose people they are to have as members.

Source: https://docs.gitlab.com/api/ldap_group_links/, https://docs.gitlab.com/api/saml/ and GitLab's
ee/lib/api/entities/ldap_group_link.rb, saml_group_link.rb.
"""

from typing import Literal

from mockgitlab import dsl

LinkLevel = Literal[5, 10, 15, 20, 30, 40, 50]
"""The levels of a link: those of members, and minimal access."""


class LdapGroupLink(dsl.Entity):
    """A link to an LDAP group by its common name, or to the people whom an LDAP filter finds."""

    id: int = dsl.serial()
    group_id: int = dsl.parent("Group")
    cn: str | None = dsl.optional("The common name of the LDAP group")
    group_access: int = dsl.required("The role that its people get")
    provider: str = dsl.required("The LDAP server")
    filter: str | None = dsl.optional("The LDAP filter that finds people")
    member_role_id: int | None = dsl.optional("A custom role for its people")


class SamlGroupLink(dsl.Entity):
    """A link to a group of a SAML provider."""

    id: int = dsl.serial()
    group_id: int = dsl.parent("Group")
    name: str = dsl.required("The name of the SAML group")
    access_level: int = dsl.required("The role that its people get")
    member_role_id: int | None = dsl.optional("A custom role for its people")
    provider: str | None = dsl.optional("The provider that must name the group")


LDAP_GROUP_LINK = LdapGroupLink.shape("cn", "group_access", "provider", "filter", "member_role_id").called(
    "LdapGroupLink"
)
SAML_GROUP_LINK = SamlGroupLink.shape("name", "access_level", "member_role_id", "provider").called("SamlGroupLink")
