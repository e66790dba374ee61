"""The Go proxy of a project: its tags, and any commit, as versions of the modules in its repository.

GitLab has it behind the feature flag ``go_proxy``, off unless set. A module is named as its project's address without
``https://``; the port of the address may be left out, for Go takes none in names of modules.

Source: https://docs.gitlab.com/api/packages/go_proxy/, https://docs.gitlab.com/user/packages/go_proxy/ and GitLab's
lib/api/go_proxy.rb, lib/gitlab/golang.rb, app/models/packages/go/*.rb, app/finders/packages/go/*.rb.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import timezone
from functools import cached_property
from posixpath import normpath
from typing import Any
from urllib.parse import urlsplit

from mockgitlab import dsl
from mockgitlab.api import package_access
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.repository import date_of
from mockgitlab.api.package_access import OF_ASKED
from mockgitlab.api.services.packages import SEMVER
from mockgitlab.api.services.repositories import HEADS, TAGS, Repository
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import NotFound
from mockgitlab.git.objects import Commit
from mockgitlab.git.trees import files
from mockgitlab.store import parse_instant

AT = "projects/:id/packages/go/*module_name/@v"
OPTIONS: dict[str, Any] = {
    **OF_ASKED,
    "deploy_token": False,
    "rule": package_access.behind_flag(package_access.ASKED_READS, "go_proxy"),
}
_UPPER = re.compile(r"!([a-zA-Z])")
_MAJOR = re.compile(r"/v(\d+)\Z", re.ASCII | re.IGNORECASE)
_PSEUDO = re.compile(r"v\d+\.\d+\.\d+-(?:.*\.)?(\d{14})-([0-9a-f]{12})", re.ASCII)


@dataclass(frozen=True)
class Module:
    """A module in a repository: its whole name, and the folder in which its ``go.mod`` is."""

    repository: Repository
    name: str
    folder: str

    def version(self, name: str, commit: Commit) -> "Version":
        """Return a version of it."""
        return Version(self, name, commit)


@dataclass(frozen=True)
class Version:
    """A version of a module: a commit and what it is called."""

    module: Module
    name: str
    commit: Commit

    @cached_property
    def files(self) -> dict[str, bytes]:
        """What is in its files, by their paths in the module; those of modules below it are not its own."""
        objects, start = self.module.repository.objects, f"{self.module.folder}/" if self.module.folder else ""
        found = {path: one.sha for path, one in files(objects, self.commit.tree).items() if path.startswith(start)}
        own = {path.removeprefix(start): sha for path, sha in found.items()}
        below = tuple(path.removesuffix("go.mod") for path in own if path.endswith("/go.mod"))
        kept = {path: objects.get(sha) for path, sha in own.items() if not below or not path.startswith(below)}
        return {path: found[1] for path, found in kept.items() if found is not None and found[0] == "blob"}

    @property
    def valid(self) -> bool:
        """Whether its ``go.mod`` is that of the module, and the module's name that of its major version."""
        named, major = _MAJOR.search(self.module.name), int(self.name[1:].partition(".")[0])
        first = self.files.get("go.mod", b"").decode(errors="replace").split("\n", 1)[0]
        fits = named is None if major < 2 else named is not None and int(named[1]) == major
        return fits and first == f"module {self.module.name}"


def _decoded(text: str) -> str:
    """Return a name with its capitals, each of which Go writes as ``!`` and a small letter."""
    return _UPPER.sub(lambda found: found[1].upper(), text)


def _module(call: dsl.Call, project: Project, name: str) -> Module:
    whole, address = normpath(_decoded(name)), urlsplit(call.base)
    for host in (address.netloc, address.hostname or ""):
        at = f"{host}{address.path}/{project.full_path}"
        if whole == at or whole.startswith(f"{at}/"):
            return Module(Repository(call.store, project), whole, whole[len(at) + 1 :])
    raise NotFound(
        reason=f"modules of {project.full_path} are named {address.netloc}{address.path}/{project.full_path}"
    )


def _version(call: dsl.Call, project: Project, name: str, written: str) -> Version:
    module, wanted = _module(call, project, name), _decoded(written)
    commit = _commit(module.repository, wanted) if SEMVER.fullmatch(wanted[1:]) and wanted[0] == "v" else None
    version = module.version(wanted, commit) if commit else None
    if version is None or not version.valid:
        raise NotFound(reason=f"{project.full_path} has no version {wanted} of a module {module.name}")
    return version


def _commit(repository: Repository, name: str) -> Commit | None:
    """Return the commit of a tag, a branch, or of a version that tells when which commit was made."""
    pseudo = _PSEUDO.fullmatch(name)
    if pseudo is None:
        found = next((one for one in (TAGS + name, HEADS + name) if repository.ref(one)), None)
        return repository.commit(found) if found else None
    commit = repository.commit(pseudo[2])
    if commit is None:
        return None
    made = parse_instant(date_of(commit.committer)).astimezone(timezone.utc)
    return commit if f"{made:%Y%m%d%H%M%S}" == pseudo[1] else None


@v4.get(f"{AT}/list", **OPTIONS)
def list_go_versions(call: dsl.Call, project: Project, module_name: str) -> dsl.Raw:
    """List the tags that are versions of a module."""
    module = _module(call, project, module_name)
    tags = [one for one in module.repository.named(TAGS) if one[:1] == "v" and SEMVER.fullmatch(one[1:])]
    commits = ((tag, module.repository.commit(TAGS + tag)) for tag in tags)
    found = [tag for tag, commit in commits if commit is not None and module.version(tag, commit).valid]
    return dsl.Raw("\n".join(found).encode(), "text/plain")


@v4.get(f"{AT}/:module_version.info", **OPTIONS)
def show_go_version(call: dsl.Call, project: Project, module_name: str, module_version: str) -> dict[str, Any]:
    """Show a version of a module, and when it was made."""
    found = _version(call, project, module_name, module_version)
    return {"Version": found.name, "Time": date_of(found.commit.committer)}


@v4.get(f"{AT}/:module_version.mod", **OPTIONS)
def show_go_mod(call: dsl.Call, project: Project, module_name: str, module_version: str) -> dsl.Raw:
    """Show the file ``go.mod`` of a version of a module."""
    return dsl.Raw(_version(call, project, module_name, module_version).files["go.mod"], "text/plain")


@v4.get(f"{AT}/:module_version.zip", **OPTIONS)
def download_go_module(call: dsl.Call, project: Project, module_name: str, module_version: str) -> dsl.Raw:
    """Download the files of a version of a module."""
    found, content = _version(call, project, module_name, module_version), io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in found.files.items():
            archive.writestr(zipfile.ZipInfo(f"{found.module.name}@{found.name}/{path}"), data)
    disposition = {"Content-Disposition": f'attachment; filename="{found.name}.zip"'}
    return dsl.Raw(
        content.getvalue(), "application/zip", headers={**disposition, "Content-Transfer-Encoding": "binary"}
    )
