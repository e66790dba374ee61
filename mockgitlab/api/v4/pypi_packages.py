"""The registry of Python packages, from which pip installs and to which twine uploads.

Source: https://docs.gitlab.com/api/packages/pypi/ and GitLab's lib/api/pypi_packages.rb,
app/services/packages/pypi/create_package_service.rb, app/presenters/packages/pypi/*.rb.
"""

import re
from collections.abc import Iterable
from html import escape
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import package_access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.package import INSTALLED, Package, files_of, packages_of
from mockgitlab.api.models.package_protection_rule import is_protected
from mockgitlab.api.models.project import Project
from mockgitlab.api.package_access import OF_ASKED, OF_ASKED_GROUP
from mockgitlab.api.services.packages import add_file, built, forward, publish
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.packages import downloaded
from mockgitlab.errors import BadRequest, Forbidden, InvalidParameters, NotFound

AT = "projects/:id/packages/pypi"
IN_GROUP = "groups/:id/-/packages/pypi"
TAKEN = "400 Bad request - Validation failed: File name has already been taken"
WRONG_VERSION = "400 Bad request - Validation failed: Version is invalid"
VERSION = re.compile(
    r"v?(\d+!)?\d+(\.\d+)*([-_.]?(alpha|beta|preview|pre|a|b|c|rc)[-_.]?\d*)?"
    r"(-\d+|[-_.]?(post|rev|r)[-_.]?\d*)?([-_.]?dev[-_.]?\d*)?(\+[a-z0-9]+([-_.][a-z0-9]+)*)?",
    re.IGNORECASE | re.ASCII,
)
_SHA256 = re.compile("[0-9a-f]{64}", re.IGNORECASE)
_RUNS = re.compile(r"[-_.]+")
UPLOAD = [
    dsl.param("name", str, "The name of the package", required=True),
    dsl.param("version", str, "Its version", required=True),
    dsl.param("requires_python", str, "Which versions of Python it needs"),
    dsl.param("md5_digest", str, "The MD5 of the file"),
    dsl.param("sha256_digest", str, "The SHA-256 of the file"),
    dsl.param("metadata_version", str, "The version of its metadata"),
    dsl.param("author_email", str, "The address of its author"),
    dsl.param("description", str, "What it is for"),
    dsl.param("description_content_type", str, "How that is written"),
    dsl.param("summary", str, "What it is for, in short"),
    dsl.param("keywords", str, "What it is found by"),
]


def normalised(name: str) -> str:
    """Return the name of a Python package as PEP 503 compares it."""
    return _RUNS.sub("-", name).lower()


# What there is


def _place(call: dsl.Call) -> tuple[Project | Group, str]:
    """Return the project or group that is asked, and the address of its registry."""
    project = call.maybe_at(Project)
    at: Project | Group = project or call.at(Group)
    path = (AT if project else IN_GROUP).replace(":id", str(at.id))
    return at, f"{call.base}/api/v4/{path}"


def _packages(call: dsl.Call, at: Project | Group) -> list[Package]:
    projects = [at] if isinstance(at, Project) else package_access.projects_in(call, at)
    found = [one for project in projects for one in packages_of(call.store, project).among("status", INSTALLED)]
    return [one for one in found if one.package_type == "pypi" and one.version is not None]


def _page(title: str, links: Iterable[tuple[str, str, str]]) -> dsl.Raw:
    """Return a page of links, each with an address, the needed version of Python, and a text."""
    anchors = "".join(
        f'<a href="{escape(url)}" data-requires-python="{escape(python)}">{escape(text)}</a>\n'
        for url, python, text in links
    )
    title = f"Links for {escape(title)}"
    head = f"<!DOCTYPE html>\n<html>\n<head>\n<title>{title}</title>\n</head>\n"
    page = f"{head}<body>\n<h1>{title}</h1>\n{anchors}</body>\n</html>\n"
    return dsl.Raw(page.encode(), "text/html; charset=utf-8")


@v4.get(f"{IN_GROUP}/simple", rule=package_access.ASKED_READS_GROUP, **OF_ASKED_GROUP)
@v4.get(f"{AT}/simple", rule=package_access.ASKED_READS, **OF_ASKED)
def list_pypi_packages(call: dsl.Call) -> dsl.Raw:
    """List the Python packages of a project or group, as PEP 503 has it."""
    at, url = _place(call)
    named = {normalised(one.name): one for one in _packages(call, at)}
    return _page(at.name, ((f"{url}/simple/{name}", one.requires_python, one.name) for name, one in named.items()))


@v4.get(f"{IN_GROUP}/simple/*package_name", rule=package_access.ASKED_READS_GROUP, **OF_ASKED_GROUP)
@v4.get(f"{AT}/simple/*package_name", rule=package_access.ASKED_READS, **OF_ASKED)
def list_pypi_files(call: dsl.Call, package_name: str) -> dsl.Raw:
    """List the files of a Python package, as PEP 503 has it."""
    at, url = _place(call)
    name = normalised(package_name)
    found = [one for one in _packages(call, at) if normalised(one.name) == name]
    if not found:
        forward(call, "pypi", at, f"{name}/")
        raise NotFound("Package", reason=f"{at.full_path} has no Python package {name}")
    links = []
    for package in found:
        for file in files_of(call.store, package):
            digest = file.file_sha256(call.view())
            address = f"{url}/files/{digest}/{file.file_name}#sha256={digest}"
            links.append((address, package.requires_python, file.file_name))
    return _page(found[0].name, links)


@v4.get(f"{IN_GROUP}/files/:sha256/*file_identifier", rule=package_access.ASKED_READS_GROUP, **OF_ASKED_GROUP)
@v4.get(f"{AT}/files/:sha256/*file_identifier", rule=package_access.ASKED_READS, **OF_ASKED)
def download_pypi_file(call: dsl.Call, sha256: str, file_identifier: str) -> dsl.Raw:
    """Download a file of a Python package."""
    at, _ = _place(call)
    for package in _packages(call, at):
        for file in files_of(call.store, package).where(file_name=file_identifier):
            if file.file_sha256(call.view()) == sha256.lower():
                return downloaded(call, package, file)
    raise NotFound("Package", reason=f"{at.full_path} has no file {file_identifier} of that digest")


# Uploading


@v4.post(f"{AT}/authorize", rule=package_access.ASKED_WRITES, success=200, **OF_ASKED)
def authorize_pypi_package(project: Project) -> None:
    """Tell GitLab's own proxy where to put a file; nobody else may ask."""
    raise Forbidden(reason="this is for GitLab Workhorse alone; send the package to the address without /authorize")


@v4.post(AT, rule=package_access.ASKED_WRITES, params=UPLOAD, **OF_ASKED)
def upload_pypi_package(
    call: dsl.Call, project: Project, content: Annotated[dsl.File, "The file"], given: dsl.Given
) -> dict[str, str]:
    """Upload a file of a Python package, which is made where there is none of its name and version."""
    sent: Any = content
    if not hasattr(sent, "filename"):
        raise InvalidParameters(["content is invalid"], reason="send the file as a part of a multipart form")
    if given.get("sha256_digest") and not _SHA256.fullmatch(given["sha256_digest"]):
        raise InvalidParameters(["sha256_digest is invalid"], reason="a SHA-256 has 64 hexadecimal digits")
    if not VERSION.fullmatch(given["version"] or ""):
        raise BadRequest(WRONG_VERSION, reason=f"{given['version']!r} is no version as PEP 440 has it")
    if is_protected(call, project, "pypi", given["name"]):
        raise Forbidden("Package protected.", reason=f"a rule of {project.full_path} protects {given['name']}")
    package = _find_or_create(call, project, given)
    if files_of(call.store, package).where(file_name=sent.filename).exists():
        raise BadRequest(TAKEN, reason=f"{package.name} {package.version} has a file {sent.filename} already")
    add_file(call, package, sent.filename, sent.data)
    return {"message": "201 Created"}


def _find_or_create(call: dsl.Call, project: Project, given: dsl.Given) -> Package:
    same = packages_of(call.store, project).where(name=given["name"], version=given["version"], package_type="pypi")
    python = given.get("requires_python") or ""
    if (package := same.first()) is not None:
        return built(call, call.store.update(package, requires_python=python))
    return publish(call, project, "pypi", given["name"], given["version"], requires_python=python)
