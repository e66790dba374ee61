"""Importing projects, and single relations of them, from archives, and how far that is.

Source: https://docs.gitlab.com/api/project_import_export/ and GitLab's lib/api/project_import.rb,
app/services/projects/import_export/relation_import_service.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.application_setting import value
from mockgitlab.api.models.group import PERSONAL_ID_ABOVE, Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project import find_project as project_at
from mockgitlab.api.models.project_import import IMPORT_STATUS, RELATION_IMPORT, ImportUpload, RelationImport
from mockgitlab.api.project_params import ATTRIBUTES
from mockgitlab.api.services import progress, projects
from mockgitlab.api.services.merge_request_states import close_between_forks
from mockgitlab.api.services.project_forks import ARCHIVED, full_messages
from mockgitlab.api.services.project_imports import WHOLE, running
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import find_project, v4
from mockgitlab.api.v4.project_transfer import find_namespace
from mockgitlab.errors import (
    ApiError,
    BadRequest,
    Conflict,
    Forbidden,
    InvalidParameters,
    NotFound,
    PayloadTooLarge,
    Unprocessable,
    ValidationFailed,
)
from mockgitlab.store import Query, release

PAGE = {"page": "project_import_export"}
RELATIONS = ("issues", "merge_requests", "milestones", "ci_pipelines")
MAINTAINERS_SINCE = release("16.0")
NO_ARCHIVE = {"error": "You need to upload a GitLab project export archive (ending in .gz)."}
MIB = 1 << 20
FILE = dsl.param("file", dsl.File, "The archive", required=True)
IMPORT = [
    dsl.param("path", str, "The path of the new project", required=True),
    FILE,
    dsl.param("name", str, "The name of the new project; its path unless given"),
    dsl.param("namespace", str, "The ID or path of the namespace; the user's own unless given"),
    dsl.param("overwrite", bool, "Whether it takes the place of a project with the same path", default=False),
    dsl.param("override_params", dict[str, Any], "Settings that count in place of those exported", nested=ATTRIBUTES),
]


def _check_imports(call: dsl.Call) -> None:
    if "gitlab_project" not in value(call.store, "import_sources"):
        raise Forbidden(reason="administrators turned imports of archives off: import_sources")


IMPORTS = dsl.Rule("user", _check_imports)


def archive_of(call: dsl.Call, given: dsl.Given) -> bytes:
    """Return the archive that was sent; raises for what is none, or is bigger than administrators allow."""
    sent: Any = given["file"]
    if not hasattr(sent, "filename"):
        raise InvalidParameters(["file is invalid"], reason="send the file as a part of a multipart form")
    if not sent.filename.endswith(".gz"):
        raise Unprocessable(NO_ARCHIVE, reason=f"the name {sent.filename!r} does not end in .gz")
    most = value(call.store, "max_import_size")
    if most and len(sent.data) > most * MIB:
        raise PayloadTooLarge(reason=f"{len(sent.data)} bytes, at most {most} MiB are taken: max_import_size")
    data: bytes = sent.data
    return data


@v4.post("projects/import/authorize", rule=IMPORTS, success=200, **PAGE)
@v4.post("projects/import-relation/authorize", rule=IMPORTS, success=200, since="16.11", **PAGE)
def authorize_import() -> None:
    """Tell GitLab's own proxy where to put an archive; nobody else may ask."""
    raise Forbidden(reason="this is for GitLab Workhorse alone; send the file to the address without /authorize")


@v4.post("projects/import", rule=IMPORTS, shape=IMPORT_STATUS, params=IMPORT, **PAGE)
def import_project(call: dsl.Call, given: dsl.Given) -> Project:
    """Import a project from an archive; the answer tells that it is scheduled, as it is when it is asked for next."""
    data, namespace = archive_of(call, given), _namespace(call, given.get("namespace"))
    project = _made(call, namespace, given)
    overrides = given.get("override_params") or {}
    call.store.insert(
        ImportUpload(project_id=project.id, user_id=access.me(call).id, data=data, overrides=dict(overrides))
    )
    progress.do(call.store, "imports", project, f"{ARCHIVED}{WHOLE}")
    return project


def _namespace(call: dsl.Call, wanted: str | None) -> Group:
    if wanted is None:
        return call.store[Group][PERSONAL_ID_ABOVE + access.me(call).id]
    return find_namespace(call, wanted)


def _made(call: dsl.Call, namespace: Group, given: dsl.Given) -> Project:
    """Make the empty project; raises with the first of its problems."""
    level, user = access.group_level(call.store, access.me(call), namespace), access.me(call)
    if namespace.kind == "group" and level < access.MAINTAINER and call.settings.release >= MAINTAINERS_SINCE:
        raise BadRequest(_NO_PLACE, reason=f"{user.username} is no maintainer of {namespace.full_path}")
    if given["overwrite"]:
        _make_room(call, namespace, given["path"])
    names = {"path": given["path"], "name": given.get("name") or given["path"], "namespace_id": namespace.id}
    try:
        made = projects.create(call, user, names)
    except projects.LimitReached as reached:
        raise BadRequest(f"Limit reached {reached.message[0]}", reason=reached.reason) from None
    except ValidationFailed as error:
        raise BadRequest(full_messages(error.message)[0], reason=error.reason) from None
    return call.store.update(made, import_type="gitlab_project", import_status="scheduled")


_NO_PLACE = "Namespace is not valid"


def _make_room(call: dsl.Call, namespace: Group, path: str) -> None:
    """Delete the project in whose place another is imported, where the current user owns it."""
    before = project_at(call.store, f"{namespace.full_path}/{path}")
    if before is not None and access.level(call, before) >= access.OWNER:
        close_between_forks(call, before)
        remove(call.store, call.store.fresh(before))


@v4.get("projects/:id/import", rule=access.USER, shape=IMPORT_STATUS, **PAGE)
def show_import_status(project: Project) -> Project:
    """Show how far the import of a project is."""
    return project


# One relation


class NotAuthorized(Forbidden):
    """Relations are for maintainers to import."""

    message = "You are not authorized to perform this action"


@v4.post("projects/import-relation", rule=IMPORTS, shape=RELATION_IMPORT, params=[FILE], since="16.11", **PAGE)
def import_relation(
    call: dsl.Call,
    given: dsl.Given,
    path: Annotated[str, "The full path of the project"],
    relation: Annotated[str, "The relation: issues, merge_requests, milestones or ci_pipelines"],
) -> RelationImport:
    """Import a relation of an archive into a project, but for what that has already."""
    data, project = archive_of(call, given), _project(call, path)
    if relation not in RELATIONS:
        text = f"Imported relation must be one of {', '.join(RELATIONS[:-1])}, or {RELATIONS[-1]}"
        raise BadRequest(text, reason=f"{relation!r} is none")
    if access.level(call, project) < access.MAINTAINER:
        raise NotAuthorized(reason=f"{access.me(call).username} is no maintainer of {project.full_path}")
    if running(call.store, project) is not None:
        raise Conflict("A relation import is already in progress for this project", reason="wait until it is finished")
    made = RelationImport(project_id=project.id, user_id=access.me(call).id, relation=relation, data=data)
    tracker = call.store.insert(made)
    progress.do(call.store, "imports", project, f"{ARCHIVED}{relation}")
    return call.store.fresh(tracker)


def _project(call: dsl.Call, path: str) -> Project:
    try:
        return find_project(call, path)
    except ApiError as error:
        refused = NotFound(reason=error.reason)
        refused.message = "Project not found"
        raise refused from None


@v4.get(
    "projects/:id/relation-imports",
    rule=access.AS_MAINTAINER,
    shape=RELATION_IMPORT,
    paginated=False,
    since="16.11",
    **PAGE,
)
def list_relation_imports(call: dsl.Call, project: Project) -> Query[RelationImport]:
    """List the imports of relations into a project, and how far they are."""
    if running(call.store, project) is not None:
        progress.read(call.store, "imports", project.id)
    return call.store[RelationImport].where(project_id=project.id).order_by("created_at")
