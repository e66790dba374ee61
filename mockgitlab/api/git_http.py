"""Git over HTTP: clone, fetch and push of a project, with the tokens and roles of the API.

Source: https://docs.gitlab.com/user/project/repository/, GitLab's app/controllers/repositories/git_http_controller.rb,
lib/gitlab/git_access.rb and lib/gitlab/checks/.
"""

from collections.abc import Iterable

from mockgitlab import dsl
from mockgitlab.api import access, identity
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.project import Project, find_project
from mockgitlab.api.models.project_view import reads_code
from mockgitlab.api.models.token import Token
from mockgitlab.api.models.user import User, find_user
from mockgitlab.api.services import git_pushes
from mockgitlab.api.services.repositories import HEADS, Repository
from mockgitlab.errors import ApiError
from mockgitlab.git.protocol import FETCH, PUSH, ProtocolError, advertisement, packet
from mockgitlab.git.upload import Shop, answer_fetch

SCOPES = {FETCH: ("api", "read_repository", "write_repository"), PUSH: ("api", "write_repository")}
WITH_SCOPES = (*identity.WITH_SCOPES, "deploy")
NO_CACHE = {"Cache-Control": "no-cache, max-age=0, must-revalidate", "Pragma": "no-cache"}
DENIED = (
    "HTTP Basic: Access denied. If a password was provided for Git authentication, the password was incorrect or "
    "you're required to use a token instead of a password. If a token was provided, it was either incorrect, expired, "
    "or improperly scoped."
)
NOT_FOUND = "The project you were looking for could not be found or you don't have permission to view it."
NO_PUSH = "You are not allowed to push code to this project."
DUMB = "mockgitlab speaks git's smart protocol alone: use git 1.6.6 or later"


class Refused(ApiError):
    """A git client is refused, in plain text."""

    def __init__(self, status: int, text: str, *, reason: str = "") -> None:
        headers = {"WWW-Authenticate": 'Basic realm="GitLab"'} if status == 401 else {}
        super().__init__(text, reason=reason, headers=headers)
        self.status = status

    def text(self, style: object) -> str:
        """Return the sentence, which git shows to its user."""
        return f"{self.message}\n"


def answer(
    call: dsl.Call, path: str, service: str, credentials: Iterable[dsl.Credential], body: bytes | None
) -> dsl.Raw:
    """Answer a request of git: what there is when it has no ``body``, else a fetch or a push. Raises ``Refused``."""
    if service not in SCOPES:
        raise Refused(403, DUMB, reason="info/refs was asked for without service=git-upload-pack")
    with call.store.lock:
        sign_in(call, service, list(credentials))
        with call.store.transaction():
            project = _project(call, path, service)
            call.located[Project] = project
            if body is None:
                return _advertise(call, project, service)
            return _fetch(call, project, body) if service == FETCH else git_pushes.receive(call, project, body)


def sign_in(call: dsl.Call, service: str, credentials: list[dsl.Credential]) -> None:
    """Set the user and token of a call by what git sends; raises ``Refused`` where it is nobody's."""
    for one in credentials:
        token = call.store[Token].find(value=one.secret)
        if token is not None and _fits(call, token, service, one):
            call.token, call.user = token, call.store[User].get(token.user_id)
            return
        user = find_user(call.store, one.username) if one.username else None
        if token is None and user is not None and user.password and user.password == one.secret and not user.blocked:
            call.user = user
            return
    if credentials:
        raise Refused(401, DENIED, reason="no token or password that may do this has the value given")


def _fits(call: dsl.Call, token: Token, service: str, credential: dsl.Credential) -> bool:
    """Tell whether a token may be used for this; job and deploy tokens only fetch, with a name of their own."""
    if token.revoked or token.expired(call.now):
        return False
    if token.kind == "job":
        return service == FETCH and credential.username in ("gitlab-ci-token", "")
    user = call.store[User].get(token.user_id)
    if (
        token.kind not in WITH_SCOPES
        or (user is not None and user.blocked)
        or (user is None and token.kind != "deploy")
    ):
        return False
    if token.kind == "impersonation" and not call.settings.impersonation:
        return False
    return not set(SCOPES[service]).isdisjoint(token.scopes)


def _project(call: dsl.Call, path: str, service: str) -> Project:
    """Return the project that the caller may fetch from, or push to; anonymous callers are asked who they are."""
    project = find_project(call.store, path) if "/" in path else None
    readable = project is not None and may_fetch(call, project)
    if project is not None and readable and (service == FETCH or code.may_push(call, project)):
        return project
    if call.user is None and call.token is None:
        raise Refused(401, DENIED, reason=f"{path} needs a token for this, none was given")
    who = call.user.username if call.user else "the token"
    if readable:
        raise Refused(403, NO_PUSH, reason=f"{who} may not push to {path}; Developer or more may")
    raise Refused(404, NOT_FOUND, reason=f"there is no {path}" if project is None else f"{path} is closed to {who}")


def may_fetch(call: dsl.Call, project: Project) -> bool:
    """Tell whether the caller may fetch from a project; a deploy token from that of its own."""
    if call.token is not None and call.token.kind == "deploy":
        return bool(project.id == call.token.project_id or project.namespace_id == call.token.group_id)
    seen = access.can_read(call.store, access.me(call) if call.user else None, project)
    return seen and (reads_code(project, call.view()) or access.is_admin(call))


def _advertise(call: dsl.Call, project: Project, service: str) -> dsl.Raw:
    shop = _shop(call, project)
    body = advertisement(service, shop.refs, shop.objects, shop.head, _version(call))
    return dsl.Raw(body, f"application/x-{service}-advertisement", headers=NO_CACHE)


def _shop(call: dsl.Call, project: Project) -> Shop:
    repository = Repository(call.store, project)
    head = HEADS + (project.default_branch or "main")
    return Shop(repository.objects, repository.refs, repository.tips, head)


def _version(call: dsl.Call) -> int:
    """Return the highest version of the protocol that the client asks for, of those that there are."""
    asked = (call.headers.get("Git-Protocol") or "").split(":")
    return max((number for number in (0, 1, 2) if f"version={number}" in asked), default=0)


def _fetch(call: dsl.Call, project: Project, body: bytes) -> dsl.Raw:
    try:
        found = answer_fetch(_shop(call, project), body, _version(call))
    except ProtocolError as error:
        found = packet(f"ERR {error}\n")
    return dsl.Raw(found, f"application/x-{FETCH}-result", headers=NO_CACHE)
