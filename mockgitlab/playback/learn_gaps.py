"""What a recording speaks of and does not show: projects known by their path alone, groups around them, labels."""

import re
from collections.abc import Iterable
from typing import Any

from mockgitlab.playback.exchange import texts_of
from mockgitlab.playback.learn_reading import VISIBILITIES, Seen, rows_of
from mockgitlab.playback.learn_records import Record, Records


def fill(seen: list[Seen], records: Records) -> list[str]:
    """Add what is missing to hold what was seen, and return what was added in words."""
    added = [*_users(records), *_projects(seen, records)]
    _namespaces(records)
    _shares(records)
    _groups(records)
    _group_labels(records)
    _protections(records)
    added += _labels(records)
    return added


def _users(records: Records) -> Iterable[str]:
    """Tell apart the first user, whom every instance has, from whoever else has its id."""
    first = records.named("User", "1")
    if first is not None and first.json["username"] != "root":
        first.json["id"] = max(one.json.get("id") or 0 for one in records.of("User")) + 1
        yield f"{first.json['username']} has another id here: that of 1 is root's"


def _projects(seen: list[Seen], records: Records) -> Iterable[str]:
    for one in seen:
        if not one.well or not one.chain or one.chain[0][0] != "Project":
            continue
        name = one.chain[0][1]
        if ("Project", int(name) if name.isdigit() else name) in records.made or _is_made(seen, records, name):
            continue
        if records.named("Project", name) is None:
            yield _add_project(seen, records, name)
    for record in list(records):
        kind, name = record.at[0] if record.at else ("", "")
        known = records.named(kind, name) is not None or (name.isdigit() and (kind, int(name)) in records.made)
        if kind == "Project" and not known and not _is_made(seen, records, name):
            yield _add_project(seen, records, name)


def _is_made(seen: list[Seen], records: Records, name: str) -> bool:
    """Tell whether a path is that of a project that the session made."""
    made = (one.value for one in seen if one.exchange.request.method == "POST" and isinstance(one.value, dict))
    return any(one.get("path_with_namespace") == name and ("Project", one.get("id")) in records.made for one in made)


def _add_project(seen: list[Seen], records: Records, name: str) -> str:
    ids: dict[str, Any] = {"id": int(name)} if name.isdigit() else _id_at(seen, name)
    path = (_path_of(records, int(name)) or f"learned/project-{name}") if name.isdigit() else name
    known = records.named("Project", path)
    if known is None:
        records.add("Project", (), path_with_namespace=path, name=path.rpartition("/")[2], **ids)
    return f"the project {path} itself was not recorded, only what is in it"


def _id_at(seen: list[Seen], path: str) -> dict[str, Any]:
    """Return the id of a project by what was found in it."""
    mine = (one.value for one in seen if one.well and one.chain[:1] == (("Project", path),))
    return next(({"id": row["project_id"]} for value in mine for row in rows_of(value, "project_id")), {})


_PAGE = re.compile(r"https?://[^/]+/(.+?)/-/")


def _path_of(records: Records, project_id: int) -> str:
    """Return the path of a project by the address of something in it."""
    mine = (one.json for one in records if one.json.get("project_id") == project_id)
    found = (_PAGE.match(text) for json in mine for text in texts_of(json.get("web_url")))
    return next((one[1] for one in found if one), "")


def _groups(records: Records) -> None:
    """Add the groups in which projects and groups are, as visible as these need."""
    for record in [*records.of("Project"), *records.of("Group")]:
        path = str(record.json.get("path_with_namespace") or record.json.get("full_path"))
        visibility = str(record.json.get("visibility"))
        while "/" in path:
            path = path.rpartition("/")[0]
            _group(records, path, visibility)


def _namespaces(records: Records) -> None:
    """Add the groups that v3 shows as namespaces of projects, without their full paths."""
    for record in records.of("Project"):
        path = record.json["path_with_namespace"].rpartition("/")[0]
        for row in rows_of(record.json.get("namespace"), "id", "name"):
            known = records.named("Group", path) or records.named("User", path)
            if not row.get("owner_id") and known is None and row.get("path") == path:
                records.add("Group", (), full_path=path, name=row["name"], id=row["id"])


def _shares(records: Records) -> None:
    """Add the groups that projects and groups are shared with."""
    for record in [*records.of("Project"), *records.of("Group")]:
        for share in rows_of(record.json.get("shared_with_groups"), "group_full_path", "group_name", "group_id"):
            if records.named("Group", share["group_full_path"]) is None:
                named = {"full_path": share["group_full_path"], "name": share["group_name"]}
                records.add("Group", (), **named, id=share["group_id"], visibility="public")


def _group(records: Records, path: str, visibility: str) -> None:
    if records.named("User", path) is not None:
        return
    group = records.named("Group", path) or records.add("Group", full_path=path, name=path.rpartition("/")[2])
    if "web_url" not in group.json or "visibility" not in group.json:
        own = str(group.json.get("visibility"))
        own = own if own in VISIBILITIES else VISIBILITIES[0]
        group.json["visibility"] = max(
            own, visibility, key=lambda one: VISIBILITIES.index(one) if one in VISIBILITIES else 0
        )


def _group_labels(records: Records) -> None:
    """Give labels that a project listed and has from a group to the nearest group around it."""
    for label in records.of("Label"):
        if label.json.get("is_project_label") is False and label.at[0][0] == "Project":
            project = records.find(label.at)
            path = project.json["path_with_namespace"].rpartition("/")[0] if project else ""
            label.at = (("Group", path),) if records.named("Group", path) else label.at


def _protections(records: Records) -> None:
    """Leave out the protection that GitLab itself gives default branches."""
    for one in records.of("ProtectedBranch"):
        project = records.find(one.at)
        levels = [
            [entry["access_level"] for entry in rows_of(one.json.get(f"{action}_access_levels"), "access_level")]
            for action in ("push", "merge", "unprotect")
        ]
        usual = levels == [[40], [40], []] and not one.json.get("allow_force_push")
        if usual and project is not None and one.json.get("name") == project.json.get("default_branch"):
            records.drop(one)


def _labels(records: Records) -> Iterable[str]:
    """Add labels that work has and no list showed, in its project."""
    for record in [*records.of("Issue"), *records.of("MergeRequest")]:
        project = records.find(record.at)
        for name in record.json.get("labels") or () if project else ():
            name = name.get("name") if isinstance(name, dict) else name
            if project is not None and isinstance(name, str) and name not in _label_names(records, project):
                records.add("Label", record.at, name=name)
                yield f"the label {name} of {project.json['path_with_namespace']} was not recorded itself"


def _label_names(records: Records, project: Record) -> set[str]:
    """Return the labels that a project may use: its own, and those of the groups around it."""
    path = project.json["path_with_namespace"]
    found = set()
    for label in records.of("Label"):
        at = records.find(label.at)
        full_path = str(at.json.get("full_path", "")) if at else ""
        if at is project or (full_path and path.startswith(f"{full_path}/")):
            found.add(label.json["name"])
    return found
