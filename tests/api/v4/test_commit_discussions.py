from typing import Any

import pytest

from tests.api.v4.repositories import REPO, sha, world
from tests.support import Api

AT = f"{REPO}/commits/feature%2Flaunch/discussions"
pytestmark = pytest.mark.mockgitlab(scenario=world())


def position(api: Api, **more: Any) -> dict[str, Any]:
    head, base = sha(api, "feature/launch"), sha(api, "feature/launch~1")
    return {
        "base_sha": base,
        "start_sha": base,
        "head_sha": head,
        "position_type": "text",
        "old_path": "src/launch.py",
        "new_path": "src/launch.py",
        **more,
    }


def test_a_discussion_is_begun_answered_changed_and_deleted(api: Api) -> None:
    made = api.post(AT, "rex", body="Why?")
    assert made.status == 201
    assert made.json["individual_note"] is False
    note = made.json["notes"][0]
    assert (note["type"], note["noteable_type"], note["noteable_id"]) == ("DiscussionNote", "Commit", None)
    assert (note["body"], note["author"]["username"], note["resolvable"]) == ("Why?", "rex", False)
    at = f"{AT}/{made.json['id']}"
    reply = api.post(f"{at}/notes", "bob", body="Because")
    assert (reply.status, reply.json["type"]) == (201, "DiscussionNote")
    assert [one["body"] for one in api.get(at, "rex").json["notes"]] == ["Why?", "Because"]
    changed = api.put(f"{at}/notes/{reply.json['id']}", "bob", body="So")
    assert changed.json["body"] == "So"
    assert api.get(f"{at}/notes/{reply.json['id']}", "rex").json["body"] == "So"
    assert api.delete(f"{at}/notes/{reply.json['id']}", "bob").status == 204
    assert [one["body"] for one in api.get(at, "rex").json["notes"]] == ["Why?"]
    assert api.get("projects/1/events").json[0]["target_title"] == "Launch"


def test_comments_are_discussions_of_one_note(api: Api) -> None:
    api.post(f"{REPO}/commits/feature%2Flaunch/comments", "bob", note="Nice")
    api.post(AT, "bob", body="Why?")
    found = api.get(AT, "rex").json
    assert [(one["individual_note"], one["notes"][0]["body"]) for one in found] == [(True, "Nice"), (False, "Why?")]
    refused = api.post(f"{AT}/{found[0]['id']}/notes", "bob", body="x")
    assert (refused.status, refused.json) == (
        400,
        {"message": "400 Bad request - Discussion can not be replied to."},
    )


def test_a_discussion_stands_on_a_changed_line(api: Api) -> None:
    made = api.post(AT, "bob", body="Up?", position=position(api, new_line=2))
    note = made.json["notes"][0]
    assert note["type"] == "DiffNote"
    assert note["position"] == {**position(api), "old_line": None, "new_line": 2, "line_range": None}
    reply = api.post(f"{AT}/{made.json['id']}/notes", "rex", body="Yes").json
    assert (reply["type"], reply["position"]) == ("DiffNote", note["position"])
    comment = api.get(f"{REPO}/commits/feature%2Flaunch/comments").json[0]
    assert (comment["path"], comment["line"], comment["line_type"]) == ("src/launch.py", 2, "new")
    old = api.post(AT, "bob", body="Pass", position=position(api, old_line=2)).json["notes"][0]
    assert old["position"]["old_line"] == 2


@pytest.mark.parametrize("more", [{"new_line": 9}, {}, {"new_line": 1}], ids=str)
def test_a_line_that_did_not_change_is_refused(api: Api, more: dict[str, int]) -> None:
    refused = api.post(AT, "bob", body="x", position=position(api, **more))
    assert refused.status == 400
    assert refused.json["message"].startswith("400 Bad request - Note {")
    assert "must be a valid line code" in refused.json["message"]


def test_what_is_refused(api: Api) -> None:
    made = api.post(AT, "rex", body="Why?").json
    note = f"{AT}/{made['id']}/notes/{made['notes'][0]['id']}"
    assert api.post(AT, "gil", body="x").status == 403
    assert api.post(AT, "rex", body=" ").status == 400
    assert api.get(AT, None).status == 401
    assert api.put(note, "bob", body="x").status == 403
    assert api.put(note, "ada", body="x").status == 200
    assert api.delete(note, "bob").status == 403
    assert api.get(f"{AT}/abc", "rex").json == {"message": "404 Discussion Not Found"}
    assert api.get(f"{AT}/{made['id']}/notes/99", "rex").json == {"message": "404 Not found"}
    assert api.put(note, "rex", resolved=True).json == {"message": "400 Bad request - Note is not resolvable"}
    assert api.get(f"{REPO}/commits/done/discussions", "rex").json == []


def test_owners_may_tell_when_it_was_written(api: Api) -> None:
    told = "2024-01-01T00:00:00.000Z"
    assert api.post(AT, "ada", body="x", created_at=told).json["notes"][0]["created_at"] == told
    assert api.post(AT, "bob", body="x", created_at=told).json["notes"][0]["created_at"] != told
