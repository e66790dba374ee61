from mockgitlab import dsl
from mockgitlab.api.services.removal import remove
from mockgitlab.store import Store


class Ship(dsl.Entity):
    id: int = dsl.serial()


class Sail(dsl.Entity):
    id: int = dsl.serial()
    ship_id: int = dsl.parent("Ship")


class Patch(dsl.Entity):
    id: int = dsl.serial()
    sail_id: int | None = dsl.hidden()


class Captain(dsl.Entity):
    id: int = dsl.serial()
    flagship_id: int | None = dsl.reference("Ship")
    sailed_ids: tuple[int, ...] = dsl.references("Ship")


class Log(dsl.Entity):
    id: int = dsl.serial()
    target_type: str = dsl.readonly()
    target_id: int = dsl.readonly()


def fleet() -> Store:
    """Return two ships; whatever has the number of a ship belongs to it."""
    store = Store()
    for number in (1, 2):
        store.insert(Ship(id=number))
        store.insert(Sail(id=number, ship_id=number))
        store.insert(Captain(id=number, flagship_id=number, sailed_ids=(1, 2)))
        store.insert(Log(id=number, target_type="Ship", target_id=number))
    store.insert(Log(id=3, target_type="Port", target_id=1))
    store.insert(Patch(id=1, sail_id=1))
    return store


def ids(store: Store, kind: type[dsl.Entity]) -> list[int]:
    return [row.id for row in store[kind].all()]


def test_what_belongs_to_a_removed_record_goes_with_it() -> None:
    store = fleet()
    remove(store, store[Ship][1])
    assert (ids(store, Ship), ids(store, Sail)) == ([2], [2])


def test_what_hangs_on_it_by_type_and_id_goes_with_it() -> None:
    store = fleet()
    remove(store, store[Ship][1])
    assert ids(store, Log) == [2, 3]


def test_what_only_mentions_it_forgets_it() -> None:
    store = fleet()
    remove(store, store[Ship][1])
    captain = store[Captain][1]
    assert (captain.flagship_id, captain.sailed_ids) == (None, (2,))


def test_a_column_named_after_the_record_that_may_be_empty_is_emptied() -> None:
    store = fleet()
    remove(store, store[Sail][1])
    assert store[Patch][1].sail_id is None


def test_removing_twice_is_removing_once() -> None:
    store = fleet()
    ship = store[Ship][1]
    remove(store, ship)
    remove(store, ship)
    assert ids(store, Ship) == [2]
