"""APIs: the definitions of their operations, gathered by decorators or adopted from one another."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from mockgitlab.dsl import checks
from mockgitlab.dsl.adoption import Renamed, adapted
from mockgitlab.dsl.dialect import PLAIN, Dialect
from mockgitlab.dsl.entity import DefinitionError
from mockgitlab.dsl.filters import Filter
from mockgitlab.dsl.operations import Locator, Operation, Rule
from mockgitlab.dsl.params import Param
from mockgitlab.dsl.shapes import Shape
from mockgitlab.dsl.signature import read_signature
from mockgitlab.dsl.validation import NO_PARAMS, Constraint, ParamSet
from mockgitlab.errors import NotBuilt

H = TypeVar("H", bound=Callable[..., Any])
_NAME = re.compile(r"(?:(?<=/[:*])|(?<=^[:*]))\w+")
SUCCESS = {"GET": 200, "POST": 201, "PUT": 200, "PATCH": 200, "DELETE": 204, "HEAD": 200}


class Api:
    """The definitions of one API, gathered by decorators; ``table()`` makes the immutable table of them."""

    def __init__(
        self,
        name: str,
        base: str,
        *,
        scopes: Callable[[str, str], tuple[str, ...]],
        anyone: Rule,
        user: Rule,
        success: Mapping[str, int] = SUCCESS,
        dialect: Dialect = PLAIN,
    ) -> None:
        """Begin an API; reading is for ``anyone`` and writing for ``user`` unless an operation says otherwise."""
        self.name = name
        self.base = base
        self.success = success
        self.dialect = dialect
        self._scopes = scopes
        self._anyone, self._user = anyone, user
        self._operations: dict[tuple[str, str], Operation] = {}
        self._locators: dict[str, tuple[str, Locator]] = {}
        self._located: dict[tuple[str, str], Operation] = {}
        self.imports: Callable[[str, str], object] = lambda method, path: None
        """Imports the page that declares an operation, for another API that takes it."""

    def get(self, *paths: str, **options: Any) -> Callable[[H], H]:
        """Declare an operation with GET."""
        return self.operation("GET", *paths, **options)

    def post(self, *paths: str, **options: Any) -> Callable[[H], H]:
        """Declare an operation with POST."""
        return self.operation("POST", *paths, **options)

    def put(self, *paths: str, **options: Any) -> Callable[[H], H]:
        """Declare an operation with PUT."""
        return self.operation("PUT", *paths, **options)

    def delete(self, *paths: str, **options: Any) -> Callable[[H], H]:
        """Declare an operation with DELETE."""
        return self.operation("DELETE", *paths, **options)

    def operation(
        self,
        method: str,
        *paths: str,
        rule: Rule | None = None,
        shape: Shape | None = None,
        params: Iterable[Param] = (),
        filters: Iterable[Filter] = (),
        constraints: Iterable[Constraint] = (),
        success: int | None = None,
        scopes: tuple[str, ...] | None = None,
        summary: str = "",
        **options: Any,
    ) -> Callable[[H], H]:
        """Declare an operation, at one path or several; the function's arguments declare parameters.

        An argument typed ``Call``, ``Given`` or with an entity is filled from the call; every other one is a parameter
        of the request, required unless it has a default. A function that returns ``Query[...]`` or ``list[...]`` is a
        list, and is paginated. Further options are the attributes of ``Operation``; ``locators`` pairs names of the
        path's parameters with locators that this operation has in place of those declared for the path; ``unlocated``
        names those that are mere values here.
        """
        own, narrowing, rules = tuple(params), tuple(filters), tuple(constraints)
        allowed = rule or (self._anyone if method == "GET" else self._user)

        def register(handler: H) -> H:
            checks.check_words(handler, rule, shape, own, narrowing)
            arguments, read, listed = read_signature(handler)
            declared = ParamSet((*read, *own, *(param for one in narrowing for param in one.params)), rules)
            checks.check_constraints(handler, rules, list(declared.params))
            first = Operation(
                *(self.name, method, "", handler, allowed, declared, arguments, shape, narrowing, listed),
                success=success or self.success[method],
                summary=summary or _summary(handler),
                dialect=self.dialect,
                **{"page": handler.__module__.rsplit(".", 1)[-1], **options},
            )
            for path in paths:
                self._add(first.but(path=path, scopes=scopes or self._scopes(method, path)))
            return handler

        return register

    def _add(self, operation: Operation) -> Operation:
        key = (operation.method, anonymous(operation.path))
        if key in self._operations:
            raise DefinitionError(f"{operation.key} of {self.name} is declared twice")
        self._operations[key] = operation
        return operation

    def locator(self, *paths: str, integer: bool = False) -> Callable[[H], H]:
        """Declare how the last parameter of these paths names a record, for every operation at or below them."""

        def register(find: H) -> H:
            for path in paths:
                self._locators[anonymous(path)] = (path.rsplit("/", 1)[-1][1:], Locator(find, integer))
            return find

        return register

    def adopt(
        self,
        other: "Api",
        method: str,
        path: str,
        *,
        at: str = "",
        takes: Iterable[str | Param] | None = None,
        renames: Mapping[str, Renamed] | None = None,
        filters: Iterable[Filter] | None = None,
        handler: Callable[..., Any] | None = None,
        **changes: Any,
    ) -> Operation:
        """Take an operation of another API, with what differs here.

        ``at`` is its path here, with another method ``DELETE projects/:id/star``. ``takes`` names the parameters that
        it has here, by their names here, or adds some; ``renames`` pairs names here with those there; what the path
        names is taken in any case. What there is for anyone or has the usual status, is and has so here by the custom
        of this API; it is in every version.
        """
        source = other.declared(method, path)
        here, _, place = at.rpartition(" ")
        usual: dict[str, Any] = {
            "api": self.name,
            "method": here or method,
            "path": place or path,
            "rule": self._anyone if source.rule is other._anyone else source.rule,
            "success": self._success(source, other, here or method),
            "dialect": self.dialect,
            **dict.fromkeys(("since", "until", "edition", "deprecated"), ""),
        }
        taken = adapted(source, handler, takes, renames or {}, filters)
        return self._add(source.but(**{**usual, **taken, **changes}))

    def _success(self, source: Operation, other: "Api", method: str) -> int:
        usual = source.success == other.success[source.method]
        return self.success[method] if usual else source.success

    def declared(self, method: str, path: str) -> Operation:
        """Return an operation as it is declared, once the page that does is imported; raises ``KeyError``."""
        key = (method, anonymous(path))
        if key not in self._operations:
            self.imports(method, path)
        return self._operations[key]

    def changed(self, method: str, path: str, **changes: Any) -> None:
        """Change attributes of an operation declared before."""
        key = (method, anonymous(path))
        self._operations[key] = self._operations[key].but(**changes)
        self._located.pop(key, None)

    def known(self, lines: Iterable[str]) -> None:
        """Add, as not built, the operations of a list of ``METHOD path`` that nothing declares."""
        for method, path in known_operations(lines):
            if (method, anonymous(path)) not in self._operations:
                self._add(_not_built(self, method, path, self._anyone))

    def at(self, method: str, path: str) -> Operation:
        """Return an operation with the locators of its path, the same whenever asked; raises ``KeyError``."""
        key = (method, anonymous(path))
        if key not in self._located:
            one = self._operations[key]
            self._located[key] = one.but(locators=self._locators_of(one)) if one.built else one
        return self._located[key]

    def table(self) -> tuple[Operation, ...]:
        """Return the operations, each with the locators of its path."""
        return tuple([self.at(one.method, one.path) for one in self._operations.values()])

    def _locators_of(self, operation: Operation) -> tuple[tuple[str, Locator], ...]:
        place, found, own = "", [], dict(operation.locators)
        for segment in operation.path.split("/"):
            named = segment[0] in ":*"
            place += segment[0] if named else segment
            if named and segment[1:] not in operation.unlocated:
                declared = self._locators.get(place)
                locator = own.get(segment[1:]) or (declared[1] if declared else None)
                if locator is not None:
                    found.append((segment[1:], locator))
            place += "/"
        return tuple(found)


def known_operations(lines: Iterable[str]) -> list[tuple[str, str]]:
    """Return the method and path of each line ``METHOD /path``; a line that begins with ``#`` is none."""
    words = [line.split() for line in lines if not line.startswith("#")]
    return [(one[0], one[1].strip("/")) for one in words if len(one) > 1]


def anonymous(path: str) -> str:
    """Return a path with the names of its parameters left out: ``projects/:/issues/:``."""
    return _NAME.sub("", path)


def _not_built(api: Api, method: str, path: str, rule: Rule) -> Operation:
    def refuse() -> None:
        raise NotBuilt(f"{method} /{path}")

    more: dict[str, Any] = {"built": False, "summary": "Not built yet", "dialect": api.dialect}
    return Operation(api.name, method, path, refuse, rule, NO_PARAMS, (), **more)


def _summary(handler: Callable[..., Any]) -> str:
    return (handler.__doc__ or "").strip().split("\n", 1)[0].rstrip(".")
