import json
from typing import Any

import pytest

from mockgitlab import dsl
from mockgitlab.store import Settings


class Author(dsl.Entity):
    id: int = dsl.serial()
    name: str = dsl.required("The name")


class Tale(dsl.Entity):
    id: int = dsl.serial()
    title: str = dsl.required("The title")
    author_id: int | None = dsl.reference("Author")
    old: str = dsl.optional("Went away", default="o", until="16.0")
    new: str = dsl.optional("Came later", default="n", since="17.0")
    paid: str = dsl.optional("Costs money", default="p", edition="ee")

    @dsl.computed
    def author(self, view: dsl.View) -> dict[str, Any] | None:
        found = view.store[Author].get(self.author_id)
        return view.one(AUTHOR, found)

    @dsl.computed
    def link(self, view: dsl.View) -> Any:
        return f"{view.base}/{self.id}" if view.option("with_link") else dsl.OMIT

    @dsl.computed_in(since="18.0")
    def future(self, view: dsl.View) -> str:
        return "bright"


AUTHOR = Author.shape("id", "name")
TALE = Tale.shape("title", "id", "link")


def view(*options: str, version: str = "17.5.0", edition: Any = "ee") -> dsl.View:
    store = dsl.Store(Settings(version=version, edition=edition))
    store.insert(Author(name="Ada"))
    store.insert(Tale(title="x", author_id=1))
    return dsl.View(store, "http://here", None, frozenset(options))


def shown(shape: dsl.Shape, view: dsl.View) -> dict[str, Any]:
    return shape.render(view.store[Tale][1], view)


def test_properties_stand_in_the_order_of_the_shape() -> None:
    assert list(shown(TALE, view("with_link"))) == ["title", "id", "link"]


def test_what_is_omitted_leaves_no_key() -> None:
    assert shown(TALE, view()) == {"title": "x", "id": 1}


def test_neighbours_by_one_function_are_computed_once_and_omitted_together() -> None:
    asked: list[str] = []

    def plan(tale: Tale, view: dsl.View) -> Any:
        asked.append(tale.title)
        return "planned" if view.option("with_plans") else dsl.OMIT

    planned = Tale.shape("id").plus(epic_iid=plan, epic=plan).plus("title", entity=Tale).plus(later=plan)
    assert shown(planned, view("with_plans")) == {
        "id": 1,
        "epic_iid": "planned",
        "epic": "planned",
        "title": "x",
        "later": "planned",
    }
    assert len(asked) == 1
    assert shown(planned, view()) == {"id": 1, "title": "x"}


def test_further_properties_come_last_and_known_ones_keep_their_place() -> None:
    more = TALE.plus("author", entity=Tale, id=lambda row, view: -row.id, extra=lambda row, view: 5)
    assert shown(more, view()) == {"title": "x", "id": -1, "author": {"id": 1, "name": "Ada"}, "extra": 5}


def test_the_shape_itself_stays_as_it_was() -> None:
    TALE.plus(extra=lambda row, view: 5)
    assert [name for name, _ in TALE.members] == ["title", "id", "link"]


def test_properties_can_be_taken_away() -> None:
    assert [name for name, _ in TALE.without("id", "link").members] == ["title"]


def test_taking_away_what_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError, match="the shape Tale has no titel"):
        TALE.without("titel")


@pytest.mark.parametrize(
    ("version", "expected"),
    [("15.11.0", ["old"]), ("16.0.0", []), ("17.0.0", ["new"]), ("18.0.0-ee", ["new", "future"])],
)
def test_a_property_exists_in_its_versions(version: str, expected: list[str]) -> None:
    assert list(shown(Tale.shape("old", "new", "future"), view(version=version))) == expected


def test_a_property_exists_in_its_edition() -> None:
    assert shown(Tale.shape("paid"), view(edition="ee")) == {"paid": "p"}
    assert shown(Tale.shape("paid"), view(edition="ce")) == {}


def test_a_related_record_is_shown_or_null() -> None:
    looking = view()
    shape = Tale.shape("author")
    assert shown(shape, looking) == {"author": {"id": 1, "name": "Ada"}}
    looking.store.update(looking.store[Tale][1], author_id=None)
    assert shown(shape, looking) == {"author": None}


def test_related_records_are_shown_as_a_list() -> None:
    looking = view()
    assert looking.many(AUTHOR, looking.store[Author].all()) == [{"id": 1, "name": "Ada"}]


def test_text_is_compact_json_that_keeps_letters() -> None:
    looking = view()
    row = looking.store.update(looking.store[Tale][1], title="Zoë ✓")
    text = looking.body(TALE, row).data.decode()
    assert text == '{"title":"Zoë ✓","id":1}'
    assert json.loads(text) == shown(TALE, looking)


def test_text_follows_what_it_shows() -> None:
    looking = view()
    shape, row = Tale.shape("author"), looking.store[Tale][1]
    assert looking.body(shape, row).data.decode() == '{"author":{"id":1,"name":"Ada"}}'
    looking.store.update(looking.store[Author][1], name="Eve")
    assert looking.body(shape, row).data.decode() == '{"author":{"id":1,"name":"Eve"}}'


def test_text_differs_by_base_options_and_who_looks() -> None:
    looking = view()
    shape = Tale.shape("link").plus(me=lambda row, view: view.user_id)
    store, row = looking.store, looking.store[Tale][1]
    texts = [
        dsl.View(store, base, user, frozenset(options)).body(shape, row).data.decode()
        for base, user, options in (("a", 1, []), ("a", 2, []), ("a", 2, ["with_link"]), ("b", 2, ["with_link"]))
    ]
    assert texts == ['{"me":1}', '{"me":2}', '{"link":"a/1","me":2}', '{"link":"b/1","me":2}']


def test_a_page_is_a_list_of_what_its_rows_are_alone() -> None:
    looking = view()
    store = looking.store
    rows = (store[Tale][1], store.insert(Tale(title="Second")))
    bodies = b",".join(looking.body(TALE, row).data for row in rows)
    assert looking.page(TALE, rows).data == b"[" + bodies + b"]"


def test_a_page_differs_by_base_options_and_who_looks() -> None:
    looking = view()
    shape = Tale.shape("link").plus(me=lambda row, view: view.user_id)
    store, rows = looking.store, (looking.store[Tale][1],)
    pages = [
        dsl.View(store, base, user, frozenset(options)).page(shape, rows).data.decode()
        for base, user, options in (("a", 1, []), ("a", 2, []), ("a", 2, ["with_link"]), ("b", 2, ["with_link"]))
    ]
    assert pages == ['[{"me":1}]', '[{"me":2}]', '[{"link":"a/1","me":2}]', '[{"link":"b/1","me":2}]']


def test_a_page_follows_related_records_and_the_clock() -> None:
    looking = view()
    store = looking.store
    shape, rows = Tale.shape("author").plus(today=lambda row, view: view.store.today), (store[Tale][1],)
    assert looking.page(shape, rows).data == b'[{"author":{"id":1,"name":"Ada"},"today":"2024-05-01"}]'
    store.update(store[Author][1], name="Eve")
    assert looking.page(shape, rows).data == b'[{"author":{"id":1,"name":"Eve"},"today":"2024-05-01"}]'
    store.set_clock("2024-06-01T00:00:00Z")
    assert looking.page(shape, rows).data == b'[{"author":{"id":1,"name":"Eve"},"today":"2024-06-01"}]'
