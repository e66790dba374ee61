"""The words with which the fields of an entity are declared.

A field is at once a column of the table, a property of the JSON and, if clients may set it, a parameter. Which of these
it is, its word tells:

=============  =======  =====  ==========================================
word           column   JSON   parameter
=============  =======  =====  ==========================================
``serial``     yes      yes    no: numbered by the store
``now``        yes      yes    no: set to the clock at creation
``required``   yes      yes    yes, and must be given to create
``optional``   yes      yes    yes
``readonly``   yes      yes    no: set by the operations
``hidden``     yes      no     no
``parent``     yes      yes    no: the record this one belongs to
``reference``  yes      no     as ``…_id``; shown as an object by a computed field
``references`` yes      no     as ``…_ids``; shown as objects by a computed field
``computed``   no       yes    no: a method of the entity
=============  =======  =====  ==========================================
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NewType, TypeVar

Timestamp = NewType("Timestamp", str)
"""An instant as GitLab writes it, ``2024-05-01T09:00:00.000Z``."""

Date = NewType("Date", str)
"""A day, ``2024-05-01``."""

F = TypeVar("F", bound=Callable[..., Any])


class Missing:
    """The type of ``MISSING``: no value, which is not the same as ``None``."""

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Any = Missing()


@dataclass(frozen=True)
class Constraints:
    """What a value must keep to, besides its type; checked by JSON Schema."""

    enum: tuple[Any, ...] = ()
    max_length: int | None = None
    min_length: int | None = None
    pattern: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    present: bool = False


@dataclass
class Field:
    """A declared field; ``name`` and ``type`` are filled in when its entity is made."""

    word: str
    description: str = ""
    default: Any = MISSING
    constraints: Constraints = field(default_factory=Constraints)
    refers_to: str = ""
    within: str | None = None
    since: str = ""
    until: str = ""
    edition: str = ""
    name: str = ""
    type: Any = None

    @property
    def shown(self) -> bool:
        """Whether the JSON has this field."""
        return self.word not in ("hidden", "reference", "references")

    @property
    def settable(self) -> bool:
        """Whether clients may set this field."""
        return self.word in ("required", "optional", "reference", "references")


def serial(within: str | None = None) -> Any:
    """Declare a number that the store counts up, in the whole table or ``within`` each value of another column."""
    return Field("serial", within=within)


def now() -> Any:
    """Declare an instant that is the clock's when the record is created; ``updated_at`` follows every change."""
    return Field("now", default=None)


def required(description: str, *, since: str = "", until: str = "", **constraints: Any) -> Any:
    """Declare what a client must give to create a record."""
    return Field("required", description, MISSING, Constraints(**constraints), since=since, until=until)


def optional(
    description: str, *, default: Any = None, since: str = "", until: str = "", edition: str = "", **constraints: Any
) -> Any:
    """Declare what a client may give; ``edition="ee"`` shows it in that edition alone."""
    limits = Constraints(**constraints)
    return Field("optional", description, default, limits, since=since, until=until, edition=edition)


def readonly(description: str = "", *, default: Any = None, since: str = "", until: str = "", edition: str = "") -> Any:
    """Declare what is shown and set by the operations alone."""
    return Field("readonly", description, default, since=since, until=until, edition=edition)


def hidden(description: str = "", *, default: Any = None) -> Any:
    """Declare what is kept and never shown."""
    return Field("hidden", description, default)


def parent(entity: str = "") -> Any:
    """Declare the id of the record to which this one belongs."""
    return Field("parent", refers_to=entity, default=None)


def reference(entity: str, description: str = "") -> Any:
    """Declare a relation to one record: taken as ``…_id``, named in scenarios without the ``_id``."""
    return Field("reference", description, None, refers_to=entity)


def references(entity: str, description: str = "") -> Any:
    """Declare a relation to several records: taken as ``…_ids``, named in scenarios by the plural."""
    return Field("references", description, (), refers_to=entity)


class Computed:
    """A method of an entity that the JSON shows; called as ``method(row, view)``."""

    def __init__(self, method: Callable[[Any, Any], Any], since: str = "", until: str = "", edition: str = "") -> None:
        self.method, self.since, self.until, self.edition = method, since, until, edition
        self.name = method.__name__
        self.description = (method.__doc__ or "").strip()
        self.type = method.__annotations__.get("return", Any)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None:
            return self
        return lambda view: self.method(row, view)


def computed(method: F) -> F:
    """Declare a property of the JSON that is computed: ``def web_url(self, view: View) -> str``."""
    return Computed(method)  # type: ignore[return-value]


def computed_in(*, since: str = "", until: str = "", edition: str = "") -> Callable[[F], F]:
    """Declare a computed property that exists only in some versions, or one edition, of GitLab."""
    return lambda method: Computed(method, since, until, edition)  # type: ignore[return-value]
