"""Entities: the records of GitLab, declared as typed classes."""

from typing import Any, ClassVar, get_type_hints

from mockgitlab.dsl.fields import MISSING, Computed, Field
from mockgitlab.dsl.shapes import Shape
from mockgitlab.store import Row, Serial

FIRST_ID_BESIDE_IID = 10_001


class DefinitionError(Exception):
    """The API is declared wrongly; raised at import, naming the class and what is wrong."""


class EntityType(type):
    """Makes plain values of the declared fields, so that a row falls back on its class for what it does not say."""

    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> Any:
        """Make the class; raises ``DefinitionError`` when a field is declared wrongly."""
        declared = {key: value for key, value in body.items() if isinstance(value, Field)}
        for key, value in declared.items():
            body[key] = None if value.default is MISSING else value.default
        cls: Any = super().__new__(mcs, name, bases, body)
        if bases != (Row,):
            _complete(cls, declared)
        return cls


def _complete(cls: Any, declared: dict[str, Field]) -> None:
    hints = get_type_hints(cls, include_extras=True)
    for key, value in declared.items():
        if key not in hints:
            raise DefinitionError(f"{cls.__name__}.{key} has no type")
        if isinstance(value.default, (list, set)):
            raise DefinitionError(f"{cls.__name__}.{key} has a {type(value.default).__name__} as default; take a tuple")
        value.name, value.type = key, hints[key]
    cls.fields = {**cls.fields, **declared}
    _check_annotations(cls)
    _store_columns(cls)
    members = {
        **getattr(cls, "_members", {}),
        **{key: value for key, value in vars(cls).items() if isinstance(value, Computed)},
    }
    cls._members = {**members, **cls.fields}


def _check_annotations(cls: Any) -> None:
    for name in cls.__annotations__:
        if name not in cls.fields and "ClassVar" not in str(cls.__annotations__[name]):
            raise DefinitionError(
                f"{cls.__name__}.{name} needs a word: dsl.required(...), dsl.optional(...), dsl.hidden(...)"
            )


def _store_columns(cls: Any) -> None:
    start = FIRST_ID_BESIDE_IID if "iid" in cls.fields else 1
    serials = [field for field in cls.fields.values() if field.word == "serial"]
    cls._serials = tuple(Serial(field.name, field.within, start if field.name == "id" else 1) for field in serials)
    instants = tuple(field.name for field in cls.fields.values() if field.word == "now")
    cls._created = instants
    cls._touched = tuple(name for name in instants if name == "updated_at")


class Entity(Row, metaclass=EntityType):
    """A kind of record; its fields are declared with the words of ``mockgitlab.dsl.fields``.

    ``singular`` is how GitLab's errors call it (``404 Issue Not Found``), the class's name unless given. ``natural``
    names the column by which scenarios refer to a record of this kind.
    """

    fields: ClassVar[dict[str, Field]] = {}
    singular: ClassVar[str] = ""
    natural: ClassVar[str] = "id"
    _members: ClassVar[dict[str, Any]] = {}

    def __init__(self, **columns: Any) -> None:
        if not columns.keys() <= self.fields.keys():
            unknown = ", ".join(sorted(columns.keys() - self.fields.keys()))
            raise TypeError(f"{type(self).__name__} has no field {unknown}")
        self.__dict__.update(columns)  # as Row does, without passing them on once more

    @classmethod
    def shape(cls, *names: str, name: str = "") -> Shape:
        """Return a JSON shape of the named fields, in this order; without names, of every field shown."""
        chosen = names or tuple(
            key for key in cls._order() if isinstance(cls._members[key], Computed) or cls._members[key].shown
        )
        for key in chosen:
            if key not in cls._members:
                raise DefinitionError(f"{cls.__name__} has no field {key!r} to show")
        return Shape(name or cls.__name__, tuple((key, cls._members[key]) for key in chosen))

    @classmethod
    def _order(cls) -> list[str]:
        own = [key for klass in reversed(cls.__mro__) for key in vars(klass) if key in cls._members]
        return list(dict.fromkeys(own))

    @classmethod
    def called(cls) -> str:
        """Return how GitLab's errors name this kind of record."""
        return cls.singular or cls.__name__
