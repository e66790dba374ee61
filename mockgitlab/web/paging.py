"""Pagination: by page with its headers, and by keyset with its link.

Source: https://docs.gitlab.com/api/rest/#pagination and GitLab's lib/gitlab/pagination.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from mockgitlab.dsl import Call, Mapped
from mockgitlab.errors import GrapeError, InvalidParameters, Unprocessable
from mockgitlab.store import Query, release

_WHOLE = re.compile(r"\s*[+-]?\d{1,18}\s*", re.ASCII)
PER_PAGE = 20


class PagingNotAllowed(GrapeError):
    """This way of paging is not to be had for this list."""

    status = 405


class Page(NamedTuple):
    """The rows of a page and the headers that say where it stands."""

    rows: Sequence[Any]
    headers: Mapping[str, str]


def paginate(rows: Any, call: Call, path: str, *, counted: bool = True) -> Page:
    """Return the page that a call asks for, of a query or a list; raises for parameters that make no sense.

    Unless ``counted`` it does not tell how many rows there are.
    """
    per_page = _number(call, "per_page", PER_PAGE)
    if per_page == 0:
        raise InvalidParameters(["per_page has a value not allowed"], reason="per_page was 0")
    most = call.operation.page_at_most or call.settings.limits.per_page
    per_page = min(per_page if per_page > 0 else PER_PAGE, most, call.settings.limits.per_page)
    if call.sent.get("pagination") == "keyset" and _has_keysets(call) and isinstance(rows, Query):
        return _keyset(rows, call, path, per_page)
    if call.sent.get("pagination") == "keyset" and isinstance(rows, Mapped) and rows.token:
        return _by_token(rows, rows.token, call, path, per_page)
    page = max(_number(call, "page", 1), 1)
    return _offset(rows, call, path, page, per_page, counted and call.operation.counted)


def _has_keysets(call: Call) -> bool:
    since = call.operation.keyset_since
    return bool(call.operation.keyset) and (not since or call.settings.release >= release(since))


def _by_token(rows: Mapped, token: Callable[[Any], str], call: Call, path: str, per_page: int) -> Page:
    """Return the page after the item whose token the call gives as ``page_token``."""
    tokens, wanted = [token(item) for item in rows.items], call.sent.get("page_token")
    older = [rows.older_token(item) for item in rows.items] if rows.older_token and wanted not in tokens else []
    if wanted in older:
        wanted = tokens[older.index(wanted)]
    if wanted and str(wanted) not in tokens:
        raise Unprocessable(
            f"Invalid page token: {rows.tokens_below}{wanted}", reason="the token was not given by this list"
        )
    start = tokens.index(str(wanted)) + 1 if wanted else 0
    more = len(tokens) - start >= per_page + (not rows.tokens_below)
    after = {"page_token": tokens[start + per_page - 1]} if more else {}
    headers = _keyset_headers(call, f"{path}?{_link_query(call, per_page=per_page, **after)}") if after else {}
    return Page(rows[start : start + per_page], headers)


def _number(call: Call, name: str, default: int) -> int:
    value = call.sent.get(name)
    if value is None or value == "":
        return default
    if isinstance(value, bool) or not _WHOLE.fullmatch(str(value)):
        raise InvalidParameters([f"{name} is invalid"], reason=f"{name} was {value!r}, a whole number was expected")
    return int(value)


def _offset(rows: Any, call: Call, path: str, page: int, per_page: int, counted: bool) -> Page:
    offset = (page - 1) * per_page
    most = call.settings.limits.offset
    if _has_keysets(call) and offset > most:
        raise PagingNotAllowed(
            f"Offset pagination has a maximum allowed offset of {most} for requests that return "
            f"objects of type {_kind(rows)}. Remaining records can be retrieved using keyset pagination."
        )
    if isinstance(rows, Query):
        shown, total = rows.page_of_all(offset, per_page)
    else:
        total, shown = len(rows), rows[offset : offset + per_page]
    if isinstance(rows, Mapped) and rows.endless:
        total = offset + len(shown) + 1
    return Page(shown, _offset_headers(call, path, page, per_page, total, counted))


def _kind(rows: Any) -> str:
    return rows.table.kind.__name__ if isinstance(rows, Query) else "Record"


def _offset_headers(call: Call, path: str, page: int, per_page: int, total: int, counted: bool) -> dict[str, str]:
    pages = max(-(-total // per_page), 1)
    after = str(page + 1) if page < pages else ""
    before = str(page - 1) if 1 < page <= pages else ""
    counted = counted and total <= call.settings.limits.totals_above
    places = (("prev", before), ("next", after), ("first", "1"), ("last", str(pages) if counted else ""))
    begin, end = _around_page(call, f"<{call.base}{path}?", per_page)
    links = [f'{begin}page={number}{end}>; rel="{rel}"' for rel, number in places if number]
    headers = {
        "X-Per-Page": str(per_page),
        "X-Page": str(page),
        "X-Next-Page": after,
        "X-Prev-Page": before,
        "Link": ", ".join(links),
    }
    if counted:
        headers["X-Total"], headers["X-Total-Pages"] = str(total), str(pages)
    return headers


def _link_query(call: Call, **changes: Any) -> str:
    """Return what GitLab repeats in a link, in alphabetical order: all parameters, the path's and a token too."""
    known = {**call.sent, **call.given, **call.path, **changes}
    return "&".join(_pairs(known, sorted(known)))


def _around_page(call: Call, begin: str, per_page: int) -> tuple[str, str]:
    """Return what stands in a link before ``page=1``, with what it begins with, and after it."""
    known = {**call.sent, **call.given, **call.path, "page": None, "per_page": per_page}
    names = sorted(known)
    at = names.index("page")
    before, after = _pairs(known, names[:at]), _pairs(known, names[at:])
    return begin + "&".join([*before, ""]), "&".join(["", *after])


def _pairs(known: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    pairs: list[str] = []
    for name in names:
        value = known[name]
        if isinstance(value, str):
            pairs.append(_pair(name, value))
        elif isinstance(value, (dict, list, tuple)):
            pairs += _nested(name, value)
        elif value is not None:
            pairs.append(_pair(name, value))
    return pairs


def _nested(name: str, value: Any) -> list[str]:
    if isinstance(value, dict):
        return sorted(pair for key, part in value.items() for pair in _nested(f"{name}[{key}]", part))
    if isinstance(value, (list, tuple)):
        return [pair for part in value for pair in _nested(f"{name}[]", part)]
    return [_pair(name, value)]


@lru_cache(maxsize=4_096, typed=True)
def _pair(name: str, value: Any) -> str:
    return f"{_quoted(name)}={_quoted(str(value).lower() if isinstance(value, bool) else str(value))}"


def _quoted(text: str) -> str:
    return text if text.isalnum() and text.isascii() else quote_plus(text)


def _keyset(query: "Query[Any]", call: Call, path: str, per_page: int) -> Page:
    by, descending = _column(query), query.order.descending
    if by not in call.operation.keyset or (call.sent.get("order_by") is None and "id_after" in call.operation.params):
        raise PagingNotAllowed("Keyset pagination is not yet available for this type of request")
    if "id_after" in call.operation.params:
        rows = query.page(0, per_page)
        after = {"id_before" if descending else "id_after": rows[-1].id} if rows else {}
    else:
        rows = _after_cursor(query, call.sent.get("cursor")).page(0, per_page + 1)
        after = {"cursor": _cursor(rows[per_page - 1], by)} if len(rows) > per_page else {}
        rows = rows[:per_page]
    return Page(rows, _keyset_headers(call, f"{path}?{_link_query(call, per_page=per_page, **after)}") if after else {})


def _column(query: "Query[Any]") -> str:
    """Return the column by which a query is ordered; an order by a value of its own begins with the name."""
    return query.order.by.split(" ", 1)[0]


def _keyset_headers(call: Call, path: str) -> dict[str, str]:
    link = f'<{call.base}{path}>; rel="next"'
    return {"Link": link} if call.settings.release >= (14,) else {"Link": link, "Links": link}


def _cursor(row: Any, by: str) -> str:
    value = {by: getattr(row, by), "id": str(row.id), "_kd": "n"}
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode()


def _after_cursor(query: "Query[Any]", cursor: Any) -> "Query[Any]":
    if not cursor:
        return query
    key, place = query.order.key(), key_of_cursor(query, cursor)
    if query.order.descending:
        return query.filter(lambda row: key(row) < place, ("before", str(cursor)))
    return query.filter(lambda row: key(row) > place, ("after", str(cursor)))


def key_of_cursor(query: "Query[Any]", cursor: Any) -> Any:
    """Return the sort key of the row after which a cursor stands; raises for one that this list did not make."""
    by = _column(query)
    values = (getattr(row, by, None) for row in query)
    kind = str if by == "id" else next((type(value) for value in values if value is not None), None)
    try:
        read = json.loads(base64.urlsafe_b64decode(str(cursor) + "=="))
        place = type("Place", (), {by: read[by], "id": int(read["id"])})
        if kind is not None and not isinstance(read[by], (kind, type(None))):
            raise TypeError(f"{by} is no {kind.__name__}")
    except (binascii.Error, ValueError, KeyError, TypeError, OverflowError, RecursionError) as wrong:
        reason = f"the cursor was not made by this list: {wrong}"
        raise GrapeError("Invalid cursor parameter", reason=reason) from None
    return query.order.key()(place)
