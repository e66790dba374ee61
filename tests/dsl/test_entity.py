import pytest

from mockgitlab import dsl
from mockgitlab.dsl import DefinitionError


class Book(dsl.Entity):
    """A book."""

    id: int = dsl.serial()
    iid: int = dsl.serial(within="shelf_id")
    shelf_id: int = dsl.parent("Shelf")
    title: str = dsl.required("The title")
    pages: int = dsl.optional("How many pages", default=100)
    author_id: int | None = dsl.reference("User")
    reader_ids: tuple[int, ...] = dsl.references("User")
    secret: str | None = dsl.hidden("Kept to itself")
    created_at: dsl.Timestamp = dsl.now()
    updated_at: dsl.Timestamp = dsl.now()

    @dsl.computed
    def web_url(self, view: dsl.View) -> str:
        return f"{view.base}/books/{self.iid}"


def made(**columns: object) -> Book:
    return dsl.Store().insert(Book(title="x", shelf_id=1, **columns))


def test_a_field_that_is_not_given_has_its_default() -> None:
    book = made()
    assert (book.pages, book.author_id, book.reader_ids, book.secret) == (100, None, (), None)


def test_beside_an_iid_ids_start_high_so_that_nobody_takes_one_for_the_other() -> None:
    assert (made().id, made().iid) == (10_001, 1)


def test_a_change_moves_updated_at_and_not_created_at() -> None:
    store = dsl.Store()
    book = store.insert(Book(title="x", shelf_id=1))
    store.set_clock("2025-01-01T00:00:00Z")
    changed = store.update(book, title="y")
    assert (changed.created_at[:4], changed.updated_at[:4]) == ("2024", "2025")


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(TypeError, match="Book has no field titel"):
        Book(titel="x")


def test_a_shape_of_nothing_named_shows_every_field_that_is_shown_in_order() -> None:
    assert [name for name, _ in Book.shape().members] == [
        "id",
        "iid",
        "shelf_id",
        "title",
        "pages",
        "created_at",
        "updated_at",
        "web_url",
    ]


def test_a_shape_of_an_unknown_field_names_class_and_field() -> None:
    with pytest.raises(DefinitionError, match="Book has no field 'titel' to show"):
        Book.shape("id", "titel")


def test_a_field_needs_a_word() -> None:
    with pytest.raises(DefinitionError, match=r"Bare\.name needs a word: dsl\.required"):

        class Bare(dsl.Entity):
            name: str


def test_a_field_needs_a_type() -> None:
    with pytest.raises(DefinitionError, match=r"Untyped\.name has no type"):

        class Untyped(dsl.Entity):
            name = dsl.required("The name")


def test_a_default_that_could_be_changed_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"Loose\.tags has a list as default; take a tuple"):

        class Loose(dsl.Entity):
            tags: list[str] = dsl.optional("The tags", default=[])


def test_an_unknown_limit_is_refused() -> None:
    with pytest.raises(TypeError, match="max_lenght"):
        dsl.required("The title", max_lenght=3)


def test_an_entity_is_called_by_its_name_unless_told() -> None:
    class Row(dsl.Entity):
        singular = "Line"
        id: int = dsl.serial()

    assert (Book.called(), Row.called()) == ("Book", "Line")


def test_an_entity_of_an_entity_has_its_fields_too() -> None:
    class Comic(Book):
        """A book with pictures."""

        colour: bool = dsl.optional("Whether it has colours", default=False)

    assert "title" in Comic.fields
    assert "colour" not in Book.fields
    assert [name for name, _ in Comic.shape().members][-1] == "colour"


@pytest.mark.parametrize(
    ("name", "shown", "settable"),
    [
        ("id", True, False),
        ("title", True, True),
        ("pages", True, True),
        ("author_id", False, True),
        ("reader_ids", False, True),
        ("secret", False, False),
        ("created_at", True, False),
        ("shelf_id", True, False),
    ],
)
def test_a_fields_word_says_whether_it_is_shown_and_settable(name: str, shown: bool, settable: bool) -> None:
    field = Book.fields[name]
    assert (field.shown, field.settable) == (shown, settable)
