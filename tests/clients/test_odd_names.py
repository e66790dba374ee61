"""Odd names and contents of files, branches and tags: pushed by git, and read, changed and deleted by python-gitlab."""

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mockgitlab import MockGitLab
from tests.clients.git_rig import Git, clone_of, git_world

FILES = {
    "a b/c  d.txt": b"spaces\n",
    "ü/日本.md": b"# letters\n",
    "100%/%2F.txt": b"percent\n",
    "#1?&=+.txt": b"what URLs are made of\n",
    "-rf": b"an option\n",
    ".hidden/.x": b"dots\n",
    "deep/" * 30 + "end": b"deep\n",
    "quote\"'`$;\\.txt": b"quotes\n",
    "tab\there": b"a tab\n",
    "no newline": b"at the end",
    "empty": b"",
    "binary.bin": bytes(range(256)) * 8,
    "windows.txt": b"one\r\ntwo\r\n",
    "latin.txt": "grün\n".encode("latin-1"),
    "main": b"called as a branch\n",
    "file.json": b"{}\n",
}
BRANCH, TAG = "fix/ü#100%+1.x", "v1/ä.0"
pytestmark = pytest.mark.mockgitlab(scenario=git_world())


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git(tmp_path)


@pytest.fixture
def rocket(bob: Any) -> Any:
    return bob.projects.get("acme/rocket")


@pytest.fixture
def clone(mockgitlab: MockGitLab, git: Git) -> Git:
    """Return a clone from which all odd files were pushed, a link, a program and a submodule among them."""
    clone = clone_of(mockgitlab, git.folder)
    clone("checkout", "-q", "-b", BRANCH)
    for path, content in FILES.items():
        place = clone.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    os.symlink("a b/c  d.txt", clone.folder / "link")
    (clone.folder / "run").write_text("#!/bin/sh\n")
    (clone.folder / "run").chmod(0o755)
    clone("add", "--all")
    clone("update-index", "--add", "--cacheinfo", f"160000,{'a' * 40},sub")
    clone("commit", "-q", "-m", "Odd\n\nCc: Bob")
    clone("tag", TAG)
    clone("push", "-q", "origin", BRANCH, TAG)
    return clone


def test_the_tree_is_that_of_git(clone: Git, rocket: Any) -> None:
    found = rocket.repository_tree(ref=BRANCH, recursive=True, get_all=True)
    ours = sorted(f"{one['mode']} {one['type']} {one['id']}\t{one['path']}" for one in found)
    assert ours == sorted(clone("ls-tree", "-r", "-t", "-z", "HEAD").rstrip("\0").split("\0"))
    deep = "/".join(["deep"] * 30)
    assert [one["path"] for one in rocket.repository_tree(path=deep, ref=BRANCH)] == [f"{deep}/end"]
    paged = rocket.repository_tree(ref=BRANCH, recursive=True, pagination="keyset", per_page=7, iterator=True)
    assert [one["path"] for one in paged] == [one["path"] for one in found]


def test_every_file_is_read_as_it_is(clone: Git, rocket: Any) -> None:
    sha = clone("rev-parse", "HEAD")
    for path, content in FILES.items():
        assert rocket.files.raw(path, ref=BRANCH) == content, path
        file = rocket.files.get(path, ref=BRANCH)
        assert (file.decode(), file.file_path, file.size) == (content, path, len(content))
        assert (file.last_commit_id, rocket.repository_raw_blob(file.blob_id)) == (sha, content)
        wanted = {"path": path, "ref_name": TAG}  # python-gitlab takes a path of its own
        log = clone("log", "--follow", "--format=%H", "--", path).split()
        assert [one.id for one in rocket.commits.list(query_parameters=wanted)] == log, path
    assert rocket.files.raw("link", ref=BRANCH) == b"a b/c  d.txt"
    assert rocket.files.get("run", ref=BRANCH).execute_filemode is True
    assert rocket.files.get("sub", ref=BRANCH).size == 0
    assert (
        "".join(line for part in rocket.files.blame("latin.txt", ref=BRANCH) for line in part["lines"]) == "gr\ufffdn"
    )


def test_an_archive_has_every_file(clone: Git, rocket: Any) -> None:
    name = f"rocket-{BRANCH.replace('/', '-')}-{clone('rev-parse', 'HEAD')}"
    with zipfile.ZipFile(io.BytesIO(rocket.repository_archive(sha=BRANCH, format="zip"))) as found:
        assert {path: found.read(f"{name}/{path}") for path in FILES} == FILES
        assert f"{name}/sub/" in found.namelist()


def test_the_difference_is_that_of_git(clone: Git, rocket: Any) -> None:
    compared = rocket.repository_compare("main", BRANCH)
    changed = clone("diff", "--name-only", "-z", "main", "HEAD", "--").rstrip("\0").split("\0")
    assert sorted(one["new_path"] for one in compared["diffs"]) == sorted(changed)
    by_path = {one["new_path"]: one for one in compared["diffs"]}
    assert by_path["binary.bin"]["diff"] == "Binary files /dev/null and b/binary.bin differ\n"
    assert by_path["no newline"]["diff"] == "@@ -0,0 +1 @@\n+at the end\n\\ No newline at end of file\n"
    assert (by_path["empty"]["diff"], by_path["sub"]["b_mode"]) == ("", "160000")
    assert rocket.branches.get(BRANCH).commit["id"] == rocket.tags.get(TAG).target == clone("rev-parse", "HEAD")


def test_every_file_is_changed_and_deleted_and_git_fetches_that(clone: Git, rocket: Any) -> None:
    for path in FILES:
        file = rocket.files.get(path, ref=BRANCH)
        file.content = "changed\n"
        file.save(branch=BRANCH, commit_message=f"Change {path}")
    clone("pull", "-q", "--ff-only", "origin", BRANCH)
    assert {(clone.folder / path).read_text() for path in FILES} == {"changed\n"}
    for path in FILES:
        rocket.files.delete(path, BRANCH, f"Delete {path}")
    clone("pull", "-q", "--ff-only", "origin", BRANCH)
    assert sorted(clone("ls-tree", "--name-only", "HEAD").split("\n")) == ["README.md", "link", "run", "src", "sub"]
    assert clone("fsck", "--strict", "--no-dangling") in ("", "notice: HEAD points to an unborn branch (main)")
    rocket.branches.delete(BRANCH)
    rocket.tags.delete(TAG)
    assert not {BRANCH, TAG} & {one.name for one in [*rocket.branches.list(), *rocket.tags.list()]}
