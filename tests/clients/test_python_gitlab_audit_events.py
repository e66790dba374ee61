"""Audit events driven with python-gitlab."""

from typing import Any


def test_what_was_done_is_listed_for_projects_groups_and_the_instance(root: Any, ada: Any) -> None:
    project, group = ada.projects.get("acme/rocket"), ada.groups.get("acme")
    nora = root.users.list(username="nora")[0]
    project.members.create({"user_id": nora.id, "access_level": 30})
    group.members.create({"user_id": nora.id, "access_level": 20})
    of_project, of_group = project.audit_events.list(get_all=True)[0], group.audit_events.list(get_all=True)[0]
    assert (of_project.event_name, of_project.details["as"]) == ("member_created", "Developer")
    assert (of_project.details["ip_address"], of_group.details["as"]) == ("127.0.0.1", "Reporter")
    assert project.audit_events.get(of_project.id).details == of_project.details
    everywhere = root.audit_events.list(iterator=True, pagination="keyset", order_by="id", per_page=1)
    assert [one.id for one in everywhere][:2] == [of_group.id, of_project.id]
