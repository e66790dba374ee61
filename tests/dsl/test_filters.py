from typing import Any

import pytest

from mockgitlab import dsl
from mockgitlab.dsl.validation import ParamSet


class Bug(dsl.Entity):
    id: int = dsl.serial()
    title: str = dsl.required("The title")
    text: str | None = dsl.optional("The text")
    state: str = dsl.optional("The state", default="opened")
    labels: tuple[str, ...] = dsl.optional("The labels", default=())
    closed_at: dsl.Timestamp | None = dsl.readonly()


@pytest.fixture
def store() -> dsl.Store:
    store = dsl.Store()
    store.insert(Bug(title="Crash on start", labels=("bug", "ui"), closed_at="2024-05-01T00:00:00.000Z"))
    store.insert(Bug(title="Slow", text="at START of day", state="closed", closed_at="2024-05-02T00:00:00.000Z"))
    store.insert(Bug(title="Idea", labels=("idea",)))
    return store.freeze().fork()


def found(store: dsl.Store, *filters: dsl.Filter, **sent: Any) -> list[int]:
    params = ParamSet([param for one in filters for param in one.params])
    call: Any = type("Call", (), {"given": params.read(sent)})
    query: Any = store[Bug].all()
    for one in filters:
        query = one.apply(query, call)
    return [row.id for row in query]


def test_nothing_given_narrows_nothing(store: dsl.Store) -> None:
    assert found(store, dsl.eq("state"), dsl.search("title"), *dsl.dates("closed")) == [1, 2, 3]


def test_a_column_equals(store: dsl.Store) -> None:
    assert found(store, dsl.eq("state"), state="closed") == [2]
    assert found(store, dsl.eq("status", column="state"), status="closed") == [2]


def test_an_ignored_value_narrows_nothing(store: dsl.Store) -> None:
    assert found(store, dsl.eq("state", ignore=["all"]), state="all") == [1, 2, 3]


def test_several_ids(store: dsl.Store) -> None:
    assert found(store, dsl.ids("bugs", "id"), bugs=["1", "3"]) == [1, 3]
    assert found(store, dsl.ids("bugs", "id"), bugs="2,3") == [2, 3]


@pytest.mark.parametrize(
    ("text", "expected"), [("start", [1, 2]), ("START crash", [1]), ("nothing", []), ("", [1, 2, 3]), ("%", [])]
)
def test_every_word_must_occur_in_some_column(store: dsl.Store, text: str, expected: list[int]) -> None:
    assert found(store, dsl.search("title", "text"), search=text) == expected


def test_dates_are_inclusive_and_nothing_is_neither_before_nor_after(store: dsl.Store) -> None:
    assert found(store, *dsl.dates("closed"), closed_after="2024-05-02") == [2]
    assert found(store, *dsl.dates("closed"), closed_before="2024-05-01T00:00:00Z") == [1]
    assert found(store, *dsl.dates("closed"), closed_after="2024-05-01", closed_before="2024-05-02") == [1, 2]


def test_the_default_order_is_the_first_choice_downwards(store: dsl.Store) -> None:
    assert found(store, dsl.order("id", "title")) == [3, 2, 1]


def test_order_and_direction_are_chosen(store: dsl.Store) -> None:
    assert found(store, dsl.order("id", "title"), order_by="title", sort="asc") == [1, 3, 2]
    assert found(store, dsl.order("id", "title", default="title", sort="asc")) == [1, 3, 2]


def test_a_choice_may_have_a_direction_of_its_own(store: dsl.Store) -> None:
    ordering = dsl.order("id", "title", sort_of={"title": "asc"})
    assert found(store, ordering, order_by="title") == [1, 3, 2]
    assert found(store, ordering, order_by="title", sort="desc") == [2, 3, 1]


def test_a_choice_may_be_another_column_or_computed(store: dsl.Store) -> None:
    ordering = dsl.order("name", "labels", sort="asc", columns={"name": "title", "labels": lambda row: len(row.labels)})
    assert found(store, ordering) == [1, 3, 2]
    assert found(store, ordering, order_by="labels") == [2, 3, 1]


def test_a_filter_is_remembered_with_its_value(store: dsl.Store) -> None:
    assert found(store, dsl.search("title"), search="slow") == [2]
    assert found(store, dsl.search("title"), search="idea") == [3]
    assert found(store, *dsl.dates("closed"), closed_after="2024-05-02") == [2]
    assert found(store, *dsl.dates("closed"), closed_after="2024-05-01") == [1, 2]
