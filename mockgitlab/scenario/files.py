"""Files a scenario refers to: found relative to it, kept inside one folder tree, read within a bound."""

import os
from pathlib import Path, PurePosixPath

from mockgitlab.scenario.problems import Location, ScenarioError, nearest, shown

MAX_FILE_BYTES = 64 * 1024 * 1024


class Unreadable(Exception):
    """A file that is missing, out of bounds or no file at all; whoever knows the place turns it into a problem."""

    def __init__(self, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion


def default_root(scenario: Path) -> Path:
    """Give the folder tree a scenario may read from: the parent of its own folder.

    So `scenarios/world.yaml` reaches `fixtures/` beside `scenarios/` as `../fixtures/...`, and nothing above. The
    root of the whole file system is never given: a scenario in `/srv` may read `/srv` only.
    """
    folder = scenario.resolve().parent
    return folder if folder.parent == folder.parent.parent else folder.parent


def read_file(reference: str, relative_to: Location | Path, root: Path | None, *, key: str = "") -> bytes:
    """Read the file that a scenario calls `reference`, as bytes.

    `relative_to` is the file in which the reference stands, or better the place in it. The file, symbolic links
    resolved, must lie in the tree under `root` (see `default_root`); None lifts that. `key` is named in the error.

    Raises:
        ScenarioError: at that place, when the file is missing, outside, too big or not a regular file.
    """
    location = relative_to if isinstance(relative_to, Location) else Location(str(relative_to), path=relative_to)
    base = (location.path or Path(location.file)).resolve()
    try:
        return read_bounded(find(reference, base.parent, root))
    except Unreadable as error:
        raise ScenarioError([location.problem(error.message, key, error.suggestion)]) from None


def find_folder(reference: str, location: Location, root: Path | None, *, key: str = "") -> Path:
    """Return the real path of the folder that a scenario calls `reference`; raises as `read_file` does."""
    base = (location.path or Path(location.file)).resolve()
    try:
        return find(reference, base.parent, root, folders=True)
    except Unreadable as error:
        raise ScenarioError([location.problem(error.message, key, error.suggestion)]) from None


def find(reference: str, folder: Path, root: Path | None, *, folders: bool = False) -> Path:
    """Resolve a reference against a folder to the real path of a regular file, or of a folder, under `root`.

    Where it leads is judged before whether it exists, so that nothing is learnt about files outside.
    """
    try:
        path = (folder / reference).resolve()
        if root is not None and not path.is_relative_to(root.resolve()):
            raise Unreadable(f"{shown(reference)} leads outside {root}, the only folder this scenario may read")
        if not path.exists():
            what = "folder" if folders else "file"
            raise Unreadable(f"there is no {what} {shown(reference)}", _sibling(reference, path))
        if folders and not path.is_dir():
            raise Unreadable(f"{shown(reference)} is no folder")
        if not folders and not path.is_file():
            raise Unreadable(f"{shown(reference)} is a {'folder' if path.is_dir() else 'device'}, not a file")
    except (OSError, RuntimeError, ValueError) as error:
        # RuntimeError is how pathlib reports a loop of symbolic links before Python 3.13.
        raise Unreadable(f"{shown(reference)} cannot be read: {_reason(error)}") from None
    return path


def _sibling(reference: str, path: Path) -> str | None:
    names = os.listdir(path.parent) if path.parent.is_dir() else []
    name = nearest(path.name, sorted(names))
    return str(PurePosixPath(reference).with_name(name)) if name else None


def read_bounded(path: Path) -> bytes:
    """Read a file of at most `MAX_FILE_BYTES`."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"cannot be read: {_reason(error)}") from None
    if len(content) > MAX_FILE_BYTES:
        raise Unreadable(f"is larger than {MAX_FILE_BYTES // 1024**2} MiB")
    return content


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
