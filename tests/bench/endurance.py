"""Whether many requests leave the memory of a server where it was once its journal was full."""

from mockgitlab.report.journal import JOURNAL_MAX
from tests.bench.load import Request, microseconds, resident_bytes
from tests.bench.servers import QUICKSTART, TOKEN, Row, served

READ = Request("GET", lambda n: f"/api/v4/projects/1/issues?n={n}")


def endurance_row(number: int) -> Row:
    """Measure the resident memory after as many requests as the journal keeps, and after so many more."""
    with served("mockgitlab", "serve", "-p", "0", str(QUICKSTART)) as (pid, port):
        microseconds(pid, port, READ, 0, JOURNAL_MAX, TOKEN)
        before = resident_bytes(pid)
        microseconds(pid, port, READ, JOURNAL_MAX, number, TOKEN)
        after = resident_bytes(pid)
    found = f"{after / before:.2f} ({before / 1e6:.0f} and {after / 1e6:.0f} MB)"
    return f"RSS after {number:,} more requests, over that after the first {JOURNAL_MAX:,}", found, "≤ 1.05"
