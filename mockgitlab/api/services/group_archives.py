"""Writing the archive of a group with the groups below it, and making groups of one.

The files in it have the names that GitLab gives them.

Source: GitLab's lib/gitlab/import_export/group/import_export.yml, tree_saver.rb and tree_restorer.rb.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.badge import Badge
from mockgitlab.api.models.epic import Epic
from mockgitlab.api.models.group import VISIBILITIES, Group, descendants
from mockgitlab.api.models.label import Label
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.milestone import Milestone
from mockgitlab.api.models.user import User
from mockgitlab.api.services.archive_people import import_members
from mockgitlab.api.services.archive_reading import (
    ArchiveError,
    RowRefused,
    fits,
    fitting,
    part,
    parts,
    read_archive,
    rows_of,
)
from mockgitlab.api.services.archive_records import IMPORTED, Planning
from mockgitlab.api.services.groups import RUNNERS_TOKEN, problems_of
from mockgitlab.api.services.paths import lowest
from mockgitlab.api.services.project_archives import (
    FORMAT,
    VISIBILITY_LEVELS,
    columns,
    label_row,
    lines,
    member_row,
    milestone_row,
    packed,
)

OF_GROUP = (
    *("description", "request_access_enabled", "require_two_factor_authentication", "project_creation_level"),
    *("subgroup_creation_level", "emails_enabled", "lfs_enabled", "share_with_group_lock"),
)
OF_BADGE = ("name", "link_url", "image_url", "created_at")
OF_EPIC = (
    *("iid", "title", "description", "state", "created_at", "updated_at", "closed_at", "confidential", "color"),
    *("start_date_fixed", "start_date_is_fixed", "due_date_fixed", "due_date_is_fixed"),
)
_ID = dsl.param("id", int, required=True, minimum=1, maximum=2**31 - 1)
NO_GROUPS = "The import file is incompatible"


def write_group_archive(store: dsl.Store, group: Group) -> bytes:
    """Return the archive of a group and the groups below it, ``tar.gz``."""
    inside = [group, *descendants(store, group)]
    files = {"VERSION": FORMAT.encode(), "GITLAB_VERSION": store.settings.version.encode()}
    files["tree/groups/_all.ndjson"] = lines(one.id for one in inside)
    for one in inside:
        files[f"tree/groups/{one.id}.json"] = lines([group_row(one)])
        for name in RELATIONS:
            files[f"tree/groups/{one.id}/{name}.ndjson"] = lines(RELATIONS[name](store, one))
    return packed(store, files)


def group_row(group: Group) -> dict[str, Any]:
    """Return a group as it is exported."""
    own = {"id": group.id, "name": group.name, "path": group.path, "parent_id": group.parent_id}
    return {**own, **columns(group, OF_GROUP), "visibility_level": VISIBILITY_LEVELS[group.visibility]}


def _labels(store: dsl.Store, group: Group) -> Iterator[dict[str, Any]]:
    return (label_row(one) for one in store[Label].where(group_id=group.id))


def _milestones(store: dsl.Store, group: Group) -> Iterator[dict[str, Any]]:
    return (milestone_row(one) for one in store[Milestone].where(group_id=group.id))


def _badges(store: dsl.Store, group: Group) -> Iterator[dict[str, Any]]:
    return (columns(one, OF_BADGE) for one in store[Badge].where(group_id=group.id))


def _members(store: dsl.Store, group: Group) -> Iterator[dict[str, Any]]:
    return (member_row(store, one) for one in store[Member].where(source_type="Namespace", source_id=group.id))


def _epics(store: dsl.Store, group: Group) -> Iterator[dict[str, Any]]:
    for one in store[Epic].where(group_id=group.id):
        labels = (store[Label].get(label_id) for label_id in one.label_ids)
        links = [{"label": label_row(label)} for label in labels if label is not None]
        yield {**columns(one, (*OF_EPIC, "author_id")), "label_links": links}


RELATIONS: dict[str, Callable[[dsl.Store, Group], Iterable[dict[str, Any]]]] = {
    "members": _members,
    "labels": _labels,
    "milestones": _milestones,
    "badges": _badges,
    "epics": _epics,
}
"""The relations of a group, in the order in which they are imported."""


# Importing


def import_group(store: dsl.Store, group: Group, user: User, data: bytes) -> None:
    """Make of a new group what an archive says, with the groups below it; of what is no archive nothing is made."""
    try:
        files = read_archive(data)
        tree = _tree(files)
    except ArchiveError:
        return
    places: dict[int, Group] = {}
    for row in tree:
        above = places.get(row.get("parent_id", 0)) if places else None
        place = group if not places else _below(store, above or group, row)
        if place is not None:
            places[row["id"]] = place
            _fill(store, place, user, row, files)


def _tree(files: dict[str, bytes]) -> list[dict[str, Any]]:
    """Return the groups of an archive, those above before those below; raises ``ArchiveError`` where there is none."""
    found = []
    for line in files.get("tree/groups/_all.ndjson", b"").split():
        number = int(line) if line.isdigit() and len(line) < 10 else 0
        for row in list(rows_of(files, f"tree/groups/{number}.json"))[:1]:
            found.append({**row, "id": number, "parent_id": _number(row.get("parent_id"))})
    if not found:
        raise ArchiveError(NO_GROUPS)
    return found


def _number(value: Any) -> int:
    return value if fits(_ID, value) else 0


def _below(store: dsl.Store, above: Group, row: dict[str, Any]) -> Group | None:
    """Make a group below another; nothing where it would be no valid one."""
    names = fitting(Group, row, ("name", "path"))
    given = {**names, "parent_id": above.id, "visibility": _visibility(row, above)}
    if len(names) < 2 or problems_of(store, Group(id=None), given):
        return None
    path = f"{above.full_path}/{names['path']}"
    return store.insert(Group(**given, full_path=path, runners_token=store.mint(RUNNERS_TOKEN)))


def _visibility(row: dict[str, Any], above: Group | None) -> str:
    level = row.get("visibility_level")
    own = next((name for name, number in VISIBILITY_LEVELS.items() if number == level), VISIBILITIES[0])
    return lowest(own, above.visibility) if above is not None else own


def _fill(store: dsl.Store, group: Group, user: User, row: dict[str, Any], files: dict[str, bytes]) -> None:
    """Give a group the settings and the records that an archive has of it."""
    place = f"tree/groups/{row['id']}"
    parent = store[Group].get(group.parent_id)
    group = store.update(group, **fitting(Group, row, OF_GROUP), visibility=_visibility(row, parent))
    records = GroupRecords(store, group, import_members(store, group, user, rows_of(files, f"{place}/members.ndjson")))
    for name, make in MAKES.items():
        for one in rows_of(files, f"{place}/{name}.ndjson"):
            try:
                make(records, one)
            except RowRefused:
                continue


class GroupRecords(Planning):
    """Makes records in a group of the rows of an archive; one that cannot be made raises ``RowRefused``."""

    at: Group

    def badge(self, row: dict[str, Any]) -> None:
        """Make a badge."""
        own = fitting(Badge, row, OF_BADGE)
        if not {"link_url", "image_url"} <= own.keys():
            raise RowRefused("Validation failed: Link url can't be blank")
        self.store.insert(Badge(**own, group_id=self.at.id))

    def epic(self, row: dict[str, Any]) -> None:
        """Make an epic."""
        own = fitting(Epic, row, OF_EPIC)
        taken = self.store[Epic].find(group_id=self.at.id, iid=own.get("iid")) is not None
        if not own.get("title", "").strip() or taken:
            raise RowRefused("Validation failed: Title can't be blank")
        labels = tuple(dict.fromkeys(self.label(part(one, "label")).id for one in parts(row, "label_links")))
        people = {"author_id": self.people.named(row.get("author_id")), "label_ids": labels}
        self.store.insert(Epic(**own, **people, **IMPORTED, group_id=self.at.id))


MAKES: dict[str, Callable[[GroupRecords, dict[str, Any]], Any]] = {
    "labels": GroupRecords.label,
    "milestones": GroupRecords.milestone,
    "badges": GroupRecords.badge,
    "epics": GroupRecords.epic,
}
