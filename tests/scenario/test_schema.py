import json

import pytest
from jsonschema import Draft202012Validator

from mockgitlab.api.definitions import definitions
from mockgitlab.scenario.loader import load_scenario
from mockgitlab.scenario.problems import ScenarioError
from mockgitlab.scenario.schema import PLACE, scenario_schema
from tests.support import WORLD


def test_the_shipped_schema_is_the_one_derived_from_the_definitions() -> None:
    shipped = json.loads(PLACE.read_text())
    assert shipped == json.loads(json.dumps(scenario_schema(definitions()))), "run python -m mockgitlab.scenario.schema"


def test_the_schema_is_valid_json_schema() -> None:
    Draft202012Validator.check_schema(scenario_schema(definitions()))


def test_a_scenario_that_loads_keeps_to_the_schema() -> None:
    load_scenario(WORLD)
    Draft202012Validator(scenario_schema(definitions())).validate(WORLD)


@pytest.mark.parametrize(
    "wrong",
    [
        {"mockgitlab": 2},
        {},
        {"mockgitlab": 1, "project": []},
        {"mockgitlab": 1, "gitlab": {"errors": "nice"}},
        {"mockgitlab": 1, "users": [{"usernam": "ada"}]},
        {"mockgitlab": 1, "users": [{"username": "ada", "external": "sometimes"}]},
        {"mockgitlab": 1, "stubs": [{"request": {"path": "/x"}, "respond": {}}]},
    ],
)
def test_what_the_schema_refuses_the_loader_refuses_too(wrong: dict[str, object]) -> None:
    assert not Draft202012Validator(scenario_schema(definitions())).is_valid(wrong)
    with pytest.raises(ScenarioError):
        load_scenario(wrong)
