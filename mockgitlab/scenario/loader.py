"""Loading scenarios: YAML files, or a mapping, to a store ready to be served."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path, PurePath
from typing import Any

from mockgitlab import collector
from mockgitlab.dsl import Definitions
from mockgitlab.report.verification import STRICT
from mockgitlab.scenario.administered import administered
from mockgitlab.scenario.canned import read_stubs
from mockgitlab.scenario.expected import read_expectations, read_faults, read_traps
from mockgitlab.scenario.includes import Merged, load_merged, merge
from mockgitlab.scenario.problems import Problems, ScenarioError, shown
from mockgitlab.scenario.seeding import Seeder
from mockgitlab.scenario.source import loads
from mockgitlab.store import Limits, Settings, Store, Transitions, Webhooks, parse_instant, transition
from mockgitlab.web.worlds import Script

FORMAT = 1
FRESH = {"mockgitlab": FORMAT, "tokens": [{"token": "root-token", "user": "root", "scopes": ["api", "sudo"]}]}
"""What is served without a scenario: an administrator and a token."""
Source = str | os.PathLike[str] | Mapping[str, Any]
INLINE = "<scenario>"
"""What a scenario is called that is no file."""
_OWN_KEYS = ("mockgitlab", "gitlab", "stubs", "expect", "faults", "traps", "strict", "max_requests", "playback")


@dataclass(frozen=True)
class Scenario:
    """What was loaded: the store with its settings, what else the scenario says, and the files it came from."""

    store: Store
    script: Script
    files: tuple[Path, ...]


def load_scenario(*sources: Source, definitions: Definitions | None = None) -> Scenario:
    """Load scenarios, one on top of the other, into one store; without any, ``FRESH``.

    Raises ``ScenarioError``, which names file, line, column and key of everything that is wrong.
    """
    from mockgitlab.api.definitions import definitions as all_definitions

    known = definitions or all_definitions()
    with collector.paused():
        return _loaded([_merged(source) for source in sources or (FRESH,)], known)


def _loaded(parts: list[Merged], known: Definitions) -> Scenario:
    store = Store(_settings(parts, known))
    script = Script()
    with store.transaction():
        known.prepare(store)
        for merged in parts:
            script = script.plus(_load(merged, store, known))
    files = tuple(source.path for merged in parts for source in merged.sources if str(source.path) != INLINE)
    recordings = tuple(Path(played.file) for played in script.playback)
    return Scenario(store, script, files + recordings)


def _merged(source: Source) -> Merged:
    if isinstance(source, Mapping):
        return merge(loads(json.dumps(source, default=_written).encode(), INLINE))
    return load_merged(source)


def _written(value: Any) -> str:
    """Return a date, an instant or a path of Python as it is written in YAML."""
    if isinstance(value, (date, PurePath)):
        return value.isoformat() if isinstance(value, date) else str(value)
    raise TypeError(f"a scenario holds texts, numbers, booleans, dates, lists and mappings, no {type(value).__name__}")


def _load(merged: Merged, store: Store, definitions: Definitions) -> Script:
    problems = Problems(merged)
    seeder = Seeder(store, definitions, merged, problems)
    _check_keys(merged, [*_OWN_KEYS, *seeder.collections(None)], problems)
    seeder.seed_all(merged.data)
    stubs = read_stubs(merged.data.get("stubs") or [], merged, problems)
    expected = read_expectations(merged.data.get("expect") or [], definitions, store.settings, problems)
    faults = read_faults(merged.data.get("faults") or [], definitions, store.settings, problems)
    traps = read_traps(merged.data.get("traps") or [], problems)
    strict, most = _demands(merged, problems)
    played = _playback(merged, problems)
    problems.raise_if_any()
    return Script(stubs, expected, faults, strict, most, traps, played)


def _check_keys(merged: Merged, known: list[str], problems: Problems) -> None:
    for key in merged.data:
        if key not in known:
            problems.unknown((key,), ["include", *known])
    if merged.data.get("mockgitlab") != FORMAT:
        told = f"must say the version of the format: mockgitlab: {FORMAT}, not {shown(merged.data.get('mockgitlab'))}"
        problems.add(("mockgitlab",), told, of_key=False)


def _demands(merged: Merged, problems: Problems) -> tuple[Any, Any]:
    """Return what the client is held to: how strictly, and how many requests at the most."""
    strict, most = merged.data.get("strict"), merged.data.get("max_requests")
    if strict not in (None, *STRICT):
        problems.add(("strict",), f"must be {' or '.join(STRICT)}, not {shown(strict)}", of_key=False)
    if most is not None and (not isinstance(most, int) or isinstance(most, bool) or most < 0):
        problems.add(("max_requests",), f"must be a whole number, not {shown(most)}", of_key=False)
    return strict, most


def _playback(merged: Merged, problems: Problems) -> tuple[Any, ...]:
    if not merged.data.get("playback"):
        return ()
    from mockgitlab.playback.declared import read_playback

    return read_playback(merged.data["playback"], merged, problems)


def _settings(parts: list[Merged], definitions: Definitions) -> Settings:
    settings = Settings()
    for merged in parts:
        problems = Problems(merged)
        given = merged.data.get("gitlab") or {}
        if not isinstance(given, dict):
            problems.add(("gitlab",), f"must be a mapping, not {shown(given)}", of_key=False)
            given = {}
        settings = _updated(settings, given, problems, ("gitlab",))
        settings = administered(settings, given.get("settings", {}), problems, definitions.settings)
        problems.raise_if_any()
    return settings


_VERSION = re.compile(r"\d{1,9}(\.\d{1,9})*(-|\Z)", re.ASCII)
_CHECKS: dict[str, Any] = {
    "version": (
        lambda value: isinstance(value, str) and bool(_VERSION.match(value)),
        'a version such as "17.5.0"',
    ),
    "edition": (lambda value: value in ("ce", "ee"), "ce or ee"),
    "api": (
        lambda value: isinstance(value, list) and value and set(map(str, value)) <= {"v3", "v4", "ci"},
        "a list of v3, v4, ci",
    ),
    "errors": (lambda value: value in ("documented", "observed"), "documented or observed"),
    "clock": (lambda value: _is_instant(value), "an instant such as 2024-05-01T09:00:00Z"),
    "url": (
        lambda value: value is None or (isinstance(value, str) and value.startswith(("http://", "https://"))),
        "a URL",
    ),
    "impersonation": (lambda value: isinstance(value, bool), "true or false"),
    "delayed_deletion": (lambda value: value is None or isinstance(value, bool), "true or false"),
}


def _is_instant(value: Any) -> bool:
    try:
        return bool(parse_instant(value))
    except (ValueError, TypeError, AttributeError):
        return False


def _updated(settings: Settings, given: dict[str, Any], problems: Problems, path: tuple[str, ...]) -> Settings:
    known = [field.name for field in fields(Settings)]
    changes: dict[str, Any] = {}
    for key, value in given.items():
        if key == "limits":
            changes[key] = _limits(settings.limits, value, problems, (*path, key))
        elif key == "transitions":
            changes[key] = _transitions(settings.transitions, value, problems, (*path, key))
        elif key == "webhooks":
            changes[key] = _webhooks(settings.webhooks, value, problems, (*path, key))
        elif key not in known:
            problems.unknown((*path, key), known)
        elif key == "settings":
            continue
        elif not _CHECKS[key][0](value):
            problems.add((*path, key), f"must be {_CHECKS[key][1]}, not {shown(value)}", of_key=False)
        else:
            changes[key] = (
                tuple(dict.fromkeys(value)) if key == "api" else value.rstrip("/") if key == "url" and value else value
            )
    return replace(settings, **changes)


def _transitions(transitions: Transitions, given: Any, problems: Problems, path: tuple[str, ...]) -> Transitions:
    known = [field.name for field in fields(Transitions)]
    changes: dict[str, Any] = {}
    if not isinstance(given, dict):
        problems.add(path, f"must be a mapping of {', '.join(known)}, not {shown(given)}", of_key=False)
        given = {}
    for key, value in given.items():
        if key not in known:
            problems.unknown((*path, key), known)
            continue
        try:
            changes[key] = transition(value)
        except (ValueError, OverflowError) as wrong:
            problems.add((*path, key), str(wrong), of_key=False)
    return replace(transitions, **changes)


def _webhooks(webhooks: Webhooks, given: Any, problems: Problems, path: tuple[str, ...]) -> Webhooks:
    changes: dict[str, Any] = {}
    for key, value in given.items() if isinstance(given, dict) else [("", given)]:
        if key == "hosts" and isinstance(value, list) and all(isinstance(host, str) for host in value):
            changes[key] = tuple(value)
        elif key == "timeout" and isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
            changes[key] = float(value)
        else:
            told = "must have hosts, a list of names, and timeout, a number of seconds above 0"
            problems.add(path, f"{told}, not {key}: {shown(value)}" if key else told, of_key=False)
    return replace(webhooks, **changes)


def _limits(limits: Limits, given: Any, problems: Problems, path: tuple[str, ...]) -> Limits:
    known = [field.name for field in fields(Limits)]
    changes: dict[str, Any] = {}
    for key, value in (given or {}).items() if isinstance(given, dict) or given is None else [("limits", given)]:
        if key not in known:
            problems.unknown((*path, key), known)
        elif not (isinstance(value, int) and not isinstance(value, bool) and value >= 0) and not (
            value is None and getattr(Limits, key) is None
        ):
            problems.add((*path, key), f"must be a whole number, not {shown(value)}", of_key=False)
        else:
            changes[key] = value
    return replace(limits, **changes)


__all__ = ["Scenario", "ScenarioError", "load_scenario"]
