"""Objects from outside that are malformed are refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgitlab.git.objects import Entry, Person, read_commit, read_tag, read_tree, write_commit, write_tree
from mockgitlab.git.soundness import Unsound, check
from mockgitlab.store import Objects

ADA = Person("Ada", "ada@example.com", 1_714_554_000)
LINE = b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor Ada <a@b> 1 +0000\ncommitter Ada <a@b> 1 +0000\n"


def test_sound_objects_pass() -> None:
    objects = Objects()
    tree = write_tree(objects, {"a": Entry(0o100644, objects.add("blob", b"1"))})
    commit = write_commit(objects, tree, [], ADA, ADA, "One")
    check(objects, [tree, commit.sha])


@pytest.mark.parametrize("name", [".git", ".GIT", "..", ".", "a/b", "git~1", ".git ", ""])
def test_a_tree_with_a_dangerous_name_is_refused(name: str) -> None:
    objects = Objects()
    tree = write_tree(objects, {name: Entry(0o100644, objects.add("blob", b"1"))})
    with pytest.raises(Unsound, match="bad entry"):
        check(objects, [tree])


def test_a_tree_that_cannot_be_read_is_refused() -> None:
    objects = Objects()
    with pytest.raises(Unsound, match="badTree"):
        check(objects, [objects.add("tree", b"rubbish")])
    with pytest.raises(Unsound, match="bad entry"):
        check(objects, [objects.add("tree", b"100600 a\0" + b"1" * 20)])


@pytest.mark.parametrize("names", [(b"b", b"a"), (b"a", b"a")])
def test_a_tree_out_of_order_or_with_a_name_twice_is_refused(names: tuple[bytes, ...]) -> None:
    objects = Objects()
    blob = bytes.fromhex(objects.add("blob", b"1"))
    tree = objects.add("tree", b"".join(b"100644 %b\0%b" % (name, blob) for name in names))
    with pytest.raises(Unsound, match="treeNotSorted"):
        check(objects, [tree])


def test_a_mode_with_a_leading_zero_passes_as_it_does_in_git() -> None:
    objects = Objects()
    below = bytes.fromhex(objects.add("tree", b""))
    check(objects, [objects.add("tree", b"040000 a\0" + below)])


def test_folders_do_not_lie_without_end() -> None:
    objects = Objects()
    tree = write_tree(objects, {"a": Entry(0o100644, objects.add("blob", b"1"))})
    for _ in range(250):
        tree = write_tree(objects, {"a": Entry(0o40000, tree)})
    commit = write_commit(objects, tree, [], ADA, ADA, "Deep")
    with pytest.raises(Unsound, match="deeper than 200 levels"):
        check(objects, [commit.sha])


def test_what_is_named_must_be_there() -> None:
    objects = Objects()
    tree = write_tree(objects, {"a": Entry(0o100644, "1" * 40)})
    with pytest.raises(Unsound, match=f"missing blob {'1' * 40}"):
        check(objects, [tree])
    commit = write_commit(objects, objects.add("tree", b""), ["2" * 40], ADA, ADA, "One")
    with pytest.raises(Unsound, match="missing commit 2222"):
        check(objects, [commit.sha])
    lone = Objects()
    with pytest.raises(Unsound, match="missing tree 4b82"):
        check(lone, [lone.add("commit", LINE + b"\nOne")])


@pytest.mark.parametrize("kind", ["commit", "tag"])
@pytest.mark.parametrize(
    "data",
    [
        *(b"rubbish", b"", b"object x\n", b"\n\n", LINE[:-1], LINE + b"x \0\n\nOne"),
        *(LINE.replace(b"1 +", one) for one in (b"x +", b"-1 +", b"1 ", b"9" * 5_000 + b" +")),
    ],
)
def test_a_commit_or_tag_that_git_did_not_write_is_refused(kind: str, data: bytes) -> None:
    objects = Objects()
    with pytest.raises(Unsound, match=f"bad {kind}"):
        check(objects, [objects.add(kind, data)])


@given(st.sampled_from(["tree", "commit", "tag"]), st.binary(), st.sampled_from([b"", LINE, LINE + b"encoding x\n\n"]))
def test_rubbish_is_refused_or_can_be_read(kind: str, data: bytes, before: bytes) -> None:
    objects = Objects()
    objects.add("tree", b"")
    sha = objects.add(kind, before + data)
    with suppress(Unsound):
        check(objects, [sha])
        read = {"tree": read_tree, "commit": read_commit, "tag": read_tag}[kind]
        assert read(objects, sha) is not None
