"""The templates of changelogs: ``{{ title }}``, ``{% if author %}``, ``{% each entries %}``, ``{% end %}``.

Source: https://docs.gitlab.com/user/project/changelogs/#custom-templates and GitLab's lib/gitlab/template_parser/.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

LOOPS_AT_MOST = 4
NESTED_AT_MOST = 50
_TAG = re.compile(
    r"\\\n|\{\{\s*(?P<variable>[a-zA-Z_0-9.]+)\s*\}\}|"
    r"\{%\s*(?P<word>if|each|else|end)\b\s*(?P<of>[a-zA-Z_0-9.]*)\s*%\}\n?|(?P<wrong>\{[{%])"
)
_SELECTOR = re.compile(r"([a-zA-Z_]+|\d{1,10})(\.([a-zA-Z_]+|\d{1,10}))*")
Part = Callable[[Any, int], str]


class TemplateError(Exception):
    """A template is none, or goes too deep; the message says why."""


def render(template: str, data: Any) -> str:
    """Return what a template says of data; raises ``TemplateError``."""
    parts, end = _parts(_tokens(template), 0)
    if end:
        raise TemplateError(f"Failed to parse the template: {{% {end} %}} closes nothing")
    return _join(parts, data, 0)


def _tokens(template: str) -> Iterator[tuple[str, str]]:
    at = 0
    for found in _TAG.finditer(template):
        yield "text", template[at : found.start()]
        at = found.end()
        if found["wrong"]:
            raise TemplateError(f"Failed to parse the template: wrong tag at {template[found.start() :][:20]!r}")
        if found["variable"] or found["word"]:
            yield found["word"] or "variable", found["variable"] or found["of"]
    yield "text", template[at:]


def _parts(tokens: Iterator[tuple[str, str]], depth: int) -> tuple[list[Part], str]:
    """Return what comes up to the word that ends it, and this word."""
    if depth > NESTED_AT_MOST:
        raise TemplateError("Failed to parse the template: it is nested too deeply")
    parts: list[Part] = []
    for word, value in tokens:
        if word in ("end", "else"):
            return parts, word
        parts.append(_text(value) if word == "text" else _tag(word, value, tokens, depth))
    return parts, ""


def _tag(word: str, selector: str, tokens: Iterator[tuple[str, str]], depth: int) -> Part:
    if not _SELECTOR.fullmatch(selector):
        raise TemplateError(f"Failed to parse the template: {selector!r} names no value")
    if word == "variable":
        return lambda data, loops: _shown(_value(data, selector))
    body, end = _parts(tokens, depth + 1)
    other: list[Part] = []
    if word == "if" and end == "else":
        other, end = _parts(tokens, depth + 1)
    if end != "end":
        raise TemplateError(f"Failed to parse the template: {{% {word} {selector} %}} is not closed")
    return _if(selector, body, other) if word == "if" else _each(selector, body)


def _text(text: str) -> Part:
    return lambda data, loops: text


def _if(selector: str, body: list[Part], other: list[Part]) -> Part:
    def part(data: Any, loops: int) -> str:
        value = _value(data, selector)
        true = isinstance(value, int) and not isinstance(value, bool)
        return _join(body if true or value else other, data, loops)

    return part


def _each(selector: str, body: list[Part]) -> Part:
    def part(data: Any, loops: int) -> str:
        if loops >= LOOPS_AT_MOST:
            raise TemplateError(f"You can only nest up to {LOOPS_AT_MOST} loops")
        value = _value(data, selector)
        rows = list(value.items()) if isinstance(value, dict) else value if isinstance(value, list) else []
        return "".join(_join(body, row, loops + 1) for row in rows)

    return part


def _join(parts: list[Part], data: Any, loops: int) -> str:
    return "".join(part(data, loops) for part in parts)


def _value(data: Any, selector: str) -> Any:
    for step in selector.split("."):
        if step == "it":
            continue
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, (list, tuple)) and step.isdigit():
            data = data[int(step)] if int(step) < len(data) else None
        else:
            return None
    return data


def _shown(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
