from mockgitlab import dsl
from mockgitlab.store import Store


class Leaf(dsl.Entity):
    id: int = dsl.serial()
    tree_id: int = dsl.parent()
    tags: tuple[str, ...] = dsl.hidden(default=())


def ids(store: Store, column: str, value: object) -> list[int]:
    return [leaf.id for leaf in store[Leaf].having(column, value)]


def grown() -> Store:
    store = Store()
    for number in range(1, 7):
        store.insert(Leaf(tree_id=number % 2, tags=("odd",) if number % 2 else ("even", "two")))
    return store.freeze().fork()


def test_rows_having_a_value_come_oldest_first() -> None:
    store = grown()
    assert ids(store, "tree_id", 1) == [1, 3, 5]
    assert ids(store, "tree_id", 7) == []


def test_rows_having_a_value_among_several_are_found_by_each() -> None:
    assert ids(grown(), "tags", "two") == [2, 4, 6]


def test_changed_new_and_deleted_rows_count_as_they_are_now() -> None:
    store = grown()
    store.update(store[Leaf][2], tree_id=1)
    store.update(store[Leaf][3], tags=("x",))
    store.delete(store[Leaf][1])
    store.insert(Leaf(tree_id=1))
    assert ids(store, "tree_id", 1) == [2, 3, 5, 7]
    assert ids(store, "tree_id", 0) == [4, 6]


def test_an_empty_table_has_no_rows_with_any_value() -> None:
    assert ids(Store(), "tree_id", 1) == []
