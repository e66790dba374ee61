"""Carrying out the quick actions in a text. Source: GitLab's app/services/quick_actions/interpret_service.rb."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from mockgitlab import dsl
from mockgitlab.api import access, effects, quick_actions
from mockgitlab.api.commands import COMMANDS, NOT_BUILT, OF_EPICS, Work, extract
from mockgitlab.api.issue_access import project_of
from mockgitlab.api.models.epic import Epic
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.services import awards, issue_moves, issue_promotions, time_tracking
from mockgitlab.errors import NotBuilt

Record = TypeVar("Record", Issue, MergeRequest, Epic)
Update = Callable[[dsl.Call, Any, dict[str, Any]], Any]
SUBSCRIPTIONS = ("subscriber_ids", "unsubscriber_ids")
UNTOLD = ("move_to", "clone_to", "issue_type", "iteration_id", "epic_id")


@dataclass(frozen=True)
class Outcome:
    """What came of a text: the text without commands, what they change, and what GitLab says of it."""

    text: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    summary: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """What clients are told of the changes: not where it goes, and not what it becomes."""
        told = {key: value for key, value in self.changes.items() if key not in UNTOLD}
        copied = self.changes.get("clone_to")
        return {**told, "clone_with_notes": copied["with_notes"]} if copied else told


def interpret(call: dsl.Call, target: Any, text: str, *, may_update: bool) -> Outcome:
    """Read the commands in a text on a record; ``apply`` carries out what they change."""
    kept, lines = extract(text, quick_actions.names())
    work = Work(call, target, may_update)
    said = [_run(work, name, rest) for name, rest in lines]
    return Outcome(kept, work.changes, " ".join(filter(None, said)))


def _of_description(call: dsl.Call, target: Any, text: str | None) -> Outcome | None:
    if text is None or "/" not in text:
        return None
    outcome = interpret(call, target, text, may_update=True)
    return outcome if outcome.text != text.replace("\r", "").rstrip() else None


def of_new(call: dsl.Call, record: Record) -> tuple[Record, dict[str, Any]]:
    """Take the quick actions out of the description of a new record; return it, and what they change."""
    outcome = _of_description(call, record, record.description)
    return (call.store.update(record, description=outcome.text), outcome.changes) if outcome else (record, {})


def of_given(call: dsl.Call, record: Any, given: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Take the quick actions out of the description given for a record; return what is given, and what they change."""
    outcome = _of_description(call, record, given.get("description"))
    return ({**given, "description": outcome.text}, outcome.changes) if outcome else (given, {})


def _run(work: Work, name: str, rest: str) -> str:
    if name in NOT_BUILT and isinstance(work.target, Issue):
        raise NotBuilt(f"the quick action /{name}")
    command = COMMANDS.get(name)
    if command is None or not _is_taken(work, command.name) or not command.when(work):
        return f"Could not apply {command.name if command else name} command."
    return command.run(work, rest) if rest or command.bare else ""


def _is_taken(work: Work, name: str) -> bool:
    return name in OF_EPICS or not isinstance(work.target, Epic)


def apply(call: dsl.Call, target: Record, changes: dict[str, Any], update: Update) -> Record:
    """Carry out what commands change on a record, and return it; ``update`` takes what is not done here."""
    columns = {key: value for key, value in changes.items() if key not in ACTS}
    if columns:
        update(call, target, columns)
    for key, act in ACTS.items():
        if key in changes:
            act(call, call.store.fresh(target), changes[key])
    return call.store.fresh(target)


def _todo(call: dsl.Call, target: Any, event: str) -> None:
    user = access.me(call)
    if event == "add":
        effects.add_todo(call, user.id, "marked", target)
    else:
        effects.resolve_todos(call, user.id, target)


def _subscribe(call: dsl.Call, target: Any, event: str) -> None:
    user_id = access.me(call).id
    others = {name: tuple(one for one in getattr(target, name) if one != user_id) for name in SUBSCRIPTIONS}
    chosen = SUBSCRIPTIONS[event != "subscribe"]
    others[chosen] = (*others[chosen], user_id)
    call.store.update(target, **others, updated_at=target.updated_at)


def _spend(call: dsl.Call, target: Any, spent: dict[str, Any]) -> None:
    if spent["duration"] == "reset":
        time_tracking.forget_spent(call, target)
    else:
        time_tracking.spend_seconds(call, target, spent["duration"], None, spent["spent_at"])


def _move(call: dsl.Call, target: Issue, project_id: int) -> None:
    issue_moves.move(call, target, call.store[Project][project_id])


def _clone(call: dsl.Call, target: Issue, wanted: dict[str, Any]) -> None:
    issue_moves.clone(call, target, call.store[Project][wanted["project_id"]], with_notes=wanted["with_notes"])


def _promote(call: dsl.Call, target: Issue, asked: bool) -> None:
    issue_promotions.promote(call, target, namespace_of(call.store, project_of(call.store, target)))


ACTS: dict[str, Callable[[dsl.Call, Any, Any], None]] = {
    "todo_event": _todo,
    "subscription_event": _subscribe,
    "emoji_award": awards.toggle,
    "spend_time": _spend,
    "move_to": _move,
    "clone_to": _clone,
    "promote_to_epic": _promote,
}
