"""What answers show of a record beside its own JSON: texts of snippets, stars, links of issues, languages, keys."""

from collections.abc import Callable, Iterable
from typing import Any

from mockgitlab.playback.learn_reading import READS, Seen, rows_of
from mockgitlab.playback.learn_records import Record, Records
from mockgitlab.playback.learn_special import files_of

Take = Callable[[Seen, Record, Records], None]


def take_texts(seen: Iterable[Seen], records: Records) -> None:
    """Add what was read about records to them."""
    for one in seen:
        take = TAKERS.get(one.path.partition("/:")[0] + "…" + one.path.rpartition("/")[2])
        record = records.find(one.chain) if take else None
        if take and record is not None and one.well and one.exchange.request.method in READS:
            take(one, record, records)


def _starrers(seen: Seen, project: Record, records: Records) -> None:
    known = project.extras.setdefault("starrers", [])
    for row in rows_of(seen.value, "user"):
        known += [one["username"] for one in rows_of(row["user"], "username") if one["username"] not in known]


def _languages(seen: Seen, project: Record, records: Records) -> None:
    if isinstance(seen.value, dict):
        project.extras.setdefault("languages", seen.value)


def _deploy_keys(seen: Seen, project: Record, records: Records) -> None:
    known = project.extras.setdefault("deploy_keys", [])
    for row in rows_of(seen.value, "id", "title", "key"):
        if row["id"] not in [one["id"] for one in known] and ("Key", row["id"]) not in records.made:
            told = ("id", "title", "key", "can_push", "created_at", "expires_at")
            known.append({name: row[name] for name in told if row.get(name) is not None})


def _snippet(seen: Seen, snippet: Record, records: Records) -> None:
    if snippet.kind != "Snippet":
        return
    name = seen.parameters.get("file_path") or files_of(snippet.json)[0]
    text = seen.exchange.response.body.encoded().decode("utf-8", "replace")
    snippet.extras.setdefault("files", {}).setdefault(name, text)


def _links(seen: Seen, issue: Record, records: Records) -> None:
    """Relate an issue to another; the one that stands later in the scenario says so."""
    for row in rows_of(seen.value, "id"):
        other = records.named("Issue", str(row["id"]))
        if other is None:
            continue
        first, second = sorted((issue, other), key=lambda one: (one.json["project_id"], one.json["id"]))
        turned = {"blocks": "is_blocked_by", "is_blocked_by": "blocks"}
        kind = row.get("link_type", "relates_to")
        kind = kind if second is issue else turned.get(kind, kind)
        link = {"issue": _reference(first, second, records), "type": kind}
        known = second.extras.setdefault("links", [])
        if link["issue"] not in [one["issue"] for one in known]:
            known.append(link)


def _reference(issue: Record, seen_from: Record, records: Records) -> Any:
    if issue.json["project_id"] == seen_from.json["project_id"]:
        return issue.json["iid"]
    project = records.named("Project", str(issue.json["project_id"]))
    return f"{project.json['path_with_namespace']}#{issue.json['iid']}" if project else issue.json["iid"]


TAKERS: dict[str, Take] = {
    "projects…starrers": _starrers,
    "projects…languages": _languages,
    "projects…links": _links,
    "projects…deploy_keys": _deploy_keys,
    "projects…raw": _snippet,
    "snippets…raw": _snippet,
}
"""By the beginning and the end of a path: what takes its answers in."""
