"""The mirror from which a project pulls.

Source: https://docs.gitlab.com/api/project_pull_mirroring/ and GitLab's ee/lib/api/project_mirror.rb.
"""

from typing import Any
from urllib.parse import quote

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.mirror import PULL_MIRROR, PullMirror, split_url, url_problems
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.mirrors import pull_from_mirror
from mockgitlab.api.services.push_rules import regex_problems
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, ValidationFailed

AT = "projects/:id/mirror/pull"
SWITCHES = ("mirror_trigger_builds", "only_mirror_protected_branches", "mirror_overwrites_diverged_branches")
CHANGE = [
    dsl.param("enabled", bool, "Whether the project pulls"),
    dsl.param("url", str, "Where it pulls from"),
    dsl.param("auth_user", str, "The user who signs in there"),
    dsl.param("auth_password", str, "With which password"),
    dsl.param("mirror_trigger_builds", bool, "Whether pulling starts pipelines"),
    dsl.param("only_mirror_protected_branches", bool, "Whether only protected branches are pulled"),
    dsl.param("mirror_overwrites_diverged_branches", bool, "Whether what went another way here is overwritten"),
    dsl.param("mirror_branch_regex", str, "Which branches to pull"),
]
OF_EE: dict[str, Any] = {"rule": access.AS_MAINTAINER, "edition": "ee"}


def _mirror_of(call: dsl.Call, project: Project) -> PullMirror:
    found = call.store[PullMirror].find(project_id=project.id)
    return found or call.store.insert(PullMirror(project_id=project.id))


def _check_mirrored(project: Project) -> None:
    if not project.mirror:
        reason = f"{project.full_path} pulls from nowhere; enable it by PUT here or with mirror and import_url"
        raise BadRequest("The project is not mirrored", reason=reason)


@v4.get(AT, shape=PULL_MIRROR, **OF_EE)
def show_pull_mirror(call: dsl.Call, project: Project) -> PullMirror:
    """Show the mirror from which a project pulls."""
    _check_mirrored(project)
    return _mirror_of(call, project)


@v4.put(
    AT,
    shape=PULL_MIRROR,
    params=CHANGE,
    constraints=[dsl.mutually_exclusive("only_mirror_protected_branches", "mirror_branch_regex")],
    since="17.6",
    **OF_EE,
)
def configure_pull_mirror(call: dsl.Call, project: Project, given: dsl.Given) -> PullMirror:
    """Let a project pull from elsewhere, or no more."""
    problems = regex_problems(given.only("mirror_branch_regex"))
    problems |= url_problems(given["url"]) if given.get("url") is not None else {}
    if problems:
        raise ValidationFailed(problems, reason="url or mirror_branch_regex is wrong")
    columns = {name: value for name, value in given.only(*SWITCHES).items() if value is not None}
    columns |= {"mirror": given["enabled"]} if given.get("enabled") is not None else {}
    columns |= {"import_url": _address(given)} if given.get("url") is not None else {}
    call.store.update(project, **columns)
    mirror = _mirror_of(call, project)
    regex = {"mirror_branch_regex": given["mirror_branch_regex"] or None} if "mirror_branch_regex" in given else {}
    return call.store.update(mirror, **regex)


def _address(given: dsl.Given) -> str:
    """Return the URL with who signs in there."""
    parts = split_url(given["url"])
    if parts is None or not given.get("auth_user"):
        return str(given["url"])
    secret = f":{quote(given['auth_password'], safe='')}" if given.get("auth_password") else ""
    netloc = f"{quote(given['auth_user'], safe='')}{secret}@{parts.netloc.rpartition('@')[2]}"
    return parts._replace(netloc=netloc).geturl()


@v4.post(AT, success=202, **OF_EE)
def start_pull_mirroring(call: dsl.Call, project: Project) -> dict[str, str]:
    """Let a project pull now."""
    _check_mirrored(project)
    pull_from_mirror(call, project, _mirror_of(call, project))
    return {"message": "202 Accepted"}
