"""Random texts, whose differences must be those that git finds by its histogram."""

import random
import re
from pathlib import Path

import pytest

from mockgitlab.git.histogram import compare_for_merge
from tests.git.real import RealGit

FEW = ["", "a", "  b", "}", "return", "x"]
MANY = [str(number) for number in range(60)]
COMMAND = ("diff", "--no-index", "--histogram", "--no-indent-heuristic", "-U0", "old", "new")
HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", re.M)


def texts(seed: int) -> tuple[list[bytes], list[bytes]]:
    chance = random.Random(seed)
    words = MANY if seed % 3 == 0 else FEW[: chance.randint(2, 6)]
    old = chance.choices(words, k=chance.randint(0, 200 if seed % 5 == 0 else 40))
    new = list(old)
    for _ in range(chance.randint(0, 8)):
        at = chance.randint(0, len(new))
        new[at : at + chance.randint(0, 4)] = chance.choices(words, k=chance.randint(0, 4))
    return [f"{line}\n".encode() for line in old], [f"{line}\n".encode() for line in new]


def hunk(numbers: tuple[str, ...]) -> tuple[int, int, int, int]:
    """Return what the head of a hunk says, where one line is not counted and none stand behind the line named."""
    a, b, c, d = (int(number or 1) for number in numbers)
    a, c = a - 1 if b else a, c - 1 if d else c
    return a, a + b, c, c + d


@pytest.mark.parametrize("seed", range(60))
def test_differences_for_merges_are_those_of_gits_histogram(tmp_path: Path, seed: int) -> None:
    old, new = texts(seed)
    git = RealGit(tmp_path)
    (tmp_path / "old").write_bytes(b"".join(old))
    (tmp_path / "new").write_bytes(b"".join(new))
    told = git.run(*COMMAND, codes=(0, 1)).decode()
    assert compare_for_merge(old, new) == [hunk(found.groups("")) for found in HUNK.finditer(told)]
