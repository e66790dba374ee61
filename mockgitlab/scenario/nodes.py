"""YAML text to a graph of nodes, nodes to plain data, and the way back from a path in the data to its nodes."""

from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from mockgitlab import collector
from mockgitlab.scenario import loaders
from mockgitlab.scenario.loaders import (
    BOOL,
    FLOAT,
    INT,
    MAP,
    MAX_DEPTH,
    MAX_NODES,
    MERGE,
    NULL,
    PREFIX,
    SEQ,
    STR,
    LimitError,
    plain_tag,
)
from mockgitlab.scenario.problems import MAX_PROBLEMS, KeyPath, shown

SCALARS = {NULL: "null", BOOL: "true or false", INT: "an integer", FLOAT: "a number"}


def compose(text: str) -> Node | None:
    """Parse YAML to its graph of nodes; None for a text with nothing in it.

    Raises:
        yaml.YAMLError: for whatever is wrong, and nothing else.
    """
    with collector.paused():
        loader = loaders.Loader(text)
        root: Node | None = loader.get_single_node()
        return root


def build(root: Node) -> tuple[Any, list[tuple[Node, str]]]:
    """Make plain data of a graph: the data, and what is wrong with which node.

    Values reached through an alias are shared, not copied. Keys are always strings, as written: `1:` is the key "1".

    Raises:
        LimitError: when aliases, expanded, would go beyond `MAX_NODES` values or `MAX_DEPTH` levels.
    """
    with collector.paused():
        builder = _Builder()
        return builder.build(root, 0), builder.faults


class _Builder:
    def __init__(self) -> None:
        self.faults: list[tuple[Node, str]] = []
        self._count = 0
        self._built: dict[int, tuple[Any, int] | None] = {}
        self._heights: dict[int, int] = {}

    def build(self, node: Node, depth: int) -> Any:
        if type(node) is ScalarNode:
            return node.value if node.tag == STR else self._scalar(node)
        if id(node) in self._built:
            return self._alias(node, depth)
        self._built[id(node)] = None
        before = self._count
        self._add(len(node.value), node)
        data = self._mapping(node, depth) if isinstance(node, MappingNode) else self._sequence(node, depth)
        self._built[id(node)] = data, self._count - before
        return data

    def _fault(self, node: Node, message: str) -> None:
        if len(self.faults) < MAX_PROBLEMS:
            self.faults.append((node, message))

    def _add(self, count: int, node: Node) -> None:
        self._count += count
        if self._count > MAX_NODES:
            raise LimitError(f"more than {MAX_NODES:,} values once aliases are expanded", node.start_mark)

    def _alias(self, node: Node, depth: int) -> Any:
        built = self._built[id(node)]
        if built is None:
            return self._fault(node, "contains itself through an alias")
        data, size = built
        self._add(size, node)
        if depth + self._height(data) > MAX_DEPTH:
            raise LimitError(f"nested deeper than {MAX_DEPTH} levels once aliases are expanded", node.start_mark)
        return data

    def _height(self, data: Any) -> int:
        if not isinstance(data, (dict, list)) or not data:
            return 0
        if id(data) not in self._heights:
            children = data.values() if isinstance(data, dict) else data
            self._heights[id(data)] = 1 + max(map(self._height, children))
        return self._heights[id(data)]

    def _sequence(self, node: Node, depth: int) -> list[Any]:
        if node.tag != SEQ:
            self._refuse_tag(node)
        return [self.build(child, depth + 1) for child in node.value]

    def _mapping(self, node: MappingNode, depth: int) -> dict[str, Any]:
        if node.tag != MAP:
            self._refuse_tag(node)
        data: dict[str, Any] = {}
        merges: list[Node] = []
        for key_node, value_node in node.value:
            if key_node.tag != STR and not self._is_key(key_node, value_node, merges):
                continue
            key = key_node.value
            if key in data:
                self._fault(key_node, f"this key stands twice in one mapping, first on line {_first_line(node, key)}")
            data[key] = self.build(value_node, depth + 1)
        return self._merged(merges, depth) | data if merges else data

    def _is_key(self, key: Node, value: Node, merges: list[Node]) -> bool:
        """Sort out the keys that are not plainly text; note the value of a merge key in `merges`."""
        if key.tag == MERGE and merges:
            self._fault(key, "this key stands twice in one mapping; write one '<<' with a list of aliases")
        elif key.tag == MERGE:
            merges.append(value)
        elif not isinstance(key, ScalarNode):
            self._fault(key, "a key must be text, not a list or mapping")
        elif key.tag == NULL and not key.value:
            self._fault(key, "a key is missing before this colon")
        elif key.tag not in SCALARS:
            self._refuse_tag(key)
        else:
            return True
        return False

    def _merged(self, merges: list[Node], depth: int) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for node in _merge_nodes(merges[0]):
            faults = len(self.faults)
            part = self.build(node, depth)
            if isinstance(part, dict):
                merged = part | merged
            elif len(self.faults) == faults:
                self._fault(node, "'<<' takes an alias of a mapping, or a list of such aliases")
        return merged

    def _scalar(self, node: ScalarNode) -> Any:
        implied = plain_tag(node.value)
        if node.tag not in SCALARS:
            return node.value if node.tag == MERGE else self._refuse_tag(node)
        if implied != node.tag and (implied, node.tag) != (INT, FLOAT):
            return self._fault(node, f"{shown(node.value)} is not {SCALARS[node.tag]}, as its tag demands")
        try:
            value = _scalar(implied, node.value)
            return float(value) if node.tag == FLOAT else value
        except (ValueError, OverflowError):
            return self._fault(node, f"the number {shown(node.value)} is too large; put it in quotes if it is text")

    def _refuse_tag(self, node: Node) -> None:
        tag = node.tag.replace(PREFIX, "!!", 1)
        self._fault(node, f"the tag {shown(tag)} is not allowed: a scenario holds plain data only")


def _scalar(tag: str, value: str) -> Any:
    if tag == NULL:
        return None
    if tag == BOOL:
        return value in ("true", "True", "TRUE")
    if tag == INT:
        return int(value, {"0o": 8, "0x": 16}.get(value[:2], 10))
    return _float(value)


def _float(value: str) -> float:
    """Read a float; Python's own spelling of infinity has no dot, and text such as 1e999 would become infinite."""
    if value[-1] in "fFnN":
        return float(value.replace(".", ""))
    number = float(value)
    if number in (float("inf"), float("-inf")):
        raise OverflowError(value)
    return number


def _first_line(node: MappingNode, key: str) -> int:
    first: Node = next(key_node for key_node, _ in node.value if key_node.value == key)
    return int(first.start_mark.line) + 1


def _merge_nodes(value: Node) -> list[Node]:
    return value.value if isinstance(value, SequenceNode) else [value]


def follow(root: Node, path: KeyPath) -> tuple[Node, Node]:
    """Follow a path as far as it leads: the node of its last key (or list item), and the node of the value."""
    key = value = root
    for step in path:
        found = _child(value, step)
        if found is None:
            break
        key, value = found
    return key, value


def _child(node: Node, step: str | int) -> tuple[Node, Node] | None:
    if isinstance(node, MappingNode) and isinstance(step, str):
        return _entry(node, step)
    if isinstance(node, SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
        return node.value[step], node.value[step]
    return None


def _entry(mapping: MappingNode, key: str) -> tuple[Node, Node] | None:
    """Find a key in a mapping or, after its own keys, in what it merges; a loop, since merges may chain at length."""
    pending: list[Node] = [mapping]
    seen: set[int] = set()
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        for key_node, value_node in node.value:
            if key_node.tag == MERGE:
                pending += reversed(_merge_nodes(value_node))
            elif key_node.value == key:
                return key_node, value_node
    return None


def paths(root: Node) -> dict[int, KeyPath]:
    """Give the path at which each node (by id) first stands; a key's is that of its value."""
    found: dict[int, KeyPath] = {}
    pending: list[tuple[Node, KeyPath]] = [(root, ())]
    while pending:
        node, path = pending.pop()
        if id(node) in found:
            continue
        found[id(node)] = path
        if isinstance(node, SequenceNode):
            pending += [(child, (*path, index)) for index, child in enumerate(node.value)][::-1]
        elif isinstance(node, MappingNode):
            pending += [(part, (*path, _key_text(pair[0]))) for pair in node.value for part in pair][::-1]
    return found


def _key_text(node: Node) -> str:
    return node.value if isinstance(node, ScalarNode) else "?"
