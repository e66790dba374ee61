"""How much a project holds: its commits, and the sizes of its repository, wiki, snippets and uploads.

Source: GitLab's app/models/project_statistics.rb and lib/api/entities/project_statistics.rb.
"""

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.repository import Ref
from mockgitlab.api.models.snippet import Snippet
from mockgitlab.api.models.upload import Upload
from mockgitlab.api.models.wiki import Wiki
from mockgitlab.git.sizes import size

SIZES = (
    "repository_size",
    "wiki_size",
    "lfs_objects_size",
    "job_artifacts_size",
    "pipeline_artifacts_size",
    "packages_size",
    "snippets_size",
    "uploads_size",
)


def statistics_of(store: dsl.Store, project: Project) -> dict[str, int]:
    """Return the sizes of what a project holds, as the scenario tells or as they are counted, and their sum."""
    known = project.statistics or {}
    shown = {name: known[name] if name in known else _counted(store, project, name) for name in SIZES}
    return {
        "commit_count": known.get("commit_count", 0),
        "storage_size": known.get("storage_size", sum(shown.values())),
        **shown,
        "container_registry_size": known.get("container_registry_size", 0),
    }


def _counted(store: dsl.Store, project: Project, name: str) -> int:
    if name == "repository_size":
        return _size(store, {ref.sha for ref in store[Ref].having("project_id", project.id)})
    if name == "wiki_size":
        return sum(_size(store, set(wiki.refs.values())) for wiki in store[Wiki].where(project_id=project.id))
    if name == "snippets_size":
        return sum(_size(store, {one.head_sha} - {""}) for one in store[Snippet].where(project_id=project.id))
    if name == "uploads_size":
        return sum(len(one.data or b"") for one in store[Upload].where(project_id=project.id))
    return 0


def _size(store: dsl.Store, tips: set[str]) -> int:
    """Return how large a repository is; what it is for the same tips never changes, so it is remembered."""
    counted: int = store.remember(("size", *sorted(tips)), lambda: size(store.objects, tips))
    return counted
