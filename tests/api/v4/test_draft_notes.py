import hashlib
from typing import Any

import pytest

from tests.merge_request_world import HERE, OPENED, discuss, place, world
from tests.support import Api

DRAFTS = f"{HERE}/draft_notes"
NOWHERE = {
    "base_sha": None,
    "start_sha": None,
    "head_sha": None,
    "old_path": None,
    "new_path": None,
    "position_type": "text",
    "old_line": None,
    "new_line": None,
    "line_range": None,
}
pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED))


def draft(api: Api, as_: str = "ada", **given: Any) -> Any:
    answer = api.post(DRAFTS, as_, **{"note": "Why?", **given})
    assert answer.status == 201, answer
    return answer.json


def comments(api: Api) -> list[Any]:
    return [note for note in api.get(f"{HERE}/notes", sort="asc").json if not note["system"]]


def test_a_draft_is_shown_to_its_author_alone(api: Api) -> None:
    made = draft(api)
    assert made == {
        "id": 1,
        "author_id": 2,
        "merge_request_id": 10001,
        "resolve_discussion": False,
        "discussion_id": None,
        "note": "Why?",
        "commit_id": None,
        "line_code": None,
        "position": NOWHERE,
    }
    assert api.get(DRAFTS, "ada").json == [made]
    assert api.get(f"{DRAFTS}/1", "ada").json == made
    assert api.get(DRAFTS, "bob").json == []
    hidden = api.get(f"{DRAFTS}/1", "bob")
    assert (hidden.status, hidden.json) == (404, {"message": "404 Not found"})
    assert comments(api) == []


def test_a_draft_on_a_line_names_it(api: Api) -> None:
    made = draft(api, position=place(api))
    assert made["line_code"] == f"{hashlib.sha1(b'count.txt').hexdigest()}_1_1"
    assert made["position"]["new_line"] == 1
    wrong = api.post(DRAFTS, "ada", note="x", position=place(api, new_line=99))
    assert (wrong.status, wrong.json) == (
        400,
        {"message": {"line_code": ["can't be blank", "must be a valid line code"]}},
    )


def test_a_published_draft_becomes_a_thread(api: Api) -> None:
    draft(api, position=place(api))
    assert api.put(f"{DRAFTS}/1/publish", "ada").status == 204
    [note] = comments(api)
    assert (note["type"], note["body"], note["author"]["username"]) == ("DiffNote", "Why?", "ada")
    assert api.get(DRAFTS, "ada").json == []
    assert api.put(f"{DRAFTS}/1/publish", "ada").status == 404


def test_all_drafts_of_a_user_are_published_at_once(api: Api) -> None:
    draft(api, note="One")
    draft(api, note="Two")
    draft(api, "bob", note="Mine")
    answer = api.post(f"{DRAFTS}/bulk_publish", "ada")
    assert (answer.status, answer.text) == (204, "")
    assert [(note["body"], note["type"]) for note in comments(api)] == [
        ("One", "DiscussionNote"),
        ("Two", "DiscussionNote"),
    ]
    assert len(api.get(DRAFTS, "bob").json) == 1


def test_a_draft_replies_to_a_thread_and_resolves_it(api: Api) -> None:
    thread = discuss(api)
    draft(api, "bob", note="Because", in_reply_to_discussion_id=thread["id"], resolve_discussion=True)
    assert api.post(f"{DRAFTS}/bulk_publish", "bob").status == 204
    shown = api.get(f"{HERE}/discussions/{thread['id']}").json
    assert [(note["body"], note["resolved"]) for note in shown["notes"]] == [("Why?", True), ("Because", True)]
    missing = api.post(DRAFTS, "bob", note="x", in_reply_to_discussion_id="0" * 40)
    assert (missing.status, missing.json) == (400, {"message": {"base": ["Thread to reply to cannot be found"]}})


def test_a_draft_is_changed_and_deleted(api: Api) -> None:
    draft(api)
    assert api.put(f"{DRAFTS}/1", "ada", note="How?").json["note"] == "How?"
    empty = api.put(f"{DRAFTS}/1", "ada", position=place(api))
    assert (empty.status, empty.json) == (400, {"message": "400 Bad request - Missing params to modify"})
    assert api.delete(f"{DRAFTS}/1", "bob").status == 404
    assert api.delete(f"{DRAFTS}/1", "ada").status == 204
    assert api.get(DRAFTS, "ada").json == []


def test_a_draft_needs_text_and_somebody_who_may_comment(api: Api) -> None:
    assert api.post(DRAFTS, "ada").status == 400
    assert api.post(DRAFTS, "ada", note=" ").json == {"message": {"note": ["can't be blank"]}}
    assert api.post(DRAFTS, "nora", note="x").status == 404
    assert api.get(DRAFTS, None).status == 401
