"""Reading what a scenario expects of the client and does to it, under its keys ``expect`` and ``faults``."""

from collections.abc import Callable
from typing import Any, TypeVar

from mockgitlab.dsl import Definitions
from mockgitlab.report.expectations import COUNTS, PARTS, Expectation, expectation
from mockgitlab.report.target import Target, anonymous
from mockgitlab.scenario.problems import KeyPath, Problems, nearest, shown
from mockgitlab.store import Settings
from mockgitlab.traps import TRAPS
from mockgitlab.web.fault_options import OPTIONS, fault
from mockgitlab.web.faults import Fault
from mockgitlab.web.trap import find_trap

KEYS = ("on", *COUNTS, *PARTS)
T = TypeVar("T")


def read_expectations(
    items: Any, definitions: Definitions, settings: Settings, problems: Problems
) -> tuple[Expectation, ...]:
    """Return the expectations, and note what is wrong with them."""

    def read(item: dict[str, Any], path: KeyPath) -> Expectation | None:
        if check_target(item.get("on"), definitions, settings, problems, (*path, "on")):
            return expectation(**item)
        return None

    return read_items(items, "expect", KEYS, read, problems)


def read_faults(items: Any, definitions: Definitions, settings: Settings, problems: Problems) -> tuple[Fault, ...]:
    """Return the faults, and note what is wrong with them."""

    def read(item: dict[str, Any], path: KeyPath) -> Fault | None:
        if check_target(item.get("on"), definitions, settings, problems, (*path, "on")):
            return fault(**item)
        return None

    return read_items(items, "faults", OPTIONS, read, problems)


def read_traps(items: Any, problems: Problems) -> tuple[str, ...]:
    """Return the names of the traps to be set, and note what is wrong with them."""
    if not isinstance(items, list):
        problems.add(("traps",), f"must be a list of names, not {shown(items)}", of_key=False)
        return ()
    for index, name in enumerate(items):
        try:
            find_trap(TRAPS, str(name))
        except ValueError as wrong:
            problems.add(("traps", index), str(wrong), of_key=False)
    return tuple(map(str, items))


def read_items(
    items: Any,
    key: str,
    known: tuple[str, ...],
    read: Callable[[dict[str, Any], KeyPath], T | None],
    problems: Problems,
) -> tuple[T, ...]:
    """Return what ``read`` makes of each item of a list; what it raises, and unknown keys, are problems."""
    if not isinstance(items, list):
        problems.add((key,), f"must be a list, not {shown(items)}", of_key=False)
        return ()
    found: list[T] = []
    for index, item in enumerate(items):
        path: KeyPath = (key, index)
        if not isinstance(item, dict):
            problems.add(path, f"must be a mapping of {', '.join(known)}, not {shown(item)}", of_key=False)
            continue
        unknown = [name for name in item if name not in known]
        for name in unknown:
            problems.unknown((*path, name), known)
        try:
            one = None if unknown else read(item, path)
        except ValueError as wrong:
            problems.add(path, str(wrong), of_key=False)
            continue
        found += [one] if one is not None else []
    return tuple(found)


def check_target(on: Any, definitions: Definitions, settings: Settings, problems: Problems, path: KeyPath) -> bool:
    """Tell whether ``on`` means a request that there can be; note a problem where it does not."""
    target = Target(str(on))
    if not target.names_operation:
        return True
    known = [one for api in settings.api for one in definitions.tables[api] if one.exists_in(settings)]
    wanted = anonymous(target.path)
    if any(target.has_method(one.method) and anonymous(f"/{one.path}") == wanted for one in known):
        return True
    near = nearest(target.on, [one.key for one in known])
    problems.add(path, f"there is no operation {target.on}", suggestion=near, of_key=False)
    return False
