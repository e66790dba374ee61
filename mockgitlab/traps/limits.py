"""Traps of limits: how much a list tells, how far it goes, how often one may ask."""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from mockgitlab.store import Settings, Store
from mockgitlab.web.answer import Answer
from mockgitlab.web.fault_options import fault
from mockgitlab.web.faults import Fault
from mockgitlab.web.trap import Trap

NEVER = -1
SMALL = 2
TOKEN_LASTS = 3
EXPIRED = (
    '{"error":"invalid_token","error_description":"Token is expired. You can either do re-authorization or token '
    'refresh."}'
)
_CHALLENGE = 'Bearer realm="Protected by OAuth 2.0", error="invalid_token", error_description="Token is expired."'


def _limits(**changes: Any) -> Callable[[Settings], Settings]:
    return lambda settings: replace(settings, limits=replace(settings.limits, **changes))


class Window(Mapping[str, str]):
    """The headers of a spent rate window, and others; a client waits for its end by its own clock, so it has that."""

    def __init__(self, **others: str) -> None:
        self._own = {"RateLimit-Limit": "1", "RateLimit-Observed": "2", "RateLimit-Remaining": "0"}
        self._own |= {name.replace("_", "-"): value for name, value in others.items()}

    def __getitem__(self, name: str) -> str:
        return str(int(time.time()) + 1) if name == "RateLimit-Reset" else self._own[name]

    def __iter__(self) -> Iterator[str]:
        return iter((*self._own, "RateLimit-Reset"))

    def __len__(self) -> int:
        return len(self._own) + 1


def _throttled(headers: Window, **answer: Any) -> Callable[[Store], Iterable[Fault]]:
    """Return the faults that answer the first call of every operation with a 429."""
    declared = fault("ANY /*", first=1, per="operation", status=429, **answer)
    return lambda store: [replace(declared, headers=headers)]


def _expired(store: Store) -> Iterable[Fault]:
    headers = {"Content-Type": "application/json", "WWW-Authenticate": _CHALLENGE}
    return [fault("ANY /api/*", nth=TOKEN_LASTS + 1, per="token", status=401, body=EXPIRED, headers=headers)]


_OF_GIT = re.compile(r"<([^>]*/repository/(?:branches|tags|tree)\?[^>]*\bpage=)1\b([^>]*)>; rel=\"first\"")


def _one_more(answer: Answer) -> Answer:
    """Return the first page of what git lists as told to have another one, where the last page is full."""
    told, link = answer.headers, _OF_GIT.search(answer.headers.get("Link", ""))
    if link is None or told.get("X-Page") != "1" or int(told.get("X-Total", "1")) % int(told["X-Per-Page"]):
        return answer
    pages = str(int(told["X-Total"]) // int(told["X-Per-Page"]) + 1)
    numbers = {"next": "2", "first": "1", "last": pages}
    links = ", ".join(f'<{link[1]}{number}{link[2]}>; rel="{rel}"' for rel, number in numbers.items())
    return replace(answer, headers={**told, "X-Next-Page": "2", "X-Total-Pages": pages, "Link": links})


LIMITS = (
    Trap(
        "no_totals",
        "lists have no X-Total, X-Total-Pages and rel=last, as above 10,000 records",
        "clients that count pages fail, or stop after the first and lose the rest",
        settings=_limits(totals_above=NEVER),
    ),
    Trap(
        "small_pages",
        f"a page has at most {SMALL} records, whatever per_page asks for",
        "clients take a page shorter than they asked for as the last",
        settings=_limits(per_page=SMALL),
    ),
    Trap(
        "one_page_too_many",
        "the first page of branches, tags or a tree tells of one page more where the last is full; the others do not",
        "clients that go on until the last page ask for ever, or fail on an empty one",
        reshape=_one_more,
    ),
    Trap(
        "keyset_only",
        "lists with keyset pages refuse a second page by number (405), as beyond 50,000 records",
        "clients that only count pages never see the end of long lists",
        settings=_limits(offset=0),
    ),
    Trap(
        "html_429",
        "the first call of every operation is throttled, with the HTML page of a proxy",
        "clients parse the body as JSON and fail on that",
        faults=_throttled(Window(Retry_After="1"), answer="html"),
    ),
    Trap(
        "plain_429",
        "the first call of every operation is throttled, with 'Retry later' as plain text",
        "clients parse the body as JSON and fail on that",
        faults=_throttled(Window(Retry_After="1"), body="Retry later\n"),
    ),
    Trap(
        "no_retry_after",
        "the first call of every operation is throttled without Retry-After, with RateLimit-Reset alone",
        "clients look for a header that is not there",
        faults=_throttled(Window()),
    ),
    Trap(
        "short_lived_tokens",
        f"a token is found expired after {TOKEN_LASTS} requests (401 invalid_token), until it is sent anew",
        "clients take it for their end, and never read or refresh their token again",
        faults=_expired,
    ),
)
"""Of pages, rates and tokens."""
