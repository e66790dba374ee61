"""What pytest's ``--mockgitlab-report`` writes: what the worlds of all tests have to tell, of xdist's workers too."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mockgitlab.report.account import account_lines, account_of
from mockgitlab.report.exchange import lookup_in
from mockgitlab.report.formats import format_of
from mockgitlab.report.summary import Summary, summarise

if TYPE_CHECKING:
    from mockgitlab.server import MockGitLab
    from mockgitlab.web.worlds import World

JOURNAL = ".jsonl"
"""The suffix of a saved journal, which ``mockgitlab report`` reads."""
WORKER_OUTPUT = "mockgitlab"
Worlds = Callable[[pytest.Item], Iterable[tuple["MockGitLab", "World"]]]


class Reporter:
    """A plugin of pytest that gathers after each test and writes at the end; ``worlds`` are those of a test."""

    def __init__(self, config: pytest.Config, paths: Sequence[str], worlds: Worlds) -> None:
        self._config, self._worlds = config, worlds
        self._paths = [Path(config.invocation_params.dir, path) for path in paths]
        for path in self._paths:
            if not path.name.endswith(JOURNAL):
                format_of(path)
        self._told: list[dict[str, Any]] = []
        self._summary: Summary | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Gather what the worlds of a test have to tell, before they are gone."""
        from mockgitlab.web.accounts import told_by

        for server, world in self._worlds(item):
            name = item.nodeid + (f" @{world.name}" if world.name else "")
            self._told.append(told_by(server.gateway, world, name))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker gathered; one that crashed has nothing to give."""
        self._told += json.loads(getattr(node, "workeroutput", {}).get(WORKER_OUTPUT, "[]"))

    def pytest_sessionfinish(self) -> None:
        """Write the reports, or hand what was gathered to the process that does."""
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[WORKER_OUTPUT] = json.dumps(self._told)
        else:
            self._write()

    def _write(self) -> None:
        from mockgitlab.api.definitions import definitions

        tables = definitions().tables
        lookup = lookup_in(tables)
        self._told.sort(key=lambda told: str(told["name"]))
        self._summary = summarise([account_of(told, lookup) for told in self._told], tables)
        for path in self._paths:
            if path.name.endswith(JOURNAL):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("".join(map(account_lines, self._told)), encoding="utf-8")
            else:
                self._summary.write(path)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say what was written."""
        if self._summary is not None:
            written = ", ".join(map(str, self._paths))
            terminalreporter.write_sep("-", f"mockgitlab: {self._summary.verdict()}; written to {written}")
