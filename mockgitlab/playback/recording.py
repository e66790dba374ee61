"""A recording: a YAML file of exchanges, opened in no time however many there are.

The file is cut at its items, and each is read when it is asked for. What a recorder was killed over is told from what
a person wrote: the file's first line says whether it was still being recorded, and only then may its last item be
incomplete; it is passed over.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from mockgitlab.playback.exchange import Exchange
from mockgitlab.playback.layout import file_names, from_data
from mockgitlab.playback.schema import FORMAT, check
from mockgitlab.scenario import files, nodes
from mockgitlab.scenario.problems import Location, ScenarioError
from mockgitlab.scenario.source import Source, loads

IN_PROGRESS = b"# A recording of mockgitlab, in progress: the last exchange may be cut short.\n"
COMPLETE = b"# A recording of mockgitlab, complete.".ljust(len(IN_PROGRESS) - 1) + b"\n"
END = "  # end\n"
"""What a recorder ends each exchange with."""
CHECKED_AT_ONCE = 1_000_000
"""A file of more bytes is checked as its exchanges are read, a smaller one before anything is served."""
_END, _START = f"\n{END}".encode(), b"\nexchanges:\n"
_EXCHANGES = re.compile(r"^exchanges:[ \t]*(?:#.*)?\n", re.MULTILINE)
_ITEM = re.compile(r"^- ", re.MULTILINE)
_OTHER = re.compile(r"^[^\s#-]", re.MULTILINE)
_HEAD = re.compile(r"- request:\n    method: ([A-Z]+)\n    path: (/[^\s'\"#]*)\n")


def is_recording(path: str | os.PathLike[str]) -> bool:
    """Tell whether a file says of itself that it is a recording."""
    try:
        with open(path, "rb") as stream:
            return re.search(rb"^\s*[\"']?mockgitlab_recording\b", stream.read(4_096), re.MULTILINE) is not None
    except OSError:
        return False


class Recording:
    """The exchanges of a recording, to be read like a list; raises ``ScenarioError`` for a file that is none.

    ``meta`` is what the file says about itself, ``upstream`` the base URL that was recorded, ``torn`` whether a
    recorder was killed while it wrote an exchange, which is left out.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.file = os.fspath(path)
        self._content, self.path = _read(self.file)
        self._content, self.torn = _whole(self._content)
        self._known: dict[int, Exchange] = {}
        text = self._content.decode("utf-8-sig", "replace")
        self._items = _cut(text) if len(self._content) > CHECKED_AT_ONCE else None
        data = self._head(text) if self._items is not None else self._checked().data
        self._data: list[Any] = data.get("exchanges") or []
        self.meta: dict[str, Any] = data.get("meta") or {}
        self.upstream = str(self.meta.get("upstream") or "").rstrip("/")

    def _checked(self) -> Source:
        source = loads(self._content, self.file, self.path)
        check(source)
        return source

    def _head(self, text: str) -> dict[str, Any]:
        """Return what stands before the exchanges; where that is odd, read and check the whole file."""
        try:
            root = nodes.compose(text[: text.index("\nexchanges:") + 1])
            data = nodes.build(root)[0] if root is not None else {}
        except (yaml.YAMLError, ValueError):
            data = {}
        if data.get("mockgitlab_recording") == FORMAT:
            return data
        self._items = None
        return self._checked().data

    def __len__(self) -> int:
        return len(self._data if self._items is None else self._items)

    def __iter__(self) -> Iterator[Exchange]:
        return (self[index] for index in range(len(self)))

    def __getitem__(self, index: int) -> Exchange:
        if index not in self._known:
            self._known[index] = self._exchange(range(len(self))[index])
        return self._known[index]

    def heads(self) -> list[tuple[str, str]]:
        """Return method and path of every exchange, without reading more of it than that takes."""
        if self._items is None:
            return [(one.request.method, one.request.path) for one in self]
        found = [_HEAD.match(item) for item in self._items]
        return [(one[1], one[2]) if one else self._head_of(index) for index, one in enumerate(found)]

    def _head_of(self, index: int) -> tuple[str, str]:
        request = self[index].request
        return request.method, request.path

    def _exchange(self, index: int) -> Exchange:
        try:
            data = self._data[index] if self._items is None else _parsed(self._items[index])
            return from_data(data, self._fetch)
        except (yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError) as wrong:
            self._checked()
            raise ScenarioError([Location(self.file).problem(f"exchange {index + 1}: {wrong}")]) from None

    def _fetch(self, name: str) -> bytes:
        return files.read_file(name, self.path, files.default_root(self.path))

    def check(self) -> None:
        """Raise ``ScenarioError`` with everything that is wrong, files that are missing included."""
        self._checked()
        for _ in self:
            continue

    def files(self) -> list[str]:
        """Return the names of the files beside it that hold binaries."""
        names: list[str] = []
        for index in range(len(self)):
            data = self._data[index] if self._items is None else _parsed(self._items[index])
            names += file_names(data)
        return names

    def appendable(self) -> bytes:
        """Return the file as one to which a recorder may append; raises ``ValueError`` when it is laid out otherwise.

        That is: it ends with its exchanges, a list that begins at the margin.
        """
        text = self._content.decode("utf-8-sig")
        if _cut(text) is None:
            told = "it must end with the line 'exchanges:' and a list whose items begin at the margin"
            raise ValueError(f"{self.file} cannot be continued: {told}")
        for line in (IN_PROGRESS, COMPLETE):
            text = text.removeprefix(line.decode())
        text = text if text.endswith("\n") else f"{text}\n"
        whole = text.endswith(f"\n{END}") or not len(self)
        return IN_PROGRESS + (text if whole else text + END).encode()

    def __repr__(self) -> str:
        return f"<recording {self.file}: {len(self)} exchanges>"


def _read(file: str) -> tuple[bytes, Path]:
    try:
        path = files.find(file, Path(), None)
        return path.read_bytes(), path
    except (files.Unreadable, OSError) as error:
        message = error.message if isinstance(error, files.Unreadable) else f"cannot be read: {error.strerror}"
        suggestion = error.suggestion if isinstance(error, files.Unreadable) else None
        raise ScenarioError([Location(file).problem(message, suggestion=suggestion)]) from None


def _whole(content: bytes) -> tuple[bytes, bool]:
    """Return the file without an exchange that a recorder could not finish, and whether there was one."""
    if not content.startswith(IN_PROGRESS):
        return content, False
    marks = [content.rfind(mark) + len(mark) for mark in (_END, _START) if mark in content]
    cut = marks[0] if marks else len(content)
    return content[:cut], cut < len(content)


def _cut(text: str) -> list[str] | None:
    """Return the items of the list of exchanges as texts; nothing when the file is not laid out as recorders do."""
    start = _EXCHANGES.search(text)
    if start is None or _OTHER.search(text, start.end()) is not None:
        return None
    begins = [match.start() for match in _ITEM.finditer(text, start.end())]
    if not begins:
        return None if text[start.end() :].strip() else []
    return [text[begin:end] for begin, end in zip(begins, [*begins[1:], len(text)], strict=True)]


def _parsed(item: str) -> Any:
    root = nodes.compose(item)
    data, faults = nodes.build(root) if root is not None else ([], [])
    if faults or not isinstance(data, list) or len(data) != 1:
        raise ValueError("cannot be read")
    return data[0]


__all__ = ["Recording", "ScenarioError", "is_recording"]
