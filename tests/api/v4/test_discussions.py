import pytest

from mockgitlab.api.models.event import Event
from tests.support import WORLD, Api, names, seen

ISSUE = "projects/1/issues/1"
DISCUSSIONS = f"{ISSUE}/discussions"
UNKNOWN = "0" * 40
FORBIDDEN = (403, {"message": "403 Forbidden"})
NO_DISCUSSION = (404, {"message": "404 Discussion Not Found"})


@pytest.fixture(autouse=True)
def issue(api: Api) -> None:
    assert api.post("projects/1/issues", "rex", title="It explodes").status == 201


def start(api: Api, body: str = "Why?", as_: str = "bob") -> str:
    answer = api.post(DISCUSSIONS, as_, body=body)
    assert answer.status == 201, answer
    return f"{DISCUSSIONS}/{answer.json['id']}"


def test_a_discussion_starts_with_one_note(api: Api) -> None:
    answer = api.post(DISCUSSIONS, "bob", body="Why?")
    note = api.get(f"{ISSUE}/notes/1", "bob").json
    assert seen(answer) == (201, {"id": answer.json["id"], "individual_note": False, "notes": [note]})
    assert len(answer.json["id"]) == 40
    assert set(answer.json["id"]) <= set("0123456789abcdef")
    assert (note["type"], note["resolvable"], note["resolved"]) == ("DiscussionNote", True, False)
    assert (note["resolved_by"], note["resolved_at"]) == (None, None)
    assert list(note)[10:16] == ["project_id", "resolvable", "resolved", "resolved_by", "resolved_at", "confidential"]


def test_discussions_are_listed_oldest_first_and_paged(api: Api) -> None:
    api.post(f"{ISSUE}/notes", "bob", body="Alone")
    thread = start(api)
    api.post(f"{thread}/notes", "ada", body="Because")
    api.post(f"{ISSUE}/notes", "ada", body="Old", created_at="2020-01-01T00:00:00Z")
    listed = api.get(DISCUSSIONS, "bob")
    bodies = [names_of(discussion) for discussion in listed.json]
    assert bodies == [["Old"], ["Alone"], ["Why?", "Because"]]
    assert names(listed, "individual_note") == [True, True, False]
    page = api.get(DISCUSSIONS, "bob", per_page=1, page=3)
    assert [names_of(one) for one in page.json] == [["Why?", "Because"]]
    assert page.headers["X-Total"] == "3"


def names_of(discussion: dict[str, list[dict[str, str]]]) -> list[str]:
    return [note["body"] for note in discussion["notes"]]


def test_one_discussion_is_shown_and_its_notes_too(api: Api) -> None:
    thread = start(api)
    api.post(f"{thread}/notes", "rex", body="Because")
    shown = api.get(thread, "gil").json
    assert api.get(DISCUSSIONS, "gil").json == [shown]
    assert api.get(f"{thread}/notes", "gil").json == shown["notes"]
    assert api.get(f"{thread}/notes/2", "gil").json == shown["notes"][1]
    assert "X-Total" not in api.get(f"{thread}/notes", "gil").headers


def test_an_unknown_discussion_is_not_found(api: Api) -> None:
    path = f"{DISCUSSIONS}/{UNKNOWN}"
    assert seen(api.get(path, "bob")) == NO_DISCUSSION
    assert seen(api.get(f"{path}/notes", "bob")) == (404, {"message": "404 Notes Not Found"})
    assert seen(api.post(f"{path}/notes", "bob", body="So?")) == NO_DISCUSSION
    assert seen(api.put(path, "bob", resolved=True)) == NO_DISCUSSION
    assert seen(api.get(f"{path}/notes/9", "bob")) == (404, {"message": "404 Not found"})


def test_a_discussion_needs_a_body(api: Api) -> None:
    thread = start(api)
    missing = {"message": '400 (Bad request) "body" not given'}
    blank = {"message": '400 Bad request - Note {:note=>["can\'t be blank"]}'}
    for path in (DISCUSSIONS, f"{thread}/notes"):
        assert seen(api.post(path, "bob")) == (400, missing)
        assert seen(api.post(path, "bob", body="")) == (400, blank)


def test_a_reply_to_a_plain_note_makes_it_a_discussion(api: Api) -> None:
    api.post(f"{ISSUE}/notes", "bob", body="Alone")
    before = api.get(DISCUSSIONS, "bob").json[0]
    answer = api.post(f"{DISCUSSIONS}/{before['id']}/notes", "rex", body="Not any more")
    assert (answer.status, answer.json["type"]) == (201, "DiscussionNote")
    after = api.get(f"{DISCUSSIONS}/{before['id']}", "bob").json
    assert (before["individual_note"], after["individual_note"]) == (True, False)
    assert [(note["type"], note["resolvable"]) for note in after["notes"]] == [("DiscussionNote", True)] * 2
    event = api.store[Event].where(target_id=2, action="commented").first()
    assert event.target_type == "DiscussionNote"


def test_nobody_replies_to_remarks_of_the_system(api: Api) -> None:
    api.put(ISSUE, "rex", title="It burns")
    path = f"{DISCUSSIONS}/{api.get(DISCUSSIONS, 'rex').json[0]['id']}/notes"
    expected = {"message": "400 Bad request - Discussion can not be replied to."}
    assert seen(api.post(path, "rex", body="Thanks")) == (400, expected)


def test_a_reply_is_as_internal_as_the_first_note(api: Api) -> None:
    api.post(f"{ISSUE}/notes", "rex", body="Secret", internal=True)
    path = f"{DISCUSSIONS}/{api.get(DISCUSSIONS, 'rex').json[0]['id']}"
    assert api.post(f"{path}/notes", "bob", body="I see").json["internal"] is True
    assert api.get(DISCUSSIONS, "gil").json == []
    assert seen(api.get(path, "gil")) == NO_DISCUSSION
    assert seen(api.post(f"{path}/notes", "gil", body="What?")) == NO_DISCUSSION


def test_a_note_of_a_discussion_is_changed_by_its_author(api: Api) -> None:
    note = f"{start(api)}/notes/1"
    assert api.put(note, "bob", body="Why not?").json["body"] == "Why not?"
    assert seen(api.put(note, "gil", body="Mine")) == FORBIDDEN
    assert seen(api.delete(note, "gil")) == FORBIDDEN


def test_a_change_of_a_note_takes_either_a_body_or_whether_it_is_resolved(api: Api) -> None:
    note = f"{start(api)}/notes/1"
    none = "body, resolved are missing, exactly one parameter must be provided"
    assert seen(api.put(note, "bob")) == (400, {"error": none})
    both = api.put(note, "bob", body="x", resolved=True)
    assert seen(both) == (400, {"error": "body, resolved are mutually exclusive"})


def test_a_discussion_goes_with_its_last_note(api: Api) -> None:
    thread = start(api)
    api.post(f"{thread}/notes", "rex", body="Because")
    assert api.delete(f"{thread}/notes/1", "bob").status == 204
    assert names_of(api.get(thread, "bob").json) == ["Because"]
    assert api.delete(f"{thread}/notes/2", "rex").status == 204
    assert api.get(DISCUSSIONS, "bob").json == []


def test_resolving_a_discussion_resolves_each_of_its_notes(api: Api) -> None:
    thread = start(api)
    api.post(f"{thread}/notes", "ada", body="Because")
    answer = api.put(thread, "bob", resolved=True)
    assert answer.status == 200
    resolved = [
        (note["resolved"], note["resolved_by"]["username"], note["resolved_at"]) for note in answer.json["notes"]
    ]
    assert resolved == [(True, "bob", "2024-05-01T09:00:00.000Z")] * 2
    again = api.put(thread, "ada", resolved=True).json["notes"]
    assert [note["resolved_by"]["username"] for note in again] == ["bob", "bob"]
    undone = api.put(thread, "ada", resolved=False).json["notes"]
    assert [(note["resolved"], note["resolved_by"], note["resolved_at"]) for note in undone] == [
        (False, None, None),
        (False, None, None),
    ]


def test_a_reply_in_a_resolved_discussion_is_resolved(api: Api) -> None:
    thread = start(api)
    api.put(thread, "bob", resolved=True)
    reply = api.post(f"{thread}/notes", "rex", body="Thanks").json
    assert (reply["resolved"], reply["resolved_by"]["username"]) == (True, "rex")


def test_developers_authors_of_the_issue_and_of_the_note_resolve(api: Api) -> None:
    thread = start(api, as_="gil")
    assert seen(api.put(thread, "gil", resolved=True)) == FORBIDDEN
    note = api.put(f"{thread}/notes/1", "gil", resolved=True)
    assert (note.status, note.json["resolved_by"]["username"]) == (200, "gil")
    assert api.put(thread, "rex", resolved=False).status == 200
    assert api.put(thread, "bob", resolved=True).status == 200
    other = start(api, as_="bob")
    assert seen(api.put(other, "gil", resolved=True)) == FORBIDDEN
    assert seen(api.put(f"{other}/notes/2", "gil", resolved=True)) == FORBIDDEN


def test_one_note_alone_can_be_resolved(api: Api) -> None:
    thread = start(api)
    api.post(f"{thread}/notes", "ada", body="Because")
    assert api.put(f"{thread}/notes/2", "bob", resolved=True).json["resolved"] is True
    assert [note["resolved"] for note in api.get(thread, "bob").json["notes"]] == [False, True]


def test_a_plain_note_cannot_be_resolved(api: Api) -> None:
    api.post(f"{ISSUE}/notes", "bob", body="Alone")
    path = f"{DISCUSSIONS}/{api.get(DISCUSSIONS, 'bob').json[0]['id']}"
    assert seen(api.put(path, "bob", resolved=True)) == FORBIDDEN
    expected = {"message": "400 Bad request - Note is not resolvable"}
    assert seen(api.put(f"{path}/notes/1", "bob", resolved=True)) == (400, expected)
    assert seen(api.put(path, "bob")) == (400, {"message": '400 (Bad request) "resolved" not given'})


def test_threads_of_issues_are_resolved_from_16_7_on(api: Api) -> None:
    old = Api({**WORLD, "gitlab": {"version": "16.6.0"}})
    old.post("projects/1/issues", "rex", title="It explodes")
    thread = start(old)
    assert old.get(thread, "bob").json["notes"][0]["resolvable"] is False
    assert old.put(thread, "bob", resolved=True).status in (404, 405)


def test_a_discussion_of_quick_actions_alone_leaves_their_effects(api: Api) -> None:
    answer = api.post(DISCUSSIONS, "bob", body="/close")
    assert seen(answer) == (202, {"commands_changes": {"state_event": "close"}, "summary": ["Closed this issue."]})
    assert api.get(DISCUSSIONS, "bob").json == []


def test_a_discussion_tells_what_the_quick_actions_in_it_changed(api: Api) -> None:
    answer = api.post(DISCUSSIONS, "bob", body="Enough\n/close")
    assert [note["commands_changes"] for note in answer.json["notes"]] == [{"state_event": "close"}]
    assert names_of(answer.json) == ["Enough"]


def test_discussions_of_scenarios_are_there_from_the_start() -> None:
    issue = {
        "title": "It explodes",
        "notes": [{"author": "bob", "body": "On it", "replies": [{"author": "rex", "body": "Good"}]}, {"body": "Hm"}],
        "discussions": [
            {"author": "ada", "body": "Why?", "resolved": True, "replies": [{"author": "bob", "body": "So"}]},
            {"body": "Psst", "internal": True, "created_at": "2020-01-01"},
        ],
    }
    first, *others = WORLD["projects"]
    api = Api({**WORLD, "projects": [{**first, "issues": [issue]}, *others]})
    found = api.get("projects/1/issues/1/discussions", "bob").json
    assert [names_of(one) for one in found] == [["Psst"], ["On it", "Good"], ["Hm"], ["Why?", "So"]]
    assert [one["individual_note"] for one in found] == [False, False, True, False]
    assert [note["resolved"] for note in found[3]["notes"]] == [True, True]
    assert [note["author"]["username"] for note in found[2]["notes"]] == ["root"]
    assert names_of(api.get("projects/1/issues/1/discussions", "gil").json[0]) == ["On it", "Good"]
