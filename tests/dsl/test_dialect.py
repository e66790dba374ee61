from functools import partial
from typing import Any

import pytest

from mockgitlab import dsl
from mockgitlab.errors import ApiError, BadRequest, Conflict, MissingParameters, NotFound, ValidationFailed
from mockgitlab.store import Settings


class Owner(dsl.Entity):
    id: int = dsl.serial()
    name: str = dsl.required("The name")
    street: str = dsl.optional("The street", default="Main Street")


class Dog(dsl.Entity):
    id: int = dsl.serial()
    owner_id: int = dsl.reference("Owner")

    @dsl.computed
    def owner(self, view: dsl.View) -> dict[str, Any] | None:
        return view.one(OWNER, view.store[Owner].get(self.owner_id))


OWNER, DOG = Owner.shape("id", "name", "street"), Dog.shape("id", "owner")


@pytest.fixture
def store() -> dsl.Store:
    store = dsl.Store()
    store.insert(Owner(name="Ada"))
    store.insert(Dog(owner_id=1))
    return store


def test_an_api_shows_other_shapes_wherever_they_occur(store: dsl.Store) -> None:
    dialect = dsl.Dialect()
    dialect.show({OWNER: OWNER.only("name", "id")})
    view = dsl.View(store, "http://here", dialect=dialect)
    assert view.one(OWNER, store[Owner][1]) == {"name": "Ada", "id": 1}
    assert view.one(DOG, store[Dog][1]) == {"id": 1, "owner": {"name": "Ada", "id": 1}}


def test_what_is_remembered_of_a_record_is_remembered_for_each_api(store: dsl.Store) -> None:
    dialect = dsl.Dialect()
    dialect.show({OWNER: OWNER.only("name")})
    older = dsl.View(store, "http://here", dialect=dialect)
    newer = dsl.View(store, "http://here")
    texts = [view.body(DOG, store[Dog][1]).data.decode() for view in (older, newer, older)]
    assert texts[0] == texts[2] == '{"id":1,"owner":{"name":"Ada"}}'
    assert texts[1] == '{"id":1,"owner":{"id":1,"name":"Ada","street":"Main Street"}}'


def test_the_operations_of_an_api_speak_its_dialect(store: dsl.Store) -> None:
    dialect = dsl.Dialect()
    dialect.show({OWNER: OWNER.only("name")})
    rule = dsl.Rule("anyone", lambda call: None, login=False)
    api = dsl.Api("old", "/old", scopes=lambda method, path: (), anyone=rule, user=rule, dialect=dialect)
    api.get("dogs")(lambda: None)
    call = dsl.Call(api.table()[0], store, "http://here", {}, {}, {})
    assert call.view().one(OWNER, store[Owner][1]) == {"name": "Ada"}


def test_refusals_are_reworded_with_those_below_them() -> None:
    dialect = dsl.Dialect()
    dialect.say({BadRequest: lambda error: Conflict(f"no: {error.message}")})
    error = ValidationFailed({"name": ["is bad"]}, reason="because")
    error.headers["RateLimit-Limit"] = "1"
    other = dialect.reworded(error)
    assert (other.status, other.message) == (409, "no: {'name': ['is bad']}")
    assert (other.reason, other.headers) == ("because", {"RateLimit-Limit": "1"})


def test_the_nearest_rewording_is_taken_and_other_refusals_stay() -> None:
    dialect = dsl.Dialect()
    dialect.say({ApiError: lambda error: Conflict("any"), BadRequest: lambda error: Conflict("bad")})
    assert dialect.reworded(ValidationFailed({})).message == "bad"
    assert dialect.reworded(NotFound("Dog")).message == "any"
    refusal = NotFound("Dog")
    assert dsl.Dialect().reworded(refusal) is refusal


@pytest.mark.parametrize("blank", ["", None])
def test_empty_counts_as_missing_where_that_is_documented(blank: Any) -> None:
    rule = dsl.Rule("anyone", lambda call: None, login=False)
    dialect = dsl.Dialect(blank_is_missing=True)
    api = dsl.Api("old", "/old", scopes=lambda method, path: (), anyone=rule, user=rule, dialect=dialect)
    api.post("dogs", params=[dsl.param("name", required=True), dsl.param("nick")])(lambda: None)
    operation = api.table()[0]
    with pytest.raises(MissingParameters):
        operation.read({"name": blank}, Settings())
    assert operation.read({"name": "Rex", "nick": blank}, Settings()) == {"name": "Rex", "nick": blank}
    if blank == "":
        assert operation.read({"name": blank}, Settings(errors="observed")) == {"name": ""}


def test_a_shape_can_be_cut_down_and_its_properties_renamed(store: dsl.Store) -> None:
    shape = OWNER.renaming(street="road").only("road", "name")
    view = dsl.View(store, "http://here")
    assert list(shape.render(store[Owner][1], view).items()) == [("road", "Main Street"), ("name", "Ada")]
    with pytest.raises(KeyError, match="the shape Owner has no street"):
        shape.only("street")


def test_tables_are_made_when_they_are_first_asked_for() -> None:
    made: list[str] = []

    def make(name: str) -> tuple[dsl.Operation, ...]:
        made.append(name)
        return ()

    tables = dsl.Tables({"new": partial(make, "new"), "old": partial(make, "old")})
    assert (list(tables), len(tables), made) == (["new", "old"], 2, [])
    assert (tables["new"], tables["new"], made) == ((), (), ["new"])
    with pytest.raises(KeyError):
        tables["other"]
