"""The names of emoji, as reactions use them, and their characters."""

import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Character(NamedTuple):
    """How an emoji is written and what it is called."""

    name: str
    text: str
    title: str
    version: str


def _lines(file: str) -> list[list[str]]:
    lines = Path(__file__).with_name(file).read_text("utf-8").splitlines()
    return [line.split() for line in lines if not line.startswith("#")]


@cache
def _names() -> dict[str, str]:
    return {name: names[0] for names in _lines("emoji.txt") for name in names}


@cache
def _characters() -> dict[str, tuple[str, str]]:
    return {name: (text, version) for name, text, version in _lines("emoji_characters.txt")}


def find_emoji(name: str) -> str | None:
    """Return the first name of an emoji by any of its names, ``thumbsup`` for ``+1``; nothing if there is none."""
    return _names().get(name)


def character_of(name: str) -> Character | None:
    """Return the character of an emoji by any of its names; nothing if there is none."""
    first = find_emoji(name) or ""
    text, version = _characters().get(first, ("", ""))
    if not text:
        return None
    plain = first.replace("_", " ")
    return Character(first, text, unicodedata.name(text, plain).lower() if len(text) == 1 else plain, version)
