"""What projects and their top-level groups say of approving merge requests.

Source: https://docs.gitlab.com/api/merge_request_approval_settings/, GitLab's
ee/lib/api/merge_request_approval_settings.rb and ee/app/services/merge_request_approval_settings.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models import approval_setting as settings
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Forbidden

NAMES = (*settings.FORBIDDING, settings.SELECTIVE, settings.PASSWORD, settings.REAUTHENTICATION)
REAUTHENTICATION_SINCE = "17.1"
PARAMS = [
    dsl.param("allow_author_approval", bool, "Whether authors approve their own merge requests"),
    dsl.param("allow_committer_approval", bool, "Whether those who committed approve"),
    dsl.param(settings.OVERRIDES, bool, "Whether merge requests have rules of their own"),
    dsl.param("retain_approvals_on_push", bool, "Whether approvals stay after a push"),
    dsl.param(settings.SELECTIVE, bool, "Whether a push takes those of code owners back"),
    dsl.param(settings.PASSWORD, bool, "Whether approving takes a password"),
    dsl.param(settings.REAUTHENTICATION, bool, "Whether approving takes a sign-in", since=REAUTHENTICATION_SINCE),
]
CONSTRAINTS = [dsl.at_least_one_of(*NAMES), *(dsl.not_empty(name) for name in NAMES)]
PROJECT, GROUP = (f"{one}/:id/merge_request_approval_setting" for one in ("projects", "groups"))


def _check_owns_root(call: dsl.Call) -> None:
    group = call.at(Group)
    if group.parent_id is not None:
        raise Forbidden(reason=f"{group.full_path} is a subgroup; the top-level group says what holds")
    access.AS_OWNER.check(call)


OWNS_ROOT = dsl.Rule("owner of the top-level group", _check_owns_root)


def _shown(call: dsl.Call, group: Group | None, project: Project | None = None) -> dict[str, Any]:
    shown: dict[str, Any] = settings.resolved(call.store, group, project)
    if call.settings.release < (17, 1):
        del shown[settings.REAUTHENTICATION]
    return shown


def _given(given: dsl.Given) -> dict[str, bool]:
    """Return what was given; the two names of asking for a password are one, of which the newer wins."""
    columns = given.only(*NAMES)
    password = columns.pop(settings.REAUTHENTICATION, columns.get(settings.PASSWORD))
    return columns if password is None else {**columns, settings.PASSWORD: password}


@v4.get(PROJECT, rule=access.AS_MAINTAINER, edition="ee", since="14.10")
def show_project_settings(call: dsl.Call, project: Project) -> dict[str, Any]:
    """Show what a project says of approving, and what its top-level group does."""
    return _shown(call, settings.root_of(call.store, project), project)


@v4.put(PROJECT, rule=access.AS_MAINTAINER, params=PARAMS, constraints=CONSTRAINTS, edition="ee", since="14.10")
def update_project_settings(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, Any]:
    """Change what a project says of approving."""
    columns = {}
    for name, value in _given(given).items():
        column, contrary = settings.FORBIDDING.get(name, (name, False))
        columns[column] = value is not contrary
    changed = call.store.update(project, **columns)
    return _shown(call, settings.root_of(call.store, changed), changed)


@v4.get(GROUP, rule=OWNS_ROOT, edition="ee", since="13.9")
def show_group_settings(call: dsl.Call, group: Group) -> dict[str, Any]:
    """Show what a top-level group says of approving."""
    return _shown(call, group)


@v4.put(GROUP, rule=OWNS_ROOT, params=PARAMS, constraints=CONSTRAINTS, edition="ee", since="13.9")
def update_group_settings(call: dsl.Call, group: Group, given: dsl.Given) -> dict[str, Any]:
    """Change what a top-level group says of approving; what it never said it forbids with the first word."""
    columns = {name: value for name, value in _given(given).items() if name != settings.SELECTIVE}
    said = settings.setting_of(call.store, group)
    if said is None:
        said = call.store.insert(settings.GroupMergeRequestApprovalSetting(group_id=group.id))
    call.store.update(said, **columns)
    return _shown(call, group)
