"""How one API words what another words otherwise, on the same records."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mockgitlab.errors import ApiError
from mockgitlab.store import Settings

if TYPE_CHECKING:
    from mockgitlab.dsl.shapes import Shape

Reword = Callable[[Any], ApiError]


class Dialect:
    """What an API shows in place of the shapes of another, and says in place of its refusals, wherever they occur.

    With ``blank_is_missing`` a required parameter that is sent empty counts as not sent, where errors are as
    documented.
    """

    def __init__(self, *, blank_is_missing: bool = False) -> None:
        self.blank_is_missing = blank_is_missing
        self._shapes: dict[Shape, Shape] = {}
        self._refusals: dict[type[ApiError], Reword] = {}
        self._compiled: dict[tuple[Any, ...], dict[Shape, Any]] = {}

    def show(self, shapes: "Mapping[Shape, Shape]") -> None:
        """Show records in other shapes than those that the shared operations and records name."""
        self._shapes.update(shapes)
        self._compiled.clear()

    def say(self, refusals: Mapping[type[ApiError], Reword]) -> None:
        """Refuse with other errors than the shared operations raise; reason and headers are kept."""
        self._refusals.update(refusals)

    def shape(self, shape: "Shape") -> "Shape":
        """Return the shape that is shown in place of one."""
        return self._shapes.get(shape, shape)

    def compiled(self, settings: Settings) -> "dict[Shape, Any]":
        """Return where the shapes of one GitLab version and edition are kept once they are compiled."""
        return self._compiled.setdefault((settings.release, settings.edition), {})

    def reworded(self, error: ApiError) -> ApiError:
        """Return the refusal that is answered in place of one."""
        reword = next((self._refusals[kind] for kind in type(error).__mro__ if kind in self._refusals), None)
        if reword is None:
            return error
        other = reword(error)
        other.reason = other.reason or error.reason
        other.headers = {**error.headers, **other.headers}
        return other


PLAIN = Dialect()
"""The words as they are declared."""
