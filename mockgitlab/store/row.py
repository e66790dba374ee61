"""What a table holds: immutable records."""

from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

Self = TypeVar("Self", bound="Row")


@dataclass(frozen=True)
class Serial:
    """A column that counts: 1, 2, 3 … in the whole table, or apart for each value of another column."""

    column: str
    within: str | None = None
    start: int = 1

    def counter(self, row: "Row") -> tuple[str, Any]:
        """Return the name of the counter that a row draws from."""
        return self.column, getattr(row, self.within) if self.within else None


class Row:
    """An immutable record with an id; a change makes a new row of it.

    Columns that were not given are read from the class, so a row costs only what it says. ``_lively`` names columns
    that change all the time and that readers of ``store.steady(kind)`` do not look at.
    """

    id: int
    _serials: ClassVar[tuple[Serial, ...]] = (Serial("id"),)
    _created: ClassVar[tuple[str, ...]] = ()
    _touched: ClassVar[tuple[str, ...]] = ()
    _lively: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **columns: Any) -> None:
        self.__dict__.update(columns)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a row is immutable: call store.update({type(self).__name__.lower()}, {name}=...)")

    def replaced(self: Self, changes: dict[str, Any]) -> Self:
        """Return the row with other values in some columns."""
        row = object.__new__(type(self))
        row.__dict__.update(self.__dict__)
        row.__dict__.update(changes)
        return row

    def differs(self, other: "Row") -> bool:
        """Tell whether two rows differ in any column that is not lively."""
        return any(getattr(other, name) != value for name, value in self.__dict__.items() if name not in self._lively)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.__dict__.items())})"
