"""From records to the items of a scenario: columns by their names, relations by natural names, children below."""

from typing import Any

from mockgitlab.dsl import MISSING, Collection
from mockgitlab.dsl.fields import Field
from mockgitlab.playback.learn_reading import Kinds
from mockgitlab.playback.learn_records import Record, Records, rank
from mockgitlab.playback.learn_special import SPECIAL
from mockgitlab.scenario.readers import Reader, readers

NATURAL = {
    "User": "username",
    "Project": "path_with_namespace",
    "Group": "full_path",
    "Milestone": "title",
    "Epic": "title",
}
"""By which key of its JSON scenarios name a record; any other by ``name``."""
ALWAYS = ("visibility", "state", "title", "name")
"""What is written even where it is the usual."""
NEVER = (
    "project_id",
    "group_id",
    "noteable_id",
    "noteable_type",
    "noteable_iid",
    "parent_id",
    "namespace_id",
    "owner",
    "draft",
    "updated_by_id",
)
COLLECTION = {"Note": "notes", "Group": "groups"}
"""The collection of a kind that has several."""


class Items:
    """Makes the items of records; ``remarks`` says what was left out."""

    def __init__(self, kinds: Kinds, records: Records) -> None:
        self._kinds = kinds
        self._records = records
        self._below: dict[Any, list[Record]] = {}
        for record in records:
            self._below.setdefault(self._owner(record), []).append(record)

    def _owner(self, record: Record) -> Any:
        """Return the key of the record to which one belongs; ``None`` for none, ``()`` for one that is not kept."""
        if not record.at:
            return None
        owner = self._records.find(record.at)
        return owner.key if owner else ()

    def below(self, key: Any = None) -> dict[str, list[dict[str, Any]]]:
        """Return the items below a record, or at the top, by collection."""
        found: dict[str, list[dict[str, Any]]] = {}
        for record in sorted(self._below.get(key, ()), key=lambda one: (one.kind, rank(one))):
            collection = self._collection(record.kind)
            found.setdefault(collection.name, []).append(self._item(collection, record))
        return found

    def _collection(self, kind: str) -> Collection:
        every = self._kinds.collections[kind]
        return next((one for one in every if one.name == COLLECTION.get(kind)), every[0])

    def _item(self, collection: Collection, record: Record) -> dict[str, Any]:
        item = {**self._columns(collection, record), **record.extras}
        special = SPECIAL.get(record.kind)
        if special:
            item = special(item, record)
        return {**item, **self.below(record.key)}

    def _columns(self, collection: Collection, record: Record) -> dict[str, Any]:
        known, fields = readers(collection), collection.entity.fields
        found: dict[str, Any] = {}
        for key, value in record.json.items():
            reader = known.get(key)
            if reader is None or key in NEVER or fields[reader.column].word == "parent":
                continue
            read = self._value(reader, key, value, record)
            if read is not None and (key in ALWAYS or not _is_usual(fields[reader.column], read)):
                found[key] = read
        return found

    def _value(self, reader: Reader, key: str, value: Any, record: Record) -> Any:
        if reader.relation:
            return self._related(reader, value)
        if key == reader.column and key.endswith("_id") and key != "id" and isinstance(value, int):
            return self._id(key, value, record)
        read = reader.coerce(value)
        return value if read is not None and reader.fits(read) else None

    def _related(self, reader: Reader, value: Any) -> Any:
        if not reader.many:
            return self.natural(reader.relation, value)
        names = [self.natural(reader.relation, one) for one in value] if isinstance(value, list) else []
        return [name for name in names if name is not None] or None

    def natural(self, kind: str, value: Any) -> Any:
        """Return the natural name of a record that an answer shows as an object, a name or an id."""
        key = NATURAL.get(kind, "name")
        if isinstance(value, dict):
            return value.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            found = self._records.named(kind, str(value))
            return found.json.get(key) if found else None
        return value if isinstance(value, str) else None

    def _id(self, key: str, value: int, record: Record) -> int | None:
        """Return an id in a column, where the record that it names is known."""
        kind = {"creator_id": "User", "user_id": "User", "author_id": "User"}.get(key)
        field_kind = kind or _refers_to(self._kinds.collections[record.kind][0], key)
        return value if not field_kind or self._records.named(field_kind, str(value)) else None


def _refers_to(collection: Collection, key: str) -> str:
    field = collection.entity.fields.get(key)
    return field.refers_to if field else ""


def _is_usual(field: Field, value: Any) -> bool:
    """Tell whether a value is what the record would have anyway."""
    if value in ("", [], {}) or value is None:
        return field.default in (None, MISSING, "", ()) and field.word != "required"
    default = list(field.default) if isinstance(field.default, tuple) else field.default
    return field.word != "required" and type(default) is type(value) and bool(default == value)
