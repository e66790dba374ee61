"""Exporting groups and projects relation by relation, as a migration by direct transfer does.

Source: https://docs.gitlab.com/api/group_relations_export/, https://docs.gitlab.com/api/project_relations_export/ and
GitLab's lib/api/group_export.rb, lib/api/project_export.rb.
"""

import gzip
from collections.abc import Iterable
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.application_setting import value
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.group_export import EXPORT_STATUS, RelationExport, exports_of
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.models.user import User
from mockgitlab.api.services import group_archives, project_archives
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, InvalidParameters, NotFound

BATCHED = dsl.param("batched", bool, "Whether it is in batches", since="16.2")
SELF = "self"
OF_GROUPS, OF_PROJECTS = (SELF, *group_archives.RELATIONS), (SELF, *project_archives.RELATIONS)


def _rule(role: dsl.Rule) -> dsl.Rule:
    def check(call: dsl.Call) -> None:
        role.check(call)
        if not value(call.store, "bulk_import_enabled"):
            raise NotFound(reason="administrators did not turn direct transfer on: bulk_import_enabled")

    return dsl.Rule(role.name, check)


class NoRelation(NotFound):
    """There is no such export, or nothing in it."""

    def __init__(self, what: str, *, reason: str = "") -> None:
        super().__init__(reason=reason)
        self.message = f"{what} not found"


def rows_of(store: dsl.Store, at: Project | Group, user: User, name: str) -> Iterable[dict[str, Any]]:
    """Return the records of a relation of a group or project; those of ``self`` are its own attributes."""
    if isinstance(at, Project):
        return [project_archives.project_row(at)] if name == SELF else project_archives.relation(store, at, user, name)
    return [group_archives.group_row(at)] if name == SELF else group_archives.RELATIONS[name](store, at)


def start(call: dsl.Call, at: Project | Group, batched: bool) -> dict[str, str]:
    """Export every relation, each in place of the one that the user made before."""
    store, user = call.store, access.me(call)
    for before in list(exports_of(store, at, user.id)):
        store.delete(before)
    for name in OF_PROJECTS if isinstance(at, Project) else OF_GROUPS:
        rows = list(rows_of(store, at, user, name))
        data = gzip.compress(project_archives.lines(rows), mtime=0)
        columns = {"relation": name, "data": data, "batched": batched, "total_objects_count": len(rows)}
        store.insert(RelationExport(**tied_to(at), user_id=user.id, **columns))
    return {"message": "202 Accepted"}


def find(call: dsl.Call, at: Project | Group, relation: str) -> RelationExport:
    """Return the export of a relation; raises ``NoRelation``."""
    found = exports_of(call.store, at, access.me(call).id).where(relation=relation).first()
    if found is None:
        raise NoRelation("Export", reason=f"this user did not export {relation!r} of {at.full_path}")
    return found


def download(call: dsl.Call, at: Project | Group, given: dsl.Given) -> dsl.Raw:
    """Return the file of an exported relation, or of the batch that is asked for."""
    export = find(call, at, given["relation"])
    if given.get("batched") and not export.batched:
        raise BadRequest("Export is not batched", reason="it was started without batched")
    if not given.get("batched") and export.batched:
        raise BadRequest("Export is batched", reason="ask with batched=true and batch_number=1")
    if export.batched and given.get("batch_number") != 1:
        raise NoRelation("Batch", reason="there is one batch, with the number 1")
    kind = "json" if export.relation == SELF else "ndjson"
    disposition = f'attachment; filename="{export.relation}.{kind}.gz"'
    return dsl.Raw(export.data, "application/gzip", headers={"Content-Disposition": disposition})


def show(call: dsl.Call, at: Project | Group, relation: str | None) -> Any:
    """Return how far the exports of all relations are, or that of one."""
    if relation is not None:
        return dsl.present(find(call, at, relation), EXPORT_STATUS)
    return call.view().many(EXPORT_STATUS, exports_of(call.store, at, access.me(call).id))


BATCH = [
    dsl.param("relation", str, "Which one", required=True),
    BATCHED,
    dsl.param("batch_number", int, "Which batch", since="16.2"),
]


def _check_portable(relation: str) -> None:
    if relation not in OF_PROJECTS:
        raise InvalidParameters(["relation is not portable"], reason=f"known are {', '.join(OF_PROJECTS)}")


@v4.post("groups/:id/export_relations", rule=_rule(access.AS_OWNER), success=202, params=[BATCHED])
def start_group_relations(call: dsl.Call, group: Group, given: dsl.Given) -> dict[str, str]:
    """Export the relations of a group."""
    return start(call, group, given.get("batched") or False)


@v4.get("groups/:id/export_relations/download", rule=_rule(access.AS_OWNER), params=BATCH)
def download_group_relation(call: dsl.Call, group: Group, given: dsl.Given) -> dsl.Raw:
    """Download an exported relation of a group."""
    return download(call, group, given)


@v4.get("groups/:id/export_relations/status", rule=_rule(access.AS_OWNER))
def show_group_relations(call: dsl.Call, group: Group, relation: Annotated[str | None, "Which one"] = None) -> Any:
    """Show how far the exports of the relations of a group are."""
    return show(call, group, relation)


@v4.post("projects/:id/export_relations", rule=_rule(access.AS_MAINTAINER), success=202, params=[BATCHED])
def start_project_relations(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, str]:
    """Export the relations of a project."""
    return start(call, project, given.get("batched") or False)


@v4.get("projects/:id/export_relations/download", rule=_rule(access.AS_MAINTAINER), params=BATCH)
def download_project_relation(call: dsl.Call, project: Project, given: dsl.Given) -> dsl.Raw:
    """Download an exported relation of a project."""
    _check_portable(given["relation"])
    return download(call, project, given)


@v4.get("projects/:id/export_relations/status", rule=_rule(access.AS_MAINTAINER))
def show_project_relations(
    call: dsl.Call, project: Project, relation: Annotated[str | None, "Which one"] = None
) -> Any:
    """Show how far the exports of the relations of a project are."""
    return show(call, project, relation)
