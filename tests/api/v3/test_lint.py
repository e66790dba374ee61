"""Linting configurations that are of no project."""

from typing import Any

import pytest

from tests.api.v3.ci_world import api_with
from tests.support import Api, seen

NO_CONTENT = {"status": "invalid", "errors": ["Please provide content of .gitlab-ci.yml"]}


@pytest.fixture(scope="module")
def api() -> Api:
    """A world that the tests only read."""
    return api_with()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("job: {script: make}", {"status": "valid", "errors": []}),
        (" ", NO_CONTENT),
        (
            "stages: x\nvariables: y\njob: {}",
            {"status": "invalid", "errors": ["variables config should be a hash"]},
        ),
    ],
)
def test_the_first_error_is_told_to_anybody(api: Api, content: str, found: dict[str, Any]) -> None:
    assert seen(api.post("ci/lint", None, content=content)) == (200, found)


def test_content_is_needed(api: Api) -> None:
    assert seen(api.post("ci/lint", None)) == (400, {"message": '400 (Bad request) "content" not given'})
