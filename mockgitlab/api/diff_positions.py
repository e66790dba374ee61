"""Places in what a merge request changes: a line of a file, a point of an image, a whole file.

Source: https://docs.gitlab.com/api/discussions/#create-a-merge-request-thread and GitLab's
lib/gitlab/diff/position.rb, app/models/diff_note.rb.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.merge_request import MergeRequest, latest_version, versions_of
from mockgitlab.git.changes import GITLAB_ALIKE, Change, changes, contents
from mockgitlab.git.lines import compare, split_lines
from mockgitlab.git.objects import bytes_of, read_commit
from mockgitlab.git.unified import is_binary
from mockgitlab.store import Objects

SHAS, PATHS, LINES = ("base_sha", "start_sha", "head_sha"), ("old_path", "new_path"), ("old_line", "new_line")
POINT = ("width", "height", "x", "y")
NO_LINE = {"line_code": ["can't be blank", "must be a valid line code"]}
Places = dict[tuple[int | None, int | None], tuple[int, int]]


def _end(name: str) -> dsl.Param:
    return dsl.param(
        name,
        dict[str, Any],
        f"The {name} of a range of lines",
        nested=[
            dsl.param("line_code", str, "The code of the line"),
            dsl.param("type", str, "Whether the line is new, old or, as expanded, unchanged"),
            dsl.param("old_line", int, "The line before the change"),
            dsl.param("new_line", int, "The line after the change"),
        ],
    )


def position_param(*kinds: str, ranges: bool = True) -> dsl.Param:
    """Return the parameter ``position``, for places of some kinds: ``text``, ``image``, ``file``."""
    line_range = dsl.param("line_range", dict[str, Any], "A range of lines", nested=[_end("start"), _end("end")])
    return dsl.param(
        "position",
        dict[str, Any],
        "The place in what is changed",
        nested=[
            dsl.param("base_sha", str, "The commit at which the branches parted", required=True),
            dsl.param("start_sha", str, "The commit of the target branch", required=True),
            dsl.param("head_sha", str, "The commit of the source branch", required=True),
            dsl.param("position_type", str, "What is at the place", required=True, enum=kinds),
            dsl.param("new_path", str, "The path of the file after the change"),
            dsl.param("new_line", int, "The line after the change"),
            dsl.param("old_path", str, "The path of the file before the change"),
            dsl.param("old_line", int, "The line before the change"),
            dsl.param("width", int, "The width of the image"),
            dsl.param("height", int, "The height of the image"),
            dsl.param("x", float, "The place in the image from the left"),
            dsl.param("y", float, "The place in the image from above"),
            *([line_range] if ranges else []),
        ],
    )


def kept(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a position as GitLab keeps and shows it: of a line, a point or a file."""
    last = {"text": (*LINES, "line_range"), "image": POINT}.get(given["position_type"], ())
    return {name: given.get(name) for name in (*SHAS, *PATHS, "position_type", *last)}


def problems(store: dsl.Store, merge_request: MergeRequest, position: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what is wrong with a position: no such commits, no such file, or no such line in what is changed."""
    if _change(store, merge_request, position) is None:
        return NO_LINE if position["position_type"] == "text" else {"position": ["is invalid"]}
    if position["position_type"] == "text" and line_code(store, merge_request, position) is None:
        return NO_LINE
    return {}


def explained(store: dsl.Store, merge_request: MergeRequest, position: Mapping[str, Any]) -> str:
    """Say why a position is in no version of a merge request: its commits, its file or its line."""
    found = _changes(store, merge_request, position)
    if found is None:
        latest = latest_version(store, merge_request)
        shas = (latest.base_commit_sha, latest.start_commit_sha, latest.head_commit_sha)
        return (
            f"no version of the merge request has these {', '.join(SHAS)}; the latest has {', '.join(map(str, shas))}"
        )
    path = position.get("new_path") or position.get("old_path")
    if _of_file(found, position) is None:
        return f"the merge request does not change {path!r}; it changes {', '.join(one.new_path for one in found)}"
    lines = ", ".join(f"{name} {position.get(name)}" for name in LINES)
    which = "an added line has new_line alone, a deleted one old_line alone, any other both"
    return f"{path} has no line with {lines} in this version; {which}"


def line_code(store: dsl.Store, merge_request: MergeRequest, position: Mapping[str, Any]) -> str | None:
    """Return how GitLab names the line of a position: the path's hash, and the line before and after the change."""
    change = _change(store, merge_request, position)
    if change is None or position["position_type"] != "text":
        return None
    return code_of(store.objects, change, position)


def code_of(objects: Objects, change: Change, position: Mapping[str, Any]) -> str | None:
    """Return how GitLab names a line of a changed file, or the file itself where the position is of no line."""
    path = hash_of(position)
    if position["position_type"] != "text":
        return path
    counted = places(objects, change).get((position.get("old_line"), position.get("new_line")))
    return f"{path}_{counted[0]}_{counted[1]}" if counted is not None else None


def hash_of(position: Mapping[str, Any]) -> str:
    """Return how GitLab names a file in addresses."""
    path = position.get("new_path") or position.get("old_path") or ""
    return hashlib.sha1(bytes_of(path), usedforsecurity=False).hexdigest()


def _change(store: dsl.Store, merge_request: MergeRequest, position: Mapping[str, Any]) -> Change | None:
    """Return the changed file of a position, in the version of the merge request that its commits name."""
    found = _changes(store, merge_request, position)
    return None if found is None else _of_file(found, position)


def _changes(store: dsl.Store, merge_request: MergeRequest, position: Mapping[str, Any]) -> Sequence[Change] | None:
    shas = tuple(position.get(name) for name in SHAS)
    for version in versions_of(store, merge_request):
        if shas == (version.base_commit_sha, version.start_commit_sha, version.head_commit_sha) and shas[2]:
            trees = [read_commit(store.objects, sha).tree if sha else "" for sha in (shas[0], shas[2])]
            return changes(store.objects, *trees, alike=GITLAB_ALIKE)
    return None


def _of_file(found: Sequence[Change], position: Mapping[str, Any]) -> Change | None:
    old, new = position.get("old_path"), position.get("new_path")
    return next((one for one in found if new == one.new_path or (new is None and old == one.old_path)), None)


def places(objects: Objects, change: Change) -> Places:
    """Return the lines of a change as positions name them, with both counters at each; none of binary files.

    A line that was added has no ``old_line``, one that was deleted no ``new_line``, one that stayed has both.
    """
    both = contents(objects, change)
    if any(is_binary(one) for one in both):
        return {}
    old, new = (split_lines(one) for one in both)
    found: Places = {}
    before = after = 0
    for start, end, begin, stop in (*compare(old, new), (len(old), len(old), len(new), len(new))):
        for step in range(start - before):
            found[(before + step + 1, after + step + 1)] = (before + step + 1, after + step + 1)
        found |= {(line + 1, None): (line + 1, begin + 1) for line in range(start, end)}
        found |= {(None, line + 1): (end + 1, line + 1) for line in range(begin, stop)}
        before, after = end, stop
    return found
