"""Whatever is asked, the answer is well formed and below 500."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.zoo import Zoo

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PURGE"]
KNOWN = ["keepers/1/animals", "keepers/1/animals/1", "keepers/%2561/animals", "animals", "zoo", "echo", "files/x"]
ANY = st.text(st.characters(codec="latin-1", exclude_characters="?#"), max_size=30)
NAMES = ["page", "per_page", "search", "tags[]", "tags", "order_by", "sort", "cursor", "pagination", "id_after", "name"]
CURSORS = ["W10", "eyJuYW1lIjo1LCJpZCI6MX0=", "eyJuYW1lIjoiYSIsImlkIjpJbmZpbml0eX0=", "W1tbW1tb" * 500]
VALUES = ["", "0", "-1", "2", "1_0", "keyset", "name", "id", "asc", "x", "%00", "9" * 20, *CURSORS]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=5,
)
HEADERS = st.dictionaries(
    st.sampled_from(["If-None-Match", "If-Unmodified-Since", "Origin", "X-Forwarded-Host", "Authorization", "Cookie"]),
    st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=12),
    max_size=2,
)
ZOO = Zoo()


@settings(max_examples=300, deadline=None)
@given(
    method=st.sampled_from(METHODS),
    path=st.sampled_from(KNOWN) | ANY,
    query=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), max_size=4),
    body=st.none() | JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=20),
    kind=st.sampled_from(
        ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
    ),
    headers=HEADERS,
    as_=st.sampled_from([None, "ada", "nobody"]),
)
def test_any_request_gets_a_well_formed_answer_below_500(
    method: str, path: str, query: Any, body: bytes | None, kind: str, headers: Any, as_: str | None
) -> None:
    given: dict[str, Any] = {"query_string": query, "headers": headers}
    if body is not None:
        given |= {"data": body, "content_type": kind or None}
    answer = ZOO.call(method, path.lstrip("/"), as_, **given)
    assert ZOO.errors == []
    assert answer.status_code < 500
    if answer.data:
        json.loads(answer.data)
    for name, value in answer.headers:
        assert "\n" not in name + value
