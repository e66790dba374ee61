"""Custom roles: a base role with some permissions more.

Source: https://docs.gitlab.com/api/member_roles/ and GitLab's ee/lib/api/entities/member_role.rb.
"""

from collections.abc import Callable
from typing import Any

from mockgitlab import dsl

_PERMISSIONS = """
admin_merge_request archive_project remove_group remove_project admin_security_attributes
manage_security_policy_link admin_compliance_framework admin_cicd_variables manage_deploy_tokens
manage_group_access_tokens admin_group_member admin_integrations manage_merge_request_settings
manage_project_access_tokens admin_protected_branch admin_protected_environments manage_protected_tags
admin_push_rules admin_runners admin_security_testing admin_terraform_state admin_vulnerability admin_web_hook
read_compliance_dashboard read_admin_cicd read_crm_contact read_dependency read_admin_groups read_admin_projects
read_code read_runners read_admin_subscription read_admin_monitoring read_admin_users read_vulnerability
"""
PERMISSIONS = tuple(_PERMISSIONS.split())


class MemberRole(dsl.Entity):
    """A custom role, of a top-level group or, without ``group_id``, of the whole instance."""

    natural = "name"

    id: int = dsl.serial()
    group_id: int | None = dsl.reference("Group", "The group whose role it is")
    name: str = dsl.required("The name of the role")
    description: str | None = dsl.optional("The description of the role")
    base_access_level: int = dsl.required("The role on which it builds")
    permissions: tuple[str, ...] = dsl.optional("The permissions that it adds", default=())


def _may(permission: str) -> Callable[[MemberRole, dsl.View], Any]:
    return lambda role, view: permission in role.permissions


_GRANTED: dict[str, Any] = {permission: _may(permission) for permission in PERMISSIONS}

MEMBER_ROLE = MemberRole.shape("id", "group_id", "name", "description", "base_access_level", name="MemberRole").plus(
    **_GRANTED
)
