from typing import Any

import pytest

from mockgitlab.store import Row, Store


class Place(Row):
    """A row of which one column changes all the time."""

    _lively = ("visits",)

    name: str = ""
    visits: int = 0


def remembered(store: Store) -> tuple[Any, list[int]]:
    runs: list[int] = []

    def names() -> list[str]:
        runs.append(1)
        return [place.name for place in store.steady(Place).all()]

    return (lambda: store.remember("names", names)), runs


def test_what_reads_a_steady_table_is_kept_when_a_lively_column_changes() -> None:
    store = Store()
    place = store.insert(Place(name="Rome"))
    names, runs = remembered(store)
    names()
    store.update(place, visits=1)
    assert (names(), len(runs)) == (["Rome"], 1)


@pytest.mark.parametrize("change", ["update", "insert", "delete"])
def test_what_reads_a_steady_table_is_found_anew_when_anything_else_changes(change: str) -> None:
    store = Store()
    place = store.insert(Place(name="Rome"))
    names, runs = remembered(store)
    names()
    if change == "update":
        store.update(place, name="Paris", visits=2)
    elif change == "insert":
        store.insert(Place(name="Oslo"))
    else:
        store.delete(place)
    names()
    assert len(runs) == 2


def test_a_rolled_back_change_leaves_a_steady_table_as_it_was() -> None:
    store = Store()
    place = store.insert(Place(name="Rome"))
    names, _ = remembered(store)
    names()
    with pytest.raises(AttributeError), store.transaction():
        store.update(store.update(place, name="Paris"), unknown=1)
    assert names() == ["Rome"]


def test_forks_share_what_was_read_from_a_steady_table() -> None:
    store = Store()
    store.insert(Place(name="Rome"))
    names, runs = remembered(store)
    names()
    store.fork().remember("names", lambda: pytest.fail("found anew"))
    assert len(runs) == 1


def test_what_reads_a_whole_table_beside_a_steady_one_notices_lively_columns() -> None:
    store = Store()
    place = store.insert(Place(name="Rome"))

    def visits() -> int:
        return store.remember("visits", lambda: (store.steady(Place), store[Place][place.id].visits)[1])

    assert visits() == 0
    store.update(place, visits=5)
    assert visits() == 5
