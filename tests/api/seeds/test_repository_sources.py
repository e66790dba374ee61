"""Repositories of scenarios that come from disk: folders, bare repositories and bundles made by the real git."""

from pathlib import Path

import pytest

from mockgitlab.api.models.project import find_project
from mockgitlab.api.services.repositories import Repository
from mockgitlab.git.history import walk
from mockgitlab.git.trees import files
from mockgitlab.scenario.problems import ScenarioError
from tests.clients.git_rig import Git
from tests.support import Api

SCENARIO = """
mockgitlab: 1
users: [{{username: root, admin: true}}]
projects:
  - path: root/rocket
    repository: {repository}
"""


def scenario(folder: Path, repository: str) -> Path:
    made = folder / "scenarios" / "world.yaml"
    made.parent.mkdir(exist_ok=True)
    made.write_text(SCENARIO.format(repository=repository))
    return made


def load(folder: Path, repository: str) -> Repository:
    store = Api(scenario(folder, repository)).store
    project = find_project(store, "root/rocket")
    assert project is not None
    return Repository(store, project)


@pytest.fixture
def origin(tmp_path: Path) -> Git:
    folder = tmp_path / "origin"
    folder.mkdir()
    git = Git(folder)
    git("init", "-q", "-b", "trunk")
    git.commit({"README.md": "# Rocket\n", "src/launch.py": "go()\n"}, "One")
    git("tag", "-a", "v1", "-m", "First")
    git.commit({"src/launch.py": "go(3)\n"}, "Two")
    git("branch", "side", "v1")
    return git


def titles(repository: Repository, name: str) -> list[str]:
    commit = repository.commit(name)
    assert commit is not None
    return [one.title for one in walk(repository.objects, [commit.sha])]


@pytest.mark.parametrize("packed", [False, True])
def test_a_bare_repository_is_taken_as_it_is(tmp_path: Path, origin: Git, packed: bool) -> None:
    Git(tmp_path)("clone", "-q", "--bare", "origin", "rocket.git")
    if packed:
        Git(tmp_path / "rocket.git")("repack", "-adq")
    found = load(
        tmp_path, "{bare: ../rocket.git, tags: {v2: trunk}, branches: {new: {from: side, commits: [{files: {a: b}}]}}}"
    )
    expected = {f"refs/{name}": origin("rev-parse", name) for name in ("heads/side", "heads/trunk", "tags/v1")}
    assert {name: sha for name, sha in found.refs.items() if name in expected} == expected
    assert found.refs["refs/tags/v2"] == expected["refs/heads/trunk"]
    assert found.default_branch == "trunk"
    assert titles(found, "trunk") == ["Two", "One"]
    assert titles(found, "new") == ["Change files", "One"]


def test_a_bundle_is_taken_as_it_is(tmp_path: Path, origin: Git) -> None:
    origin("bundle", "create", "-q", "../rocket.bundle", "--all", "HEAD")
    found = load(tmp_path, "{bundle: ../rocket.bundle}")
    assert (found.default_branch, titles(found, "trunk"), titles(found, "v1")) == ("trunk", ["Two", "One"], ["One"])
    assert found.refs["refs/tags/v1"] == origin("rev-parse", "v1")


def test_a_folder_is_the_first_commit(tmp_path: Path) -> None:
    folder = tmp_path / "rocket"
    (folder / "bin").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("secret")
    (folder / "README.md").write_text("# Rocket\n")
    (folder / "bin" / "go").write_text("go")
    (folder / "bin" / "go").chmod(0o755)
    (folder / "here").symlink_to("bin")
    found = load(tmp_path, "{folder: ../rocket}")
    assert found.head is not None
    modes = {path: f"{one.mode:o}" for path, one in files(found.objects, found.head.tree).items()}
    assert modes == {"README.md": "100644", "bin/go": "100755", "here": "120000"}
    assert titles(found, "main") == ["Initial commit"]
    assert load(tmp_path, "{folder: ../rocket}").refs == found.refs


@pytest.mark.parametrize(
    ("repository", "problem"),
    [
        ("{folder: ../../elsewhere}", "leads outside"),
        ("{bare: /etc}", "leads outside"),
        ("{bundle: /etc/passwd}", "leads outside"),
        ("{folder: ../orign}", "there is no folder"),
        ("{folder: world.yaml}", "is no folder"),
        ("{bare: ../origin}", "but one with a working tree"),
        ("{bare: ../origin/src}", "has no bare repository in"),
        ("{bare: ../spoilt.git}", "has no bare repository in"),
        ("{bare: ../lacking.git}", "did not receive expected object"),
        ("{bundle: world.yaml}", "has no bundle of git"),
        ("{bundle: ../part.bundle}", "has a bundle that needs"),
        ("{bundle: ../damaged.bundle}", "has a damaged bundle"),
        ("{folder: ../origin, bundle: x}", "must name one folder, one bare repository or one bundle"),
        ("{folder: 3}", "must name one folder"),
        ("{bare: ../linked.git}", "which leads elsewhere"),
        ("{bare: ../alternate.git}", "has objects/info/alternates in"),
    ],
)
def test_what_cannot_be_taken_is_told(tmp_path: Path, origin: Git, repository: str, problem: str) -> None:
    origin("bundle", "create", "-q", "../part.bundle", "v1..trunk")
    origin("bundle", "create", "-q", "../whole.bundle", "--all")
    (tmp_path / "damaged.bundle").write_bytes((tmp_path / "whole.bundle").read_bytes()[:-5])
    Git(tmp_path)("clone", "-q", "--bare", "origin", "linked.git")
    (tmp_path / "linked.git" / "objects" / "more").symlink_to("/etc")
    Git(tmp_path)("clone", "-q", "--bare", "--shared", "origin", "alternate.git")
    blob = Path("objects", (sha := origin("rev-parse", "trunk:README.md"))[:2], sha[2:])
    for name in ("spoilt.git", "lacking.git"):
        Git(tmp_path)("clone", "-q", "--bare", "--no-hardlinks", "origin", name)
        (tmp_path / name / blob).unlink()
    (tmp_path / "spoilt.git" / blob).write_bytes(b"rubbish")
    with pytest.raises(ScenarioError, match=problem):
        Api(scenario(tmp_path, repository))
