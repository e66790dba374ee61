from typing import Any

import pytest

from mockgitlab.git.changes import GITLAB_ALIKE, changes
from mockgitlab.git.objects import EXECUTABLE, FILE, Entry
from mockgitlab.git.patches import quoted, whole_patch
from mockgitlab.git.trees import with_changes
from mockgitlab.store import Objects

NOTHING = "0" * 40


def patch(before: dict[str, Any], after: dict[str, Any]) -> str:
    objects = Objects()
    old, new = (
        with_changes(objects, "", {path: entry(objects, one) for path, one in side.items()}) for side in (before, after)
    )
    return whole_patch(objects, changes(objects, old, new, alike=GITLAB_ALIKE)).decode()


def entry(objects: Objects, given: Any) -> Entry:
    mode, data = given if isinstance(given, tuple) else (FILE, given)
    return Entry(mode, objects.add("blob", data))


def sha(data: bytes) -> str:
    return Objects().add("blob", data)


def test_a_new_file_comes_from_nothing() -> None:
    new = sha(b"x\n")
    assert patch({}, {"a": b"x\n"}) == (
        f"diff --git a/a b/a\nnew file mode 100644\nindex {NOTHING}..{new}\n--- /dev/null\n+++ b/a\n@@ -0,0 +1 @@\n+x\n"
    )


def test_a_deleted_file_becomes_nothing() -> None:
    assert patch({"a": b"x"}, {}) == (
        f"diff --git a/a b/a\ndeleted file mode 100644\nindex {sha(b'x')}..{NOTHING}\n"
        "--- a/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n\\ No newline at end of file\n"
    )


def test_a_mode_alone_may_change() -> None:
    found = patch({"a": b"x"}, {"a": (EXECUTABLE, b"x")})
    assert found == "diff --git a/a b/a\nold mode 100644\nnew mode 100755\n"


def test_a_renamed_file_says_how_alike_it_is() -> None:
    text = b"one\ntwo\nthree\nfour\n"
    assert patch({"a": text}, {"b": text}) == (
        "diff --git a/a b/b\nsimilarity index 100%\nrename from a\nrename to b\n"
    )
    changed = patch({"a": text}, {"b": text + b"five\n"})
    assert changed.startswith("diff --git a/a b/b\nsimilarity index 79%\nrename from a\nrename to b\nindex ")
    assert changed.endswith("--- a/a\n+++ b/b\n@@ -2,3 +2,4 @@ one\n two\n three\n four\n+five\n")


def test_binary_files_just_differ() -> None:
    old, new = sha(b"\0a"), sha(b"\0b")
    assert patch({"a": b"\0a"}, {"a": b"\0b"}) == (
        f"diff --git a/a b/a\nindex {old}..{new} 100644\nBinary files a/a and b/a differ\n"
    )


@pytest.mark.parametrize(
    ("path", "written"),
    [("a/b c", b"a/b c"), ("a\tb", b'"a\\tb"'), ('"', b'"\\""'), ("été", b'"\\303\\251t\\303\\251"')],
)
def test_names_are_quoted_where_they_need_it(path: str, written: bytes) -> None:
    assert quoted(path) == written
