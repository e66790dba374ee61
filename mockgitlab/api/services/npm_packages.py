"""npm packages: what npm is told of them, their tags, publishing and deprecating them.

Source: GitLab's app/services/packages/npm/*.rb, app/models/packages/npm/package.rb.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import ancestors
from mockgitlab.api.models.package import Package, digest, files_of
from mockgitlab.api.models.package_protection_rule import is_protected
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.reach import below
from mockgitlab.api.services.packages import (
    StructuredError,
    add_file,
    check_size,
    check_valid,
    packages_named,
    publish,
    version_key,
)

SHOWN = ("deprecated", "bin", "directories", "dist", "engines", "_hasShrinkwrap", "hasInstallScript")
DEPENDENCIES = ("dependencies", "devDependencies", "bundleDependencies", "peerDependencies")
KEPT_BACK = ("readme", "readmeFilename", "licenseText", "contributors", "exports")
INSTALL_SCRIPTS = {"preinstall", "install", "postinstall"}
NAME = re.compile(r"(@[a-zA-Z0-9_.][a-zA-Z0-9_.-]*/)?[-+._a-zA-Z0-9]+")
_NUMBER = r"(0|[1-9]\d*)"
_PART = r"(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)"
VERSION = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(-{_PART}(\.{_PART})*)?(\+[0-9a-zA-Z.-]+)?", re.ASCII)


def packages_in(call: dsl.Call, projects: Iterable[Project], name: str) -> list[Package]:
    """Return the npm packages of a name that some projects have, the oldest first."""
    found = [one for project in projects for one in packages_named(call, project, "npm", name)]
    return sorted(found, key=lambda one: one.id)


def metadata_of(call: dsl.Call, name: str, packages: list[Package]) -> dict[str, Any]:
    """Return what npm is told of a package: of each version the newest, and its tags."""
    newest = {one.version: one for one in packages}
    shown = {version: _version(call, one) for version, one in newest.items() if files_of(call.store, one).exists()}
    return {"name": name, "versions": shown, "dist-tags": tags_of(newest.values())}


def _version(call: dsl.Call, package: Package) -> dict[str, Any]:
    told, file = package.metadata or {}, list(files_of(call.store, package))[-1]
    at = f"{call.base}/api/v4/projects/{package.project_id}/packages/npm"
    dist = {"shasum": digest(file, "sha1"), "tarball": f"{at}/{package.name}/-/{file.file_name}"}
    needed = {kind: told[kind] for kind in DEPENDENCIES if isinstance(told.get(kind), dict) and told[kind]}
    own = {key: told[key] for key in SHOWN if key in told}
    return {**own, "name": package.name, "version": package.version, "dist": dist, **needed}


def tags_of(packages: Iterable[Package]) -> dict[str, Any]:
    """Return the tags of some packages with the versions they stand for; ``latest`` is the highest unless told."""
    found = {tag: one.version for one in packages for tag in one.tags}
    versions = sorted((one.version or "" for one in packages), key=version_key)
    return found if "latest" in found else {**found, "latest": versions[-1]}


# Tags


def put_tag(call: dsl.Call, package: Package, tag: str) -> None:
    """Let a tag stand for one version of a package, and for no other of its project."""
    project = call.store[Project][package.project_id]
    drop_tag(call, project, package.name, tag)
    package = call.store[Package][package.id]
    call.store.update(package, tags=(*package.tags, tag))


def drop_tag(call: dsl.Call, project: Project, name: str, tag: str) -> bool:
    """Take a tag from a package of a project, and tell whether it had that."""
    tagged = [one for one in packages_in(call, [project], name) if tag in one.tags]
    for one in tagged:
        call.store.update(one, tags=tuple(other for other in one.tags if other != tag))
    return bool(tagged)


# Publishing


def publish_version(call: dsl.Call, project: Project, given: dsl.Given) -> Package:
    """Publish the one version that npm sends, with its tarball and its tag."""
    version, told = next(iter(given["versions"].items()), ("", {}))
    name, told = given.get("name") or "", told if isinstance(told, dict) else {}
    file_name = f"{name}-{version}.tgz"
    data = _tarball((given.get("_attachments") or {}).get(file_name))
    _check(call, project, name, version, data)
    kept = {key: value for key, value in told.items() if key not in KEPT_BACK}
    if INSTALL_SCRIPTS & set(_hash(told.get("scripts"))):
        kept["hasInstallScript"] = True
    package = publish(call, project, "npm", name, version, metadata=kept)
    add_file(call, package, file_name, data)
    for tag in list(given.get("dist-tags") or {})[:1]:
        put_tag(call, package, tag)
    return call.store[Package][package.id]


def _hash(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _tarball(attachment: Any) -> bytes:
    try:
        return base64.b64decode(str(_hash(attachment).get("data") or ""))
    except (binascii.Error, ValueError):
        return b""


def _check(call: dsl.Call, project: Project, name: str, version: str, data: bytes) -> None:
    """Refuse what GitLab does: no version, no file, a version that is there, names that npm does not have."""
    if not version:
        raise StructuredError("Version is empty.", reason="versions is to have a version")
    if not data:
        raise StructuredError("Attachment data is empty.", reason=f"_attachments is to have {name}-{version}.tgz")
    if any(one.version == version for one in packages_in(call, [project], name)):
        raise StructuredError("Package already exists.", 403, reason=f"{project.full_path} has {name} {version}")
    if is_protected(call, project, "npm", name):
        raise StructuredError("Package protected.", 403, reason=f"a rule of {project.full_path} protects {name}")
    check_size(call.store, "npm_max_file_size", data)
    check_valid(StructuredError, name=NAME.fullmatch(name), version=VERSION.fullmatch(version))
    _check_elsewhere(call, project, name, version)


def _check_elsewhere(call: dsl.Call, project: Project, name: str, version: str) -> None:
    """Refuse what another project of the same top-level namespace has, where the scope is that namespace's path."""
    root = ancestors(call.store, namespace_of(call.store, project))[-1]
    if not name.startswith(f"@{root.path}/"):
        return
    others = [call.store[Project][id] for id in below(call.store, root) if id != project.id]
    if any(one.version == version for one in packages_in(call, others, name)):
        text = "Validation failed: Package already exists"
        raise StructuredError(text, reason=f"another project of {root.path} has {name} {version}")


def deprecate(call: dsl.Call, project: Project, name: str, versions: dict[str, Any]) -> None:
    """Keep of each version what npm says of it; nothing to say takes the deprecation back."""
    for one in packages_in(call, [project], name):
        message = _hash(versions.get(one.version or "")).get("deprecated")
        if message is None:
            continue
        kept = {key: value for key, value in (one.metadata or {}).items() if key != "deprecated"}
        told = {**kept, "deprecated": message} if message else kept
        call.store.update(one, metadata=told, status="deprecated" if message else "default")


def record_of(package: Package) -> dict[str, Any]:
    """Return a package as GitLab's own record of it."""
    names = ("id", "project_id", "created_at", "name", "version", "package_type", "creator_id", "status")
    shown = {name: getattr(package, name) for name in names}
    return {**shown, "updated_at": package.created_at, "last_downloaded_at": None, "status_message": None}
