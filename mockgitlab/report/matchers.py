"""Comparing what came with what was expected: equal, contains, regex, type, any."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MISSING: Any = object()
_TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: _is_number(value, int) or (isinstance(value, str) and bool(re.fullmatch(r"-?\d+", value))),
    "number": lambda value: _is_number(value, (int, float)),
    "boolean": lambda value: isinstance(value, bool) or value in ("true", "false"),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}
_MATCHERS: dict[str, Callable[[Any, Any], bool]] = {
    "equal": lambda came, wanted: _equal(came, wanted),
    "contains": lambda came, wanted: wanted in came if isinstance(came, (str, list)) else False,
    "regex": lambda came, wanted: isinstance(came, str) and re.search(wanted, came) is not None,
    "type": lambda came, wanted: _TYPES[wanted](came),
    "any": lambda came, wanted: (came is not MISSING) == wanted,
}


@dataclass(frozen=True)
class Criterion:
    """One thing that a request had to be, and whether it was."""

    name: str
    met: bool
    told: str = ""

    def __str__(self) -> str:
        return f"{'✓' if self.met else '✗'} {self.name}" + (f": {self.told}" if self.told else "")


def _is_number(value: Any, kinds: Any) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool)


def _equal(came: Any, wanted: Any) -> bool:
    """Compare as GitLab reads: a form and a query have texts only, so a number or a boolean may come as one."""
    if isinstance(came, str) and not isinstance(wanted, str):
        return came == _text(wanted)
    return bool(came == wanted)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def matcher_of(wanted: Any) -> tuple[str, Any] | None:
    """Return the name and the value of a matcher such as ``{contains: bug}``; nothing for a plain value."""
    if isinstance(wanted, Mapping) and len(wanted) == 1 and (name := next(iter(wanted))) in _MATCHERS:
        return name, wanted[name]
    return None


def check_matchers(wanted: Any) -> None:
    """Raise ``ValueError`` for a matcher that cannot be used: a wrong regular expression, an unknown type."""
    found = matcher_of(wanted)
    if found is None:
        for one in wanted.values() if isinstance(wanted, Mapping) else ():
            check_matchers(one)
    elif found[0] == "regex":
        try:
            re.compile(found[1])
        except (re.error, TypeError) as error:
            raise ValueError(f"{found[1]!r} is no regular expression: {error}") from None
    elif found[0] == "type" and found[1] not in _TYPES:
        raise ValueError(f"there is no type {found[1]!r}: take {', '.join(_TYPES)}")
    elif found[0] == "any" and not isinstance(found[1], bool):
        raise ValueError("any must be true, for anything that is given, or false, for nothing")


def compare(wanted: Any, came: Any, name: str) -> Iterator[Criterion]:
    """Yield a criterion for each value that is expected; of a mapping only the named members count."""
    found = matcher_of(wanted)
    if found is None and isinstance(wanted, Mapping):
        for key, one in wanted.items():
            inner = came.get(key, MISSING) if isinstance(came, Mapping) else MISSING
            yield from compare(one, inner, f"{name}.{key}")
        return
    kind, value = found or ("equal", wanted)
    met = _MATCHERS[kind](came, value)
    yield Criterion(name, met, "" if met else f"expected {_expected(kind, value)}, {_came(came)}")


def _expected(kind: str, value: Any) -> str:
    if kind == "any":
        return "anything" if value else "nothing"
    return (
        _text(value)
        if kind == "type"
        else f"{'' if kind == 'equal' else f'{kind} '}{json.dumps(value, ensure_ascii=False)}"
    )


def _came(value: Any) -> str:
    return "nothing came" if value is MISSING else f"came {json.dumps(value, ensure_ascii=False)}"
