"""The registry of generic packages: files of any kind, published and downloaded by their names.

Source: https://docs.gitlab.com/user/packages/generic_packages/ and GitLab's lib/api/generic_packages.rb,
app/services/packages/generic/*.rb, lib/gitlab/regex/packages.rb.
"""

import re
from typing import Annotated, Any
from urllib.parse import quote

from mockgitlab import dsl
from mockgitlab.api import package_access
from mockgitlab.api.models.package import INSTALLED, Package, files_of, packages_of
from mockgitlab.api.models.package_settings import duplicates_allowed
from mockgitlab.api.models.project import Project
from mockgitlab.api.package_access import OF_PROJECT
from mockgitlab.api.services.packages import DUPLICATE, add_file, built, file_record, publish
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.packages import downloaded
from mockgitlab.errors import BadRequest, Forbidden, InvalidParameters, RecordNotFound

AT = "projects/:id/packages/generic/:package_name/*package_version"
ALL = (f"{AT}/:file_name", f"{AT}/*path/:file_name")
_NAME = re.compile(r"[A-Za-z0-9._+-]+")
_FILE_NAME = re.compile(r"(?![~@])[A-Za-z0-9._+~@-]+(?<![~@])")
_VERSION = re.compile(r"(?!.*\.\.)[\w+.-]+", re.ASCII)
TRAVERSAL = "should be a valid file path"


class Place:
    """Where a file is: of which name and version of a package, and under which name; raises for names not allowed."""

    def __init__(self, package_name: str, package_version: str, file_name: str, path: str | None) -> None:
        version, _, folder = package_version.partition("/")
        folders = "/".join(part for part in (folder, path) if part)
        checks = (
            ("package_name", package_name, _NAME),
            ("package_version", version, _VERSION),
            ("file_name", file_name, _FILE_NAME),
        )
        problems = [f"{name} is invalid" for name, value, pattern in checks if not pattern.fullmatch(value)]
        problems += [f"path {TRAVERSAL}"] if ".." in folders.split("/") else []
        problems += [f"{name} {TRAVERSAL}" for name, value, _ in checks[::2] if value in ("..", ".")]
        if problems:
            raise InvalidParameters(problems, reason="names have letters, digits and . _ - +, versions single dots")
        self.name, self.version = package_name, version
        self.file = quote(f"{folders}/{file_name}", safe="") if folders else file_name


@v4.operation("PUT", *(f"{path}/authorize" for path in ALL), rule=package_access.WRITES, **OF_PROJECT)
def authorize_generic_package_file(
    project: Project, package_name: str, package_version: str, file_name: str, path: str | None = None
) -> None:
    """Tell GitLab's own proxy where to put a file; nobody else may ask."""
    raise Forbidden(reason="this is for GitLab Workhorse alone; send the file to the address without /authorize")


@v4.operation("PUT", *ALL, rule=package_access.WRITES, upload="file", success=201, **OF_PROJECT)
def publish_generic_package_file(
    call: dsl.Call,
    project: Project,
    package_name: str,
    package_version: str,
    file_name: str,
    file: Annotated[dsl.File, "The file"],
    path: Annotated[str | None, "The folder that the file is in"] = None,
    status: Annotated[str | None, "Whether the package is listed", dsl.Constraints(enum=("default", "hidden"))] = None,
    select: Annotated[str | None, "What to answer", dsl.Constraints(enum=("package_file",))] = None,
) -> Any:
    """Publish a file of a package, which is made where there is none of its name and version."""
    place, sent = Place(package_name, package_version, file_name, path), file
    package = _find_or_create(call, project, place, status)
    there = files_of(call.store, package).where(file_name=place.file).exists()
    if there and not duplicates_allowed(call.store, project, package):
        raise BadRequest(DUPLICATE, reason=f"{place.name} {place.version} has a file {place.file}")
    content = getattr(sent, "data", b"")
    made = add_file(call, package, place.file, content)
    return dsl.present(file_record(call, made), status=200) if select else {"message": "201 Created"}


def _find_or_create(call: dsl.Call, project: Project, place: Place, status: str | None) -> Package:
    same = packages_of(call.store, project).where(name=place.name, version=place.version, package_type="generic")
    package = same.among("status", [*INSTALLED, "processing", "error"]).first()
    if package is None:
        package = publish(call, project, "generic", place.name, place.version)
    return built(call, call.store.update(package, status=status) if status else package)


@v4.operation("GET", *ALL, rule=package_access.READS, **OF_PROJECT)
def download_generic_package_file(
    call: dsl.Call,
    project: Project,
    package_name: str,
    package_version: str,
    file_name: str,
    path: Annotated[str | None, "The folder that the file is in"] = None,
) -> dsl.Raw:
    """Download a file of a package, of several of one name the latest."""
    place = Place(package_name, package_version, file_name, path)
    same = packages_of(call.store, project).where(name=place.name, version=place.version, package_type="generic")
    package = same.among("status", INSTALLED).first()
    files = list(files_of(call.store, package).where(file_name=place.file)) if package else []
    if package is None or not files:
        what = "file" if package else "generic package"
        raise RecordNotFound(
            reason=f"{project.full_path} has no such {what}: {place.name} {place.version} {place.file}"
        )
    return downloaded(call, package, files[-1])
