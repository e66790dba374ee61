"""What GitLab reads out of texts in Markdown: task lists, mentions of users, references to issues."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CODE = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1|\Z)|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_TASK = re.compile(r"^[ \t>]*(?:[-*+]|\d+[.)])[ \t]+\[([ xX])\][ \t]+(\S.*)$", re.MULTILINE)
_MENTION = re.compile(r"(?<![\w/`])@([a-z0-9_][\w.-]*(?:/[\w.-]+)*)", re.ASCII | re.IGNORECASE)
_PROJECT = r"(?<![\w/#&])((?:[A-Za-z0-9_][\w.-]*/)*[A-Za-z0-9_][\w.-]*)?"
_ISSUE = re.compile(_PROJECT + r"#(\d{1,12})(?![\w-])")
_MERGE_REQUEST = re.compile(_PROJECT + r"!(\d{1,12})(?![\w-])")
_ADDRESS = r"https?://[^/\s]+/(?:@[^/\s]+/)?([\w./-]+?)/-/"
_ISSUE_URL = re.compile(_ADDRESS + r"(?:issues(?:/incident)?|work_items)/(\d{1,12})(?![\w-])", re.ASCII)
_MERGE_REQUEST_URL = re.compile(_ADDRESS + r"merge_requests/(\d{1,12})(?![\w-])", re.ASCII)
_CLOSES = re.compile(
    r"\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?):?[ \t]+", re.IGNORECASE
)
_CLOSED = re.compile(
    r"(?:issues?[ \t]+)?(?:" + _ADDRESS + r"issues/|([\w./-]*)#)(\d{1,12})(?![\w-])", re.ASCII | re.IGNORECASE
)
_NEXT = re.compile(r"[ \t]*,[ \t]*(?:and[ \t]+)?|[ \t]+and[ \t]+", re.IGNORECASE)


@dataclass(frozen=True)
class Reference:
    """A reference ``group/project#3`` or ``group/project!3``; without ``path`` it means the project of the text."""

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
    """Return the references to issues in a text, ``#3`` or an issue's address, each once, in order."""
    return _references(text, "#", _ISSUE, _ISSUE_URL)


def merge_request_references(text: str | None) -> list[Reference]:
    """Return the references to merge requests in a text, ``!3`` or an address, each once, in order."""
    return _references(text, "!", _MERGE_REQUEST, _MERGE_REQUEST_URL)


def _references(text: str | None, sign: str, *patterns: re.Pattern[str]) -> list[Reference]:
    if not text or not (sign in text or "/-/" in text):
        return []
    plain = without_code(text)
    found = sorted((one for pattern in patterns for one in pattern.finditer(plain)), key=lambda one: one.start())
    return list(dict.fromkeys(Reference(one[1] or "", int(one[2])) for one in found))


def closing_references(text: str | None) -> list[Reference]:
    """Return the issues that a text says it closes: ``Closes #3``, ``fixes #4 and group/project#5``."""
    plain = without_code(text)
    found = (one for start in _CLOSES.finditer(plain) for one in _enumerated(plain, start.end()))
    return list(dict.fromkeys(found))


def _enumerated(text: str, at: int) -> Iterator[Reference]:
    """Yield the references to issues that are enumerated from a place in a text on."""
    found = _CLOSED.match(text, at)
    while found is not None:
        yield Reference(found[1] or found[2] or "", int(found[3]))
        further = _NEXT.match(text, found.end())
        found = _CLOSED.match(text, further.end()) if further else None


def qualified(text: str | None, path: str) -> str | None:
    """Return a text whose references to issues of its own project name the project, for use elsewhere."""
    if not text or "#" not in text:
        return text
    return _ISSUE.sub(lambda one: one[0] if one[1] else f"{path}#{one[2]}", text)
