"""The registry of Maven packages: Maven uploads to a project and downloads from a project, a group or the instance.

The instance has the packages that are named as their project. What is not there is asked for at Maven Central, unless
``maven_package_requests_forwarding`` says no; the instance asks nobody.

Source: https://docs.gitlab.com/api/packages/maven/, https://docs.gitlab.com/user/packages/maven_repository/ and
GitLab's lib/api/maven_packages.rb, app/services/packages/maven/find_or_create_package_service.rb.
"""

import re
from collections.abc import Iterable
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access, package_access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.package import INSTALLED, Package, PackageFile, digest, files_of
from mockgitlab.api.models.package_protection_rule import is_protected
from mockgitlab.api.models.package_settings import duplicates_allowed
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project import find_project as known_project
from mockgitlab.api.package_access import CHALLENGE, OF_ASKED, OF_ASKED_GROUP, TAKEN_BY_TOKENS
from mockgitlab.api.services.packages import (
    DUPLICATE,
    add_file,
    built,
    check_size,
    check_valid,
    file_record,
    forward,
    newest_file,
    publish,
)
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.packages import downloaded
from mockgitlab.errors import BadRequest, Conflict, Forbidden, InvalidParameters, NotFound, RecordNotFound, Unauthorized

PLACE = "packages/maven/*path/:file_name"
IN_PROJECT, IN_GROUP = f"projects/:id/{PLACE}", f"groups/:id/-/{PLACE}"
METADATA, SNAPSHOT = "maven-metadata.xml", "-SNAPSHOT"
DIGESTS = ("md5", "sha1")
_FILE_NAME = re.compile(r"[A-Za-z0-9._+-]+")
_NAME = re.compile(r"@?([\w.+-]*/)*[\w.-]+", re.ASCII)
_VERSION = re.compile(r"(?!.*\.\.)[\w+.-]+", re.ASCII)
_STAMP = re.compile(r"-\d{8}\.\d{6}-\d+", re.ASCII)
"""What Maven puts in the name of a file of a snapshot: when it was made, and which it is."""


# Where packages are


def _found(call: dsl.Call, projects: Iterable[Project], path: str, file_name: str) -> Package | None:
    """Return the package at a path; of several the newest, for metadata that with the newest file."""
    ids = [one.id for one in projects]
    found = [one for one in _at(call, path) if one.project_id in ids]
    if METADATA in file_name and SNAPSHOT not in path:
        found.sort(key=lambda one: max((file.id for file in files_of(call.store, one)), default=0))
    return found[-1] if found else None


def _at(call: dsl.Call, path: str) -> list[Package]:
    name, _, version = path.rpartition("/")
    kept = call.store[Package].where(package_type="maven").among("status", INSTALLED)
    found = [*kept.where(name=name, version=version), *kept.where(name=path, version=None)]
    return sorted(found, key=lambda one: one.id)


def _split(file_name: str) -> tuple[str, str]:
    """Return the name of a file and the digest that is meant of it, if any."""
    name, _, ending = file_name.rpartition(".")
    return (name, ending) if ending in DIGESTS else (file_name, "")


def _check_path(path: str, file_name: str) -> None:
    named = (("path", path), ("file_name", file_name))
    wrong = [f"{name} should be a valid file path" for name, text in named if {"..", "."} & set(text.split("/"))]
    if wrong:
        raise InvalidParameters(wrong, reason="a path may not lead upwards")


# Downloading


@v4.get(IN_PROJECT, rule=package_access.ASKED_READS, **OF_ASKED)
def download_maven_file(call: dsl.Call, project: Project, path: str, file_name: str) -> dsl.Raw:
    """Download a file of a Maven package of a project, or its digest; what is not there may be at Maven Central."""
    return _answered(call, project, _found(call, [project], path, _split(file_name)[0]), path, file_name)


@v4.get(IN_GROUP, rule=access.ANYONE, **OF_ASKED_GROUP)
def download_maven_file_of_group(call: dsl.Call, group: Group, path: str, file_name: str) -> dsl.Raw:
    """Download a file of a Maven package of a group's projects, as far as the caller may see them."""
    projects = package_access.projects_in(call, group)
    return _answered(call, group, _found(call, projects, path, _split(file_name)[0]), path, file_name)


@v4.get(PLACE, rule=access.ANYONE, **TAKEN_BY_TOKENS)
def download_maven_file_of_instance(call: dsl.Call, path: str, file_name: str) -> dsl.Raw:
    """Download a file of a Maven package whose name is the path of its project."""
    _check_path(path, file_name)
    project = known_project(call.store, path.rpartition("/")[0]) if "/" in path else None
    if not _at(call, path) or project is None or not package_access.may(call, project, package_access.READ):
        reason = f"no project that is open to this caller is named as the package at {path}"
        raise Forbidden(reason=reason) if call.token else Unauthorized(reason=reason, headers=CHALLENGE)
    name = _split(file_name)[0]
    package = _found(call, [project], path, name)
    if package is None:
        raise NotFound("Package", reason=f"{project.full_path} has no Maven package at {path}")
    return _file(call, package, _needed(call, package, name), file_name)


def _answered(call: dsl.Call, at: Project | Group, package: Package | None, path: str, file_name: str) -> dsl.Raw:
    _check_path(path, file_name)
    file = newest_file(call, package, _split(file_name)[0]) if package else None
    if package is None or file is None:
        forward(call, "maven", at, f"{path}/{file_name}")
        raise NotFound("Package", reason=f"{at.full_path} has no file {file_name} of a Maven package at {path}")
    return _file(call, package, file, file_name)


def _needed(call: dsl.Call, package: Package, name: str) -> PackageFile:
    file = newest_file(call, package, name)
    if file is None:
        raise RecordNotFound(reason=f"{package.name} {package.version} has no file {name}")
    return file


def _file(call: dsl.Call, package: Package, file: PackageFile, file_name: str) -> dsl.Raw:
    algorithm = _split(file_name)[1]
    if algorithm:
        return dsl.Raw(digest(file, algorithm).encode(), "text/plain")
    digests = {f"X-Checksum-{name.capitalize()}": digest(file, name) for name in DIGESTS}
    return downloaded(call, package, file, digests)


# Uploading


@v4.put(f"{IN_PROJECT}/authorize", rule=package_access.ASKED_WRITES, **OF_ASKED)
def authorize_maven_file(project: Project, path: str, file_name: str) -> None:
    """Tell GitLab's own proxy where to put a file; nobody else may ask."""
    raise Forbidden(reason="this is for GitLab Workhorse alone; send the file to the address without /authorize")


@v4.put(IN_PROJECT, rule=package_access.ASKED_WRITES, upload="file", **OF_ASKED)
def upload_maven_file(
    call: dsl.Call, project: Project, path: str, file_name: str, file: Annotated[dsl.File, "The file"]
) -> Any:
    """Upload a file of a Maven package, which is made where there is none; or the digest of one, which is compared."""
    _check_path(path, file_name)
    if not _FILE_NAME.fullmatch(file_name):
        raise InvalidParameters(["file_name is invalid"], reason="names of files have letters, digits and . _ - +")
    data: bytes = getattr(file, "data", b"")
    check_size(call.store, "maven_max_file_size", data)
    name, algorithm = _split(file_name)
    package = _find_or_create(call, project, path, file_name)
    if algorithm == "sha1":
        return _compare(_needed(call, package, name), data)
    if algorithm:
        return dsl.Raw(b"", "text/plain")
    return file_record(call, add_file(call, package, name, data))


def _compare(file: PackageFile, data: bytes) -> Any:
    if digest(file, "sha1").encode() != data:
        raise Conflict(reason=f"that is not the SHA-1 of {file.file_name}, {digest(file, 'sha1')}")
    return dsl.present(None, status=204)


def _find_or_create(call: dsl.Call, project: Project, path: str, file_name: str) -> Package:
    package = _found(call, [project], path, "")
    if package is not None:
        _check_duplicate(call, project, package, file_name)
        return built(call, package)
    name, _, version = path.rpartition("/")
    whole = file_name == METADATA and not path.endswith(SNAPSHOT)
    name, number = (path, None) if whole else (name, version)
    if is_protected(call, project, "maven", name):
        raise Forbidden("Package protected.", reason=f"a rule of {project.full_path} protects {name}")
    check_valid(BadRequest, name=_NAME.fullmatch(name), version=number is None or _VERSION.fullmatch(number))
    return publish(call, project, "maven", name, number)


def _check_duplicate(call: dsl.Call, project: Project, package: Package, file_name: str) -> None:
    """Refuse a file that a version has where a group's settings say so; metadata of all versions is sent each time."""
    there = [_STAMP.sub("", one.file_name) for one in files_of(call.store, package)]
    if package.version is None or _STAMP.sub("", file_name) not in there:
        return
    if not duplicates_allowed(call.store, project, package):
        raise BadRequest(DUPLICATE, reason=f"{package.name} {package.version} has a file {file_name}")
