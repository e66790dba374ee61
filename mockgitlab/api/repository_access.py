"""Who may read and write a project's repository, and the rules of the pages that do.

Source: GitLab's lib/api/helpers.rb (``authorize_read_code!``, ``require_repository_enabled!``) and
lib/gitlab/user_access.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import access, protected_refs
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_view import reads_code
from mockgitlab.errors import Forbidden, NotFound


class PushRefused(Forbidden):
    """A branch is protected from the caller."""

    def __init__(self, *, reason: str) -> None:
        super().__init__("You are not allowed to push into this branch", reason=reason)


def _who(call: dsl.Call) -> str:
    return access.me(call).username if call.user else "an anonymous request"


def check_readable(call: dsl.Call) -> None:
    """Raise ``Forbidden`` for who may not read the code of the project that the path names."""
    project = call.at(Project)
    if not reads_code(project, call.view()) and not access.is_admin(call):
        raise Forbidden(reason=f"{_who(call)} may not read the code of {project.full_path}; Reporter or more may")


def check_enabled(call: dsl.Call) -> None:
    """Raise ``NotFound`` where the project's repository is closed to the caller, then check as ``check_readable``."""
    project = call.at(Project)
    if not access.feature_open(call, project, "repository"):
        raise NotFound("Repository", reason=f"the repository of {project.full_path} is closed to {_who(call)}")
    check_readable(call)


def may_push(call: dsl.Call, project: Project) -> bool:
    """Tell whether the current user may push anything to a project."""
    return protected_refs.may_push(call.store, access.viewer(call), project)


def may_push_to(call: dsl.Call, project: Project, branch: str) -> bool:
    """Tell whether the current user may push to a branch, protected or not."""
    return protected_refs.may_push_to(call.store, access.viewer(call), project, branch)


def may_merge_into(call: dsl.Call, project: Project, branch: str) -> bool:
    """Tell whether the current user may merge into a branch, protected or not."""
    return protected_refs.may_merge_into(call.store, access.viewer(call), project, branch)


def check_push(call: dsl.Call) -> None:
    """Raise ``Forbidden`` for who may not push to the project."""
    project = call.at(Project)
    if not may_push(call, project):
        why = "is archived" if project.archived else f"takes pushes from Developer on, {_who(call)} is less"
        raise Forbidden(reason=f"{project.full_path} {why}")


def check_push_to(call: dsl.Call, project: Project, branch: str) -> None:
    """Raise ``PushRefused`` for who may not push to a branch."""
    if not may_push_to(call, project, branch):
        reason = f"{_who(call)} may not push to {branch} of {project.full_path}: see its protected branches"
        raise PushRefused(reason=reason)


def _enabled_and_push(call: dsl.Call) -> None:
    check_enabled(call)
    check_push(call)


def _readable_and_push(call: dsl.Call) -> None:
    check_readable(call)
    check_push(call)


READ = dsl.Rule("read code", check_readable, login=False)
READ_ENABLED = dsl.Rule("read code", check_enabled, login=False)
WRITE_ENABLED = dsl.Rule("read code", check_enabled)
"""For what checks by the branch whether one may push."""
PUSH = dsl.Rule("push code", _readable_and_push)
PUSH_ENABLED = dsl.Rule("push code", _enabled_and_push)
