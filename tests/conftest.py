import pytest

from tests.support import Api


@pytest.fixture
def api() -> Api:
    return Api()
