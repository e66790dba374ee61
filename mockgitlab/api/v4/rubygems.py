"""The registry of Ruby gems of a project: gem pushes to it and fetches from it.

GitLab has it behind the feature flag ``rubygem_packages``, off unless set; as there, the indexes of specifications are
not to be had. What is in a gem's metadata names its package; a file that has none becomes a package in error.

Source: https://docs.gitlab.com/api/packages/rubygems/ and GitLab's lib/api/rubygem_packages.rb,
app/services/packages/rubygems/*.rb.
"""

import re
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import package_access
from mockgitlab.api.models.package import INSTALLED, files_of, packages_of
from mockgitlab.api.models.project import Project
from mockgitlab.api.package_access import OF_PROJECT
from mockgitlab.api.services.gems import Gem, marshal, read_gem
from mockgitlab.api.services.packages import add_file, built, packages_named, publish
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.packages import downloaded
from mockgitlab.errors import ApiError, Forbidden, NotFound, RecordNotFound

AT = "projects/:id/packages/rubygems"
TEMPORARY = "Gem.Temporary.Package"
SPECS_BY = f"{AT}/quick/Marshal.4.8"
_NAME = re.compile(r"[A-Za-z0-9._-]+")


READS, WRITES = (
    package_access.behind_flag(rule, "rubygem_packages") for rule in (package_access.READS, package_access.WRITES)
)


class NoGem(ApiError):
    """A gem that is asked for by its name is not there."""

    status = 404


@v4.get(f"{AT}/:file_name", f"{SPECS_BY}/:file_name", rule=READS, **OF_PROJECT)
def show_gem_specifications(project: Project, file_name: str) -> None:
    """Say that there are no indexes of gems, nor specifications in them, as GitLab does."""
    raise NotFound(reason="GitLab has no indexes of gems yet; ask for the dependencies of a gem by its name")


@v4.get(f"{AT}/gems/:file_name", rule=READS, **OF_PROJECT)
def download_gem(call: dsl.Call, project: Project, file_name: str) -> dsl.Raw:
    """Download a gem, of several of one name the newest."""
    kept = packages_of(call.store, project).where(package_type="rubygems").among("status", INSTALLED)
    files = [(one, file) for one in kept for file in files_of(call.store, one).where(file_name=file_name)]
    if not files:
        raise RecordNotFound(reason=f"{project.full_path} has no gem {file_name}")
    return downloaded(call, *max(files, key=lambda pair: pair[1].id))


@v4.post(f"{AT}/api/v1/gems/authorize", rule=WRITES, success=200, **OF_PROJECT)
def authorize_gem(project: Project) -> None:
    """Tell GitLab's own proxy where to put a gem; nobody else may ask."""
    raise Forbidden(reason="this is for GitLab Workhorse alone; send the gem to the address without /authorize")


@v4.post(f"{AT}/api/v1/gems", rule=WRITES, upload="file", **OF_PROJECT)
def upload_gem(call: dsl.Call, project: Project, file: Annotated[dsl.File, "The gem"]) -> dict[str, str]:
    """Upload a gem; another file of a version that is there already is kept beside it."""
    data: bytes = getattr(file, "data", b"")
    gem = read_gem(data)
    if gem is None or not _NAME.fullmatch(gem.name):
        version = f"0.0.0-{call.store.mint_hex('gem', 32)}"
        add_file(call, publish(call, project, "rubygems", TEMPORARY, version, status="error"), "package.gem", data)
    else:
        _keep(call, project, gem, data)
    return {"message": "201 Created"}


def _keep(call: dsl.Call, project: Project, gem: Gem, data: bytes) -> None:
    told = {"platform": gem.platform, "dependencies": [list(one) for one in gem.dependencies]}
    there = packages_named(call, project, "rubygems", gem.name).where(version=gem.version).first()
    if there is None:
        package = publish(call, project, "rubygems", gem.name, gem.version, metadata=told)
    else:
        package = built(call, call.store.update(there, metadata=told))
    add_file(call, package, gem.file_name, data)


@v4.get(f"{AT}/api/v1/dependencies", rule=READS, **OF_PROJECT)
def list_gem_dependencies(
    call: dsl.Call, project: Project, gems: Annotated[dsl.CommaList | None, "The names of the gems"] = None
) -> Any:
    """List what the versions of some gems need, as Ruby reads it."""
    if not gems:
        return dsl.Raw(b"null", "application/json")
    found = [one for name in gems for one in _versions(call, project, name)]
    return dsl.Raw(marshal(found), "application/octet-stream")


def _versions(call: dsl.Call, project: Project, name: str) -> list[dict[str, Any]]:
    packages = list(packages_named(call, project, "rubygems", name))
    if not packages:
        raise NoGem(f"{name} not found", reason=f"{project.full_path} has no gem {name}")
    return [
        {
            "name": one.name,
            "number": one.version,
            "platform": (one.metadata or {}).get("platform", "ruby"),
            "dependencies": (one.metadata or {}).get("dependencies", []),
        }
        for one in packages
    ]
