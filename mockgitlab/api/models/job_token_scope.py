"""Which projects the tokens of jobs reach: the allowlist of the project that is reached.

Source: https://docs.gitlab.com/api/project_job_token_scopes/ and GitLab's app/models/ci/job_token/{scope,allowlist}.rb.
"""

from mockgitlab import dsl
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.project import Project, namespace_of


class JobTokenScopeLink(dsl.Entity):
    """A project, or a group with all below it, whose jobs reach another project with their tokens."""

    id: int = dsl.serial()
    source_project_id: int = dsl.parent("Project")
    target_project_id: int | None = dsl.parent("Project")
    target_group_id: int | None = dsl.parent("Group")
    added_by_id: int | None = dsl.hidden()
    created_at: str = dsl.now()


SCOPE = dsl.Shape("ProjectJobTokenScope", ()).plus(
    inbound_enabled=lambda project, view: project.ci_inbound_job_token_scope_enabled,
    outbound_enabled=lambda project, view: project.ci_job_token_scope_enabled,
)
PROJECT_LINK = JobTokenScopeLink.shape("source_project_id", "target_project_id", name="ProjectScopeLink")
GROUP_LINK = JobTokenScopeLink.shape("source_project_id", "target_group_id", name="GroupScopeLink")


def links_of(store: dsl.Store, project: Project) -> list[JobTokenScopeLink]:
    """Return the allowlist of a project, in the order in which it was made."""
    return list(store[JobTokenScopeLink].having("source_project_id", project.id))


def admits(store: dsl.Store, project: Project, origin: Project) -> bool:
    """Tell whether the jobs of a project reach another with their tokens."""
    if project.id == origin.id or not project.ci_inbound_job_token_scope_enabled:
        return True
    links = links_of(store, project)
    above = {group.id for group in ancestors(store, namespace_of(store, origin))}
    return any(one.target_project_id == origin.id or one.target_group_id in above for one in links)


def allowed_projects(store: dsl.Store, project: Project) -> list[Project]:
    """Return the projects of an allowlist, the project itself first, which is always on it."""
    ids = {project.id, *(one.target_project_id for one in links_of(store, project) if one.target_project_id)}
    return [store[Project][one] for one in sorted(ids)]


def allowed_groups(store: dsl.Store, project: Project) -> list[Group]:
    """Return the groups of an allowlist."""
    ids = {one.target_group_id for one in links_of(store, project) if one.target_group_id}
    return [store[Group][one] for one in sorted(ids)]
