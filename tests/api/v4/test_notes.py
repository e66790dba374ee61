import pytest

from tests.support import Api, names, seen

ISSUE = "projects/1/issues/1"
NOTES = f"{ISSUE}/notes"
HIDDEN = (404, {"message": "404 Note Not Found"})
FORBIDDEN = (403, {"message": "403 Forbidden"})
NOT_FOUND = (404, {"message": "404 Not found"})


@pytest.fixture(autouse=True)
def issue(api: Api) -> None:
    assert api.post("projects/1/issues", "ada", title="It explodes").status == 201


def later(api: Api) -> None:
    api.server.advance("1m")


def test_a_note_is_shown_with_all_its_fields(api: Api) -> None:
    answer = api.post(NOTES, "bob", body="On it")
    author = api.get("users/3", "bob").json
    expected = {
        "id": 1,
        "type": None,
        "body": "On it",
        "attachment": None,
        "author": {key: author[key] for key in answer.json["author"]},
        "created_at": "2024-05-01T09:00:00.000Z",
        "updated_at": "2024-05-01T09:00:00.000Z",
        "system": False,
        "noteable_id": 10001,
        "noteable_type": "Issue",
        "project_id": 1,
        "resolvable": False,
        "confidential": False,
        "internal": False,
        "imported": False,
        "imported_from": "none",
        "noteable_iid": 1,
        "commands_changes": {},
    }
    assert seen(answer) == (201, expected)
    assert list(answer.json) == list(expected)
    assert list(answer.json["author"]) == [
        *("id", "username", "public_email", "name", "state", "locked", "avatar_url", "web_url")
    ]
    assert api.get(f"{NOTES}/1", "gil").json == expected
    assert api.get(NOTES, "gil").json == [expected]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["third", "second", "first"]),
        ({"sort": "asc"}, ["first", "second", "third"]),
        ({"order_by": "updated_at"}, ["first", "third", "second"]),
        ({"order_by": "updated_at", "sort": "asc"}, ["second", "third", "first"]),
        ({"order_by": "created_at", "sort": "desc"}, ["third", "second", "first"]),
        ({"sort": "asc", "per_page": 1, "page": 2}, ["second"]),
    ],
)
def test_notes_are_listed_newest_first_unless_asked_otherwise(
    api: Api, given: dict[str, object], expected: list[str]
) -> None:
    for body in ("first", "second", "third"):
        api.post(NOTES, "bob", body=body)
        later(api)
    api.put(f"{NOTES}/1", "bob", body="first ")
    api.put(f"{NOTES}/1", "bob", body="first")
    assert names(api.get(NOTES, "bob", **given), "body") == expected


def test_the_activity_filter_tells_comments_from_remarks_of_the_system(api: Api) -> None:
    api.post(NOTES, "bob", body="On it")
    api.put(ISSUE, "ada", title="It burns")
    assert names(api.get(NOTES, "bob", activity_filter="only_comments"), "body") == ["On it"]
    assert names(api.get(NOTES, "bob", activity_filter="only_activity"), "system") == [True]
    assert len(api.get(NOTES, "bob", activity_filter="all_notes").json) == 2


@pytest.mark.parametrize("name", ["sort", "order_by", "activity_filter"])
def test_an_unknown_choice_is_refused(api: Api, name: str) -> None:
    assert seen(api.get(NOTES, "bob", **{name: "x"})) == (400, {"error": f"{name} does not have a valid value"})


@pytest.mark.parametrize("path", [NOTES, f"{NOTES}/1", f"{ISSUE}/discussions"])
def test_notes_need_a_user_even_in_public_projects(api: Api, path: str) -> None:
    api.post("projects/2/issues", title="Open")
    expected = (401, {"message": "401 Unauthorized"})
    assert seen(api.get(path.replace("projects/1", "projects/2"), None)) == expected


def test_records_that_are_missing_or_hidden_are_not_found(api: Api) -> None:
    api.post("projects/1/issues", "ada", title="Another")
    api.post("projects/1/issues/2/notes", "ada", body="Elsewhere")
    assert seen(api.get(NOTES, "nora")) == (404, {"message": "404 Project Not Found"})
    assert seen(api.get("projects/1/issues/9/notes", "bob")) == NOT_FOUND
    assert seen(api.get(f"{NOTES}/1", "bob")) == NOT_FOUND
    assert seen(api.get(f"{NOTES}/x", "bob")) == (400, {"error": "note_id is invalid"})


def test_notes_of_an_issue_that_is_confidential_are_hidden_with_it(api: Api) -> None:
    api.post(NOTES, "bob", body="On it")
    api.put(ISSUE, "ada", confidential=True)
    assert api.get(NOTES, "rex").status == 200
    assert seen(api.get(NOTES, "gil")) == NOT_FOUND
    assert seen(api.post(NOTES, "gil", body="Hm")) == NOT_FOUND


def test_a_note_needs_a_body(api: Api) -> None:
    long = 'is too long (maximum is 1000000 characters)"]}'
    assert seen(api.post(NOTES, "bob")) == (400, {"message": '400 (Bad request) "body" not given'})
    blank = '400 Bad request - Note {:note=>["can\'t be blank"]}'
    assert seen(api.post(NOTES, "bob", body="  ")) == (400, {"message": blank})
    refused = api.post(NOTES, "bob", body="x" * 1_000_001)
    assert seen(refused) == (400, {"message": f'400 Bad request - Note {{:note=>["{long}'})


def test_only_owners_date_their_notes(api: Api) -> None:
    then = "2020-02-03T04:05:06.000Z"
    dated = api.post(NOTES, "ada", body="Old", created_at="2020-02-03T04:05:06Z").json
    assert (dated["created_at"], dated["updated_at"]) == (then, then)
    assert api.post(NOTES, body="Old", created_at=then).json["created_at"] == then
    assert api.post(NOTES, "bob", body="New", created_at=then).json["created_at"] == "2024-05-01T09:00:00.000Z"
    assert api.post(NOTES, "ada", body="New", created_at="soon").json["created_at"] == "2024-05-01T09:00:00.000Z"


def test_internal_notes_are_for_planners_and_above(api: Api) -> None:
    note = api.post(NOTES, "rex", body="Secret", internal=True).json
    assert (note["internal"], note["confidential"]) == (True, True)
    assert api.get(f"{NOTES}/1", "rex").json == note
    assert names(api.get(NOTES, "bob"), "body") == ["Secret"]
    assert api.get(NOTES, "gil").json == []
    assert seen(api.get(f"{NOTES}/1", "gil")) == HIDDEN
    assert seen(api.put(f"{NOTES}/1", "gil", body="Mine")) == FORBIDDEN


def test_a_guest_who_asks_for_an_internal_note_writes_a_public_one(api: Api) -> None:
    assert api.post(NOTES, "gil", body="Psst", internal=True).json["internal"] is False
    assert api.post(NOTES, "rex", body="Psst", confidential=True).json["internal"] is True


def test_a_locked_discussion_is_for_members(api: Api) -> None:
    api.post("projects/2/issues", title="Open")
    notes = "projects/2/issues/1/notes"
    assert api.post(notes, "nora", body="Hello").status == 201
    api.put("projects/2/issues/1", discussion_locked=True)
    assert seen(api.post(notes, "nora", body="Hello?")) == FORBIDDEN
    assert seen(api.put(f"{notes}/1", "nora", body="Hello!")) == FORBIDDEN
    assert api.post(notes, body="Quiet").status == 201


def test_nobody_comments_in_an_archived_project(api: Api) -> None:
    project = api.store[type_named(api, "Project")][1]
    with api.store.transaction():
        api.store.update(project, archived=True)
    assert seen(api.post(NOTES, "ada", body="Late")) == FORBIDDEN


def type_named(api: Api, name: str) -> type:
    return next(kind for kind in api.store.kinds() if kind.__name__ == name)  # type: ignore[no-any-return]


def test_authors_and_maintainers_change_a_note(api: Api) -> None:
    api.post(NOTES, "bob", body="On it")
    later(api)
    changed = api.put(f"{NOTES}/1", "bob", body="Done")
    assert (changed.status, changed.json["body"]) == (200, "Done")
    assert changed.json["updated_at"] == "2024-05-01T09:01:00.000Z"
    assert api.put(f"{NOTES}/1", "ada", body="Not yet").json["body"] == "Not yet"
    assert seen(api.put(f"{NOTES}/1", "rex", body="Mine")) == FORBIDDEN
    assert seen(api.delete(f"{NOTES}/1", "rex")) == FORBIDDEN


def test_a_change_of_a_note_is_checked(api: Api) -> None:
    note = api.post(NOTES, "bob", body="On it").json
    message = '400 Bad request - Note {:confidential=>["can not be changed for existing notes"]}'
    assert seen(api.put(f"{NOTES}/1", "bob", body="")) == (400, {"error": "body is empty"})
    assert seen(api.put(f"{NOTES}/1", "bob", confidential=True)) == (400, {"message": message})
    assert seen(api.put(f"{NOTES}/1", "bob")) == (200, note)
    assert seen(api.put(f"{NOTES}/9", "bob", body="x")) == NOT_FOUND


def test_nobody_changes_remarks_of_the_system(api: Api) -> None:
    api.put(ISSUE, "ada", title="It burns")
    assert seen(api.put(f"{NOTES}/1", body="x")) == FORBIDDEN
    assert seen(api.delete(f"{NOTES}/1")) == FORBIDDEN


def test_a_deleted_note_is_gone_with_all_that_hangs_on_it(api: Api) -> None:
    api.post(NOTES, "bob", body="@ada look")
    api.post(f"{NOTES}/1/award_emoji", "rex", name="tada")
    assert seen(api.get(ISSUE, "bob"))[0] == 200
    assert api.get(ISSUE, "bob").json["user_notes_count"] == 1
    assert (api.delete(f"{NOTES}/1", "bob").status, api.get(NOTES, "bob").json) == (204, [])
    assert api.get(ISSUE, "bob").json["user_notes_count"] == 0
    for kind in ("AwardEmoji", "Todo", "Note"):
        assert not api.store[type_named(api, kind)].all().exists()
    commented = api.store[type_named(api, "Event")].where(target_type="Note")
    assert not commented.exists()


def test_a_note_that_changed_meanwhile_is_not_deleted(api: Api) -> None:
    api.post(NOTES, "bob", body="On it")
    old = {"If-Unmodified-Since": "Wed, 01 May 2024 08:00:00 GMT"}
    refused = api.delete(f"{NOTES}/1", "bob", headers=old)
    assert seen(refused) == (412, {"message": "412 Precondition Failed"})


def test_a_comment_moves_the_issue_and_is_an_event(api: Api) -> None:
    later(api)
    api.post(NOTES, "bob", body="On it")
    issue = api.get(ISSUE, "bob").json
    assert (issue["updated_at"], issue["user_notes_count"]) == ("2024-05-01T09:01:00.000Z", 1)
    assert issue["subscribed"] is True
    event = api.store[type_named(api, "Event")].where(target_type="Note").first()
    assert (event.action, event.target_id, event.author_id, event.project_id) == ("commented", 1, 3, 1)


def test_who_comments_has_dealt_with_the_issue(api: Api) -> None:
    api.put(ISSUE, "ada", assignee_ids=[3])
    todos = api.store[type_named(api, "Todo")].where(user_id=3)
    assert [todo.state for todo in todos] == ["pending"]
    api.post(NOTES, "bob", body="On it")
    assert [todo.state for todo in todos] == ["done"]


def test_mentions_ask_those_for_attention_who_may_see_the_note(api: Api) -> None:
    api.post(NOTES, "bob", body="@rex see what @ada and @nora say, `@gil`")
    todos = list(api.store[type_named(api, "Todo")].all())
    assert [(todo.user_id, todo.action_name, todo.note_id) for todo in todos] == [
        (4, "directly_addressed", 1),
        (2, "mentioned", 1),
    ]
    api.post(NOTES, "bob", body="@gil is not told", internal=True)
    assert api.store[type_named(api, "Todo")].all().count() == 2


def test_a_changed_note_asks_only_those_who_are_new_in_it(api: Api) -> None:
    api.post(NOTES, "bob", body="See @ada")
    api.put(f"{NOTES}/1", "bob", body="See @ada and @acme")
    todos = api.store[type_named(api, "Todo")].all()
    assert sorted(todo.user_id for todo in todos) == [2, 3, 4, 5]


def test_everybody_in_the_project_is_all(api: Api) -> None:
    api.post(NOTES, "bob", body="Hear me, @all")
    assert [todo.user_id for todo in api.store[type_named(api, "Todo")].all()] == [2, 3, 4, 5]


def test_a_note_that_refers_to_another_issue_leaves_a_remark_there(api: Api) -> None:
    api.post("projects/1/issues", "ada", title="Another")
    api.post("projects/1/issues/2/notes", "bob", body="Like #1")
    assert names(api.get(NOTES, "bob"), "body") == ["mentioned in issue #2"]
