"""The table of operations: the one product of all definitions, and what everything else reads."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from mockgitlab.dsl import checks
from mockgitlab.dsl.call import Call, Presented
from mockgitlab.dsl.entity import DefinitionError
from mockgitlab.dsl.filters import Filter
from mockgitlab.dsl.params import Param
from mockgitlab.dsl.shapes import Shape
from mockgitlab.dsl.signature import Argument, read_signature
from mockgitlab.dsl.validation import Constraint, ParamSet
from mockgitlab.errors import NotBuilt
from mockgitlab.store import Query, Row, Settings, release

H = TypeVar("H", bound=Callable[..., Any])
SUCCESS = {"GET": 200, "POST": 201, "PUT": 200, "PATCH": 200, "DELETE": 204, "HEAD": 200}


@dataclass(frozen=True)
class Rule:
    """Who may call an operation; ``check`` raises when this caller may not.

    ``login`` refuses anonymous requests before anything else; ``early`` checks before the parameters are read and the
    records of the path found, as GitLab does for what only administrators may do; ``before_records`` checks between the
    two, so that wrong parameters are told to everybody and missing records only to those who may.
    """

    name: str
    check: Callable[[Call], None]
    login: bool = True
    early: bool = False
    before_records: bool = False


@dataclass(frozen=True)
class Locator:
    """How the last parameter of a path names a record: ``find(call, value)`` returns it or raises ``NotFound``."""

    find: Callable[[Call, str], Row]
    integer: bool = False


@dataclass(frozen=True)
class Renamed:
    """A parameter that an older API calls otherwise: the name it has here, and how its value reads here."""

    to: str
    read: Callable[[Any], Any] = lambda value: value


@dataclass(frozen=True)
class Operation:
    """One operation of one API.

    ``path`` is relative to the API's base and names its parameters ``:id`` or ``*path``.
    """

    api: str
    method: str
    path: str
    handler: Callable[..., Any]
    rule: Rule
    params: ParamSet
    arguments: tuple[Argument, ...]
    shape: Shape | None = None
    filters: tuple[Filter, ...] = ()
    listed: bool = False
    paginated: bool = True
    keyset: tuple[str, ...] = ()
    conditional: bool = True
    success: int = 200
    scopes: tuple[str, ...] = ()
    job_token: bool = False
    since: str = ""
    until: str = ""
    edition: str = ""
    deprecated: str = ""
    summary: str = ""
    page: str = ""
    deploy_token: bool = False
    locators: tuple[tuple[str, Locator], ...] = ()
    unlocated: tuple[str, ...] = ()
    built: bool = True
    renames: Mapping[str, Renamed] = field(default_factory=dict)
    gives_back: Shape | None = None

    @property
    def key(self) -> str:
        """The operation as people write it: ``POST /projects/:id/issues``."""
        return f"{self.method} /{self.path}"

    def exists_in(self, settings: Settings) -> bool:
        """Tell whether this GitLab version and edition has the operation."""
        now = settings.release
        in_time = (not self.since or now >= release(self.since)) and (not self.until or now < release(self.until))
        return in_time and (not self.edition or self.edition == settings.edition)

    def act(self, call: Call) -> Any:
        """Call the handler with the arguments that it asks for, and narrow a list by the filters.

        With ``gives_back`` the result is the record of the path as it was before, in that shape.
        """
        before = self.gives_back.render(list(call.located.values())[-1], call.view()) if self.gives_back else None
        result = self.handler(**{argument.name: argument.value(call) for argument in self.arguments})
        if before is not None:
            return before
        if isinstance(result, Presented):
            return replace(result, result=self.narrow(result.result, call))
        return self.narrow(result, call)

    def renamed(self, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what was sent under the names that the parameters have here; what has both names keeps the newer."""
        if not self.renames:
            return sent
        moved = {name.to: name.read(sent[old]) for old, name in self.renames.items() if old in sent}
        return {**moved, **sent}

    def narrow(self, result: Any, call: Call) -> Any:
        """Return a query narrowed by the filters; anything else as it is."""
        if isinstance(result, Query):
            for one in self.filters:
                result = one.apply(result, call)
        return result


class Api:
    """The definitions of one API, gathered by decorators; ``table()`` makes the immutable table of them."""

    def __init__(
        self, name: str, base: str, *, scopes: Callable[[str, str], tuple[str, ...]], anyone: Rule, user: Rule
    ) -> None:
        self.name = name
        self.base = base
        self._scopes = scopes
        self._anyone, self._user = anyone, user
        self._operations: dict[tuple[str, str], Operation] = {}
        self._locators: dict[str, tuple[str, Locator]] = {}

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
        paths_params, narrowing, rules = tuple(params), tuple(filters), tuple(constraints)

        def register(handler: H) -> H:
            checks.check_kind(handler, "rule", rule, Rule)
            checks.check_kind(handler, "shape", shape, Shape)
            checks.check_params(handler, paths_params)
            checks.check_filters(handler, narrowing)
            arguments, own, listed = read_signature(handler)
            filter_params = [param for one in narrowing for param in one.params]
            declared = ParamSet((*own, *paths_params, *filter_params), rules)
            checks.check_constraints(handler, rules, list(declared.params))
            more = {"page": handler.__module__.rsplit(".", 1)[-1], **options}
            for path in paths:
                self._add(
                    Operation(
                        self.name,
                        method,
                        path,
                        handler,
                        rule or (self._anyone if method == "GET" else self._user),
                        declared,
                        arguments,
                        shape,
                        narrowing,
                        listed,
                        success=success or SUCCESS[method],
                        scopes=scopes or self._scopes(method, path),
                        summary=summary or _summary(handler),
                        **more,
                    )
                )
            return handler

        return register

    def _add(self, operation: Operation) -> None:
        key = (operation.method, _anonymous(operation.path))
        if key in self._operations:
            raise DefinitionError(f"{operation.key} of {self.name} is declared twice")
        self._operations[key] = operation

    def locator(self, *paths: str, integer: bool = False) -> Callable[[H], H]:
        """Declare how the last parameter of these paths names a record, for every operation at or below them."""

        def register(find: H) -> H:
            for path in paths:
                self._locators[_anonymous(path)] = (path.rsplit("/", 1)[-1][1:], Locator(find, integer))
            return find

        return register

    def adopt(self, other: "Api", method: str, path: str, *, at: str = "", **changes: Any) -> Operation:
        """Take an operation of another API, with what differs here: ``shape``, ``success``, ``params``, ``handler``."""
        source = other._operations[(method, _anonymous(path))]
        handler = changes.get("handler")
        if handler is not None:
            changes["arguments"], own, changes["listed"] = read_signature(handler)
            changes.setdefault("params", ParamSet((*source.params.params.values(), *own), source.params.constraints))
        operation = replace(source, api=self.name, path=at or path, **changes)
        self._add(operation)
        return operation

    def changed(self, method: str, path: str, **changes: Any) -> None:
        """Change attributes of an operation declared before."""
        key = (method, _anonymous(path))
        self._operations[key] = replace(self._operations[key], **changes)

    def known(self, lines: Iterable[str]) -> None:
        """Add, as not built, the operations of a list of ``METHOD path`` that nothing declares."""
        for line in lines:
            method, _, path = line.strip().partition(" ")
            path = path.strip("/")
            if path and not line.startswith("#") and (method, _anonymous(path)) not in self._operations:
                self._add(_not_built(self.name, method, path, self._anyone))

    def table(self) -> tuple[Operation, ...]:
        """Return the operations, each with the locators of its path."""
        return tuple(
            replace(operation, locators=self._locators_of(operation)) for operation in self._operations.values()
        )

    def _locators_of(self, operation: Operation) -> tuple[tuple[str, Locator], ...]:
        if not operation.built:
            return ()
        segments, found, own = operation.path.split("/"), [], dict(operation.locators)
        for end, segment in enumerate(segments, 1):
            declared = self._locators.get(_anonymous("/".join(segments[:end])))
            locator = own.get(segment[1:]) or (declared[1] if declared else None)
            if segment[0] in ":*" and locator is not None and segment[1:] not in operation.unlocated:
                found.append((segment[1:], locator))
        return tuple(found)


def _anonymous(path: str) -> str:
    return "/".join(segment[0] if segment[:1] in (":", "*") else segment for segment in path.split("/"))


def _not_built(api: str, method: str, path: str, rule: Rule) -> Operation:
    def refuse() -> None:
        raise NotBuilt(f"{method} /{path}")

    return Operation(api, method, path, refuse, rule, ParamSet(()), (), built=False, summary="Not built yet")


def _summary(handler: Callable[..., Any]) -> str:
    return (handler.__doc__ or "").strip().split("\n", 1)[0].rstrip(".")
