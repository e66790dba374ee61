import threading
from datetime import timedelta

import pytest

from mockgitlab.store import Settings, Store
from tests.store.things import Thing, Ticket, taken_back


@pytest.fixture
def store() -> Store:
    return Store()


def ids(store: Store) -> list[int]:
    return [row.id for row in store[Thing].all()]


def test_rows_are_numbered_and_dated(store: Store) -> None:
    first, second = store.insert(Thing(name="a")), store.insert(Thing(name="b"))
    assert (first.id, second.id) == (1, 2)
    assert first.created_at == first.updated_at == "2024-05-01T09:00:00.000Z"


def test_a_serial_counts_apart_within_another_column(store: Store) -> None:
    made = [store.insert(Ticket(project_id=project)) for project in (1, 2, 1)]
    assert [(row.id, row.iid) for row in made] == [(10_001, 1), (10_002, 1), (10_003, 2)]


def test_a_given_number_is_kept_and_counting_goes_on_after_it(store: Store) -> None:
    store.insert(Ticket(project_id=1, iid=7, id=20_000))
    after = store.insert(Ticket(project_id=1))
    assert (after.id, after.iid) == (20_001, 8)


def test_numbers_of_deleted_rows_are_not_given_again(store: Store) -> None:
    store.delete(store.insert(Thing()))
    assert store.insert(Thing()).id == 2


def test_an_id_that_is_taken_is_refused(store: Store) -> None:
    store.insert(Thing(id=4))
    with pytest.raises(ValueError, match="there is a Thing with the id 4 already"):
        store.insert(Thing(id=4))


def test_an_update_moves_updated_at_with_the_clock(store: Store) -> None:
    row = store.insert(Thing(name="a"))
    store.advance_clock(timedelta(hours=1))
    assert store.update(row, name="b").updated_at == "2024-05-01T10:00:00.000Z"


def test_an_update_without_difference_writes_nothing(store: Store) -> None:
    row = store.insert(Thing(name="a"))
    version = store.version
    assert store.update(row, name="a") is row
    assert store.version == version


def test_an_update_keeps_what_was_written_since_the_row_was_read(store: Store) -> None:
    stale = store.insert(Thing(name="a", shelf=1))
    store.update(stale, shelf=2)
    assert store.update(stale, name="b").shelf == 2


def test_a_deleted_row_cannot_be_updated(store: Store) -> None:
    row = store.insert(Thing())
    store.delete(row)
    with pytest.raises(KeyError, match="no Thing has the id 1"):
        store.update(row, name="b")


def test_an_unknown_column_cannot_be_updated(store: Store) -> None:
    with pytest.raises(AttributeError):
        store.update(store.insert(Thing()), nmae="b")


def test_a_row_says_how_to_change_it(store: Store) -> None:
    row = store.insert(Thing())
    with pytest.raises(AttributeError, match=r"call store\.update\(thing, name="):
        row.name = "b"


# Transactions


def test_a_failed_transaction_takes_back_rows_indexes_and_counters(store: Store) -> None:
    kept = store.insert(Thing(name="kept"))
    assert store[Thing].find(name="kept") is kept  # makes the index
    with taken_back(store):
        store.insert(Thing(name="new"))
        store.update(kept, name="changed")
        store.delete(kept)
    assert ids(store) == [1]
    assert store[Thing].find(name="kept") is kept
    assert store[Thing].find(name="new") is store[Thing].find(name="changed") is None
    assert store.insert(Thing()).id == 2


def test_a_failed_transaction_takes_back_changes_of_loaded_rows() -> None:
    origin = Store()
    origin.insert(Thing(name="loaded"))
    store = origin.freeze().fork()
    with taken_back(store):
        store.update(store[Thing][1], name="changed")
    assert [row.name for row in store[Thing].all()] == ["loaded"]
    assert store[Thing].all().count() == 1


def test_a_failed_transaction_leaves_the_version_as_it_was(store: Store) -> None:
    store.insert(Thing())
    before = store.version
    with taken_back(store):
        store.insert(Thing())
    assert store.version == before


def test_a_failed_transaction_takes_back_minted_secrets(store: Store) -> None:
    with taken_back(store):
        lost = store.mint("glpat-")
    assert store.mint("glpat-") == lost


def test_an_inner_transaction_joins_the_outer(store: Store) -> None:
    with taken_back(store), store.transaction():
        store.insert(Thing())
    assert ids(store) == []


def test_a_transaction_of_another_thread_waits(store: Store) -> None:
    seen: list[list[int]] = []

    def other() -> None:
        with store.transaction():
            seen.append(ids(store))
            store.insert(Thing())

    thread = threading.Thread(target=other)
    with taken_back(store):
        store.insert(Thing())
        thread.start()
        thread.join(0.05)
    thread.join()
    assert seen == [[]]
    assert ids(store) == [1]


# Forks


def test_forks_are_independent(store: Store) -> None:
    store.insert(Thing(name="shared"))
    frozen = store.freeze()
    left, right = frozen.fork(), frozen.fork()
    left.update(left[Thing][1], name="left")
    right.delete(right[Thing][1])
    left.insert(Thing(name="new"))
    assert [row.name for row in left[Thing].all()] == ["left", "new"]
    assert ids(right) == []
    assert [row.name for row in frozen[Thing].all()] == ["shared"]


def test_forks_count_on_their_own_from_where_they_parted(store: Store) -> None:
    store.insert(Thing())
    left, right = store.fork(), store.fork()
    assert [fork.insert(Thing()).id for fork in (left, left, right)] == [2, 3, 2]


def test_a_fork_of_a_changed_fork_has_its_changes(store: Store) -> None:
    store.insert(Thing(name="a"))
    changed = store.freeze().fork()
    changed.update(changed[Thing][1], name="b")
    second = changed.fork()
    changed.update(changed[Thing][1], name="c")
    assert [row.name for row in second[Thing].all()] == ["b"]
    assert second[Thing].all().count() == 1


def test_a_frozen_store_keeps_counters(store: Store) -> None:
    store.delete(store.insert(Thing()))
    assert store.freeze().fork().insert(Thing()).id == 2


def test_the_clocks_of_forks_are_independent(store: Store) -> None:
    fork = store.fork()
    fork.advance_clock(timedelta(days=1))
    assert (store.today, fork.today) == ("2024-05-01", "2024-05-02")


# Secrets


def test_secrets_differ_and_are_the_same_in_the_same_world() -> None:
    one, other = Store(), Store()
    made = [one.mint("glpat-"), one.mint("glpat-"), one.mint("gloas-"), one.mint_hex("discussion")]
    again = [other.mint("glpat-"), other.mint("glpat-"), other.mint("gloas-"), other.mint_hex("discussion")]
    assert made == again
    assert len(set(made)) == 4


def test_secrets_have_their_prefix_and_length(store: Store) -> None:
    secret, digits = store.mint("glpat-", 20), store.mint_hex("discussion", 40)
    assert secret.startswith("glpat-")
    assert len(secret) == 26
    assert len(digits) == 40
    assert set(digits) <= set("0123456789abcdef")


def test_worlds_at_other_instants_have_other_secrets() -> None:
    assert Store().mint() != Store(Settings(clock="2025-01-01T00:00:00Z")).mint()


def test_a_transaction_knows_what_it_wrote(store: Store) -> None:
    kept = store.insert(Thing(name="kept"))
    gone = store.insert(Thing(name="gone"))
    with store.transaction():
        changed = store.update(store.update(kept, name="other"), name="changed")
        store.delete(gone)
        new = store.insert(Thing(name="new"))
        store.delete(store.insert(Thing(name="never")))
        assert set(store.written()) == {(kept, changed), (gone, None), (None, new)}
    assert store.written() == ()


def test_a_transaction_on_a_frozen_store_knows_the_loaded_rows(store: Store) -> None:
    store.insert(Thing(name="loaded"))
    fork = store.freeze().fork()
    with fork.transaction():
        loaded = fork[Thing][1]
        changed = fork.update(loaded, name="new")
        assert fork.written() == ((loaded, changed),)
