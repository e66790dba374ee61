"""A report as Markdown, for a comment on a merge request: GitLab's and GitHub's flavours show the same."""

import re
from collections.abc import Iterable, Iterator

from mockgitlab.report.summary import Finding, Summary

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~@!$&:])")
LINES_AT_MOST = 200
"""Of findings of a kind so many are listed, as a comment has a limit."""


def to_markdown(summary: Summary) -> str:
    """Return a summary as Markdown."""
    sign = "✅" if summary.ok else "❌"
    parts = [f"### {sign} mockgitlab: {summary.verdict()}", " · ".join(summary.counts())]
    for title, findings in summary.listed().items():
        parts += _section(title, findings)
    return "\n\n".join([*parts, *_operations(summary)]) + "\n"


def _section(title: str, findings: list[Finding]) -> Iterator[str]:
    breaking = any(one.breaks for one in findings)
    lines = [_line(one) for one in findings[:LINES_AT_MOST]]
    lines += [f"- … and {len(findings) - LINES_AT_MOST} more"] if len(findings) > LINES_AT_MOST else []
    if breaking:
        yield f"#### {title}"
        yield "\n".join(lines)
    else:
        yield from _folded(f"{title} ({len(findings)})", lines)


def _folded(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"<details><summary>{title}</summary>"
    yield "\n".join(lines)
    yield "</details>"


def _line(finding: Finding) -> str:
    sign = "❌ " if finding.breaks else ""
    about = f"`{_code(finding.operation)}`: " if finding.operation and finding.operation not in finding.text else ""
    where = f" ({escaped(finding.places)})" if finding.where else ""
    first, *rest = finding.text.splitlines()
    block = [f"  ```text\n{chr(10).join('  ' + _code(line) for line in rest)}\n  ```"] if rest else []
    return "\n".join([f"- {sign}{about}{escaped(first)}{where}{' (known)' if finding.known else ''}", *block])


def _operations(summary: Summary) -> Iterator[str]:
    rows = ["| Operation | Requests | Met | Never met |", "| --- | ---: | --- | --- |"]
    for use in summary.coverage.used:
        met = ", ".join(f"{status} ({number})" for status, number in use.statuses.items())
        rows.append(f"| `{_code(use.key)}` | {use.requests} | {met} | {', '.join(map(str, use.unmet))} |")
    if summary.coverage.used:
        yield from _folded(f"Operations used ({len(summary.coverage.used)})", rows)


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return _SPECIAL.sub(r"\\\1", text)


def _code(text: str) -> str:
    """Return a text for a code span or block, which nothing in it may end."""
    return text.replace("`", "'")
