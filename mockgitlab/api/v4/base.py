"""The API v4 itself, and how its paths name projects, groups and users."""

import difflib
import re
from urllib.parse import quote

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models import group as groups
from mockgitlab.api.models import project as projects
from mockgitlab.api.models import user as users
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.job_token_scope import admits
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.scopes import allowing
from mockgitlab.api.services import progress
from mockgitlab.errors import ApiError, Forbidden, InvalidParameters, MethodNotAllowed, NotFound, RouteNotFound, Style

ALLOWLISTS_SINCE = (15, 9)
COMPARED_AT_MOST = 500
"""Of so many paths the nearest to one that nothing has is looked for."""


def scopes(method: str, path: str) -> tuple[str, ...]:
    """Return the token scopes that allow an operation, any one of them."""
    return allowing(method, path)


v4 = dsl.Api("v4", "/api/v4", scopes=scopes, anyone=access.ANYONE, user=access.USER)


class Moved(ApiError):
    """The project is found under another path now; GET is sent there, other methods are refused.

    Source: https://docs.gitlab.com/api/rest/#redirects.
    """

    status = 301

    def text(self, style: Style) -> str:
        """Return the sentence as plain text, as GitLab does."""
        return str(self.message)


@v4.locator("projects/:id")
def find_project(call: dsl.Call, value: str) -> Project:
    """Return the project named by id or path that the caller may know of."""
    project = projects.find_project(call.store, value)
    if project is not None and (project.pending_delete or project.import_status == "scheduled"):
        project = progressed(call.store, project)
    if project is None:
        refuse_moved(call, value)
        raise NotFound("Project", reason=f"there is no project {value}{_meant(call, Project, value)}")
    check_job(call, project)
    if not access.can_read(call.store, call.user, project):
        raise NotFound("Project", reason=hidden(call, project))
    return project


def check_job(call: dsl.Call, project: Project) -> None:
    """Refuse a job of another project that is not on the allowlist, where the project is not open to everybody.

    Source: https://docs.gitlab.com/ci/jobs/ci_job_token/#control-job-token-access-to-your-project.
    """
    if call.token is None or call.token.kind != "job" or project.visibility != "private":
        return
    own = call.store[Project].get(call.token.project_id)
    if own is None or call.settings.release < ALLOWLISTS_SINCE or admits(call.store, project, own):
        return
    detail = f"Authentication by CI/CD job token not allowed from {own.path} to {project.path}."
    reason = f"the job runs in {own.full_path}, which is not on the allowlist of {project.full_path}"
    raise Forbidden(detail, reason=reason)


def progressed(store: dsl.Store, project: Project) -> Project | None:
    """Return a project that GitLab still works on as it is now, nothing while it is being deleted."""
    progress.read(store, "deletions" if project.pending_delete else "imports", project.id)
    now = store[Project].get(project.id)
    return None if now is None or now.pending_delete else now


def _meant(call: dsl.Call, kind: type[Project] | type[Group], value: str) -> str:
    """Say of a path that names nothing what is wrong with its encoding, or which path is near."""
    if "%2f" in value.lower():
        return "; its slash was encoded twice: %252F came, %2F was meant"
    above = value.rpartition("/")[0] if kind is Project else ""
    while above:
        if projects.find_project(call.store, above) is not None:
            return f"; there is {above}, and the slash after it is not to be written %2F"
        above = above.rpartition("/")[0]
    known = [one.full_path or "" for one in call.store[kind].all().page(0, COMPARED_AT_MOST)]
    near = difflib.get_close_matches(value[:200], known, 1)
    return f"; the nearest is {near[0]}" if near else ""


def hidden(call: dsl.Call, at: Project | Group) -> str:
    """Say why a record is hidden from the caller."""
    who = f"{call.user.username} is no member" if call.user else "the request is anonymous"
    return f"{type(at).__name__.lower()} {at.full_path} is {at.visibility} and {who}"


def refuse_moved(call: dsl.Call, value: str) -> None:
    """Raise ``Moved`` where a path is one that a project had before."""
    if call.operation.api != "v4":
        return
    moved = call.store[Project].where(moved_from=value.lower()).first()
    if moved is None or not access.can_read(call.store, call.user, moved):
        return
    if call.method != "GET":
        raise MethodNotAllowed(
            message="Non GET methods are not allowed for moved projects", reason=f"{value} is {moved.full_path} now"
        )
    path = call.operation.path.replace(":id", str(moved.id), 1)
    for name, given in call.path.items():
        path = re.sub(rf"[:*]{name}\b", quote(given, safe=""), path) if name != "id" else path
    url = f"{call.base}/api/{call.operation.api}/{path}{'?' if call.query else ''}{call.query}"
    raise Moved(
        f"This resource has been moved permanently to {url}",
        headers={"Location": url},
        reason=f"{value} is {moved.full_path} now",
    )


@v4.locator("groups/:id")
def find_group(call: dsl.Call, value: str) -> Group:
    """Return the group named by id or path that the caller may know of."""
    group = groups.find_group(call.store, value)
    if group is None:
        raise NotFound("Group", reason=f"there is no group {value}{_meant(call, Group, value)}")
    if not access.can_read(call.store, call.user, group):
        raise NotFound("Group", reason=hidden(call, group))
    return group


@v4.locator("users/:id")
def find_user(call: dsl.Call, value: str) -> User:
    """Return the user with this id; where GitLab's own route wants a number, a path with a name is no route."""
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        reason = f"users are named here by their id, a whole number, not {value!r}"
        if "user_id" in call.path:
            raise InvalidParameters(["user_id is invalid"], reason=reason)
        raise RouteNotFound(reason=reason)
    return find_named_user(call, value)


def find_named_user(call: dsl.Call, value: str) -> User:
    """Return the user with this id or username."""
    user = users.find_user(call.store, value)
    if user is None:
        raise NotFound("User", reason=f"there is no user {value}")
    return user


BY_NAME = tuple((name, dsl.Locator(find_named_user)) for name in ("id", "user_id", "id_or_username"))
"""The ``locators`` of operations whose path may name a user by username as well."""
