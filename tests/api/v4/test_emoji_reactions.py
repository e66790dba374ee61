import pytest

from mockgitlab.api.models.project import Project
from tests.support import WORLD, Api, names, seen

ISSUE = "projects/1/issues/1"
AWARDS = f"{ISSUE}/award_emoji"
ON_NOTE = f"{ISSUE}/notes/1/award_emoji"
HIDDEN = (404, {"message": "404 Award Emoji Not Found"})
NOT_FOUND = (404, {"message": "404 Not found"})
BOTH = pytest.mark.parametrize("path", [AWARDS, ON_NOTE])


@pytest.fixture(autouse=True)
def issue(api: Api) -> None:
    api.post("projects/1/issues", "ada", title="It explodes")
    api.post(f"{ISSUE}/notes", "ada", body="Help")
    api.post("projects/2/issues", title="Open")


@BOTH
def test_a_reaction_is_given_shown_and_listed(api: Api, path: str) -> None:
    answer = api.post(path, "bob", name="tada")
    kind, id = ("Note", 1) if "notes" in path else ("Issue", 10001)
    expected = {
        "id": 1,
        "name": "tada",
        "user": answer.json["user"],
        "created_at": "2024-05-01T09:00:00.000Z",
        "updated_at": "2024-05-01T09:00:00.000Z",
        "awardable_id": id,
        "awardable_type": kind,
        "url": None,
    }
    assert seen(answer) == (201, expected)
    assert list(answer.json) == list(expected)
    assert answer.json["user"]["username"] == "bob"
    assert api.get(f"{path}/1", "gil").json == expected
    assert api.get(path, "gil").json == [expected]


@BOTH
def test_reactions_are_listed_oldest_first_and_paged(api: Api, path: str) -> None:
    for name in ("tada", "heart", "100"):
        api.post(path, "bob", name=name)
    assert names(api.get(path, "bob")) == ["tada", "heart", "100"]
    assert names(api.get(path, "bob", per_page=1, page=2)) == ["heart"]


def test_thumbs_are_the_votes_of_an_issue(api: Api) -> None:
    api.post(AWARDS, "bob", name="thumbsup")
    api.post(AWARDS, "rex", name="+1")
    api.post(AWARDS, "gil", name="-1")
    assert names(api.get(AWARDS, "bob")) == ["thumbsup", "thumbsup", "thumbsdown"]
    issue = api.get(ISSUE, "bob").json
    assert (issue["upvotes"], issue["downvotes"]) == (2, 1)
    api.delete(f"{AWARDS}/1", "bob")
    assert api.get(ISSUE, "bob").json["upvotes"] == 1


@BOTH
def test_a_reaction_is_given_once_by_each_user(api: Api, path: str) -> None:
    api.post(path, "bob", name="thumbsup")
    taken = {"message": '404 Award Emoji ["Name has already been taken"] Not Found'}
    assert seen(api.post(path, "bob", name="+1")) == (404, taken)
    assert api.post(path, "rex", name="thumbsup").status == 201
    assert api.post(path, "bob", name="tada").status == 201


@pytest.mark.parametrize(
    ("name", "problems"),
    [
        ("no_such_emoji", '["Name is not a valid emoji name"]'),
        (":tada:", '["Name is not a valid emoji name"]'),
        ("", '["Name can\'t be blank", "Name is not a valid emoji name"]'),
    ],
)
def test_only_names_of_emoji_are_taken(api: Api, name: str, problems: str) -> None:
    expected = {"message": f"404 Award Emoji {problems} Not Found"}
    assert seen(api.post(AWARDS, "bob", name=name)) == (404, expected)


def test_a_reaction_needs_a_name(api: Api) -> None:
    assert seen(api.post(AWARDS, "bob")) == (400, {"message": '400 (Bad request) "name" not given'})


def test_everybody_sees_reactions_of_public_projects_and_only_users_react(api: Api) -> None:
    path = "projects/2/issues/1/award_emoji"
    assert api.post(path, "nora", name="tada").status == 201
    assert names(api.get(path, None)) == ["tada"]
    assert api.get(f"{path}/1", None).json["name"] == "tada"
    assert seen(api.post(path, None, name="tada")) == HIDDEN
    assert seen(api.delete(f"{path}/1", None)) == (401, {"message": "401 Unauthorized"})


@BOTH
def test_missing_records_are_not_found(api: Api, path: str) -> None:
    assert seen(api.get(f"{path}/9", "bob")) == NOT_FOUND
    assert seen(api.delete(f"{path}/9", "bob")) == NOT_FOUND
    assert seen(api.get(f"{path}/x", "bob")) == (400, {"error": "award_id is invalid"})
    assert seen(api.get(path.replace("issues/1", "issues/9"), "bob")) == NOT_FOUND
    assert seen(api.get(path, "nora")) == (404, {"message": "404 Project Not Found"})


def test_a_reaction_belongs_to_its_record_alone(api: Api) -> None:
    api.post(AWARDS, "bob", name="tada")
    assert seen(api.get(f"{ON_NOTE}/1", "bob")) == NOT_FOUND
    assert api.get(ON_NOTE, "bob").json == []


def test_only_who_reacted_and_administrators_take_a_reaction_back(api: Api) -> None:
    for name in ("tada", "heart"):
        api.post(AWARDS, "bob", name=name)
    assert seen(api.delete(f"{AWARDS}/1", "ada")) == (401, {"message": "401 Unauthorized"})
    assert api.delete(f"{AWARDS}/1", "bob").status == 204
    assert api.delete(f"{AWARDS}/2", "root").status == 204
    assert api.get(AWARDS, "bob").json == []


def test_a_reaction_newer_than_told_is_not_taken_back(api: Api) -> None:
    api.post(AWARDS, "bob", name="tada")
    refused = api.delete(f"{AWARDS}/1", "bob", headers={"If-Unmodified-Since": "Wed, 01 May 2024 08:00:00 GMT"})
    assert seen(refused) == (412, {"message": "412 Precondition Failed"})


def test_reactions_to_internal_notes_are_hidden_with_them(api: Api) -> None:
    api.post(f"{ISSUE}/notes", "rex", body="Secret", internal=True)
    path = f"{ISSUE}/notes/2/award_emoji"
    assert api.post(path, "rex", name="eyes").status == 201
    assert seen(api.get(path, "gil")) == HIDDEN
    assert seen(api.get(f"{path}/1", "gil")) == HIDDEN
    assert seen(api.post(path, "gil", name="eyes")) == HIDDEN


def test_nobody_reacts_to_remarks_of_the_system(api: Api) -> None:
    api.put(ISSUE, "ada", title="It burns")
    path = f"{ISSUE}/notes/2/award_emoji"
    assert seen(api.post(path, "bob", name="tada")) == HIDDEN
    assert api.get(path, "bob").json == []


def test_nobody_reacts_in_an_archived_project(api: Api) -> None:
    with api.store.transaction():
        api.store.update(api.store[Project][1], archived=True)
    assert seen(api.post(AWARDS, "ada", name="tada")) == HIDDEN


def test_who_reacts_has_dealt_with_the_issue(api: Api) -> None:
    api.put(ISSUE, "ada", assignee_ids=[3])
    api.server.advance("1m")
    api.post(AWARDS, "bob", name="tada")
    assert [todo["state"] for todo in api.get("todos", "bob", state="done").json] == ["done"]
    assert api.get(ISSUE, "bob").json["updated_at"] == "2024-05-01T09:01:00.000Z"


def test_reactions_of_scenarios_are_there_from_the_start() -> None:
    issue = {
        "title": "It explodes",
        "award_emoji": [{"name": "thumbsup", "user": "bob"}, {"name": "+1", "user": "rex"}],
        "notes": [{"body": "On it", "award_emoji": [{"name": "tada", "user": "gil"}]}],
    }
    first, *others = WORLD["projects"]
    api = Api({**WORLD, "projects": [{**first, "issues": [issue]}, *others]})
    assert api.get(ISSUE, "bob").json["upvotes"] == 2
    assert [award["user"]["username"] for award in api.get(ON_NOTE, "bob").json] == ["gil"]
