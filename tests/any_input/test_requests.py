"""Any request at all: a well-formed answer below 500."""

from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from tests.any_input.rig import SEGMENTS, SERVER, check


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW"]),
    path=st.text(max_size=40).map(quote)
    | st.lists(SEGMENTS, max_size=6).map(lambda parts: "/".join(map(quote, parts))),
    query=st.text(max_size=30).map(lambda text: quote(text, safe="&=[]%+;")),
    kind=st.sampled_from(
        [
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/plain",
            "",
            "💥",
        ]
    ),
    body=st.binary(max_size=60),
)
def test_any_request_gets_a_well_formed_answer(method: str, path: str, query: str, kind: str, body: bytes) -> None:
    headers = {"Private-Token": "root-token", "Content-Type": kind.encode("ascii", "replace").decode()}
    answer = Client(SERVER.app).open(f"/api/v4/{path}", method=method, query_string=query, data=body, headers=headers)
    check(answer)
    SERVER.check()
