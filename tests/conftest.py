from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.receiver import Receiver
from tests.support import Api

# How long a test takes is measured by the bench, never judged by a test: the machine may be busy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def api(request: pytest.FixtureRequest) -> Api:
    """A client of the tests' world, or of the one that the mark ``mockgitlab(scenario=...)`` of a file or test says."""
    mark = request.node.get_closest_marker("mockgitlab")
    return Api(mark.kwargs["scenario"]) if mark else Api()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver of webhooks."""
    with Receiver() as one:
        yield one
