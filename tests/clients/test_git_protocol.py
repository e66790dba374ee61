"""What the real git fetches in every version of the protocol: whole, shallow, partial; and each clone is sound."""

import os
import re
from pathlib import Path

import pytest
import requests

from mockgitlab import MockGitLab
from tests.api.v4.repositories import FEATURE
from tests.clients.git_rig import Git, api, git_world, url

FEATURE_LOG = ["Launch", "Count down", "Initial commit"]
pytestmark = pytest.mark.mockgitlab(scenario=git_world())


class Versioned(Git):
    """Git that speaks one version of the protocol."""

    def __init__(self, folder: Path, version: int) -> None:
        super().__init__(folder)
        self.version = version

    def __call__(self, *arguments: str, fails: bool = False) -> str:
        return super().__call__("-c", f"protocol.version={self.version}", *arguments, fails=fails)

    def clone(self, address: str, *options: str) -> "Versioned":
        """Clone, check the clone and return it."""
        self("clone", "-q", *options, address, "clone")
        found = Versioned(self.folder / "clone", self.version)
        assert found("fsck", "--full", "--strict", "--no-dangling") == ""
        return found

    def log(self, *arguments: str) -> list[str]:
        return self("log", "--format=%s", *arguments).split("\n")


@pytest.fixture(params=[0, 1, 2])
def git(request: pytest.FixtureRequest, tmp_path: Path) -> Versioned:
    return Versioned(tmp_path, request.param)


def sandboxed(server: MockGitLab, name: str, path: str = "acme/rocket") -> str:
    return url(server, path=f"@{name}/{path}")


def commit(server: MockGitLab, sandbox: str, path: str) -> None:
    at = f"{server.url}/@{sandbox}/api/v4/projects/1/repository/files/{path}"
    body = {"branch": "main", "content": path, "commit_message": path}
    assert requests.post(at, json=body, headers={"Private-Token": "bob-token"}, timeout=10).status_code == 201


def test_the_version_asked_for_is_spoken(mockgitlab: MockGitLab) -> None:
    at = f"{mockgitlab.url}/open/source.git/info/refs?service=git-upload-pack"
    begins = {0: "# service=", 1: "# service=", 2: "version 2"}
    for version, begin in begins.items():
        answer = requests.get(at, headers={"Git-Protocol": f"version={version}"}, timeout=10)
        assert answer.text[4:].startswith(begin)
        assert ("version 1" in answer.text) == (version == 1)


def test_what_is_cloned_is_fetched_further_and_pushed(mockgitlab: MockGitLab, git: Versioned) -> None:
    sandbox = f"whole{git.version}"
    clone = git.clone(sandboxed(mockgitlab, sandbox))
    assert clone.log("origin/feature/launch") == FEATURE_LOG
    commit(mockgitlab, sandbox, "one")
    clone("pull", "-q")
    sha = Git.commit(clone, {"two": "2\n"}, "Two")
    clone("push", "-q")
    assert clone("ls-remote", "origin", "refs/heads/main").split()[0] == sha
    assert clone("fsck", "--full", "--strict") == ""


def test_refs_are_listed_as_asked_for(mockgitlab: MockGitLab, git: Versioned) -> None:
    found = git("ls-remote", "--symref", url(mockgitlab), "HEAD", "v1.*")
    assert "ref: refs/heads/main\tHEAD" in found
    assert re.findall(r"refs/tags/\S+", found) == ["refs/tags/v1.0", "refs/tags/v1.1", "refs/tags/v1.1^{}"]
    assert "feature" in git("ls-remote", "--heads", url(mockgitlab))


def test_a_shallow_clone_is_fetched_into_and_made_deeper(mockgitlab: MockGitLab, git: Versioned) -> None:
    sandbox = f"shallow{git.version}"
    options = ("--depth", "1", "--no-single-branch", "--branch", "feature/launch")
    shallow = git.clone(sandboxed(mockgitlab, sandbox), *options)
    assert shallow.log() == FEATURE_LOG[:1]
    commit(mockgitlab, sandbox, "one")
    shallow("fetch", "-q")
    assert shallow.log("origin/main") == ["one", "Initial commit"]
    shallow("fetch", "-q", "--deepen", "1")
    assert shallow.log() == FEATURE_LOG[:2]
    shallow("fetch", "-q", "--unshallow")
    assert shallow.log() == FEATURE_LOG
    assert shallow("fsck", "--full", "--strict") == ""
    assert shallow("rev-parse", "--is-shallow-repository") == "false"


def test_a_push_from_a_shallow_clone(mockgitlab: MockGitLab, git: Versioned) -> None:
    sandbox = f"pushed{git.version}"
    shallow = git.clone(sandboxed(mockgitlab, sandbox), "--depth", "1", "--branch", "feature/launch")
    sha = Git.commit(shallow, {"new": "1\n"})
    shallow("push", "-q")
    assert api(mockgitlab, "projects/1/repository/commits/feature%2Flaunch", sandbox)["id"] == sha
    elsewhere = url(mockgitlab, "ada", path=f"@{sandbox}/ada/notes")
    told = shallow("push", elsewhere, "HEAD:refs/heads/feature", fails=True)
    assert "! [remote rejected] HEAD -> feature (shallow update not allowed)" in told


def test_history_since_a_day_or_without_what_a_tag_has(mockgitlab: MockGitLab, git: Versioned) -> None:
    feature = ("--branch", "feature/launch", "--single-branch", "--no-tags")
    recent = git.clone(url(mockgitlab), "--shallow-since=2024-04-02T12:00:00Z", *feature)
    assert recent.log() == FEATURE_LOG[:1]
    recent("fetch", "-q", "--shallow-exclude=v1.0", "origin", "feature/launch")
    assert recent.log() == FEATURE_LOG[:2]
    none = git("clone", "-q", "--shallow-since=2030-01-01", *feature, url(mockgitlab), "none", fails=True)
    assert "no commits selected for shallow requests" in none


@pytest.mark.parametrize(
    ("wanted", "missing"), [("blob:none", 3), ("blob:limit=4", 2), ("blob:limit=1k", 0), ("tree:0", 1), ("tree:1", 2)]
)
def test_a_partial_clone_lacks_what_it_leaves_out(
    mockgitlab: MockGitLab, git: Versioned, wanted: str, missing: int
) -> None:
    git("clone", "-q", "--bare", "--single-branch", f"--filter={wanted}", url(mockgitlab), "partial")
    partial = Versioned(git.folder / "partial", git.version)
    assert partial("fsck", "--full") == ""
    assert partial("rev-list", "--objects", "--missing=print", "main").count("?") == missing
    assert "def go" in partial("show", "main:src/launch.py")


def test_what_a_partial_clone_lacks_is_fetched_when_it_is_needed(mockgitlab: MockGitLab, git: Versioned) -> None:
    partial = git.clone(url(mockgitlab), "--filter=blob:none")
    assert partial("checkout", "-q", "feature/launch") == ""
    assert (partial.folder / "src/count.py").read_text() == "3\n2\n1\n"
    assert partial("fsck", "--full", "--strict") == ""


def test_a_filter_that_is_not_known_is_refused(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    told = Git(tmp_path)("clone", "--filter=object:type=commit", url(mockgitlab), "partial", fails=True)
    assert "filter 'object:type=commit' not supported" in told


def test_a_commit_or_a_file_is_fetched_by_its_hash(mockgitlab: MockGitLab, git: Versioned) -> None:
    clone = git.clone(url(mockgitlab), "--single-branch", "--no-tags", "--depth", "1")
    middle = api(mockgitlab, "projects/1/repository/commits/feature%2Flaunch~1")["id"]
    clone("fetch", "-q", "origin", middle)
    assert clone.log("FETCH_HEAD")[0] == FEATURE[0]["message"]
    other = api(mockgitlab, "projects/2/repository/commits/main")["id"]
    assert f"not our ref {other}" in clone("fetch", "origin", other, fails=True)


def test_an_empty_repository_is_cloned_with_its_default_branch(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    headers = {"Private-Token": "bob-token"}
    body = {"name": "empty", "default_branch": "trunk"}
    made = requests.post(f"{mockgitlab.url}/@empty/api/v4/projects", json=body, headers=headers, timeout=10)
    assert made.status_code == 201
    Git(tmp_path)("clone", "-q", sandboxed(mockgitlab, "empty", "bob/empty"), "empty")
    empty = Git(tmp_path / "empty")
    sha = empty.commit({"a": "1\n"})
    empty("push", "-q", "origin", "HEAD")
    assert empty("ls-remote", "origin", "HEAD").split()[0] == sha


def test_tags_of_tags_and_of_files_are_fetched(mockgitlab: MockGitLab, git: Versioned) -> None:
    sandbox = f"tags{git.version}"
    clone = git.clone(sandboxed(mockgitlab, sandbox))
    clone("-c", "user.name=a", "-c", "user.email=a@b", "tag", "-a", "outer", "-m", "Outer", "v1.1")
    clone("tag", "file", "HEAD:README.md")
    clone("-c", "user.name=a", "-c", "user.email=a@b", "tag", "-a", "said", "-m", "A file", "HEAD:README.md")
    clone("push", "-q", "origin", "outer", "file", "said")
    (git.folder / "second").mkdir()
    second = Versioned(git.folder / "second", git.version).clone(sandboxed(mockgitlab, sandbox))
    assert second("cat-file", "-t", "outer^{tag}") == "tag"
    assert second("show", "said^{}") == second("show", "file") == "# Rocket"


def test_pushes_larger_than_git_buffers_arrive(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    clone = Versioned(tmp_path, 2).clone(sandboxed(mockgitlab, "large"))
    (clone.folder / "large").write_bytes(os.urandom(5_000_000))
    sha = clone.commit({"small": "1\n"})
    clone("push", "-q")
    (tmp_path / "second").mkdir()
    second = Versioned(tmp_path / "second", 2).clone(sandboxed(mockgitlab, "large"))
    assert second("rev-parse", "HEAD") == sha
    assert (second.folder / "large").read_bytes() == (clone.folder / "large").read_bytes()
