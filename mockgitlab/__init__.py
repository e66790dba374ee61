"""The GitLab that fits in a test: a stateful fake of GitLab's APIs, served over HTTP.

The public names are imported when first used, so that ``mockgitlab --version`` and pytest's start cost nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockgitlab.decorator import mock_gitlab
    from mockgitlab.scenario.loader import load_scenario
    from mockgitlab.server import MockGitLab, create_app

__version__ = "0.1.0"
__all__ = ["MockGitLab", "__version__", "create_app", "load_scenario", "mock_gitlab"]

_PLACES = {
    "MockGitLab": "mockgitlab.server",
    "create_app": "mockgitlab.server",
    "load_scenario": "mockgitlab.scenario.loader",
    "mock_gitlab": "mockgitlab.decorator",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'mockgitlab' has no attribute {name!r}")
    from importlib import import_module

    from mockgitlab import collector

    with collector.paused():
        return getattr(import_module(_PLACES[name]), name)
