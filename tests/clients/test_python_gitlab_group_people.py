"""What groups know of their people besides members, through python-gitlab: roles, seats, LDAP and SAML links."""

from typing import Any

import gitlab
import pytest

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


@pytest.mark.parametrize(("kind", "path"), [("groups", "acme"), ("projects", "acme/rocket")])
def test_service_accounts_have_tokens_with_which_they_act(
    make_mockgitlab: Any, mockgitlab_scenario: str, kind: str, path: str
) -> None:
    latest = make_mockgitlab(mockgitlab_scenario, {"mockgitlab": 1, "gitlab": {"version": "18.11.0"}})
    with gitlab.Gitlab(latest.url, private_token=latest.token("ada")) as ada:
        accounts = getattr(ada, kind).get(path).service_accounts
        made = accounts.create({"name": "Deployer", "username": "deployer"})
        assert [one.username for one in accounts.list()] == ["deployer"]
        token = made.access_tokens.create({"name": "ci", "scopes": ["api"]})
        with gitlab.Gitlab(latest.url, private_token=token.token) as client:
            me: Any = client.http_get("/user")
        assert me["username"] == "deployer"
        assert [one.name for one in made.access_tokens.list()] == ["ci"]
        fresh = made.access_tokens.rotate(token.id)
        assert fresh["token"] != token.token
        made.access_tokens.delete(fresh["id"])
        made.delete()
        assert accounts.list() == []


def test_an_administrator_has_service_accounts_of_the_instance(root: Any) -> None:
    made = root.service_accounts.create({"name": "Robot"})
    assert made.username.startswith("service_account_")
    root.users.get(made.id).delete()


def test_who_was_provisioned_by_a_group_is_listed(ada: Any) -> None:
    group = ada.groups.get("acme")
    group.service_accounts.create({"username": "made-here"})
    found = group.manager.gitlab.http_list(f"/groups/{group.id}/provisioned_users", get_all=True)
    assert [user["username"] for user in found] == ["made-here"]
