"""Resource groups: jobs of one group run one after the other; pipelines make those that their configurations name.

Source: https://docs.gitlab.com/api/resource_groups/ and GitLab's app/models/ci/resource_group.rb,
lib/gitlab/ci/pipeline/seed/processable/resource_group.rb.
"""

import re
from typing import Literal

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.store import Query

KEY_AT_MOST = 255
_KEY = re.compile(r"[a-zA-Z0-9_$ {}.-]([a-zA-Z0-9_/$ {}.-]*[a-zA-Z0-9_$ {}.-])?")
ProcessMode = Literal["unordered", "oldest_first", "newest_first", "newest_ready_first"]


class ResourceGroup(dsl.Entity):
    """Jobs that do not run at the same time."""

    natural = "key"

    id: int = dsl.serial()
    key: str = dsl.required("The name of the group")
    process_mode: ProcessMode = dsl.optional("In which order its jobs run", default="unordered")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    project_id: int = dsl.hidden()


RESOURCE_GROUP = ResourceGroup.shape("id", "key", "process_mode", "created_at", "updated_at")


def resource_groups(store: dsl.Store, project: Project) -> Query[ResourceGroup]:
    """Return the resource groups of a project."""
    return store[ResourceGroup].where(project_id=project.id)


def is_key(text: str) -> bool:
    """Tell whether a resource group may have this name."""
    return len(text) <= KEY_AT_MOST and _KEY.fullmatch(text) is not None


def ensure_resource_group(store: dsl.Store, project: Project, key: str) -> ResourceGroup | None:
    """Return the resource group that a job names, made unless it is there; nothing where the name is none."""
    if not is_key(key):
        return None
    mode = project.resource_group_default_process_mode
    known = resource_groups(store, project).where(key=key).first()
    return known or store.insert(ResourceGroup(project_id=project.id, key=key, process_mode=mode))
