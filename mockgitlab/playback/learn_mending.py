"""Leaving out of a learned scenario what cannot be loaded: a recording may show what no scenario can say."""

import re
from typing import Any

from mockgitlab.dsl import Definitions
from mockgitlab.scenario.loader import load_scenario
from mockgitlab.scenario.problems import Problem, ScenarioError

ROUNDS = 40
"""So often something is left out; then the scenario is given up."""
_STEP = re.compile(r"\.?([\w-]+)|\[(\d+)\]|\[['\"](.*?)['\"]\]")


def mend(scenario: dict[str, Any], definitions: Definitions) -> list[str]:
    """Take out of a scenario what keeps it from being loaded, and return what that was, in words."""
    told: list[str] = []
    for _ in range(ROUNDS):
        problems = _problems(scenario, definitions)
        steps = [(_steps(one.key), one) for one in problems]
        steps = [one for one in steps if _collection(one[0]) == _collection(steps[0][0])]
        for path, problem in sorted(steps, key=lambda pair: _deepest_last(pair[0]), reverse=True):
            told += [f"left out {problem.key}, which {problem.message}"] if _take_out(scenario, path) else []
        if not problems:
            break
    return told


def _problems(scenario: dict[str, Any], definitions: Definitions) -> list[Problem]:
    try:
        load_scenario(scenario, definitions=definitions)
    except ScenarioError as error:
        return error.problems
    return []


def _steps(key: str) -> list[str | int]:
    return [int(match[2]) if match[2] else match[1] or match[3] for match in _STEP.finditer(key)]


def _collection(path: list[str | int]) -> list[str]:
    """Return of what collection something is: problems of others may be due to those of the first."""
    return [one for one in path[:-1] if isinstance(one, str)]


def _deepest_last(path: list[str | int]) -> list[tuple[int, str]]:
    return [(one, "") if isinstance(one, int) else (0, one) for one in path]


def _take_out(scenario: dict[str, Any], path: list[str | int]) -> bool:
    """Delete what a path names; where the key itself is missing, the item that needs it."""
    places: list[Any] = [scenario]
    for step in path:
        place = places[-1]
        known = isinstance(place, dict) and step in place
        known = known or (isinstance(place, list) and isinstance(step, int) and step < len(place))
        if not known:
            break
        places.append(place[step])
    steps = path[: len(places) - 1]
    while steps and len(steps) < len(path) and not isinstance(steps[-1], int):
        steps = steps[:-1]
    if not steps:
        return False
    del places[len(steps) - 1][steps[-1]]
    return True
