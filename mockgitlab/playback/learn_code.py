"""The repositories of a recording: branches, commits, files and tags as far as answers show them."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from mockgitlab.playback.exchange import header
from mockgitlab.playback.learn_history import UNKNOWN, History
from mockgitlab.playback.learn_reading import READS, Seen, objects_in, rows_of
from mockgitlab.playback.learn_records import Record, Records

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_FILE = "projects/:id/repository/files/:file_path"
File = str | dict[str, Any]


@dataclass
class Code:
    """What was seen of one repository; ``heads`` are the commits of the branches, where they are known."""

    commits: dict[str, dict[str, Any]] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    tags: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[tuple[str, str], File] = field(default_factory=dict)
    changed_by: dict[tuple[str, str], str] = field(default_factory=dict)
    executable: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    unprotected: bool = False


def learn_code(seen: Iterable[Seen], records: Records) -> list[str]:
    """Give projects the repositories that were seen, and return what was assumed in words."""
    found: dict[Any, Code] = {}
    for one in seen:
        project = records.find(one.chain[:1]) if one.chain[:1] and one.chain[0][0] == "Project" else None
        if project is not None and one.well:
            _take(found.setdefault(project.key, Code()), one, str(project.json.get("default_branch") or ""))
    remarks: list[str] = []
    for project in records.of("Project"):
        code = found.get(project.key, Code())
        remarks += _needed(code, project, records)
        if code.heads:
            project.extras["repository"] = _repository(code, records)
            project.json.setdefault("default_branch", next(iter(code.heads)))
    return remarks


def _take(code: Code, seen: Seen, default: str) -> None:
    if "/repository/" not in seen.path and "/commits" not in seen.path:
        return
    if seen.exchange.request.method not in READS:
        _take_write(code, seen)
        return
    for row in _commits(seen):
        known = code.commits.get(row["id"])
        if row["id"] not in code.written and not (known and _parents_known(known)):
            code.commits[row["id"]] = row
    rows = rows_of(seen.value)
    if seen.last_word == "branches":
        for row in rows_of(seen.value, "name", "commit"):
            _take_branch(code, row)
    elif seen.last_word == "tags" and "/repository/tags" in seen.path:
        for row in rows_of(seen.value, "name"):
            if row["name"] not in code.written:
                code.tags.setdefault(row["name"], row)
    _take_files(code, seen, rows, default)


def _commits(seen: Seen) -> list[dict[str, Any]]:
    """Return the commits in an answer; those of a merge request come without parents, which their order tells."""
    found = [row for row in objects_in(seen.value) for _ in _shas(row) if _are_texts(row.get("parent_ids"))]
    if not seen.path.endswith("/:merge_request_iid/commits"):
        return found
    parents = [*(row["id"] for row in found[1:]), UNKNOWN]
    return [{**row, "parent_ids": row["parent_ids"] or [id]} for row, id in zip(found, parents, strict=False)]


def _shas(row: Any) -> list[dict[str, Any]]:
    """Return an object in a list when it is named by the hash of a commit."""
    return [row] if isinstance(row, dict) and _SHA.fullmatch(str(row.get("id"))) else []


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _parents_known(row: dict[str, Any]) -> bool:
    return UNKNOWN not in row["parent_ids"]


def _take_write(code: Code, seen: Seen) -> None:
    """Remember what the session made itself: it is no part of the state before."""
    sent, value = seen.exchange.request, seen.value if isinstance(seen.value, dict) else {}
    given = sent.body.value if sent.body.kind == "json" and isinstance(sent.body.value, dict) else {}
    made = [value.get("id"), value.get("name"), value.get("file_path"), seen.parameters.get("file_path")]
    actions = [action.get("file_path") for action in given.get("actions") or () if isinstance(action, dict)]
    code.written |= {str(one) for one in made + actions if one is not None}


def _take_branch(code: Code, row: dict[str, Any]) -> None:
    [head] = [commit["id"] for commit in _shas(row["commit"])] or [""]
    if head and head not in code.written and row["name"] not in code.written:
        code.heads.setdefault(row["name"], head)
        code.unprotected = code.unprotected or (bool(row.get("default")) and row.get("protected") is False)


def _take_files(code: Code, seen: Seen, rows: list[dict[str, Any]], default: str) -> None:
    ref = dict(seen.exchange.request.query).get("ref", "HEAD")
    ref = default or "main" if ref == "HEAD" else ref
    if seen.path == "projects/:id/repository/tree":
        for row in rows:
            if row.get("type") == "blob" and isinstance(row.get("path"), str) and row["path"] not in code.written:
                code.files.setdefault((ref, row["path"]), "")
                code.executable |= {row["path"]} if row.get("mode") == "100755" else set()
    path = seen.parameters.get("file_path", "")
    if not path or path in code.written:
        return
    if seen.path == _FILE and rows and isinstance(rows[0].get("content"), str):
        code.files[ref, path] = _decoded(rows[0])
        code.executable |= {path} if rows[0].get("execute_filemode") is True else set()
        code.changed_by[ref, path] = str(rows[0].get("last_commit_id"))
    elif seen.path == f"{_FILE}/raw":
        code.files[ref, path] = _raw(seen.exchange.response.body)
        code.changed_by[ref, path] = header(seen.exchange.response.headers, "x-gitlab-last-commit-id")


def _decoded(row: dict[str, Any]) -> File:
    try:
        data = base64.b64decode(row["content"]) if row.get("encoding") == "base64" else row["content"].encode()
    except binascii.Error:
        return str(row["content"])
    return _content(data)


def _raw(body: Any) -> File:
    return _content(body.value if body.kind == "file" else body.encoded())


def _content(data: bytes) -> File:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


# What others need of a repository


def _needed(code: Code, project: Record, records: Records) -> Iterator[str]:
    """Add the branches and tags that files, merge requests and releases name."""
    default = str(project.json.get("default_branch") or "main")
    path = project.json["path_with_namespace"]
    refs = [ref for ref, _ in code.files if not _SHA.fullmatch(ref) and ref not in code.tags]
    work = [one for one in records.of("MergeRequest") if records.find(one.at) is project]
    releases = [one for one in records.of("Release") if records.find(one.at) is project]
    if refs or work or releases or code.tags or code.heads:
        code.heads = {default: code.heads.get(default, ""), **code.heads}
    for ref in refs:
        code.heads.setdefault(ref, "")
    readme = str(project.json.get("readme_url")).partition(f"/-/blob/{default}/")[2]
    if code.heads and readme and readme not in code.written:
        code.files.setdefault((default, readme), "")
    for one in work:
        for key in ("target_branch", "source_branch"):
            if one.json[key] not in code.heads:
                head = str(one.json.get("sha") or "") if key == "source_branch" else ""
                code.heads[one.json[key]] = head if head in code.commits else ""
                yield f"the branch {one.json[key]} of {path} was not recorded itself"
    for one in releases:
        code.tags.setdefault(str(one.json["tag_name"]), {})


# The scenario's form


def _repository(code: Code, records: Records) -> dict[str, Any]:
    default = next(iter(code.heads))
    authors = {one.json.get("name", ""): one.json["username"] for one in records.of("User")}
    found: dict[str, Any] = {"branches": History(code.commits, code.heads, _placed(code), authors).branches()}
    if code.tags:
        found["tags"] = {name: _tag(code, row, default) for name, row in code.tags.items()}
    return {**found, **({"protected": False} if code.unprotected else {})}


def _placed(code: Code) -> dict[tuple[str, str], tuple[str, File]]:
    """Return each file of a branch with the commit that changed it last, where that was told."""
    return {
        place: (code.changed_by.get(place, ""), _with_mode(content, executable=place[1] in code.executable))
        for place, content in code.files.items()
    }


def _with_mode(content: File, *, executable: bool) -> File:
    if not executable:
        return content
    return {**(content if isinstance(content, dict) else {"content": content}), "executable": True}


def _tag(code: Code, row: dict[str, Any], default: str) -> Any:
    target = next((one["id"] for one in _shas(row.get("commit"))), None)
    ref = next((name for name, head in code.heads.items() if head and head == target), default)
    return {"ref": ref, "message": row["message"]} if isinstance(row.get("message"), str) and row["message"] else ref
