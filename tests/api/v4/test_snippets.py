"""The page on snippets of users."""

from typing import Any

import pytest

from tests.support import WORLD, Answer, Api, names

HELLO = {"title": "Hello", "files": [{"file_path": "hello.rb", "content": "puts 1\n"}]}
SCENE = {
    **WORLD,
    "snippets": [
        {"title": "Of ada", "author": "ada", "visibility": "private", "files": {"b.txt": "b\n", "a.txt": "a\n"}},
        {"title": "For all", "author": "ada", "visibility": "public", "file_name": "all.md", "content": "# All\n"},
        {"title": "Within", "author": "bob", "visibility": "internal", "created_at": "2024-04-01T00:00:00Z"},
    ],
    "projects": [
        {"path": "acme/rocket", "snippets": [{"title": "Rocket's", "author": "ada", "visibility": "private"}]},
        {"path": "open/source", "visibility": "public", "snippets": [{"title": "Open", "visibility": "public"}]},
    ],
}
pytestmark = pytest.mark.mockgitlab(scenario=SCENE)


def create(api: Api, as_: str = "bob", /, **given: Any) -> Answer:
    return api.post("snippets", as_, **{**HELLO, **given})


def test_a_snippet_is_created_and_shown(api: Api) -> None:
    made = create(api, description="d")
    assert made.status == 201
    shown = made.json
    assert shown.pop("author")["username"] == "bob"
    at = "http://localhost/-/snippets/6"
    assert shown == {
        "id": 6,
        "title": "Hello",
        "description": "d",
        "visibility": "internal",
        "created_at": "2024-05-01T09:00:00.000Z",
        "updated_at": "2024-05-01T09:00:00.000Z",
        "project_id": None,
        "web_url": at,
        "raw_url": f"{at}/raw",
        "ssh_url_to_repo": "git@localhost:snippets/6.git",
        "http_url_to_repo": "http://localhost/snippets/6.git",
        "file_name": "hello.rb",
        "files": [{"path": "hello.rb", "raw_url": f"{at}/raw/main/hello.rb"}],
        "imported": False,
        "imported_from": "none",
    }
    assert api.get("snippets/6", "gil").json == made.json


def test_administrators_see_where_a_snippet_is_kept(api: Api) -> None:
    assert api.get("snippets/2").json["repository_storage"] == "default"
    assert "repository_storage" not in api.get("snippets/2", "ada").json


def test_a_snippet_of_one_file_may_be_given_the_older_way(api: Api) -> None:
    made = api.post("snippets", "bob", title="x", content="y", file_name="z")
    assert (made.status, made.json["files"][0]["path"]) == (201, "z")
    assert api.get(f"snippets/{made.json['id']}/raw", "bob").text == "y"


@pytest.mark.parametrize(
    ("who", "titles"),
    [("ada", ["For all", "Of ada", "Rocket's"]), ("bob", ["Within"]), ("gil", [])],
)
def test_own_snippets_are_listed_wherever_they_are(api: Api, who: str, titles: list[str]) -> None:
    assert sorted(names(api.get("snippets", who), "title")) == titles


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        ("ada", ["For all", "Of ada", "Open", "Rocket's", "Within"]),
        ("bob", ["For all", "Open", "Rocket's", "Within"]),
        ("nora", ["For all", "Open", "Within"]),
        ("root", ["For all", "Of ada", "Open", "Rocket's", "Within"]),
    ],
)
def test_everybody_sees_the_snippets_that_he_may(api: Api, who: str, titles: list[str]) -> None:
    assert sorted(names(api.get("snippets/all", who), "title")) == titles


def test_public_snippets_are_those_of_users(api: Api) -> None:
    assert names(api.get("snippets/public", "nora"), "title") == ["For all"]
    assert api.get("snippets/public", None).status == 401


def test_lists_are_narrowed_by_dates_and_storage(api: Api) -> None:
    assert names(api.get("snippets/all", created_before="2024-04-15T00:00:00Z"), "title") == ["Within"]
    assert len(api.get("snippets/all", created_after="2024-04-15T00:00:00Z").json) == 4
    assert api.get("snippets/all", repository_storage="other").json == []
    assert len(api.get("snippets/all", repository_storage="default").json) == 5


@pytest.mark.parametrize(
    ("who", "seen"), [(None, {2, 5}), ("nora", {2, 3, 5}), ("gil", {2, 3, 4, 5}), ("ada", {1, 2, 3, 4, 5})]
)
def test_a_snippet_is_hidden_from_those_who_may_not_see_it(api: Api, who: str | None, seen: set[int]) -> None:
    answers = {number: api.get(f"snippets/{number}", who) for number in range(1, 7)}
    assert {number for number, answer in answers.items() if answer.status == 200} == seen
    hidden = [answer.json for answer in answers.values() if answer.status != 200]
    assert hidden == [{"message": "404 Snippet Not Found"}] * len(hidden)


@pytest.mark.parametrize(
    ("given", "body"),
    [
        ({"title": "x"}, {"error": "files, content are missing, exactly one parameter must be provided"}),
        ({"title": "", "content": "x", "file_name": "y"}, {"error": "title is empty"}),
        ({"title": "x", "content": "x"}, {"error": "file_name is missing"}),
        (
            {"title": "x", "files": [{"file_path": "../x", "content": "x"}]},
            {"error": "files[0][file_path] should be a valid file path"},
        ),
        ({"title": "x", "files": [{"file_path": "x", "content": ""}]}, {"error": "files[0][content] is empty"}),
        ({**HELLO, "visibility": "secret"}, {"error": "visibility does not have a valid value"}),
        (
            {"title": "x", "files": HELLO["files"] + HELLO["files"]},  # type: ignore[operator]
            {"message": {"error": "Repository Error creating the snippet"}},
        ),
    ],
)
def test_a_snippet_is_refused(api: Api, given: dict[str, Any], body: Any) -> None:
    answer = api.post("snippets", "bob", **given)
    assert (answer.status, answer.json) == (400, body)


def test_a_title_must_be_given(api: Api) -> None:
    assert api.post("snippets", content="x", file_name="y").json == {"message": '400 (Bad request) "title" not given'}


# Changing


def test_files_are_created_updated_moved_and_deleted(api: Api) -> None:
    number = create(api).json["id"]
    actions = [
        {"action": "create", "file_path": "new.txt", "content": "new"},
        {"action": "update", "file_path": "hello.rb", "content": "puts 2\n"},
        {"action": "move", "previous_path": "hello.rb", "file_path": "bye.rb"},
        {"action": "create", "content": "x"},
        {"action": "create", "content": "y"},
        {"action": "delete", "file_path": "snippetfile1.txt"},
    ]
    answer = api.put(f"snippets/{number}", "bob", title="Bye", files=actions)
    assert answer.status == 200
    assert (answer.json["title"], answer.json["file_name"]) == ("Bye", "bye.rb")
    assert [file["path"] for file in answer.json["files"]] == ["bye.rb", "new.txt", "snippetfile2.txt"]
    assert api.get(f"snippets/{number}/raw", "bob").text == "puts 2\n"


def test_the_one_file_of_a_snippet_is_changed_the_older_way(api: Api) -> None:
    assert api.put("snippets/2", "ada", content="# None\n").json["file_name"] == "all.md"
    assert api.put("snippets/2", "ada", file_name="none.md").json["file_name"] == "none.md"
    assert api.put("snippets/2", "ada", file_name="none.md", visibility="private").json["visibility"] == "private"
    assert api.get("snippets/2/raw", "ada").text == "# None\n"


@pytest.mark.parametrize(
    ("given", "status", "body"),
    [
        (
            {"content": "x"},
            400,
            {"error": "To update Snippets with multiple files, you must use the `files` parameter"},
        ),
        ({"files": [{"action": "update", "file_path": "no", "content": "x"}]}, 400, None),
        ({"files": [{"action": "move", "file_path": "a.txt"}]}, 422, {"error": "Snippet actions have invalid data"}),
        ({"files": [{"action": "create", "content": ""}]}, 422, {"error": "Snippet actions have invalid data"}),
        ({"files": [{"action": "delete"}]}, 422, {"error": "Snippet actions have invalid data"}),
    ],
)
def test_changes_are_refused(api: Api, given: dict[str, Any], status: int, body: Any) -> None:
    answer = api.put("snippets/1", "ada", **given)
    told = body or {"error": "Repository Error updating the snippet"}
    assert (answer.status, answer.json) == (status, {"message": told})


def test_parameters_of_changes_are_checked(api: Api) -> None:
    least = (
        "content, description, files, file_name, title, visibility are missing, at least one parameter must be provided"
    )
    assert api.put("snippets/1", "ada").json == {"error": least}
    both = api.put("snippets/1", "ada", content="x", files=[{"action": "delete", "file_path": "a.txt"}])
    assert both.json == {"error": "files, content are mutually exclusive"}
    wrong = api.put("snippets/1", "ada", files=[{"action": "eat"}])
    assert wrong.json == {"error": "files[0][action] does not have a valid value"}


def test_only_the_author_changes_and_deletes(api: Api) -> None:
    assert api.put("snippets/2", "bob", title="x").json == {"message": "404 Snippet Not Found"}
    assert api.delete("snippets/2", "bob").status == 404
    assert api.delete("snippets/2", "ada").status == 204
    assert api.get("snippets/2", "ada").status == 404


# Content


def test_files_are_read_in_any_revision(api: Api) -> None:
    answer = api.get("snippets/1/files/main/b.txt/raw", "ada")
    assert (answer.status, answer.text) == (200, "b\n")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["Content-Disposition"] == "inline; filename=\"b.txt\"; filename*=UTF-8''b.txt"
    old = api.store[next(kind for kind in api.store.kinds() if kind.__name__ == "Snippet")][1].head_sha
    api.put("snippets/1", "ada", files=[{"action": "update", "file_path": "b.txt", "content": "B"}])
    assert api.get("snippets/1/files/HEAD/b.txt/raw", "ada").text == "B"
    assert api.get(f"snippets/1/files/{old[:8]}/b.txt/raw", "ada").text == "b\n"
    assert api.get("snippets/1/files/dev/b.txt/raw", "ada").json == {"message": "404 Reference Not Found"}
    assert api.get("snippets/1/files/main/c.txt/raw", "ada").json == {"message": "404 File Not Found"}
    assert api.get("snippets/1/files/main/..%2Fc/raw", "ada").status == 400


def test_administrators_see_with_which_client_a_snippet_was_made(api: Api) -> None:
    number = api.request("POST", "snippets", "bob", headers={"User-Agent": "Me"}, **HELLO).json["id"]
    shown = api.get(f"snippets/{number}/user_agent_detail").json
    assert shown == {"user_agent": "Me", "ip_address": "", "akismet_submitted": False}
    assert api.get(f"snippets/{number}/user_agent_detail", "bob").status == 403
    assert api.get("snippets/1/user_agent_detail").json == {"message": "404 UserAgentDetail Not Found"}
    assert api.get("snippets/9/user_agent_detail").json == {"message": "404 Not found"}


def test_a_deleted_user_takes_his_snippets_along(api: Api) -> None:
    api.delete("users/2", hard_delete=True)
    assert "For all" not in names(api.get("snippets/all"), "title")


def test_a_snippet_without_a_file_is_refused(api: Api) -> None:
    refused = api.post("snippets", "ada", title="x", visibility="private", files=[])
    assert (refused.status, refused.json) == (400, {"message": {"error": "Content can't be blank"}})
    assert "x" not in [one["title"] for one in api.get("snippets", "ada").json]
