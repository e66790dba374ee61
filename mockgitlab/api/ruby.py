"""Ruby's way to write values down, which GitLab lets through in some of its error messages."""

import json
from typing import Any


def inspect(value: Any) -> str:
    """Return a value as Ruby's ``inspect`` writes it: ``{:note=>["can't be blank"]}``."""
    if isinstance(value, dict):
        return "{" + ", ".join(f":{key}=>{inspect(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(inspect, value)) + "]"
    if value is None or isinstance(value, bool):
        return {None: "nil", True: "true", False: "false"}[value]
    return json.dumps(value, ensure_ascii=False)
