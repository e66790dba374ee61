"""Repositories driven with python-gitlab, as its users drive them."""

import io
import tarfile
from typing import Any

import gitlab
import pytest

from tests.api.v4.repositories import FILES, world

pytestmark = pytest.mark.mockgitlab(scenario=world())


@pytest.fixture
def rocket(bob: Any) -> Any:
    return bob.projects.get("acme/rocket")


def test_branches(rocket: Any) -> None:
    made = rocket.branches.create({"branch": "new", "ref": "main"})
    assert made.commit["id"] == rocket.branches.get("main").commit["id"]
    assert [one.name for one in rocket.branches.list(iterator=True)] == ["done", "feature/launch", "main", "new"]
    made.delete()
    rocket.files.create({"file_path": "a", "branch": "main", "content": "x", "commit_message": "Leave it behind"})
    rocket.delete_merged_branches()
    assert [one.name for one in rocket.branches.list(get_all=True)] == ["feature/launch", "main"]


def test_files(rocket: Any) -> None:
    file = rocket.files.create(
        {"file_path": "docs/a b.md", "branch": "main", "content": "One\n", "commit_message": "Write"}
    )
    file.content = "Two\n"
    file.save(branch="main", commit_message="Rewrite")
    read = rocket.files.get("docs/a b.md", ref="main")
    assert read.decode() == b"Two\n"
    assert rocket.files.raw("docs/a b.md", ref="main") == b"Two\n"
    assert rocket.files.head("docs/a b.md", "main")["X-Gitlab-Size"] == "4"
    assert rocket.files.blame("docs/a b.md", ref="main")[0]["lines"] == ["Two"]
    read.delete(branch="main", commit_message="Drop")
    with pytest.raises(gitlab.GitlabGetError, match="404 File Not Found"):
        rocket.files.get("docs/a b.md", ref="main")


def test_commits(rocket: Any) -> None:
    actions = [{"action": "create", "file_path": "x", "content": "x"}]
    made = rocket.commits.create({"branch": "main", "commit_message": "Add x", "actions": actions})
    assert rocket.commits.get(made.id).stats["additions"] == 1
    assert made.diff(get_all=True)[0]["new_path"] == "x"
    assert made.refs() == [{"type": "branch", "name": "main"}]
    made.comments.create({"note": "Good"})
    assert [one.note for one in made.comments.list(get_all=True)] == ["Good"]
    made.revert("main")
    rocket.commits.get("feature/launch").cherry_pick("main")
    titles = [one.title for one in rocket.commits.list(iterator=True)]
    assert titles[:2] == ["Launch", 'Revert "Add x"']


def test_tags(rocket: Any) -> None:
    tag = rocket.tags.create({"tag_name": "v2", "ref": "main", "message": "Two"})
    assert (tag.name, tag.message) == ("v2", "Two")
    tag.delete()
    assert [one.name for one in rocket.tags.list(get_all=True)] == ["v1.1", "v1.0"]


def test_repositories(rocket: Any) -> None:
    tree = rocket.repository_tree(recursive=True, iterator=True, pagination="keyset", per_page=2)
    blobs = {one["path"]: one["id"] for one in tree if one["type"] == "blob"}
    assert blobs.keys() == FILES.keys()
    assert rocket.repository_raw_blob(blobs["README.md"]) == b"# Rocket\n"
    assert len(rocket.repository_compare("main", "v1.1")["commits"]) == 2
    assert rocket.repository_merge_base(["main", "v1.1"])["title"] == "Initial commit"
    assert len(rocket.repository_contributors(get_all=True)) == 1
    assert rocket.languages() == {"Python": 100.0}
    with tarfile.open(fileobj=io.BytesIO(rocket.repository_archive(format="tar.gz"))) as tar:
        found = {one.name.partition("/")[2]: tar.extractfile(one).read() for one in tar if one.isfile()}  # type: ignore[union-attr]
    assert found == {path: content.encode() for path, content in FILES.items()}
