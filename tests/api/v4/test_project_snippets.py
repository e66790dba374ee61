"""The page on snippets of projects, and the notes and reactions below them."""

from typing import Any

import pytest

from tests.support import WORLD, Api, names

SNIPPETS = "projects/1/snippets"
NOTES = [{"body": "Nice", "author": "rex"}]
SCENE = {
    **WORLD,
    "projects": [
        {
            "path": "acme/rocket",
            "snippets": [{"title": "One", "author": "bob", "files": {"a.rb": "1\n"}, "notes": NOTES}],
        },
        {
            "path": "open/source",
            "visibility": "public",
            "members": {"gil": "guest", "rex": "maintainer"},
            "snippets": [
                {"title": name, "visibility": name, "files": {"x": name}, "author": "gil"}
                for name in ("private", "internal", "public")
            ],
        },
    ],
}
HELLO = {"title": "Hello", "visibility": "private", "files": [{"file_path": "hello.rb", "content": "puts 1\n"}]}
pytestmark = pytest.mark.mockgitlab(scenario=SCENE)


def test_a_snippet_is_created_and_shown(api: Api) -> None:
    made = api.post(SNIPPETS, "rex", **HELLO)
    assert made.status == 201
    at = "http://localhost/acme/rocket/-/snippets/5"
    assert made.json["author"]["username"] == "rex"
    assert {key: made.json[key] for key in ("id", "project_id", "web_url", "ssh_url_to_repo", "files")} == {
        "id": 5,
        "project_id": 1,
        "web_url": at,
        "ssh_url_to_repo": "git@localhost:acme/rocket/snippets/5.git",
        "files": [{"path": "hello.rb", "raw_url": f"{at}/raw/main/hello.rb"}],
    }
    assert api.get(f"{SNIPPETS}/5", "gil").json == made.json


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        ("gil", ["internal", "private", "public"]),
        ("nora", ["internal", "public"]),
        ("root", ["internal", "private", "public"]),
    ],
)
def test_snippets_are_listed_for_those_who_may_see_them(api: Api, who: str, titles: list[str]) -> None:
    assert sorted(names(api.get("projects/2/snippets", who), "title")) == titles


def test_anybody_reads_a_public_snippet(api: Api) -> None:
    assert api.get("projects/2/snippets/4", None).json["title"] == "public"
    assert api.get("projects/2/snippets/4/raw", None).text == "public"
    assert api.get("projects/2/snippets/4/files/main/x/raw", None).text == "public"
    assert api.get("projects/2/snippets", None).status == 401


def test_a_snippet_that_is_not_there_is_told_in_two_ways(api: Api) -> None:
    assert api.get("projects/2/snippets/2", "nora").json == {"message": "404 Not found"}
    assert api.get(f"{SNIPPETS}/2").json == {"message": "404 Not found"}
    assert api.get(f"{SNIPPETS}/2/raw").json == {"message": "404 Snippet Not Found"}
    assert api.put(f"{SNIPPETS}/2", title="x").json == {"message": "404 Snippet Not Found"}
    assert api.get(f"{SNIPPETS}/x").json == {"error": "snippet_id is invalid"}


def test_snippets_may_be_switched_off(api: Api) -> None:
    api.put("projects/1", snippets_access_level="disabled")
    for method, path in (("GET", SNIPPETS), ("GET", f"{SNIPPETS}/1"), ("DELETE", f"{SNIPPETS}/1")):
        assert api.request(method, path, "ada").json == {"message": "403 Forbidden"}
    assert api.post(SNIPPETS, "ada", **HELLO).status == 403


def test_reporters_create(api: Api) -> None:
    assert api.post(SNIPPETS, "gil", **HELLO).json == {"message": "403 Forbidden"}
    without = {key: value for key, value in HELLO.items() if key != "visibility"}
    assert api.post(SNIPPETS, "rex", **without).json == {"message": '400 (Bad request) "visibility" not given'}
    api.post("projects/1/archive")
    assert api.post(SNIPPETS, "bob", **HELLO).status == 403
    assert api.put(f"{SNIPPETS}/1", "bob", title="x").status == 403


def test_the_author_and_maintainers_change(api: Api) -> None:
    files = [{"action": "update", "file_path": "a.rb", "content": "2\n"}]
    assert api.put(f"{SNIPPETS}/1", "bob", files=files).status == 200
    assert api.put(f"{SNIPPETS}/1", "ada", title="Two").json["title"] == "Two"
    assert api.put(f"{SNIPPETS}/1", "rex", title="x").json == {"message": "403 Forbidden"}
    assert api.get(f"{SNIPPETS}/1/raw", "gil").text == "2\n"


def test_authors_below_reporter_do_not_delete(api: Api) -> None:
    assert api.delete("projects/2/snippets/4", "gil").status == 403
    assert api.delete("projects/2/snippets/4", "rex").status == 204
    assert api.delete(f"{SNIPPETS}/1", "bob").status == 204
    assert api.get(SNIPPETS).json == []


def test_administrators_see_with_which_client_a_snippet_was_made(api: Api) -> None:
    api.request("POST", SNIPPETS, "rex", headers={"User-Agent": "Me"}, **HELLO)
    assert api.get(f"{SNIPPETS}/5/user_agent_detail").json["user_agent"] == "Me"
    assert api.get(f"{SNIPPETS}/5/user_agent_detail", "rex").status == 403
    assert api.get(f"{SNIPPETS}/1/user_agent_detail").json == {"message": "404 UserAgentDetail Not Found"}


# Notes, discussions, reactions


def test_snippets_are_commented_on(api: Api) -> None:
    made = api.post(f"{SNIPPETS}/1/notes", "gil", body="@ada look")
    assert made.status == 201
    shown = {
        key: made.json[key] for key in ("noteable_type", "noteable_id", "noteable_iid", "project_id", "resolvable")
    }
    assert shown == {
        "noteable_type": "Snippet",
        "noteable_id": 1,
        "noteable_iid": None,
        "project_id": 1,
        "resolvable": False,
    }
    assert names(api.get(f"{SNIPPETS}/1/notes", sort="asc"), "body") == ["Nice", "@ada look"]
    [event, *_] = api.get("projects/1/events").json
    assert (event["action_name"], event["target_title"], event["note"]["noteable_type"]) == (
        "commented on",
        "One",
        "Snippet",
    )
    assert api.get("todos", "ada").json == []
    assert api.put(f"{SNIPPETS}/1/notes/2", "gil", body="b").json["body"] == "b"
    assert api.delete(f"{SNIPPETS}/1/notes/2", "gil").status == 204


def test_notes_of_hidden_snippets_are_hidden(api: Api) -> None:
    assert api.get("projects/2/snippets/2/notes", "nora").status == 404
    assert api.get(f"{SNIPPETS}/1/notes", None).status == 401


def test_notes_on_snippets_are_never_internal_nor_replied_to(api: Api) -> None:
    refused: Any = api.post(f"{SNIPPETS}/1/notes", "bob", body="b", internal=True)
    assert refused.status == 400
    [first] = api.get(f"{SNIPPETS}/1/discussions").json
    assert api.post(f"{SNIPPETS}/1/discussions/{first['id']}/notes", "bob", body="b").status == 400


def test_snippets_are_discussed(api: Api) -> None:
    made = api.post(f"{SNIPPETS}/1/discussions", "bob", body="Why?")
    assert (made.status, made.json["individual_note"]) == (201, False)
    at = f"{SNIPPETS}/1/discussions/{made.json['id']}"
    assert api.post(f"{at}/notes", "rex", body="So").status == 201
    assert names(api.get(f"{at}/notes"), "body") == ["Why?", "So"]
    assert api.get(at).json["notes"][1]["type"] == "DiscussionNote"


def test_snippets_and_their_notes_are_reacted_to(api: Api) -> None:
    made = api.post(f"{SNIPPETS}/1/award_emoji", "gil", name="tada").json
    assert (made["name"], made["awardable_type"], made["awardable_id"]) == ("tada", "Snippet", 1)
    assert names(api.get(f"{SNIPPETS}/1/award_emoji")) == ["tada"]
    assert api.delete(f"{SNIPPETS}/1/award_emoji/{made['id']}", "gil").status == 204
    assert api.post(f"{SNIPPETS}/1/notes/1/award_emoji", "gil", name="tada").status == 201


def test_a_deleted_snippet_takes_its_notes_along(api: Api) -> None:
    api.delete(f"{SNIPPETS}/1")
    assert not [row for kind in api.store.kinds() if kind.__name__ == "Note" for row in api.store[kind].all()]
