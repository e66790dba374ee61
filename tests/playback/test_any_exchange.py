"""Whatever is said through a recorder can be kept, read again, normalised and played, and its secrets stay away."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from mockgitlab import MockGitLab
from mockgitlab.playback.exchange import Got, Sent
from mockgitlab.playback.normalise import normalise
from mockgitlab.playback.recorder import as_exchange
from mockgitlab.playback.recording import Recording
from mockgitlab.playback.scrub import Scrubber
from mockgitlab.playback.writer import write_recording
from tests.playback.exchanges import UPSTREAM

NAMES = ["token", "id", "password", "content", "encoding", "value", "key", "created_at", "web_url", "a"]
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES = st.recursive(SCALARS, lambda one: st.lists(one) | st.dictionaries(st.sampled_from(NAMES), one), max_leaves=6)
BODIES = st.binary(max_size=60) | VALUES.map(lambda value: json.dumps(value).encode())
KINDS = st.sampled_from(
    [
        "application/json",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
        "application/json; charset=utf-16",
        "",
    ]
)
SEGMENTS = ["api", "v4", "projects", "1", "a%2Fb", "%ff", "issues", "..", "-", "%00", "user@example.org"]
PATHS = st.lists(st.sampled_from(SEGMENTS), max_size=6).map(lambda segments: f"/{'/'.join(segments)}")
HEADERS = st.dictionaries(
    st.sampled_from(["Private-Token", "Cookie", "Authorization", "Set-Cookie", "Location", "Etag", "Content-Encoding"]),
    st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=30),
    max_size=3,
).map(lambda headers: tuple(headers.items()))


def typed(headers: Any, kind: str) -> Any:
    return (*headers, ("Content-Type", kind)) if kind else headers


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any") / "any.yaml"


@settings(deadline=None, max_examples=60)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "HEAD", "DELETE"]),
    target=PATHS,
    query=st.dictionaries(TEXTS, TEXTS, max_size=3),
    headers=HEADERS,
    sent=st.tuples(BODIES, KINDS),
    got=st.tuples(BODIES, KINDS),
    status=st.sampled_from([200, 201, 204, 304, 404, 500]),
)
def test_any_exchange_can_be_kept_and_played(
    path: Path, method: str, target: str, query: dict[str, str], headers: Any, sent: Any, got: Any, status: int
) -> None:
    request = Sent(method, target, tuple(query.items()), typed(headers, sent[1]))
    raw = as_exchange(request, sent[0], Got(status, typed(headers, got[1])), got[0])
    exchange = Scrubber().exchange(raw)
    write_recording(path, [exchange], {"upstream": UPSTREAM})
    recording = Recording(path)
    recording.check()
    assert repr(recording[0]) == repr(exchange)
    assert repr(Scrubber().exchange(exchange)) == repr(exchange)
    assert len(normalise([exchange], UPSTREAM)) == 1
    gitlab = MockGitLab(playback=path)
    for number in range(2):
        raw_target = {"REQUEST_URI": target, "RAW_URI": target, "PATH_INFO": target}
        answer = Client(gitlab.gateway, use_cookies=False).open(
            method=("POST", method)[number], data=sent[0], content_type=sent[1] or None, environ_overrides=raw_target
        )
        assert answer.status_code in (400, status)
        gitlab.check()
