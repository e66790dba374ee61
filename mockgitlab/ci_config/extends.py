"""``extends``: jobs that begin as other jobs.

Source: GitLab's lib/gitlab/ci/config/extendable/entry.rb.
"""

from typing import Any

from mockgitlab.ci_config.errors import ConfigError
from mockgitlab.ci_config.merging import merged

NESTED_AT_MOST = 10


def extended(data: dict[Any, Any]) -> dict[Any, Any]:
    """Return a configuration in which every job has what it extends."""
    done: dict[Any, Any] = {}
    return {key: _extended(data, key, done, ()) for key in data}


def _extended(data: dict[Any, Any], key: Any, done: dict[Any, Any], path: tuple[Any, ...]) -> Any:
    value = data[key]
    bases = _bases(value)
    if not bases:
        return value
    _check(data, key, bases, path)
    if key not in done:
        found: dict[Any, Any] = {}
        for base in bases:
            found = merged(found, _extended(data, base, done, (*path, key)))
        done[key] = merged(found, value)
    return done[key]


def _bases(value: Any) -> list[str]:
    """Return the keys that a job extends."""
    wanted = value.get("extends") if isinstance(value, dict) else None
    return [] if wanted is None else [str(one) for one in (wanted if isinstance(wanted, list) else [wanted])]


def _check(data: dict[Any, Any], key: Any, bases: list[str], path: tuple[Any, ...]) -> None:
    unknown = [one for one in bases if one not in data]
    if unknown:
        raise ConfigError(f"{key}: unknown keys in `extends` ({', '.join(unknown)})")
    invalid = [one for one in bases if not isinstance(data[one], dict)]
    if invalid:
        raise ConfigError(f"{key}: invalid base hashes in `extends` ({', '.join(invalid)})")
    if len(path) > NESTED_AT_MOST:
        raise ConfigError(f"{key}: nesting too deep in `extends`")
    if key in path:
        raise ConfigError(f"{key}: circular dependency detected in `extends`")
