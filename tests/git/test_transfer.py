"""What git's protocol does not know is refused, whatever it is."""

import pytest

from mockgitlab.git.transfer import ProtocolError, Push, answer_fetch, packet, read_push, read_wanted, report
from mockgitlab.store import Objects


@pytest.mark.parametrize(
    "body",
    [b"zzzz", packet("hello\n"), packet("deepen x\n") + b"0000", b"\xff" * 8],
)
def test_a_fetch_that_makes_no_sense_is_refused(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_wanted(body)


def test_an_object_that_no_ref_leads_to_is_not_given() -> None:
    objects = Objects()
    sha = objects.add("blob", b"secret")
    with pytest.raises(ProtocolError, match=f"not our ref {sha}"):
        answer_fetch(objects, {}, [], packet(f"want {sha}\n") + b"0000" + packet("done\n"))


@pytest.mark.parametrize("line", ["x", "0 1 refs/heads/main", f"{'0' * 40} {'0' * 40} ", "../x"])
def test_a_command_that_makes_no_sense_is_refused(line: str) -> None:
    with pytest.raises(ProtocolError, match="bad command"):
        read_push(packet(line) + b"0000")


def test_a_push_is_read_with_its_options_and_reported() -> None:
    line = f"{'0' * 40} {'1' * 40} refs/heads/x\0report-status push-options"
    pushed = read_push(packet(line) + b"0000" + packet("ci.skip") + b"0000" + b"PACK")
    assert (pushed.options, pushed.pack, pushed.commands[0].name) == (["ci.skip"], b"PACK", "refs/heads/x")
    told = report(pushed, "ok", {"refs/heads/x": "no"})
    assert told == packet("unpack ok\n") + packet("ng refs/heads/x no\n") + b"0000"
    assert report(Push([], frozenset(), [], b""), "ok", {}) == b""
