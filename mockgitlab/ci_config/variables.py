"""Variables: writing ``$NAME``, ``${NAME}`` and ``%NAME%`` out.

Source: GitLab's lib/expand_variables.rb and lib/gitlab/ci/variables/collection/sort.rb.
"""

import json
import re
from collections.abc import Iterator, Mapping

from mockgitlab.ci_config.errors import ConfigError

CHARACTERS_AT_MOST = 1_048_576
"""What would make the values longer than this, together, is left as it is."""
_NAME = "[a-zA-Z_][a-zA-Z0-9_]*"
_USED = re.compile(rf"\$\$|%%|\$(?P<a>{_NAME})|\$\{{(?P<b>{_NAME})\}}|%(?P<c>{_NAME})%")


class Raw(str):
    """A value in which no variables are written out."""

    __slots__ = ()


def expanded(text: str, values: Mapping[str, str]) -> str:
    """Return a text with the variables that there are written out; the rest stays as it is."""
    if isinstance(text, Raw) or ("$" not in text and "%" not in text):
        return text
    found = _USED.sub(lambda one: values.get(_name(one), one[0]), text)
    return found if len(found) <= CHARACTERS_AT_MOST else text


def _name(found: re.Match[str]) -> str:
    return found["a"] or found["b"] or found["c"] or ""


def all_expanded(values: Mapping[str, str]) -> dict[str, str]:
    """Return variables with those that they use written out; raises ``ConfigError`` where they use one another."""
    done: dict[str, str] = {}
    left = CHARACTERS_AT_MOST
    for name in _in_order(values):
        found = expanded(values[name], done)
        done[name] = found if len(found) <= left else values[name]
        left -= len(done[name])
    return done


def _in_order(values: Mapping[str, str]) -> dict[str, None]:
    """Return the names of variables, each after those that it uses."""
    found: dict[str, None] = {}
    for name in values:
        path = {name: _used(values, name)} if name not in found else {}
        while path:
            last = next(reversed(path))
            following = next((one for one in path[last] if one not in found), None)
            if following is None:
                del path[last]
                found[last] = None
            elif following in path:
                names = list(path)
                circle = json.dumps(names[names.index(following) :], ensure_ascii=False)
                raise ConfigError(f"circular variable reference detected: {circle}")
            else:
                path[following] = _used(values, following)
    return found


def _used(values: Mapping[str, str], name: str) -> Iterator[str]:
    text = "" if isinstance(values[name], Raw) else values[name]
    return (one for found in _USED.finditer(text) if (one := _name(found)) in values)
