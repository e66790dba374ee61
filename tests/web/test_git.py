"""Requests of git on their way: the journal, stubs and faults meet them as they meet those of the API."""

import base64
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from mockgitlab import MockGitLab
from tests.clients.git_rig import Git, git_world, url

REFS = "/acme/rocket.git/info/refs"


@pytest.fixture
def server() -> Iterator[MockGitLab]:
    with MockGitLab(git_world()) as running:
        yield running


def control(server: MockGitLab, path: str, **given: Any) -> Any:
    return requests.get(f"{server.url}/_mockgitlab/{path}", params=given, timeout=10).json()


def add_fault(server: MockGitLab, **fault: Any) -> None:
    answer = requests.post(f"{server.url}/_mockgitlab/faults", json=fault, timeout=10)
    assert answer.ok, answer.text


def refs(server: MockGitLab, **headers: str) -> requests.Response:
    at = f"{server.url}{REFS}?service=git-upload-pack"
    return requests.get(at, auth=("bob", "bob-token"), headers=headers, timeout=10)


def line(text: str) -> bytes:
    return f"{len(text) + 4:04x}{text}".encode()


def test_a_request_may_be_sent_smaller_than_it_is(server: MockGitLab) -> None:
    want = line(f"want {refs(server).text.split('0000', 1)[1][4:44]} side-band-64k\n")
    body, at = want + b"0000" + line("done\n"), f"{server.url}/acme/rocket.git/git-upload-pack"

    def fetch(data: Any, encoding: str = "gzip") -> requests.Response:
        headers = {"Content-Encoding": encoding}
        return requests.post(at, data=data, headers=headers, auth=("bob", "bob-token"), timeout=10)

    plain = fetch(body, "identity")
    assert b"PACK" in plain.content
    for data in (gzip.compress(body), gzip.compress(body[:9]) + gzip.compress(body[9:]), iter([gzip.compress(body)])):
        assert fetch(data).content == plain.content
    for data, encoding in ((gzip.compress(body)[:-9], "gzip"), (body, "x-gzip"), (body, "br")):
        assert fetch(data, encoding).status_code == 400


def test_the_journal_tells_what_git_did(server: MockGitLab, tmp_path: Path) -> None:
    Git(tmp_path)("clone", "-q", url(server), "clone")
    clone = Git(tmp_path / "clone")
    clone.commit({"a": "1\n"})
    clone("push", "-q")
    found = [one for one in control(server, "journal")["entries"] if one["status"] == 200]
    told = [(one["operation"], one["user"]) for one in found]
    fetch, push = "POST /:project.git/git-upload-pack", "POST /:project.git/git-receive-pack"
    begin = ("GET /:project.git/info/refs", "bob")
    assert told == [begin, (fetch, "bob"), (fetch, "bob"), begin, (push, "bob")]
    assert any(change.startswith("ref 1: sha ") for change in found[-1]["changes"])
    exported = requests.get(f"{server.url}/_mockgitlab/journal", params={"format": "har"}, timeout=10)
    assert (exported.status_code, "bob-token" in exported.text) == (200, False)


def test_a_refusal_is_in_the_journal_with_its_reason(server: MockGitLab) -> None:
    assert requests.get(f"{server.url}{REFS}?service=git-upload-pack", timeout=10).status_code == 401
    [entry] = control(server, "journal")["entries"]
    assert (entry["status"], "git gave nothing" in entry["reason"]) == (401, True)


def test_what_is_answered_depends_on_the_version_of_the_protocol(server: MockGitLab) -> None:
    first, second = refs(server), refs(server, **{"Git-Protocol": "version=2"})
    assert (first.text[:8], second.text[4:13]) == ("001e# se", "version 2")
    assert refs(server).text == first.text


def test_a_fault_strikes_git(server: MockGitLab, tmp_path: Path) -> None:
    add_fault(server, on="POST /:project.git/git-upload-pack", status=503, first=1)
    assert "503" in Git(tmp_path)("clone", url(server), "clone", fails=True)
    Git(tmp_path)("clone", "-q", url(server), "clone")


def test_a_push_that_a_fault_strikes_moves_nothing(server: MockGitLab, tmp_path: Path) -> None:
    Git(tmp_path)("clone", "-q", url(server), "clone")
    clone = Git(tmp_path / "clone")
    before = clone("rev-parse", "HEAD")
    clone.commit({"a": "1\n"})
    add_fault(server, on="ANY /acme/rocket.git/git-receive-pack", user="bob", status=500)
    assert "500" in clone("push", fails=True)
    assert clone("ls-remote", "origin", "refs/heads/main").split()[0] == before


def test_a_stub_comes_before_git() -> None:
    stub = {"request": {"path": REFS}, "response": {"status": 418, "body": "no"}}
    with MockGitLab({**git_world(), "stubs": [stub]}) as running:
        assert refs(running).status_code == 418


def test_another_method_is_refused(server: MockGitLab) -> None:
    assert requests.post(f"{server.url}{REFS}", timeout=10).status_code == 405
    assert requests.get(f"{server.url}/acme/rocket.git/git-upload-pack", timeout=10).status_code == 405


def test_a_body_that_is_no_gzip_is_refused(server: MockGitLab) -> None:
    at = f"{server.url}/acme/rocket.git/git-upload-pack"
    headers = {"Content-Encoding": "gzip"}
    answer = requests.post(at, data=b"rubbish", headers=headers, auth=("bob", "bob-token"), timeout=10)
    assert (answer.status_code, "no gzip" in answer.headers["X-Mockgitlab-Reason"]) == (400, True)


ZERO, SHA = b"0" * 40, b"1" * 40
WORDS = [b"want " + SHA, b"have " + SHA, b"deepen 1", b"command=fetch", b"command=ls-refs", b"peel", b"filter tree:0"]
COMMANDS = [
    b"%b %b refs/heads/%b\0report-status" % (old, new, name)
    for old, new, name in [(ZERO, SHA, b"x"), (SHA, ZERO, b"main"), (ZERO, ZERO, b"\xff"), (ZERO, SHA, b"a\nb")]
]
PARTS = st.one_of(
    st.sampled_from([b"0000", b"0001", b"0003", b"zzzz", b"PACK\0\0\0\2\0\0\0\1"]),
    st.one_of(st.sampled_from([*WORDS, *COMMANDS]), st.binary(max_size=50)).map(
        lambda line: b"%04x%b" % (len(line) + 4, line)
    ),
)
WORLD = MockGitLab(git_world())


@given(st.sampled_from(["upload", "receive"]), st.sampled_from(["", "version=2"]), st.lists(PARTS, max_size=6))
def test_whatever_is_said_to_git_gets_an_answer_in_its_lines(service: str, version: str, parts: list[bytes]) -> None:
    credentials = base64.b64encode(b"bob:bob-token").decode()
    headers = {"Authorization": f"Basic {credentials}", "Git-Protocol": version}
    path = f"/acme/rocket.git/git-{service}-pack"
    answer = WORLD.app.test_client().post(path, data=b"".join(parts), headers=headers)
    assert answer.status_code == 200
    assert answer.data == b"" or int(answer.data[:4], 16) <= len(answer.data)
