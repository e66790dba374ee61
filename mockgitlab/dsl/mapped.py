"""Lists whose items are made when they are looked at: a page costs the page."""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from typing import Any


class Mapped(Sequence[Any]):
    """A sequence of what a function makes of items: of those that are asked for, when they are.

    With ``token`` it can be paged by keyset: the next page begins after the item with that token, or the first with it
    as its ``older_token``. Where tokens are names of refs, ``tokens_below`` is what stands before one that is refused,
    and every full page is said to have a next one, as it is by page where the list is ``endless``: nobody looked
    whether there is more.
    """

    def __init__(
        self,
        items: Sequence[Any],
        make: Callable[[Any], Any],
        token: Callable[[Any], str] | None = None,
        *,
        tokens_below: str = "",
        older_token: Callable[[Any], str] | None = None,
        endless: bool = False,
    ) -> None:
        self.items = items
        self.token = token
        self.tokens_below = tokens_below
        self.older_token = older_token
        self.endless = endless
        self._make = make

    def then(self, make: Callable[[Any], Any]) -> "Mapped":
        """Return the same list with what a further function makes of what is made."""
        other, first = copy(self), self._make
        other._make = lambda item: make(first(item))
        return other

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, at: Any) -> Any:
        found = self.items[at]
        return [self._make(item) for item in found] if isinstance(at, slice) else self._make(found)

    def __iter__(self) -> Iterator[Any]:
        return map(self._make, self.items)


def each(result: Any, make: Callable[[Any], Any]) -> Any:
    """Return what a function makes of an object, or of each in a list."""
    if isinstance(result, Mapped):
        return result.then(make)
    return [make(item) for item in result] if isinstance(result, list) else make(result)
