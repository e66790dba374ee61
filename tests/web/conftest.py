import pytest

from tests.web.zoo import Zoo


@pytest.fixture
def zoo() -> Zoo:
    return Zoo()
