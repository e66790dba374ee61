"""Variables: writing ``$NAME``, ``${NAME}`` and ``%NAME%`` out.

Source: GitLab's lib/expand_variables.rb and lib/gitlab/ci/variables/collection/sort.rb.
"""

import json
import re
from collections.abc import Mapping

from mockgitlab.ci_config.errors import ConfigError

CHARACTERS_AT_MOST = 1_048_576
"""A value that would become longer than this is left as it is."""
_NAME = "[a-zA-Z_][a-zA-Z0-9_]*"
_USED = re.compile(rf"\$\$|%%|\$(?P<a>{_NAME})|\$\{{(?P<b>{_NAME})\}}|%(?P<c>{_NAME})%")


def expanded(text: str, values: Mapping[str, str]) -> str:
    """Return a text with the variables that there are written out; the rest stays as it is."""
    if "$" not in text and "%" not in text:
        return text
    found = _USED.sub(lambda one: values.get(_name(one), one[0]), text)
    return found if len(found) <= CHARACTERS_AT_MOST else text


def _name(found: re.Match[str]) -> str:
    return found["a"] or found["b"] or found["c"] or ""


def all_expanded(values: Mapping[str, str]) -> dict[str, str]:
    """Return variables with those that they use written out; raises ``ConfigError`` where they use one another."""
    done: dict[str, str] = {}
    for name in values:
        _expand(name, values, done, ())
    return done


def _expand(name: str, values: Mapping[str, str], done: dict[str, str], path: tuple[str, ...]) -> None:
    if name in done:
        return
    if name in path:
        circle = json.dumps(list(path[path.index(name) :]), ensure_ascii=False)
        raise ConfigError(f"circular variable reference detected: {circle}")
    for used in dict.fromkeys(_name(one) for one in _USED.finditer(values[name])):
        if used in values:
            _expand(used, values, done, (*path, name))
    done[name] = expanded(values[name], done)
