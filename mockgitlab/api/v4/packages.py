"""Packages of projects and groups, and their files.

Source: https://docs.gitlab.com/api/packages/ and GitLab's lib/api/project_packages.rb, lib/api/group_packages.rb,
lib/api/package_files.rb, app/finders/concerns/packages/finder_helper.rb.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import package_access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.package import (
    DISPLAYED,
    INSTALLED,
    PACKAGE,
    PACKAGE_FILE,
    PACKAGE_IN_LIST,
    PACKAGE_OF_GROUP,
    PACKAGE_PIPELINE,
    STATUSES,
    TYPES,
    Package,
    PackageFile,
    files_of,
    packages_of,
    pipelines_of,
)
from mockgitlab.api.models.package_protection_rule import is_protected
from mockgitlab.api.models.pipeline import Pipeline
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Forbidden, NotFound, RecordNotFound
from mockgitlab.store import Query

AT = "projects/:id/packages"
ONE = f"{AT}/:package_id"
FILES = f"{ONE}/package_files"
FILE = f"{FILES}/:package_file_id"


def _named(query: Query[Package], text: str, call: dsl.Call) -> Query[Package]:
    words = tuple(text.lower().split())
    return query.filter(lambda one: dsl.contains(one, ("name",), words), ("named", words))


FILTERS = [
    dsl.eq("package_type", description="Only those of this kind", enum=TYPES, ignore=("",)),
    dsl.by("package_name", str, "Only those whose name has this in it", _named),
    dsl.eq("package_version", column="version", description="Only this version", ignore=("",), since="16.6"),
]
WIDER = [
    dsl.param("include_versionless", bool, "Whether to list those without a version, too"),
    dsl.param("status", str, "Only those of this status", enum=STATUSES),
]
_COLUMNS: dict[str, Any] = {"type": lambda one: TYPES.index(one.package_type)}
ORDERS = ("created_at", "name", "version", "type")
ORDER = dsl.order(*ORDERS, sort="asc", columns=_COLUMNS)


def _in_order(query: Query[Package], by: str, call: dsl.Call) -> Query[Package]:
    if by != "project_path":
        return ORDER.narrow(query, by, call)
    down = call.given.get("sort") == "desc"
    return query.order_by(by, descending=down, value=lambda one: call.store[Project][one.project_id].path)


_ORDER_BY = dsl.param(
    "order_by", str, "Order by one of these, default created_at", default=ORDERS[0], enum=(*ORDERS, "project_path")
)
ORDER_IN_GROUP = dsl.Filter((_ORDER_BY, ORDER.params[1]), _in_order)


def _listed(call: dsl.Call, packages: Query[Package], given: dsl.Given) -> Query[Package]:
    """Return those of some packages that lists show, unless asked for others."""
    statuses = [given["status"]] if given.get("status") else DISPLAYED
    packages = packages.among("status", statuses)
    if not given.get("package_type"):
        packages = packages.among("package_type", [one for one in TYPES if one != "terraform_module"])
    if given.get("include_versionless"):
        return packages
    return packages.filter(lambda one: one.version is not None, "with a version")


def _options(call: dsl.Call, projects: Iterable[Project]) -> list[str]:
    return [f"deletes {one.id}" for one in projects if package_access.may(call, one, package_access.DELETE)]


# Packages


@v4.get(AT, rule=package_access.READS, shape=PACKAGE_IN_LIST, params=WIDER, filters=[*FILTERS, ORDER], job_token=True)
def list_project_packages(call: dsl.Call, project: Project, given: dsl.Given) -> Query[Package]:
    """List the packages of a project."""
    found = _listed(call, packages_of(call.store, project), given)
    shown: Query[Package] = dsl.present(found, options=_options(call, [project]))
    return shown


@v4.get(
    "groups/:id/packages",
    rule=package_access.READS_GROUP,
    shape=PACKAGE_OF_GROUP,
    params=[*WIDER, dsl.param("exclude_subgroups", bool, "Whether to leave out the groups below", default=False)],
    filters=[*FILTERS, ORDER_IN_GROUP],
)
def list_group_packages(call: dsl.Call, group: Group, given: dsl.Given) -> Query[Package]:
    """List the packages of all projects of a group that the caller may see."""
    projects = package_access.projects_in(call, group)
    if given.get("exclude_subgroups"):
        projects = [one for one in projects if one.namespace_id == group.id]
    found = _listed(call, call.store[Package].all().among("project_id", [one.id for one in projects]), given)
    shown: Query[Package] = dsl.present(found, options=_options(call, projects))
    return shown


@v4.locator(ONE, integer=True)
def find_package(call: dsl.Call, value: str) -> Package:
    """Return the package of the project with this id, as far as it may be installed."""
    package_access.READS.check(call)
    project = call.at(Project)
    found = packages_of(call.store, project).among("status", INSTALLED).where(id=int(value)).first()
    if found is None:
        raise RecordNotFound(reason=f"{project.full_path} has no package {value} to be installed")
    return found


@v4.get(ONE, rule=package_access.READS, shape=PACKAGE, job_token=True)
def show_package(call: dsl.Call, project: Project, package: Package) -> Any:
    """Show a package of a project."""
    return dsl.present(package, options=_options(call, [project]))


@v4.delete(ONE, rule=package_access.DELETES, job_token=True)
def delete_package(call: dsl.Call, project: Project, package: Package) -> None:
    """Delete a package of a project, with its files."""
    if is_protected(call, project, package.package_type, package.name, "delete"):
        reason = f"a rule of {project.full_path} protects {package.name}"
        raise Forbidden("Package is deletion protected.", reason=reason)
    remove(call.store, package)


@v4.get(f"{ONE}/pipelines", rule=package_access.READS, shape=PACKAGE_PIPELINE, since="16.1", job_token=True)
def list_package_pipelines(
    call: dsl.Call, package: Package, cursor: Annotated[str | None, "Where the next page begins"] = None
) -> list[Pipeline]:
    """List the pipelines that published a package, the newest first."""
    return pipelines_of(call.store, package)


# Files


@v4.locator(FILE, integer=True)
def find_package_file(call: dsl.Call, value: str) -> PackageFile:
    """Return the file of the package with this id."""
    found = files_of(call.store, call.at(Package)).where(id=int(value)).first()
    if found is None:
        raise NotFound(reason=f"package {call.at(Package).id} has no file {value}")
    return found


@v4.get(
    FILES,
    rule=package_access.READS,
    shape=PACKAGE_FILE,
    filters=[dsl.order("id", "created_at", "file_name", sort="asc")],
    job_token=True,
)
def list_package_files(call: dsl.Call, package: Package) -> Query[PackageFile]:
    """List the files of a package."""
    return files_of(call.store, package)


@v4.delete(FILE, rule=package_access.DELETES, job_token=True)
def delete_package_file(call: dsl.Call, file: PackageFile) -> None:
    """Delete a file of a package."""
    remove(call.store, file)


@v4.get(f"{FILE}/download", rule=package_access.READS, since="18.4", job_token=True)
def download_package_file(call: dsl.Call, package: Package, file: PackageFile) -> dsl.Raw:
    """Download a file of a package."""
    return downloaded(call, package, file)


def downloaded(
    call: dsl.Call, package: Package, file: PackageFile, headers: Mapping[str, str] | None = None
) -> dsl.Raw:
    """Return what is in a file of a package, and note that it was fetched."""
    if call.method != "HEAD":
        call.store.update(package, last_downloaded_at=call.now)
    name = file.file_name.rpartition("/")[2]
    disposition = {"Content-Disposition": f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"}
    return dsl.Raw(file.data or b"", "application/octet-stream", headers={**disposition, **(headers or {})})
