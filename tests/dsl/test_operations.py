from typing import Annotated, Any

import pytest

from mockgitlab import dsl
from mockgitlab.dsl import DefinitionError
from mockgitlab.errors import NotBuilt
from mockgitlab.store import Query, Settings


class Cat(dsl.Entity):
    id: int = dsl.serial()
    name: str = dsl.required("The name")
    born_at: dsl.Timestamp | None = dsl.optional("When it was born")

    @dsl.computed
    def sound(self, view: dsl.View) -> str:
        return "miaow"


def nobody(call: dsl.Call) -> None:
    """Let everybody pass."""


ANYONE = dsl.Rule("anyone", nobody, login=False)
USER = dsl.Rule("user", nobody)


@pytest.fixture
def api() -> dsl.Api:
    return dsl.Api("v9", "/api/v9", scopes=lambda method, path: (method, path), anyone=ANYONE, user=USER)


def only(api: dsl.Api) -> dsl.Operation:
    (operation,) = api.table()
    return operation


def test_an_operation_is_declared_by_its_signature(api: dsl.Api) -> None:
    @api.put("cats/:id/name")
    def rename(
        call: dsl.Call, cat: Cat, given: dsl.Given, name: Annotated[str, "The new name"], loud: bool = False
    ) -> Cat:
        """Rename a cat.

        It may not listen.
        """
        return cat

    operation = only(api)
    assert (operation.key, operation.summary, operation.success) == ("PUT /cats/:id/name", "Rename a cat", 200)
    assert [argument.source for argument in operation.arguments] == ["call", "record", "given", "param", "param"]
    assert list(operation.params.params) == ["name", "loud"]
    assert operation.params.params["name"].description == "The new name"
    assert not operation.listed


def test_get_is_for_anyone_and_writing_for_users_unless_told(api: dsl.Api) -> None:
    api.get("a")(lambda: None)
    api.post("a")(lambda: None)
    api.delete("a", rule=ANYONE)(lambda: None)
    assert [operation.rule for operation in api.table()] == [ANYONE, USER, ANYONE]
    assert [operation.success for operation in api.table()] == [200, 201, 204]


def test_scopes_come_from_method_and_path_unless_told(api: dsl.Api) -> None:
    api.get("a")(lambda: None)
    api.get("b", scopes=("read_b",))(lambda: None)
    assert [operation.scopes for operation in api.table()] == [("GET", "a"), ("read_b",)]


def test_one_function_serves_several_paths(api: dsl.Api) -> None:
    api.get("a", "b", page="cats")(lambda: None)
    assert [(operation.path, operation.page) for operation in api.table()] == [("a", "cats"), ("b", "cats")]


def test_a_decorator_may_be_used_twice(api: dsl.Api) -> None:
    def declare(path: str) -> Any:
        return api.get(path, page="cats")

    for path in ("a", "b"):
        declare(path)(lambda: None)
    assert {operation.page for operation in api.table()} == {"cats"}


def test_an_operation_declared_twice_is_an_error(api: dsl.Api) -> None:
    api.get("cats/:id")(lambda: None)
    with pytest.raises(DefinitionError, match=r"GET /cats/:cat_id of v9 is declared twice"):
        api.get("cats/:cat_id")(lambda: None)


def test_an_unknown_option_is_an_error(api: dsl.Api) -> None:
    with pytest.raises(TypeError, match="paginatd"):
        api.get("cats", paginatd=False)(lambda: None)


def list_cats(call: dsl.Call) -> Query[Cat]:
    """List cats."""
    return call.store[Cat].all()


@pytest.mark.parametrize(
    ("filters", "column"),
    [
        ([dsl.eq("nmae")], "nmae"),
        ([dsl.eq("title", column="titel")], "titel"),
        ([dsl.search("name", "nick")], "nick"),
        ([dsl.ids("iids", "iid")], "iid"),
        (dsl.dates("closed"), "closed_at"),
        ([dsl.order("id", "titel")], "titel"),
        ([dsl.order("id", "title", columns={"title": "titel"})], "titel"),
        ([dsl.order("id", "sound")], "sound"),
    ],
)
def test_a_filter_on_a_column_that_is_not_there_names_function_class_and_column(
    api: dsl.Api, filters: list[dsl.Filter], column: str
) -> None:
    with pytest.raises(DefinitionError, match=rf"list_cats filters or orders by '{column}', which Cat does not have"):
        api.get("cats", filters=filters)(list_cats)


def test_the_nearest_column_is_suggested(api: dsl.Api) -> None:
    with pytest.raises(DefinitionError, match=r"did you mean 'name'\?"):
        api.get("cats", filters=[dsl.eq("nmae")])(list_cats)


def test_filters_on_columns_that_are_there_and_on_computed_values_are_taken(api: dsl.Api) -> None:
    filters = [
        dsl.eq("name"),
        *dsl.dates("born"),
        dsl.order("id", "name", "length", columns={"length": lambda row: len(row.name)}),
        dsl.by("odd", bool, "Only odd ones", lambda query, value, call: query.filter(lambda row: row.id % 2, "odd")),
    ]
    api.get("cats", filters=filters)(list_cats)
    assert list(only(api).params.params) == ["name", "born_after", "born_before", "order_by", "sort", "odd"]


def test_filters_are_applied_as_declared_in_whichever_order_they_are_given(api: dsl.Api) -> None:
    applied: list[str] = []

    def note(query: Query[Any], value: str, call: dsl.Call) -> Query[Any]:
        applied.append(value)
        return query

    filters = [dsl.by(name, str, "Notes its value", note) for name in ("first", "second", "third")]
    api.get("cats", filters=filters)(list_cats)
    call: Any = type("Call", (), {"given": {"third": "3", "second": None, "other": "4", "first": "1"}})
    only(api).narrow(dsl.Store()[Cat].all(), call)
    assert applied == ["1", "3"]


def test_dates_without_star_are_told_of(api: dsl.Api) -> None:
    with pytest.raises(DefinitionError, match=r"filters takes a dsl\.Filter, not .* write \*filters, it is a list"):
        api.get("cats", filters=[dsl.dates("born")])(list_cats)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rule": "reporter"}, r"rule takes a dsl\.Rule, not 'reporter'"),
        ({"shape": Cat}, r"shape takes a dsl\.Shape, not"),
        ({"params": ["name"]}, r"params takes a dsl\.Param, not 'name'"),
        ({"constraints": [max]}, r"constraints takes a dsl\.Constraint, not"),
        ({"constraints": [dsl.exactly_one_of("name", "nick")]}, r"no parameter 'name' to constrain"),
    ],
)
def test_a_word_of_the_wrong_kind_is_an_error(api: dsl.Api, options: dict[str, Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=rf"list_cats.* {message}|list_cats.*{message}"):
        api.get("cats", **options)(list_cats)


# Narrowing


def call_of(operation: dsl.Operation, store: dsl.Store, **given: Any) -> dsl.Call:
    return dsl.Call(operation, store, "http://here", given, {}, {}, given=operation.params.read(given))


def cats(*names: str) -> dsl.Store:
    store = dsl.Store()
    for name in names:
        store.insert(Cat(name=name))
    return store


def test_filters_narrow_the_query_that_a_function_returns(api: dsl.Api) -> None:
    api.get("cats", filters=[dsl.search("name"), dsl.order("id", "name", sort="asc")])(list_cats)
    operation = only(api)
    result = operation.act(call_of(operation, cats("Tom", "Kit", "Atom"), search="TOM", order_by="name"))
    assert [row.name for row in result] == ["Atom", "Tom"]


def test_filters_narrow_what_is_presented_too(api: dsl.Api) -> None:
    def present_cats(call: dsl.Call) -> Any:
        return dsl.present(call.store[Cat].all(), options=["loud"])

    api.get("cats", filters=[dsl.eq("name")])(present_cats)
    operation = only(api)
    shown = operation.act(call_of(operation, cats("Tom", "Kit"), name="Kit"))
    assert [row.name for row in shown.result] == ["Kit"]
    assert shown.options == {"loud"}


# Locators


def test_an_operation_has_the_locators_of_its_path(api: dsl.Api) -> None:
    @api.locator("homes/:id/cats/:cat_id", integer=True)
    def find_cat(call: dsl.Call, value: str) -> Cat:
        return call.store[Cat][int(value)]

    api.get("homes/:id/cats/:name/mice")(lambda: None)
    ((name, locator),) = only(api).locators
    assert (name, locator.find, locator.integer) == ("name", find_cat, True)


# The rest of an API


def test_what_is_known_and_not_declared_is_not_built(api: dsl.Api) -> None:
    api.get("cats/:id")(lambda: None)
    api.known(["# a remark", "", "GET /cats/:cat_id", "POST cats", "DELETE /cats/:id/"])
    assert [(operation.key, operation.built) for operation in api.table()] == [
        ("GET /cats/:id", True),
        ("POST /cats", False),
        ("DELETE /cats/:id", False),
    ]
    missing = api.table()[1]
    with pytest.raises(NotBuilt) as refused:
        missing.act(call_of(missing, dsl.Store()))
    assert refused.value.status == 501
    assert "POST /cats" in str(refused.value.message)


@pytest.mark.parametrize(
    ("version", "edition", "there"),
    [
        ("15.9.0", "ee", False),
        ("16.0.0", "ee", True),
        ("17.9.0", "ee", True),
        ("18.0.0", "ee", False),
        ("17.0.0", "ce", False),
    ],
)
def test_an_operation_exists_in_its_versions_and_edition(api: dsl.Api, version: str, edition: Any, there: bool) -> None:
    api.get("cats", since="16.0", until="18.0", edition="ee")(lambda: None)
    assert only(api).exists_in(Settings(version=version, edition=edition)) is there
