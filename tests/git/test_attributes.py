"""What archives leave out, which must be what the git command leaves out."""

import io
import tarfile
from pathlib import Path

import pytest

from mockgitlab.git.archive import archive
from mockgitlab.git.objects import FILE, Entry, Person, write_commit
from mockgitlab.git.trees import files, with_changes
from mockgitlab.store import Objects
from tests.git.real import RealGit

PATHS = ("README", "a.log", "docs/a.md", "docs/b.log", "src/a.py", "src/docs/c.md", "src/keep.log", ".gitignore")


def names(data: bytes) -> list[str]:
    """Return the files of an archive; git keeps a folder in which nothing is left."""
    with tarfile.open(fileobj=io.BytesIO(data)) as found:
        return [one.name for one in found if one.isfile()]


@pytest.mark.parametrize(
    ("root", "inner"),
    [
        ("*.log export-ignore\n.git* export-ignore\n", ""),
        ("docs export-ignore\n", ""),
        ("/docs/ export-ignore\n", ""),
        ("docs/ export-ignore\nsrc/a.py/ export-ignore\n", ""),
        ("docs/* export-ignore\n", ""),
        ("**/docs/** export-ignore\n", ""),
        ("# nothing\n\n*.log export-ignore\na.log -export-ignore\n", "keep.log !export-ignore\n"),
        ("*.md text\n", "a.py export-ignore\n/docs export-ignore\n"),
        ("[ export-ignore\n*.log text=auto export-ignore\n", "*.log -export-ignore\n"),
    ],
)
def test_archives_leave_out_what_is_marked_so(tmp_path: Path, root: str, inner: str) -> None:
    objects, git = Objects(), RealGit(tmp_path)
    contents = {**dict.fromkeys(PATHS, "x\n"), ".gitattributes": root, "src/.gitattributes": inner}
    made = {path: Entry(FILE, objects.add("blob", text.encode())) for path, text in contents.items()}
    who = Person("Ada", "ada@example.com", 1_714_554_000)
    commit = write_commit(objects, with_changes(objects, "", made), [], who, who, "All")
    git.take(objects)
    ours = archive(objects, commit, files(objects, commit.tree), "p", "tar")
    assert names(ours) == names(git.run("archive", "--prefix=p/", commit.sha))
