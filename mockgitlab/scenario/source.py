"""One scenario file: its data, and the place of everything in it.

The data are plain dicts, lists, strings, numbers, booleans and None, to be read and not changed, since aliases share
what they stand for. Positions are not kept: when one is asked for, the text is parsed again, once. That makes good
scenarios load at the parser's own speed.
"""

import os
import re
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

import yaml
from yaml.nodes import Node

from mockgitlab.scenario import files, nodes
from mockgitlab.scenario.loaders import MAX_DEPTH
from mockgitlab.scenario.problems import KeyPath, Location, ScenarioError, excerpt, path_text

# The line breaks of YAML 1.1, by which PyYAML counts.
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Any escape in a JSON string; the two groups match only a pair that stands for one character beyond U+FFFF.
_JSON_ESCAPE = re.compile(r"\\(?:u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|.)", re.IGNORECASE | re.DOTALL)
_JSON_INDENT = re.compile(r"(?m)^[ \t]+")
# What PyYAML or libyaml says, from its start, and what that means; {line} is where the construct in question begins.
_EXPLANATIONS = {
    "but found another document": "a second document starts here; a scenario is one document, others are included",
    "mapping values are not allowed": "a second colon on this line; put text that holds ': ' in quotes",
    "found undefined alias": "there is no anchor of this name above; put text that starts with '*' in quotes",
    "second occurrence": "this anchor stands twice",
    "found invalid Unicode character": "this escape stands for no Unicode character",
    "found unexpected end of stream": "the quote opened on line {line} is not closed",
    "expected ',' or": "the bracket opened on line {line} is not closed",
    "did not find expected ',' or": "the bracket opened on line {line} is not closed",
    "did not find expected key": "does not fit what starts on line {line}; check the indentation",
    "did not find expected '-'": "does not fit what starts on line {line}; check the indentation",
    "did not find expected node content": "a key or value is missing here",
    "expected the node content": "a key or value is missing here",
    "expected <block end>": "does not fit what starts on line {line}; check the indentation",
    # libyaml since 0.2.6 has a bound of its own, which it meets in the tokens that it reads ahead.
    "exceeded maximum nesting depth": f"nested deeper than {MAX_DEPTH} levels",
}


class SourceText:
    """The text of a scenario file, from which any place in it can be shown."""

    def __init__(self, content: bytes, file: str, path: Path) -> None:
        self.file = file
        self.path = path
        self._is_json = file.lower().endswith(".json")
        try:
            self.text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self.text = content.decode("utf-8-sig", "replace")
            self.refuse_offset(len(error.object[: error.start].decode()), "is not UTF-8 from here on")

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without their breaks."""
        return _BREAK.split(self.text)

    @property
    def yaml(self) -> str:
        """The text as YAML: JSON differs in its escapes beyond U+FFFF, and in tabs, which not every loader takes."""
        if not self._is_json:
            return self.text
        text = _JSON_INDENT.sub(lambda match: " " * len(match[0]), self.text)
        return _JSON_ESCAPE.sub(_yaml_escape, text)

    def location(self, line: int, column: int) -> Location:
        """Give the place at a line and column of the YAML, both counted from 0."""
        if line >= len(self.lines):
            # Where libyaml sees the end of a file whose last line has no break.
            line, column = len(self.lines) - 1, len(self.lines[-1])
        text = self.lines[line]
        if self._is_json:
            column = _json_column(text, column)
        return Location(self.file, line + 1, column + 1, excerpt(text, line + 1, column + 1), self.path)

    def location_of_offset(self, offset: int) -> Location:
        """Give the place of the character at an offset."""
        above = _BREAK.split(self.text[:offset])
        return self.location(len(above) - 1, len(above[-1]))

    def refuse_offset(self, offset: int, message: str) -> NoReturn:
        """Refuse the file because of the character at an offset."""
        raise ScenarioError([self.location_of_offset(offset).problem(message)])


def _yaml_escape(match: re.Match[str]) -> str:
    high, low = match.groups()
    if not high:
        return match[0]
    return f"\\U{0x10000 + ((int(high, 16) & 0x3FF) << 10) + (int(low, 16) & 0x3FF):08x}"


def _json_column(line: str, column: int) -> int:
    """Undo what `_yaml_escape` did to a column: 12 characters became 10."""
    for match in _JSON_ESCAPE.finditer(line):
        if match[1] and match.start() < column:
            column += 2
    return column


class Source:
    """A scenario file that was read: `data` is its content, `locate` finds where a part of it stands."""

    def __init__(self, text: SourceText, data: dict[str, Any]) -> None:
        self.file = text.file
        self.path = text.path
        self.data = data
        self._text = text

    def position(self, path: KeyPath, *, of_key: bool = True) -> tuple[int, int]:
        """Give line and column, from 1, of the key at `path` (`of_key=False`: of its value).

        An item of a list has no key: its own position is given. So is, where the path leads nowhere, that of the last
        part of it which exists; a value behind an alias stands where its anchor is.
        """
        location = self.locate(path, of_key=of_key)
        return location.line, location.column

    def locate(self, path: KeyPath, *, of_key: bool = True) -> Location:
        """Give the position as a place in this file."""
        key, value = nodes.follow(self._root, path)
        mark = (key if of_key else value).start_mark
        return self._text.location(mark.line, mark.column)

    @cached_property
    def _root(self) -> Node:
        root = nodes.compose(self._text.yaml)
        assert root is not None, "a source has data"
        return root


def load(path: str | os.PathLike[str]) -> Source:
    """Read one scenario file, YAML or JSON, without what it includes.

    Raises:
        ScenarioError: whatever the file holds; nothing else is raised.
    """
    name = os.fspath(path)
    try:
        real = files.find(name, Path(), None)
        return loads(files.read_bounded(real), name, real)
    except files.Unreadable as error:
        raise ScenarioError([Location(name).problem(error.message, suggestion=error.suggestion)]) from None


def loads(content: bytes, file: str, path: Path | None = None) -> Source:
    """Read a scenario from bytes; `file` is what messages call it, `path` what its references are relative to."""
    text = SourceText(content, file, path or Path(file))
    try:
        root = nodes.compose(text.yaml)
        if root is None:
            text.refuse_offset(0, "is empty; a scenario starts with 'mockgitlab: 1'")
        data, faults = nodes.build(root)
    except yaml.YAMLError as error:
        raise ScenarioError([_place(text, error).problem(_explain(text, error))]) from None
    _refuse_faults(text, root, faults)
    if not isinstance(data, dict):
        kind = "a list" if isinstance(data, list) else "a single value"
        place = text.location(root.start_mark.line, root.start_mark.column)
        raise ScenarioError([place.problem(f"is {kind}; a scenario is a mapping that starts with 'mockgitlab: 1'")])
    return Source(text, data)


def _refuse_faults(text: SourceText, root: Node, faults: list[tuple[Node, str]]) -> None:
    if not faults:
        return
    where = nodes.paths(root)
    raise ScenarioError(
        text.location(node.start_mark.line, node.start_mark.column).problem(message, path_text(where[id(node)]))
        for node, message in faults
    )


def _place(text: SourceText, error: yaml.YAMLError) -> Location:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        return text.location(mark.line, mark.column) if mark else text.location(0, 0)
    unprintable = _UNPRINTABLE.search(text.text)
    return text.location_of_offset(unprintable.start() if unprintable else 0)


def _explain(text: SourceText, error: yaml.YAMLError) -> str:
    if not isinstance(error, yaml.MarkedYAMLError):
        return "a control character, which YAML does not allow; write it as an escape in double quotes"
    problem = error.problem or "cannot be parsed"
    line = error.context_mark.line + 1 if error.context_mark else 0
    if "cannot start any token" in problem:
        return _explain_character(text, error)
    for known, explanation in _EXPLANATIONS.items():
        if problem.startswith(known):
            return explanation.format(line=line)
    return f"{problem}, {error.context} that starts on line {line}" if line else problem


def _explain_character(text: SourceText, error: yaml.MarkedYAMLError) -> str:
    place = _place(text, error)
    character = text.lines[place.line - 1][place.column - 1 : place.column]
    if character == "\t":
        return "a tab; YAML is indented with spaces"
    return f"text cannot start with {character!r}; put it in quotes"
