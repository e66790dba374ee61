"""The trailers of messages, which must be those that the git command finds."""

import random

import pytest

from mockgitlab.git.trailers import trailers_of
from tests.git.real import RealGit

LINES = (
    *("Changelog: added", "Signed-off-by: Ada <ada@example.com>", "(cherry picked from commit 12ab)", "free text", ""),
    *("See: https://example.com/a:b", "  goes on", "A:b", "A : b", "A b: c", "_A: b", "Empty:", "# a comment", " "),
    *("Cc: Bob", "Cc: Rex", "https://example.com", "A-1:  spaces  ", "Ä: b", "---"),
)


NO_FILES = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@pytest.fixture(scope="module")
def git(tmp_path_factory: pytest.TempPathFactory) -> RealGit:
    real = RealGit(tmp_path_factory.mktemp("git"))
    real.run("config", "user.name", "Ada")
    real.run("config", "user.email", "ada@example.com")
    real.run("hash-object", "-w", "-t", "tree", "--stdin")
    return real


def told(git: RealGit, message: str) -> list[tuple[str, str]]:
    """Return the trailers that git finds, read as Gitaly reads them: what has no colon is left out."""
    sha = git.run("commit-tree", NO_FILES, stdin=message.encode()).decode().strip()
    text = git.run("log", "-1", "--format=%(trailers:unfold,separator=%x00)", sha).decode().rstrip("\n")
    pairs = [one.partition(":") for one in text.split("\0") if ":" in one]
    return [(key.strip(), value.strip()) for key, _, value in pairs]


@pytest.mark.parametrize("seed", range(4))
def test_trailers_are_those_of_git(git: RealGit, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(8):
        message = "\n".join(["Title", *chance.choices(LINES, k=chance.randint(0, 3)), "", *chance.choices(LINES, k=3)])
        assert trailers_of(message) == told(git, message), message


def test_a_message_from_windows_has_trailers_too(git: RealGit) -> None:
    message = "Title\r\n\r\nCc: Bob\r\nCc: Rex\r\n"
    assert trailers_of(message) == told(git, message) == [("Cc", "Bob"), ("Cc", "Rex")]
