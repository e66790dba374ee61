"""A scenario file and the files it includes, merged into one, with the place of every part kept.

    include: [users.yaml, ../shared/groups.yaml]

How files are merged:

- the included files come first, in their order, then the including file; what they include comes before them;
- mappings are merged key by key, at every depth;
- lists are joined, the included items first;
- of two single values that of the including (or later included) file holds, be it null;
- a null never takes the place of a list or mapping; a list, a mapping and a single value otherwise do not mix;
- a file included twice, from wherever, is taken once, where it first stands.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mockgitlab.scenario import files
from mockgitlab.scenario.problems import KeyPath, Location, Problem, Problems, ScenarioError, path_text, shown
from mockgitlab.scenario.source import Source, load, loads

INCLUDE = "include"
MAX_INCLUDE_DEPTH = 16


class Merged:
    """A scenario with all it includes: `data` is the whole, `locate` finds the file and position of any part.

    `sources` are the files in the order in which they were merged, the scenario itself last; `root` is the folder tree
    it may read from (None: anywhere). `data` has no `include` any more, and is to be read, not changed.
    """

    def __init__(self, sources: Sequence[Source], root: Path | None) -> None:
        self.sources = tuple(sources)
        self.root = root
        problems = Problems(self)
        self.data = _merge(self.sources, problems)
        problems.raise_if_any()

    def locate(self, path: KeyPath, *, of_key: bool = True) -> Location:
        """Give the place of the key (`of_key=False`: the value) at `path`, in the file which it came from.

        Where several files have a part in it that is the last of them. Where the path leads nowhere, the last part of
        it which exists is located.
        """
        return _locate(self.sources, path, of_key)

    def read_file(self, reference: str, path: KeyPath) -> bytes:
        """Read the file that the value at `path` calls `reference`, relative to the file it stands in.

        Raises:
            ScenarioError: at that value, as `files.read_file` does.
        """
        return files.read_file(reference, self.locate(path, of_key=False), self.root, key=path_text(path))

    def find_folder(self, reference: str, path: KeyPath) -> Path:
        """Return the folder that the value at `path` calls `reference`; raises `ScenarioError` as `read_file` does."""
        return files.find_folder(reference, self.locate(path, of_key=False), self.root, key=path_text(path))


def load_merged(path: str | os.PathLike[str], *, root: Path | None = None, allow_outside: bool = False) -> Merged:
    """Read a scenario file and all it includes.

    Files are read from the tree under `root` only, symbolic links resolved; by default that is the parent of the
    scenario's folder (see `files.default_root`). `allow_outside` lifts this.

    Raises:
        ScenarioError: with the problems of all the files that could be read.
    """
    return merge(load(path), root=root, allow_outside=allow_outside)


def merge(source: Source, *, root: Path | None = None, allow_outside: bool = False) -> Merged:
    """Merge a source that was read with all it includes."""
    tree = None if allow_outside else (root or files.default_root(source.path)).resolve()
    collector = _Collector(tree)
    collector.visit(source, ())
    if collector.problems:
        raise ScenarioError(collector.problems)
    return Merged(collector.sources, tree)


class _Collector:
    """Reads files in the order in which they are merged."""

    def __init__(self, root: Path | None) -> None:
        self.sources: list[Source] = []
        self.problems: list[Problem] = []
        self._root = root
        self._seen: set[Path] = set()

    def visit(self, source: Source, chain: tuple[Source, ...]) -> None:
        """Take in what a source includes, then itself; `chain` are the sources that led to it."""
        self._seen.add(source.path.resolve())
        for path, reference in self._references(source):
            try:
                self._include(reference, (*chain, source))
            except files.Unreadable as error:
                problem = source.locate(path).problem(error.message, path_text(path), error.suggestion)
                self.problems.append(problem)
            except ScenarioError as error:
                self.problems.extend(error.problems)
        self.sources.append(source)

    def _references(self, source: Source) -> Iterator[tuple[KeyPath, str]]:
        problems = Problems(source)
        references = source.data.get(INCLUDE, [])
        if not isinstance(references, list):
            problems.add((INCLUDE,), "must be a list of files, such as [users.yaml]")
            references = []
        for index, reference in enumerate(references):
            if isinstance(reference, str) and reference:
                yield (INCLUDE, index), reference
            else:
                problems.add((INCLUDE, index), f"must be the name of a file, not {shown(reference)}")
        self.problems.extend(problems)

    def _include(self, reference: str, chain: tuple[Source, ...]) -> None:
        including = chain[-1]
        path = files.find(reference, including.path.resolve().parent, self._root)
        name = os.path.normpath(os.path.join(os.path.dirname(including.file), reference))
        self._check_chain(path, name, chain)
        if path not in self._seen:
            self.visit(loads(files.read_bounded(path), name, path), chain)

    def _check_chain(self, path: Path, name: str, chain: tuple[Source, ...]) -> None:
        names = " includes ".join([*(source.file for source in chain), name])
        if any(source.path.resolve() == path for source in chain):
            raise files.Unreadable(f"includes go in a circle: {names}")
        if len(chain) > MAX_INCLUDE_DEPTH:
            raise files.Unreadable(f"includes go deeper than {MAX_INCLUDE_DEPTH} files: {names}")


def _merge(sources: tuple[Source, ...], problems: Problems) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for index, source in enumerate(sources):
        own = {key: value for key, value in source.data.items() if key != INCLUDE}
        merged = _Merger(sources[: index + 1], problems).mappings(merged, own, ())
    return merged


@dataclass(frozen=True)
class _Merger:
    """Merges the data of the last of some sources into those of the others."""

    sources: tuple[Source, ...]
    problems: Problems

    def mappings(self, below: dict[str, Any], above: dict[str, Any], path: KeyPath) -> dict[str, Any]:
        merged = dict(below)
        for key, value in above.items():
            merged[key] = self._values(below[key], value, (*path, key)) if key in below else value
        return merged

    def _values(self, below: Any, above: Any, path: KeyPath) -> Any:
        if isinstance(below, dict) and isinstance(above, dict):
            return self.mappings(below, above, path)
        if isinstance(below, list) and isinstance(above, list):
            return below + above
        if below is not None and above is not None and _kind(below) != _kind(above):
            self._clash(below, above, path)
        return below if above is None and isinstance(below, (dict, list)) else above

    def _clash(self, below: Any, above: Any, path: KeyPath) -> None:
        other = _locate(self.sources[:-1], path, of_key=True)
        place = self.sources[-1].locate(path)
        message = f"is {_kind(above)} here, but {_kind(below)} in {other}; these cannot be merged"
        self.problems.extend([place.problem(message, path_text(path))])


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else "a single value"


@dataclass(frozen=True)
class _Part:
    """What one source contributes to a merged value."""

    source: Source
    path: KeyPath
    value: Any

    def child(self, step: str | int) -> "_Part":
        return _Part(self.source, (*self.path, step), self.value[step])


def _locate(sources: Sequence[Source], path: KeyPath, of_key: bool) -> Location:
    parts = [_Part(source, (), source.data) for source in sources]
    for step in path:
        found = _at_index(parts, step) if isinstance(step, int) else _at_key(parts, step)
        if not found:
            break
        parts = found
    collections = [part for part in parts if isinstance(part.value, (dict, list))]
    last = (collections or parts)[-1]
    return last.source.locate(last.path, of_key=of_key)


def _at_key(parts: list[_Part], key: str) -> list[_Part]:
    return [part.child(key) for part in parts if isinstance(part.value, dict) and key in part.value]


def _at_index(parts: list[_Part], index: int) -> list[_Part]:
    """Find the part whose list holds an item of the joined lists."""
    for part in parts:
        if isinstance(part.value, list):
            if 0 <= index < len(part.value):
                return [part.child(index)]
            index -= len(part.value)
    return []
