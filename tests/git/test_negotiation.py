"""What a client is told while it and the server find out what it lacks is what ``git upload-pack`` tells."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from mockgitlab.git.objects import Person, write_commit, write_tag
from mockgitlab.git.protocol import packet
from mockgitlab.git.trees import with_changes
from mockgitlab.git.upload import Shop, answer_fetch
from mockgitlab.store import Objects
from tests.git.real import RealGit

ADA = Person("Ada", "ada@example.com", 1_714_554_000)
NONE = "1" * 40
DETAILED, LITTLE = "multi_ack_detailed side-band-64k", "side-band-64k"


class World:
    """Three commits, a branch beside them that another root leads to, and a tag, for git and for us."""

    def __init__(self, folder: Path) -> None:
        self.objects, self.git = Objects(), RealGit(folder)
        first = self.commit("first")
        second = self.commit("second", first)
        self.named = {"first": first, "second": second, "third": self.commit("third", second)}
        self.named["lone"] = self.commit("lone")
        self.named["tag"] = write_tag(self.objects, "v1", second, ADA, "One")
        refs = {"heads/main": "third", "heads/old": "first", "heads/lone": "lone", "tags/v1": "tag"}
        self.refs = {f"refs/{name}": self.named[sha] for name, sha in sorted(refs.items())}
        self.git.take(self.objects)
        for name, sha in self.refs.items():
            self.git.run("update-ref", name, sha)

    def commit(self, text: str, *parents: str) -> str:
        return write_commit(self.objects, with_changes(self.objects, "", {}), parents, ADA, ADA, text).sha

    def request(self, text: str) -> bytes:
        """Return the lines of a request; ``|`` parts them, ``0000`` and ``0001`` stand for themselves."""
        lines = re.sub(r"<(\w+)>", lambda found: self.named[found[1]], text).split("|")
        return b"".join(one.encode() if one in ("0000", "0001") else packet(f"{one}\n") for one in lines)

    def ours(self, body: bytes, version: int) -> list[str]:
        tips = [self.named[name] for name in ("third", "first", "lone", "second")]
        return told(answer_fetch(Shop(self.objects, self.refs, tips, "refs/heads/main"), body, version))

    def theirs(self, body: bytes, version: int) -> list[str]:
        command = ["git", "-c", "uploadpack.allowFilter=true", "upload-pack", "--stateless-rpc", "."]
        env = {**os.environ, "GIT_PROTOCOL": f"version={version}"}
        done = subprocess.run(command, cwd=self.git.folder, env=env, capture_output=True, input=body, check=True)
        return told(done.stdout)


def told(answer: bytes) -> list[str]:
    """Return the lines before the pack."""
    found, at = [], 0
    while at < len(answer) and answer[at : at + 4] != b"PACK":
        size = int(answer[at : at + 4], 16)
        line = answer[at : at + max(size, 4)].removesuffix(b"\n")
        at += len(answer[at : at + max(size, 4)])
        if line[4:9] == b"\1PACK":
            break
        found += [line[4:].decode() or line.decode()] if line[4:5] != b"\2" else []
    return found


FIRST = {
    "a clone": f"want <third> {DETAILED}|0000|done",
    "without capabilities": "want <third>|0000|done",
    "what is known, and done": f"want <third> {DETAILED}|0000|have <first>|done",
    "what is not known, and done": f"want <third> {DETAILED}|0000|have {NONE}|done",
    "what is known": f"want <third> {DETAILED}|0000|have <second>|0000",
    "what is not known": f"want <third> {DETAILED}|0000|have {NONE}|0000",
    "what is known, and ready": f"want <third> {DETAILED} no-done|0000|have <second>|0000",
    "what leads elsewhere": f"want <third> {DETAILED} no-done|0000|have <lone>|0000",
    "one of two": f"want <third> {DETAILED}|want <lone>|0000|have <first>|0000",
    "all": f"want <third> {DETAILED}|0000|have <third>|done",
    "a newer one": f"want <first> {DETAILED}|0000|have <third>|0000",
    "a tag": f"want <tag> {DETAILED}|0000|have <first>|0000",
    "in some detail": "want <third> multi_ack side-band-64k|0000|have <second>|0000",
    "in some detail, and done": "want <third> multi_ack side-band-64k|0000|have <second>|done",
    "in little detail": f"want <third> {LITTLE}|0000|have <second>|have <lone>|0000",
    "in little detail, and done": f"want <third> {LITTLE}|0000|have {NONE}|have <second>|have <lone>|done",
    "in little detail, and none": f"want <third> {LITTLE}|0000|have {NONE}|done",
    "depth": f"want <third> {DETAILED}|deepen 1|0000|done",
    "the whole depth": f"want <third> {DETAILED}|deepen 3|0000|done",
    "more than the depth": f"want <third> {DETAILED}|deepen 4|0000|done",
    "a depth to begin with": f"want <third> {DETAILED}|deepen 1|0000",
    "more depth": f"want <third> {DETAILED}|shallow <third>|deepen 2|0000|have <third>|done",
    "the rest": f"want <third> {DETAILED}|shallow <third>|deepen 2147483647|0000|have <third>|done",
    "without the first": f"want <third> {DETAILED}|deepen-not old|0000|done",
    "nothing": "0000",
}
SECOND = {
    "a clone": "command=fetch|0001|want <third>|done|0000",
    "what is known": "command=fetch|0001|want <third>|have <second>|0000",
    "what is not known": f"command=fetch|0001|want <third>|have {NONE}|0000",
    "what is known, and done": "command=fetch|0001|want <third>|have <second>|done|0000",
    "what leads elsewhere": "command=fetch|0001|want <third>|have <lone>|0000",
    "one of two": "command=fetch|0001|want <third>|want <lone>|have <first>|0000",
    "a newer one": "command=fetch|0001|want <first>|have <third>|0000",
    "only what is known": "command=fetch|0001|want <third>|have <second>|wait-for-done|0000",
    "only what is known, and nothing wanted": "command=fetch|0001|have <second>|wait-for-done|0000",
    "depth": "command=fetch|0001|want <third>|deepen 1|done|0000",
    "deeper": "command=fetch|0001|want <third>|shallow <third>|deepen-relative|deepen 1|done|0000",
    "nothing": "command=fetch|0001|done|0000",
    "filters": "command=fetch|0001|want <third>|filter combine:blob:none+tree:2|done|0000",
    "refs": "command=ls-refs|0001|peel|symrefs|0000",
    "some refs": "command=ls-refs|0001|ref-prefix refs/tags/|ref-prefix HEAD|0000",
    "no request": "0000",
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.mark.parametrize("case", FIRST)
def test_versions_0_and_1_tell_what_git_tells(world: World, case: str) -> None:
    body = world.request(FIRST[case])
    assert world.ours(body, 0) == world.theirs(body, 0)


@pytest.mark.parametrize("case", SECOND)
def test_version_2_tells_what_git_tells(world: World, case: str) -> None:
    body = world.request(SECOND[case])
    assert world.ours(body, 2) == world.theirs(body, 2)
