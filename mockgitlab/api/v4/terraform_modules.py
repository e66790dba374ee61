"""The registry of Terraform modules: of a namespace as Terraform's protocol has it, of a project by HTTP.

Where a module of a namespace is downloaded from says a header; its address has a token of its own, for Terraform sends
none there.

Source: https://docs.gitlab.com/api/packages/terraform-modules/, https://docs.gitlab.com/user/packages/
terraform_module_registry/ and GitLab's lib/api/terraform/modules/v1/*.rb, app/services/packages/terraform_module/.
"""

import re
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from mockgitlab import dsl
from mockgitlab.api import access, package_access
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.package import Package, PackageFile, files_of
from mockgitlab.api.models.package_settings import settings_of
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.package_access import CHALLENGE, OF_ASKED, TAKEN_BY_TOKENS
from mockgitlab.api.reach import below
from mockgitlab.api.services.download_tokens import read_download_token, write_download_token
from mockgitlab.api.services.packages import (
    SEMVER,
    add_file,
    check_size,
    check_valid,
    packages_named,
    publish,
    version_key,
)
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.packages import downloaded
from mockgitlab.errors import BadRequest, Forbidden, InvalidParameters, NotFound, Unauthorized

MODULE = "packages/terraform/modules/v1/:module_namespace/:module_name/:module_system"
VERSION = f"{MODULE}/*module_version"
IN_PROJECT = "projects/:id/packages/terraform/modules/:module_name/:module_system"
FILE = f"{IN_PROJECT}/*module_version/file"
TAKEN = "A package with the same name already exists in the namespace"
_NAME = re.compile(r"[-a-z0-9]+/[-a-z0-9]+")
FLAG = dsl.param("terraform-get", str, "Whether to tell in a header where the module is", enum=("1",))


class NoVersion(NotFound):
    """A module has no version."""

    def __init__(self, name: str) -> None:
        super().__init__(reason=f"the namespace has no module {name} that the caller may see")
        self.message = {"error": f"No version found for {name} module"}


# Of a namespace


def _check_version(version: str) -> None:
    if not SEMVER.fullmatch(version):
        raise InvalidParameters(["module_version is invalid"], reason="versions are those of Semantic Versioning")


def _namespace(call: dsl.Call, name: str) -> Group | None:
    if name.isascii() and name.isdigit() and len(name) < 19:
        return call.store[Group].get(int(name))
    return call.store[Group].find(folded=name.lower())


def _modules(call: dsl.Call, namespace: str, name: str) -> list[Package]:
    """Return the versions of a module that the caller may see in a namespace, the highest first.

    Raises ``Forbidden``, or asks for a token, where there is none and the namespace is not open either.
    """
    group = _namespace(call, namespace)
    projects = [call.store[Project][id] for id in sorted(below(call.store, group))] if group else []
    seen = [one for one in projects if package_access.may(call, one, package_access.READ)]
    found = [one for project in seen for one in packages_named(call, project, "terraform_module", name)]
    if not found and not (group and _is_open(call, group)):
        reason = f"the packages of {namespace} are not open to this caller"
        raise Forbidden(reason=reason) if call.token else Unauthorized(reason=reason, headers=CHALLENGE)
    return sorted(found, key=lambda one: version_key(one.version or ""), reverse=True)


def _is_open(call: dsl.Call, group: Group) -> bool:
    call.located[Group] = group
    try:
        package_access.check_group(call)
    except Forbidden:
        return False
    return True


def _latest(call: dsl.Call, namespace: str, name: str, system: str) -> Package:
    found = _modules(call, namespace, f"{name}/{system}")
    if not found:
        raise NoVersion(name)
    return found[0]


def _of_version(call: dsl.Call, namespace: str, name: str, version: str) -> tuple[Package, PackageFile]:
    _check_version(version)
    for package in _modules(call, namespace, name):
        file = files_of(call.store, package).first()
        if package.version == version and file is not None:
            return package, file
    raise NotFound(reason=f"{namespace} has no module {name} {version}")


def _told(call: dsl.Call, package: Package, system: str) -> dict[str, Any]:
    return {
        "name": package.name,
        "provider": system,
        "providers": [system],
        "root": {"dependencies": []},
        "source": call.store[Project][package.project_id].web_url(call.view()),
        "submodules": [],
        "version": package.version,
        "versions": [package.version],
    }


@v4.get(f"{MODULE}/versions", rule=access.ANYONE, **TAKEN_BY_TOKENS)
def list_terraform_module_versions(
    call: dsl.Call, module_namespace: str, module_name: str, module_system: str
) -> dict[str, Any]:
    """List the versions of a module of a namespace."""
    found = _modules(call, module_namespace, f"{module_name}/{module_system}")
    root: dict[str, Any] = {"dependencies": [], "providers": [{"name": module_system, "version": ""}]}
    shown: list[Any] = [{"version": one.version, "submodules": [], "root": root} for one in found]
    source = call.store[Project][found[0].project_id].web_url(call.view()) if found else None
    return {"modules": [{"versions": shown, "source": source}]}


@v4.get(MODULE, rule=access.ANYONE, **TAKEN_BY_TOKENS)
def show_latest_terraform_module(
    call: dsl.Call, module_namespace: str, module_name: str, module_system: str
) -> dict[str, Any]:
    """Show the latest version of a module of a namespace."""
    return _told(call, _latest(call, module_namespace, module_name, module_system), module_system)


@v4.get(f"{MODULE}/download", rule=access.ANYONE, success=302, **TAKEN_BY_TOKENS)
def locate_latest_terraform_module(
    call: dsl.Call, module_namespace: str, module_name: str, module_system: str
) -> dsl.Raw:
    """Send the caller to the download of the latest version of a module."""
    latest = _latest(call, module_namespace, module_name, module_system)
    url = f"{call.base}/api/v4/{_filled(call, MODULE)}/{quote(latest.version or '')}/download"
    text = f"This resource has been moved temporarily to {url}."
    return dsl.Raw(text.encode(), "text/plain", status=302, headers={"Location": url})


@v4.get(VERSION, rule=access.ANYONE, **TAKEN_BY_TOKENS)
def show_terraform_module(
    call: dsl.Call, module_namespace: str, module_name: str, module_system: str, module_version: str
) -> dict[str, Any]:
    """Show a version of a module of a namespace."""
    found = _of_version(call, module_namespace, f"{module_name}/{module_system}", module_version)
    return _told(call, found[0], module_system)


@v4.get(f"{VERSION}/download", rule=access.ANYONE, success=204, **TAKEN_BY_TOKENS)
def locate_terraform_module(
    call: dsl.Call, module_namespace: str, module_name: str, module_system: str, module_version: str
) -> Any:
    """Tell in a header where a version of a module is downloaded from."""
    _of_version(call, module_namespace, f"{module_name}/{module_system}", module_version)
    token = write_download_token(call.store, call.token) if call.token else ""
    path = f"{urlsplit(call.base).path}/api/v4/{_filled(call, VERSION)}/file"
    return dsl.present(None, headers={"X-Terraform-Get": f"{path}?token={token}&archive=tgz"})


@v4.get(f"{VERSION}/file", rule=access.ANYONE, json_suffix=False)
def download_terraform_module(
    call: dsl.Call,
    module_namespace: str,
    module_name: str,
    module_system: str,
    module_version: str,
    token: Annotated[str | None, "The token of the address"] = None,
    archive: Annotated[str | None, "What Terraform takes it for"] = None,
) -> dsl.Raw:
    """Download a version of a module, with the token that its address has."""
    if token:
        read_download_token(call, token)
    found = _of_version(call, module_namespace, f"{module_name}/{module_system}", module_version)
    return downloaded(call, *found)


def _filled(call: dsl.Call, path: str) -> str:
    return re.sub(r"[:*](module_\w+)", lambda found: quote(call.path[found[1]], safe=""), path)


# Of a project


@v4.get(
    IN_PROJECT, f"{IN_PROJECT}/*module_version", rule=package_access.ASKED_READS, params=[FLAG], success=204, **OF_ASKED
)
def download_terraform_module_of_project(
    call: dsl.Call,
    project: Project,
    module_name: str,
    module_system: str,
    module_version: str | None = None,
) -> Any:
    """Download a version of a module of a project, or the latest; Terraform is told first where it is."""
    if module_version is not None:
        _check_version(module_version)
    if call.sent.get("terraform-get") == "1":
        place = IN_PROJECT if module_version is None else f"{IN_PROJECT}/*module_version"
        at = _filled(call, place.replace(":id", quote(call.path["id"], safe="")))
        return dsl.present(None, headers={"X-Terraform-Get": f"{call.base}/api/v4/{at}?archive=tgz"})
    found = list(packages_named(call, project, "terraform_module", f"{module_name}/{module_system}"))
    found.sort(key=lambda one: version_key(one.version or ""))
    chosen = [one for one in found if module_version in (None, one.version) and files_of(call.store, one).exists()]
    if not chosen:
        raise NotFound(reason=f"{project.full_path} has no such version of {module_name}/{module_system}")
    return downloaded(call, chosen[-1], next(iter(files_of(call.store, chosen[-1]))))


@v4.put(f"{FILE}/authorize", rule=package_access.ASKED_WRITES, **OF_ASKED)
def authorize_terraform_module(project: Project, module_name: str, module_system: str, module_version: str) -> None:
    """Tell GitLab's own proxy where to put a module; nobody else may ask."""
    raise Forbidden(reason="this is for GitLab Workhorse alone; send the module to the address without /authorize")


@v4.put(FILE, rule=package_access.ASKED_WRITES, upload="file", success=201, **OF_ASKED)
def upload_terraform_module(
    call: dsl.Call,
    project: Project,
    module_name: str,
    module_system: str,
    module_version: str,
    file: Annotated[dsl.File, "The module, as a tarball"],
) -> dict[str, str]:
    """Upload a version of a module of a project; another project of the top-level group may not have one so named."""
    _check_version(module_version)
    data: bytes = getattr(file, "data", b"")
    check_size(call.store, "terraform_module_max_file_size", data)
    name = f"{module_name}/{module_system}"
    _check_elsewhere(call, project, name)
    if any(one.version == module_version for one in packages_named(call, project, "terraform_module", name)):
        raise Taken("Package version already exists.", reason=f"{project.full_path} has {name} {module_version}")
    check_valid(BadRequest, name=_NAME.fullmatch(name))
    package = publish(call, project, "terraform_module", name, module_version)
    add_file(call, package, f"{module_name}-{module_system}-{module_version}.tgz", data)
    return {"message": "201 Created"}


class Taken(BadRequest):
    """The name or the version of a module is taken."""

    status = 403


def _check_elsewhere(call: dsl.Call, project: Project, name: str) -> None:
    """Refuse a name that another project of the top-level group has, unless a group above says otherwise."""
    for settings in settings_of(call.store, project):
        pattern = settings.terraform_module_duplicate_exception_regex
        if settings.terraform_module_duplicates_allowed or (pattern and re.fullmatch(pattern, name)):
            return
    root = ancestors(call.store, namespace_of(call.store, project))[-1]
    others = [call.store[Project][id] for id in below(call.store, root) if id != project.id]
    if any(packages_named(call, one, "terraform_module", name).exists() for one in others):
        raise Taken(TAKEN, reason=f"another project of {root.path} has a module {name}")
