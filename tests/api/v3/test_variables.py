"""Secret variables of projects: a name and a value."""

from typing import Any

import pytest

from tests.api.v3.ci_world import api_with
from tests.support import Api, seen

AT = "projects/1/variables"
VARIABLES: list[dict[str, Any]] = [{"key": "A", "value": "x"}, {"key": "A", "value": "y", "environment_scope": "prod"}]


@pytest.fixture
def api() -> Api:
    return api_with(variables=VARIABLES)


def test_variables_are_listed_and_shown(api: Api) -> None:
    assert seen(api.get(AT, "ada")) == (200, [{"key": "A", "value": "x"}, {"key": "A", "value": "y"}])
    assert seen(api.get(f"{AT}/A", "ada")) == (200, {"key": "A", "value": "x"})
    assert seen(api.get(f"{AT}/B", "ada")) == (404, {"message": "404 Variable Not Found"})


def test_a_variable_is_added_changed_and_deleted(api: Api) -> None:
    assert seen(api.post(AT, "ada", key="B", value="1")) == (201, {"key": "B", "value": "1"})
    assert seen(api.put(f"{AT}/B", "ada", value="2")) == (200, {"key": "B", "value": "2"})
    assert seen(api.put(f"{AT}/B", "ada")) == (200, {"key": "B", "value": "2"})
    assert seen(api.delete(f"{AT}/B", "ada")) == (200, {"key": "B", "value": "2"})
    assert seen(api.delete(f"{AT}/B", "ada")) == (404, {"message": "404 Variable Not Found"})


def test_a_variable_needs_a_key_of_its_own_and_a_value(api: Api) -> None:
    assert seen(api.post(AT, "ada", value="1")) == (400, {"message": '400 (Bad request) "key" not given'})
    assert seen(api.post(AT, "ada", key="B")) == (400, {"message": '400 (Bad request) "value" not given'})
    taken = api.post(AT, "ada", key="A", value="1", environment_scope="other")
    assert seen(taken) == (400, {"message": {"key": ["has already been taken"]}})
    wrong = api.post(AT, "ada", key="a-b", value="1")
    assert seen(wrong) == (400, {"message": {"key": ["can contain only letters, digits and '_'."]}})


@pytest.mark.parametrize("call", [("GET", AT), ("GET", f"{AT}/none"), ("PUT", f"{AT}/A"), ("DELETE", f"{AT}/A")])
def test_variables_are_for_masters(api: Api, call: tuple[str, str]) -> None:
    assert seen(api.request(*call, "bob")) == (403, {"message": "403 Forbidden"})
    assert seen(api.request(*call, None)) == (401, {"message": "401 Unauthorized"})
