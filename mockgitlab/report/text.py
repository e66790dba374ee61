"""A report as plain text, for a terminal."""

from collections.abc import Iterator

from mockgitlab.report.summary import Finding, Summary


def to_text(summary: Summary) -> str:
    """Return a summary as plain text."""
    head = f"{summary.verdict()}. {', '.join(summary.counts())}."
    return "\n".join([head, *_findings(summary), *_operations(summary)]) + "\n"


def _findings(summary: Summary) -> Iterator[str]:
    for title, findings in summary.listed().items():
        yield f"\n{title}"
        yield from map(_finding, findings)


def _finding(finding: Finding) -> str:
    sign = "✗" if finding.breaks else "·"
    about = f"{finding.operation}: " if finding.operation and finding.operation not in finding.text else ""
    where = f" ({finding.places})" if finding.where else ""
    known = " [known]" if finding.known else ""
    return f"  {sign} {about}{finding.text}{where}{known}".replace("\n", "\n    ")


def _operations(summary: Summary) -> Iterator[str]:
    if summary.coverage.used:
        yield "\nOperations used"
    for use in summary.coverage.used:
        met = ", ".join(f"{status} ({number})" for status, number in use.statuses.items())
        never = f"; never {', '.join(map(str, use.unmet))}" if use.unmet else ""
        yield f"  {use.key}: {met}{never}"
