import pytest

from mockgitlab.scenario.problems import ScenarioError
from tests.support import WORLD, Api, refused, seen

AT = "admin/ci/variables"
SHOWN = {
    "variable_type": "env_var",
    "key": "HOST",
    "value": "a.example",
    "protected": False,
    "masked": False,
    "raw": False,
    "description": None,
}


def test_a_variable_is_made_shown_changed_and_deleted(api: Api) -> None:
    assert seen(api.get(AT)) == (200, [])
    assert seen(api.post(AT, key="HOST", value="a.example", environment_scope="x")) == (201, SHOWN)
    assert seen(api.get(f"{AT}/HOST")) == (200, SHOWN)
    changed = {**SHOWN, "value": "longenough", "masked": True, "description": "d"}
    assert seen(api.put(f"{AT}/HOST", value="longenough", masked=True, description="d")) == (200, changed)
    assert api.get(AT).json == [changed]
    assert api.delete(f"{AT}/HOST").status == 204
    assert seen(api.get(f"{AT}/HOST")) == (404, {"message": "404 InstanceVariable Not Found"})


def test_variables_of_the_instance_are_for_administrators(api: Api) -> None:
    assert [seen(api.get(AT, who))[0] for who in ("ada", None)] == [403, 401]
    assert api.post(AT, "ada").status == 403
    assert api.delete(f"{AT}/HOST", "ada").status == 403


def test_what_is_no_variable(api: Api) -> None:
    api.post(AT, key="HOST", value="x")
    assert refused(api.post(AT, key="HOST", value="x")) == {"key": ["(HOST) has already been taken"]}
    told = {"value": ["The value of the provided variable exceeds the 10000 character limit"]}
    assert refused(api.post(AT, key="LONG", value="x" * 10_001)) == told
    assert refused(api.put(f"{AT}/HOST", value="x" * 10_001)) == told
    assert api.post("projects/1/variables", "ada", key="LONG", value="x" * 10_001).status == 201


def test_an_instance_has_25_variables_at_most() -> None:
    known = [{"key": "HOST{n}", "value": "x", "repeat": 25}]
    api = Api({**WORLD, "variables": known})
    told = {"base": ["Maximum number of ci instance level variables (25) exceeded"]}
    assert refused(api.post(AT, key="HOST", value="x")) == told
    with pytest.raises(ScenarioError, match="Maximum number of ci instance level variables"):
        Api({**WORLD, "variables": [{**known[0], "repeat": 26}]})


def test_descriptions_are_younger_than_the_page() -> None:
    api = Api({**WORLD, "gitlab": {"version": "16.7.0"}})
    made = api.post(AT, key="HOST", value="a.example", description="d").json
    assert made == {name: value for name, value in SHOWN.items() if name != "description"}
