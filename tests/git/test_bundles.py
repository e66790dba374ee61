import pytest

from mockgitlab.git.bundles import BundleError, read_bundle, write_bundle
from mockgitlab.git.objects import Entry, Person, write_commit, write_tree
from mockgitlab.store.objects import Objects

WHO = Person("Ada", "ada@example.com", 0)
MOST = 1_000_000


def a_commit(objects: Objects, parents: tuple[str, ...] = ()) -> str:
    tree = write_tree(objects, {"a": Entry(0o100644, objects.add("blob", b"a\n"))})
    return write_commit(objects, tree, parents, WHO, WHO, "One\n").sha


def test_what_is_written_is_read_again() -> None:
    one, two = Objects(), Objects()
    sha = a_commit(one)
    refs = {"refs/heads/main": sha, "refs/merge-requests/1/head": sha, "refs/tags/v1": sha}
    assert read_bundle(two, write_bundle(one, refs), MOST) == refs
    assert two.added() == one.added()


def test_refs_that_a_project_does_not_have_are_left_out() -> None:
    one = Objects()
    sha = a_commit(one)
    refs = {"refs/heads/main": sha, "HEAD": sha, "refs/heads/../x": sha, "refs/remotes/x": sha}
    assert read_bundle(Objects(), write_bundle(one, refs), MOST) == {"refs/heads/main": sha}


def test_no_refs_make_no_bundle() -> None:
    assert write_bundle(Objects(), {}) == b""


def test_what_is_damaged_incomplete_or_too_big_is_refused_and_nothing_of_it_kept() -> None:
    one, two = Objects(), Objects()
    bundle = write_bundle(one, {"refs/heads/main": a_commit(one)})
    foreign = bundle.replace(bundle[16:56], b"1" * 40)
    for data, most in ((b"", MOST), (b"x", MOST), (bundle[:-4], MOST), (foreign, MOST), (bundle, 10)):
        with pytest.raises(BundleError):
            read_bundle(two, data, most)
    assert not two.added()


def test_objects_of_others_are_not_taken_for_those_of_the_bundle() -> None:
    kept = Objects()
    foreign = a_commit(kept)
    own = Objects()
    tree = write_tree(own, {"b": Entry(0o100644, own.add("blob", b"b\n"))})
    sha = write_commit(own, tree, (), WHO, WHO, "Two\n").sha
    bundle = write_bundle(own, {"refs/heads/main": sha})
    head = b" refs/heads/main\n"
    with pytest.raises(BundleError, match="does not hold"):
        read_bundle(kept, bundle.replace(head, head + foreign.encode() + b" refs/heads/x\n"), MOST)
