"""What repositories cost, beside the same work done by the git command in the same run."""

import subprocess
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from mockgitlab.api.models.project import find_project
from mockgitlab.api.services.repositories import Repository
from mockgitlab.git.merge import merge_trees
from mockgitlab.server import MockGitLab
from tests.clients.git_rig import environment

TOKEN = "root-token"
FILES, COMMITS, REPOSITORIES = 1_000, 1_000, 100
REPO = "/api/v4/projects/root%2Fmany/repository"
CLONES = 10
Timed = Callable[[Callable[[], Any], int], float]
Row = tuple[str, str, str]


def world() -> dict[str, Any]:
    """Return a scenario with a repository of many files and commits, and with many repositories."""
    files = {f"d{number % 30}/f{number}.txt": f"{number}\n" for number in range(FILES)}
    commits = [
        {"message": f"{number}", "files": {f"d{number % 30}/f{number}.txt": "new\n"}} for number in range(COMMITS)
    ]
    sides = {name: {"from": "main", "commits": [{"files": {f"{name}.txt": "1\n"}}]} for name in ("left", "right")}
    branches = {"main": {"commits": [{"files": files}, *commits]}, **sides}
    small = {"branches": {"main": {"README.md": "# Small\n"}}}
    return {
        "mockgitlab": 1,
        "tokens": [{"token": TOKEN, "user": "root", "scopes": ["api"]}],
        "projects": [
            {"path": "root/many", "repository": {"branches": branches, "protected": False}},
            *({"path": f"root/small{number}", "repository": small} for number in range(REPOSITORIES)),
        ],
    }


class Git:
    """A clone on disk, in which the git command does the same work."""

    def __init__(self, address: str, folder: str) -> None:
        self.folder = Path(folder)
        self.run("clone", "-q", address, "work", at=self.folder)
        self.run("branch", "-q", "left", "origin/left")
        self.run("branch", "-q", "right", "origin/right")

    def run(self, *arguments: str, at: Path | None = None) -> None:
        """Run git in the clone, or in another folder."""
        subprocess.run(
            ["git", *arguments], cwd=at or self.folder / "work", env=environment(), check=True, capture_output=True
        )

    def commit(self, number: int) -> None:
        """Commit a change of one file."""
        (self.folder / "work" / "d1" / "f1.txt").write_text(f"{number}\n")
        self.run("commit", "-q", "-a", "-m", f"{number}")


def rows(timed: Timed) -> list[Row]:
    """Return the figures; ``timed`` gives the median seconds of an action done some times."""
    with MockGitLab(world()) as gitlab, tempfile.TemporaryDirectory() as folder:
        address = gitlab.url.replace("://", f"://root:{TOKEN}@") + "/root/many.git"
        git, numbers = Git(address, folder), count()
        return [
            _row("an API commit to a repository of 1,000 files", *_commits(gitlab, git, timed, numbers), "≤ 1"),
            _row("the first 100 of a tree of 1,000 files", *_trees(gitlab, git, timed, numbers), "≤ 1"),
            _row("a merge of two branches of 1,000 files", *_merges(gitlab, git, timed), "≤ 1"),
            _row("a clone of 1,000 commits", *_clones(address, git, timed, numbers), "≤ 3"),
            _row("a fork of a world of 100 repositories", *_forks(gitlab, git, timed, numbers), "≤ 0.01"),
        ]


def _row(what: str, ours: float, theirs: float, budget: str) -> Row:
    return (f"{what}, over git", f"{ours / theirs:.2g} ({ours * 1000:.3g} / {theirs * 1000:.3g} ms)", budget)


def _call(gitlab: MockGitLab, method: str, path: str, **sent: Any) -> None:
    headers = {"Private-Token": TOKEN}
    answer = gitlab.app.test_client().open(path, method=method, headers=headers, **sent)
    assert answer.status_code < 300, answer.text


def _commits(gitlab: MockGitLab, git: Git, timed: Timed, numbers: "count[int]") -> tuple[float, float]:
    def commit() -> None:
        action = {"action": "update", "file_path": "d1/f1.txt", "content": f"{next(numbers)}"}
        body = {"branch": "main", "commit_message": "Change", "actions": [action]}
        _call(gitlab, "POST", f"{REPO}/commits", json=body)

    return timed(commit, 100), timed(lambda: git.commit(next(numbers)), 20)


def _trees(gitlab: MockGitLab, git: Git, timed: Timed, numbers: "count[int]") -> tuple[float, float]:
    ours = timed(lambda: _call(gitlab, "GET", f"{REPO}/tree?recursive=1&per_page=100&n={next(numbers)}"), 100)
    return ours, timed(lambda: git.run("ls-tree", "-r", "HEAD"), 20)


def _merges(gitlab: MockGitLab, git: Git, timed: Timed) -> tuple[float, float]:
    store = gitlab.worlds.main.store
    project = find_project(store, "root/many")
    assert project is not None
    repository = Repository(store, project)
    trees = [commit.tree for name in ("main", "left", "right") if (commit := repository.commit(name))]
    ours = timed(lambda: merge_trees(store.objects, *trees), 100)
    return ours, timed(lambda: git.run("merge-tree", "--write-tree", "left", "right"), 20)


def _clones(address: str, git: Git, timed: Timed, numbers: "count[int]") -> tuple[float, float]:
    def clone(source: str) -> None:
        git.run("clone", "-q", "--bare", source, f"clone{next(numbers)}", at=git.folder)

    return timed(lambda: clone(address), 5), timed(lambda: clone(f"file://{git.folder}/work"), 5)


def _forks(gitlab: MockGitLab, git: Git, timed: Timed, numbers: "count[int]") -> tuple[float, float]:
    ours = timed(lambda: gitlab.worlds.reset(f"fork{next(numbers)}"), 100)

    def clones() -> None:
        for _ in range(CLONES):
            git.run("clone", "-q", "--bare", "--shared", "work", f"fork{next(numbers)}", at=git.folder)

    return ours, timed(clones, 1) * REPOSITORIES / CLONES
