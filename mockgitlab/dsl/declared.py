"""What the router must know of an operation before the first request takes it."""

from collections.abc import Callable
from dataclasses import dataclass

from mockgitlab.dsl.operations import Operation, exists_in
from mockgitlab.store import Settings


@dataclass(frozen=True)
class Declared:
    """An operation by method and path, and which versions and edition have it; ``load()`` returns it itself."""

    method: str
    path: str
    load: Callable[[], Operation]
    since: str = ""
    until: str = ""
    edition: str = ""
    json_suffix: bool = True

    @classmethod
    def of(cls, operation: Operation) -> "Declared":
        """Return what is to be known of an operation that is there already."""
        one = operation
        return cls(one.method, one.path, lambda: one, one.since, one.until, one.edition, one.json_suffix)

    def exists_in(self, settings: Settings) -> bool:
        """Tell whether this GitLab version and edition has the operation."""
        return exists_in(self.since, self.until, self.edition, settings)
