"""Where a scenario says something otherwise than the API's JSON: one function for each such kind of record."""

import re
from collections.abc import Callable
from typing import Any

from mockgitlab.playback.learn_reading import rows_of
from mockgitlab.playback.learn_records import Record

Item = dict[str, Any]
_PICTURE = re.compile(r"/uploads/-/system/\w+/avatar/\d+/([^/?]+)$")


def _picture(item: Item, json: dict[str, Any]) -> Item:
    found = _PICTURE.search(str(json.get("avatar_url") or ""))
    return {**item, "avatar_file": found[1]} if found else item


def _user(item: Item, record: Record) -> Item:
    json = record.json
    if json.get("is_admin"):
        item["admin"] = True
    if json.get("bot"):
        item["user_type"] = "project_bot"
    if json["username"] == "root":
        item.pop("id", None)
    names = ("provider", "extern_uid")
    identities = [{key: one[key] for key in names} for one in rows_of(json.get("identities"), *names)]
    return _picture({**item, **({"identities": identities} if identities else {})}, json)


def _namespace(item: Item, json: dict[str, Any]) -> Item:
    shares = [
        {"group": one["group_full_path"], "access": one["group_access_level"], "expires_at": one.get("expires_at")}
        for one in rows_of(json.get("shared_with_groups"), "group_full_path", "group_access_level")
    ]
    shares = [{key: value for key, value in one.items() if value is not None} for one in shares]
    return {**_picture(item, json), **({"shared_with": shares} if shares else {})}


_PROTECTION = "default_branch_protection_defaults"


def _is_protection(value: Any) -> bool:
    """Tell whether the protection of default branches names roles, as GitLab shows it."""
    lists = [value.get(f"allowed_to_{action}") for action in ("push", "merge")] if isinstance(value, dict) else [None]
    return all(isinstance(one, list) and len(rows_of(one, "access_level")) == len(one) for one in lists)


def _group(item: Item, record: Record) -> Item:
    item = _without(item, "full_path", *(() if _is_protection(item.get(_PROTECTION)) else (_PROTECTION,)))
    return {"path": record.json["full_path"], **_namespace(_without(item, "path"), record.json)}


def _without(item: Item, *names: str) -> Item:
    return {key: value for key, value in item.items() if key not in names}


def _project(item: Item, record: Record) -> Item:
    json = record.json
    item = {"path": json["path_with_namespace"], **_namespace(_without(item, "path", "full_path"), json)}
    parent, license, readme = json.get("forked_from_project"), json.get("license"), json.get("readme_url")
    if isinstance(parent, dict) and parent.get("path_with_namespace"):
        item["forked_from"] = parent["path_with_namespace"]
    if isinstance(license, dict) and license.get("key"):
        item["license_key"] = license["key"]
    if isinstance(readme, str) and "/-/blob/" in readme:
        item["readme_file"] = readme.partition("/-/blob/")[2].partition("/")[2]
    if "repository" in item:
        item = _without(item, "empty_repo", "readme_file", "license_key", "statistics")
    return item


def _time(item: Item, json: dict[str, Any]) -> Item:
    stats = json.get("time_stats") or {}
    times = {"time_estimate": stats.get("time_estimate"), "time_spent": stats.get("total_time_spent")}
    return {**item, **{key: f"{seconds}s" for key, seconds in times.items() if seconds}}


def _issue(item: Item, record: Record) -> Item:
    for only in rows_of(record.json.get("assignee"), "username") if "assignees" not in record.json else ():
        item["assignees"] = [only["username"]]
    severity = str(record.json.get("severity") or "").lower()
    for epic in rows_of(record.json.get("epic"), "title"):
        item["epic"] = epic["title"]
    item = _time(item, record.json)
    return {**item, "severity": severity} if severity not in ("", "unknown") else item


def _epic(item: Item, record: Record) -> Item:
    parent = record.json.get("parent_id")
    return {**item, "parent_epic": parent} if isinstance(parent, int) else item


def _merge_request(item: Item, record: Record) -> Item:
    return _without(item, "merge_commit_sha", "squash_commit_sha", "source_project", "source_project_id", "prepared_at")


def _label(item: Item, record: Record) -> Item:
    priority = record.json.get("priority")
    return {**item, "priority": priority} if isinstance(priority, int) else item


def files_of(json: dict[str, Any]) -> list[str]:
    """Return the paths of the files of a snippet, as far as its JSON names them."""
    paths = [one["path"] for one in rows_of(json.get("files"), "path") if isinstance(one["path"], str)]
    return paths or [json.get("file_name") or "snippetfile1.txt"]


def _snippet(item: Item, record: Record) -> Item:
    files = files_of(record.json)
    texts = record.extras.get("files") or {}
    return {**item, "files": {path: texts.get(path, "") for path in files}}


def _wiki(item: Item, record: Record) -> Item:
    folder, slash, _ = str(record.json["slug"]).rpartition("/")
    texts = {key: record.json[key] for key in ("content", "format") if isinstance(record.json.get(key), str)}
    return {**_without(item, "slug"), **texts, "title": f"{folder}{slash}{record.json['title'].rpartition('/')[2]}"}


def _release(item: Item, record: Record) -> Item:
    links = rows_of((record.json.get("assets") or {}).get("links"), "name", "url")
    known = ("id", "name", "url", "link_type")
    listed = [{key: one[key] for key in known if key in one} for one in links]
    item = _without(item, "sha", "given_name")
    named = {"name": record.json["name"]} if record.json.get("name") else {}
    return {**item, **named, **({"links": listed} if listed else {})}


def _levels(levels: Any) -> list[dict[str, Any]]:
    return [{"access_level": one["access_level"]} for one in rows_of(levels, "access_level")]


def _protected(item: Item, record: Record) -> Item:
    names = {"push": "push_access_levels", "merge": "merge_access_levels", "create": "create_access_levels"}
    found = {f"allowed_to_{action}": _levels(record.json.get(key)) for action, key in names.items()}
    return {**_without(item, "id"), **{key: levels for key, levels in found.items() if levels}}


SPECIAL: dict[str, Callable[[Item, Record], Item]] = {
    "User": _user,
    "Group": _group,
    "Project": _project,
    "Epic": _epic,
    "Issue": _issue,
    "MergeRequest": _merge_request,
    "Label": _label,
    "Snippet": _snippet,
    "WikiPage": _wiki,
    "Release": _release,
    "ProtectedBranch": _protected,
    "ProtectedTag": _protected,
}
"""What is done to the item of a record of a kind after its columns are taken."""
