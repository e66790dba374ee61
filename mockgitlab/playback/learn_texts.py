"""What answers show of a record beside its own JSON: texts of snippets, stars, links of issues, languages."""

from collections.abc import Callable, Iterable
from typing import Any

from mockgitlab.playback.learn_reading import READS, Seen
from mockgitlab.playback.learn_records import Record, Records

Take = Callable[[Seen, Record, Records], None]


def take_texts(seen: Iterable[Seen], records: Records) -> None:
    """Add what was read about records to them."""
    for one in seen:
        take = TAKERS.get(one.path.partition("/:")[0] + "…" + one.path.rpartition("/")[2])
        record = records.find(one.chain) if take else None
        if take and record is not None and one.well and one.exchange.request.method in READS:
            take(one, record, records)


def _starrers(seen: Seen, project: Record, records: Records) -> None:
    rows = seen.value if isinstance(seen.value, list) else []
    known = project.extras.setdefault("starrers", [])
    known += [row["user"]["username"] for row in rows if row["user"]["username"] not in known]


def _languages(seen: Seen, project: Record, records: Records) -> None:
    if isinstance(seen.value, dict):
        project.extras.setdefault("languages", seen.value)


def _snippet(seen: Seen, snippet: Record, records: Records) -> None:
    if snippet.kind != "Snippet":
        return
    files = snippet.json.get("files") or [{"path": snippet.json.get("file_name") or "snippetfile1.txt"}]
    name = seen.parameters.get("file_path") or files[0]["path"]
    text = seen.exchange.response.body.encoded().decode("utf-8", "replace")
    snippet.extras.setdefault("files", {}).setdefault(name, text)


def _links(seen: Seen, issue: Record, records: Records) -> None:
    """Relate an issue to another; the one that stands later in the scenario says so."""
    for row in seen.value if isinstance(seen.value, list) else []:
        other = records.named("Issue", str(row.get("id")))
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
    "projects…raw": _snippet,
    "snippets…raw": _snippet,
}
"""By the beginning and the end of a path: what takes its answers in."""
