"""The store against a plain model: whatever is written, forked or taken back, queries answer as a plain list would."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mockgitlab.store import Query, Store
from tests.store.things import Thing, taken_back

Model = dict[int, dict[str, Any]]
COLUMNS = st.fixed_dictionaries(
    {},
    optional={
        "shelf": st.none() | st.integers(0, 3),
        "name": st.none() | st.sampled_from(["a", "b", "c", "d"]),
        "tags": st.lists(st.sampled_from(["x", "y", "z"]), max_size=3).map(tuple),
    },
)
IDS = st.integers(1, 12)
WRITES = st.one_of(
    st.tuples(st.just("insert"), st.none(), COLUMNS),
    st.tuples(st.just("update"), IDS, COLUMNS),
    st.tuples(st.just("delete"), IDS, st.none()),
)
STEPS = st.lists(
    st.one_of(
        WRITES,
        st.tuples(st.just("fork"), st.none(), st.none()),
        st.tuples(st.just("freeze"), st.none(), st.none()),
        st.tuples(st.just("fail"), st.none(), st.lists(WRITES, max_size=5)),
    ),
    max_size=20,
)
ORDERS = st.tuples(st.sampled_from(["id", "shelf", "name"]), st.booleans(), st.booleans())
EMPTY = {"shelf": None, "name": None, "tags": ()}


def write(store: Store, model: Model, step: Any) -> None:
    kind, id, columns = step
    if kind == "insert":
        row = store.insert(Thing(**columns))
        assert row.id not in model
        model[row.id] = {**EMPTY, **columns}
    elif id in model and kind == "update":
        store.update(store[Thing][id], **columns)
        model[id] = {**model[id], **columns}
    elif id in model:
        store.delete(store[Thing][id])
        del model[id]


def play(store: Store, model: Model, steps: Any) -> tuple[Store, list[tuple[Store, Model]]]:
    left_behind = []
    for step in steps:
        look(store, model)
        if step[0] in ("fork", "freeze"):
            left_behind.append((store, dict(model)))
            store = store.fork() if step[0] == "fork" else store.freeze().fork()
        elif step[0] == "fail":
            fail(store, dict(model), step[2])
        else:
            write(store, model, step)
    return store, left_behind


def fail(store: Store, model: Model, writes: Any) -> None:
    with taken_back(store):
        for step in writes:
            write(store, model, step)
            look(store, model)


def look(store: Store, model: Model) -> None:
    """Ask in a way that makes indexes and memories, which later writes must keep right."""
    assert {row.id for row in store[Thing].where(tags="x")} == {id for id, row in model.items() if "x" in row["tags"]}
    assert store[Thing].where(name="a").count() == sum(row["name"] == "a" for row in model.values())


def contents(store: Store) -> Model:
    return {row.id: {"shelf": row.shelf, "name": row.name, "tags": row.tags} for row in store[Thing].all()}


@settings(max_examples=150, deadline=None)
@given(steps=STEPS)
def test_every_world_holds_what_was_written_to_it(steps: Any) -> None:
    model: Model = {}
    store, left_behind = play(Store(), model, steps)
    assert contents(store) == model
    for old, its_model in left_behind:
        assert contents(old) == its_model


def plain(model: Model, keep: Callable[[dict[str, Any]], bool], order: tuple[str, bool, bool]) -> list[int]:
    by, descending, nulls_first = order
    rows = [{"id": id, **row} for id, row in model.items() if keep(row)]
    valued = sorted((row for row in rows if row[by] is not None), key=lambda row: (row[by], row["id"]))
    bare = sorted((row for row in rows if row[by] is None), key=lambda row: row["id"])
    if descending:
        valued.reverse()
        bare.reverse()
    return [row["id"] for row in (bare + valued if nulls_first else valued + bare)]


@settings(max_examples=200, deadline=None)
@given(
    steps=STEPS,
    order=ORDERS,
    shelves=st.none() | st.frozensets(st.none() | st.integers(0, 3), max_size=3),
    tag=st.none() | st.sampled_from(["x", "y"]),
    name=st.none() | st.sampled_from(["b", "c"]),
    offset=st.integers(0, 8),
    limit=st.integers(1, 5),
)
def test_queries_answer_as_a_plain_list_would(
    steps: Any, order: Any, shelves: Any, tag: str | None, name: str | None, offset: int, limit: int
) -> None:
    model: Model = {}
    store, _ = play(Store(), model, steps)
    query: Query[Thing] = store[Thing].all()
    if shelves is not None:
        query = query.among("shelf", shelves)
    if tag:
        query = query.where(tags=tag)
    if name:
        query = query.filter(lambda row: row.name != name, ("not named", name))
    by, descending, nulls_first = order
    query = query.order_by(by, descending=descending, nulls_first=nulls_first)

    def keep(row: dict[str, Any]) -> bool:
        on_shelf = shelves is None or row["shelf"] in shelves
        return on_shelf and (not tag or tag in row["tags"]) and (not name or row["name"] != name)

    expected = plain(model, keep, order)
    assert [row.id for row in query] == expected
    assert [row.id for row in query.page(offset, limit)] == expected[offset : offset + limit]
    assert query.count() == len(expected)
    assert query.exists() == bool(expected)
    first = query.first()
    assert (first.id if first else None) == next(iter(expected), None)
