"""Files at the addresses of GitLab's pages, where tokens count for nothing."""

import pytest

from tests.api.v4.repositories import REPOSITORY, world
from tests.support import Api

ODD = "a b/ü#%.txt"
SOURCE = {
    "branches": {
        "main": {"a": "1\n", ODD: "odd\n", "x.bin": "\0\1", "1.0/a": "folder\n"},
        "feature": {"b": "short\n"},
        "main-2/1.0": {"a": "2\n"},
        "main-2/1.0.1": {"a": "3\n"},
    },
    "tags": {"v1": "main-2/1.0"},
}
SNIPPETS = [
    {"title": "Open", "author": "ada", "visibility": "public", "files": {"a.py": "1\n", "d/ü b": "2\n"}},
    {"title": "Mine", "author": "ada", "visibility": "private", "files": {"a.py": "1\n"}},
]


def _api(**more: object) -> Api:
    scene = world(REPOSITORY)
    scene["projects"][1] = {"path": "open/source", "visibility": "public", "repository": SOURCE, **more}
    return Api({**scene, "snippets": SNIPPETS}, prefix="/")


@pytest.fixture
def api() -> Api:
    return _api()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("main/a", "1\n"),
        ("HEAD/a", "1\n"),
        ("main/1.0/a", "folder\n"),
        ("main/a%20b/%C3%BC%23%25.txt", "odd\n"),
        ("main-2/1.0/a", "2\n"),
        ("main-2/1.0.1/a", "3\n"),
        ("v1/a", "2\n"),
        ("v1/a?ref_type=tags", "2\n"),
        ("refs/heads/main/a", None),
        ("v1/a?ref_type=heads", None),
        ("main/1.0", None),
        ("main", None),
        ("no/a", None),
    ],
)
def test_a_file_is_found_by_the_longest_ref_that_its_address_begins_with(api: Api, path: str, text: str | None) -> None:
    at, _, ref_type = path.partition("?ref_type=")
    answer = api.get(f"open/source/-/raw/{at}", **{"ref_type": ref_type} if ref_type else {})
    assert (answer.status, answer.text if answer.status == 200 else None) == (200 if text else 404, text)


def test_files_may_be_kept_and_asked_for_again(api: Api) -> None:
    answer = api.get("open/source/-/raw/main/a")
    kept = "public, must-revalidate, stale-while-revalidate=60, stale-if-error=300, s-maxage=60"
    assert answer.headers["Cache-Control"] == f"max-age=60, {kept}"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    again = api._client.get("/open/source/-/raw/main/a", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    commit = api.get("api/v4/projects/2/repository/commits/main").json["id"]
    assert api.get(f"open/source/-/raw/{commit}/a").headers["Cache-Control"] == f"max-age=3600, {kept}"


def test_files_are_shown_unless_they_are_to_be_downloaded(api: Api) -> None:
    assert api.get("open/source/-/raw/main/a").headers["Content-Disposition"].startswith("inline; filename=")
    for path, inline in (("main/a", "false"), ("main/x.bin", "true")):
        told = api.get(f"open/source/-/raw/{path}", inline=inline).headers["Content-Disposition"]
        assert told.startswith("attachment; filename=")


@pytest.mark.parametrize("who", [None, "ada"])
@pytest.mark.parametrize(
    "path", ["acme/rocket/-/raw/main/README.md", "no/such/-/raw/main/a", "-/snippets/2/raw", "-/snippets/9/raw/main/a"]
)
def test_what_is_not_open_to_everybody_leads_to_the_page_to_sign_in_at(api: Api, who: str | None, path: str) -> None:
    answer = api.get(path, who)
    assert (answer.status, answer.headers["Location"]) == (302, "http://localhost/users/sign_in")


def test_a_closed_repository_is_not_shown() -> None:
    assert _api(repository_access_level="private").get("open/source/-/raw/main/a", "ada").status == 302


def test_a_snippet_is_where_its_addresses_say(api: Api) -> None:
    snippet = api.get("api/v4/snippets/1", "ada").json
    assert api.get(snippet["raw_url"].removeprefix("http://localhost/")).text == "1\n"
    texts = [api.get(one["raw_url"].removeprefix("http://localhost/")).text for one in snippet["files"]]
    assert texts == ["1\n", "2\n"]
    assert api.get("-/snippets/1/raw/main/no").status == 404
    assert api.get("-/snippets/1/raw/no/a.py").status == 404
    assert api.get("open/source/-/snippets/1/raw").status == 302


def test_a_snippet_of_a_project_is_where_its_addresses_say() -> None:
    api = _api(snippets=[{"title": "Ours", "author": "ada", "visibility": "public", "files": {"d/b.py": "3\n"}}])
    snippet = api.get("api/v4/projects/2/snippets", "ada").json[0]
    for address in (snippet["raw_url"], snippet["files"][0]["raw_url"]):
        assert "/open/source/-/snippets/" in address
        assert api.get(address.removeprefix("http://localhost/")).text == "3\n"
    assert api.get(f"-/snippets/{snippet['id']}/raw").status == 302
