import pytest

from tests.api.v3.worlds import v3_api
from tests.merge_request_world import world
from tests.support import Api, names, seen

MERGE_REQUEST = {"title": "Launch", "source_branch": "feature", "author": "bob"}
SNIPPETS = [{"title": "Hello", "author": "rex", "files": {"a.txt": "a\n"}}]
PLACES = {
    "projects/1/issues/10001": "Issue",
    "projects/1/merge_requests/10001": "MergeRequest",
    "projects/1/snippets/1": "Snippet",
}


@pytest.fixture
def api() -> Api:
    return v3_api(world(MERGE_REQUEST, snippets=SNIPPETS))


@pytest.mark.parametrize("at", PLACES)
@pytest.mark.parametrize("on_note", [False, True])
def test_a_reaction_is_given_shown_and_taken_back(api: Api, at: str, on_note: bool) -> None:
    note = api.post(f"{at}/notes", "rex", body="Good").json["id"]
    path = f"{at}/notes/{note}/award_emoji" if on_note else f"{at}/award_emoji"
    answer = api.post(path, "rex", name="rocket")
    assert answer.status == 201
    shown = answer.json
    assert shown.pop("user")["username"] == "rex"
    assert shown.pop("created_at") == shown.pop("updated_at")
    awardable = ("Note", note) if on_note else (PLACES[at], int(at.rpartition("/")[2]))
    assert shown == {"id": 1, "name": "rocket", "awardable_id": awardable[1], "awardable_type": awardable[0]}
    assert names(api.get(path, "bob")) == ["rocket"]
    assert api.get(f"{path}/1").json == answer.json
    assert seen(api.delete(f"{path}/1", "bob")) == (401, {"message": "401 Unauthorized"})
    assert seen(api.delete(f"{path}/1", "rex")) == (200, answer.json)
    assert seen(api.get(f"{path}/1")) == (404, {"message": "404 Not found"})


def test_reactions_that_cannot_be_given_are_refused(api: Api) -> None:
    path = "projects/1/issues/10001/award_emoji"
    assert seen(api.post(path)) == (400, {"message": '400 (Bad request) "name" not given'})
    unknown = api.post(path, name="no-such-emoji")
    assert (unknown.status, unknown.json["message"][:15]) == (404, "404 Award Emoji")
    assert seen(api.get("projects/2/issues/1/award_emoji", None)) == (401, {"message": "401 Unauthorized"})
    assert seen(api.get("projects/1/issues/1/award_emoji")) == (404, {"message": "404 Not found"})
