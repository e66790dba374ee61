"""Reading a configuration's YAML as Psych, Ruby's library, reads it, within GitLab's bounds.

Source: GitLab's lib/gitlab/config/loader/yaml.rb, lib/gitlab/utils/deep_size.rb, lib/gitlab/ci/config/yaml and the
error messages of Psych, whose parser is libyaml as PyYAML's is.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from mockgitlab.ci_config.errors import ConfigError
from mockgitlab.ci_config.inputs import interpolated

BYTES_AT_MOST = 2_097_152
DEPTH_AT_MOST = 100
BYTES_OF_AN_OBJECT = 40
"""What Ruby takes for any small value; a configuration is measured with its aliases written out."""
TOO_BIG = "The parsed YAML is too big"
NO_HASH = "Invalid configuration format"
_ANCHOR = re.compile(r"\*([^\s,\[\]{}]*)")
_PREFIX = "tag:yaml.org,2002:"
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Reference:
    """``!reference [job, script]``: what stands elsewhere in the configuration."""

    def __init__(self, path: Any) -> None:
        self.path = path


class _Loader(_Base):  # type: ignore[misc]
    """A safe loader that keeps to a depth, and writes merged mappings out once."""

    depth = 0

    def descend_resolver(self, parent: Node | None, index: Any) -> None:
        self.depth += 1
        if self.depth > DEPTH_AT_MOST:
            raise ConfigError(TOO_BIG)

    def ascend_resolver(self) -> None:
        self.depth -= 1

    def flatten_mapping(self, node: MappingNode) -> None:
        super().flatten_mapping(node)
        node.value = list({_identity(key): (key, value) for key, value in node.value}.values())

    def construct_reference(self, node: Node) -> Reference:
        """Return what a ``!reference`` names; where that is no list, its path is none."""
        path = self.construct_sequence(node, deep=True) if isinstance(node, SequenceNode) else None
        return Reference(path)

    def construct_plain(self, node: Node) -> Any:
        """Return a value of a kind that Psych does not know by its form alone."""
        if isinstance(node, MappingNode):
            return self.construct_mapping(node, deep=True)
        return self.construct_sequence(node, deep=True) if isinstance(node, SequenceNode) else node.value

    def refuse_time(self, node: ScalarNode) -> Any:
        """Raise ``ConfigError``: Psych makes dates and times only where it is told to."""
        raise ConfigError(f"Tried to load unspecified class: {'Time' if ':' in node.value else 'Date'}")


def _identity(key: Node) -> Any:
    return (key.tag, key.value) if isinstance(key, ScalarNode) else id(key)


def _number(make: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Return a constructor that leaves as text what is too long for a number."""

    def construct(loader: Any, node: ScalarNode) -> Any:
        try:
            return make(loader, node)
        except (ValueError, OverflowError):
            return node.value

    return construct


_Loader.add_constructor("!reference", _Loader.construct_reference)
_Loader.add_constructor(f"{_PREFIX}timestamp", _Loader.refuse_time)
_Loader.add_constructor(f"{_PREFIX}int", _number(_Base.construct_yaml_int))
_Loader.add_constructor(f"{_PREFIX}float", _number(_Base.construct_yaml_float))
for _tag in (None, *(f"{_PREFIX}{name}" for name in ("binary", "omap", "pairs", "set"))):
    _Loader.add_constructor(_tag, _Loader.construct_plain)


def read(text: str, variables: Mapping[str, str], given: Any = None) -> dict[Any, Any]:
    """Return a configuration as its YAML says it, with the inputs ``given``; raises ``ConfigError``."""
    text = text.encode(errors="replace").decode()
    try:
        documents = list(yaml.load_all(text, _Loader))
        for document in documents:
            _measure(document)
    except yaml.MarkedYAMLError as error:
        raise ConfigError(_told(error, text)) from None
    except yaml.YAMLError as error:
        problem = getattr(error, "reason", "control characters are not allowed")
        raise ConfigError(f"(<unknown>): {problem} at line 1 column 1") from None
    except RecursionError:
        raise ConfigError(TOO_BIG) from None
    spec, content = _parts(documents)
    if not isinstance(content, dict):
        raise ConfigError(NO_HASH)
    found: dict[Any, Any] = interpolated(content, spec, given, variables)
    return found


def _parts(documents: list[Any]) -> tuple[Any, Any]:
    """Return the header, which has the key ``spec``, if there is one, and the document that counts."""
    if len(documents) > 1 and isinstance(documents[0], dict) and "spec" in documents[0]:
        return documents[0]["spec"] or {}, documents[1]
    return None, documents[0] if documents else None


def _measure(found: Any) -> None:
    """Raise ``ConfigError`` where the configuration is too big, or too deep, its aliases written out."""
    size, left = 0, [(found, 1)]
    while left:
        one, depth = left.pop()
        inner = (*one.keys(), *one.values()) if isinstance(one, dict) else one if isinstance(one, list) else ()
        size += BYTES_OF_AN_OBJECT + (len(one) if isinstance(one, str) else 0)
        if size > BYTES_AT_MOST or depth > DEPTH_AT_MOST:
            raise ConfigError(TOO_BIG)
        left += [(value, depth + 1) for value in inner]


def _told(error: yaml.MarkedYAMLError, text: str) -> str:
    mark = error.context_mark or error.problem_mark
    if "undefined alias" in (error.problem or "") and mark is not None:
        found = _ANCHOR.match(text, mark.index)
        return f"An alias referenced an unknown anchor: {found[1] if found else ''}"
    if "nesting depth" in (error.problem or ""):
        return TOO_BIG
    what = " ".join(part for part in (error.problem, error.context) if part)
    at = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return f"(<unknown>): {what} at line {at[0]} column {at[1]}"
