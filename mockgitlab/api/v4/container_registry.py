"""Repositories of container images of projects and groups, and their tags.

Nothing is pushed or pulled here: what there is, scenarios say. Source: https://docs.gitlab.com/api/container_registry/
and GitLab's lib/api/project_container_repositories.rb, lib/api/container_repositories.rb.
"""

from datetime import timedelta
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, package_access
from mockgitlab.api.models.container_repository import (
    REPOSITORY,
    TAG,
    TAG_DETAILS,
    ContainerRepository,
    ContainerTag,
    repositories_of,
    tags_of,
)
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.reach import below
from mockgitlab.api.services.container_cleanup import doomed
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, Forbidden, NotFound, RecordNotFound
from mockgitlab.store import Query, timestamp

AT = "projects/:id/registry/repositories"
ONE = f"{AT}/:repository_id"
TAGS = f"{ONE}/tags"
LEASE = timedelta(hours=1)
AGAIN = "This request has already been made. You can run this at most once an hour for a given container repository"
WITH_TAGS = dsl.param("tags", bool, "Whether to show the tags", default=False)
WITH_COUNT = dsl.param("tags_count", bool, "Whether to show how many tags there are", default=False)
BULK = [
    dsl.param("name_regex_delete", str, "The names of the tags that go"),
    dsl.param("name_regex", str, "Another word for name_regex_delete"),
    dsl.param("name_regex_keep", str, "The names of the tags that stay"),
    dsl.param("keep_n", int, "How many of the newest stay"),
    dsl.param("older_than", str, "How old a tag must be to go: 1h, 1d, 1month"),
]


def may(call: dsl.Call, project: Project, least: int) -> bool:
    """Tell whether the caller has a role in a project whose registry is on; to read, that it is open will do."""
    setting = project.container_registry_access_level
    if setting == "disabled":
        return False
    level = access.level(call, project)
    return level >= least or (least == access.REPORTER and package_access.is_open(call, project, setting))


def _at_least(least: int, *, login: bool = True) -> dsl.Rule:
    def check(call: dsl.Call) -> None:
        project = call.at(Project)
        if not may(call, project, least):
            raise Forbidden(reason=f"the images of {project.full_path} need {access.NAMES[least]}, and its registry on")

    return dsl.Rule(access.NAMES[least], check, login=login)


READ, DESTROY, ADMIN = (
    _at_least(access.REPORTER, login=False),
    _at_least(access.DEVELOPER),
    _at_least(access.MAINTAINER),
)


def _options(call: dsl.Call, project: Project) -> list[str]:
    asked = [name for name in ("tags", "tags_count", "size") if call.option(name)]
    return [*asked, *([f"deletes {project.id}"] if may(call, project, access.MAINTAINER) else [])]


# Repositories


@v4.get(AT, rule=READ, shape=REPOSITORY, params=[WITH_TAGS, WITH_COUNT], job_token=True)
def list_project_repositories(call: dsl.Call, project: Project) -> Query[ContainerRepository]:
    """List the repositories of images of a project."""
    found = repositories_of(call.store, project)
    shown: Query[ContainerRepository] = dsl.present(found, options=_options(call, project))
    return shown


@v4.get("groups/:id/registry/repositories", rule=package_access.READS_GROUP, shape=REPOSITORY)
def list_group_repositories(call: dsl.Call, group: Group) -> Query[ContainerRepository]:
    """List the repositories of images of all projects of a group that the caller may see."""
    ids = below(call.store, group) & access.visible_project_ids(call.store, access.viewer(call))
    projects = [one for id in ids if may(call, one := call.store[Project][id], access.REPORTER)]
    options = [option for one in projects for option in _options(call, one)]
    found = call.store[ContainerRepository].all().among("project_id", [one.id for one in projects])
    shown: Query[ContainerRepository] = dsl.present(found, options=options)
    return shown


@v4.get(
    "registry/repositories/:id",
    rule=access.USER,
    shape=REPOSITORY,
    params=[WITH_TAGS, WITH_COUNT, dsl.param("size", bool, "Whether to show the bytes of all images", default=False)],
)
def show_repository(call: dsl.Call, id: int) -> Any:
    """Show a repository of images."""
    found = call.store[ContainerRepository].get(id)
    if found is None:
        raise RecordNotFound(reason=f"there is no repository of images {id}")
    project = call.store[Project][found.project_id]
    if not may(call, project, access.REPORTER):
        raise Forbidden(reason=f"the images of {project.full_path} are not open to this user")
    return dsl.present(found, options=_options(call, project))


@v4.locator(ONE, integer=True)
def find_repository(call: dsl.Call, value: str) -> ContainerRepository:
    """Return the repository of images of the project with this id."""
    READ.check(call)
    found = repositories_of(call.store, call.at(Project)).where(id=int(value)).first()
    if found is None:
        raise RecordNotFound(reason=f"{call.at(Project).full_path} has no repository of images {value}")
    return found


@v4.delete(ONE, rule=ADMIN, success=202, conditional=False)
def delete_repository(call: dsl.Call, repository: ContainerRepository) -> int:
    """Delete a repository of images, in the background."""
    remove(call.store, repository)
    return 202


# Tags


@v4.locator(f"{TAGS}/:tag_name")
def find_tag(call: dsl.Call, value: str) -> ContainerTag:
    """Return the tag of the repository with this name."""
    repository = call.at(ContainerRepository)
    found = call.store[ContainerTag].find(repository_id=repository.id, name=value)
    if found is None:
        raise NotFound("Tag", reason=f"the repository {repository.name!r} has no tag {value}")
    return found


@v4.get(TAGS, rule=READ, shape=TAG, job_token=True)
def list_repository_tags(call: dsl.Call, repository: ContainerRepository) -> list[ContainerTag]:
    """List the tags of a repository of images."""
    return tags_of(call.store, repository)


@v4.get(f"{TAGS}/:tag_name", rule=READ, shape=TAG_DETAILS, json_suffix=False, job_token=True)
def show_repository_tag(tag: ContainerTag) -> ContainerTag:
    """Show a tag of a repository of images."""
    return tag


@v4.delete(f"{TAGS}/:tag_name", rule=DESTROY, success=200, json_suffix=False, conditional=False, job_token=True)
def delete_repository_tag(call: dsl.Call, tag: ContainerTag) -> int:
    """Delete a tag of a repository of images."""
    remove(call.store, tag)
    return 200


@v4.delete(
    TAGS,
    rule=ADMIN,
    success=202,
    params=BULK,
    constraints=[dsl.at_least_one_of("name_regex", "name_regex_delete")],
    conditional=False,
)
def delete_repository_tags(call: dsl.Call, repository: ContainerRepository, given: dsl.Given) -> int:
    """Delete many tags of a repository of images, in the background and once an hour at most."""
    found = doomed(call.store, tags_of(call.store, repository), given)
    if (repository.cleaned_at or "") > timestamp(call.store.clock.instant - LEASE):
        raise BadRequest(AGAIN, reason=f"it was asked for at {repository.cleaned_at}")
    for one in found:
        remove(call.store, one)
    call.store.update(repository, cleaned_at=call.now)
    return 202
