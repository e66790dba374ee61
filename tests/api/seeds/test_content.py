"""What scenarios may say of releases, snippets, wikis and uploads, and how what makes no sense is told."""

from pathlib import Path
from typing import Any

import pytest

from mockgitlab.scenario.loader import ScenarioError
from tests.api.v4.repositories import REPOSITORY, world
from tests.support import Api, names


def refusal(**project: Any) -> str:
    with pytest.raises(ScenarioError) as refused:
        Api(world(REPOSITORY, **project))
    return str(refused.value)


@pytest.mark.parametrize(
    ("project", "told"),
    [
        ({"releases": [{"tag_name": "v9"}]}, "tag_name: must be a tag of the repository of acme/rocket, not 'v9'"),
        (
            {"releases": [{"tag_name": "v1.0"}, {"tag_name": "v1.0"}]},
            "tag_name: is taken: acme/rocket has",
        ),
        ({"releases": [{"tag_name": "v1.0", "milestones": ["9"]}]}, "there is no milestone '9'"),
        ({"releases": [{"tag_name": "v1.0", "links": [{"name": "x", "url": "x"}]}]}, "url: is blocked"),
        ({"snippets": [{"files": {"a": "b"}}]}, "title: is missing: a snippet needs one"),
        ({"snippets": [{"title": "x", "files": {"../a": "b"}}]}, "files: cannot be: Path cannot include"),
        (
            {"snippets": [{"title": "x", "files": ["a"]}]},
            "files: must map paths to texts, {hello.rb: puts 1}",
        ),
        ({"wikis": [{"content": "x"}]}, "title: is missing: a page needs one"),
        ({"wikis": [{"title": "a b"}, {"title": "A b"}]}, "title: is taken: acme/rocket has a page A-b"),
        (
            {"wikis": [{"title": "a", "format": "word"}]},
            "format: must be one of markdown, rdoc, asciidoc, org",
        ),
        ({"wikis": [{"title": "a", "author": "nobody"}]}, "there is no user 'nobody'"),
        ({"wikis": [{"title": ".git/a"}]}, "title: cannot be a file: invalid path"),
        ({"uploads": [{"filename": "a b"}]}, "filename: must be a name of letters"),
        ({"uploads": [{"filename": "a", "secret": "x"}]}, "secret: must be 32 hexadecimal digits"),
        ({"uploads": [{"filename": "a", "base64": "?"}]}, "base64: is no base64"),
        ({"uploads": [{"filename": "a", "base64": "eA==", "content": "x"}]}, "the only one of content, base64, file"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_key(project: dict[str, Any], told: str) -> None:
    assert told in refusal(**project)


def test_a_release_is_as_old_as_it_says() -> None:
    old = {"tag_name": "v1.0", "created_at": "2024-03-01T00:00:00Z", "released_at": "2024-02-01T00:00:00Z"}
    [shown] = Api(world(REPOSITORY, releases=[old])).get("projects/1/releases").json
    assert (shown["created_at"], shown["released_at"]) == ("2024-03-01T00:00:00.000Z", "2024-02-01T00:00:00.000Z")
    assert shown["evidences"] == []


def test_a_snippet_without_files_has_an_empty_one() -> None:
    api = Api({**world(), "snippets": [{"title": "x", "created_at": "2024-03-01T00:00:00Z"}]})
    shown = api.get("snippets/1").json
    assert (shown["file_name"], shown["updated_at"]) == ("snippetfile1.txt", "2024-03-01T00:00:00.000Z")
    assert api.get("snippets/1/raw").text == ""


def test_an_uploaded_file_may_lie_beside_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "dk.png").write_bytes(b"png")
    (tmp_path / "world.yaml").write_text(
        "mockgitlab: 1\n"
        "tokens: [{token: root-token, user: root, scopes: [api]}]\n"
        "projects: [{path: root/x, uploads: [{filename: dk.png, file: dk.png, user: root}]}]\n"
    )
    api = Api(str(tmp_path / "world.yaml"))
    assert names(api.get("projects/1/uploads"), "size") == [3]


def test_pages_are_written_by_whom_they_say_and_repeat() -> None:
    pages = [{"title": "Page {n}", "repeat": 3, "author": "bob", "created_at": "2024-03-01T00:00:00Z"}]
    api = Api(world(wikis=pages))
    assert names(api.get("projects/1/wikis"), "slug") == ["Page-1", "Page-2", "Page-3"]
