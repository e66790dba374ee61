"""Repositories in scenarios."""

from pathlib import Path
from typing import Any

import pytest

from mockgitlab.api.models.project import find_project
from mockgitlab.api.models.protected_ref import ProtectedBranch
from mockgitlab.api.services.repositories import HEADS, TAGS, Repository
from mockgitlab.git.history import walk
from mockgitlab.git.objects import EXECUTABLE, LINK, Person, read_tag
from mockgitlab.git.trees import at_path, files
from mockgitlab.scenario.problems import ScenarioError
from tests.support import WORLD, Api


def world(repository: Any) -> dict[str, Any]:
    return {**WORLD, "projects": [{"path": "acme/rocket", "repository": repository}]}


def repository_of(given: Any) -> Repository:
    store = Api(world(given)).store
    project = find_project(store, "acme/rocket")
    assert project is not None
    return Repository(store, project)


def text(repository: Repository, revision: str, path: str) -> bytes:
    commit = repository.commit(revision)
    assert commit is not None
    entry = at_path(repository.objects, commit.tree, path)
    assert entry is not None
    return repository.objects.data(entry.sha, "blob")


def test_a_branch_of_files_is_one_commit_by_the_projects_creator_at_the_clocks_instant() -> None:
    repository = repository_of({"branches": {"main": {"README.md": "# Rocket\n", "src/launch.py": "go()\n"}}})
    head = repository.head
    assert head is not None
    assert (head.message, head.parents) == ("Initial commit", ())
    assert head.author == head.committer == Person("Administrator", "admin@example.com", 1_714_554_000)
    assert list(files(repository.objects, head.tree)) == ["README.md", "src/launch.py"]


def test_the_same_scenario_gives_the_same_hashes() -> None:
    given = {"branches": {"main": {"a": "1\n"}}, "tags": {"v1": {"ref": "main", "message": "One"}}}
    assert repository_of(given).refs == repository_of(given).refs


def test_another_branch_begins_at_the_first_one() -> None:
    repository = repository_of({"branches": {"main": {"a": "1"}, "next": {"b": "2"}}})
    following = repository.commit("next")
    assert following is not None
    assert repository.head is not None
    assert following.parents == (repository.head.sha,)
    assert text(repository, "next", "a") == b"1"


def test_commits_follow_one_another_with_author_date_and_message() -> None:
    commits = [
        {"message": "One", "author": "ada", "date": "2024-04-01T10:00:00+02:00", "files": {"a": "1\n", "b": "2\n"}},
        {"message": "Two", "delete": ["b"], "files": {"a": None, "c/d": "3\n"}},
    ]
    repository = repository_of({"branches": {"main": {"commits": commits}}})
    found = list(walk(repository.objects, repository.tips))
    assert [one.message for one in found] == ["Two", "One"]
    assert (found[1].author.name, found[1].author.time) == ("Ada Lovelace", 1711958400)
    assert list(files(repository.objects, found[0].tree)) == ["c/d"]


def test_a_branch_may_begin_elsewhere_from_nothing_and_merge() -> None:
    branches = {
        "main": {"a": "1\n"},
        "side": {"from": "main", "commits": [{"files": {"b": "2\n"}}]},
        "pages": {"from": None, "commits": [{"files": {"index.html": "<p>"}}]},
        "joined": {"from": "main", "commits": [{"files": {"c": "3\n"}}, {"merge": "side"}]},
    }
    repository = repository_of({"branches": branches})
    pages, joined = repository.commit("pages"), repository.commit("joined")
    assert pages is not None
    assert joined is not None
    assert pages.parents == ()
    assert len(joined.parents) == 2
    assert list(files(repository.objects, joined.tree)) == ["a", "b", "c"]


def test_files_may_be_binary_executable_links_or_on_disk(tmp_path: Path) -> None:
    (tmp_path / "launch.py").write_bytes(b"go()\n")
    scenario = tmp_path / "world.yaml"
    scenario.write_text(
        """
mockgitlab: 1
users: [{username: root, admin: true}]
projects:
  - path: root/rocket
    repository:
      branches:
        main:
          bin: {base64: AAEC}
          run: {content: "go", executable: true}
          here: {link: run}
          src/launch.py: {file: launch.py}
"""
    )
    store = Api(scenario).store
    project = find_project(store, "root/rocket")
    assert project is not None
    repository = Repository(store, project)
    assert text(repository, "main", "bin") == b"\0\1\2"
    assert text(repository, "main", "src/launch.py") == b"go()\n"
    head = repository.head
    assert head is not None
    modes = {path: one.mode for path, one in files(repository.objects, head.tree).items()}
    assert (modes["run"], modes["here"]) == (EXECUTABLE, LINK)


def test_tags_are_light_or_annotated() -> None:
    tags = {"v1": "main", "v2": {"ref": "main", "message": "The second"}}
    repository = repository_of({"branches": {"main": {"a": "1"}}, "tags": tags})
    found = repository.named(TAGS)
    assert repository.head is not None
    assert found["v1"] == repository.head.sha
    tag = read_tag(repository.objects, found["v2"])
    assert tag is not None
    assert (tag.message, tag.target) == ("The second", repository.head.sha)


def test_the_project_shows_what_its_repository_has() -> None:
    files = {"Readme.md": "# Hi", "LICENSE": "Permission is hereby granted, free of charge, to any person"}
    project = repository_of({"branches": {"trunk": files, "other": {"x": "y"}}}).project
    assert (project.default_branch, project.empty_repo, project.readme_file) == ("trunk", False, "Readme.md")
    assert (project.license_key, project.statistics) == ("mit", {"commit_count": 1})


def test_the_default_branch_is_the_one_that_the_project_names_wherever_it_stands() -> None:
    given = world({"branches": {"feature": {"README.md": "x"}, "main": {"a": "1"}}})
    named = {**given["projects"][0], "default_branch": "main"}
    store = Api({**given, "projects": [named]}).store
    project = find_project(store, "acme/rocket")
    assert project is not None
    assert (project.default_branch, project.readme_file) == ("main", "README.md")
    assert [one.name for one in store[ProtectedBranch].all()] == ["main"]


def test_an_empty_repository_has_no_branch() -> None:
    repository = repository_of({})
    assert repository.named(HEADS) == {}
    assert repository.project.empty_repo


def test_the_default_branch_is_protected_unless_told() -> None:
    given: dict[str, Any] = {"branches": {"main": {"a": "1"}}}
    assert [one.name for one in Api(world(given)).store[ProtectedBranch].all()] == ["main"]
    assert list(Api(world({**given, "protected": False})).store[ProtectedBranch].all()) == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "must be a mapping, not []"),
        ({"branch": {}}, "has the key 'branch' in repository; known are branches, tags, folder, bare, bundle"),
        ({"branches": {"a..b": {}}}, "has a branch 'a..b', which is no name for one"),
        ({"branches": {"main": {"commits": []}}}, "has a branch main without commits"),
        ({"branches": {"main": {"../a": "x"}}}, "has the file '../a': Path cannot include directory traversal"),
        ({"branches": {"main": {".git/config": "x"}}}, "has the file '.git/config': invalid path: '.git/config'"),
        ({"branches": {"main": {"a": {"text": "x"}}}}, "has the key 'text' in the file a; known are content, base64"),
        ({"branches": {"main": {"a": {"base64": "!"}}}}, "has no base64 in the file a"),
        ({"branches": {"main": {"from": "x"}}}, "names 'x', which is no branch, tag or commit declared so far"),
        ({"branches": {"main": {"commits": [{"delete": ["a"]}]}}}, "deletes 'a', which is not there"),
        ({"branches": {"main": {"commits": [{"author": "nobody"}]}}}, "there is no user 'nobody'"),
        ({"branches": {"main": {"commits": [{"date": "soon"}]}}}, "has a commit whose date is none"),
        ({"branches": {"main": {"a": "1"}}, "tags": {"v1": "x"}}, "names 'x', which is no branch, tag"),
    ],
)
def test_what_makes_no_sense_is_refused(given: Any, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Api(world(given))
    assert message in str(caught.value)


@pytest.mark.parametrize("entries", [[{"user_id": 1}], [3], 3, {"a": 1}])
def test_odd_protections_of_default_branches_do_not_stop_a_scenario(entries: Any) -> None:
    protection = {"allowed_to_push": entries, "allow_force_push": False}
    group = {"path": "acme", "default_branch_protection_defaults": protection}
    project = {"path": "acme/rocket", "repository": {"branches": {"main": {"a": "x"}}}}
    api = Api({"mockgitlab": 1, "groups": [group], "projects": [project], "tokens": WORLD["tokens"][:1]})
    [kept] = api.get("projects/1/protected_branches").json
    assert [one["access_level"] for one in kept["push_access_levels"]] == [40]
