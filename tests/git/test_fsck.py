"""What is wrong with an object is what the git command says of it, and what git takes is taken."""

import re
from pathlib import Path

import pytest

from mockgitlab.git.objects import read_commit, read_tag, read_tree
from mockgitlab.git.packs import write_pack
from mockgitlab.git.soundness import Unsound, check
from mockgitlab.store import Objects
from tests.git.real import RealGit

AS_GITALY = "--strict=badTimezone=ignore,missingSpaceBeforeDate=ignore,zeroPaddedFilemode=ignore"
NONE = b"\0" * 20
PERSON = b"Ada <a@b> 1714554000 +0000"
LINKED = {
    "links to .gitmodules": [(b"120000", b".gitmodules")],
    "links to .gitmodules on NTFS": [(b"120000", b"GITMOD~2")],
    "links to .gitmodules on HFS": [(b"120000", ".git\u200cmodules".encode())],
    "links of other files": [(b"120000", name) for name in (b".gitattributes", b".gitignore", b".mailmap")],
}
TREES: dict[str, list[tuple[bytes, bytes]]] = {
    **{
        f"the name {name!r}": [(b"100644", name)]
        for name in (b".git", b".GIT", b"..", b".", b"a/b", b"git~1", b"Git~1")
    },
    **{
        f"the name {name!r}": [(b"100644", name)]
        for name in (b".git ", b".git. .", b".git::$INDEX", b".git\\x", b"a\\.git")
    },
    **{
        f"the name {name!r}": [(b"100644", name)] for name in (b"git~2", b".gitx", b"a\\b", b"\\" * 3_000, b"x" * 5_000)
    },
    "the name .git on HFS": [(b"100644", ".g\u200cI\ufefft".encode())],
    **{
        f"the mode {mode!r}": [(mode, b"x")]
        for mode in (b"100664", b"100600", b"0100644", b"100777", b"120755", b"777")
    },
    "no order": [(b"100644", b"b"), (b"100644", b"a")],
    "a name twice": [(b"100644", b"a"), (b"100644", b"a")],
    "a folder before a file": [(b"40000", b"a"), (b"100644", b"a.b")],
    "a folder behind a file": [(b"100644", b"a.b"), (b"40000", b"a")],
    **LINKED,
}
MODULES = {
    "nothing": b"",
    "a name that leads up": b'[submodule "../x"]\n\tpath = a\n\turl = http://x/y\n',
    "a name that leads up on Windows": b'[submodule "a\\\\..\\\\x"]\n\tpath = a\n',
    "no name": b'[submodule ""]\npath = a\n',
    "an address that is an option": b'[submodule "x"]\n\turl = -u./payload\n',
    "a path that is an option": b'[submodule "x"]\n\tpath = "-a"\n',
    "a command": b'[submodule "x"]\n\tupdate = !touch x\n',
    "a line break in an address": b'[submodule "x"]\n\turl = "http://x/y\\nz"\n',
    "an encoded line break": b'[submodule "x"]\n\turl = ../x%0ay\n',
    "an encoded line break in a host": b'[submodule "x"]\n\turl = https://x%0ay/z\n',
    "a path above the host": b'[submodule "x"]\n\turl = ../../:/x\n[submodule "y"]\n\turl = ..//x\n',
    "no host": b'[submodule "x"]\n\turl = https:///x\n',
    "a transport": b'[submodule "x"]\n\turl = http::https://x/y ; comment\n\turl=https::x\n',
    "fine ones": b'# c\r\n[submodule  "x"] path = a ; b\r\nurl = ../x.git\n[Submodule.Y]\nurl\nurl=git@x:y\\\n/z\n',
    "a byte order mark": b'\xef\xbb\xbf[submodule "x"]\nurl = -u\n',
    "blanks in a heading": b'[submodule "x" ]\nurl = -u\n',
    "quotes": b'[submodule "a\\"b"]\nurl = "-"u # "c"\n',
    "no key": b'[submodule "x"\n',
    "no end": b'[submodule "x"]\npath = "a\n',
    "a bad escape": b'[submodule "x"]\npath = \\q\nurl = -u\n',
    "another section": b'[core]\n\turl = -u\n[core "x"]\nupdate = !x\n',
}
COMMIT = b"tree %b\nauthor %b\ncommitter %b\n\nOne\n"
COMMITS = {
    "no author": (b"author Ada <a@b> 1714554000 +0000\n", b""),
    "no committer": (b"committer", b"commiter"),
    "two authors": (b"committer", b"author Bob <b@c> 1 +0000\ncommitter"),
    "two trees": (b"author", b"tree " + b"1" * 40 + b"\nauthor"),
    "a tree that is none": (b"tree ", b"tree x"),
    "a parent that is none": (b"author", b"parent 12\nauthor"),
    "a time zone that is none": (b"+0000", b"UTC"),
    "a time zone that is long": (b"+0000", b"+051800"),
    "no blank before the date": (b"> 17", b">17"),
    "no blank before the address": (b"Ada <", b"Ada<"),
    "no name": (b"Ada <", b"<"),
    "no address": (b"Ada <a@b>", b"Ada"),
    "an address that does not end": (b"<a@b>", b"<a@b"),
    "two addresses": (b"<a@b>", b"<a@b> <c@d>"),
    "an odd name": (b"Ada <", b"Ada> <"),
    "an odd address": (b"<a@b>", b"<x<a@b>"),
    "a date that is none": (b"1714554000", b"abc"),
    "no date": (b" 1714554000 +0000", b""),
    "a date with a zero": (b"1714554000", b"01714554000"),
    "the first second": (b"1714554000", b"0"),
    "a late date": (b"1714554000", b"9223372036854775807"),
    "a date that is too late": (b"1714554000", b"9223372036854775808"),
    "a date that is much too late": (b"1714554000", b"9" * 5_000),
    "a date before 1970": (b"1714554000", b"-5"),
    "a NUL in the message": (b"One", b"O\0ne"),
    "a NUL in the header": (b"Ada <", b"A\0da <"),
    "no message": (b"\nOne\n", b""),
    "no end of the header": (b"\n\nOne\n", b""),
    "a signature": (b"\n\nOne", b"\ngpgsig -----BEGIN\n \n x\n -----END\n\nOne"),
    "nothing odd": (b"", b""),
}
TAG = b"object %b\ntype commit\ntag v1\ntagger %b\n\nOne\n"
TAGS = {
    "no tagger": (b"tagger " + PERSON + b"\n", b""),
    "no tagger's date": (b"1714554000", b""),
    "a bad name": (b"tag v1", b"tag v..1"),
    "no name": (b"tag v1\n", b""),
    "a bad kind": (b"type commit", b"type x"),
    "no kind": (b"type commit\n", b""),
    "no object": (b"object ", b"obj "),
    "an object that is none": (b"object ", b"object x"),
    "no blank before the date": (b"> 17", b">17"),
    "another header": (b"\n\nOne", b"\nmore x\n\nOne"),
    "no end": (b"\n\nOne\n", b""),
    "nothing odd": (b"", b""),
}


def told_by_git(git: RealGit, objects: Objects) -> list[str]:
    """Return what the git command tells of objects that arrive in a pack."""
    pack = write_pack(objects, list(objects.added()))
    told = git.run("index-pack", AS_GITALY, "--stdin", codes=(0, 128), stdin=pack, errors=True).decode(errors="replace")
    return re.findall(r"^(?:error|warning): object .*|^fatal: (?:fsck|invalid).*", told, re.M)


def told_here(objects: Objects) -> list[str]:
    try:
        found = check(objects, list(objects.added())).warnings
    except Unsound as error:
        found = error.told
    return [line.split("\n")[0] for line in found]


@pytest.fixture
def git(tmp_path: Path) -> RealGit:
    return RealGit(tmp_path)


def with_tree(objects: Objects, entries: list[tuple[bytes, bytes]]) -> str:
    folder, file = objects.add("tree", b""), objects.add("blob", b"x\n")
    parts = [mode + b" " + name + b"\0" + bytes.fromhex(folder if mode == b"40000" else file) for mode, name in entries]
    return objects.add("tree", b"".join(parts))


@pytest.mark.parametrize("case", TREES)
def test_trees_are_judged_as_by_git(git: RealGit, case: str) -> None:
    objects = Objects()
    sha = with_tree(objects, TREES[case])
    assert told_here(objects) == told_by_git(git, objects)
    assert read_tree(objects, sha)


@pytest.mark.parametrize("case", MODULES)
def test_lists_of_submodules_are_judged_as_by_git(git: RealGit, case: str) -> None:
    objects = Objects()
    blob = objects.add("blob", MODULES[case])
    objects.add("tree", b"100644 .gitmodules\0" + bytes.fromhex(blob))
    assert told_here(objects) == told_by_git(git, objects)


@pytest.mark.parametrize("data", [b"a" * 2_048 + b" x\n", b"a" * 2_047 + b"\n", b"* text\n"])
def test_attributes_are_judged_as_by_git(git: RealGit, data: bytes) -> None:
    objects = Objects()
    objects.add("tree", b"100644 .gitattributes\0" + bytes.fromhex(objects.add("blob", data)))
    assert told_here(objects) == told_by_git(git, objects)


@pytest.mark.parametrize("case", COMMITS)
def test_commits_are_judged_as_by_git(git: RealGit, case: str) -> None:
    objects = Objects()
    tree = objects.add("tree", b"")
    sha = objects.add("commit", (COMMIT % (tree.encode(), PERSON, PERSON)).replace(*COMMITS[case]))
    told = told_here(objects)
    assert told == told_by_git(git, objects) or told_by_git(git, objects) == ["fatal: invalid commit"]
    assert told or read_commit(objects, sha).tree == tree


@pytest.mark.parametrize("case", TAGS)
def test_tags_are_judged_as_by_git(git: RealGit, case: str) -> None:
    objects = Objects()
    commit = objects.add("commit", COMMIT % (objects.add("tree", b"").encode(), PERSON, PERSON))
    sha = objects.add("tag", (TAG % (commit.encode(), PERSON)).replace(*TAGS[case]))
    told = told_here(objects)
    assert told == told_by_git(git, objects) or told_by_git(git, objects) == ["fatal: invalid tag"]
    tag = read_tag(objects, sha)
    assert told or (tag is not None and tag.target == commit)
