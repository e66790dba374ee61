"""Ruby's way to write values down, which GitLab lets through in some of its error messages."""

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
