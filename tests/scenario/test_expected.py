from typing import Any

import pytest

from mockgitlab.scenario.problems import ScenarioError
from tests.support import WORLD, Api


def expecting(*items: object) -> dict[str, object]:
    stub = {"request": {"path": "/x?a=1"}, "response": {}}
    return {"mockgitlab": 1, "stubs": [stub], "expect": list(items)}


def verified(api: Api) -> Any:
    return api.server.app.test_client().get("/_mockgitlab/verify").json


def test_what_a_scenario_expects_is_verified() -> None:
    api = Api(WORLD, expecting({"on": "POST /projects/:id/issues", "times": 1, "json": {"title": {"regex": "^It"}}}))
    before = verified(api)
    assert before["ok"] is False
    assert before["unused_stubs"] == ["GET /x?a=1"]
    assert before["expectations"][0]["told"].endswith("no request came at all")
    with pytest.raises(AssertionError, match="it came never\nno request came at all\nunused stub: GET"):
        api.server.verify()
    api.post("projects/1/issues", title="It explodes")
    api.server.verify()
    api.server.app.test_client().get("/x?a=1")
    [verdict] = (after := verified(api))["expectations"]
    assert (after["ok"], after["unused_stubs"]) == (True, [])
    assert (verdict["met"], verdict["count"], verdict["requests"]) == (True, 1, [1])


def test_each_sandbox_is_verified_for_itself() -> None:
    api = Api(WORLD, expecting({"on": "GET /user"}), prefix="")
    box = api.server.sandbox("box")
    api.get("/@box/api/v4/user")
    box.verify()
    with pytest.raises(AssertionError):
        api.server.verify()


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (
            {"on": "POST /project/:id/issues"},
            "expect[0].on: there is no operation POST /project/:id/issues; did you mean",
        ),
        ({"on": "nothing"}, "expect[0]: 'nothing' names no request"),
        ({}, "expect[0]: 'None' names no request"),
        ({"on": "GET /user", "tiems": 1}, "expect[0].tiems: is not a key known here; did you mean 'times'?"),
        ({"on": "GET /user", "times": "x"}, "expect[0]: times must be a whole number"),
        ("GET /user", "expect[0]: must be a mapping of on, times"),
    ],
)
def test_a_wrong_expectation_is_told_with_its_place(item: object, text: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        Api(expecting(item))
    assert text in str(raised.value)


def test_expectations_must_be_a_list() -> None:
    with pytest.raises(ScenarioError, match="expect: must be a list, not"):
        Api({"mockgitlab": 1, "expect": {"on": "GET /user"}})
