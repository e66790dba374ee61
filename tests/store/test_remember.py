from datetime import timedelta

import pytest

from mockgitlab.store import Store
from tests.store.things import Thing, Ticket, taken_back


class Counted:
    """Counts how often it computes what it remembers."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.computed = 0

    def names(self, store: Store | None = None) -> tuple[str | None, ...]:
        used = store or self.store

        def compute() -> tuple[str | None, ...]:
            self.computed += 1
            return tuple(row.name for row in used[Thing].all())

        return used.remember("names", compute)

    def length(self) -> int:
        return self.store.remember("length", lambda: len(self.names()))


@pytest.fixture
def counted() -> Counted:
    store = Store()
    store.insert(Thing(name="a"))
    return Counted(store)


def test_a_result_is_computed_once_while_nothing_changes(counted: Counted) -> None:
    assert [counted.names(), counted.names()] == [("a",), ("a",)]
    assert counted.computed == 1


def test_a_write_to_what_was_read_computes_anew(counted: Counted) -> None:
    counted.names()
    counted.store.update(counted.store[Thing][1], name="b")
    assert counted.names() == ("b",)


def test_a_write_to_another_table_changes_nothing(counted: Counted) -> None:
    counted.names()
    counted.store.insert(Ticket(project_id=1))
    counted.store.advance_clock(timedelta(hours=1))
    counted.names()
    assert counted.computed == 1


def test_a_result_within_a_result_carries_what_it_read(counted: Counted) -> None:
    assert counted.length() == 1
    counted.store.insert(Thing())
    assert counted.length() == 2


def test_a_result_taken_from_memory_still_carries_what_it_read(counted: Counted) -> None:
    counted.names()
    assert counted.length() == 1
    counted.store.insert(Thing())
    assert counted.length() == 2


def test_what_was_read_after_an_inner_result_counts_too(counted: Counted) -> None:
    store = counted.store

    def compute() -> tuple[int, int]:
        return len(counted.names()), store[Ticket].all().count()

    assert store.remember("both", compute) == (1, 0)
    store.insert(Ticket(project_id=1))
    assert store.remember("both", compute) == (1, 1)


def test_forks_in_the_same_state_share_results_and_part_when_they_change(counted: Counted) -> None:
    frozen = counted.store.freeze()
    left, right = frozen.fork(), frozen.fork()
    assert counted.names(left) == counted.names(right) == ("a",)
    assert counted.computed == 1
    left.update(left[Thing][1], name="left")
    assert (counted.names(left), counted.names(right)) == (("left",), ("a",))
    right.update(right[Thing][1], name="right")
    assert (counted.names(left), counted.names(right)) == (("left",), ("right",))


def test_a_rolled_back_state_is_not_remembered_for_the_next(counted: Counted) -> None:
    with taken_back(counted.store):
        counted.store.insert(Thing(name="lost"))
        assert counted.names() == ("a", "lost")
    assert counted.names() == ("a",)
    counted.store.insert(Thing(name="b"))
    assert counted.names() == ("a", "b")


def test_what_read_the_clock_is_computed_anew_when_it_moves(counted: Counted) -> None:
    store = counted.store
    assert store.remember("today", lambda: store.today) == "2024-05-01"
    store.set_clock("2024-06-01T00:00:00Z")
    assert store.remember("today", lambda: store.today) == "2024-06-01"


def test_a_table_that_was_empty_when_read_counts_too() -> None:
    store = Store()
    assert store.remember("count", lambda: store[Thing].all().count()) == 0
    store.insert(Thing())
    assert store.remember("count", lambda: store[Thing].all().count()) == 1


def test_a_failure_is_not_remembered(counted: Counted) -> None:
    with pytest.raises(ZeroDivisionError):
        counted.store.remember("bad", lambda: 1 // 0)
    assert counted.store.remember("bad", lambda: 1) == 1


def test_lively_columns_matter_not_to_readers_of_the_steady_table(counted: Counted) -> None:
    store = counted.store
    times = []

    def compute() -> int:
        times.append(1)
        return store.steady(Thing).all().count()

    store.remember("steady", compute)
    store.update(store[Thing][1], touched=1)
    store.remember("steady", compute)
    assert len(times) == 1
    store.update(store[Thing][1], name="b")
    store.remember("steady", compute)
    assert len(times) == 2


def test_lively_columns_matter_to_other_readers(counted: Counted) -> None:
    counted.names()
    counted.store.update(counted.store[Thing][1], touched=1)
    counted.names()
    assert counted.computed == 2


def test_memory_is_bounded(counted: Counted) -> None:
    store = counted.store
    store.shared.results.at_most = 10
    for number in range(25):
        assert store.remember(number, lambda number=number: number) == number  # type: ignore[misc]
    assert list(store.shared.results.entries) == list(range(15, 25))


def test_memory_of_pages_is_bounded_by_their_size(counted: Counted) -> None:
    store, pages = counted.store, counted.store.shared.pages
    pages.at_most = 100
    for number in range(25):
        store.remember(number, lambda: b"x" * 20, pages)
    assert sum(len(entry.value) for entry in pages.entries.values()) <= 100
    assert not store.shared.results.entries


def test_what_is_too_large_for_memory_is_computed_each_time(counted: Counted) -> None:
    store, pages = counted.store, counted.store.shared.pages
    pages.at_most = 100
    assert [store.remember("large", lambda size=size: b"x" * size, pages) for size in (26, 27)] == [  # type: ignore[misc]
        b"x" * 26,
        b"x" * 27,
    ]


def test_what_was_used_since_the_last_write_is_remembered_longer(counted: Counted) -> None:
    store = counted.store
    store.shared.results.at_most = 10
    for number in range(10):
        store.remember(number, lambda: 1)
    store.insert(Thing())
    for number in (2, 0):
        store.remember(number, lambda: 1)
    store.remember("new", lambda: 1)
    assert {0, 2, "new"} < set(store.shared.results.entries)
