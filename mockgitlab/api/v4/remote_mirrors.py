"""Mirrors to which a project pushes.

Source: https://docs.gitlab.com/api/remote_mirrors/ and GitLab's lib/api/remote_mirrors.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.mirror import REMOTE_MIRROR, AuthMethod, RemoteMirror, url_problems
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.mirrors import new_public_key, push_to_mirror
from mockgitlab.api.services.push_rules import regex_problems
from mockgitlab.api.v4.base import v4
from mockgitlab.dsl.params import of_field
from mockgitlab.errors import BadRequest, NotFound, RecordNotFound, Unauthorized, ValidationFailed
from mockgitlab.store import Query

AT = "projects/:id/remote_mirrors"
SETTINGS = ("enabled", "keep_divergent_refs", "only_protected_branches")
BRANCHES = dsl.param("mirror_branch_regex", str, "Which branches to mirror", since="15.8")
WRITE = [
    *(of_field(RemoteMirror.fields[name], required=False) for name in SETTINGS),
    dsl.param("auth_method", AuthMethod, "How one signs in", since="16.10"),
    BRANCHES,
]
ONE_CHOICE = [dsl.mutually_exclusive("only_protected_branches", "mirror_branch_regex")]


def _check(call: dsl.Call) -> None:
    project = call.at(Project)
    if access.level(call, project) < access.MAINTAINER:
        raise Unauthorized(reason=f"{access.me(call).username} is no maintainer of {project.full_path}")


MAINTAINER = dsl.Rule("maintainer", _check)


@v4.locator(f"{AT}/:mirror_id")
def find_remote_mirror(call: dsl.Call, value: str) -> RemoteMirror:
    """Return the mirror of the project with an id."""
    known = value.isascii() and value.isdigit() and len(value) < 19
    found = call.store[RemoteMirror].find(id=int(value), project_id=call.at(Project).id) if known else None
    if found is None:
        raise RecordNotFound(reason=f"{call.at(Project).full_path} has no mirror {value}")
    return found


@v4.get(AT, rule=MAINTAINER, shape=REMOTE_MIRROR)
def list_remote_mirrors(call: dsl.Call, project: Project) -> Query[RemoteMirror]:
    """List the mirrors to which a project pushes."""
    return call.store[RemoteMirror].where(project_id=project.id)


@v4.get(f"{AT}/:mirror_id", rule=MAINTAINER, shape=REMOTE_MIRROR)
def show_remote_mirror(mirror: RemoteMirror) -> RemoteMirror:
    """Show a mirror to which a project pushes."""
    return mirror


@v4.get(f"{AT}/:mirror_id/public_key", rule=MAINTAINER, since="17.9")
def show_public_key(mirror: RemoteMirror) -> dict[str, str]:
    """Show the key with which a mirror signs in by SSH."""
    if mirror.public_key is None:
        raise NotFound(reason="the mirror signs in with a password")
    return {"public_key": mirror.public_key}


def _columns(call: dsl.Call, given: dsl.Given, known: RemoteMirror | None = None) -> dict[str, Any]:
    problems = regex_problems(given.only("mirror_branch_regex"))
    if problems:
        raise ValidationFailed(problems, reason="mirror_branch_regex is no pattern")
    columns = {name: value for name, value in given.only(*SETTINGS, "auth_method").items() if value is not None}
    if call.settings.edition == "ee" and "mirror_branch_regex" in given:
        columns["mirror_branch_regex"] = given["mirror_branch_regex"] or None
    if columns.get("only_protected_branches"):
        columns["mirror_branch_regex"] = None
    elif columns.get("mirror_branch_regex"):
        columns["only_protected_branches"] = False
    if columns.get("auth_method") == "ssh_public_key" and (known is None or known.public_key is None):
        columns["public_key"] = new_public_key(call.store)
    return columns


@v4.post(
    AT,
    rule=MAINTAINER,
    shape=REMOTE_MIRROR,
    params=[dsl.param("url", str, "The URL of the mirror", required=True), *WRITE],
    constraints=ONE_CHOICE,
)
def create_remote_mirror(call: dsl.Call, project: Project, given: dsl.Given) -> RemoteMirror:
    """Push to a mirror from now on."""
    problems = url_problems(given["url"])
    if problems:
        raise ValidationFailed(problems, reason=f"url was {given['url']!r}")
    return call.store.insert(RemoteMirror(project_id=project.id, address=given["url"], **_columns(call, given)))


@v4.put(f"{AT}/:mirror_id", rule=MAINTAINER, shape=REMOTE_MIRROR, params=WRITE, constraints=ONE_CHOICE)
def update_remote_mirror(call: dsl.Call, mirror: RemoteMirror, given: dsl.Given) -> RemoteMirror:
    """Change a mirror to which a project pushes."""
    return call.store.update(mirror, **_columns(call, given, mirror))


@v4.post(f"{AT}/:mirror_id/sync", rule=MAINTAINER, success=204, since="16.11")
def sync_remote_mirror(call: dsl.Call, project: Project, mirror: RemoteMirror) -> None:
    """Push to a mirror now."""
    if not mirror.enabled:
        text = "Cannot proceed with the push mirroring. Please verify your mirror configuration."
        raise BadRequest(text, reason="the mirror is not enabled")
    push_to_mirror(call, project, mirror)


@v4.delete(f"{AT}/:mirror_id", rule=MAINTAINER)
def delete_remote_mirror(call: dsl.Call, mirror: RemoteMirror) -> None:
    """Push to a mirror no more."""
    call.store.delete(mirror)
