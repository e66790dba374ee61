"""``!reference [job, script]``: taking over what stands elsewhere.

Source: GitLab's lib/gitlab/ci/config/yaml/tags/{reference,resolver}.rb.
"""

import json
from typing import Any

from mockgitlab.ci_config.errors import ConfigError
from mockgitlab.ci_config.reading import TOO_BIG, Reference

NESTED_AT_MOST = 10
VALUES_AT_MOST = 500_000


def resolved(data: dict[Any, Any]) -> dict[Any, Any]:
    """Return a configuration with what its references name in their place."""
    found: dict[Any, Any] = _Resolver(data).resolve(data, ())
    return found


class _Resolver:
    def __init__(self, data: dict[Any, Any]) -> None:
        self.data = data
        self.left = VALUES_AT_MOST

    def resolve(self, value: Any, path: tuple[Any, ...]) -> Any:
        """Return a value without references; ``path`` are those that led to it."""
        self.left -= 1
        if self.left < 0:
            raise ConfigError(TOO_BIG)
        if isinstance(value, Reference):
            return self._named(value, path)
        if isinstance(value, dict):
            return {key: self.resolve(inner, path) for key, inner in value.items()}
        return [self.resolve(inner, path) for inner in value] if isinstance(value, list) else value

    def _named(self, reference: Reference, path: tuple[Any, ...]) -> Any:
        keys = reference.path
        if not (isinstance(keys, list) and keys and all(isinstance(key, str) for key in keys)):
            raise ConfigError(f"!reference {_shown(keys)} is not valid")
        if keys in path:
            raise ConfigError(f"!reference {_shown(keys)} is part of a circular chain")
        if len(path) >= NESTED_AT_MOST:
            raise ConfigError(f"!reference {_shown(keys)} nesting too deep")
        found = self.resolve(self._at(keys), (*path, keys))
        if found is None or found is False:
            raise ConfigError(f"!reference {_shown(keys)} could not be found")
        return found

    def _at(self, keys: list[str]) -> Any:
        found: Any = self.data
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return found


def _shown(keys: Any) -> str:
    return json.dumps(keys, ensure_ascii=False, default=str) if isinstance(keys, list) else "nil"
