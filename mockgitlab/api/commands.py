"""Commands in texts: how they are declared, and which lines of a text are commands.

Source: GitLab's lib/gitlab/quick_actions/extractor.rb and command_definition.rb.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.epic import Epic
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User

_COMMAND = re.compile(r"/([a-z_]+)(?: (.*))?\s*", re.IGNORECASE)
_FENCES = ("```", ">>>")
_FACES = {"shrug": "¯\\\uff3f(ツ)\uff3f/¯", "tableflip": "(╯°□°)╯︵ ┻━┻"}
_FACE = re.compile(r"^/(shrug|tableflip)(?!\S)", re.IGNORECASE)
Run = Callable[["Work", str], str]
COMMANDS: dict[str, "Command"] = {}
"""Every command by its names."""
OF_OTHERS = frozenset(
    (
        *("checkin_reminder", "promote_to", "tag"),
        *("set_parent", "remove_parent", "add_child", "remove_child", "type"),
        *("add_contacts", "remove_contacts", "board_move", "page", "publish"),
    )
)
"""Commands that GitLab knows and that neither issues nor merge requests take here.

They are of other records, or need what no instance has here: contacts, boards, escalation policies, a status page.
"""
NOT_BUILT = frozenset(
    (
        *("add_email", "convert_to_ticket", "create_merge_request"),
        *("remove_email", "remove_zoom", "timeline", "zoom"),
    )
)
"""Commands that change issues and that are not built yet."""
OF_EPICS = frozenset(
    (
        *("close", "reopen", "title", "label", "unlabel", "relabel", "confidential", "react"),
        *("todo", "done", "subscribe", "unsubscribe"),
        *("child_epic", "remove_child_epic", "parent_epic", "remove_parent_epic"),
    )
)
"""The commands that epics take."""


@dataclass
class Work:
    """What commands in one text are about to change on one record, in the words of ``commands_changes``."""

    call: dsl.Call
    target: Any
    may_update: bool
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def project(self) -> Project:
        """The project of the record."""
        return self.call.store[Project][self.target.project_id]

    @property
    def place(self) -> Project | Group:
        """The project or group of the record."""
        return self.call.store[Group][self.target.group_id] if isinstance(self.target, Epic) else self.project

    @property
    def called(self) -> str:
        """What messages call the record: ``issue``, ``merge request``."""
        return re.sub(r"(?<!^)([A-Z])", r" \1", type(self.target).__name__).lower()

    @property
    def plans(self) -> bool:
        """Whether the user may set labels, assignees, milestones and dates."""
        least = access.PLANNER if isinstance(self.target, (Issue, Epic)) else access.DEVELOPER
        return not self.place.archived and access.level(self.call, self.place) >= least

    @property
    def ee(self) -> bool:
        """Whether this is the Enterprise Edition, in which a record may have several assignees and reviewers."""
        return self.call.settings.edition == "ee"

    def add(self, key: str, ids: list[int]) -> None:
        """Add ids to those that a change names already."""
        self.changes[key] = list(dict.fromkeys([*self.changes.get(key, ()), *ids]))

    def add_people(self, column: str, users: list[User]) -> None:
        """Add users to the assignees or reviewers, in the Community Edition in place of them."""
        before = self.changes.get(column, getattr(self.target, column)) if self.ee else ()
        self.changes[column] = list(dict.fromkeys([*before, *(user.id for user in users)]))

    def remove_people(self, column: str, users: list[User]) -> list[User]:
        """Remove users from the assignees or reviewers, all where none are named or one is the most; return those."""
        before = self.changes.get(column, getattr(self.target, column))
        gone = (self.ee and users) or [self.call.store[User][user_id] for user_id in before]
        self.changes[column] = [one for one in before if one not in {user.id for user in gone}]
        return gone


@dataclass(frozen=True)
class Command:
    """A command: ``run(work, text)`` notes the changes and returns GitLab's message, empty when nothing came of it.

    ``when`` tells whether it can be used now; ``bare`` that it needs no text after its name.
    """

    name: str
    run: Callable[[Work, str], str]
    when: Callable[[Work], bool]
    bare: bool


def extract(text: str, names: Collection[str]) -> tuple[str, list[tuple[str, str]]]:
    """Return a text without its commands, and the name and text of each; code and quotes stay whole.

    ``/shrug`` and ``/tableflip`` are no commands: faces take their place.
    """
    kept: list[str] = []
    found: list[tuple[str, str]] = []
    fence, after_command = "", False
    for line in text.replace("\r", "").split("\n"):
        mark = next((mark for mark in _FENCES if line.startswith(mark)), "")
        match = None if fence else _COMMAND.fullmatch(line)
        if match and match[1].lower() in names:
            found.append((match[1].lower(), (match[2] or "").strip()))
            after_command = True
        elif line.strip() or not after_command:
            kept.append(line if fence else _FACE.sub(lambda one: _FACES[one[1].lower()], line))
            after_command = False
        fence = (fence if mark != fence else "") if fence else mark
    return "\n".join(kept).rstrip(), found


def command(*names: str, when: Callable[[Work], bool] = lambda work: True, bare: bool = False) -> Callable[[Run], Run]:
    """Declare a command, with its other names."""

    def register(run: Run) -> Run:
        COMMANDS.update(dict.fromkeys(names, Command(names[0], run, when, bare)))
        return run

    return register


def fixed(names: str, key: str, value: Any, message: str, when: Callable[[Work], bool]) -> None:
    """Declare a command that always makes the same change; ``{}`` in the message is what the record is called."""

    @command(*names.split(), when=when, bare=True)
    def run(work: Work, text: str) -> str:
        work.changes[key] = value
        return message.format(work.called)
