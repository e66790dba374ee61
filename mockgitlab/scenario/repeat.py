"""`repeat`: many items of a list from one.

    - {title: "Old ticket {n}", repeat: 250, state: closed}

stands for 250 items whose `{n}` is 1 to 250, in every string of the item, however deep (keys of mappings excepted). The
number is formatted as Python does: `{n:03}` is 007, `{n:x}` hexadecimal. Other braces stay as they are. An item of a
list inside that has a `repeat` of its own is left as written: its `{n}` are its own, for when that list is expanded.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from mockgitlab.scenario.problems import KeyPath, Problems, shown

REPEAT = "repeat"
MAX_REPEAT = 1_000_000

Template = Callable[[int], Any]

# `{n}`, perhaps with a width below 100 and a base, after every brace was doubled for str.format.
_NUMBER = re.compile(r"\{\{n(:0?(?:[1-9][0-9]?)?[dxX]?)?\}\}")


def expand(items: Iterable[Any], problems: Problems, path: KeyPath) -> Iterator[tuple[int, Any]]:
    """Yield each item of the list at `path` with its index as written; lazily, repeated items as often as they ask.

    What does not depend on the number is shared between the copies, which are to be read, not changed. A wrong
    `repeat` is added to `problems`, and its item left out.
    """
    for index, item in enumerate(items):
        if not isinstance(item, dict) or REPEAT not in item:
            yield index, item
        elif _is_count(item[REPEAT]):
            yield from _copies(index, item)
        else:
            message = f"must be a whole number from 0 to {MAX_REPEAT:,}, not {shown(item[REPEAT])}"
            problems.add((*path, index, REPEAT), message, of_key=False)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_REPEAT


def _copies(index: int, item: dict[str, Any]) -> Iterator[tuple[int, Any]]:
    base = {key: value for key, value in item.items() if key != REPEAT}
    render = _mapping_template(base) or (lambda _: base.copy())
    for number in range(1, item[REPEAT] + 1):
        yield index, render(number)


def _template(value: Any) -> Template | None:
    """Prepare a value to be rendered for any number; None when the number does not show in it."""
    if isinstance(value, str):
        return _text_template(value)
    if isinstance(value, dict):
        return _mapping_template(value)
    return _list_template(value) if isinstance(value, list) else None


def _text_template(text: str) -> Template | None:
    if "{n" not in text:
        return None
    doubled = text.replace("{", "{{").replace("}", "}}")
    pattern, found = _NUMBER.subn(r"{0\1}", doubled)
    return pattern.format if found else None


def _mapping_template(base: dict[str, Any]) -> Template | None:
    templates = [(key, template) for key, value in base.items() if (template := _template(value))]

    def render(number: int) -> dict[str, Any]:
        copy = base.copy()
        for key, template in templates:
            copy[key] = template(number)
        return copy

    return render if templates else None


def _list_template(base: list[Any]) -> Template | None:
    templates = [
        (index, template)
        for index, value in enumerate(base)
        if not (isinstance(value, dict) and REPEAT in value) and (template := _template(value))
    ]

    def render(number: int) -> list[Any]:
        copy = base.copy()
        for index, template in templates:
            copy[index] = template(number)
        return copy

    return render if templates else None
