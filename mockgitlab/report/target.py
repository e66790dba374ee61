"""Which requests are meant: those of an operation, or of a method and a path with ``*`` in it."""

import re
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

_PARAMETER = re.compile(r"[:*][A-Za-z_]\w*")
GROUPS = {"READ": ("GET", "HEAD"), "WRITE": ("POST", "PUT", "PATCH", "DELETE")}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", *GROUPS, "ANY")


def anonymous(operation: str) -> str:
    """Return an operation's key without the names of its path's parameters, which are nobody's concern."""
    return _PARAMETER.sub(":", operation)


class Target:
    """What ``on`` says: ``POST /projects/:id/issues``, ``GET /projects/1/*``, ``ANY /api/v4/projects/*``.

    ``WRITE`` and ``READ`` stand for the methods that do.
    A path is compared as it was sent, whole or below the API's base. Raises ``ValueError`` for what is neither.
    """

    def __init__(self, on: str) -> None:
        self.on = str(on)
        self.method, _, self.path = self.on.strip().partition(" ")
        self.path = self.path.strip()
        if self.method not in METHODS or not self.path.startswith("/"):
            raise ValueError(f'{on!r} names no request: write a method and a path, "POST /projects/:id/issues"')

    @property
    def names_operation(self) -> bool:
        """Whether it is written as an operation, with parameters in its path."""
        return _PARAMETER.search(self.path) is not None

    @cached_property
    def _anonymous(self) -> str:
        return anonymous(self.path)

    def has_method(self, method: str) -> bool:
        """Tell whether a method is meant."""
        return self.method in ("ANY", method) or method in GROUPS.get(self.method, ())

    def has_path(self, path: str, operation: Any) -> bool:
        """Tell whether a path is meant, or the operation that has it."""
        if operation is not None and anonymous(f"/{operation.path}") == self._anonymous:
            return True
        if self.names_operation:
            return False
        return fnmatchcase(path, self.path) or fnmatchcase(path, f"/api/v[34]{self.path}")

    def fits(self, method: str, path: str, operation: Any) -> bool:
        """Tell whether a request is meant."""
        return self.has_method(method) and self.has_path(path, operation)
