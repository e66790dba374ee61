from typing import Any

import pytest

from mockgitlab import dsl
from mockgitlab.dsl.validation import ParamSet
from mockgitlab.errors import InvalidParameters
from mockgitlab.store import Settings


class Planet(dsl.Entity):
    id: int = dsl.serial()
    name: str = dsl.required("The name")
    price: int | None = dsl.readonly(edition="ee")


def anyone(call: dsl.Call) -> None: ...


def by_id(call: dsl.Call, value: str) -> Planet:
    return Planet(id=int(value))


def by_name(call: dsl.Call, value: str) -> Planet:
    return Planet(name=value)


def table() -> dict[str, dsl.Operation]:
    rule = dsl.Rule("anyone", anyone, login=False)
    api = dsl.Api("test", "/api", scopes=lambda method, path: (), anyone=rule, user=rule)
    api.locator("planets/:id")(by_id)

    def show(planet: Planet) -> Planet:
        """Show a planet."""
        return planet

    api.get("planets/:id")(show)
    api.get("planets/:id/moons", locators=(("id", dsl.Locator(by_name)),))(show)
    api.get("planets/:id/exists", unlocated=("id",))(lambda id: True)
    return {operation.path: operation for operation in api.table()}


def located(operation: dsl.Operation) -> Any:
    return [(name, locator.find) for name, locator in operation.locators]


def test_an_operation_may_find_its_record_in_a_way_of_its_own() -> None:
    assert located(table()["planets/:id/moons"]) == [("id", by_name)]


def test_an_operation_without_its_own_way_finds_records_as_its_path_says() -> None:
    assert located(table()["planets/:id"]) == [("id", by_id)]


def test_a_parameter_of_the_path_may_be_a_mere_value() -> None:
    assert located(table()["planets/:id/exists"]) == []


def test_a_field_of_one_edition_is_not_shown_in_the_other() -> None:
    shape = Planet.shape()
    assert shape.compiled(Settings(edition="ee")).names == ["id", "name", "price"]
    assert shape.compiled(Settings(edition="ce")).names == ["id", "name"]


def test_a_computed_property_of_one_edition_is_not_shown_in_the_other() -> None:
    shape = Planet.shape("id").plus(plan=dsl.computed_in(edition="ee")(lambda planet, view: "gold"))
    assert shape.compiled(Settings(edition="ce")).names == ["id"]
    assert shape.compiled(Settings(edition="ee")).names == ["id", "plan"]


def test_parameters_may_be_required_together_or_not_at_all() -> None:
    params = ParamSet([dsl.param("provider"), dsl.param("uid")], [dsl.all_or_none_of("provider", "uid")])
    assert params.read({}) == {}
    assert params.read({"provider": "ldap", "uid": "1"}) == {"provider": "ldap", "uid": "1"}
    with pytest.raises(InvalidParameters, match="provider, uid provide all or none of parameters"):
        params.read({"uid": "1"})
