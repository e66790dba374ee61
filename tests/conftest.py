import pytest
from hypothesis import settings

from tests.support import Api

# How long a test takes is measured by the bench, never judged by a test: the machine may be busy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def api() -> Api:
    return Api()
