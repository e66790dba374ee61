"""Recorded traffic in pytest: the mark's ``playback``, and the options that record it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockgitlab.server import MockGitLab

MODES = ("none", "once", "new_episodes", "all", "rewrite")
passed = pytest.StashKey[bool]()
"""Whether the test's call went through."""


def add_options(parser: pytest.Parser) -> None:
    """Add the options and the ini value."""
    group = parser.getgroup("mockgitlab")
    text = "none: play recordings (default); once: record where there is none; new_episodes: record what is new; "
    text += "all: record everything; rewrite: record everything anew"
    group.addoption("--mockgitlab-record-mode", choices=MODES, default="none", help=text)
    text = "the GitLab that recordings are made of"
    group.addoption("--mockgitlab-upstream", metavar="URL", default=None, help=text)
    parser.addini("mockgitlab_upstream", text, default="")


def serve(
    request: pytest.FixtureRequest, wanted: Any, scenarios: tuple[Any, ...], options: Mapping[str, Any]
) -> "MockGitLab":
    """Return a running server that plays or records what the mark of a test wants; it ends with the test.

    What was recorded is kept when the test has passed.
    """
    from mockgitlab.playback.episodes import Cassette
    from mockgitlab.server import MockGitLab

    rules = dict(wanted) if isinstance(wanted, Mapping) else {"file": wanted}
    path = _path(request, rules.pop("file", True))
    config = request.config
    upstream = config.getoption("--mockgitlab-upstream") or config.getini("mockgitlab_upstream")
    try:
        cassette = Cassette(path, config.getoption("--mockgitlab-record-mode"), upstream, rules)
    except (ValueError, ModuleNotFoundError) as wrong:
        raise pytest.UsageError(str(wrong)) from None
    server = MockGitLab(*scenarios, **{**options, "playback": cassette.playables}).start()

    def finish() -> None:
        server.stop()
        if request.node.stash.get(passed, False):
            cassette.keep()

    request.addfinalizer(finish)
    return server


def _path(request: pytest.FixtureRequest, file: Any) -> Path:
    """Return the file that is meant: beside the test, or ``recordings/MODULE/TEST.yaml`` there."""
    if file is True:
        name = "".join(letter if letter.isalnum() or letter in "-_[]." else "-" for letter in request.node.name)
        return request.path.parent / "recordings" / request.path.stem / f"{name}.yaml"
    beside = request.path.parent / file
    return Path(file) if not beside.exists() and Path(file).exists() else beside
