"""Random histories, of which everything found here must be what the git command finds."""

import io
import re
import tarfile
import zipfile
from pathlib import Path

import pytest

from mockgitlab.git.archive import archive
from mockgitlab.git.blame import blame
from mockgitlab.git.changes import changes, patch, stats
from mockgitlab.git.history import following, merge_bases, topological, touching, walk
from mockgitlab.git.merge import merge_commits
from mockgitlab.git.objects import (
    EXECUTABLE,
    FILE,
    LINK,
    Entry,
    Person,
    parse_tree,
    read_commit,
    write_commit,
    write_tree,
)
from mockgitlab.git.trees import files, with_changes
from mockgitlab.store import Objects
from tests.git.real import NAMES, History, RealGit

SEEDS = range(10)
Files = dict[str, tuple[int, str]]


@pytest.fixture(params=SEEDS)
def history(request: pytest.FixtureRequest) -> History:
    return History(request.param)


@pytest.fixture
def git(tmp_path: Path, history: History) -> RealGit:
    real = RealGit(tmp_path)
    real.take(history.objects)
    return real


def tree(objects: Objects, sha: str) -> str:
    return read_commit(objects, sha).tree


def test_objects_are_sound_and_written_as_git_writes_them(git: RealGit, history: History) -> None:
    git.run("update-ref", "refs/heads/main", history.commits[-1])
    assert git.run("fsck", "--strict", "--no-dangling") == b""
    for sha, (kind, data) in list(history.objects._own.items()):
        if kind == "tree":
            assert write_tree(history.objects, parse_tree(data)) == sha


def test_files_are_those_of_ls_tree(git: RealGit, history: History) -> None:
    last = history.commits[-1]
    found = [
        f"{one.mode:06o} {one.kind} {one.sha}\t{path}"
        for path, one in files(history.objects, tree(history.objects, last)).items()
    ]
    assert found == git.text("ls-tree", "-r", last).split("\n")


def test_logs_are_in_the_order_of_git_log(git: RealGit, history: History) -> None:
    last, objects = history.commits[-1], history.objects
    commits = list(walk(objects, [last]))
    assert [one.sha for one in commits] == git.text("rev-list", last).split()
    assert [one.sha for one in topological(commits)] == git.text("rev-list", "--topo-order", last).split()
    hidden = history.commits[3]
    assert [one.sha for one in walk(objects, [last], [hidden])] == git.text("rev-list", last, f"^{hidden}").split()


def test_logs_of_a_path_are_those_of_git_log(git: RealGit, history: History) -> None:
    last = history.commits[-1]
    for path in (*NAMES, "src", "nowhere"):
        found = [one.sha for one in touching(history.objects, [last], path)]
        assert found == git.text("rev-list", last, "--", path).split(), path


def test_logs_of_a_path_follow_renames_as_git_log_does(git: RealGit, history: History) -> None:
    last, objects = history.commits[-1], history.objects
    commits = list(walk(objects, [last]))
    for path in (*NAMES, "src", "nowhere", *(f"{name}.moved" for name in NAMES)):
        found = [one.sha for one in following(objects, commits, path)]
        assert found == git.text("log", "--format=%H", "--follow", last, "--", path).split(), path


def test_merge_bases_are_those_of_git(git: RealGit, history: History) -> None:
    for one in history.commits[-3:]:
        for two in history.commits[-6:]:
            found = merge_bases(history.objects, one, two)
            assert found == git.text("merge-base", "--all", one, two, codes=(0, 1)).split()


@pytest.mark.parametrize("alike", [0.5, 0.3])
def test_differences_are_those_of_git_diff(git: RealGit, history: History, alike: float) -> None:
    objects = history.objects
    for one, two in zip(history.commits, history.commits[2:], strict=False):
        found = changes(objects, tree(objects, one), tree(objects, two), alike=alike)
        names = [f"{c.old_path}\t{c.new_path}" for c in found]
        text = git.run("diff-tree", "-r", "-p", f"-M{alike:.0%}", one, two).decode()
        assert names == ["\t".join(pair) for pair in re.findall(r"^diff --git a/(\S+) b/(\S+)$", text, re.M)]
        hunks = [part.partition("\n@@")[1:] for part in text.split("diff --git ")[1:]]
        assert [patch(objects, c).decode() for c in found] == ["".join(part).lstrip("\n") for part in hunks]


def test_counts_are_those_of_git_diff(git: RealGit, history: History) -> None:
    objects = history.objects
    for one, two in zip(history.commits, history.commits[2:], strict=False):
        rows = [
            line.split("\t") for line in git.text("diff-tree", "-r", "-M", "--numstat", one, two).split("\n") if line
        ]
        expected = (sum(int(row[0]) for row in rows), sum(int(row[1]) for row in rows))
        assert stats(objects, changes(objects, tree(objects, one), tree(objects, two))) == expected


def test_merges_are_those_of_git(git: RealGit, history: History) -> None:
    compared = 0
    for one in history.commits[-5:]:
        for two in history.commits[-5:]:
            compared += merges_as_git(git, history.objects, one, two)
    assert compared


def merges_as_git(git: RealGit, objects: Objects, one: str, two: str) -> bool:
    """Compare a merge with that of git, and tell whether there is no conflict."""
    merged = merge_commits(objects, one, two)
    answer = git.text("merge-tree", "--write-tree", "--no-messages", "-z", one, two, codes=(0, 1))
    expected = answer.split("\0")
    assert bool(merged.conflicts) == (len(expected) > 2), (one, two, merged.conflicts, answer)
    assert merged.conflicts or merged.tree == expected[0]
    return not merged.conflicts


ONE = {"a": (FILE, "".join(f"line {number}\n" for number in range(20)))}
MOVED, CHANGED = {"b": ONE["a"]}, {"b": (FILE, f"{ONE['a'][1]}more\n")}
LINKED = {"a": (LINK, "elsewhere")}
MERGES: dict[str, tuple[Files, Files, Files]] = {
    "renamed and deleted": (ONE, {}, MOVED),
    "renamed, changed and deleted": (ONE, {}, CHANGED),
    "renamed and made a link": (ONE, LINKED, MOVED),
    "a link renamed and deleted": (LINKED, {}, {"b": LINKED["a"]}),
    "a link renamed and made a file": (LINKED, ONE, {"b": LINKED["a"]}),
    "renamed and changed": (ONE, MOVED, {"a": CHANGED["b"]}),
    "renamed to two names": (ONE, MOVED, {"c": ONE["a"]}),
    "renamed to what the other adds": (ONE, MOVED, {**ONE, "b": (FILE, "other\n")}),
    "renamed to what the other adds as well": (ONE, MOVED, {**ONE, **MOVED}),
    "added by both, empty by one": ({}, {"a": (FILE, "")}, ONE),
    "added by both with other modes": ({}, {"a": (EXECUTABLE, ONE["a"][1])}, ONE),
    "changed, and its mode": (ONE, {"a": (EXECUTABLE, ONE["a"][1])}, {"a": CHANGED["b"]}),
}


@pytest.mark.parametrize("case", MERGES)
def test_merges_of_renamed_and_turned_files_are_those_of_git(tmp_path: Path, case: str) -> None:
    objects, git, person = Objects(), RealGit(tmp_path), Person("Ada", "ada@example.com", 1_714_554_000)
    commits: list[str] = []
    for number, wanted in enumerate(MERGES[case]):
        found = {path: Entry(mode, objects.add("blob", text.encode())) for path, (mode, text) in wanted.items()}
        kept = with_changes(objects, "", {**found, "kept": Entry(FILE, objects.add("blob", b"kept\n"))})
        commits.append(write_commit(objects, kept, commits[:1], person, person, f"{number}").sha)
    git.take(objects)
    for pair in (commits[1:], commits[:0:-1]):
        merges_as_git(git, objects, *pair)


def criss_cross(objects: Objects, left: str, right: str, both: str) -> tuple[str, str]:
    """Return two commits that merged one another's ancestors: ``left`` and ``right`` change a file apart, then each
    merges the other, and ``both`` is what comes of it."""

    def commit(text: str, *parents: str) -> str:
        blob = Entry(FILE, objects.add("blob", text.encode()))
        made = with_changes(objects, "", {"a.txt": blob})
        person = Person("Ada", "ada@example.com", 1_714_554_000 + len(parents))
        return write_commit(objects, made, parents, person, person, text).sha

    start = commit(BODY)
    one, two = commit(left, start), commit(right, start)
    return commit(f"first\n{both}", one, two), commit(f"{both}last\n", two, one)


BODY = "".join(f"line {number}\n" for number in range(20))


@pytest.mark.parametrize("clash", [False, True])
def test_merges_of_what_was_merged_crosswise_are_those_of_git(tmp_path: Path, clash: bool) -> None:
    objects, git = Objects(), RealGit(tmp_path)
    left = BODY.replace("line 3\n", "left\n")
    right = BODY.replace("line 3\n" if clash else "line 15\n", "right\n")
    both = left if clash else right.replace("line 3\n", "left\n")
    one, two = criss_cross(objects, left, right, both)
    git.take(objects)
    assert len(merge_bases(objects, one, two)) == 2
    assert merges_as_git(git, objects, one, two)


def test_blames_are_those_of_git(git: RealGit, history: History) -> None:
    last = history.commits[-1]
    for path in files(history.objects, tree(history.objects, last)):
        found = [one.sha for one in blame(history.objects, last, path)]
        assert found == re.findall(r"^([0-9a-f]{40}) \d+ \d+", git.text("blame", "-p", last, "--", path), re.M)


def test_archives_hold_what_git_archive_puts_there(git: RealGit, history: History) -> None:
    commit = read_commit(history.objects, history.commits[-1])
    for form in ("tar", "zip"):
        made = archive(history.objects, commit, files(history.objects, commit.tree), "p", form)
        assert listing(made, form) == listing(git.run("archive", f"--format={form}", "--prefix=p/", commit.sha), form)


def listing(data: bytes, form: str) -> list[tuple[object, ...]]:
    if form == "zip":
        with zipfile.ZipFile(io.BytesIO(data)) as found:
            return [(one.filename, found.read(one), found.comment) for one in found.infolist()]
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        comment = tar.pax_headers["comment"]
        return [(one.name, one.type, one.mode, one.size, one.mtime, one.linkname, comment) for one in tar]
