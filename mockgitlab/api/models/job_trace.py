"""The logs of jobs: what a scenario or a runner says, else what a runner writes of a script whose commands are silent.

Source: https://docs.gitlab.com/ci/jobs/job_logs/.
"""

import re
from collections.abc import Sequence

from mockgitlab.api.models.pipeline import CommitStatus

GREEN, RED, PLAIN = "\x1b[32;1m", "\x1b[31;1m", "\x1b[0;m"
_EXIT = re.compile(r"exit(?:\s+(\d{1,3}))?")


def trace_of(job: CommitStatus) -> str:
    """Return the log of a job; it is empty before the job begins, and once it is erased."""
    if job.erased_at is not None:
        return ""
    return _written(job) if job.trace is None else job.trace


def _written(job: CommitStatus) -> str:
    script: Sequence[str] = (job.config or {}).get("script") or ()
    if job.started_at is None or not script:
        return ""
    lines = [f"{GREEN}$ {command}{PLAIN}" for command in script[: _run(script)]]
    if job.status == "success":
        lines.append(f"{GREEN}Job succeeded{PLAIN}")
    elif job.status == "failed":
        lines.append(f"{RED}ERROR: Job failed: exit code {exit_code(script) or 1}\n{PLAIN}")
    return "".join(f"{line}\n" for line in lines)


def _run(script: Sequence[str]) -> int:
    """Return how many commands of a script are run."""
    return next((place for place, text in enumerate(script, 1) if _ends(text)), len(script))


def _ends(text: str) -> bool:
    return any(_EXIT.fullmatch(line.strip()) or line.strip() == "false" for line in text.splitlines())


def exit_code(commands: Sequence[str]) -> int:
    """Return the exit code of a script as far as one sees it: that of the first plain ``exit`` or ``false``."""
    for command in (line.strip() for text in commands for line in text.splitlines()):
        found = _EXIT.fullmatch(command)
        if found or command == "false":
            return int(found[1] or 0) if found else 1
    return 0
