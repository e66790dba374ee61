"""What is to be played, as people say it: a file, or a file and its rules, in a scenario, in Python or in a shell."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from mockgitlab.playback.recording import Recording
from mockgitlab.playback.tape import PlayedRecording
from mockgitlab.scenario import files
from mockgitlab.scenario.includes import Merged
from mockgitlab.scenario.problems import KeyPath, Problems, ScenarioError, nearest, shown
from mockgitlab.web.playing import CRITERIA, ORDERS, Playable, Rules

KEYS = ("file", "order", "repeat", "behind", "on", "headers", "ignore")
Wanted = str | os.PathLike[str] | Mapping[str, Any] | Playable


def playback(wanted: Wanted | Sequence[Wanted] | None) -> tuple[Playable, ...]:
    """Return what is to be played: files, or mappings of a ``file`` and the names of ``Rules``.

    Raises ``ValueError`` for rules that make no sense, ``ScenarioError`` for a file that is no recording.
    """
    if wanted is None:
        return ()
    items = list(wanted) if isinstance(wanted, Sequence) and not isinstance(wanted, str) else [wanted]
    return tuple(_played(item) for item in items)


def _played(wanted: Wanted) -> Playable:
    if not isinstance(wanted, (str, os.PathLike, Mapping)):
        return wanted
    given: Mapping[str, Any] = wanted if isinstance(wanted, Mapping) else {"file": wanted}
    for key in given:
        if key not in KEYS:
            near = nearest(str(key), KEYS)
            raise ValueError(
                f"playback has no {key!r}: take {', '.join(KEYS)}" + f"; did you mean {near!r}?" * bool(near)
            )
    if not isinstance(given.get("file"), (str, os.PathLike)):
        raise ValueError(f"playback needs a file, not {given.get('file')!r}")
    return PlayedRecording(Recording(given["file"]), rules_of(given))


def rules_of(given: Mapping[str, Any]) -> Rules:
    """Return the rules that a mapping says; raises ``ValueError`` for what makes no sense."""
    for name in ("repeat", "behind"):
        if not isinstance(given.get(name, False), bool):
            raise ValueError(f"{name} must be true or false, not {given[name]!r}")
    rules = Rules(
        str(given.get("order", ORDERS[0])),
        given.get("repeat", False),
        given.get("behind", False),
        _texts(given, "on", CRITERIA),
        _texts(given, "headers", ()),
        _texts(given, "ignore", ()),
    )
    _check(rules)
    return rules


def _texts(given: Mapping[str, Any], name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    value = given.get(name, default)
    if isinstance(value, str) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"{name} must be a list of texts, not {value!r}")
    return tuple(value)


def _check(rules: Rules) -> None:
    if rules.order not in ORDERS:
        raise ValueError(f"order must be {' or '.join(ORDERS)}, not {rules.order!r}")
    if rules.repeat and rules.order == "strict":
        raise ValueError("repeat goes with order: match; in strict order each exchange is played once")
    for one in rules.on:
        if one not in CRITERIA:
            raise ValueError(f"on takes {', '.join(CRITERIA)}, not {one!r}; other headers are named under headers")
    for one in rules.ignore:
        if not one.startswith(("query.", "body.")):
            raise ValueError(f"ignore takes query.NAME and body.KEY, not {one!r}")


# In a scenario


def read_playback(items: Any, merged: Merged, problems: Problems) -> tuple[PlayedRecording, ...]:
    """Return what a scenario says under ``playback``, and note what is wrong with it."""
    if isinstance(items, (str, dict)):
        items = [items]
    if not isinstance(items, list):
        problems.add(("playback",), f"must be a file or a list of files, not {shown(items)}", of_key=False)
        return ()
    found = [_read(item, merged, problems, ("playback", index)) for index, item in enumerate(items)]
    return tuple(one for one in found if one is not None)


def _read(item: Any, merged: Merged, problems: Problems, path: KeyPath) -> PlayedRecording | None:
    given = {"file": item} if isinstance(item, str) else item
    if not isinstance(given, dict) or not isinstance(given.get("file"), str):
        problems.add(path, f"must be a file, or a mapping of {', '.join(KEYS)}, not {shown(item)}", of_key=False)
        return None
    unknown = [key for key in given if key not in KEYS]
    for key in unknown:
        problems.add((*path, key), "is not a key known here", suggestion=nearest(str(key), KEYS))
    try:
        place = merged.locate(path, of_key=False).path
        assert place is not None, "a scenario that is a file, or text given as one, has a place"
        file = files.find(given["file"], place.resolve().parent, merged.root)
        return None if unknown else PlayedRecording(Recording(file), rules_of(given))
    except files.Unreadable as error:
        problems.add(path, error.message, suggestion=error.suggestion, of_key=False)
    except ValueError as wrong:
        problems.add(path, str(wrong), of_key=False)
    except ScenarioError as error:
        problems.extend(error.problems)
    return None
