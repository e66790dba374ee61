from tests.support import Api, names

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
