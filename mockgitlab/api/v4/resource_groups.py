"""Resource groups of projects, and the jobs that wait in them.

Source: https://docs.gitlab.com/api/resource_groups/ and GitLab's lib/api/ci/resource_groups.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import pipeline_access as may
from mockgitlab.api.models.job_shapes import JOB_BASIC
from mockgitlab.api.models.pipeline import CommitStatus
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.resource_group import RESOURCE_GROUP, ResourceGroup, resource_groups
from mockgitlab.api.services import pipeline_progress
from mockgitlab.api.services.resource_waits import upcoming_jobs
from mockgitlab.api.v4.base import v4
from mockgitlab.dsl.params import of_field
from mockgitlab.errors import RecordNotFound
from mockgitlab.store import Query

AT = "projects/:id/resource_groups"
DEVELOPERS: dict[str, Any] = {"rule": access.AS_DEVELOPER, "shape": RESOURCE_GROUP, "since": "14.3"}
MODE = of_field(ResourceGroup.fields["process_mode"], required=False)


@v4.locator(f"{AT}/:key")
def find_resource_group(call: dsl.Call, value: str) -> ResourceGroup:
    """Return the resource group of this name."""
    found = resource_groups(call.store, call.at(Project)).where(key=value).first()
    if found is None:
        raise RecordNotFound(reason=f"no job of {call.at(Project).full_path} was of a resource group {value}")
    return found


@v4.get(AT, **DEVELOPERS)
def list_resource_groups(call: dsl.Call, project: Project) -> Query[ResourceGroup]:
    """List the resource groups of a project."""
    return resource_groups(call.store, project)


@v4.get(f"{AT}/:key", **DEVELOPERS)
def show_resource_group(group: ResourceGroup) -> ResourceGroup:
    """Show a resource group."""
    return group


def _check_jobs(call: dsl.Call) -> None:
    access.AS_DEVELOPER.check(call)
    may.READ_AS_USER.check(call)


@v4.get(
    f"{AT}/:key/upcoming_jobs",
    rule=dsl.Rule("developer who reads jobs", _check_jobs),
    shape=JOB_BASIC,
    since="14.3",
)
def list_upcoming_jobs(call: dsl.Call, group: ResourceGroup) -> Query[CommitStatus]:
    """List the jobs that come next in a resource group."""
    pipeline_progress.read_all(call.store, group.project_id)
    return upcoming_jobs(call.store, call.store.fresh(group))


@v4.put(f"{AT}/:key", params=[MODE], **DEVELOPERS)
def update_resource_group(call: dsl.Call, group: ResourceGroup, given: dsl.Given) -> ResourceGroup:
    """Change in which order the jobs of a resource group run."""
    mode = given.get("process_mode")
    return group if mode is None else call.store.update(group, process_mode=mode)
