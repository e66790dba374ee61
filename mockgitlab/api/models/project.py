"""Projects. Source: https://docs.gitlab.com/api/projects/ and GitLab's lib/api/entities/project*.rb."""

from typing import Literal

from mockgitlab import dsl
from mockgitlab.api.models.group import Group, Visibility

FeatureLevel = Literal["disabled", "private", "enabled"]


class Project(dsl.Entity):
    """A project; ``full_path`` is its namespace's and its own path."""

    natural = "full_path"

    id: int = dsl.serial()
    description: str | None = dsl.optional("The description of the project")
    name: str = dsl.required("The name of the project", max_length=255)
    path: str = dsl.optional("The path of the repository", max_length=255)
    full_path: str = dsl.hidden()
    namespace_id: int = dsl.parent("Group")
    creator_id: int | None = dsl.readonly()
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    last_activity_at: str = dsl.now()
    visibility: Visibility = dsl.optional("The visibility of the project", default="private")
    archived: bool = dsl.readonly(default=False)
    issues_access_level: FeatureLevel = dsl.optional("Who may see issues", default="enabled")
    merge_requests_access_level: FeatureLevel = dsl.optional("Who may see merge requests", default="enabled")
    repository_access_level: FeatureLevel = dsl.optional("Who may see the repository", default="enabled")
    forked_from_project_id: int | None = dsl.hidden()
    moved_from: tuple[str, ...] = dsl.hidden(default=())


class ProjectShare(dsl.Entity):
    """A group invited to a project, with the highest access its members get there."""

    id: int = dsl.serial()
    project_id: int = dsl.parent("Project")
    group_id: int = dsl.parent("Group")
    group_access: int = dsl.required("The access level")
    expires_at: str | None = dsl.optional("The last day of the share")
    created_at: str = dsl.now()


def namespace_of(store: dsl.Store, project: Project) -> Group:
    """Return the group or personal namespace that a project is in."""
    return store[Group][project.namespace_id]


def find_project(store: dsl.Store, path_or_id: str) -> Project | None:
    """Return the project with an id or a full path, letters' case aside; paths it had before do not count."""
    if path_or_id.isascii() and path_or_id.isdigit() and len(path_or_id) < 19:
        return store[Project].get(int(path_or_id))
    folded = path_or_id.lower()
    return store[Project].find(full_path=path_or_id) or (
        store[Project].all().filter(lambda project: project.full_path.lower() == folded, ("full_path", folded)).first()
    )
