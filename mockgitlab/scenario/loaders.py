"""PyYAML's parsers with YAML 1.2's core schema in place of YAML 1.1's, and bounds on depth and size.

YAML 1.1 reads `on`, `off`, `yes`, `no` as booleans, `12:30` as 750, `010` as 8 and dates as time stamps. Here only
`true` and `false` are booleans, `010` is 10, and dates and times stay the text that was written.
"""

import re
from typing import Any, NoReturn

from yaml.composer import Composer
from yaml.error import MarkedYAMLError
from yaml.nodes import Node, ScalarNode, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError

try:
    from yaml._yaml import CParser
except ImportError:
    CParser = None  # type: ignore[assignment,misc]

MAX_DEPTH = 64
MAX_NODES = 5_000_000

PREFIX = "tag:yaml.org,2002:"
NULL, BOOL, INT, FLOAT, STR, SEQ, MAP, MERGE = (
    PREFIX + name for name in ("null", "bool", "int", "float", "str", "seq", "map", "merge")
)

_PLAIN = re.compile(
    r"""(?P<null> null|Null|NULL|~|)
      | (?P<bool> true|True|TRUE|false|False|FALSE)
      | (?P<int> [-+]?[0-9]+ | 0o[0-7]+ | 0x[0-9a-fA-F]+)
      | (?P<float> [-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?
                 | [-+]?\.(?:inf|Inf|INF) | \.(?:nan|NaN|NAN))
      | (?P<merge> <<)""",
    re.VERBOSE,
)
_FIRST = frozenset("~nNtTfF-+.0123456789<")


def plain_tag(value: str) -> str:
    """Say what an unquoted scalar means."""
    if value and value[0] not in _FIRST:
        return STR
    match = _PLAIN.fullmatch(value)
    return f"{PREFIX}{match.lastgroup}" if match else STR


class LimitError(MarkedYAMLError):
    """A document that nests too deep or has too many values."""

    def __init__(self, problem: str, mark: Any) -> None:
        super().__init__(problem=problem, problem_mark=mark)


class CoreSchema:
    """The part of a loader that names the type of each node; called by the composer for every one."""

    depth = -1
    nodes = 0

    def descend_resolver(self, parent: Node | None, index: Any) -> None:
        """Count a node that is about to be composed, before anything recurses deeper."""
        self.depth += 1
        self.nodes += 1
        if self.depth > MAX_DEPTH or self.nodes > MAX_NODES:
            self._refuse(index if isinstance(index, Node) else parent)

    def ascend_resolver(self) -> None:
        """Leave a node."""
        self.depth -= 1

    def resolve(self, kind: type[Node], value: Any, implicit: Any) -> str:
        """Give the tag of a node that has none."""
        if kind is ScalarNode:
            return plain_tag(value) if implicit[0] else STR
        return SEQ if kind is SequenceNode else MAP

    def _refuse(self, near: Node | None) -> NoReturn:
        too_deep = self.depth > MAX_DEPTH
        problem = f"nested deeper than {MAX_DEPTH} levels" if too_deep else f"more than {MAX_NODES:,} values"
        raise LimitError(problem, near.start_mark if near else None)


class PureLoader(CoreSchema, Reader, Scanner, Parser, Composer):
    """The loader in Python alone, five times slower, for where libyaml is missing."""

    def __init__(self, stream: str) -> None:
        Reader.__init__(self, stream)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)

    def scan_flow_scalar_non_spaces(self, double: Any, start_mark: Any) -> Any:
        """Refuse escapes that are no character, as libyaml does; PyYAML alone lets them pass or fails."""
        mark = self.get_mark()
        try:
            chunks = super().scan_flow_scalar_non_spaces(double, start_mark)
            "".join(chunks).encode()
        except (ValueError, OverflowError):
            problem = "found invalid Unicode character escape code"
            raise ScannerError("while parsing a quoted scalar", start_mark, problem, mark) from None
        return chunks


if CParser is None:
    Loader: Any = PureLoader
else:

    class CLoader(CoreSchema, CParser):
        """The loader built on libyaml."""

    Loader = CLoader
