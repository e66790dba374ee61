"""Objects from outside that are malformed are refused."""

import pytest

from mockgitlab.git.objects import Entry, Person, write_commit, write_tree
from mockgitlab.git.soundness import Unsound, check
from mockgitlab.store import Objects

ADA = Person("Ada", "ada@example.com", 1_714_554_000)


def test_sound_objects_pass() -> None:
    objects = Objects()
    tree = write_tree(objects, {"a": Entry(0o100644, objects.add("blob", b"1"))})
    commit = write_commit(objects, tree, [], ADA, ADA, "One")
    check(objects, [tree, commit.sha])


@pytest.mark.parametrize("name", [".git", ".GIT", "..", ".", "a/b", "git~1", ".git "])
def test_a_tree_with_a_dangerous_name_is_refused(name: str) -> None:
    objects = Objects()
    tree = write_tree(objects, {name: Entry(0o100644, objects.add("blob", b"1"))})
    with pytest.raises(Unsound, match="bad entry"):
        check(objects, [tree])


def test_a_tree_that_cannot_be_read_is_refused() -> None:
    objects = Objects()
    with pytest.raises(Unsound, match="badTree"):
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
    with pytest.raises(Unsound, match=f"missing blob {'1' * 40}"):
        check(objects, [tree])
    commit = write_commit(objects, objects.add("tree", b""), ["2" * 40], ADA, ADA, "One")
    with pytest.raises(Unsound, match="missing commit 2222"):
        check(objects, [commit.sha])
    with pytest.raises(Unsound, match="missing tree"):
        check(objects, [objects.add("commit", b"rubbish")])
    with pytest.raises(Unsound, match="missing"):
        check(objects, [objects.add("tag", b"rubbish")])
