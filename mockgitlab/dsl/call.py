"""One call of an operation: who asks for what, in which world."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from mockgitlab.dsl.params import Given
from mockgitlab.dsl.shapes import Shape, View
from mockgitlab.errors import PreconditionFailed
from mockgitlab.store import Row, Settings, Store, parse_instant

if TYPE_CHECKING:
    from mockgitlab.dsl.operations import Operation

R = TypeVar("R", bound=Row)


class Credential(NamedTuple):
    """A secret found in a request, and where.

    Places: ``private_token``, ``bearer``, ``job_token``, ``deploy_token``, ``session``, ``basic``, ``key``.
    """

    place: str
    secret: str
    username: str = ""


@dataclass(slots=True)
class Call:
    """What an operation gets: parsed and checked parameters, the records that its path names, the user and the store.

    ``user`` is the one on whose behalf it runs (after sudo), ``None`` for an anonymous request; ``token`` what it
    identified itself with; ``method`` is the request's, HEAD where the operation's is GET; ``address`` the client's,
    ``query`` the query string as it was sent. With ``then`` the result is what that returns, in a transaction of its
    own once all that the operation left to be posted is delivered.
    """

    operation: "Operation"
    store: Store
    base: str
    sent: Mapping[str, Any]
    path: Mapping[str, str]
    headers: Mapping[str, str]
    user: Any = None
    token: Any = None
    given: Given = field(default_factory=Given)
    located: dict[type[Row], Row] = field(default_factory=dict)
    method: str = ""
    address: str = ""
    query: str = ""
    then: Callable[[], Any] | None = None

    @property
    def settings(self) -> Settings:
        """The settings of the instance."""
        return self.store.settings

    @property
    def now(self) -> str:
        """The instant as GitLab writes it."""
        return self.store.now

    def at(self, kind: type[R]) -> R:
        """Return the record of this kind that the path names, as it is now."""
        return self.store[kind][self.located[kind].id]

    def maybe_at(self, kind: type[R]) -> R | None:
        """Return the record of this kind that the path names, if it names one."""
        return self.at(kind) if kind in self.located else None

    def option(self, name: str) -> bool:
        """Tell whether a boolean parameter was given as true."""
        return self.given.get(name) is True

    def check_unmodified(self, changed: str | None) -> None:
        """Raise ``PreconditionFailed`` for what changed after the date in ``If-Unmodified-Since``, if it is one."""
        wanted = self.headers.get("If-Unmodified-Since")
        since = _read_date(wanted) if wanted else None
        if changed and since and parse_instant(changed) > since:
            raise PreconditionFailed(reason=f"it changed at {changed}, after {wanted}")

    def view(self, *options: Any) -> View:
        """Return the view in which this call's answer is shown; what is not asked for by name is not shown."""
        user_id = self.user.id if self.user else None
        return View(self.store, self.base, user_id, frozenset(options), dialect=self.operation.dialect)


def _read_date(text: str) -> datetime | None:
    from email.utils import parsedate_to_datetime  # few requests have such a date, and it takes long to import

    for read in (parse_instant, parsedate_to_datetime):
        with contextlib.suppress(ValueError, TypeError):
            date = read(text)
            return date if date.tzinfo else date.replace(tzinfo=timezone.utc)
    return None


@dataclass(slots=True)
class Presented:
    """A result with the shape and the options it is to be shown with, where they depend on the call.

    It is not to be changed. A list that is not ``counted`` does not tell how many records there are.
    """

    result: Any
    shape: Shape | None = None
    options: frozenset[str] = frozenset()
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    paginated: bool = True
    counted: bool = True

    def of(self, result: Any) -> "Presented":
        """Return another result, presented in the same way."""
        if result is self.result:
            return self
        return Presented(result, self.shape, self.options, self.status, self.headers, self.paginated, self.counted)


def present(
    result: Any,
    shape: Shape | None = None,
    *,
    options: Any = (),
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    paginated: bool = True,
    counted: bool = True,
) -> Any:
    """Return a result to be shown in another shape, with options (``with_labels_details``), a status, headers."""
    return Presented(result, shape, frozenset(options), status, headers or {}, paginated, counted)


@dataclass(frozen=True)
class Raw:
    """An answer that is no JSON: a file, a text."""

    body: bytes
    content_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
