"""Pushes at the same time, and pushes of what harms: none is half done."""

import base64
import hashlib
import socket
import struct
import subprocess
import time
import zlib
from pathlib import Path

import pytest
import requests

from mockgitlab import MockGitLab
from tests.clients.git_rig import Git, api, clone_of, environment, git_world

ZERO = "0" * 40
WAITING_HOOK = "#!/bin/sh\ntouch {ready}\nwhile [ ! -e {go} ]; do sleep 0.02; done\n"
pytestmark = pytest.mark.mockgitlab(scenario=git_world(limits={"push_bytes": 200_000, "file_bytes": 100_000}))


@pytest.fixture
def clone(mockgitlab: MockGitLab, tmp_path: Path) -> Git:
    sandbox = f"@{hashlib.sha1(str(tmp_path).encode()).hexdigest()[:12]}"
    return clone_of(mockgitlab, tmp_path, f"{sandbox}/acme/rocket")


def sandbox_of(clone: Git) -> str:
    return clone("remote", "get-url", "origin").split("/@")[1].split("/")[0]


def main_of(server: MockGitLab, clone: Git) -> str:
    sha: str = api(server, "projects/1/repository/commits/main", sandbox_of(clone))["id"]
    return sha


# Races


def begin_push(git: Git, folder: Path, name: str) -> "subprocess.Popen[str]":
    """Begin a push that waits, with the server's refs known to it, until the file ``go`` is there."""
    hook = git.folder / ".git/hooks/pre-push"
    hook.write_text(WAITING_HOOK.format(ready=folder / f"ready-{name}", go=folder / "go"))
    hook.chmod(0o755)
    return subprocess.Popen(
        ["git", "push", "origin", "main"],
        cwd=git.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_of_two_pushes_to_one_ref_one_wins(mockgitlab: MockGitLab, clone: Git, tmp_path: Path) -> None:
    Git(tmp_path)("clone", "-q", clone("remote", "get-url", "origin"), "other")
    racers = {"one": clone, "two": Git(tmp_path / "other")}
    tips = {name: git.commit({name: name}, name) for name, git in racers.items()}
    running = {name: begin_push(git, tmp_path, name) for name, git in racers.items()}
    while not all((tmp_path / f"ready-{name}").exists() for name in racers):
        time.sleep(0.02)
    (tmp_path / "go").touch()
    told = {name: process.communicate(timeout=30)[0] for name, process in running.items()}
    won = [name for name, process in running.items() if process.returncode == 0]
    assert len(won) == 1, told
    lost = next(name for name in racers if name not in won)
    assert "! [remote rejected] main -> main (failed to update ref)" in told[lost]
    assert "error: cannot lock ref 'refs/heads/main': is at " + tips[won[0]] in told[lost]
    assert main_of(mockgitlab, clone) == tips[won[0]]
    (racers[lost].folder / ".git/hooks/pre-push").unlink()
    assert "[rejected]" in racers[lost]("push", "origin", "main", fails=True)
    racers[lost]("pull", "-q", "--rebase")
    racers[lost]("push", "-q", "origin", "main")
    assert main_of(mockgitlab, clone) == racers[lost]("rev-parse", "HEAD")


def test_an_atomic_push_moves_all_refs_or_none(mockgitlab: MockGitLab, clone: Git) -> None:
    before = main_of(mockgitlab, clone)
    clone.commit({"a": "1\n"})
    clone("push", "-q", "origin", "HEAD:refs/heads/other")
    clone("commit", "-q", "--amend", "-m", "Other")
    told = clone("push", "--atomic", "origin", "HEAD:refs/heads/other", "main", fails=True)
    assert "rejected" in told
    assert main_of(mockgitlab, clone) == before


# Limits


def test_a_pack_that_is_too_big_is_refused_in_gits_words(mockgitlab: MockGitLab, clone: Git) -> None:
    before = main_of(mockgitlab, clone)
    for number in range(4):
        (clone.folder / f"{number}").write_text(
            base64.b85encode(hashlib.shake_128(bytes([number])).digest(65_000)).decode()
        )
    clone.commit({"last": "1\n"})
    told = clone("push", "origin", "main", fails=True)
    assert "remote: fatal: pack exceeds maximum allowed size (0.19 MiB)" in told
    assert "! [remote rejected] main -> main (unpacker error)" in told
    assert main_of(mockgitlab, clone) == before


def test_a_file_that_is_too_big_is_refused_in_gitlabs_words(mockgitlab: MockGitLab, clone: Git) -> None:
    before = main_of(mockgitlab, clone)
    clone.commit({"big": "x" * 200_000})
    told = clone("push", "origin", "main", fails=True)
    assert (
        "remote: GitLab: You are attempting to check in one or more blobs which exceed the 0.0953674MiB limit:" in told
    )
    assert f"remote: - {clone('rev-parse', 'HEAD:big')} (0.191 MiB)" in told
    assert "! [remote rejected] main -> main (pre-receive hook declined)" in told
    assert main_of(mockgitlab, clone) == before


# What harms


def tree(clone: Git, name: bytes) -> str:
    """Write a tree with a file of this name, whatever git thinks of it, and return its hash."""
    blob = bytes.fromhex(clone("rev-parse", "HEAD:README.md"))
    return literally(clone, "tree", b"100644 " + name + b"\0" + blob)


def literally(clone: Git, kind: str, data: bytes) -> str:
    content = b"%b %d\0%b" % (kind.encode(), len(data), data)
    sha = hashlib.sha1(content).hexdigest()
    place = clone.folder / ".git/objects" / sha[:2] / sha[2:]
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(zlib.compress(content))
    return sha


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (b".git", "hasDotgit: contains '.git'"),
        (b".GIT ", "hasDotgit: contains '.git'"),
        (b"git~1", "hasDotgit: contains '.git'"),
        (b"..", "hasDotdot: contains '..'"),
        (b"a/../../b", "fullPathname: contains full pathnames"),
        (b"/etc/passwd", "fullPathname: contains full pathnames"),
        (b".git/config", "fullPathname: contains full pathnames"),
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(mockgitlab: MockGitLab, clone: Git, name: bytes, problem: str) -> None:
    before = main_of(mockgitlab, clone)
    sha = clone("commit-tree", tree(clone, name), "-p", "HEAD", "-m", "Harm")
    told = clone("push", "origin", f"{sha}:refs/heads/main", fails=True)
    assert f"remote: error: object {clone('rev-parse', f'{sha}^{{tree}}')}: {problem}" in told
    assert "remote: fatal: fsck error in packed object" in told
    assert "error: remote unpack failed: unpack-objects abnormal exit" in told
    assert main_of(mockgitlab, clone) == before
    clone.commit({"fine": "1\n"})
    harmed = clone("commit-tree", tree(clone, name), "-p", "HEAD", "-m", "Again, the tree being known by now")
    clone("push", "origin", f"{harmed}:refs/heads/main", fails=True)


def test_a_commit_that_git_did_not_write_is_refused(clone: Git) -> None:
    sha = literally(clone, "commit", f"tree {clone('rev-parse', 'HEAD^{tree}')}\nauthor nobody\n\nHarm".encode())
    told = clone("push", "origin", f"{sha}:refs/heads/harm", fails=True)
    assert f"remote: error: object {sha}: missingEmail: invalid author/committer line - missing email" in told


def line(text: str) -> bytes:
    data = text.encode("utf-8", "surrogateescape")
    return b"%04x" % (len(data) + 4) + data


def push(server: MockGitLab, ref: str, pack: bytes | None, new: str = "") -> requests.Response:
    new = new or api(server, "projects/1/repository/commits/main")["id"]
    command = line(f"{ZERO} {new} {ref}\0report-status") + b"0000"
    empty = b"PACK" + struct.pack(">II", 2, 0)
    body = command + (empty + hashlib.sha1(empty).digest() if pack is None else pack)
    at = f"{server.url}/acme/rocket.git/git-receive-pack"
    return requests.post(at, data=body, auth=("bob", "bob-token"), timeout=10)


@pytest.mark.parametrize(
    ("ref", "problem"),
    [
        ("refs/heads/../main", "funny refname"),
        ("refs/heads/a..b", "funny refname"),
        ("refs/heads/a.lock", "funny refname"),
        ("refs/heads/.a", "funny refname"),
        ("refs/heads/-a", "funny refname"),
        ("refs/heads/", "funny refname"),
        ("refs/heads/a b", "funny refname"),
        ("refs/heads/HEAD", "funny refname"),
        ("refs/heads/a\x7f", "funny refname"),
        ("refs/heads/\udcff\udcfe", "funny refname"),
        ("refs/heads/\u202e", "funny refname"),
        ("refs/tags/" + "x" * 2_000, "funny refname"),
        ("refs/merge-requests/1/head", "deny updating a hidden ref"),
        ("refs/keep-around/1", "deny updating a hidden ref"),
        ("refs/heads", "funny refname"),
        ("HEAD", "funny refname"),
        ("../../etc/passwd", "funny refname"),
        ("refs/heads/main/below", "failed to update ref"),
    ],
)
def test_a_ref_that_git_would_not_name_is_refused(mockgitlab: MockGitLab, ref: str, problem: str) -> None:
    answer = push(mockgitlab, ref, None)
    assert answer.status_code == 200
    assert answer.content.decode("utf-8", "surrogateescape").endswith(f"ng {ref} {problem}\n0000")


def test_a_ref_with_letters_of_any_language_is_taken(mockgitlab: MockGitLab) -> None:
    assert push(mockgitlab, "refs/heads/größe/日本語", None).text.endswith("ok refs/heads/größe/日本語\n0000")
    found = api(mockgitlab, "projects/1/repository/branches?search=日本")
    assert [one["name"] for one in found] == ["größe/日本語"]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_push_that_breaks_off_leaves_nothing(mockgitlab: MockGitLab, chunked: bool) -> None:
    main = api(mockgitlab, "projects/1/repository/commits/main")["id"]
    empty = b"PACK" + struct.pack(">II", 2, 0)
    body = line(f"{ZERO} {main} refs/heads/cut\0report-status") + b"0000" + empty + hashlib.sha1(empty).digest()
    key = base64.b64encode(b"bob:bob-token").decode()
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body)}"
    begin = f"{len(body):x}\r\n".encode() if chunked else b""
    head = (
        f"POST /acme/rocket.git/git-receive-pack HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {key}\r\n{length}\r\n\r\n"
    )
    host, port = mockgitlab.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as cut:
        cut.sendall(head.encode() + begin + body[:-1])
        cut.shutdown(socket.SHUT_WR)
        assert b" 400 Bad Request" in cut.recv(1_000)
    assert api(mockgitlab, "projects/1/repository/branches?search=cut") == []


@pytest.mark.parametrize("pack", [b"", b"PACK", b"PACK" + b"\0" * 40, b"rubbish" * 9, b"\0" * 64])
def test_a_pack_that_is_none_moves_nothing(mockgitlab: MockGitLab, pack: bytes) -> None:
    answer = push(mockgitlab, "refs/heads/harmed", pack, new="1" * 40)
    assert (answer.status_code, "ng refs/heads/harmed unpacker error" in answer.text) == (200, True)
    names = [one["name"] for one in api(mockgitlab, "projects/1/repository/branches")]
    assert "harmed" not in names


def test_a_ref_may_name_no_object_of_another_project(mockgitlab: MockGitLab) -> None:
    other = api(mockgitlab, "projects/2/repository/commits/main")["id"]
    answer = push(mockgitlab, "refs/heads/stolen", None, new=other)
    assert "ng refs/heads/stolen missing necessary objects" in answer.text


def test_a_commit_may_have_no_files_of_another_project(mockgitlab: MockGitLab) -> None:
    there = api(mockgitlab, "projects/2/repository/tree")[0]["id"]
    folder = b"100644 a\0" + bytes.fromhex(there)
    sha = hashlib.sha1(b"tree %d\0%b" % (len(folder), folder)).hexdigest()
    person = "Ada <ada@example.com> 1 +0000"
    commit = f"tree {sha}\nauthor {person}\ncommitter {person}\n\nStolen\n".encode()
    entries = [
        bytes([kind << 4 | len(data) & 15 | 0x80, len(data) >> 4]) + zlib.compress(data)
        for kind, data in ((2, folder), (1, commit))
    ]
    pack = b"PACK" + struct.pack(">II", 2, 2) + b"".join(entries)
    new = hashlib.sha1(b"commit %d\0%b" % (len(commit), commit)).hexdigest()
    answer = push(mockgitlab, "refs/heads/stolen", pack + hashlib.sha1(pack).digest(), new)
    assert "ng refs/heads/stolen unpacker error" in answer.text
    assert requests.get(f"{mockgitlab.url}/api/v4/projects/1/repository/blobs/{there}", timeout=10).status_code == 404


def test_a_submodule_that_runs_commands_is_refused(clone: Git) -> None:
    clone.commit({".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = -u./payload\n'})
    told = clone("push", "origin", "main", fails=True)
    blob = clone("rev-parse", "HEAD:.gitmodules")
    assert f"remote: error: object {blob}: gitmodulesUrl: disallowed submodule url: -u./payload" in told


def test_refs_of_one_push_that_cannot_both_be(mockgitlab: MockGitLab, clone: Git) -> None:
    told = clone("push", "origin", "HEAD:refs/heads/a", "HEAD:refs/heads/a/b", fails=True)
    assert "[new branch]" in told
    assert "error: cannot lock ref 'refs/heads/a/b': 'refs/heads/a' exists; cannot create 'refs/heads/a/b'" in told
    assert "! [remote rejected] HEAD -> a/b (failed to update ref)" in told
    told = clone("push", "--atomic", "origin", "HEAD:refs/heads/c", "HEAD:refs/heads/c/d", fails=True)
    assert told.count("(atomic transaction failed)") == 2
    clone("push", "-q", "origin", ":refs/heads/a", "HEAD:refs/heads/a/b")
    names = [one["name"] for one in api(mockgitlab, "projects/1/repository/branches?search=^a", sandbox_of(clone))]
    assert names == ["a/b"]
