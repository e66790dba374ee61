"""What groups know of their people besides members, through python-gitlab: roles, seats, LDAP and SAML links."""

from typing import Any

import gitlab

from tests.clients.python_gitlab_rig import refused


def test_a_custom_role_is_made_given_and_deleted(root: Any, ada: Any) -> None:
    role = root.member_roles.create({"name": "Hooks", "base_access_level": 20, "admin_web_hook": True})
    assert (role.group_id, role.admin_web_hook, role.read_code) == (None, True, False)
    members = ada.groups.get("acme").members
    made = members.create({"user_id": 8, "access_level": 20, "member_role_id": role.id})
    assert made.member_role["name"] == "Hooks"
    assert refused(gitlab.GitlabDeleteError, root.member_roles.delete, role.id)[0] == 400
    made.delete()
    root.member_roles.delete(role.id)
    assert root.member_roles.list() == []


def test_an_owner_makes_roles_of_a_group(ada: Any) -> None:
    roles = ada.groups.get("acme").member_roles
    made = roles.create({"name": "Reader", "base_access_level": 10, "read_code": True})
    assert [role.name for role in roles.list()] == ["Reader"]
    roles.delete(made.id)


def test_billable_members_and_their_memberships_are_listed(ada: Any) -> None:
    group = ada.groups.get("acme")
    seats = {member.username: member for member in group.billable_members.list(get_all=True, sort="name_asc")}
    assert (seats["ada"].membership_type, seats["ada"].is_last_owner) == ("group_member", True)
    assert (seats["nora"].membership_type, seats["nora"].removable) == ("project_invite", False)
    found = seats["eve"].memberships.list()
    levels = {one.source_full_name: one.access_level["string_value"] for one in found}
    assert levels == {"Acme": "Developer", "Acme / Engines": "Maintainer"}
    group.billable_members.delete(seats["eve"].id)
    assert group.billable_members.list(search="eve") == []


def test_ldap_groups_are_linked_by_name_or_filter(ada: Any) -> None:
    links = ada.groups.get("acme").ldap_group_links
    assert refused(gitlab.GitlabListError, links.list) == (404, "No linked LDAP groups found")
    links.create({"provider": "main", "group_access": 30, "cn": "devs"})
    by_filter = links.create({"provider": "main", "group_access": 20, "filter": "(cn=ops)"})
    assert [(one.cn, one.filter) for one in links.list()] == [("devs", None), (None, "(cn=ops)")]
    by_filter.delete()
    links.delete(provider="main", cn="devs")
    assert refused(gitlab.GitlabCreateError, ada.groups.get("acme").ldap_sync) == (404, "404 Not Found")


def test_saml_groups_are_linked(ada: Any) -> None:
    links = ada.groups.get("acme").saml_group_links
    made = links.create({"saml_group_name": "devs", "access_level": 30})
    assert [(one.name, one.access_level) for one in links.list()] == [("devs", 30)]
    assert links.get("devs").access_level == 30
    made.delete()
    assert links.list() == []
