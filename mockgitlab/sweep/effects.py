"""What a run did to a world, in a form in which two runs compare: by names, not by ids and times."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

NAMES = ("title", "name", "username", "path", "body", "key", "email", "file_name", "ref")
"""The columns by which people know a record, the first that it has; one without any is left out."""
BESIDE = ("last_used_ips", "user_agent")
State = Mapping[str, list[dict[str, Any]]]
"""The records by kind, as ``MockGitLab.state()`` returns them."""
Effects = Counter[str]


def effects_of(before: State, after: State) -> Effects:
    """Return what was created, changed and deleted between two states, and how often."""
    found: Effects = Counter()
    for kind in {*before, *after}:
        old, new = ({row["id"]: row for row in state.get(kind, ())} for state in (before, after))
        found.update(_told("created", kind, new[id]) for id in new.keys() - old.keys())
        found.update(_told("deleted", kind, old[id]) for id in old.keys() - new.keys())
        found.update(_changed(kind, old[id], new[id]) for id in new.keys() & old.keys())
    found.pop("", None)
    return found


def _told(what: str, kind: str, row: Mapping[str, Any]) -> str:
    name = next((row[name] for name in NAMES if row.get(name)), None)
    return f"{what} {kind} {json.dumps(name, ensure_ascii=False, default=str)}" if name is not None else ""


def _changed(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    told = _told("changed", kind, old)
    changes = {name: value for name, value in sorted(new.items()) if value != old.get(name) and not _passes(name)}
    return f"{told}: {json.dumps(changes, ensure_ascii=False, default=str)}" if told and changes else ""


def _passes(name: str) -> bool:
    """Tell whether a column only says when something happened, or who asked."""
    return name.endswith(("_at", "_on")) or name in BESIDE


def duplicates(without: Effects, within: Effects) -> list[str]:
    """Return what was created more often than in the run without a trap, ``created Issue "x" 2 times``."""
    more = {text: number for text, number in within.items() if without[text] and number > without[text]}
    return sorted(f"{text} {number} times" for text, number in more.items() if text.startswith("created "))


def lost(without: Effects, within: Effects) -> list[str]:
    """Return what the run without a trap did, and this one did not."""
    return sorted((without - within).elements())
