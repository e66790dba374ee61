"""Publishing packages of every kind: whose they are, which pipeline made them, what is too large, what is not there.

Source: GitLab's app/services/packages/*.rb and lib/api/helpers/packages/dependency_proxy_helpers.rb.
"""

import hashlib
import re
from typing import Any
from urllib.parse import quote

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.package import INSTALLED, Package, PackageFile, digest_of, files_of, packages_of
from mockgitlab.api.models.package_settings import FORWARDED_TO, forwards
from mockgitlab.api.models.pipeline import CommitStatus
from mockgitlab.api.models.plan_limits import PlanLimits
from mockgitlab.api.models.project import Project
from mockgitlab.errors import ApiError, BadRequest, Style
from mockgitlab.store import Query

DUPLICATE = "400 Bad request - Duplicate package is not allowed"
TOO_LARGE = "400 Bad request - File is too large"


class Forwarded(ApiError):
    """There is no such package; who asks is sent to the registry of everybody, as GitLab does unless told otherwise."""

    status = 302

    def text(self, style: Style) -> str:
        """Return where to go, as Grape does."""
        return f"This resource has been moved temporarily to {self.headers['Location']}."


class ForwardedPost(Forwarded):
    """The same of a request with a body, which is to be sent there again."""

    status = 307

    def text(self, style: Style) -> str:
        """Return nothing but the status."""
        return "307"


class StructuredError(BadRequest):
    """A refusal that says the same under GitLab's key and under that which clients of packages show."""

    def __init__(self, message: str, status: int = 400, *, reason: str = "") -> None:
        super().__init__(message, reason=reason)
        self.status = status

    def body(self, style: Style) -> Any:
        """Return the message under both keys."""
        return {"message": self.message, "error": self.message.removeprefix("400 Bad request - ")}


def forward(call: dsl.Call, kind: str, at: Project | Group | None, path: str, *, post: bool = False) -> None:
    """Send the caller to the registry of everybody, where GitLab does for a project, a group or the instance."""
    if not forwards(call.store, kind, at):
        return
    url = f"{FORWARDED_TO[kind]}{quote(path, safe='/@')}"
    where = at.full_path if at else "the instance"
    error = ForwardedPost if post else Forwarded
    raise error(str(error.status), headers={"Location": url}, reason=f"{where} has no such package; {url} may have it")


def packages_named(call: dsl.Call, project: Project, kind: str, name: str) -> Query[Package]:
    """Return the packages of a kind and name that may be installed from a project."""
    same = packages_of(call.store, project).where(name=name, package_type=kind)
    return same.among("status", INSTALLED)


def publish(call: dsl.Call, project: Project, kind: str, name: str, version: str | None, **columns: Any) -> Package:
    """Make a package, its version published by the caller and, with a job's token, by the job's pipeline."""
    tie = {"project_id": project.id, "creator_id": call.user.id if call.user else None}
    made = Package(**tie, name=name, version=version, package_type=kind, **columns)
    return built(call, call.store.insert(made))


def built(call: dsl.Call, package: Package) -> Package:
    """Note of a package that the pipeline of the caller's job published it."""
    job = call.store[CommitStatus].get(call.token.job_id) if call.token and call.token.kind == "job" else None
    if job is None or job.pipeline_id in package.pipeline_ids:
        return package
    return call.store.update(package, pipeline_ids=(*package.pipeline_ids, job.pipeline_id))


def add_file(
    call: dsl.Call, package: Package, name: str, data: bytes, metadata: dict[str, Any] | None = None
) -> PackageFile:
    """Add a file to a package."""
    return call.store.insert(PackageFile(package_id=package.id, file_name=name, data=data, metadata=metadata))


def newest_file(call: dsl.Call, package: Package, name: str) -> PackageFile | None:
    """Return the file of a package with a name, of several the newest."""
    found = list(files_of(call.store, package).where(file_name=name))
    return found[-1] if found else None


def file_record(call: dsl.Call, file: PackageFile) -> dict[str, Any]:
    """Return a file as GitLab shows its own record of it."""
    package, view = call.store[Package][file.package_id], call.view()
    root = hashlib.sha256(str(package.project_id).encode()).hexdigest()
    place = f"packages/{file.package_id}/files/{file.id}/{file.file_name}"
    return {
        "id": file.id,
        "package_id": file.package_id,
        "created_at": file.created_at,
        "updated_at": file.created_at,
        "size": file.size(view),
        "file_store": 1,
        "file_md5": digest_of(file, "md5", view),
        "file_sha1": digest_of(file, "sha1", view),
        "file_name": file.file_name,
        "file": {"url": f"/{root[:2]}/{root[2:4]}/{root}/{place}"},
        "file_sha256": file.file_sha256(view),
        **dict.fromkeys(("verification_retry_at", "verified_at", "verification_failure")),
        **dict.fromkeys(("verification_retry_count", "verification_checksum")),
        "verification_state": 0,
        **dict.fromkeys(("verification_started_at", "new_file_path")),
    }


def check_size(store: dsl.Store, limit: str, data: bytes) -> None:
    """Refuse a file that is larger than the plan's limit of its kind allows; 0 is no limit."""
    most = getattr(store[PlanLimits].all().first() or PlanLimits(), limit)
    if 0 < most < len(data):
        raise BadRequest(TOO_LARGE, reason=f"{len(data)} bytes, {limit} is {most}")


def check_valid(error: type[BadRequest], **checks: object) -> None:
    """Refuse a package of which something does not hold, named as GitLab's validations do."""
    wrong = [name.capitalize().replace("_", " ") for name, holds in checks.items() if not holds]
    if wrong:
        text = f"Validation failed: {', '.join(f'{name} is invalid' for name in wrong)}"
        raise error(text, reason=f"the package has a wrong {' and '.join(wrong).lower()}")


SEMVER = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?",
    re.ASCII,
)
"""Versions as Semantic Versioning has them."""


def version_key(version: str) -> tuple[Any, ...]:
    """Return by what versions are sorted: numbers as such, and what comes before a release before it."""
    core, _, before = version.partition("+")[0].partition("-")
    return (_parts(core), not before, _parts(before))


def _parts(text: str) -> tuple[tuple[int, int, str], ...]:
    found = re.split(r"[.-]", text)
    return tuple((0, int(one), "") if one.isascii() and one.isdigit() else (1, 0, one) for one in found)
