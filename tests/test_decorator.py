"""The decorator, on functions of every kind and on classes."""

import asyncio
import inspect
import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests

from mockgitlab import MockGitLab, mock_gitlab
from mockgitlab.api.models.user import User
from tests.support import WORLD


def is_ready(gitlab: MockGitLab) -> bool:
    with urllib.request.urlopen(f"{gitlab.url}/_mockgitlab/ready") as answer:
        return bool(answer.status == 200)


@mock_gitlab(WORLD)
def test_a_decorated_test_gets_the_server_and_its_fixtures(tmp_path: Path, gitlab: MockGitLab) -> None:
    assert tmp_path.exists()
    assert is_ready(gitlab)


@mock_gitlab(WORLD)
def test_the_argument_that_is_annotated_is_the_server_wherever_it_stands(gl: MockGitLab, tmp_path: Path) -> None:
    assert tmp_path.exists()
    assert is_ready(gl)


@mock_gitlab(WORLD, intercept="https://gitlab.com")
def test_a_function_without_arguments_is_given_none() -> None:
    assert requests.get("https://gitlab.com/api/v4/projects", timeout=5).json()[0]["path"] == "source"


@pytest.mark.parametrize("number", [1, 2])
@mock_gitlab(WORLD)
def test_a_decorated_test_may_be_parametrized(number: int, gl: "MockGitLab") -> None:
    assert number in (1, 2)
    assert is_ready(gl)


@pytest.fixture
@mock_gitlab(WORLD)
def served(gl: MockGitLab) -> Iterator[MockGitLab]:
    yield gl
    assert is_ready(gl)


def test_a_decorated_fixture_serves_until_the_test_is_over(served: MockGitLab) -> None:
    assert is_ready(served)


@mock_gitlab(WORLD)
class TestClass:
    """Each of its tests has a server of its own."""

    ready = is_ready

    def setup_method(self) -> None:
        self.made = True

    @pytest.fixture
    def number(self) -> int:
        return 5

    def test_a_method_gets_the_server_and_its_fixtures(self, number: int, gl: MockGitLab) -> None:
        assert (number, self.made) == (5, True)
        assert is_ready(gl)

    def test_a_method_may_do_without_the_server(self) -> None:
        assert self.made

    @staticmethod
    def test_a_static_method_gets_it_too(gl: MockGitLab) -> None:
        assert is_ready(gl)


def test_a_decorated_function_gets_the_server_last() -> None:
    @mock_gitlab(WORLD)
    def count(first: int, gitlab: Any) -> tuple[int, int]:
        """Count."""
        return first, gitlab.store[User].all().count()

    call: Any = count
    assert call(5) == call(first=5) == (5, 6)
    assert (call.__name__, call.__doc__) == ("count", "Count.")
    assert list(inspect.signature(call).parameters) == ["first"]


def test_a_decorated_coroutine_is_served_until_it_ends() -> None:
    @mock_gitlab(WORLD)
    async def ready(gitlab: MockGitLab) -> int:
        async with httpx.AsyncClient() as client:
            await asyncio.sleep(0)
            return (await client.get(f"{gitlab.url}/_mockgitlab/ready")).status_code

    call: Any = ready
    assert asyncio.run(call()) == 200


def test_a_decorated_asynchronous_generator_is_served_until_it_ends() -> None:
    @mock_gitlab(WORLD)
    async def twice(gitlab: MockGitLab) -> AsyncIterator[bool]:
        yield is_ready(gitlab)
        yield is_ready(gitlab)

    async def collect() -> list[bool]:
        call: Any = twice
        return [one async for one in call()]

    assert asyncio.run(collect()) == [True, True]
