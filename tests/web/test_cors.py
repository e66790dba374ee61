"""Browsers of another origin."""

from typing import Any

import pytest

from mockgitlab.web.cors import EXPOSED
from tests.web.zoo import Zoo

ORIGIN = {"Origin": "http://app.test"}
PREFLIGHT = {**ORIGIN, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "private-token"}
ALLOWED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
    "Access-Control-Expose-Headers": EXPOSED,
    "Access-Control-Max-Age": "7200",
}


def told(answer: Any) -> dict[str, str]:
    return {name: value for name, value in answer.headers if name.startswith("Access-Control")}


@pytest.mark.parametrize("path", ["keepers/1/animals/1", "unknown"])
def test_a_preflight_is_answered_whatever_the_path(zoo: Zoo, path: str) -> None:
    answer = zoo.call("OPTIONS", path, headers=PREFLIGHT)
    assert (answer.status_code, answer.data, answer.headers["Vary"]) == (200, b"", "Origin")
    assert "Content-Type" not in answer.headers
    assert "Allow" not in answer.headers
    assert told(answer) == {**ALLOWED, "Access-Control-Allow-Headers": "private-token"}


def test_options_without_a_method_is_no_preflight(zoo: Zoo) -> None:
    answer = zoo.call("OPTIONS", "keepers/1/animals/1", headers=ORIGIN)
    assert (answer.status_code, answer.headers["Allow"]) == (204, "DELETE, GET, HEAD, OPTIONS, PUT")
    assert told(answer) == ALLOWED


@pytest.mark.parametrize("path", ["keepers/1/animals", "unknown", "me"])
def test_every_answer_may_be_read_and_its_headers_too(zoo: Zoo, path: str) -> None:
    assert told(zoo.get(path, headers=ORIGIN)) == ALLOWED
    assert told(zoo.get(path)) == {}


def test_the_instance_itself_may_send_its_cookie(zoo: Zoo) -> None:
    own = {"Access-Control-Allow-Origin": "http://localhost", "Access-Control-Allow-Credentials": "true"}
    assert told(zoo.get("keepers/1/animals", headers={"Origin": "http://localhost"})) == {**ALLOWED, **own}
