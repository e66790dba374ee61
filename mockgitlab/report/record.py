"""What is kept of a request and its answer: as it came, to be formatted when somebody reads it."""

import marshal
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mockgitlab.report.changes import Change

WHOLE_AT_MOST = 16_384
"""The body of an answer is kept whole up to so many bytes: that of any single record, and of a short list ..."""
BEGINNING = 4_096
"""... and of a longer one so many, as the journal has thousands."""
PARAMETERS_AT_MOST = 16_384
"""Of a request with a longer body, the long parameters are cut."""
CUT = 200


class Record(NamedTuple):
    """A request and its answer; ``target`` is path and query, ``operation`` one of the table or nothing.

    ``sent`` are the parameters of query and body, ``path`` those of the path; ``user`` and ``token`` the rows.
    ``size`` is that of the whole body, of which ``body`` is the beginning; ``fault`` is what struck, ``unread`` the
    size of a request's body that GitLab does not read, ``settings`` those of the instance.
    """

    method: str
    base: str
    target: str
    sent: Mapping[str, Any]
    path: Mapping[str, str]
    status: int
    answer_headers: Sequence[tuple[str, str]]
    size: int
    reason: str
    now: str
    stub: str
    fault: str
    unread: int
    headers: tuple[tuple[str, str], ...]
    operation: Any
    user: Any
    token: Any
    body: bytes
    changes: tuple[Change, ...]
    settings: Any


Packed = tuple[bytes, tuple[Any, ...]]
"""A record with all but the last fields, which others share with it, in one piece."""
_FORMAT = 2
"""The version of marshal's format that is fastest to write, as it does not look for what comes twice."""


def pack(told: tuple[Any, ...], shared: tuple[Any, ...]) -> Packed:
    """Pack the fields of a record to keep them, those from ``headers`` on as they are, as other records have them too.

    The journal has thousands, and each as some thirty objects would cost more than all. One with an uploaded file stays
    as it is.
    """
    try:
        return marshal.dumps(told, _FORMAT), shared
    except ValueError:
        return b"", told + shared


def unpack(packed: Packed) -> Record:
    """Return a record as it was packed."""
    told, shared = packed
    return Record(*marshal.loads(told), *shared) if told else Record(*shared)


def beginning(body: bytes) -> bytes:
    """Return what is kept of the body of an answer."""
    return body if len(body) <= WHOLE_AT_MOST else body[:BEGINNING]


def compact(value: Any) -> Any:
    """Return parameters with long texts and files cut, for a request whose body is too large to keep."""
    if isinstance(value, Mapping):
        return {key: compact(one) for key, one in list(value.items())[:CUT]}
    if isinstance(value, (list, tuple)):
        return [compact(one) for one in value[:CUT]]
    if isinstance(value, str):
        return value if len(value) <= CUT else f"{value[:CUT]}… ({len(value)} characters)"
    return value if value is None or isinstance(value, (bool, int, float)) else f"<{type(value).__name__}>"
