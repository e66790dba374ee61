"""The pytest plugin: a fake GitLab for each test, from one server a session.

    def test_issue(mockgitlab):
        gl = gitlab.Gitlab(mockgitlab.url, private_token=mockgitlab.token("ada"))

    @pytest.mark.mockgitlab(scenario="scenarios/other.yaml")
    def test_other(mockgitlab): ...

What a scenario is taken from, the nearest first: the mark, the fixture ``mockgitlab_scenario`` (override it), the
option ``--mockgitlab-scenario``, the ini value ``mockgitlab_scenario``; without any, a fresh instance.
"""

import os
import traceback
import warnings
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mockgitlab import pytest_playback

if TYPE_CHECKING:
    from mockgitlab.server import MockGitLab
    from mockgitlab.web.worlds import World

Make = Callable[..., "MockGitLab"]
MARK_KEYS = ("scenario", "faults", "traps", "strict", "max_requests", "playback")
REFUSED_AT_MOST = 20
"""How many refused requests the report of a failed test lists."""
_servers = pytest.StashKey[list["MockGitLab"]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option and the ini value."""
    text = "the scenario that the fixture mockgitlab serves"
    group = parser.getgroup("mockgitlab")
    group.addoption("--mockgitlab-scenario", metavar="PATH", default=None, help=text)
    told = "write what the client did to this file: .xml (JUnit), .json, .md, .html, .txt, .pact.json or .jsonl"
    group.addoption("--mockgitlab-report", metavar="PATH", action="append", default=[], help=told)
    parser.addini("mockgitlab_scenario", f"{text}, relative to the rootdir", default="")
    pytest_playback.add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark, and what writes a report."""
    config.addinivalue_line(
        "markers",
        "mockgitlab(scenario=, faults=, traps=, strict=, max_requests=, playback=): what mockgitlab serves, and how",
    )
    if paths := config.getoption("--mockgitlab-report"):
        _report_to(config, paths)


def _report_to(config: pytest.Config, paths: list[str]) -> None:
    from mockgitlab.pytest_report import Reporter

    try:
        config.pluginmanager.register(Reporter(config, paths, _worlds), "mockgitlab-report")
    except ValueError as wrong:
        raise pytest.UsageError(f"--mockgitlab-report: {wrong}") from None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Fail the test during which the server itself failed, or whose client did not do what the scenario expects."""
    try:
        result = yield
    except BaseException:
        for error in _errors(item):
            item.add_report_section("call", "mockgitlab", "".join(traceback.format_exception(error)))
        if refused := _refused(item):
            item.add_report_section("call", "mockgitlab", refused)
        raise
    for error in _errors(item):
        raise error
    _verify(item)
    item.stash[pytest_playback.passed] = True
    return result


def _worlds(item: pytest.Item) -> Iterator[tuple["MockGitLab", "World"]]:
    """Yield the worlds of a test in which anything happened, its sandboxes too."""
    for server in item.stash.get(_servers, []):
        yield from ((server, world) for world in server.worlds.used())


def _errors(item: pytest.Item) -> list[BaseException]:
    return [error for server in item.stash.get(_servers, []) for error in server.errors]


def _verify(item: pytest.Item) -> None:
    """Fail a passed test during which something did not happen that its scenario expects."""
    found = [world.verify() for _, world in _worlds(item)]
    told = [one.told() for one in found if not one.ok]
    for text in [text for one in found if one.ok for text in one.findings]:
        warnings.warn(f"mockgitlab: {text}", stacklevel=1)
    if told:
        pytest.fail("\n".join(told), pytrace=False)


def _refused(item: pytest.Item) -> str:
    """List the requests of the test that were refused, each with the reason."""
    worlds = list(_worlds(item))
    lines = [f"{world.name and f'@{world.name} '}{entry}" for _, world in worlds for entry in world.journal.refused()]
    more = [f"... and {len(lines) - REFUSED_AT_MOST} more"] if len(lines) > REFUSED_AT_MOST else []
    return "\n".join([f"refused requests: {len(lines)}", *lines[:REFUSED_AT_MOST], *more]) if lines else ""


@pytest.fixture(scope="session")
def mockgitlab_config() -> Mapping[str, Any]:
    """Return options for ``MockGitLab`` (``host``, ``intercept``, ``journal_max`` ...); override it to set some."""
    return {}


@pytest.fixture
def mockgitlab_scenario(request: pytest.FixtureRequest) -> Any:
    """Return the scenario of the test: a path, a mapping, a list of them, or nothing; override it to choose."""
    option = request.config.getoption("--mockgitlab-scenario")
    ini = request.config.getini("mockgitlab_scenario")
    return option or (str(request.config.rootpath / ini) if ini else None)


@pytest.fixture(scope="session")
def _mockgitlab_servers(mockgitlab_config: Mapping[str, Any]) -> Iterator[Callable[[tuple[Any, ...]], "MockGitLab"]]:
    from mockgitlab.server import MockGitLab

    running: dict[str, MockGitLab] = {}

    def serve(scenarios: tuple[Any, ...]) -> MockGitLab:
        key = repr(scenarios)
        if key not in running:
            running[key] = MockGitLab(*scenarios, **_with_traps(mockgitlab_config)).start()
        return running[key]

    yield serve
    for server in running.values():
        server.stop()


@pytest.fixture
def mockgitlab(
    request: pytest.FixtureRequest,
    mockgitlab_scenario: Any,
    mockgitlab_config: Mapping[str, Any],
    _mockgitlab_servers: Callable[[tuple[Any, ...]], "MockGitLab"],
) -> "MockGitLab":
    """Return a running fake GitLab, as its scenario was loaded.

    It has ``url``, ``token("ada")``, ``reset()``, ``advance("2h")``.
    """
    marked = _marked(request.node)
    scenario = _beside(request, marked["scenario"]) if "scenario" in marked else mockgitlab_scenario
    scenarios = () if scenario is None else tuple(scenario) if isinstance(scenario, (list, tuple)) else (scenario,)
    if marked.get("playback"):
        server = pytest_playback.serve(request, marked["playback"], scenarios, mockgitlab_config)
    else:
        server = _mockgitlab_servers(scenarios)
    server.reset()
    server.worlds.keep_dropped()
    server.trap(*marked.get("traps", ()))
    for fault in marked.get("faults", ()):
        server.fault(**fault)
    server.world.strict = marked.get("strict", server.world.strict)
    server.world.max_requests = marked.get("max_requests", server.world.max_requests)
    request.node.stash.setdefault(_servers, []).append(server)
    return server


def _with_traps(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options with the traps that the environment names: ``mockgitlab sweep`` does, for the command it runs."""
    named = [name for name in os.environ.get("MOCKGITLAB_TRAP", "").split(",") if name]
    return {**options, "traps": [*options.get("traps", ()), *named]}


def _marked(node: pytest.Item) -> dict[str, Any]:
    """Return what the marks of a test say together: that of the test before those of its class and its module."""
    said: dict[str, Any] = {}
    for mark in node.iter_markers("mockgitlab"):
        unknown = [*map(repr, mark.args), *(key for key in mark.kwargs if key not in MARK_KEYS)]
        if unknown:
            raise pytest.UsageError(f"the mark mockgitlab takes {', '.join(MARK_KEYS)}, not {', '.join(unknown)}")
        said = {**mark.kwargs, **said}
    if said.get("strict", "warn") not in ("warn", "fail"):
        raise pytest.UsageError(f"strict of the mark mockgitlab is warn or fail, not {said['strict']!r}")
    return said


def _beside(request: pytest.FixtureRequest, scenario: Any) -> Any:
    """Return the scenario that a mark names: a file beside the test if there is one."""
    beside = request.path.parent / scenario if isinstance(scenario, (str, Path)) else None
    return str(beside) if beside is not None and beside.exists() else scenario


@pytest.fixture
def make_mockgitlab(request: pytest.FixtureRequest) -> Iterator[Make]:
    """Return a function that starts further fake GitLabs: ``make_mockgitlab("a.yaml")``.

    They are stopped at the end of the test.
    """
    from mockgitlab.server import MockGitLab

    made: list[MockGitLab] = request.node.stash.setdefault(_servers, [])
    started: list[MockGitLab] = []

    def make(*scenarios: Any, **options: Any) -> MockGitLab:
        server = MockGitLab(*scenarios, **_with_traps(options)).start()
        server.worlds.keep_dropped()
        made.append(server)
        started.append(server)
        return server

    yield make
    for server in started:
        server.stop()
