"""The calls for what groups know of their people besides members: custom roles, links, seats, who waits."""

from typing import Any

Step = tuple[str, str, str, dict[str, Any]]
ROLE = {"base_access_level": 20, "name": "role", "read_code": True}
LDAP = {"cn": "devs", "group_access": 30, "provider": "main"}
SAML = {"saml_group_name": "devs", "access_level": 30}
AT = "groups/:id"
STEPS: list[Step] = [
    ("POST /member_roles", "member_roles", "root", ROLE),
    (f"POST /{AT}/member_roles", "groups/1/member_roles", "root", ROLE),
    (f"POST /{AT}/ldap_group_links", "groups/1/ldap_group_links", "root", LDAP),
    (f"POST /{AT}/saml_group_links", "groups/1/saml_group_links", "root", SAML),
    (f"PUT /{AT}/members/:user_id/state", "groups/1/members/9/state", "root", {"state": "awaiting"}),
]
READS = {
    f"{AT}/billable_members/:user_id/indirect": "groups/1/billable_members/5/indirect",
    f"{AT}/saml_group_links/:name": "groups/1/saml_group_links/devs",
}
