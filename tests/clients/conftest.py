"""A world on a socket, and python-gitlab, git and curl connected to it as anybody.

The world is that of scenarios/team.yaml, unless a file marks its tests with ``mockgitlab(scenario=...)``; in each there
are an administrator root, and ada and bob, who work on the project acme/rocket.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import gitlab
import pytest

from mockgitlab import MockGitLab
from tests.clients import curl_rig, git_rig
from tests.clients.python_gitlab_rig import Connect

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture
def mockgitlab_scenario() -> str:
    return str(SCENARIOS / "team.yaml")


@pytest.fixture
def connect(mockgitlab: MockGitLab) -> Iterator[Connect]:
    """Return a function that connects as a person of the scenario, or with what the client is given."""
    with ExitStack() as open_clients:

        def as_(username: str | None = None, **options: Any) -> Any:
            if username:
                options["private_token"] = mockgitlab.token(username)
            url = options.pop("url", mockgitlab.url)
            return open_clients.enter_context(gitlab.Gitlab(url, **options))

        yield as_


@pytest.fixture
def root(connect: Connect) -> Any:
    return connect("root")


@pytest.fixture
def ada(connect: Connect) -> Any:
    return connect("ada")


@pytest.fixture
def bob(connect: Connect) -> Any:
    return connect("bob")


@pytest.fixture
def rocket(ada: Any) -> Any:
    """The project acme/rocket, as ada sees it."""
    return ada.projects.get("acme/rocket")


@pytest.fixture
def clone(mockgitlab: MockGitLab, tmp_path: Path) -> git_rig.Git:
    """The repository of acme/rocket, as bob cloned it."""
    return git_rig.clone_of(mockgitlab, tmp_path)


@pytest.fixture
def curl(mockgitlab: MockGitLab) -> curl_rig.Curl:
    """Return a function that calls a path below /api/v4 with curl's options, as ada unless told otherwise."""

    def call(path: str, *options: str, token: tuple[str, ...] = curl_rig.ADA) -> curl_rig.Answer:
        return curl_rig.call(f"{mockgitlab.url}/api/v4/{path}", *token, *options)

    return call
