"""Writing a recording, an exchange at a time, so that it can be read whenever the recorder is killed.

An exchange is one list item, handed to the system in one piece once its binaries are in their files. The first line
says that recording goes on; when it is closed, that line is written over with one of the same length.
"""

import mimetypes
import os
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mockgitlab.playback.exchange import Exchange
from mockgitlab.playback.layout import to_data
from mockgitlab.playback.recording import COMPLETE, END, IN_PROGRESS, Recording
from mockgitlab.playback.schema import FORMAT
from mockgitlab.playback.secrets import MARK
from mockgitlab.playback.yaml_text import dump

_NUMBERED = re.compile(rf"{MARK}(\d+)".encode())


class RecordingWriter:
    """Appends exchanges to a recording; a context manager. ``next_placeholder`` is the first number not in use.

    A file that is there already is continued with ``append``, else it must not exist: raises ``FileExistsError``, and
    ``ScenarioError`` when what is to be continued is no recording.
    """

    def __init__(
        self, path: str | os.PathLike[str], meta: Mapping[str, Any] | None = None, *, append: bool = False
    ) -> None:
        self.path = Path(path)
        self.count = 0
        self.next_placeholder = 1
        self._lock = threading.Lock()
        self._files = 0
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if append and self.path.exists():
            self._continue()
        else:
            self._begin(dict(meta or {}))
        self._stream = os.open(self.path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))

    def _begin(self, meta: dict[str, Any]) -> None:
        if self.path.exists():
            raise FileExistsError(f"{self.path} exists already: say whether to append to it or to overwrite it")
        head = dump({"mockgitlab_recording": FORMAT, "meta": meta})
        part = self.path.with_name(f".{self.path.name}.part")
        part.write_bytes(IN_PROGRESS + head.encode() + b"exchanges:\n")
        part.replace(self.path)

    def _continue(self) -> None:
        """Bring the file of an earlier session into the state of one that is being recorded."""
        known = Recording(self.path)
        self.count = len(known)
        content = known.appendable()
        self.next_placeholder = next_placeholder(content)
        part = self.path.with_name(f".{self.path.name}.part")
        part.write_bytes(content)
        part.replace(self.path)

    def append(self, exchange: Exchange) -> None:
        """Write an exchange; when this returns, it is kept whatever becomes of this process."""
        with self._lock:
            self.count += 1
            self._files = 0
            item = f"{dump([to_data(exchange, self._keep)])}{END}".encode()
            while item:  # a full disk aside, once is enough
                item = item[os.write(self._stream, item) :]

    def _keep(self, data: bytes, content_type: str) -> str:
        """Write bytes to a file beside the recording, and return its name."""
        self._files += 1
        folder = folder_of(self.path)
        folder.mkdir(exist_ok=True)
        kind = content_type.partition(";")[0].strip().lower()
        more = f"-{self._files}" if self._files > 1 else ""
        name = f"{self.count:04d}{more}{mimetypes.guess_extension(kind) or '.bin'}"
        (folder / name).write_bytes(data)
        return f"{folder.name}/{name}"

    def close(self) -> None:
        """Say in the file that it is complete."""
        os.close(self._stream)
        with self.path.open("r+b") as stream:
            if stream.read(len(IN_PROGRESS)) == IN_PROGRESS:
                stream.seek(0)
                stream.write(COMPLETE)

    def __enter__(self) -> "RecordingWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def next_placeholder(content: bytes) -> int:
    """Return the first number that no placeholder of a recording has."""
    return 1 + max(map(int, _NUMBERED.findall(content)), default=0)


def folder_of(path: Path) -> Path:
    """Return the folder in which a recording keeps its binaries: ``issues`` beside ``issues.yaml``."""
    return path.with_suffix("") if path.suffix else path.with_name(f"{path.name}.files")


def write_recording(path: str | os.PathLike[str], exchanges: Any, meta: Mapping[str, Any]) -> int:
    """Write a whole recording in place of whatever was there, and return the number of its exchanges."""
    remove_recording(path)
    with RecordingWriter(path, meta) as writer:
        for exchange in exchanges:
            writer.append(exchange)
    return writer.count


def remove_recording(path: str | os.PathLike[str]) -> None:
    """Remove a recording and the binaries beside it, if it is there."""
    place = Path(path)
    if not place.exists():
        return
    folder = folder_of(place)
    for name in Recording(place).files() if folder.is_dir() else ():
        (place.parent / name).unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
    place.unlink()
