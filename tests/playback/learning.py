"""What the tests of learning share: a session recorded against a GitLab, learned from, and replayed."""

from pathlib import Path
from typing import Any

from mockgitlab import MockGitLab
from mockgitlab.api.definitions import definitions
from mockgitlab.cli_learn import replay
from mockgitlab.playback.exchange import Exchange
from mockgitlab.playback.learn import Learned, learn
from mockgitlab.playback.recording import Recording
from tests.playback.exchanges import recorded
from tests.playback.rig import recorder

ROOT = Path(__file__).parents[2]
ROCKET = "/api/v4/projects/acme%2Frocket"
Call = tuple[str, str] | tuple[str, str, dict[str, Any]]


def session(path: Path, scenario: Any, calls: list[Call], token: str = "ada-token") -> Recording:
    """Record calls to a GitLab of a scenario."""
    with recorder(MockGitLab(scenario).gateway, path) as rig:
        for method, target, *body in calls:
            rig.call(method, target, headers={"PRIVATE-TOKEN": token}, json=body[0] if body else None)
    return Recording(path)


def learned_of(path: Path, *exchanges: Exchange) -> Learned:
    """Return what is learned from exchanges."""
    return learn(recorded(path, *exchanges), definitions())


def differences(recording: Recording, learned: Learned) -> dict[str, list[str]]:
    """Return how a recording replayed on what was learned from it differs, by request."""
    return {one.request: list(map(str, one.differences)) for one in replay(recording, learned) if one.differences}
