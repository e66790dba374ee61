"""Who git says it is, and what it may then do with which repository.

Source: GitLab's lib/gitlab/auth.rb (``find_for_git_client``, ``abilities_for_scopes``), lib/gitlab/git_access.rb,
app/controllers/repositories/git_http_client_controller.rb and https://docs.gitlab.com/ci/jobs/ci_job_token/.
"""

from collections.abc import Iterable

from mockgitlab import dsl
from mockgitlab.api import access, identity, protected_refs
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.job_token_scope import admits
from mockgitlab.api.models.project import Project, find_project
from mockgitlab.api.models.project_view import reads_code
from mockgitlab.api.models.token import Token
from mockgitlab.api.models.user import User
from mockgitlab.api.services.projects import LimitReached, create
from mockgitlab.api.services.push_messages import sentences
from mockgitlab.errors import ApiError, NotBuilt, ValidationFailed
from mockgitlab.git.protocol import FETCH, PUSH

SCOPES = {
    FETCH: frozenset(["api", "read_api", "read_repository", "write_repository"]),
    PUSH: frozenset(["api", "write_repository"]),
}
ARCHIVE = "git-upload-archive"
CI_USER = "gitlab-ci-token"
DENIED = (
    "HTTP Basic: Access denied. If a password was provided for Git authentication, the password was incorrect or "
    "you're required to use a token instead of a password. If a token was provided, it was either incorrect, expired, "
    "or improperly scoped. See {base}/help/topics/git/troubleshooting_git.md"
    "#error-on-git-fetch-http-basic-access-denied"
)
NOT_FOUND = "The project you were looking for could not be found or you don't have permission to view it."
UNABLE = {FETCH: "You are not allowed to download code.", PUSH: "You are not allowed to upload code."}
NO_COMMAND = "The command you're trying to execute is not allowed."
NO_FETCH = "You are not allowed to download code from this project."
NO_PUSH = "You are not allowed to push code to this project."
NO_JOB = "Authentication by CI/CD job token not allowed from {source} to {target}."
ARCHIVED = "You can't push code to an archived project."


class Refused(ApiError):
    """A git client is refused, in plain text."""

    def __init__(self, status: int, text: str, *, reason: str = "") -> None:
        headers = {"WWW-Authenticate": 'Basic realm="GitLab"'} if status == 401 else {}
        super().__init__(text, reason=reason, headers=headers)
        self.status = status

    def text(self, style: object) -> str:
        """Return the sentence, which git shows to its user."""
        return f"{self.message}\n"


def admit(call: dsl.Call, path: str, service: str, credentials: Iterable[dsl.Credential]) -> Project:
    """Return the project that the caller may fetch from, or push to; raises ``Refused``, in GitLab's order."""
    if path.endswith(".design"):
        raise NotBuilt(f"the git repository {path}.git")
    project = found_project(call.store, path)
    open_to_all = service == FETCH and project is not None and _reads(call, project)
    sign_in(call, project, service, list(credentials), open_to_all=open_to_all)
    check_service(call, service)
    project = project or (_created(call, path) if service == PUSH else None)
    if project is None or not may_know(call, project):
        raise Refused(404, NOT_FOUND, reason=f"there is no {path}" if project is None else f"{path} is closed to you")
    _check_fetch(call, project) if service == FETCH else _check_push(call, project)
    return project


def found_project(store: dsl.Store, path: str) -> Project | None:
    """Return the project that has a path, or had it before."""
    if "/" not in path:
        return None
    project = find_project(store, path) or store[Project].where(moved_from=path.lower()).first()
    return None if project is not None and project.pending_delete else project


def _created(call: dsl.Call, path: str) -> Project | None:
    """Return a new private project, as GitLab makes one of a push to a path that is free."""
    above, _, name = path.rpartition("/")
    namespace = call.store[Group].find(folded=above.lower())
    if call.user is None or namespace is None or not access.may_create_projects(call.store, call.user, namespace):
        return None
    try:
        return create(call, call.user, {"path": name, "namespace_id": namespace.id, "visibility": "private"})
    except (ValidationFailed, LimitReached) as error:
        raise Refused(422, f"Could not create project: {sentences(error)}", reason=f"no push makes {path}") from None


# Who it is


def sign_in(
    call: dsl.Call, project: Project | None, service: str, credentials: list[dsl.Credential], *, open_to_all: bool
) -> None:
    """Set the user and token of a call by what git sends; raises ``Refused`` where that is nobody's.

    Git takes name and password alone, as GitLab does: with a bearer in the headers one is anonymous, which is enough
    for what is ``open_to_all``.
    """
    for one in credentials:
        token = call.store[Token].find(value=one.secret)
        user = _by_login(call.store, one.username) if token is None else None
        if token is not None and _counts(call, project, token, one.username):
            call.token, call.user = token, call.store[User].get(token.user_id)
            return
        if user is not None and user.password and user.password == one.secret and _may_sign_in(user, call):
            call.user = user
            return
    if credentials or not open_to_all:
        given = "a name and password" if credentials else "nothing" if not _bearer(call) else "a bearer"
        raise Refused(
            401,
            DENIED.format(base=call.base),
            reason=f"git gave {given}; a token of who may do this is needed as the password",
        )


def _by_login(store: dsl.Store, login: str) -> User | None:
    """Return the user with a username or an email address."""
    folded = login.lower()
    return (store[User].find(folded=folded) or store[User].find(folded_email=folded)) if login else None


def _bearer(call: dsl.Call) -> bool:
    return (call.headers.get("Authorization") or "").lower().startswith("bearer")


def _counts(call: dsl.Call, project: Project | None, token: Token, name: str) -> bool:
    """Tell whether a token stands for somebody; those of jobs and for deploying have a name of their own."""
    if token.revoked or token.expired(call.now):
        return False
    if token.kind == "job":
        return name == CI_USER
    if token.kind == "deploy":
        return name == token.login and (project is None or _deploys(call.store, token, project))
    user = call.store[User].get(token.user_id)
    if token.kind not in identity.WITH_SCOPES or user is None or not _may_sign_in(user, call):
        return False
    if token.kind in ("project", "group"):
        return project is None or access.can_read(call.store, user, project)
    return token.kind != "impersonation" or call.settings.impersonation


def _may_sign_in(user: User, call: dsl.Call) -> bool:
    expired = user.password_expires_at is not None and user.password_expires_at <= call.now and not user.bot
    return not (user.blocked or user.state == "deactivated" or expired)


def _deploys(store: dsl.Store, token: Token, project: Project) -> bool:
    """Tell whether a deploy token is for a project, or for a group above it."""
    above = store[Group].get(project.namespace_id)
    groups = [one.id for one in ancestors(store, above)] if above else []
    return project.id == token.project_id or token.group_id in groups


# What it may do


def check_service(call: dsl.Call, service: str) -> None:
    """Raise ``Refused`` where the scopes of a token forbid a service, or there is no such service."""
    if service == ARCHIVE:
        raise Refused(404, "Not Found", reason="git archive --remote is not spoken over HTTP; the API makes archives")
    if service not in SCOPES:
        raise Refused(403, NO_COMMAND, reason="info/refs was asked for without service=git-upload-pack")
    token = call.token
    if token is not None and token.kind != "job" and SCOPES[service].isdisjoint(token.scopes):
        fitting = ", ".join(sorted(SCOPES[service]))
        raise Refused(403, UNABLE[service], reason=f"the scopes of the token are {token.scopes}; one of {fitting} does")


def may_know(call: dsl.Call, project: Project) -> bool:
    """Tell whether the caller may know of a project; raises ``Refused`` for a job of one not on its allowlist."""
    token = call.token
    if token is not None and token.kind == "deploy":
        return True
    if token is None or token.kind != "job" or token.project_id in (None, project.id) or project.visibility == "public":
        return access.can_read(call.store, call.user, project)
    origin = call.store[Project][token.project_id]
    if admits(call.store, project, origin):
        return access.can_read(call.store, call.user, project)
    text = NO_JOB.format(source=origin.full_path, target=project.full_path)
    reason = f"the job runs in {origin.full_path}, which is not on the allowlist of {project.full_path}"
    raise Refused(403, text, reason=reason)


def _reads(call: dsl.Call, project: Project) -> bool:
    seen = access.can_read(call.store, call.user, project)
    return seen and (reads_code(project, call.view()) or access.is_admin(call))


def _check_fetch(call: dsl.Call, project: Project) -> None:
    if call.token is not None and call.token.kind == "deploy":
        allowed = project.repository_access_level != "disabled"
    else:
        allowed = _reads(call, project)
    if not allowed:
        raise Refused(403, NO_FETCH, reason=f"the code of {project.full_path} is for Reporter or more")


def _check_push(call: dsl.Call, project: Project) -> None:
    token = call.token
    if project.archived:
        raise Refused(403, ARCHIVED, reason=f"{project.full_path} is archived")
    if token is not None and token.kind == "job" and not project.ci_push_repository_for_job_token_allowed:
        raise Refused(403, NO_PUSH, reason="ci_push_repository_for_job_token_allowed is off: no job may push")
    if not code.may_push(call, project) and not protected_refs.collaborates(call.store, call.user, project):
        who = call.user.username if call.user else "the token"
        raise Refused(403, NO_PUSH, reason=f"{who} may not push to {project.full_path}; Developer or more may")
