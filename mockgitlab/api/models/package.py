"""Packages in the registries of projects, and their files.

Source: https://docs.gitlab.com/api/packages/ and GitLab's app/models/packages/package.rb,
lib/api/entities/package.rb, lib/api/entities/package_file.rb.
"""

import hashlib
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from mockgitlab import dsl
from mockgitlab.api.models.pipeline import PIPELINE_BASIC, Pipeline
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.store import Query

PackageType = Literal[
    "maven",
    "npm",
    "conan",
    "nuget",
    "pypi",
    "composer",
    "generic",
    "golang",
    "debian",
    "rubygems",
    "helm",
    "terraform_module",
    "rpm",
    "ml_model",
]
Status = Literal["default", "hidden", "processing", "error", "pending_destruction", "deprecated"]
TYPES: tuple[str, ...] = get_args(PackageType)
"""In the order in which GitLab numbers, and sorts, them."""
STATUSES: tuple[str, ...] = get_args(Status)
DISPLAYED = ("default", "error", "deprecated")
INSTALLED = ("default", "hidden", "deprecated")
DETAILED = ("default", "deprecated")


class Package(dsl.Entity):
    """One version of what a project publishes."""

    id: int = dsl.serial()
    project_id: int = dsl.hidden()
    name: str = dsl.required("The name of the package")
    version: str | None = dsl.optional("Its version")
    package_type: PackageType = dsl.optional("By which program it is installed", default="generic")
    status: Status = dsl.optional("Whether it is shown and installed", default="default")
    created_at: str = dsl.now()
    last_downloaded_at: str | None = dsl.readonly("When one of its files was downloaded last")
    tags: tuple[str, ...] = dsl.readonly("Other words for its version, such as latest", default=())
    creator_id: int | None = dsl.reference("User", "Who published it")
    requires_python: str = dsl.hidden("Which versions of Python a package for it needs", default="")
    metadata: dict[str, Any] | None = dsl.hidden("What else its kind tells of it")
    pipeline_ids: tuple[int, ...] = dsl.references("Pipeline", "The pipelines that published it")


class PackageFile(dsl.Entity):
    """A file of a package; of some kinds of packages GitLab knows the SHA-256 alone."""

    natural = "file_name"

    id: int = dsl.serial()
    package_id: int = dsl.parent("Package")
    created_at: str = dsl.now()
    file_name: str = dsl.required("The name of the file")
    data: Any = dsl.hidden("What is in it")
    metadata: dict[str, Any] | None = dsl.hidden("What its kind tells of it")

    @dsl.computed
    def size(self, view: dsl.View) -> int:
        """How many bytes it has."""
        return len(self.data or b"")

    @dsl.computed
    def file_sha256(self, view: dsl.View) -> str:
        """Its SHA-256."""
        return digest(self, "sha256")


def packages_of(store: dsl.Store, project: Project) -> Query[Package]:
    """Return the packages of a project."""
    return store[Package].where(project_id=project.id)


def files_of(store: dsl.Store, package: Package) -> Query[PackageFile]:
    """Return the files of a package."""
    return store[PackageFile].where(package_id=package.id)


def pipelines_of(store: dsl.Store, package: Package) -> list[Pipeline]:
    """Return the pipelines that published a package, the newest first."""
    found = [store[Pipeline].get(id) for id in sorted(package.pipeline_ids, reverse=True)]
    return [one for one in found if one is not None]


def digest(file: PackageFile, algorithm: str) -> str:
    """Return a digest of what is in a file, as hexadecimal digits."""
    return hashlib.new(algorithm, file.data or b"").hexdigest()


# Shapes


def digest_of(file: PackageFile, algorithm: str, view: dsl.View) -> str | None:
    """Return a digest of a file where GitLab keeps it, which of generic packages it does not."""
    generic = view.store[Package][file.package_id].package_type == "generic"
    return None if generic else digest(file, algorithm)


def _user(pipeline: Pipeline, view: dsl.View) -> Any:
    return view.one(USER_BASIC, view.store[User].get(pipeline.user_id))


def _pipeline(package: Package, view: dsl.View) -> Any:
    found = pipelines_of(view.store, package)
    return view.one(PACKAGE_PIPELINE, found[0]) if found else dsl.OMIT


def _pipelines(package: Package, view: dsl.View) -> Any:
    """Return no pipelines any more, which have a page of their own, where there are some."""
    return [] if package.pipeline_ids else dsl.OMIT


def _links(package: Package, view: dsl.View) -> dict[str, str]:
    path = f"{view.store[Project][package.project_id].web_url(view)}/-/packages/{package.id}"
    web = {"web_path": urlsplit(path).path} if package.status in DETAILED else {}
    api = f"{view.base}/api/v4/projects/{package.project_id}/packages/{package.id}"
    return {**web, **({"delete_api_path": api} if view.option(f"deletes {package.project_id}") else {})}


def _tags(package: Package, view: dsl.View) -> list[str]:
    return list(package.tags)


def _project_path(package: Package, view: dsl.View) -> str:
    return view.store[Project][package.project_id].full_path


def _versions(package: Package, view: dsl.View) -> Any:
    same = view.store[Package].where(project_id=package.project_id, name=package.name)
    others = same.where(package_type=package.package_type).among("status", DISPLAYED)
    found = [one for one in others if one.version not in (None, package.version)]
    return view.many(PACKAGE_VERSION, sorted(found, key=lambda one: one.version or ""))


PACKAGE_PIPELINE = PIPELINE_BASIC.plus(user=_user).called("Package_Pipeline")
PACKAGE_VERSION = Package.shape("id", "version", "created_at", name="PackageVersion").plus(
    tags=_tags, pipeline=_pipeline
)
_NAMED = (
    Package.shape("id", "name", name="Package")
    .plus(conan_package_name=lambda package, view: package.name if package.package_type == "conan" else dsl.OMIT)
    .plus("version", "package_type", "status", entity=Package)
    .plus(_links=_links)
)
_DATED = _NAMED.plus("created_at", "last_downloaded_at", entity=Package)
PACKAGE_IN_LIST = _DATED.plus(tags=_tags, pipeline=_pipeline, pipelines=_pipelines)
PACKAGE = PACKAGE_IN_LIST.plus(versions=_versions)
PACKAGE_OF_GROUP = _DATED.plus(project_id=lambda package, view: package.project_id, project_path=_project_path).plus(
    tags=_tags, pipeline=_pipeline, pipelines=_pipelines
)
PACKAGE_FILE = (
    PackageFile.shape("id", "package_id", "created_at", "file_name", "size")
    .plus(
        file_md5=lambda file, view: digest_of(file, "md5", view),
        file_sha1=lambda file, view: digest_of(file, "sha1", view),
    )
    .plus("file_sha256", entity=PackageFile)
)
