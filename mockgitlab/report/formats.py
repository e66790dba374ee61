"""The formats of a report, by name and by the suffix of a file."""

import json
from collections.abc import Callable
from pathlib import Path

from mockgitlab.report.junit import to_junit
from mockgitlab.report.markdown import to_markdown
from mockgitlab.report.pact import to_pact
from mockgitlab.report.summary import Summary
from mockgitlab.report.text import to_text


def _to_json(summary: Summary) -> str:
    return json.dumps(summary.to_json(), indent=2, ensure_ascii=False) + "\n"


def _to_html(summary: Summary) -> str:
    from mockgitlab.report.page import to_html

    return to_html(summary)


Format = Callable[[Summary], str]
FORMATS: dict[str, tuple[str, str, Format]] = {
    "text": (".txt", "text/plain; charset=utf-8", to_text),
    "json": (".json", "application/json", _to_json),
    "markdown": (".md", "text/markdown; charset=utf-8", to_markdown),
    "html": (".html", "text/html; charset=utf-8", _to_html),
    "junit": (".xml", "application/xml", to_junit),
    "pact": (".pact.json", "application/json", to_pact),
}
"""Each format with its suffix, its media type, and the function that writes it."""


def format_of(path: Path) -> str:
    """Return the format that a file's suffix means; raises ``ValueError`` for another suffix."""
    for name, (suffix, _, _) in sorted(FORMATS.items(), key=lambda one: -len(one[1][0])):
        if path.name.endswith(suffix):
            return name
    raise ValueError(f"{path.name!r} has the suffix of no format: take {', '.join(one[0] for one in FORMATS.values())}")


def rendered(summary: Summary, name: str) -> bytes:
    """Return a report in a format; what a client sent may hold characters that no encoding has."""
    return FORMATS[name][2](summary).encode("utf-8", "replace")


def write(summary: Summary, path: Path, name: str | None = None) -> None:
    """Write a report to a file, in a format or in that of its suffix; folders are made."""
    content = rendered(summary, name or format_of(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
