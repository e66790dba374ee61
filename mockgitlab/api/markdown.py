"""What GitLab reads out of texts in Markdown: task lists, mentions of users, references to issues."""

import re
from dataclasses import dataclass

_CODE = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1|\Z)|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_TASK = re.compile(r"^[ \t>]*(?:[-*+]|\d+[.)])[ \t]+\[([ xX])\][ \t]+(\S.*)$", re.MULTILINE)
_MENTION = re.compile(r"(?<![\w/`])@([a-z0-9_][\w.-]*(?:/[\w.-]+)*)", re.ASCII | re.IGNORECASE)
_ISSUE = re.compile(r"(?<![\w/#&])((?:[A-Za-z0-9_][\w.-]*/)*[A-Za-z0-9_][\w.-]*)?#(\d{1,12})(?![\w-])")


@dataclass(frozen=True)
class Reference:
    """A reference to an issue, ``group/project#3``; ``path`` is empty where it means the project of the text."""

    path: str
    iid: int


def without_code(text: str | None) -> str:
    """Return a text without its code, in which nothing means anything."""
    return _CODE.sub(" ", text or "") if "`" in (text or "") or "~~~" in (text or "") else text or ""


def tasks(text: str | None) -> list[tuple[str, bool]]:
    """Return the task list items of a text in order, each with whether it is ticked."""
    if not text or "[" not in text:
        return []
    return [(found[2].strip(), found[1] != " ") for found in _TASK.finditer(without_code(text))]


def mentioned_names(text: str | None) -> list[str]:
    """Return the names after ``@`` in a text, each once; what stands in code is no mention."""
    if not text or "@" not in text:
        return []
    found = _MENTION.findall(without_code(text))
    return list(dict.fromkeys(name.rstrip(".-") for name in found))


def issue_references(text: str | None) -> list[Reference]:
    """Return the references to issues in a text, each once, in order."""
    if not text or "#" not in text:
        return []
    found = (Reference(one[1] or "", int(one[2])) for one in _ISSUE.finditer(without_code(text)))
    return list(dict.fromkeys(found))


def qualified(text: str | None, path: str) -> str | None:
    """Return a text whose references to issues of its own project name the project, for use elsewhere."""
    if not text or "#" not in text:
        return text
    return _ISSUE.sub(lambda one: one[0] if one[1] else f"{path}#{one[2]}", text)
