"""How an answer differs from the recorded one, in GitLab's terms: fields, types, statuses, headers."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from mockgitlab.playback.exchange import Body, Got, header

_NAMES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
_TYPES: dict[type, str] = {**_NAMES, type(None): "null"}
_HEADERS = ("content-type", "location", "link", "retry-after", "allow", "www-authenticate", "content-disposition")
_COUNTED = ("x-total", "x-total-pages", "x-page", "x-per-page", "x-next-page", "x-prev-page")


class Drift(NamedTuple):
    """One difference: what kind it is, where it is, and in words."""

    kind: str
    place: str
    told: str

    def __str__(self) -> str:
        return f"{self.place}: {self.told}"


def compare(recorded: Got, came: Got) -> list[Drift]:
    """Return how an answer differs from the recorded one, in form: other values of the same type are no difference."""
    if recorded.status != came.status:
        return [Drift("status changed", "status", f"was {recorded.status}, is {came.status}{_reason(came.body)}")]
    return [*_headers(recorded, came), *_bodies(recorded.body, came.body)]


def _reason(body: Body) -> str:
    value = body.value if body.kind == "json" and isinstance(body.value, dict) else {}
    told = value.get("message") or value.get("error")
    return f" ({told})" if told else ""


def _headers(recorded: Got, came: Got) -> Iterator[Drift]:
    for name in (*_HEADERS, *_COUNTED):
        was, now = header(recorded.headers, name), header(came.headers, name)
        shown = "-".join(part.capitalize() for part in name.split("-"))
        if was and not now:
            yield Drift("header gone", f"header {shown}", f"is gone, was {was!r}")
        elif now and not was:
            yield Drift("header new", f"header {shown}", f"is new: {now!r}")
        elif name == "content-type" and _media_type(was) != _media_type(now):
            yield Drift("header changed", f"header {shown}", f"was {was!r}, is {now!r}")


def _media_type(value: str) -> str:
    return value.partition(";")[0].strip().lower()


def _bodies(recorded: Body, came: Body) -> Iterator[Drift]:
    if recorded.kind != came.kind:
        yield Drift("type changed", "body", f"was {recorded.kind or 'empty'}, is {came.kind or 'empty'}")
    elif recorded.kind == "json":
        yield from dict.fromkeys(_values(recorded.value, came.value, "body"))


def _values(was: Any, now: Any, place: str) -> Iterator[Drift]:
    """Yield the differences of two values; of lists, what every record is is compared."""
    if isinstance(was, dict) and isinstance(now, dict):
        yield from _objects(was, now, place)
    elif isinstance(was, list) and isinstance(now, list):
        yield from _lists(was, now, place)
    elif was is not None and now is not None and not _alike(was, now):
        told = f"was {_TYPES[type(was)]}, is {_TYPES[type(now)]}"
        yield Drift("type changed", place, told)


def _alike(was: Any, now: Any) -> bool:
    numbers = all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in (was, now))
    return type(was) is type(now) or numbers


def _objects(was: dict[str, Any], now: dict[str, Any], place: str) -> Iterator[Drift]:
    if _is_open(was) and _is_open(now):
        return
    for key in was:
        if key not in now:
            yield Drift("field gone", f"{place}.{key}", f"is gone, was {_TYPES[type(was[key])]}")
        else:
            yield from _values(was[key], now[key], f"{place}.{key}")
    for key in now.keys() - was.keys():
        yield Drift("field new", f"{place}.{key}", f"is new: {_TYPES[type(now[key])]}")


def _is_open(value: dict[str, Any]) -> bool:
    """Tell whether the keys are data: languages, statistics by name."""
    return bool(value) and all(not key.replace("_", "").isalnum() or key[:1].isupper() for key in value)


def _lists(was: list[Any], now: list[Any], place: str) -> Iterator[Drift]:
    """Compare what the records of two lists have in common: a field of one is looked for in any of the other."""
    if all(isinstance(one, dict) for one in [*was, *now]):
        if was and now:
            yield from _objects(_merged(was), _merged(now), f"{place}[]")
    elif was and now and not any(_alike(one, other) for one in was for other in now):
        yield Drift("type changed", f"{place}[]", f"was {_TYPES[type(was[0])]}, is {_TYPES[type(now[0])]}")


def _merged(records: list[dict[str, Any]]) -> dict[str, Any]:
    """Return all fields of records, each with a value that is not null where there is one."""
    found: dict[str, Any] = {}
    for record in records:
        for key, value in record.items():
            if found.get(key) in (None, [], {}):
                found[key] = value
    return found
