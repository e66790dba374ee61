"""The registry of npm packages of projects, groups and the instance, to which npm publishes and from which it installs.

A group has the packages of its projects; the instance those whose scope is the path of their top-level namespace. What
is not there is asked for at npmjs.com, unless ``npm_package_requests_forwarding`` says no.

Source: https://docs.gitlab.com/api/packages/npm/, https://docs.gitlab.com/user/packages/npm_registry/ and GitLab's
lib/api/npm_*.rb, lib/api/concerns/packages/npm_*.rb, app/services/packages/npm/*.rb.
"""

import json
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access, package_access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project import find_project as known_project
from mockgitlab.api.package_access import SOMEBODY, TAKEN_BY_TOKENS
from mockgitlab.api.reach import below
from mockgitlab.api.services.npm_packages import (
    deprecate,
    drop_tag,
    metadata_of,
    packages_in,
    publish_version,
    put_tag,
    record_of,
    tags_of,
)
from mockgitlab.api.services.packages import (
    StructuredError,
    forward,
    newest_file,
)
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.packages import downloaded
from mockgitlab.errors import Forbidden, NotFound, Unauthorized

AT = "projects/:id/packages/npm"
WIDER = ("groups/:id/-/packages/npm", "packages/npm")
LEVELS = (AT, *WIDER)
TAGS = tuple(f"{at}/-/package/*package_name/dist-tags" for at in LEVELS)
TAG = tuple(f"{at}/:tag" for at in TAGS)
AUDITS = ("-/npm/v1/security/advisories/bulk", "-/npm/v1/security/audits/quick")
PUBLISHED = [
    dsl.param("name", str, "The name of the package"),
    dsl.param("dist-tags", dict[str, Any], "Words for the version"),
    dsl.param("_attachments", dict[str, Any], "The tarball"),
    *(dsl.param(name, str, "What npm sends along") for name in ("_id", "access", "description", "readme")),
]


# Where packages are


def _find_project(call: dsl.Call, value: str) -> Project:
    """Return the project that a path names; nobody is told to say who it is where the project is not public."""
    project = known_project(call.store, value)
    if call.token is None and (project is None or project.visibility != "public"):
        raise Unauthorized(reason=f"nobody is seen to ask, and there is no public project {value}")
    return package_access.find_registry(call, value)


def _find(call: dsl.Call, value: str) -> Project | Group:
    if call.operation.path.startswith("groups"):
        return package_access.find_group_registry(call, value)
    return _find_project(call, value)


OF_NPM = {**TAKEN_BY_TOKENS, "locators": (("id", dsl.Locator(_find)),)}


def _projects(call: dsl.Call, name: str) -> list[Project]:
    """Return the projects of the group that is asked, or of the namespace of a package's scope."""
    group = call.maybe_at(Group)
    if group is None:
        scope = name[1:].partition("/")[0] if name.startswith("@") else ""
        group = call.store[Group].find(folded=scope.lower())
    return [call.store[Project][id] for id in sorted(below(call.store, group))] if group else []


def _project_of(call: dsl.Call, name: str, need: package_access.Need) -> Project:
    """Return the project of a package, which the caller may read, write to or delete from."""
    project = call.maybe_at(Project)
    if project is None:
        found = packages_in(call, _projects(call, name), name)
        if not found:
            raise NotFound("Project", reason=f"no project there has an npm package {name}")
        project = _find_project(call, str(found[-1].project_id))
    if not package_access.may(call, project, need):
        raise Forbidden(reason=f"the packages of {project.full_path} are not open to this caller")
    return project


# What there is


@v4.get(f"{AT}/*package_name", rule=access.ANYONE, unlocated=("id",), **TAKEN_BY_TOKENS)
def show_npm_package(call: dsl.Call, package_name: str, id: str) -> dict[str, Any]:
    """Show the versions and tags of an npm package of a project; what is not there may be at npmjs.com."""
    project = known_project(call.store, id)
    found = packages_in(call, [project] if project else [], package_name)
    if not found:
        forward(call, "npm", project, package_name)
    call.located[Project] = project = _find_project(call, id)
    package_access.READS.check(call)
    if not found:
        raise NotFound("Packages", reason=f"{project.full_path} has no npm package {package_name}")
    return metadata_of(call, package_name, found)


@v4.get(*(f"{at}/*package_name" for at in WIDER), rule=access.ANYONE, **OF_NPM)
def show_npm_package_of_group(call: dsl.Call, package_name: str) -> dict[str, Any]:
    """Show the versions and tags of an npm package of a group or of the instance, as far as the caller may see them."""
    projects = _projects(call, package_name)
    found = packages_in(call, projects, package_name)
    if not found:
        forward(call, "npm", call.maybe_at(Group), package_name)
        raise NotFound("Packages", reason=f"no project there has an npm package {package_name}")
    open_to = {one.id for one in projects if package_access.may(call, one, package_access.READ)}
    seen = [one for one in found if one.project_id in open_to]
    if not seen:
        reason = f"the projects that have {package_name} are not open to this caller"
        raise Forbidden(reason=reason) if call.token else Unauthorized(reason=reason)
    return metadata_of(call, package_name, seen)


@v4.get(f"{AT}/*package_name/-/*file_name", rule=package_access.READS, **OF_NPM)
def download_npm_tarball(call: dsl.Call, project: Project, package_name: str, file_name: str) -> dsl.Raw:
    """Download the tarball of an npm package."""
    for package in reversed(packages_in(call, [project], package_name)):
        if (file := newest_file(call, package, file_name)) is not None:
            return downloaded(call, package, file)
    raise NotFound("Package", reason=f"{project.full_path} has no file {file_name} of an npm package {package_name}")


# Tags


@v4.get(*TAGS, rule=access.ANYONE, **OF_NPM)
def list_npm_tags(call: dsl.Call, package_name: str) -> dict[str, Any]:
    """List the tags of an npm package."""
    project = _project_of(call, package_name, package_access.READ)
    found = packages_in(call, [project], package_name)
    if not found:
        raise NotFound("Package", reason=f"{project.full_path} has no npm package {package_name}")
    return tags_of(found)


@v4.put(*TAG, rule=SOMEBODY, upload="version", success=204, **OF_NPM)
def set_npm_tag(
    call: dsl.Call, package_name: str, tag: str, version: Annotated[dsl.File, "The version, a text as JSON"]
) -> None:
    """Let a tag stand for a version of an npm package, and for no other."""
    wanted = _json_text(getattr(version, "data", b""))
    if not wanted:
        raise StructuredError('400 Bad request - "Version" not given', reason="the body is to be a JSON text")
    project = _project_of(call, package_name, package_access.WRITE)
    package = next((one for one in packages_in(call, [project], package_name) if one.version == wanted), None)
    if package is None:
        raise NotFound("Package", reason=f"{project.full_path} has no {package_name} {wanted}")
    put_tag(call, package, tag)


def _json_text(body: bytes) -> str:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return value if isinstance(value, str) else ""


@v4.delete(*TAG, rule=SOMEBODY, **OF_NPM)
def delete_npm_tag(call: dsl.Call, package_name: str, tag: str) -> None:
    """Delete a tag of an npm package."""
    project = _project_of(call, package_name, package_access.DELETE)
    if not drop_tag(call, project, package_name, tag):
        raise NotFound("Package tag", reason=f"{package_name} has no tag {tag}")


# Publishing


@v4.put(f"{AT}/:package_name", rule=SOMEBODY, params=PUBLISHED, **OF_NPM)
def publish_npm_package(
    call: dsl.Call,
    project: Project,
    package_name: str,
    versions: Annotated[dict[str, Any], "What package.json says, by version"],
    given: dsl.Given,
) -> Any:
    """Publish a version of an npm package; or, with the header ``npm-command: deprecate``, deprecate some."""
    deprecating = call.headers.get("Npm-Command") == "deprecate"
    (package_access.DELETES if deprecating else package_access.WRITES).check(call)
    if deprecating:
        deprecate(call, project, package_name, versions)
        return call.store.mint_hex("deprecation", 24)
    return record_of(publish_version(call, project, given))


# Audits


@v4.post(*(f"{at}/{audit}" for at in LEVELS for audit in AUDITS), rule=SOMEBODY, success=200, **OF_NPM)
def audit_npm_packages(call: dsl.Call) -> Any:
    """Send an audit on to npmjs.com, or find nothing where nothing is forwarded."""
    at: Project | Group | None = call.maybe_at(Project) or call.maybe_at(Group)
    forward(call, "npm", at, call.operation.path.partition("/npm/")[2], post=True)
    if not isinstance(at, Project):
        raise NotFound("Project", reason="without forwarding, audits are of a project")
    package_access.READS.check(call)
    return dsl.present([], paginated=False)
