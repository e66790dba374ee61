import pytest

from tests.api.v3.worlds import v3_api
from tests.merge_request_world import world
from tests.support import Api, names, seen

NOTES = "projects/1/issues/10002/notes"


def test_the_notes_of_an_issue_are_listed_oldest_first(api: Api) -> None:
    api.post(NOTES, body="Soon")
    assert names(api.get(NOTES), "body") == ["Certainly", "Soon"]
    assert api.get("projects/1/issues/2/notes").json == {"message": "404 Not found"}


def test_a_note_is_shown(api: Api) -> None:
    shown = api.get(f"{NOTES}/1").json
    assert shown["author"].pop("avatar_url")
    assert shown == {
        "id": 1,
        "body": "Certainly",
        "attachment": None,
        "author": {
            "name": "John Smith",
            "username": "john_smith",
            "id": 2,
            "state": "active",
            "web_url": "http://localhost/john_smith",
        },
        "created_at": "2016-06-01T09:00:00.000Z",
        "updated_at": "2016-06-01T09:00:00.000Z",
        "system": False,
        "noteable_id": 10002,
        "noteable_type": "Issue",
        "upvote": False,
        "downvote": False,
    }


def test_a_note_that_is_not_there_is_not_found(api: Api) -> None:
    answer = api.get(f"{NOTES}/9")
    assert (answer.status, answer.json) == (404, {"message": "404 Not found"})


def test_a_note_is_written_and_changed(api: Api) -> None:
    answer = api.post(NOTES, "jane", body="How?")
    assert (answer.status, answer.json["body"], answer.json["author"]["username"]) == (201, "How?", "jane")
    changed = api.put(f"{NOTES}/{answer.json['id']}", "jane", body="When?")
    assert (changed.status, changed.json["body"]) == (200, "When?")
    assert api.put(f"{NOTES}/1", "jane", body="x").json == {"message": "403 Forbidden"}


def test_a_note_has_a_text(api: Api) -> None:
    for answer in (api.post(NOTES), api.post(NOTES, body=""), api.put(f"{NOTES}/1")):
        assert (answer.status, answer.json) == (400, {"message": '400 (Bad request) "body" not given'})


def test_a_note_of_quick_actions_alone_is_carried_out_and_not_kept(api: Api) -> None:
    answer = api.post(NOTES, body="/close")
    assert (answer.status, answer.json) == (404, {"message": '404 Note {:note=>["can\'t be blank"]} Not Found'})
    assert api.get("projects/1/issues/10002").json["state"] == "closed"


def test_quick_actions_beside_a_text_are_carried_out(api: Api) -> None:
    answer = api.post(NOTES, body="Done\n/close")
    assert (answer.status, answer.json["body"]) == (201, "Done")
    assert "commands_changes" not in answer.json


def test_a_deleted_note_is_given_back(api: Api) -> None:
    before = api.get(f"{NOTES}/1").json
    answer = api.delete(f"{NOTES}/1")
    assert (answer.status, answer.json) == (200, before)
    assert api.delete(f"{NOTES}/1").json == {"message": "404 Not found"}
    assert api.get(NOTES).json == []


# Of merge requests and snippets

MERGE_REQUEST = {"title": "Launch", "source_branch": "feature", "author": "bob"}
SNIPPETS = [{"title": "Hello", "author": "rex", "files": {"a.txt": "a\n"}}]


def whole_api() -> Api:
    return v3_api(world(MERGE_REQUEST, snippets=SNIPPETS))


@pytest.mark.parametrize("at", ["projects/1/merge_requests/10001", "projects/1/snippets/1"])
def test_notes_of_other_records_are_written_changed_and_deleted(at: str) -> None:
    api = whole_api()
    written = api.post(f"{at}/notes", "rex", body="Good")
    path = f"{at}/notes/{written.json['id']}"
    assert (written.status, written.json["upvote"], written.json["author"]["username"]) == (201, False, "rex")
    assert api.get(path).json == written.json
    assert api.put(path, "rex", body="Better").json["body"] == "Better"
    assert names(api.get(f"{at}/notes"), "body") == ["Better"]
    assert api.delete(path, "gil").status == 403
    assert api.delete(path, "rex").json["body"] == "Better"
    assert seen(api.get(path)) == (404, {"message": "404 Not found"})


def test_what_cannot_be_a_note_is_refused_in_rubys_words() -> None:
    api, long = whole_api(), "x" * 1_000_001
    at = "projects/1/merge_requests/10001"
    note = api.post(f"{at}/notes", body="Good").json["id"]
    errors = '{:note=>["is too long (maximum is 1000000 characters)"]}'
    assert seen(api.post(f"{at}/notes", body=long)) == (404, {"message": f"404 Note {errors} Not Found"})
    failed = (400, {"message": f"Failed to save note {errors}"})
    assert seen(api.put(f"{at}/notes/{note}", body=long)) == failed
    assert seen(api.post(f"{at}/comments", note=long)) == failed


@pytest.mark.parametrize("place", ["merge_request", "merge_requests"])
def test_comments_are_notes_by_an_older_name(place: str) -> None:
    api, path = whole_api(), f"projects/1/{place}/10001/comments"
    answer = api.post(path, "rex", note="Good")
    assert (answer.status, list(answer.json), answer.json["note"]) == (201, ["note", "author"], "Good")
    assert api.get(path).json == [answer.json]
    assert names(api.get("projects/1/merge_requests/10001/notes"), "body") == ["Good"]
    assert seen(api.post(path)) == (400, {"message": '400 (Bad request) "note" not given'})
    commands = (400, {"message": 'Failed to save note {:note=>["can\'t be blank"]}'})
    assert seen(api.post(path, "bob", note="/close")) == commands
    assert api.get("projects/1/merge_requests/10001").json["state"] == "closed"
    assert api.get(path, "gil").status == 403
