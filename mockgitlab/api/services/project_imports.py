"""Importing projects from archives: the work that begins with the upload and is done when the settings say.

Source: GitLab's app/services/projects/import_service.rb, lib/gitlab/import_export/importer.rb and
app/services/projects/import_export/relation_import_service.rb.
"""

import json
from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import project_params
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.project_import import ImportFailure, ImportUpload, RelationImport
from mockgitlab.api.models.user import User
from mockgitlab.api.services.archive_people import People, import_members
from mockgitlab.api.services.archive_reading import (
    ArchiveError,
    RowRefused,
    fitting,
    part,
    read_archive,
    rows_of,
)
from mockgitlab.api.services.archive_records import MAKES, Records
from mockgitlab.api.services.paths import lowest
from mockgitlab.api.services.project_archives import (
    FEATURE_LEVELS,
    FEATURES,
    OF_PROJECT,
    VISIBILITY_LEVELS,
)
from mockgitlab.api.services.project_checks import setting_problems
from mockgitlab.api.services.projects import add_topics
from mockgitlab.api.services.pushes import move_ref
from mockgitlab.api.services.repositories import HEADS, set_ref
from mockgitlab.git.bundles import BundleError, read_bundle
from mockgitlab.git.names import clash

REFUSED = "ActiveRecord::RecordInvalid"


WHOLE = "project"


def finish(store: dsl.Store, project: Project, what: str) -> None:
    """Import what waits for a project: its archive, or of one the relation that ``what`` names."""
    upload = store[ImportUpload].find(project_id=project.id) if what == WHOLE else None
    tracker = None if what == WHOLE else running(store, project)
    if upload is not None:
        import_archive(store, project, upload)
    if tracker is not None:
        import_alone(store, tracker)


def running(store: dsl.Store, project: Project) -> RelationImport | None:
    """Return the import of a relation into a project that is not done yet."""
    return store[RelationImport].find(project_id=project.id, state="created")


def import_archive(store: dsl.Store, project: Project, upload: ImportUpload) -> None:
    """Make of a project what its archive says, or let its import fail."""
    store.delete(upload)
    try:
        files = read_archive(upload.data)
        own = _described(files)
        refs = _bundled(store, files)
    except (ArchiveError, BundleError) as error:
        text = f"Error importing repository  into {project.full_path} - {error}"
        store.update(project, import_status="failed", import_error=text)
        return
    _restore_repository(store, project, own, refs)
    _restore_settings(store, store.fresh(project), own, files, upload.overrides)
    user = store[User][upload.user_id]
    people = import_members(store, project, user, rows_of(files, "tree/project/project_members.ndjson"))
    for name in MAKES:
        import_relation(store, project, people, files, name)
    store.update(store.fresh(project), import_status="finished")


def _described(files: Mapping[str, bytes]) -> dict[str, Any]:
    try:
        own = json.loads(files["tree/project.json"])
    except (KeyError, ValueError, RecursionError):
        own = None
    if not isinstance(own, dict):
        raise ArchiveError("Incorrect JSON format")
    return own


def import_relation(
    store: dsl.Store, project: Project, people: People, files: dict[str, bytes], name: str
) -> list[ImportFailure]:
    """Make the records of one relation of an archive; returns those that could not be made."""
    records, failed = Records(store, store.fresh(project), people), []
    for number, row in enumerate(rows_of(files, f"tree/project/{name}.ndjson")):
        try:
            MAKES[name](records, row)
        except RowRefused as refused:
            about = {"exception_class": REFUSED, "exception_message": str(refused), "relation_name": name}
            failure = ImportFailure(
                project_id=project.id, source="process_relation_item!", line_number=number + 1, **about
            )
            failed.append(store.insert(failure))
    return failed


# The repository and the settings


def _bundled(store: dsl.Store, files: Mapping[str, bytes]) -> dict[str, str]:
    data = files.get("project.bundle", b"")
    return read_bundle(store.objects, data, store.settings.limits.push_bytes) if data else {}


def _restore_repository(store: dsl.Store, project: Project, own: Mapping[str, Any], refs: dict[str, str]) -> None:
    """Give a project the refs of its archive, its default branch first, as if somebody had pushed that alone."""
    branches = [name.removeprefix(HEADS) for name in refs if name.startswith(HEADS)]
    named = [own.get("default_branch"), "main", "master"]
    default = next((one for one in [*named, *branches] if one in branches), None)
    if default is not None:
        project = store.update(project, default_branch=default)
        move_ref(store, project, f"{HEADS}{default}", refs[f"{HEADS}{default}"])
    for name, sha in refs.items():
        if name != f"{HEADS}{default}" and not any(clash(name, other) for other in refs):
            set_ref(store, project, name, sha)


def _restore_settings(
    store: dsl.Store, project: Project, own: dict[str, Any], files: dict[str, bytes], overrides: Mapping[str, Any]
) -> None:
    """Give a project the settings of its archive, and in their place those that the importing user gave."""
    feature = next(rows_of(files, "tree/project/project_feature.ndjson"), {})
    levels = {number: name for name, number in FEATURE_LEVELS.items()}
    opened = {name: levels.get(_number(feature.get(name))) for name in FEATURES}
    topics = [part(row, "topic").get("name") for row in rows_of(files, "tree/project/project_topics.ndjson")]
    found = {
        **fitting(Project, own, [name for name in OF_PROJECT if name != "default_branch"]),
        **fitting(Project, opened, FEATURES),
        "topics": tuple(one for one in topics if isinstance(one, str) and one.strip()),
        "visibility": _visibility(own),
        **project_params.columns(overrides),
    }
    namespace = namespace_of(store, project)
    if namespace.kind == "group":
        found["visibility"] = lowest(found["visibility"], namespace.visibility)
    if setting_problems(found, project):
        found = {name: value for name, value in found.items() if name not in FEATURES}
    store.update(project, **{**found, "topics": add_topics(store, found["topics"])})


def _number(value: Any) -> int:
    return value if isinstance(value, int) else -1


def _visibility(own: Mapping[str, Any]) -> str:
    known = {number: name for name, number in VISIBILITY_LEVELS.items()}
    return known.get(_number(own.get("visibility_level")), "private")


# One relation


def import_alone(store: dsl.Store, tracker: RelationImport) -> None:
    """Import one relation of an archive into a project that is there, but for what it has already."""
    project, user = store[Project][tracker.project_id], store[User][tracker.user_id]
    data, state = tracker.data, "finished"
    try:
        people = People(store, user)
        import_relation(store, project, people, read_archive(data), tracker.relation)
    except ArchiveError:
        state = "failed"
    store.update(tracker, state=state, data=None)
