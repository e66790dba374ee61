"""Issues in scenarios, below projects: ``{title: It explodes, author: ada, labels: [bug], milestone: "1.0"}``.

``links: [{issue: 3, type: blocks}]`` relates an issue to one declared before it, ``{issue: acme/other#3}`` to one of
another project. ``time_estimate`` and ``time_spent`` are durations such as ``1d 4h``.
"""

from typing import Any, get_args

from mockgitlab import dsl
from mockgitlab.api.durations import parse_duration
from mockgitlab.api.models.issue import Issue, Severity
from mockgitlab.api.models.issue_link import IssueLink, LinkType, links_of
from mockgitlab.api.models.project import Project, find_project, tied_to
from mockgitlab.api.models.timelog import Timelog
from mockgitlab.api.seeds.epics import seed_epic_of

DURATION = {"type": ["string", "integer"], "description": "A duration such as 1d 4h"}
LINKS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"issue": {"type": ["integer", "string"]}, "type": {"enum": list(get_args(LinkType))}},
        "required": ["issue"],
        "additionalProperties": False,
    },
}
EXTRAS: dict[str, dict[str, Any]] = {
    "links": LINKS,
    "epic": {"type": ["string", "integer"], "description": "The title or the ID of the epic that it is part of"},
    "severity": {"enum": list(get_args(Severity)), "description": "How bad an incident is"},
    "time_estimate": DURATION,
    "time_spent": DURATION,
}


def seed_issue(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Issue:
    """Make an issue of a project; its author is the project's creator unless another is named."""
    store, project = seeding.store, parents[-1]
    if not str(columns.get("title") or "").strip():
        seeding.problem("title", "is missing: an issue needs one")
    if columns.get("iid") is not None and _find(store, project, columns["iid"]) is not None:
        seeding.problem("iid", f"is taken: {project.full_path} has an issue {columns['iid']}")
    if columns.get("author_id") is None:
        columns["author_id"] = project.creator_id or 1
    if columns.get("created_at") and not columns.get("updated_at"):
        columns["updated_at"] = columns.get("closed_at") or columns["created_at"]
    if columns.get("state") == "closed":
        closing = {"closed_at": columns.get("updated_at") or store.now, "closed_by_id": columns["author_id"]}
        columns = {**closing, **columns}
    if not extras:
        return store.insert(Issue(**columns))
    issue = _with_extras(seeding, columns, extras, project)
    if extras.get("epic") is not None:
        seed_epic_of(seeding, issue, extras["epic"], parents)
    return issue


def _find(store: dsl.Store, project: Project, iid: int) -> Issue | None:
    return store[Issue].find(project_id=project.id, iid=iid)


def _with_extras(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], project: Project) -> Issue:
    if extras.get("severity") is not None:
        columns["severity_level"] = extras["severity"]
    if extras.get("time_estimate") is not None:
        columns["time_estimate"] = _seconds(seeding, "time_estimate", extras["time_estimate"])
    issue = seeding.store.insert(Issue(**columns))
    if extras.get("time_spent") is not None:
        spent = {"time_spent": _seconds(seeding, "time_spent", extras["time_spent"]), "user_id": issue.author_id}
        target = {"target_type": "Issue", "target_id": issue.id, "project_id": project.id}
        seeding.store.insert(Timelog(**target, **spent, spent_at=issue.created_at))
    for link in extras.get("links") or ():
        _link(seeding, issue, project, link)
    return issue


def _seconds(seeding: dsl.Seeding, key: str, given: Any) -> int:
    seconds = parse_duration(f"{given}")
    if seconds is None or seconds < 0:
        seeding.problem(key, f"must be a duration such as 1d 4h, not {given!r}")
    return seconds or 0


def _link(seeding: dsl.Seeding, issue: Issue, project: Project, given: Any) -> None:
    wanted = given.get("issue") if isinstance(given, dict) else given
    kind = given.get("type", "relates_to") if isinstance(given, dict) else "relates_to"
    path, _, iid = f"{wanted}".rpartition("#")
    at = find_project(seeding.store, path) if path else project
    other = _find(seeding.store, at, int(iid)) if at is not None and iid.isascii() and iid.isdigit() else None
    if kind not in get_args(LinkType):
        seeding.problem("links", f"has the type {kind!r}; known are {', '.join(get_args(LinkType))}")
    elif other is None:
        where = at.full_path if at else path
        seeding.problem(
            "links", f"names issue {wanted!r}: {where} has none so far, declare it before the one that links"
        )
    elif other.id == issue.id or any(link.other(issue.id) == other.id for link in links_of(seeding.store, issue.id)):
        seeding.problem("links", f"names issue {wanted!r} twice, or the issue itself")
    else:
        ends = (other, issue) if kind == "is_blocked_by" else (issue, other)
        stored = "relates_to" if kind == "relates_to" else "blocks"
        seeding.store.insert(IssueLink(source_id=ends[0].id, target_id=ends[1].id, link_type=stored))


ISSUES = dsl.Collection("issues", Issue, {Project: tied_to}, seed_issue, None, EXTRAS)
