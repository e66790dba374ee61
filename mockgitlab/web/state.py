"""The state of a world as plain JSON, for people and tests to look at."""

from typing import Any

from mockgitlab.dsl import Entity
from mockgitlab.store import Row, Store

SECRETS = ("value", "password", "private_token", "token", "variables", "headers", "properties")


def state_of(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Return every record by kind, its columns as they are stored, secrets masked."""
    with store.lock:
        kinds = sorted((kind for kind in store.kinds() if issubclass(kind, Entity)), key=lambda kind: kind.__name__)
        found = {kind.__name__: [columns_of(row) for row in store[kind].all()] for kind in kinds}
    return {name: rows for name, rows in found.items() if rows}


def columns_of(row: Row) -> dict[str, Any]:
    """Return the columns of a row, defaults included; of bytes only how many there are."""
    fields = row.fields if isinstance(row, Entity) else {}
    return {name: _shown(name, getattr(row, name)) for name in fields}


def _shown(name: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return "***" if name in SECRETS and value else value
