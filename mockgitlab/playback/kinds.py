"""Which kind of record a number in a path or a field belongs to, as GitLab names them."""

from collections.abc import Iterator
from functools import lru_cache

_BY_IID = ("issues", "merge_requests", "epics", "work_items", "feature_flags_user_lists")
_SAME = {
    "author": "users",
    "assignee": "users",
    "assignees": "users",
    "reviewer": "users",
    "reviewers": "users",
    "user": "users",
    "owner": "users",
    "creator": "users",
    "members": "users",
    "created_by": "users",
    "closed_by": "users",
    "merged_by": "users",
    "merge_user": "users",
    "resolved_by": "users",
    "participants": "users",
    "source_user": "users",
    "group": "namespaces",
    "groups": "namespaces",
    "parent": "namespaces",
    "namespace": "namespaces",
    "source_project": "projects",
    "target_project": "projects",
    "forked_from_project": "projects",
    "noteable": "noteables",
    "last_pipeline": "pipelines",
    "head_pipeline": "pipelines",
    "pipeline": "pipelines",
    "commits": "",
    "tags": "",
    "branches": "",
}
"""Names that mean records of another name, or records that have no number."""


@lru_cache(maxsize=1024)
def _kind(name: str) -> str:
    if name in _SAME:
        return _SAME[name]
    return name if name.endswith("s") else f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


def segment_kinds(path: str) -> Iterator[tuple[str, str]]:
    """Yield the raw segments of a path, each with the kind of record that it names if it is a number."""
    before, depth = "", 0
    for raw in path.split("/"):
        kind = _kind(before) if before else ""
        nested = before in _BY_IID and depth > 1
        yield raw, f"{before} iid" if nested else kind
        before = raw if not raw.isdigit() else ""
        depth += bool(raw) and raw not in ("api", "v3", "v4")


def kind_of_path(path: str) -> str:
    """Return the kind of the records that an answer at a path shows."""
    names = [raw for raw in path.split("/") if raw and not raw.isdigit() and "%" not in raw and raw != "-"]
    return _kind(names[-1]) if names else ""


@lru_cache(maxsize=4096)
def kind_of_field(name: str, kind: str) -> str:
    """Return the kind of the record whose number a field has; empty when it has none."""
    if name in ("id", "iid"):
        return kind and (kind if name == "id" else f"{kind} iid")
    for end in ("_iid", "_iids"):
        if name.endswith(end):
            return f"{_kind(name.removesuffix(end))} iid"
    if name in ("short_id", "extern_uid", "external_id", "saml_provider_id"):
        return ""
    for end in ("_id", "_ids"):
        if name.endswith(end):
            return _kind(name.removesuffix(end))
    return f"{kind} iid" if name == "iids" else ""


@lru_cache(maxsize=4096)
def kind_of_object(name: str, kind: str) -> str:
    """Return the kind of the records under a key."""
    return _kind(name) if name not in ("data", "attributes", "references", "_links", "time_stats") else kind
