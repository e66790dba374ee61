"""The pages on wikis of projects and groups."""

import re
from typing import Any

import pytest

from tests.support import WORLD, Api, a_file, names

WIKIS = "projects/1/wikis"
PAGES = [
    {"title": "home", "content": "Welcome, see #1", "author": "ada"},
    {"title": "guides/First steps", "content": "One\n", "format": "asciidoc"},
]
SCENE = {
    **WORLD,
    "groups": [{**WORLD["groups"][0], "wikis": [{"title": "Rules", "content": "Be kind"}]}, *WORLD["groups"][1:]],
    "projects": [
        {"path": "acme/rocket", "wikis": PAGES, "issues": [{"title": "x"}]},
        {"path": "open/source", "visibility": "public", "wikis": [{"title": "home", "content": "Hi"}]},
    ],
}


def make(**settings: Any) -> Api:
    return Api({**SCENE, "gitlab": settings})


@pytest.fixture
def api() -> Api:
    return make()


def test_pages_are_listed(api: Api) -> None:
    assert api.get(WIKIS, "gil").json == [
        {"format": "asciidoc", "slug": "guides/First-steps", "title": "First steps"},
        {"format": "markdown", "slug": "home", "title": "home"},
    ]
    [first, _] = api.get(WIKIS, with_content=True).json
    assert first == {
        "format": "asciidoc",
        "slug": "guides/First-steps",
        "title": "First steps",
        "content": "One\n",
        "encoding": "UTF-8",
        "front_matter": {},
    }
    assert "X-Total" not in api.get(WIKIS).headers


@pytest.mark.parametrize("slug", ["guides%2FFirst-steps", "guides/First-steps", "guides%2Ffirst%20steps"])
def test_a_page_is_found_by_its_slug(api: Api, slug: str) -> None:
    assert api.get(f"{WIKIS}/{slug}", "gil").json["content"] == "One\n"


def test_a_page_that_is_not_there(api: Api) -> None:
    for method, given in (("GET", {}), ("PUT", {"title": "x"}), ("DELETE", {})):
        answer = api.request(method, f"{WIKIS}/none", "ada", **given)
        assert (answer.status, answer.json) == (404, {"message": "404 Wiki Page Not Found"})
    assert api.get("projects/3/wikis").status == 404


def test_a_page_is_rendered(api: Api) -> None:
    html = api.get(f"{WIKIS}/home", render_html=True).json["content"]
    assert html.startswith('<p dir="auto">Welcome, see <a href="http://localhost/acme/rocket/-/issues/1"')
    assert api.get(f"{WIKIS}/guides%2FFirst-steps", render_html=True).json["content"] == "<pre>One\n</pre>"


def test_a_page_is_created(api: Api) -> None:
    made = api.post(WIKIS, "bob", title="  My   first page ", content="Hi", format="rdoc")
    assert made.status == 201
    assert made.json == {
        "format": "rdoc",
        "slug": "My-first-page",
        "title": "My first page",
        "content": "Hi",
        "encoding": "UTF-8",
        "front_matter": {},
    }
    assert api.get(f"{WIKIS}/My-first-page").json == made.json
    [event, *_] = api.get("projects/1/events", target_type="wiki").json
    assert (event["action_name"], event["target_type"], event["target_title"]) == (
        "created",
        "WikiPage::Meta",
        "My first page",
    )
    assert event["wiki_page"] == {"format": "rdoc", "slug": "My-first-page", "title": "My first page"}


@pytest.mark.parametrize(
    ("given", "body"),
    [
        ({"title": "HOME", "content": "x"}, {"base": ["Duplicate page: A page with that title already exists"]}),
        ({"title": " / ", "content": "x"}, {"title": ["can't be blank"]}),
        ({"title": "x" * 246, "content": "x"}, {"title": ["exceeds the limit of 245 bytes"]}),
        ({"title": ".git/x", "content": "x"}, {"base": ["invalid path: '.git/x.md'"]}),
        ({"title": "x", "content": "x" * 5242881}, {"content": ["is too long (5 MiB). The maximum size is 5 MiB."]}),
    ],
)
def test_a_page_is_refused(api: Api, given: Any, body: Any) -> None:
    answer = api.post(WIKIS, "bob", **given)
    assert (answer.status, answer.json) == (400, {"message": body})


def test_parameters_are_checked(api: Api) -> None:
    assert api.post(WIKIS, title="x").json == {"message": '400 (Bad request) "content" not given'}
    assert api.post(WIKIS, title="x", content="y", format="x").json == {"error": "format does not have a valid value"}
    told = "content, title, format are missing, at least one parameter must be provided"
    assert api.put(f"{WIKIS}/home").json == {"error": told}


def test_a_page_is_changed_and_its_versions_stay(api: Api) -> None:
    store = api.store
    wiki = next(kind for kind in store.kinds() if kind.__name__ == "Wiki")
    old = store[wiki].find(project_id=1).refs["refs/heads/main"]
    assert api.put(f"{WIKIS}/home", "bob", content="New").json["content"] == "New"
    assert api.get(f"{WIKIS}/home").json["content"] == "New"
    for version in (old, old[:8]):
        assert api.get(f"{WIKIS}/home", version=version).json["content"] == "Welcome, see #1"
    assert api.get(f"{WIKIS}/home", version="HEAD").json["content"] == "New"
    refused = api.get(f"{WIKIS}/home", version="foobar")
    told = "the wiki of acme/rocket has no version 'foobar', the hash of a commit"
    assert (refused.status, refused.headers["X-Mockgitlab-Reason"]) == (404, told)
    assert api.get("projects/1/events", target_type="wiki").json[0]["action_name"] == "updated"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Second steps", "guides/Second-steps"),
        ("/Top", "Top"),
        ("other/Steps", "other/Steps"),
        ("first steps", "guides/first-steps"),
    ],
)
def test_a_page_moves_with_its_title(api: Api, title: str, slug: str) -> None:
    answer = api.put(f"{WIKIS}/guides%2FFirst-steps", "bob", title=title, format="asciidoc")
    assert (answer.status, answer.json["slug"], answer.json["content"]) == (200, slug, "One\n")
    assert len(api.get(WIKIS).json) == 2


def test_the_format_is_markdown_unless_given(api: Api) -> None:
    assert api.put(f"{WIKIS}/guides%2FFirst-steps", "bob", content="x").json["format"] == "markdown"


def test_a_page_may_not_take_the_place_of_another(api: Api) -> None:
    answer = api.put(f"{WIKIS}/guides%2FFirst-steps", "bob", title="/home")
    assert answer.status == 422
    assert answer.json == {"message": "There is already a page with the same title in that path."}


def test_front_matter_is_written_before_the_text(api: Api) -> None:
    made = api.post(WIKIS, "bob", title="x", content="Text", front_matter={"title": "Shown: so"}).json
    assert made["front_matter"] == {"title": "Shown: so"}
    assert made["content"] == "---\ntitle: 'Shown: so'\n---\nText"
    changed = api.put(f"{WIKIS}/x", "bob", title="x", front_matter={"title": "B"}).json
    assert changed["content"] == "---\ntitle: B\n---\nText"
    assert api.get(f"{WIKIS}/x", render_html=True).json["content"] == '<p dir="auto">Text</p>'


def test_maintainers_delete(api: Api) -> None:
    assert api.delete(f"{WIKIS}/home", "bob").json == {"message": "403 Forbidden"}
    assert api.delete(f"{WIKIS}/home", "ada").status == 204
    assert names(api.get(WIKIS), "slug") == ["guides/First-steps"]
    [event] = api.get("projects/1/events", target_type="wiki").json
    assert (event["action_name"], event["wiki_page"]) == ("destroyed", None)


def test_a_wiki_may_be_switched_off_or_for_members_alone(api: Api) -> None:
    assert api.get("projects/2/wikis", None).status == 200
    api.put("projects/2", wiki_access_level="private")
    assert api.get("projects/2/wikis", "nora").json == {"message": "403 Forbidden"}
    api.put("projects/1", wiki_access_level="disabled")
    assert api.get(WIKIS).json == {"message": "403 Forbidden"}
    assert api.post(WIKIS, title="x", content="y").status == 403


def test_developers_write(api: Api) -> None:
    assert api.post(WIKIS, "rex", title="x", content="y").json == {"message": "403 Forbidden"}
    assert api.post(WIKIS, None, title="x", content="y").status == 401
    api.post("projects/1/archive")
    assert api.put(f"{WIKIS}/home", "bob", content="y").status == 403


def test_files_are_attached(api: Api) -> None:
    answer = api.form("POST", f"{WIKIS}/attachments", "bob", file=a_file("dk.png"))
    assert answer.status == 201
    path = answer.json["file_path"]
    assert re.fullmatch(r"uploads/[0-9a-f]{32}/dk\.png", path)
    link = {"url": path, "markdown": f"![dk]({path})"}
    assert answer.json == {"file_name": "dk.png", "file_path": path, "branch": "main", "link": link}
    assert len(api.get(WIKIS).json) == 2
    assert api.form("POST", f"{WIKIS}/attachments", "bob", file=a_file("a.txt"), branch="dev").json["branch"] == "dev"
    assert (
        len(api.form("POST", f"{WIKIS}/attachments", "bob", file=a_file(f"{'x' * 300}.txt")).json["file_name"]) == 255
    )


def test_attachments_are_checked(api: Api) -> None:
    assert api.form("POST", f"{WIKIS}/attachments", "bob").json == {"message": '400 (Bad request) "file" not given'}
    assert api.form("POST", f"{WIKIS}/attachments", "bob", file="x").json == {"error": "file is invalid"}
    assert api.form("POST", f"{WIKIS}/attachments", "rex", file=a_file("dk.png")).status == 403


def test_groups_have_wikis_too(api: Api) -> None:
    at = "groups/acme/wikis"
    assert names(api.get(at, "gil"), "slug") == ["Rules"]
    assert api.post(at, "rex", title="x", content="y").status == 403
    assert api.post(at, "bob", title="a/b c", content="y").json["slug"] == "a/b-c"
    assert api.put(f"{at}/a%2Fb-c", "bob", content="z").json["content"] == "z"
    assert api.delete(f"{at}/Rules", "bob").status == 403
    assert api.delete(f"{at}/Rules", "ada").status == 204
    assert api.form("POST", f"{at}/attachments", "bob", file=a_file("dk.png")).status == 201
    assert api.get(at, "nora").status == 404
    assert make(edition="ce").get(at).status == 404


def test_newer_versions_tell_the_id_of_a_page() -> None:
    assert make(version="18.2.0").get(f"{WIKIS}/home").json["wiki_page_meta_id"] == 2
