from typing import Any

import pytest

from mockgitlab import dsl
from mockgitlab.dsl import DefinitionError
from mockgitlab.errors import InvalidParameters, MissingParameters
from mockgitlab.store import Query, Settings


class Cat(dsl.Entity):
    id: int = dsl.serial()
    name: str = dsl.required("The name")
    coat: str = dsl.optional("The coat", default="plain")


CAT = Cat.shape("id", "name", "coat")
ANYONE = dsl.Rule("anyone", lambda call: None, login=False)
USER = dsl.Rule("user", lambda call: None)
COATS = {1: "plain", 2: "striped"}


def make(name: str, **options: Any) -> dsl.Api:
    return dsl.Api(name, f"/api/{name}", scopes=lambda method, path: (), **{"anyone": ANYONE, "user": USER, **options})


@pytest.fixture
def new() -> dsl.Api:
    """The newer API: it lists, makes, changes and deletes cats."""
    api = make("new")

    @api.get("cats", shape=CAT, filters=[dsl.search("name"), dsl.eq("coat")])
    def list_cats(call: dsl.Call) -> Query[Cat]:
        return call.store[Cat].all()

    @api.post(
        "cats",
        shape=CAT,
        params=[
            dsl.param("name", required=True),
            dsl.param("coat", enum=tuple(COATS.values())),
            dsl.param("tail", bool, since="16.0"),
        ],
        constraints=[dsl.at_least_one_of("name", "coat"), dsl.not_empty("tail")],
        since="15.0",
        edition="ee",
    )
    def make_cat(call: dsl.Call, given: dsl.Given, loud: bool = True) -> Any:
        return {**given, "loud": loud}

    @api.delete("cats/:id")
    def delete_cat(call: dsl.Call, cat: Cat) -> None:
        call.store.delete(cat)

    api.post("cats/:id/pat", success=200)(lambda: None)
    api.post("cats/:id/wake")(lambda: None)
    return api


@pytest.fixture
def old() -> dsl.Api:
    return make("old", anyone=USER, success={"GET": 200, "POST": 201, "DELETE": 200})


def only(api: dsl.Api) -> dsl.Operation:
    (operation,) = api.table()
    return operation


def call_of(operation: dsl.Operation, store: dsl.Store | None = None, **sent: Any) -> dsl.Call:
    store = store or dsl.Store()
    given = operation.read(sent, store.settings)
    return dsl.Call(operation, store, "http://here", sent, {}, {}, given=given)


# Place, rule and status


def test_what_is_adopted_is_the_same_but_for_what_differs(new: dsl.Api, old: dsl.Api) -> None:
    adopted = old.adopt(new, "POST", "cats", at="felines", summary="Make a feline")
    assert (adopted.api, adopted.key, adopted.summary) == ("old", "POST /felines", "Make a feline")
    assert adopted.shape is CAT
    assert set(adopted.params.params) == {"name", "coat", "tail", "loud"}
    assert only(old).key == adopted.key


def test_what_is_adopted_is_in_every_version_and_edition(new: dsl.Api, old: dsl.Api) -> None:
    adopted = old.adopt(new, "POST", "cats")
    assert adopted.exists_in(Settings(version="8.8.0", edition="ce"))


def test_it_may_have_another_method(new: dsl.Api, old: dsl.Api) -> None:
    adopted = old.adopt(new, "POST", "cats/:id/wake", at="DELETE cats/:id/sleep")
    assert (adopted.key, adopted.success) == ("DELETE /cats/:id/sleep", 200)


def test_what_is_for_anyone_is_for_whom_this_api_takes_for_anyone(new: dsl.Api, old: dsl.Api) -> None:
    assert old.adopt(new, "GET", "cats").rule is USER
    assert old.adopt(new, "GET", "cats", at="open", rule=ANYONE).rule is ANYONE


def test_the_usual_status_is_the_one_of_this_api(new: dsl.Api, old: dsl.Api) -> None:
    assert old.adopt(new, "DELETE", "cats/:id").success == 200
    assert old.adopt(new, "POST", "cats/:id/pat").success == 200
    assert old.adopt(new, "POST", "cats/:id/wake").success == 201
    assert old.adopt(new, "DELETE", "cats/:id", at="kept/:id", success=204).success == 204


def test_the_same_cannot_be_adopted_twice(new: dsl.Api, old: dsl.Api) -> None:
    old.adopt(new, "GET", "cats")
    with pytest.raises(DefinitionError, match="GET /cats of old is declared twice"):
        old.adopt(new, "GET", "cats")


# Parameters


def test_it_takes_only_the_parameters_that_are_named(new: dsl.Api, old: dsl.Api) -> None:
    more = dsl.param("whiskers", int)
    adopted = old.adopt(new, "POST", "cats", takes=("coat", "name", more))
    assert list(adopted.params.params) == ["coat", "name", "whiskers"]
    assert adopted.act(call_of(adopted, name="Tom", tail=True)) == {"name": "Tom", "loud": True}


def test_it_takes_what_its_path_names_in_any_case(new: dsl.Api, old: dsl.Api) -> None:
    @new.get("cats/:name/toys")
    def list_toys(name: str, color: str = "red") -> str:
        return f"{color} toys of {name}"

    adopted = old.adopt(new, "GET", "cats/:name/toys", takes=())
    assert adopted.act(call_of(adopted, name="Tom", color="blue")) == "red toys of Tom"


@pytest.mark.parametrize("answer", [{"a": 1}, [{"a": 1}], dsl.Mapped([1], lambda a: {"a": a})])
def test_objects_are_told_otherwise(new: dsl.Api, old: dsl.Api, answer: Any) -> None:
    new.get("toys")(lambda: answer)
    new.get("shown")(lambda: dsl.present(answer, status=202))
    for path in ("toys", "shown"):
        adopted = old.adopt(new, "GET", path, retold=lambda toy: toy["a"] + 1)
        result = adopted.act(call_of(adopted))
        found = result.result if path == "shown" else result
        assert (found if isinstance(answer, dict) else next(iter(found))) == 2


def test_a_parameter_that_the_other_does_not_have_cannot_be_taken(new: dsl.Api, old: dsl.Api) -> None:
    with pytest.raises(KeyError, match="fins"):
        old.adopt(new, "POST", "cats", takes=("fins",))
    with pytest.raises(KeyError, match="fins"):
        old.adopt(new, "POST", "cats", renames={"wings": dsl.Renamed("fins")})


def test_constraints_on_what_is_no_parameter_fall_away(new: dsl.Api, old: dsl.Api) -> None:
    kept = old.adopt(new, "POST", "cats").params.constraints
    left = old.adopt(new, "POST", "cats", at="less", takes=("name", "coat")).params.constraints
    assert [one.names for one in kept] == [("name", "coat"), ("tail",)]
    assert [one.names for one in left] == [("name", "coat")]


def test_a_renamed_parameter_is_read_and_refused_by_its_older_name(new: dsl.Api, old: dsl.Api) -> None:
    renames = {"title": dsl.Renamed("name"), "coat_id": dsl.Renamed("coat", COATS.__getitem__, int, tuple(COATS))}
    adopted = old.adopt(new, "POST", "cats", renames=renames)
    assert adopted.read({"title": "Tom", "coat_id": "2"}, Settings()) == {
        "name": "Tom",
        "coat": "striped",
        "loud": True,
    }
    with pytest.raises(MissingParameters, match='"title" not given'):
        adopted.read({"name": "Tom"}, Settings())
    with pytest.raises(InvalidParameters, match="coat_id does not have a valid value"):
        adopted.read({"title": "Tom", "coat_id": 3}, Settings())


def test_of_two_older_names_for_one_the_first_declared_wins(new: dsl.Api, old: dsl.Api) -> None:
    renames = {
        "coat_id": dsl.Renamed("coat", COATS.__getitem__, int, tuple(COATS)),
        "striped": dsl.Renamed("coat", lambda striped: "striped" if striped else "plain", bool),
    }
    adopted = old.adopt(new, "POST", "cats", takes=("name", *renames), renames=renames)
    for sent, coat in (({"striped": True, "coat_id": 1}, "plain"), ({"striped": True}, "striped")):
        assert adopted.read({"name": "Tom", **sent}, Settings())["coat"] == coat
    assert adopted.read({"name": "Tom", "striped": None}, Settings())["coat"] is None


# Filters and handlers


def test_filters_may_be_others(new: dsl.Api, old: dsl.Api) -> None:
    adopted = old.adopt(new, "GET", "cats", filters=[dsl.eq("name", column="coat")])
    store = dsl.Store()
    for coat in COATS.values():
        store.insert(Cat(name="Tom", coat=coat))
    assert list(adopted.params.params) == ["name"]
    assert [cat.id for cat in adopted.act(call_of(adopted, store, name="striped", search="nobody"))] == [2]


def test_a_handler_of_its_own_replaces_the_arguments_too(new: dsl.Api, old: dsl.Api) -> None:
    def make_old_cat(given: dsl.Given, lives: int = 9) -> Any:
        return {**given, "lives": lives}

    adopted = old.adopt(new, "POST", "cats", handler=make_old_cat)
    assert set(adopted.params.params) == {"name", "coat", "tail", "lives"}
    assert adopted.act(call_of(adopted, name="Tom", loud=False)) == {"name": "Tom", "lives": 9}


def test_a_handler_that_returns_a_query_makes_a_list(new: dsl.Api, old: dsl.Api) -> None:
    def list_old_cats(call: dsl.Call) -> Query[Cat]:
        return call.store[Cat].all()

    assert not old.adopt(new, "POST", "cats/:id/pat").listed
    assert old.adopt(new, "POST", "cats/:id/wake", handler=list_old_cats).listed


def test_a_deletion_can_give_back_what_was_deleted(new: dsl.Api, old: dsl.Api) -> None:
    adopted = old.adopt(new, "DELETE", "cats/:id", gives_back=CAT)
    store = dsl.Store()
    tom = store.insert(Cat(name="Tom"))
    call = call_of(adopted, store)
    call.located[Cat] = tom
    assert adopted.act(call) == {"id": 1, "name": "Tom", "coat": "plain"}
    assert list(store[Cat].all()) == []
