"""Operations: the one product of all definitions, and what everything else reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from mockgitlab.dsl.adoption import Renamed, renamed
from mockgitlab.dsl.call import Call, Presented
from mockgitlab.dsl.dialect import PLAIN, Dialect
from mockgitlab.dsl.filters import Filter
from mockgitlab.dsl.mapped import each
from mockgitlab.dsl.params import Given
from mockgitlab.dsl.shapes import Shape
from mockgitlab.dsl.signature import Argument
from mockgitlab.dsl.validation import ParamSet
from mockgitlab.store import Query, Row, Settings, release


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
class Operation:
    """One operation of one API.

    ``path`` is relative to the API's base and names its parameters ``:id`` or ``*path``. A list that is not ``counted``
    does not tell how many records there are; ``page_at_most`` fit on a page where that is less than usual. Without
    ``json_suffix`` a ``.json`` at the end of the path is no format. ``upload`` names the parameter that is the whole
    body, whatever its type; with ``basic_auth`` a token may be the password of HTTP's basic authentication.
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
    counted: bool = True
    page_at_most: int = 0
    keyset: tuple[str, ...] = ()
    keyset_since: str = ""
    conditional: bool = True
    json_suffix: bool = True
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
    basic_auth: bool = False
    upload: str = ""
    locators: tuple[tuple[str, Locator], ...] = ()
    unlocated: tuple[str, ...] = ()
    built: bool = True
    renames: Mapping[str, Renamed] = field(default_factory=dict)
    gives_back: Shape | None = None
    retold: Callable[[Any], Any] | None = None
    dialect: Dialect = PLAIN

    @property
    def key(self) -> str:
        """The operation as people write it: ``POST /projects/:id/issues``."""
        return f"{self.method} /{self.path}"

    def but(self, **changes: Any) -> "Operation":
        """Return the operation with other attributes; ``dataclasses.replace`` would look at each of all thirty."""
        other = object.__new__(Operation)
        other.__dict__.update({**self.__dict__, **changes})
        return other

    def exists_in(self, settings: Settings) -> bool:
        """Tell whether this GitLab version and edition has the operation."""
        return exists_in(self.since, self.until, self.edition, settings)

    def act(self, call: Call) -> Any:
        """Call the handler with the arguments that it asks for, and narrow a list by the filters.

        With ``gives_back`` the result is the record of the path as it was before, in that shape. With ``retold`` it is
        what that function makes of the object, or of each object in the list, which must be no records.
        """
        before = self.gives_back.render(list(call.located.values())[-1], call.view()) if self.gives_back else None
        result = self.handler(**{argument.name: argument.value(call) for argument in self.arguments})
        if before is not None:
            return before
        if isinstance(result, Presented):
            return result.of(self._told(result.result, call))
        return self._told(result, call)

    def _told(self, result: Any, call: Call) -> Any:
        found = self.narrow(result, call)
        return found if self.retold is None else each(found, self.retold)

    def read(self, sent: Mapping[str, Any], settings: Settings) -> Given:
        """Return the parameters of a request, read and checked, under the names that the handler knows."""
        params = self.params.of_release(settings.release)
        if self.dialect.blank_is_missing and settings.errors == "documented":
            required = [name for name, param in params.params.items() if param.required]
            sent = {name: value for name, value in sent.items() if name not in required or value not in ("", None)}
        given = params.read(sent)
        return renamed(given, self.renames) if self.renames else given

    def narrow(self, result: Any, call: Call) -> Any:
        """Return a query narrowed by the filters; anything else as it is."""
        if isinstance(result, Query):
            for one in self._called(tuple(call.given)):
                result = one.apply(result, call)
        return result

    @cached_property
    def _called(self) -> Callable[[tuple[str, ...]], list[Filter]]:
        """Which filters parameters of some names call, in the order in which they are declared."""
        return lru_cache(maxsize=64)(lambda names: [one for one in self.filters if one.params[0].name in names])


def exists_in(since: str, until: str, edition: str, settings: Settings) -> bool:
    """Tell whether a GitLab has what is there since a version, until another, in one edition; empty says nothing."""
    now = settings.release
    in_time = (not since or now >= release(since)) and (not until or now < release(until))
    return in_time and (not edition or edition == settings.edition)
