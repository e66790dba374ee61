"""Forms name the method that they mean, as those of browsers must."""

import pytest

from tests.support import WORLD, Api


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.mark.parametrize("named", ["PUT", "put", "Put"])
def test_a_form_that_is_posted_names_its_method(api: Api, named: str) -> None:
    answer = api.form("POST", "projects/1", _method=named, description="To the moon")
    assert (answer.status, answer.json["description"]) == (200, "To the moon")
    assert api.form("POST", "projects/1", _method="delete").status == 202


def test_a_header_names_the_method_of_any_post(api: Api) -> None:
    answer = api.request("POST", "projects/1", "root", headers={"X-HTTP-Method-Override": "PUT"}, description="x")
    assert (answer.status, answer.json["description"]) == (200, "x")
    assert api.form("POST", "projects/1", _method="DELETE", description="x").status == 202


@pytest.mark.parametrize("named", ["", "MOVE", "TRACE"])
def test_what_is_no_method_names_none(api: Api, named: str) -> None:
    assert api.form("POST", "projects/1", _method=named).status == 405
    assert api.request("POST", "projects/1", "root", headers={"X-HTTP-Method-Override": named}).status == 405


def test_nothing_else_names_a_method(api: Api) -> None:
    assert api.post("projects/1", _method="PUT").status == 405
    assert api.form("PUT", "projects/1", _method="DELETE", description="x").status == 200
    assert api.request("GET", "projects/1", "root", _method="DELETE").status == 200


def test_a_form_that_is_too_large_or_cannot_be_read_is_refused_as_any_other() -> None:
    api = Api({**WORLD, "gitlab": {"limits": {"body_bytes": 40}}})
    assert api.form("POST", "projects", _method="PUT", name="x" * 40).status == 413
    answer = api.form("POST", "projects/1", **{"_method": "PUT", "a": "1", "a[b]": "2"})
    assert answer.status == 405
