"""Ruby's way to write values down, which GitLab lets through in some of its messages, and to make words of names."""

import json
import re
from typing import Any

_INTERPOLATED = re.compile(r"#(?=[{$@])")
"""What begins something that Ruby puts in a text, unless it is escaped."""


def inspect(value: Any) -> str:
    """Return a value as Ruby's ``inspect`` writes it: ``{:note=>["can't be blank"]}``."""
    if isinstance(value, dict):
        return "{" + ", ".join(f":{key}=>{inspect(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(inspect, value)) + "]"
    if value is None or isinstance(value, bool):
        return {None: "nil", True: "true", False: "false"}[value]
    return _INTERPOLATED.sub(r"\\#", json.dumps(value, ensure_ascii=False))


def titleize(name: str) -> str:
    """Return a name as a title, as ActiveSupport makes it: ``add-user_data`` is ``Add User Data``."""
    words = re.sub(r"(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z\d])(?=[A-Z])", "_", name).replace("-", "_").lower()
    return re.sub(r"\b(?<!\w['`])[a-z]", lambda found: found[0].upper(), humanize(words))


def humanize(words: str) -> str:
    """Return words as a sentence begins, as ActiveSupport makes it: no ``id`` at the end, one capital letter."""
    text = words.replace("_", " ").lstrip().removesuffix(" id")
    text = re.sub(r"[A-Za-z\d]+", lambda found: found[0].lower(), text)
    return text[:1].upper() + text[1:]
