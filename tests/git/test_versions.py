"""The order of versions, which must be that of the git command."""

import random
from pathlib import Path

import pytest

from mockgitlab.git.versions import by_version, compare
from tests.git.real import RealGit

PARTS = ("v", "1", "2", "10", "01", "0", "00", "009", "rc", "-", ".", "a", "B", "1.0", "12345678901234567890", "ü")


@pytest.mark.parametrize("seed", range(4))
def test_names_are_in_the_order_in_which_git_sorts_them_as_versions(tmp_path: Path, seed: int) -> None:
    chance, git = random.Random(seed), RealGit(tmp_path)
    blob = git.run("hash-object", "-w", "--stdin").decode().strip()
    names = {"".join(chance.choices(PARTS, k=chance.randint(1, 5))) for _ in range(300)}
    names = {name for name in names if ".." not in name and not name.startswith(".") and not name.endswith(".")}
    git.run("update-ref", "--stdin", stdin="".join(f"create refs/x/{name} {blob}\n" for name in names).encode())
    found = git.text("for-each-ref", "--sort=version:refname", "--format=%(refname:strip=2)", "refs/x").split("\n")
    assert sorted(names, key=by_version) == found


def test_the_same_name_comes_neither_before_nor_after_itself() -> None:
    assert (compare("v1.0", "v1.0"), compare("v1.9", "v1.10") < 0, compare("v1.10", "v1.9") > 0) == (0, True, True)
