"""What git's protocol does not know is refused, whatever it is."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgitlab.git.protocol import DELIMITER, FLUSH, Packets, ProtocolError, advertisement, banded, packet
from mockgitlab.git.receive import Push, read_push, report
from mockgitlab.git.upload import Shop, answer_fetch
from mockgitlab.git.wanted import Filter, parse_filter, read_command, read_wanted
from mockgitlab.store import Objects

SHA = "1" * 40


def shop() -> Shop:
    return Shop(Objects(), {}, [])


@pytest.mark.parametrize(
    "body",
    [
        b"zzzz",
        packet("hello\n"),
        packet("deepen x\n") + b"0000",
        b"\xff" * 8,
        b"0003",
        b"00",
        packet(f"want {SHA[:39]}"),
    ],
)
def test_a_fetch_that_makes_no_sense_is_refused(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_wanted(body)


def test_a_request_is_read_with_all_it_says() -> None:
    first = packet(f"want {SHA} no-done include-tag\n") + packet(f"shallow {SHA}\n") + packet("deepen 3\n") + FLUSH
    wanted = read_wanted(first + packet(f"have {SHA}\n") + packet("done\n"))
    assert (wanted.wants, wanted.haves, wanted.shallow, wanted.depth) == ([SHA], [SHA], {SHA}, 3)
    assert (wanted.can, wanted.done) == ({"no-done", "include-tag", "done"}, True)
    body = packet("command=ls-refs\n") + packet("agent=x") + DELIMITER + packet("peel\n") + FLUSH
    assert read_command(body) == ("ls-refs", ["peel"])


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("blob:none", Filter(size=0)),
        ("blob:limit=2k", Filter(size=2048)),
        ("tree:0", Filter(depth=0)),
        ("combine:blob:none+tree%3A2+blob:limit=1k", Filter(size=0, depth=2)),
    ],
)
def test_filters_are_read(text: str, meaning: Filter) -> None:
    assert parse_filter(text) == meaning


@pytest.mark.parametrize("text", ["", "blob:limit=", "tree:-1", "sparse:oid=x", "combine:", "combine:tree:1+x"])
def test_filters_that_are_not_known_are_refused(text: str) -> None:
    with pytest.raises(ProtocolError, match="not supported; blob:none"):
        parse_filter(text)


@pytest.mark.parametrize("version", [0, 2])
def test_an_object_that_no_ref_leads_to_is_not_given(version: int) -> None:
    found = shop()
    sha = found.objects.add("blob", b"secret")
    body = packet(f"want {sha}\n") + b"0000" + packet("done\n")
    if version == 2:
        body = packet("command=fetch") + DELIMITER + packet(f"want {sha}\n") + packet("done") + FLUSH
    with pytest.raises(ProtocolError, match=f"not our ref {sha}"):
        answer_fetch(found, body, version)


def test_a_command_of_version_2_that_is_not_known_is_refused() -> None:
    with pytest.raises(ProtocolError, match="invalid command 'object-info'"):
        answer_fetch(shop(), packet("command=object-info") + FLUSH, 2)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["command=ls-refs", "colour=red"], "unknown capability 'colour=red'"),
        (["command=ls-refs", "command=fetch"], "command 'fetch' requested after already requesting command 'ls-refs'"),
        (["command=ls-refs", "object-format=sha256"], "mismatched object format: server sha1; client sha256"),
        (["agent=x"], "no command requested"),
    ],
)
def test_what_a_request_of_version_2_may_not_say(lines: list[str], told: str) -> None:
    with pytest.raises(ProtocolError, match=told):
        answer_fetch(shop(), b"".join(map(packet, lines)) + FLUSH, 2)


@given(st.lists(st.one_of(st.binary(max_size=60), st.sampled_from([b"want " + SHA.encode(), b"command=fetch"]))))
@pytest.mark.parametrize("version", [0, 2])
def test_any_request_is_answered_or_refused(version: int, lines: list[bytes]) -> None:
    with suppress(ProtocolError):
        assert answer_fetch(shop(), b"".join(map(packet, lines)) + FLUSH, version)[:4] in (b"", FLUSH)


def test_what_there_is_of_nothing() -> None:
    told = Packets(advertisement("git-receive-pack", {}, Objects(), None))
    assert told.section() == ["# service=git-receive-pack"]
    assert told.section()[0].startswith(f"{'0' * 40} capabilities^{{}}\0report-status ")
    assert Packets(advertisement("git-upload-pack", {}, Objects(), None, 2)).section()[0] == "version 2"


def test_much_data_takes_several_lines() -> None:
    packets = Packets(banded(b"x" * 100_000, 2) + FLUSH)
    assert "".join(line[1:] for line in packets.section()) == "x" * 100_000


@pytest.mark.parametrize("line", ["x", "0 1 refs/heads/main", f"{'0' * 40} {'0' * 40} ", "../x"])
def test_a_command_that_makes_no_sense_is_refused(line: str) -> None:
    with pytest.raises(ProtocolError, match="expected old/new/ref, got"):
        read_push(packet(line) + b"0000")


def test_a_push_is_read_with_its_options_and_reported() -> None:
    line = f"{'0' * 40} {'1' * 40} refs/heads/x\0report-status push-options"
    pushed = read_push(packet(line) + b"0000" + packet("ci.skip") + b"0000" + b"PACK")
    assert (pushed.options, pushed.pack, pushed.commands[0].name) == (["ci.skip"], b"PACK", "refs/heads/x")
    told = report(pushed, "ok", ["no"])
    assert told == packet("unpack ok\n") + packet("ng refs/heads/x no\n") + b"0000"
    assert report(Push([], frozenset(), [], b""), "ok", []) == b""
