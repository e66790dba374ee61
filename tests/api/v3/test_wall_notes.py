import pytest

from mockgitlab.api.models.note import Note
from tests.api.v3.worlds import v3_api
from tests.support import Api, names, seen

WALL = "projects/1/notes"


@pytest.fixture
def api() -> Api:
    return v3_api(version="6.9.0")


def test_what_is_written_on_a_wall_is_shown(api: Api) -> None:
    made = api.post(WALL, "gil", body="Hello")
    shown = made.json
    assert (made.status, shown.pop("author")["username"]) == (201, "gil")
    assert shown.pop("created_at")
    assert shown == {"id": 1, "body": "Hello", "attachment": None}
    assert api.get(f"{WALL}/1", "rex").json == made.json
    api.post(WALL, "rex", body="Hi")
    assert names(api.get(WALL), "body") == ["Hello", "Hi"]
    assert names(api.get(WALL, recent=True), "body") == ["Hi", "Hello"]
    assert api.get("projects/2/notes").json == []
    assert seen(api.get("projects/2/notes/1")) == (404, {"message": "404 Not found"})


def test_nothing_is_no_note(api: Api) -> None:
    assert seen(api.post(WALL)) == (400, {"message": '400 (Bad request) "body" not given'})
    assert seen(api.post(WALL, body=" ")) == (400, {"message": '400 (Bad request) "note" not given'})
    assert api.post("projects/2/notes", None, body="x").status == 401


def test_a_wall_goes_with_its_project(api: Api) -> None:
    api.post(WALL, body="Hello")
    assert api.delete("projects/1").status == 200
    assert list(api.store[Note].all()) == []


def test_later_there_are_no_walls() -> None:
    assert v3_api(version="7.0.0").get(WALL).status == 404
