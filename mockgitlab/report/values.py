"""What GitLab makes of the values that a client sends: read as something else without a word, or nearly right."""

import difflib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from mockgitlab.dsl.kinds import LOST_PLUS
from mockgitlab.dsl.params import Param

_WORDS = ("true", "false")
_KINDS: tuple[tuple[Any, str], ...] = (
    (bool, "a boolean"),
    ((int, float), "a number"),
    (str, "a string"),
    (Mapping, "a hash"),
    ((list, tuple), "a list"),
)
ENUM_SHOWN = 8
NEAR = 0.65


def check_value(param: Param, value: Any, name: str, *, typed: bool) -> Iterator[str]:
    """Yield what is questionable about a value; ``typed`` where it came as JSON, which tells a number from a text."""
    if value is None or value == "":
        return
    if param.nested:
        yield from _nested(param, value, name, typed=typed)
        return
    read = param.coerce(value)
    if isinstance(read, str) and isinstance(value, str) and read != value and LOST_PLUS.search(value):
        yield f"has {name} as {_shown(value)}, which GitLab reads as {_shown(read)}: write the + of the offset as %2B"
        return
    near = _enum(param, read, value, name)
    yield from [near] if near else _coerced(read, value, name, typed=typed)


def _nested(param: Param, value: Any, name: str, *, typed: bool) -> Iterator[str]:
    known = {one.name: one for one in param.nested}
    value = param.listed(value)
    for index, item in enumerate(value) if isinstance(value, list) else [(None, value)]:
        place = name if index is None else f"{name}[{index}]"
        for key, one in item.items() if isinstance(item, Mapping) else ():
            if key in known:
                yield from check_value(known[key], one, f"{place}[{key}]", typed=typed)
            else:
                yield f"has no {key} in {place}, GitLab ignores it{did_you_mean(str(key), known)}"


def did_you_mean(given: str, known: Any) -> str:
    """Return the nearest of what there is as a question; empty where nothing is near."""
    folded = {str(one).lower(): str(one) for one in known}
    near = difflib.get_close_matches(given.lower(), folded, 1, NEAR)
    return f"; did you mean {folded[near[0]]}?" if near else ""


# Enumerations


def allowed(kind: Any) -> tuple[Any, ...]:
    """Return the values that a type enumerates."""
    if get_origin(kind) is Literal:
        return get_args(kind)
    return tuple(one for member in get_args(kind) for one in allowed(member))


def _enum(param: Param, read: Any, value: Any, name: str) -> str:
    values = param.constraints.enum or allowed(param.type)
    wrong = [one for one in (read if isinstance(read, list) else [read]) if one not in values]
    if not values or not wrong:
        return ""
    shown = ", ".join(map(str, values[:ENUM_SHOWN])) + (", ..." if len(values) > ENUM_SHOWN else "")
    return f"takes {shown} as {name}, not {_shown(wrong[0])}: GitLab refuses it{did_you_mean(str(wrong[0]), values)}"


# Types


def _coerced(read: Any, value: Any, name: str, *, typed: bool) -> Iterator[str]:
    if isinstance(read, bool):
        told = not isinstance(value, bool) and (typed or str(value).lower() not in _WORDS)
    elif isinstance(read, list) and _has_lost_ids(read, value):
        told = True
    elif isinstance(read, list) and isinstance(value, list):
        told = typed and any(_kind(one) != _kind(other) for one, other in zip(read, value, strict=False))
    elif isinstance(read, list):
        told = typed and not isinstance(value, str)
    else:
        told = typed and (_kind(read) != _kind(value) or _is_cut(read, value)) and not _is_id(name, value)
    if told:
        as_what = f"{_shown(value)}, {_kind(value)}, which GitLab reads as {_shown(read)}"
        yield f"has {name} as {as_what}: send {_send(read, value)}"


def _has_lost_ids(read: list[Any], value: Any) -> bool:
    """Tell whether a text in a list of ids is no number, and counts as 0 or as what it begins with."""
    texts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    words = [one.strip() for one in texts if isinstance(one, str)]
    return any(type(one) is int for one in read) and any(one and not one.isdecimal() for one in words)


def _is_id(name: str, value: Any) -> bool:
    """Tell whether a number names a record, where a text may as well: an id or a path."""
    return name.rstrip("]").endswith("id") and isinstance(value, int)


def _is_cut(read: Any, value: Any) -> bool:
    return isinstance(value, float) and read != value


def _send(read: Any, value: Any) -> str:
    if isinstance(read, list) and _has_lost_ids(read, value):
        return "ids, which are numbers"
    return _shown([value] if read == [] else read)


def _kind(value: Any) -> str:
    return next((told for kind, told in _KINDS if isinstance(value, kind)), "a file")


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:77]}..."
