"""The names of emoji, as reactions use them."""

from functools import cache
from importlib.resources import files


@cache
def _names() -> dict[str, str]:
    lines = files("mockgitlab.api").joinpath("emoji.txt").read_text("utf-8").splitlines()
    entries = (line.split() for line in lines if not line.startswith("#"))
    return {name: names[0] for names in entries for name in names}


def find_emoji(name: str) -> str | None:
    """Return the first name of an emoji by any of its names, ``thumbsup`` for ``+1``; nothing if there is none."""
    return _names().get(name)
