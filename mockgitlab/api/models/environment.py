"""Environments of projects, to which their code is deployed. The deployments themselves: ``deployment``.

Source: https://docs.gitlab.com/api/environments/ and GitLab's app/models/environment.rb,
lib/api/entities/environment.rb.
"""

from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_shapes import BASIC_PROJECT

Tier = Literal["production", "staging", "testing", "development", "other"]
State = Literal["available", "stopping", "stopped"]
AutoStop = Literal["always", "with_action"]


class Environment(dsl.Entity):
    """A place to which a project is deployed, such as ``production`` or ``review/some-branch``."""

    natural = "name"

    id: int = dsl.serial()
    name: str = dsl.required("The name of the environment")
    slug: str = dsl.readonly("Its name as host names may have it")
    external_url: str | None = dsl.optional("Where what is deployed there is found")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    tier: Tier = dsl.optional("What it is for; guessed from its name unless given")
    project_id: int = dsl.hidden()
    state: State = dsl.optional("Whether it is there", default="available")
    auto_stop_at: str | None = dsl.optional("When it stops by itself", since="15.0")
    description: str | None = dsl.optional("What it is", since="17.2")
    auto_stop_setting: AutoStop = dsl.optional("When a stop is more than a note", default="always", since="17.8")
    auto_delete_at: str | None = dsl.hidden("When it is deleted by itself, as a stopped review app")

    @property
    def folder(self) -> str | None:
        """What stands before the first slash of its name, GitLab's ``environment_type``."""
        parts = self.name.split("/")
        return parts[0] if len(parts) > 1 else None

    @property
    def tracks_merge_requests(self) -> bool:
        """Whether deployments to it are linked to the merge requests that they bring."""
        return self.folder is None or self.tier in ("production", "staging")


def _project(one: Environment, view: dsl.View) -> Any:
    return view.one(BASIC_PROJECT, view.store[Project][one.project_id])


ENVIRONMENT_BASIC = Environment.shape(
    *("id", "name", "slug", "external_url", "created_at", "updated_at"), name="EnvironmentBasic"
)
ENVIRONMENT = (
    ENVIRONMENT_BASIC.plus("tier", entity=Environment)
    .plus(project=_project)
    .plus("state", "auto_stop_at", "description", "auto_stop_setting", entity=Environment)
    .called("Environment")
)


def find_environment(store: dsl.Store, project: Project, name: str) -> Environment | None:
    """Return the environment of a project with a name."""
    return store[Environment].find(project_id=project.id, name=name)
