"""What the patches of `requests` and of `httpx` have in common; imports neither."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# Finds the application that answers a URL: None lets the call out, BlockedNetwork refuses it.
AppFor = Callable[[str], "WSGIApplication | None"]


class BlockedNetwork(Exception):
    """A call to a host that is neither intercepted nor this machine, while `block_network` is on.

    What is raised is also a `requests.exceptions.ConnectionError` or an `httpx.ConnectError`, after the library that
    was called, so that a client meets it as it would meet an unreachable host.
    """


class Patch:
    """A method of a library's class, replaced until `undo`.

    Args:
        owner: The class.
        name: The method.
        wrap: Makes the replacement from the original.
    """

    def __init__(self, owner: type, name: str, wrap: Callable[[Any], Callable[..., Any]]) -> None:
        self.owner = owner
        self.name = name
        self.original = getattr(owner, name)
        self.replacement = functools.wraps(self.original)(wrap(self.original))
        setattr(owner, name, self.replacement)

    def undo(self) -> None:
        """Put the original back, unless somebody replaced the method since: then ours just passes calls on."""
        if getattr(self.owner, self.name) is self.replacement:
            setattr(self.owner, self.name, self.original)
