import pytest

from mockgitlab.store import Store
from tests.store.things import Thing


def loaded(**names: str | None) -> Store:
    """Return a fork of a loaded store with a thing of each name, on the shelf that the key says."""
    store = Store()
    for shelf, name in names.items():
        store.insert(Thing(name=name, shelf=int(shelf[1:]), tags=tuple((name or "").split())))
    return store.freeze().fork()


@pytest.fixture
def store() -> Store:
    return loaded(s1="red apple", s2="green pear", s3=None, s4="red plum")


def found(query: object) -> list[int]:
    return [row.id for row in query]  # type: ignore[attr-defined]


def test_rows_are_found_by_equal_columns(store: Store) -> None:
    assert found(store[Thing].where(shelf=2)) == [2]
    assert found(store[Thing].where(shelf=2, name="red plum")) == []
    assert found(store[Thing].where(name=None)) == [3]


def test_a_tuple_column_matches_when_it_holds_the_value(store: Store) -> None:
    assert found(store[Thing].where(tags="red")) == [1, 4]
    assert found(store[Thing].where(tags="red").where(tags="plum")) == [4]
    assert found(store[Thing].all().among("tags", ["apple", "pear"])) == [1, 2]


def test_among_nothing_is_nothing(store: Store) -> None:
    assert found(store[Thing].all().among("id", [])) == []


def test_conditions_are_tested_row_by_row(store: Store) -> None:
    assert found(store[Thing].all().filter(lambda row: (row.shelf or 0) > 2)) == [3, 4]


def test_without_value_a_row_comes_last_either_way(store: Store) -> None:
    by_name = store[Thing].all().order_by("name")
    assert found(by_name) == [2, 1, 4, 3]
    assert found(store[Thing].all().order_by("name", descending=True)) == [4, 1, 2, 3]


def test_without_value_a_row_comes_first_where_told(store: Store) -> None:
    assert found(store[Thing].all().order_by("name", nulls_first=True)) == [3, 2, 1, 4]
    assert found(store[Thing].all().order_by("name", descending=True, nulls_first=True)) == [3, 4, 1, 2]


def test_a_computed_value_sorts(store: Store) -> None:
    by_length = store[Thing].all().order_by("length", value=lambda row: len(row.name or ""))
    assert found(by_length) == [3, 4, 1, 2]


def test_changed_rows_stand_where_they_belong(store: Store) -> None:
    store.update(store[Thing][2], name="zebra")
    store.insert(Thing(name="blue", shelf=9))
    store.delete(store[Thing][1])
    by_name = store[Thing].all().order_by("name")
    assert found(by_name) == [5, 4, 2, 3]
    assert by_name.page(1, 2) == list(by_name)[1:3]
    assert by_name.count() == 4


def test_a_row_that_no_longer_matches_is_not_found(store: Store) -> None:
    store.update(store[Thing][1], tags=())
    assert found(store[Thing].where(tags="red")) == [4]
    assert store[Thing].where(tags="red").count() == 1


def test_the_first_row_and_whether_there_is_any(store: Store) -> None:
    by_name = store[Thing].all().order_by("name")
    first = by_name.first()
    assert first is not None
    assert first.id == 2
    assert by_name.exists()
    assert not store[Thing].where(shelf=99).exists()
    assert store[Thing].where(shelf=99).first() is None


def test_find_gives_the_row_with_the_lowest_id(store: Store) -> None:
    store.update(store[Thing][1], name="same")
    store.insert(Thing(name="same"))
    store.update(store[Thing][4], name="same")
    one = store[Thing].find(name="same")
    assert one is not None
    assert one.id == 1
    store.update(store[Thing][1], name="other")
    after = store[Thing].find(name="same")
    assert after is not None
    assert after.id == 4


def test_a_page_beyond_the_end_is_empty_however_far(store: Store) -> None:
    assert store[Thing].all().page(10**20, 20) == []
    store.insert(Thing())
    assert store[Thing].all().page(10**20, 20) == []


def test_rows_may_be_written_while_they_are_walked_through(store: Store) -> None:
    store.insert(Thing())
    seen = []
    for row in store[Thing].all():
        seen.append(row.id)
        for other in (1, 2, 3, 4):
            if store[Thing].get(other) is not None:
                store.update(store[Thing][other], shelf=row.id + 10)
    assert seen == [1, 2, 3, 4, 5]


def test_a_missing_row_says_what_was_asked_for(store: Store) -> None:
    with pytest.raises(KeyError, match="no Thing has the id 77"):
        store[Thing][77]


def test_a_deep_page_of_changed_rows_looks_at_few_rows() -> None:
    origin = Store()
    for number in range(5_000):
        origin.insert(Thing(shelf=number))
    store = origin.freeze().fork()
    read: list[int] = []

    def shelf(row: Thing) -> int:
        read.append(row.id)
        return row.shelf or 0

    query = store[Thing].all().order_by("counted", value=shelf)
    query.page(0, 20)
    store.update(store[Thing][100], shelf=6_000)
    store.insert(Thing(shelf=10))
    read.clear()
    assert [row.id for row in query.page(4_900, 3)] == [4901, 4902, 4903]
    assert len(read) < 200


def test_unkeyed_conditions_are_never_remembered(store: Store) -> None:
    wanted = [1]
    query = store[Thing].all().filter(lambda row: row.id in wanted)
    assert found(query) == [1]
    wanted.append(2)
    assert found(query) == [1, 2]


def test_keyed_conditions_are_asked_once_of_loaded_rows(store: Store) -> None:
    asked: list[int] = []

    def test(row: Thing) -> bool:
        asked.append(row.id)
        return True

    for _ in range(3):
        assert found(store.fork()[Thing].all().filter(test, "all")) == [1, 2, 3, 4]
    assert asked == [1, 2, 3, 4]


def test_remembered_answers_are_bounded(store: Store) -> None:
    layer = store[Thing].layer
    for number in range(layer.answers_at_most + 10):
        found(store[Thing].where(shelf=number))
    assert len(layer._answers) <= layer.answers_at_most
