"""Projects. Source: https://docs.gitlab.com/api/projects/ and GitLab's lib/api/entities/project*.rb.

The shapes that depend on who looks are in ``project_shapes``, the settings in ``project_settings``.
"""

from typing import Any, ClassVar

from mockgitlab import dsl
from mockgitlab.api.models.group import Group, Visibility, full_name
from mockgitlab.api.models.project_settings import EnterpriseSettings, FeatureLevel

__all__ = [
    "PROJECT_IDENTITY",
    "FeatureLevel",
    "Project",
    "ProjectShare",
    "Star",
    "find_project",
    "namespace_of",
]


class Project(EnterpriseSettings):
    """A project; ``moved_from`` holds the full paths that it had before, in lower case."""

    natural = "full_path"
    _lively: ClassVar[tuple[str, ...]] = ("updated_at", "last_activity_at", "star_count")

    id: int = dsl.serial()
    description: str | None = dsl.optional("The description of the project", max_length=2000)
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
    topics: tuple[str, ...] = dsl.optional("The topics of the project", default=())
    default_branch: str | None = dsl.optional("The default branch; main unless set")
    star_count: int = dsl.readonly(default=0)
    avatar_file: str | None = dsl.hidden("The name of the uploaded picture")
    avatar_data: Any = dsl.hidden("Its content")
    forked_from_project_id: int | None = dsl.reference("Project", "The project that this one is a fork of")
    moved_from: tuple[str, ...] = dsl.hidden(default=())
    marked_for_deletion_on: str | None = dsl.readonly("The day on which it was marked for deletion")
    pending_delete: bool = dsl.hidden("Whether its deletion has begun", default=False)
    import_url: str | None = dsl.optional("Where the repository comes from")
    import_type: str | None = dsl.readonly()
    import_status: str = dsl.readonly(default="none")
    import_error: str | None = dsl.readonly()
    repository_object_format: str = dsl.readonly(default="sha1")
    empty_repo: bool = dsl.readonly(default=True)
    readme_file: str | None = dsl.hidden("The path of the README in the repository")
    license_key: str | None = dsl.hidden("The license, by its SPDX id in small letters: mit")
    runners_token: str | None = dsl.hidden()
    feature_flags_client_token: str | None = dsl.hidden("The instance ID that clients of Unleash give: glffct-…")
    statistics: dict[str, int] | None = dsl.hidden("Sizes in bytes, and commit_count")
    languages: dict[str, float] | None = dsl.hidden("The share of each programming language in percent")
    custom_attributes: dict[str, str] | None = dsl.hidden()
    housekeeping_at: str | None = dsl.hidden("When housekeeping was started last")

    @property
    def folded(self) -> str:
        """The full path in lower case, in which it is unique."""
        return self.full_path.lower()

    @dsl.computed
    def name_with_namespace(self, view: dsl.View) -> str:
        """The names from the top group down: ``Acme / Rocket``."""
        return f"{full_name(view.store, namespace_of(view.store, self))} / {self.name}"

    @dsl.computed
    def path_with_namespace(self, view: dsl.View) -> str:
        """The full path."""
        return self.full_path

    @dsl.computed
    def web_url(self, view: dsl.View) -> str:
        """The address of the project's page."""
        return f"{view.base}/{self.full_path}"

    @dsl.computed
    def avatar_url(self, view: dsl.View) -> str | None:
        """The uploaded picture."""
        return f"{view.base}/uploads/-/system/project/avatar/{self.id}/{self.avatar_file}" if self.avatar_file else None


class ProjectShare(dsl.Entity):
    """A group invited to a project, with the highest access its members get there."""

    id: int = dsl.serial()
    project_id: int = dsl.parent("Project")
    group_id: int = dsl.parent("Group")
    group_access: int = dsl.required("The access level")
    expires_at: str | None = dsl.optional("The last day of the share")
    member_role_id: int | None = dsl.optional("A custom role", since="16.6", edition="ee")
    created_at: str = dsl.now()


class Star(dsl.Entity):
    """A user's star of a project."""

    id: int = dsl.serial()
    project_id: int = dsl.parent("Project")
    user_id: int = dsl.parent("User")
    created_at: str = dsl.now()


PROJECT_IDENTITY = Project.shape(
    "id",
    "description",
    "name",
    "name_with_namespace",
    "path",
    "path_with_namespace",
    "created_at",
    name="ProjectIdentity",
)


def tied_to(at: "Project | Group") -> dict[str, int]:
    """Return the column, with its value, that ties a record to the project or group to which it belongs."""
    return {"project_id": at.id} if isinstance(at, Project) else {"group_id": at.id}


def namespace_of(store: dsl.Store, project: Project) -> Group:
    """Return the group or personal namespace that a project is in."""
    return store[Group][project.namespace_id]


def find_project(store: dsl.Store, path_or_id: str) -> Project | None:
    """Return the project with an id or a full path, letters' case aside; paths it had before do not count."""
    if path_or_id.isascii() and path_or_id.isdigit() and len(path_or_id) < 19:
        return store[Project].get(int(path_or_id))
    return store[Project].find(folded=path_or_id.lower())


def fork_origin(store: dsl.Store, project: Project) -> int:
    """Return the project that a fork, the fork of a fork and so on go back to."""
    seen = [project.id]
    while (above := project.forked_from_project_id) is not None and above not in seen:
        seen.append(above)
        found = store[Project].get(above)
        if found is None:
            break
        project = found
    return seen[-1]
