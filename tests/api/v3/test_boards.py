from typing import Any

import pytest

from tests.api.v3.conftest import SCENARIO
from tests.support import Api, names, seen

BOARD: dict[str, Any] = {
    "mockgitlab": 1,
    "projects": [
        {
            "path": "acme/x",
            "visibility": "public",
            "labels": [{"name": name, "color": "#000000"} for name in ("bug", "ui", "late")],
            "boards": [{"name": "Work", "lists": [{"label": "bug"}, {"label": "ui"}]}, {"name": "Other"}],
        }
    ],
}


@pytest.fixture
def api() -> Api:
    nora = {"users": [{"username": "nora"}], "tokens": [{"token": "nora-token", "user": "nora", "scopes": ["api"]}]}
    groups = {
        "mockgitlab": 1,
        **nora,
        "groups": [{"path": "acme", "visibility": "public", "members": {"jane": "developer"}}],
    }
    return Api(SCENARIO, groups, BOARD, prefix="/api/v3/")


AT = "projects/acme%2Fx/boards"


def test_boards_are_shown_with_their_lists(api: Api) -> None:
    answer = api.get(AT, "jane", per_page=1)
    assert ("X-Page" in answer.headers, len(answer.json)) == (False, 2)
    board = answer.json[0]
    assert list(board) == ["id", "lists"]
    (first, _) = board["lists"]
    label = {"id": first["label"]["id"], "name": "bug", "color": "#000000", "description": None}
    assert first == {"id": first["id"], "label": label, "position": 0}
    assert api.get(f"{AT}/{board['id']}/lists", "jane").json == board["lists"]
    assert api.get(f"{AT}/{board['id']}/lists/{first['id']}", "jane").json == first
    assert api.get(AT, None).status == 401


def test_a_project_has_one_board(api: Api) -> None:
    first, second = (one["id"] for one in api.get(AT).json)
    assert api.get(f"{AT}/{first}/lists").status == 200
    assert seen(api.get(f"{AT}/{second}/lists")) == (404, {"message": "404 Board Not Found"})
    assert seen(api.get(f"{AT}/{first}/lists/99999")) == (404, {"message": "404 Not found"})


def test_lists_are_created_moved_and_deleted(api: Api) -> None:
    lists = f"{AT}/{api.get(AT).json[0]['id']}/lists"
    labels = {one["name"]: one["id"] for one in api.get("projects/acme%2Fx/labels").json}
    made = api.post(lists, "jane", label_id=labels["late"])
    assert (made.status, made.json["label"]["name"], made.json["position"]) == (201, "late", 2)
    moved = api.put(f"{lists}/{made.json['id']}", "jane", position=0)
    assert (moved.status, moved.json["position"]) == (200, 0)
    assert [one["label"]["name"] for one in api.get(lists).json] == ["late", "bug", "ui"]
    far = api.put(f"{lists}/{made.json['id']}", "jane", position=9)
    assert seen(far) == (400, {"message": {"error": "List could not be moved!"}})
    assert seen(api.delete(f"{lists}/{made.json['id']}", "jane")) == (200, moved.json)
    assert names(api.get(lists), "position") == [0, 1]


def test_lists_that_cannot_be_are_refused(api: Api) -> None:
    lists = f"{AT}/{api.get(AT).json[0]['id']}/lists"
    label = api.get(lists).json[0]["label"]["id"]
    assert seen(api.post(lists, label_id=99999)) == (400, {"message": {"error": "Label not found!"}})
    assert seen(api.post(lists, label_id=label)) == (400, {"message": {"label_id": ["has already been taken"]}})
    assert seen(api.post(lists)) == (400, {"message": '400 (Bad request) "label_id" not given'})
    first = api.get(lists).json[0]["id"]
    writes = [api.post(lists, "nora", label_id=label), api.put(f"{lists}/{first}", "nora", position=1)]
    for refused in (*writes, api.delete(f"{lists}/{first}", "nora")):
        assert seen(refused) == (403, {"message": "403 Forbidden"})
