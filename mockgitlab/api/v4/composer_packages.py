"""The registry of Composer packages: branches and tags of a project, published, are listed in its groups.

Source: https://docs.gitlab.com/api/packages/composer/, https://docs.gitlab.com/user/packages/composer_repository/ and
GitLab's lib/api/composer_packages.rb, app/services/packages/composer/*.rb, app/presenters/packages/composer/*.rb,
lib/gitlab/composer/version_index.rb.
"""

import hashlib
import json
import re
from typing import Any
from urllib.parse import urlsplit

from mockgitlab import dsl
from mockgitlab.api import access, package_access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.package import INSTALLED, Package, packages_of
from mockgitlab.api.models.project import Project
from mockgitlab.api.package_access import OF_ASKED, OF_ASKED_GROUP
from mockgitlab.api.services.packages import built, check_valid, packages_named, publish
from mockgitlab.api.services.repositories import HEADS, TAGS, Repository, text_at
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, NotFound, Unprocessable
from mockgitlab.git.archive import archive
from mockgitlab.git.objects import Commit
from mockgitlab.git.trees import files

AT, IN_GROUP = "projects/:id/packages/composer", "group/:id/-/packages/composer"
PUBLISHED = [
    dsl.param("branch", str, "The name of the branch"),
    dsl.param("tag", str, "The name of the tag"),
]
NO_FILE, NO_JSON = "The file composer.json was not found.", "Could not parse composer.json file. Invalid JSON."
TAKEN = "Validation failed: Name is already taken by another project"
_NAME = re.compile(r"@?([\w.+-]*/)*[\w.-]+", re.ASCII)
_VERSION = re.compile(r"v?(\d+(\.(\d+|x))*)", re.ASCII)


# Publishing


@v4.post(
    AT,
    rule=package_access.ASKED_WRITES,
    params=PUBLISHED,
    constraints=[dsl.exactly_one_of("tag", "branch")],
    **OF_ASKED,
)
def publish_composer_package(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, str]:
    """Publish a branch or a tag of a project as a version of the package that its ``composer.json`` names."""
    commit = _target(call, project, given)
    told = _composer_json(call, commit)
    name, version = str(told.get("name") or ""), _version_of(given)
    check_valid(BadRequest, name=_NAME.fullmatch(name))
    _check_elsewhere(call, project, name)
    metadata = {"sha": commit.sha, "composer_json": told}
    there = packages_named(call, project, "composer", name).where(version=version).first()
    if there is None:
        publish(call, project, "composer", name, version, metadata=metadata)
    else:
        built(call, call.store.update(there, metadata=metadata))
    return {"message": "201 Created"}


def _target(call: dsl.Call, project: Project, given: dsl.Given) -> Commit:
    kind, prefix = ("Branch", HEADS) if given.get("branch") else ("Tag", TAGS)
    name = given.get(kind.lower()) or ""
    repository = Repository(call.store, project)
    commit = repository.commit(prefix + name) if repository.ref(prefix + name) else None
    if commit is None:
        raise NotFound(kind, reason=f"{project.full_path} has no {kind.lower()} {name!r}")
    return commit


def _composer_json(call: dsl.Call, commit: Commit) -> dict[str, Any]:
    text = text_at(call.store, commit.sha, "composer.json")
    if text is None:
        raise Unprocessable(NO_FILE, reason=f"{commit.sha} has no composer.json")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Unprocessable(NO_JSON, reason=f"the composer.json of {commit.sha} is no JSON object")
    return told


def _version_of(given: dsl.Given) -> str:
    """Return the version of a tag, ``1.0``, or of a branch: ``1.x-dev``, ``1.2.x-dev``, ``dev-main``."""
    if given.get("tag"):
        return str(given["tag"]).removeprefix("v")
    found = _VERSION.match(given["branch"])
    if found is None:
        return f"dev-{given['branch']}"
    return f"{found[1]}-dev" if found[1].endswith(".x") else f"{found[1]}.x-dev"


def _check_elsewhere(call: dsl.Call, project: Project, name: str) -> None:
    same = call.store[Package].where(package_type="composer", name=name)
    if any(one.project_id != project.id for one in same):
        raise BadRequest(TAKEN, reason=f"another project has the Composer package {name}")


# What there is


def _packages(call: dsl.Call, group: Group) -> dict[str, list[Package]]:
    """Return the packages of a group's projects that the caller may see, by their names."""
    found: dict[str, list[Package]] = {}
    for project in package_access.projects_in(call, group):
        for one in packages_of(call.store, project).where(package_type="composer").among("status", INSTALLED):
            found.setdefault(one.name, []).append(one)
    return found


@v4.get(f"{IN_GROUP}/packages", f"{IN_GROUP}/packages.json", rule=access.ANYONE, **OF_ASKED_GROUP)
def show_composer_root(call: dsl.Call, group: Group) -> dict[str, Any]:
    """Show where Composer finds the packages of a group; its version 1 is told of all that are there."""
    at = f"{urlsplit(call.base).path}/api/v4/{IN_GROUP.replace(':id', str(group.id))}"
    root = {"packages": [], "metadata-url": f"{at}/p2/%package%.json"}
    if "Composer/2" in call.headers.get("User-Agent", ""):
        return root
    digest = _digest({"providers": _providers(call, group)})
    includes = {"p/%hash%.json": {"sha256": digest}}
    return {**root, "provider-includes": includes, "providers-url": f"{at}/%package%$%hash%.json"}


@v4.get(f"{IN_GROUP}/p/:sha", rule=access.ANYONE, **OF_ASKED_GROUP)
def list_composer_providers(call: dsl.Call, group: Group, sha: str) -> dict[str, Any]:
    """List the packages of a group, each with the digest of its versions."""
    return {"providers": _providers(call, group)}


@v4.get(f"{IN_GROUP}/p2/*package_name", rule=access.ANYONE, **OF_ASKED_GROUP)
def show_composer_package(call: dsl.Call, group: Group, package_name: str) -> dict[str, Any]:
    """Show the versions of a package of a group, as Composer 2 asks for them."""
    return _versions_named(call, group, package_name.removesuffix(".json"))


@v4.get(f"{IN_GROUP}/*package_name", rule=access.ANYONE, **OF_ASKED_GROUP)
def show_composer_package_by_digest(call: dsl.Call, group: Group, package_name: str) -> dict[str, Any]:
    """Show the versions of a package of a group, as Composer 1 asks for them: by its name and a digest."""
    name, _, digest = package_name.removesuffix(".json").partition("$")
    if not digest:
        raise NotFound(reason="the name is to be followed by $ and a digest")
    return _versions_named(call, group, name)


def _versions_named(call: dsl.Call, group: Group, name: str) -> dict[str, Any]:
    found = _packages(call, group).get(name)
    if not found:
        raise NotFound(reason=f"{group.full_path} has no Composer package {name}")
    return _versions(call, found)


def _providers(call: dsl.Call, group: Group) -> dict[str, Any]:
    return {name: {"sha256": _digest(_versions(call, one))} for name, one in _packages(call, group).items()}


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def _versions(call: dsl.Call, packages: list[Package]) -> dict[str, Any]:
    shown = {one.version: _version(call, one) for one in sorted(packages, key=lambda one: one.version or "")}
    return {"packages": {packages[0].name: shown}}


def _version(call: dsl.Call, package: Package) -> dict[str, Any]:
    project, kept = call.store[Project][package.project_id], package.metadata or {}
    sha, view = kept.get("sha"), call.view()
    url = f"{call.base}/api/v4/{AT.replace(':id', str(project.id))}/archives/{package.name}.zip?sha={sha}"
    http = f"{project.web_url(view)}.git"
    ssh = f"git@{urlsplit(call.base).hostname}:{project.full_path}.git"
    return {
        **(kept.get("composer_json") or {}),
        "dist": {"type": "zip", "url": url, "reference": sha, "shasum": ""},
        "source": {"type": "git", "url": http if project.visibility == "public" else ssh, "reference": sha},
        "uid": package.id,
        "version": package.version,
    }


@v4.get(f"{AT}/archives/*package_name", rule=package_access.ASKED_READS, **OF_ASKED)
def download_composer_archive(call: dsl.Call, project: Project, package_name: str, sha: str) -> dsl.Raw:
    """Download the files of a version of a package, as the archive of the commit that it was published from."""
    name = package_name.removesuffix(".zip")
    found = [one for one in packages_named(call, project, "composer", name) if (one.metadata or {}).get("sha") == sha]
    repository = Repository(call.store, project)
    commit = repository.commit(sha) if found else None
    if commit is None:
        raise NotFound(reason=f"{project.full_path} has no Composer package {name} of the commit {sha}")
    call.store.update(found[0], last_downloaded_at=call.now)
    folder = f"{project.path}-{sha}-{sha}"
    body = archive(repository.objects, commit, files(repository.objects, commit.tree), folder, "zip")
    return dsl.Raw(body, "application/zip", headers={"Content-Disposition": f'attachment; filename="{folder}.zip"'})
