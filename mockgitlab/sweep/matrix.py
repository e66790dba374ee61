"""The outcome of a sweep as a table for people, and as JSON."""

import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from mockgitlab.sweep.runs import Run
from mockgitlab.web.trap import Trap

LISTED_AT_MOST = 5


def matrix(runs: Sequence[Run], known: dict[str, Trap]) -> str:
    """Return the table of runs, and below what each broken one did."""
    rows = [(run.trap or "without traps", run.told, f"{run.seconds:.1f} s", str(run.requests)) for run in runs]
    table = [("trap", "outcome", "took", "requests"), *rows]
    widths = [max(len(row[column]) for row in table) for column in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([*lines, *_details(runs, known), "", _sum(runs)])


def _details(runs: Sequence[Run], known: dict[str, Trap]) -> Iterator[str]:
    for run in runs:
        if run.broken and run.trap:
            yield from ("", f"{run.trap}: {known[run.trap].told}", f"  {known[run.trap].why}")
            yield from _listed("twice", run.duplicates)
            yield from _listed("lost", run.lost)
            if run.outcome != "passed":
                yield from (f"  | {line}" for line in run.tail().splitlines())


def _listed(what: str, texts: Sequence[str]) -> Iterator[str]:
    yield from (f"  {what}: {text}" for text in texts[:LISTED_AT_MOST])
    if len(texts) > LISTED_AT_MOST:
        yield f"  {what}: {len(texts) - LISTED_AT_MOST} more"


def _sum(runs: Sequence[Run]) -> str:
    trapped = [run for run in runs if run.trap]
    broken = [run.trap for run in trapped if run.broken]
    if not broken:
        return f"passed in all of {len(trapped)} traps"
    return f"{len(broken)} of {len(trapped)} traps break what passes without them: {', '.join(broken)}"


def to_json(command: Sequence[str], runs: Sequence[Run]) -> dict[str, Any]:
    """Return a sweep as JSON."""
    return {
        "command": shlex.join(command),
        "ok": not any(run.broken for run in runs),
        "without": runs[0].to_json(),
        "traps": [run.to_json() for run in runs[1:]],
    }
