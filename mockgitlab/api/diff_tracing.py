"""Where a place in what a merge request changes is after its branches moved, and whether it is out of date.

With the old version from ``A`` to ``B`` and the new one from ``C`` to ``D`` (each from where the branches parted to the
head), an added line is followed from ``B`` to ``D``, any other from ``A`` to ``C``, and then between ``C`` and ``D``.

Source: GitLab's lib/gitlab/diff/position_tracer/*.rb and line_mapper.rb.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mockgitlab.api.models.merge_request import MergeRequestDiff
from mockgitlab.git.changes import GITLAB_ALIKE, Change, changes, contents
from mockgitlab.git.lines import Hunk, compare, split_lines
from mockgitlab.git.objects import read_commit
from mockgitlab.store import Objects

Position = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """The place now; once it is ``outdated`` that in the commits from ``start`` to ``head`` which made it so."""

    position: Position
    outdated: bool = False
    start: str | None = None
    head: str | None = None


@dataclass(frozen=True)
class Files:
    """The files that differ between two commits, and where their lines went."""

    objects: Objects
    old: str | None
    new: str | None

    @cached_property
    def changes(self) -> list[Change]:
        """The files that differ."""
        trees = [read_commit(self.objects, sha).tree if sha else "" for sha in (self.old, self.new)]
        return changes(self.objects, *trees, alike=GITLAB_ALIKE)

    def from_old(self, path: str | None) -> Change | None:
        """Return the file that had a path."""
        return next((one for one in self.changes if one.old_path == path), None)

    def from_new(self, path: str | None) -> Change | None:
        """Return the file that has a path."""
        return next((one for one in self.changes if one.new_path == path), None)

    def onward(self, change: Change | None, line: int) -> int | None:
        """Return the number that a line of the old file has in the new one; nothing where it is gone."""
        return line if change is None else _mapped(self._hunks(change), line)

    def back(self, change: Change | None, line: int) -> int | None:
        """Return the number that a line of the new file had in the old one; nothing where it was not there."""
        if change is None:
            return line
        return _mapped([(c, d, a, b) for a, b, c, d in self._hunks(change)], line)

    def _hunks(self, change: Change) -> list[Hunk]:
        old, new = (split_lines(one) for one in contents(self.objects, change))
        return compare(old, new)


def _mapped(hunks: Sequence[Hunk], line: int) -> int | None:
    shift = 0
    for start, end, _, stop in hunks:
        if line - 1 < start:
            break
        if line - 1 < end:
            return None
        shift = stop - end
    return line + shift


class Tracer:
    """Follows places from one version of a merge request to the next."""

    def __init__(self, objects: Objects, before: MergeRequestDiff, after: MergeRequestDiff) -> None:
        self.after = after
        self.ac = Files(objects, before.base_commit_sha, after.base_commit_sha)
        self.bd = Files(objects, before.head_commit_sha, after.head_commit_sha)
        self.cd = Files(objects, after.base_commit_sha, after.head_commit_sha)

    def follow(self, position: Mapping[str, Any]) -> Found:
        """Return where a place is now."""
        if position["position_type"] != "text":
            return self._file(position)
        return self._added(position) if position.get("old_line") is None else self._of_base(position)

    def _added(self, position: Mapping[str, Any]) -> Found:
        moved = self.bd.from_old(position["new_path"])
        line = self.bd.onward(moved, position["new_line"])
        if line is None:
            return self._outdated(self.bd, position, moved, position["new_line"], None)
        path = moved.new_path if moved else position["new_path"]
        change = self.cd.from_new(path)
        before = self.cd.back(change, line)
        if before is not None and change is None:
            was = self.ac.from_new(path)
            return self._outdated(self.ac, position, was, None, before)
        return Found(self._now(position, change, before, line))

    def _of_base(self, position: Mapping[str, Any]) -> Found:
        """Follow a line that was there when the branches parted: removed, or kept and so in both files."""
        moved = self.ac.from_old(position["old_path"])
        line = self.ac.onward(moved, position["old_line"])
        if line is None:
            return self._outdated(self.ac, position, moved, position["old_line"], None)
        path = moved.new_path if moved else position["old_path"]
        change = self.cd.from_old(path)
        after = self.cd.onward(change, line)
        kept = position.get("new_line") is not None and change is not None
        if after is None or kept:
            return Found(self._now(position, change, line, after))
        back = self.bd.from_new(change.new_path if change else path)
        return self._outdated(self.bd, position, back, None, after)

    def _file(self, position: Mapping[str, Any]) -> Found:
        path = position["new_path"] or position["old_path"]
        moved = self.bd.from_old(path)
        if moved is not None:
            return self._outdated(self.bd, position, moved, None, None)
        change = self.cd.from_new(path)
        if change is not None:
            return Found(self._now(position, change, None, None))
        return self._outdated(self.ac, position, self.ac.from_new(path), None, None)

    def _now(self, position: Mapping[str, Any], change: Change | None, old: int | None, new: int | None) -> Position:
        version = self.after
        shas = (version.base_commit_sha, version.start_commit_sha, version.head_commit_sha)
        return _placed(
            {**position, **dict(zip(("base_sha", "start_sha", "head_sha"), shas, strict=True))}, change, old, new
        )

    def _outdated(
        self, files: Files, position: Mapping[str, Any], change: Change | None, old: int | None, new: int | None
    ) -> Found:
        return Found(_placed(position, change, old, new), True, files.old, files.new)


def _placed(position: Mapping[str, Any], change: Change | None, old: int | None, new: int | None) -> Position:
    paths = {"old_path": change.old_path, "new_path": change.new_path} if change else {}
    lines = {"old_line": old, "new_line": new} if position["position_type"] == "text" else {}
    return {**position, **paths, **lines}
