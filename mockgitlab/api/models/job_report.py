"""The kinds of files that jobs leave behind: in which format each comes, and what a runner calls it.

Source: GitLab's app/models/concerns/enums/ci/job_artifact.rb.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

FORMATS = ("raw", "zip", "gzip")
DOTENV = "dotenv"
METADATA = "metadata"


class Report(NamedTuple):
    """A kind of file; ``filename`` is empty where it is no report."""

    type: str
    format: str
    filename: str = ""


@cache
def reports() -> dict[str, Report]:
    """Return the kinds of files by their names."""
    text = Path(__file__).with_name("job_reports.txt").read_text("utf-8")
    found = [Report(*line.split()) for line in text.splitlines() if not line.startswith("#")]
    return {one.type: one for one in found}
