"""Exporting groups and importing them again.

An import is done at once: GitLab shows nowhere how far one is.

Source: https://docs.gitlab.com/api/group_import_export/ and GitLab's lib/api/group_export.rb, lib/api/group_import.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.group_export import GroupExport
from mockgitlab.api.models.project_export import kept_still
from mockgitlab.api.services import groups
from mockgitlab.api.services.group_archives import import_group, write_group_archive
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.group_changes import parent_of
from mockgitlab.api.v4.project_import import FILE, archive_of
from mockgitlab.api.v4.project_import_export import NoExport, archive_answer
from mockgitlab.errors import Forbidden

AT = "groups/:id/export"
ACCEPTED = {"message": "202 Accepted"}
IMPORT = [
    FILE,
    dsl.param("name", str, "The name of the new group", required=True),
    dsl.param("path", str, "The path of the new group", required=True),
    dsl.param("parent_id", int, "The ID of the group below which it is made"),
    dsl.param("organization_id", int, "The ID of the organization", since="17.3"),
]


@v4.post(AT, rule=access.AS_OWNER, success=202)
def start_group_export(call: dsl.Call, group: Group) -> dict[str, str]:
    """Export a group; the archive takes the place of the one that the user made before."""
    own = {"group_id": group.id, "user_id": access.me(call).id}
    before = call.store[GroupExport].find(**own)
    if before is not None:
        call.store.delete(before)
    call.store.insert(GroupExport(**own, data=write_group_archive(call.store, group)))
    return ACCEPTED


@v4.get(f"{AT}/download", rule=access.AS_OWNER)
def download_group_export(call: dsl.Call, group: Group) -> dsl.Raw:
    """Download the export that the current user made in the last day."""
    export = call.store[GroupExport].find(group_id=group.id, user_id=access.me(call).id)
    if export is None or not kept_still(call.store, export.created_at):
        raise NoExport(reason="this user made no export in the last 24 hours")
    return archive_answer(export.data, export.created_at, group.full_path)


@v4.post("groups/import/authorize", rule=access.USER, success=200)
def authorize_group_import() -> None:
    """Tell GitLab's own proxy where to put an archive; nobody else may ask."""
    raise Forbidden(reason="this is for GitLab Workhorse alone; send the file to groups/import")


@v4.post("groups/import", rule=access.USER, success=202, params=IMPORT)
def import_a_group(call: dsl.Call, given: dsl.Given) -> dict[str, str]:
    """Import a group, with those below it, from an archive."""
    parent = parent_of(call, given)
    data = archive_of(call, given)
    names = {"name": given["name"], "path": given["path"]}
    first = {"visibility": parent.visibility if parent is not None else "private"}
    import_group(call.store, groups.create(call, parent, {**names, **first}), access.me(call), data)
    return ACCEPTED
