"""Releases. Source: https://docs.gitlab.com/api/releases/ and GitLab's lib/api/releases.rb."""

import re
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.release import BASIC_RELEASE, RELEASE, Release, ReleaseLink, find_release
from mockgitlab.api.services import releases
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Forbidden, InvalidParameters, NotFound, RecordNotFound
from mockgitlab.store import Query

AT = "projects/:id/releases/:tag_name"
HTML = dsl.param("include_html_description", bool, "Whether to show the description as HTML")


# Who may do what


def check_reads(call: dsl.Call) -> None:
    """Raise ``Forbidden`` for who may not see the releases of the project that the path names."""
    project = call.at(Project)
    if not access.feature_open(call, project, "releases"):
        raise Forbidden(reason=f"the releases of {project.full_path} are not open to this user")


def _check_reads_code(call: dsl.Call) -> None:
    check_reads(call)
    code.check_readable(call)


def _check_writes(call: dsl.Call) -> None:
    check_reads(call)
    access.AS_DEVELOPER.check(call)
    if call.at(Project).archived:
        raise Forbidden(reason=f"{call.at(Project).full_path} is archived")


READ = dsl.Rule("reader of releases", check_reads, login=False)
READ_CODE = dsl.Rule("reader of releases and code", _check_reads_code, login=False)
WRITE = dsl.Rule("developer", _check_writes)


def _find(call: dsl.Call, tag_name: str) -> Release | None:
    return find_release(call.store, call.at(Project), tag_name)


def _reason(call: dsl.Call, tag_name: str) -> str:
    return f"{call.at(Project).full_path} has no release {tag_name!r}"


@v4.locator(AT)
def find_release_in_path(call: dsl.Call, value: str) -> Release:
    """Return the release of the tag in the path."""
    check_reads(call)
    release = _find(call, value)
    if release is None:
        raise RecordNotFound(reason=_reason(call, value))
    return release


def _to_show(call: dsl.Call, value: str) -> Release:
    _check_reads_code(call)
    release = _find(call, value)
    if release is None:
        raise NotFound(reason=_reason(call, value))
    return release


def _to_change(call: dsl.Call, value: str) -> Release:
    release = _find(call, value)
    if release is None:
        raise Forbidden(reason=_reason(call, value))
    return release


SHOWN = (("tag_name", dsl.Locator(_to_show)),)
CHANGED = (("tag_name", dsl.Locator(_to_change)),)
"""What a missing release is told as: 404 to who reads, 403 to who changes it."""


# Reading


def _options(given: dsl.Given) -> list[str]:
    return ["include_html_description"] if given.get("include_html_description") else []


@v4.get(
    "projects/:id/releases",
    rule=READ,
    shape=RELEASE,
    params=[HTML],
    filters=[*dsl.dates("updated"), dsl.order("released_at", "created_at")],
    job_token=True,
)
def list_releases(call: dsl.Call, project: Project, given: dsl.Given) -> Query[Release]:
    """List the releases of a project."""
    return dsl.present(call.store[Release].where(project_id=project.id), options=_options(given))  # type: ignore[no-any-return]


@v4.get(AT, rule=READ_CODE, shape=RELEASE, params=[HTML], job_token=True, locators=SHOWN, json_suffix=False)
def show_release(release: Release, given: dsl.Given) -> Release:
    """Show the release of a tag."""
    return dsl.present(release, options=_options(given))  # type: ignore[no-any-return]


@v4.get("groups/:id/releases", rule=access.AS_GUEST, shape=RELEASE)
def list_group_releases(
    call: dsl.Call,
    group: Group,
    sort: Annotated[Literal["asc", "desc"], "The direction of the order"] = "desc",
    simple: Annotated[bool, "Show only some fields"] = False,
) -> Query[Release]:
    """List the releases of the projects of a group, those of its subgroups aside."""
    visible = access.visible_project_ids(call.store, call.user)
    projects = [one for one in call.store[Project].where(namespace_id=group.id) if one.id in visible]
    ids = [one.id for one in projects if access.feature_open(call, one, "releases")]
    found = call.store[Release].all().among("project_id", ids).order_by("released_at", descending=sort == "desc")
    return dsl.present(found, BASIC_RELEASE if simple else RELEASE)  # type: ignore[no-any-return]


# Redirects


def redirected(url: str) -> dsl.Raw:
    """Send a client on to another address."""
    text = f"This resource has been moved temporarily to {url}."
    return dsl.Raw(text.encode(), "text/plain", 302, {"Location": quote(url, safe="%/:=&?~#+!$,;'@()*[]")})


def check_path(name: str, path: str) -> None:
    """Raise ``InvalidParameters`` for a path that leads upwards, or is absolute."""
    if re.search(r"(^|[/\\])\.\.([/\\]|$)", path) or path.startswith("/"):
        raise InvalidParameters([f"{name} should be a valid file path"], reason=f"{name} was {path!r}")


def asset_url(call: dsl.Call, release: Release, path: str) -> str:
    """Return where the link of a release with a path leads."""
    link = call.store[ReleaseLink].find(release_id=release.id, filepath=f"/{path}")
    if link is None:
        raise RecordNotFound(reason=f"the release {release.tag_name} has no link with the path /{path}")
    return link.url


@v4.get(
    f"{AT}/downloads/*direct_asset_path",
    rule=READ_CODE,
    locators=SHOWN,
    job_token=True,
    json_suffix=False,
    since="15.4",
)
def download_asset(call: dsl.Call, release: Release, direct_asset_path: str) -> dsl.Raw:
    """Send a client on to an asset of a release."""
    check_path("direct_asset_path", direct_asset_path)
    return redirected(asset_url(call, release, direct_asset_path))


@v4.get(
    "projects/:id/releases/permalink/latest",
    "projects/:id/releases/permalink/latest/*suffix_path",
    rule=READ_CODE,
    job_token=True,
    json_suffix=False,
    since="15.4",
)
def show_latest_release(
    call: dsl.Call, project: Project, suffix_path: Annotated[str | None, "The rest of the path"] = None
) -> dsl.Raw:
    """Send a client on to the release that came out last, or to what lies below it."""
    latest = call.store[Release].where(project_id=project.id).order_by("released_at", descending=True).first()
    check_path("suffix_path", suffix_path or "")
    if latest is None:
        raise NotFound(reason=f"{project.full_path} has no release")
    root = urlsplit(call.base).path.rstrip("/")
    url = f"{root}/api/v4/projects/{project.id}/releases/{quote(latest.tag_name, safe='')}"
    rest = [pair for pair in parse_qsl(call.query, keep_blank_values=True) if pair[0] != "order_by"]
    return redirected(url + (f"/{suffix_path}" if suffix_path else "") + (f"?{urlencode(rest)}" if rest else ""))


# Changing

MILESTONES = [
    dsl.param("milestones", dsl.CommaList, "The titles of the milestones that it is associated with"),
    dsl.param("milestone_ids", dsl.IdList, "Their IDs"),
]
ONE_KIND = dsl.mutually_exclusive(
    "milestones", "milestone_ids", told="Cannot specify milestones and milestone_ids at the same time"
)
DESCRIBED = [
    dsl.param("name", str, "The name of the release, that of the tag unless given"),
    dsl.param("description", str, "The description of the release, in Markdown", max_length=1_000_000),
    dsl.param("released_at", dsl.Timestamp, "When it is, or was, ready"),
    *MILESTONES,
]
LINK = [
    dsl.param("name", str, "The name of the link", required=True),
    dsl.param("url", str, "The URL of the link", required=True),
    dsl.param("direct_asset_path", str, "The path below the release at which the link is found"),
    dsl.param("filepath", str, "The path below the release", deprecated="Use direct_asset_path instead"),
    dsl.param("link_type", str, "The type of the link: other, runbook, image, package"),
]
CREATE = [
    dsl.param("tag_name", str, "The tag of the release", required=True),
    dsl.param("tag_message", str, "What an annotated tag says, where the tag is created"),
    dsl.param("ref", str, "The branch, tag or commit of which to create the tag"),
    dsl.param(
        "assets",
        dict[str, Any],
        "The assets of the release",
        nested=[dsl.param("links", list[dict[str, Any]], "Links to assets", nested=LINK)],
    ),
    dsl.param("legacy_catalog_publish", bool, "For GitLab itself"),
    *DESCRIBED,
]


@v4.post("projects/:id/releases", rule=WRITE, shape=RELEASE, params=CREATE, constraints=[ONE_KIND], job_token=True)
def create_release(call: dsl.Call, project: Project, given: dsl.Given) -> Release:
    """Create a release, and its tag where there is none."""
    return releases.create(call, project, given)


@v4.put(
    AT,
    rule=WRITE,
    shape=RELEASE,
    params=DESCRIBED,
    constraints=[ONE_KIND],
    job_token=True,
    locators=CHANGED,
    json_suffix=False,
)
def update_release(call: dsl.Call, project: Project, release: Release, given: dsl.Given) -> Release:
    """Change a release."""
    return releases.update(call, project, release, given)


@v4.delete(
    AT,
    rule=WRITE,
    shape=RELEASE,
    success=200,
    job_token=True,
    locators=CHANGED,
    conditional=False,
    gives_back=RELEASE,
    json_suffix=False,
)
def delete_release(call: dsl.Call, project: Project, release: Release) -> None:
    """Delete a release; its tag stays."""
    releases.check_protection(call, project, release)
    releases.check_tag(call, project, release)
    remove(call.store, release)
    releases.touch(call, project)


def _to_collect(call: dsl.Call, value: str) -> Release:
    _check_writes(call)
    return find_release_in_path(call, value)


@v4.post(
    f"{AT}/evidence",
    rule=WRITE,
    success=202,
    job_token=True,
    edition="ee",
    locators=(("tag_name", dsl.Locator(_to_collect)),),
)
def collect_evidence(call: dsl.Call, release: Release) -> int:
    """Collect evidence of a release; answers the status alone."""
    releases.collect_evidence(call, release)
    return 202
