"""Inputs of a configuration: ``spec: inputs`` in a header, ``$[[ inputs.name ]]`` in what follows it.

Source: https://docs.gitlab.com/ci/inputs/ and GitLab's lib/gitlab/ci/config/interpolation, lib/ci/inputs.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from mockgitlab.ci_config.errors import ConfigError
from mockgitlab.ci_config.regular_expressions import regular_expression
from mockgitlab.ci_config.variables import expanded

CHARACTERS_AT_MOST = 2_097_152
NOT_DEFINED = "Given inputs not defined in the `spec` section of the included configuration file"
_BLOCK = re.compile(r"\$\[\[((?:(?!\]\]).)*)\]\]")
_TRUNCATE = re.compile(r"truncate\(\s*(\d{1,9})\s*,\s*(\d{1,9})\s*\)")
_TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
}
_ARTICLE = {"array": "an array"}


def interpolated(content: Any, spec: Any, given: Any, variables: Mapping[str, str]) -> Any:
    """Return what follows a header with its inputs written in; raises ``ConfigError`` for those that are wrong."""
    declared = spec.get("inputs") if isinstance(spec, dict) else None
    wanted = declared if isinstance(declared, dict) else {}
    known = given if isinstance(given, dict) else {}
    if unknown := [str(name) for name in known if name not in wanted]:
        raise ConfigError(f"unknown input arguments: {', '.join(unknown)}" if spec else NOT_DEFINED)
    if not wanted:
        return content
    values = {str(name): _value(name, one, known) for name, one in wanted.items()}
    return _Interpolation(values, variables)(content)


def _value(name: Any, declared: Any, given: Mapping[Any, Any]) -> Any:
    """Return the value of an input, given or by default, which must be of its type and among its options."""
    facts = declared if isinstance(declared, dict) else {}
    if name not in given and "default" not in facts:
        raise ConfigError(f"`{name}` input: required value has not been provided")
    value, kind = given[name] if name in given else facts["default"], str(facts.get("type") or "string")
    which = "provided" if name in given else "default"
    if kind not in _TYPES or not _TYPES[kind](value):
        raise ConfigError(f"`{name}` input: {which} value is not {_ARTICLE.get(kind, f'a {kind}')}")
    if isinstance(facts.get("options"), list) and value not in facts["options"]:
        told = f"`{value}` cannot be used because it is not in the list of allowed options"
        raise ConfigError(f"`{name}` input: {told}")
    pattern = regular_expression(f"/{str(facts.get('regex', '')).strip('/')}/") if facts.get("regex") else None
    if pattern is not None and not pattern.search(str(value)):
        raise ConfigError(f"`{name}` input: {which} value does not match required RegEx pattern")
    return value


class _Interpolation:
    """Writes inputs into texts, within bounds: a block that is a whole text becomes the value itself."""

    def __init__(self, values: Mapping[str, Any], variables: Mapping[str, str]) -> None:
        self.values, self.variables = values, variables
        self.left = CHARACTERS_AT_MOST

    def __call__(self, node: Any) -> Any:
        if isinstance(node, dict):
            return {_shown(self(key)) if isinstance(key, str) else key: self(value) for key, value in node.items()}
        if isinstance(node, list):
            return [self(one) for one in node]
        return self._text(node) if isinstance(node, str) and "$[[" in node else node

    def _text(self, text: str) -> Any:
        whole = _BLOCK.fullmatch(text)
        return self._block(whole[1]) if whole else _BLOCK.sub(lambda block: _shown(self._block(block[1])), text)

    def _block(self, block: str) -> Any:
        access, *functions = (part.strip() for part in block.split("|"))
        scope, _, name = access.partition(".")
        if scope != "inputs" or name not in self.values:
            raise ConfigError(f"unknown interpolation key: `{name or access}`")
        value = self.values[name]
        for function in functions:
            value = self._applied(function, value)
        self.left -= len(_shown(value))
        if self.left < 0:
            raise ConfigError("The parsed YAML is too big")
        return value

    def _applied(self, function: str, value: Any) -> str:
        if function == "expand_vars":
            return expanded(_shown(value), self.variables)
        found = _TRUNCATE.fullmatch(function)
        if found is None:
            told = "check that the function name, arguments, and types are correct"
            raise ConfigError(f"no function matching `{function}`: {told}")
        return _shown(value)[int(found[1]) :][: int(found[2])]


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
