"""One run of the command: in a sandbox of its own, with a trap or without."""

import contextlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from mockgitlab.environment import environment
from mockgitlab.server import MockGitLab, find_job_token
from mockgitlab.sweep.effects import Effects, duplicates, effects_of, lost

SHOWN_LINES, SHOWN_LENGTH = 12, 200


@dataclass(frozen=True)
class Run:
    """What came of one run: ``passed``, ``failed`` or ``hung``, and what it did to the world."""

    trap: str
    outcome: str
    code: int | None
    seconds: float
    requests: int
    output: str
    effects: Effects = field(default_factory=Effects)
    duplicates: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def broken(self) -> bool:
        """Whether it did worse than the run without traps."""
        return self.outcome != "passed" or bool(self.duplicates or self.lost)

    @property
    def told(self) -> str:
        """The outcome in words."""
        parts = ["duplicates"] if self.duplicates else []
        parts += ["lost data"] if self.lost else []
        return ", ".join([self.outcome, *parts])

    def tail(self) -> str:
        """Return the last lines of the output, long ones cut."""
        return "\n".join(line[:SHOWN_LENGTH] for line in self.output.strip().splitlines()[-SHOWN_LINES:])

    def to_json(self) -> dict[str, Any]:
        """Return the run as JSON."""
        return {
            "trap": self.trap or None,
            "outcome": self.outcome,
            "broken": self.broken,
            "exit_code": self.code,
            "seconds": round(self.seconds, 3),
            "requests": self.requests,
            "duplicates": list(self.duplicates),
            "lost": list(self.lost),
            "output": self.tail(),
        }


class Sweep:
    """Runs a command again and again on one server, each time in a fresh sandbox."""

    def __init__(self, gitlab: MockGitLab, command: Sequence[str], *, user: str, timeout: float) -> None:
        self.gitlab, self.command, self.user, self.timeout = gitlab, list(command), user, timeout

    def run(self, trap: str, without: Run | None = None) -> Run:
        """Run the command in a trap, ``""`` for none, and compare what it did with the run without."""
        with self.gitlab.sandbox(f"sweep-{trap}" if trap else "sweep") as sandbox:
            if trap:
                sandbox.trap(trap)
            before = sandbox.state()
            token = sandbox.token(self.user)
            variables = environment(sandbox.url, token, job_token=find_job_token(sandbox.store))
            code, seconds, output = self._execute({**variables, "MOCKGITLAB_TRAP": trap})
            sandbox.finish()
            effects = effects_of(before, sandbox.state())
            requests = len(sandbox.journal)
        outcome = "hung" if code is None else "failed" if code else "passed"
        base = without.effects if without is not None else effects
        missing = lost(base, effects) if outcome == "passed" else []
        doubled = duplicates(base, effects)
        return Run(trap, outcome, code, seconds, requests, output, effects, tuple(doubled), tuple(missing))

    def _execute(self, variables: dict[str, str]) -> tuple[int | None, float, str]:
        """Return the exit code, nothing when it took too long, the seconds and the output of the command."""
        begin = perf_counter()
        with tempfile.TemporaryFile("w+", errors="replace") as output:
            process = subprocess.Popen(
                self.command,
                env={**os.environ, **variables},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code: int | None = process.wait(self.timeout)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                _end(process)
            output.seek(0)
            return code, perf_counter() - begin, output.read()


def _end(process: "subprocess.Popen[Any]") -> None:
    """End a command with all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
