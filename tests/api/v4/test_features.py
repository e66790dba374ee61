from typing import Any

import pytest

from tests.support import Api, names, refused, seen


@pytest.fixture
def api() -> Api:
    return Api()


def shown(state: str, **gates: Any) -> dict[str, Any]:
    values = [{"key": key, "value": value} for key, value in {"boolean": False, **gates}.items()]
    return {"name": "new_ui", "state": state, "gates": values, "definition": None}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"value": "true"}, shown("on", boolean=True)),
        ({"value": True}, shown("on", boolean=True)),
        ({"value": "false"}, shown("off")),
        ({"value": 0}, shown("off")),
        ({"value": 30}, shown("conditional", percentage_of_time=30)),
        ({"value": "0.5", "key": "percentage_of_actors"}, shown("conditional", percentage_of_actors=0.5)),
        ({"value": 100}, shown("on", percentage_of_time=100)),
        ({"value": "true", "feature_group": "staff"}, shown("conditional", groups=["staff"])),
        ({"value": "true", "user": "ada, bob"}, shown("conditional", actors=["User:2", "User:3"])),
        ({"value": "true", "group": "acme"}, shown("conditional", actors=["Group:1"])),
        ({"value": "true", "namespace": "acme/labs"}, shown("conditional", actors=["Group:2"])),
        ({"value": "true", "project": "acme/rocket"}, shown("conditional", actors=["Project:1"])),
        (
            {"value": "true", "repository": "acme/rocket.git"},
            shown("conditional", actors=["Repository:acme/rocket.git"]),
        ),
        ({"value": "true", "user": "ada", "force": True}, shown("conditional", actors=["User:2"])),
    ],
)
def test_a_flag_is_set(api: Api, given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert seen(api.post("features/new_ui", **given)) == (201, expected)
    assert seen(api.get("features")) == (200, [expected])


def test_gates_add_up_until_the_flag_is_set_for_everybody(api: Api) -> None:
    api.post("features/new_ui", value=20)
    api.post("features/new_ui", value="true", user="ada,bob")
    less = api.post("features/new_ui", value="false", user="ada")
    assert less.json == shown("conditional", actors=["User:3"], percentage_of_time=20)
    assert api.post("features/new_ui", value="false").json == shown("off")


def test_a_flag_is_forgotten_whether_or_not_it_was_set(api: Api) -> None:
    api.post("features/b", value="true")
    api.post("features/a", value="true")
    assert names(api.get("features")) == ["b", "a"]
    assert [api.delete("features/b").status, api.delete("features/b").status] == [204, 204]
    assert names(api.get("features")) == ["a"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"value": "maybe"}, "400 Bad request - Value must be boolean or numeric, got maybe"),
        ({"value": "true", "user": "ada,eve"}, "400 Bad request - eve is not found!"),
        ({"value": "true", "group": "acme/no"}, "400 Bad request - acme/no is not found!"),
        ({"value": "true", "project": "no/no"}, "400 Bad request - no/no is not found!"),
        ({"key": "percentage_of_time"}, '400 (Bad request) "value" not given'),
    ],
)
def test_what_cannot_be_set_is_refused(api: Api, given: dict[str, Any], message: str) -> None:
    assert refused(api.post("features/new_ui", **given)) == message
    assert api.get("features").json == []


def test_a_percentage_is_100_at_most_and_of_everybody(api: Api) -> None:
    assert "less than or equal to 100" in refused(api.post("features/new_ui", value=101))
    both = api.post("features/new_ui", value=10, key="percentage_of_time", user="ada")
    assert seen(both) == (400, {"error": "key, user are mutually exclusive"})


def test_flags_are_for_administrators(api: Api) -> None:
    for method, path in (("GET", "features"), ("POST", "features/x"), ("DELETE", "features/x")):
        assert seen(api.request(method, path, "ada")) == (403, {"message": "403 Forbidden"})
        assert api.request(method, path, None).status == 401
