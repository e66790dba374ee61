"""Changing files one action after another: create, update, delete, move, chmod, as GitLab's commits do.

Source: https://docs.gitlab.com/api/commits/ and Gitaly's words for what cannot be done.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mockgitlab.git.names import normal_path, path_problem
from mockgitlab.git.objects import EXECUTABLE, FILE, FOLDER, Entry
from mockgitlab.git.trees import at_path, with_changes
from mockgitlab.store import Objects


class ActionError(Exception):
    """What an action wants cannot be done; the message is the one that GitLab gives, ``wanted`` the action in words."""

    wanted = ""


@dataclass(frozen=True)
class Action:
    """One change: ``kind`` is ``create``, ``update``, ``delete``, ``move`` or ``chmod``."""

    kind: str
    path: str
    previous_path: str = ""
    content: bytes | None = None
    executable: bool | None = None


class Index:
    """Files as they are after the actions so far."""

    def __init__(self, objects: Objects, tree: str) -> None:
        self._objects = objects
        self._tree = tree
        self._changed: dict[str, Entry | None] = {}

    def perform(self, actions: Iterable[Action]) -> str:
        """Carry out actions and return the tree that they make; raises ``ActionError``."""
        for action in actions:
            path, previous = normal_path(action.path), normal_path(action.previous_path)
            try:
                self._carry_out(replace(action, path=path, previous_path=previous))
            except ActionError as error:
                came = f" from {action.previous_path!r}" if action.kind == "move" else ""
                error.wanted = f"{action.kind} {action.path!r}{came}"
                raise
        return with_changes(self._objects, self._tree, self._changed)

    def _carry_out(self, action: Action) -> None:
        for path in (action.path, action.previous_path) if action.kind == "move" else (action.path,):
            _check(path)
        getattr(self, f"_{action.kind}")(action)

    def _entry(self, path: str) -> Entry | None:
        if path in self._changed:
            return self._changed[path]
        if any(self._changed.get(above) for above in _above(path)):
            return None
        return at_path(self._objects, self._tree, path) if self._tree else None

    def _file(self, path: str) -> Entry:
        entry = self._entry(path)
        if entry is None or entry.mode == FOLDER:
            raise ActionError("A file with this name doesn't exist")
        return entry

    def _check_free(self, path: str) -> None:
        entry = self._entry(path)
        if any(one.startswith(f"{path}/") and new for one, new in self._changed.items()):
            raise ActionError("A directory with this name already exists")
        if entry is not None and (entry.mode != FOLDER or self._has_files(path, entry)):
            what = "directory" if entry.mode == FOLDER else "file"
            raise ActionError(f"A {what} with this name already exists")
        for above in _above(path):
            standing = self._entry(above)
            if standing is not None and standing.mode != FOLDER:
                raise ActionError("A file with this name already exists")

    def _has_files(self, path: str, folder: Entry) -> bool:
        inside = {one[len(path) + 1 :]: new for one, new in self._changed.items() if one.startswith(f"{path}/")}
        return bool(self._objects.data(with_changes(self._objects, folder.sha, inside), "tree"))

    def _put(self, action: Action, mode: int, content: bytes) -> None:
        wanted = {True: EXECUTABLE, False: FILE, None: mode}[action.executable]
        self._changed[action.path] = Entry(wanted, self._objects.add("blob", content))

    def _create(self, action: Action) -> None:
        self._check_free(action.path)
        self._put(action, FILE, action.content or b"")

    def _update(self, action: Action) -> None:
        old = self._file(action.path)
        self._put(action, old.mode, action.content or b"")

    def _delete(self, action: Action) -> None:
        self._file(action.path)
        self._changed[action.path] = None

    def _move(self, action: Action) -> None:
        old = self._file(action.previous_path)
        self._check_free(action.path)
        self._changed[action.previous_path] = None
        if action.content is None:
            self._changed[action.path] = old
        else:
            self._put(action, old.mode, action.content)

    def _chmod(self, action: Action) -> None:
        old = self._file(action.path)
        self._changed[action.path] = Entry(EXECUTABLE if action.executable else FILE, old.sha)


def _check(path: str) -> None:
    problem = path_problem(path) if path else "You must provide a file path"
    if problem:
        raise ActionError(problem)


def _above(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]
