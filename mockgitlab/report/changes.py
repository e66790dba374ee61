"""What a request changed, in words: ``issue 3: state opened → closed``."""

import json
import re
from collections.abc import Iterable
from typing import Any

from mockgitlab.dsl import Entity
from mockgitlab.report.masking import MASK, is_secret
from mockgitlab.store import Row

Change = tuple[Row | None, Row | None]
"""A record as it was before and as it is after, ``None`` where there is none."""
SHOWN_LENGTH = 60

_NAMES = ("title", "name", "username", "path", "body")
_SELDOM_MEANT = ("updated_at", "last_activity_at", "last_activity_on", "last_used_at", "last_used_ips")
_NO_EFFECT = ("id", "ip_address", *_SELDOM_MEANT)
_WORD = re.compile(r"(?<!\A)(?=[A-Z])")
_PLAIN = re.compile(r"[\w.:+/@#-]+")


def describe(changes: Iterable[Change]) -> list[str]:
    """Return a line for each record that was written; that a token was used or a date touched is no change."""
    return [text for before, after in changes if (text := _describe(before, after))]


def effect(changes: Iterable[Change]) -> list[tuple[str, dict[str, Any] | None]]:
    """Return what was written, to be compared with what another request writes: columns by kind, without ids."""
    found = [(type(after or before).__name__, _meant(before), _meant(after)) for before, after in changes]
    return [(kind, after) for kind, before, after in found if before != after]


def _meant(row: Row | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {name: value for name, value in row.__dict__.items() if name not in _NO_EFFECT}


def _describe(before: Row | None, after: Row | None) -> str:
    if after is None:
        return f"{_called(before)}: deleted" if before is not None else ""
    if before is None:
        named = next((value for name in _NAMES if (value := getattr(after, name, None))), None)
        return f"{_called(after)}: created" + (f" {_shown(named)}" if named is not None else "")
    found = [
        f"{name} {_shown(getattr(before, name), name)} → {_shown(value, name)}"
        for name, value in after.__dict__.items()
        if value != getattr(before, name) and name not in _SELDOM_MEANT
    ]
    return f"{_called(after)}: {', '.join(found)}" if found else ""


def _called(row: Any) -> str:
    kind = row.called() if isinstance(row, Entity) else type(row).__name__
    return f"{_WORD.sub(' ', kind).lower()} {getattr(row, 'iid', None) or row.id}"


def _shown(value: Any, name: str = "") -> str:
    if value and (is_secret(name) or name == "value"):
        return MASK
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and len(value) <= SHOWN_LENGTH:
        return value
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…"
