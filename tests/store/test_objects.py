"""Git objects are shared by forks, and what a fork adds is its own."""

import pytest

from mockgitlab.store import Objects, Store


def test_an_object_is_named_as_git_names_it() -> None:
    assert Objects().add("blob", b"hello\n") == "ce013625030ba8dba906f756967f9e9ca394464a"


def test_a_fork_reads_what_it_was_forked_from_and_keeps_what_it_adds() -> None:
    store = Store()
    below = store.objects.add("blob", b"below")
    fork = store.fork()
    own = fork.objects.add("blob", b"own")
    assert fork.objects.get(below) == ("blob", b"below")
    assert fork.objects.get(own) == ("blob", b"own")
    assert store.objects.get(own) is None


def test_what_is_below_already_is_not_kept_twice() -> None:
    objects = Objects()
    sha = objects.add("blob", b"same")
    fork = objects.fork()
    assert fork.add("blob", b"same") == sha
    assert fork.fork()._below is objects


def test_an_object_of_another_kind_is_not_found() -> None:
    objects = Objects()
    sha = objects.add("blob", b"text")
    with pytest.raises(KeyError, match=f"there is no tree {sha}"):
        objects.data(sha, "tree")


def test_what_an_object_was_parsed_to_is_remembered_within_a_bound() -> None:
    objects = Objects()
    objects.remembered_at_most = 2
    for sha in ("a", "b", "c"):
        objects.remember(sha, sha.upper())
    assert (objects.parsed("a"), objects.parsed("c")) == (None, "C")
    assert objects.fork().parsed("c") is None
