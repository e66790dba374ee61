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


def test_a_tree_that_cannot_be_read_is_refused() -> None:
    objects = Objects()
    with pytest.raises(Unsound, match="badTree: cannot be parsed as a tree; fatal: fsck error in packed object"):
        check(objects, [objects.add("tree", b"rubbish")])


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
    with pytest.raises(Unsound, match=f"did not receive expected object {'1' * 40}"):
        check(objects, [tree])
    commit = write_commit(objects, objects.add("tree", b""), ["2" * 40], ADA, ADA, "One")
    with pytest.raises(Unsound, match="expected object 2222"):
        check(objects, [commit.sha])
    lone = Objects()
    with pytest.raises(Unsound, match="expected object 4b82"):
        check(lone, [lone.add("commit", LINE + b"\nOne")])


@pytest.mark.parametrize("kind", ["commit", "tag"])
@pytest.mark.parametrize("data", [b"rubbish", b"", b"object x\n", b"\n\n", LINE[:-1], LINE + b"x \0\n\nOne"])
def test_what_is_no_commit_or_tag_is_refused(kind: str, data: bytes) -> None:
    objects = Objects()
    with pytest.raises(Unsound, match="fatal: fsck error in packed object"):
        check(objects, [objects.add(kind, data)])


def test_the_parents_of_a_shallow_commit_may_be_missing() -> None:
    objects = Objects()
    commit = write_commit(objects, objects.add("tree", b""), ["2" * 40], ADA, ADA, "One")
    checked = check(objects, [commit.sha], [commit.sha])
    assert (checked.behind, checked.named) == ({"2" * 40}, {commit.tree})


@given(st.sampled_from(["tree", "commit", "tag"]), st.binary(), st.sampled_from([b"", LINE, LINE + b"encoding x\n\n"]))
def test_rubbish_is_refused_or_can_be_read(kind: str, data: bytes, before: bytes) -> None:
    objects = Objects()
    objects.add("tree", b"")
    sha = objects.add(kind, before + data)
    with suppress(Unsound):
        check(objects, [sha])
        read = {"tree": read_tree, "commit": read_commit, "tag": read_tag}[kind]
        assert read(objects, sha) is not None
