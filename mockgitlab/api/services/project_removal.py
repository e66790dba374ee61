"""Deleting projects for good, which GitLab does in the background.

Source: GitLab's app/services/projects/destroy_service.rb and app/models/project.rb (``pending_delete``).
"""

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.progress import Progress
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.merge_request_states import close_between_forks
from mockgitlab.api.services.progress import begin, finishes, read
from mockgitlab.api.services.removal import remove

STILL_THERE = {"base": ["The project is still being deleted. Please try again later."]}


def erase(call: dsl.Call, project: Project) -> None:
    """Delete a project; while that takes its time nobody finds it and nobody else can have its path."""
    close_between_forks(call, project)
    store, project = call.store, call.store.fresh(project)
    if begin(store, "deletions", project):
        store.update(project, pending_delete=True)
    else:
        remove(store, project)


@finishes("deletions")
def finish_deletion(store: dsl.Store, waiting: Progress) -> None:
    """Delete a project that waits for it."""
    project = store[Project].get(waiting.subject_id)
    if project is not None:
        remove(store, project)


def namesake_problems(store: dsl.Store, namespace: Group, path: str) -> dict[str, list[str]]:
    """Return what is wrong with a path that a project has which is being deleted; to ask for it counts as a read."""
    namesake = store[Project].find(folded=f"{namespace.full_path}/{path}".lower())
    if namesake is None or not namesake.pending_delete:
        return {}
    read(store, "deletions", namesake.id)
    return STILL_THERE if store[Project].get(namesake.id) else {}
