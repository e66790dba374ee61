"""The filters and orders that every list of access tokens takes.

Source: GitLab's lib/api/helpers/personal_access_tokens_helpers.rb and app/finders/personal_access_tokens_finder.rb.
"""

from collections.abc import Callable
from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.token import Token
from mockgitlab.store import Query


def _by_state(query: Query[Token], state: str, call: dsl.Call) -> Query[Token]:
    """Keep tokens that can be used, or that cannot any more; one whose last day has begun today is in neither list."""
    today = call.store.today
    if state == "active":
        return query.where(revoked=False).filter(
            lambda token: token.expires_at is None or token.expires_at > today, ("lives after", today)
        )
    return query.filter(
        lambda token: token.revoked or (token.expires_at is not None and token.expires_at < today),
        ("inactive at", today),
    )


def _expires_before(query: Query[Token], day: str, call: dsl.Call) -> Query[Token]:
    return query.filter(lambda token: "" < (token.expires_at or "") < day, ("expires <", day))


def _expires_after(query: Query[Token], day: str, call: dsl.Call) -> Query[Token]:
    return query.filter(lambda token: (token.expires_at or "") >= day, ("expires >=", day))


def _dated(column: str, sign: int) -> Callable[[Any], Any]:
    """Return the key that sorts by a date, tokens without one last, and newer tokens first among equals."""
    return lambda token: (getattr(token, column) is None, getattr(token, column) or "", sign * token.id)


_ORDERS: dict[str, Callable[[Any], Any]] = {
    "created": lambda token: token.created_at,
    "created_at": lambda token: token.created_at,
    "id": lambda token: token.id,
    "name": lambda token: token.name.lower(),
}


def _sort(query: Query[Token], wanted: str, call: dsl.Call) -> Query[Token]:
    """Sort as asked, ``name_desc``; what is no order of tokens changes nothing."""
    by, _, way = wanted.rpartition("_")
    if way not in ("asc", "desc"):
        return query
    descending = way == "desc"
    orders = {**_ORDERS, **{by: _dated(f"{by}_at", 1 if descending else -1) for by in ("expires", "last_used")}}
    return query.order_by(wanted, descending=descending, value=orders[by]) if by in orders else query


TOKEN_FILTERS = [
    dsl.eq("revoked", bool, "Only revoked tokens, or only others"),
    dsl.by("state", Literal["active", "inactive"], "Only tokens that can be used, or that cannot any more", _by_state),
    *dsl.dates("created"),
    *dsl.dates("last_used"),
    dsl.by("expires_before", dsl.Date, "Only tokens that expire before this day", _expires_before),
    dsl.by("expires_after", dsl.Date, "Only tokens that expire on or after this day", _expires_after),
    dsl.search("name", description="Only tokens whose name contains this"),
    dsl.by("sort", str, "Sort by created, expires, last_used or name, each followed by _asc or _desc", _sort),
]
