"""What projects and their top-level groups say of approving merge requests, and what holds of it.

What a group forbids, its projects cannot allow.

Source: https://docs.gitlab.com/api/merge_request_approval_settings/ and GitLab's ee/app/models/compliance_management.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.project import Project

FORBIDDING = {
    "allow_author_approval": ("merge_requests_author_approval", False),
    "allow_committer_approval": ("merge_requests_disable_committers_approval", True),
    "allow_overrides_to_approver_list_per_merge_request": ("disable_overriding_approvers_per_merge_request", True),
    "retain_approvals_on_push": ("reset_approvals_on_push", True),
}
"""The settings that hold where nobody forbids them: the project's column, and whether it says the contrary."""
OVERRIDES, RETAINS = tuple(FORBIDDING)[2:]
SELECTIVE, PASSWORD = "selective_code_owner_removals", "require_password_to_approve"
REAUTHENTICATION = "require_reauthentication_to_approve"


class GroupMergeRequestApprovalSetting(dsl.Entity):
    """What a top-level group says of approving."""

    id: int = dsl.serial()
    group_id: int = dsl.parent("Group")
    allow_author_approval: bool = dsl.hidden(default=False)
    allow_committer_approval: bool = dsl.hidden(default=False)
    allow_overrides_to_approver_list_per_merge_request: bool = dsl.hidden(default=False)
    retain_approvals_on_push: bool = dsl.hidden(default=False)
    require_password_to_approve: bool = dsl.hidden(default=False)


def setting_of(store: dsl.Store, group: Group | None) -> GroupMergeRequestApprovalSetting | None:
    """Return what a group says, if it ever said anything."""
    return store[GroupMergeRequestApprovalSetting].find(group_id=group.id) if group else None


def root_of(store: dsl.Store, project: Project) -> Group | None:
    """Return the top-level group of a project, nothing for one of a user."""
    root = ancestors(store, store[Group][project.namespace_id])[-1]
    return root if root.kind == "group" else None


def resolved(store: dsl.Store, group: Group | None, project: Project | None = None) -> dict[str, dict[str, Any]]:
    """Return what holds in a group or a project, and whether a project only inherits it."""
    said = setting_of(store, group)
    shown = {name: _allowed(getattr(said, name) if said else None, _of_project(project, name)) for name in FORBIDDING}
    demanded = bool(said and said.require_password_to_approve)
    own = bool(project and project.require_password_to_approve)
    password = _setting(demanded or own, locked=demanded and project is not None)
    selective = _setting(bool(project and project.selective_code_owner_removals), locked=False)
    return {**shown, SELECTIVE: selective, PASSWORD: password, REAUTHENTICATION: password}


def _of_project(project: Project | None, name: str) -> bool | None:
    column, contrary = FORBIDDING[name]
    return None if project is None else bool(getattr(project, column)) is not contrary


def _allowed(by_group: bool | None, by_project: bool | None) -> dict[str, Any]:
    return _setting(False not in (by_group, by_project), locked=by_group is False and by_project is not None)


def _setting(value: bool, *, locked: bool) -> dict[str, Any]:
    return {"value": value, "locked": locked, "inherited_from": "group" if locked else None}


def holds(store: dsl.Store, project: Project, name: str) -> bool:
    """Tell whether a setting holds in a project, its top-level group heeded."""
    return bool(resolved(store, root_of(store, project), project)[name]["value"])


def columns_that_hold(store: dsl.Store, project: Project) -> dict[str, bool]:
    """Return the columns of a project as they hold, its top-level group heeded."""
    values = {name: bool(one["value"]) for name, one in resolved(store, root_of(store, project), project).items()}
    columns = {column: values[name] is not contrary for name, (column, contrary) in FORBIDDING.items()}
    return {**columns, PASSWORD: values[PASSWORD]}
