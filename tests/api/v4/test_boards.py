import copy
from typing import Any

import pytest

from mockgitlab.api.models.board import Board, BoardList
from mockgitlab.scenario.problems import ScenarioError
from tests.support import WORLD, Api, names, refused, seen

LISTS = [
    {"id": 1, "label": "bug"},
    {"id": 2, "label": "doc"},
    {"id": 3, "milestone": "1.0"},
    {"id": 4, "assignee": "ada"},
]
LIMITS = {"max_issue_count": 0, "max_issue_weight": 0, "limit_metric": None}


def planned(**settings: Any) -> dict[str, Any]:
    """Return the world with boards of acme and acme/rocket, and an iteration."""
    world = copy.deepcopy(WORLD)
    world["gitlab"] = settings
    world["groups"][0] |= {
        "labels": [{"name": "bug", "color": "#d9534f"}],
        "iterations": [{"id": 1, "title": "First", "start_date": "2024-05-01", "due_date": "2024-05-14"}],
        "boards": [{"id": 3, "name": "All", "lists": [{"id": 5, "label": "bug"}]}],
    }
    world["projects"][0] |= {
        "labels": [{"name": "doc", "color": "#ffffff"}],
        "milestones": [{"title": "1.0"}],
        "boards": [
            {"id": 1, "name": "Work", "lists": LISTS},
            {"id": 2, "name": "Mine", "assignee": "ada", "labels": ["doc"]},
        ],
    }
    return world


@pytest.fixture
def api() -> Api:
    return Api(planned())


def label(id: int, name: str, color: str, text: str) -> dict[str, Any]:
    about = {"description": None, "description_html": None}
    return {"id": id, "name": name, **about, "text_color": text, "color": color}


BUG, DOC = label(1, "bug", "#d9534f", "#FFFFFF"), label(2, "doc", "#ffffff", "#1F1E24")
OF_BUG = {"id": 1, "label": BUG, "position": 0, **LIMITS}


def positions(api: Api, board: str = "projects/1/boards/1") -> list[tuple[int, int]]:
    answer = api.get(f"{board}/lists", "gil")
    assert answer.status == 200
    return [(one["id"], one["position"]) for one in answer.json]


def test_a_board_of_a_project_is_shown_with_its_lists(api: Api) -> None:
    milestone = api.get("projects/1/milestones", "ada").json[0]
    ada = {"id": 2, "username": "ada", "public_email": None, "name": "Ada Lovelace"}
    project = api.get("projects", "gil", simple=True, search="rocket").json[0]
    work = {
        "id": 1,
        "name": "Work",
        "hide_backlog_list": False,
        "hide_closed_list": False,
        "project": project,
        "lists": [
            OF_BUG,
            {"id": 2, "label": DOC, "position": 1, **LIMITS},
            {"id": 4, "label": None, "position": 3, "assignee": ada, **LIMITS},
            {"id": 3, "label": None, "position": 2, "milestone": milestone, **LIMITS},
        ],
        "group": None,
        "milestone": None,
        "assignee": None,
        "labels": [],
        "weight": None,
    }
    who = api.get("users", "gil", username="ada").json[0]
    mine = {**work, "id": 2, "name": "Mine", "lists": [], "labels": [DOC], "assignee": who}
    shown = api.get("projects/1/boards", "gil")
    assert shown.status == 200
    assert shown.json == [work, mine]
    assert list(shown.json[0]) == list(work)
    assert api.get("projects/1/boards/1", "gil").json == work
    assert api.get("projects/1/boards/1/lists", "gil").json == work["lists"]
    assert api.get("projects/1/boards/1/lists/1", "gil").json == OF_BUG


def test_a_board_of_a_group_is_shown(api: Api) -> None:
    group = {"id": 1, "web_url": "http://localhost/groups/acme", "name": "acme"}
    shown = api.get("groups/acme/boards", "gil").json
    assert [(one["id"], one["name"], one["project"], one["group"]) for one in shown] == [(3, "All", None, group)]
    assert shown[0]["lists"] == [{**OF_BUG, "id": 5}]


def test_the_community_edition_narrows_no_boards() -> None:
    world = planned(edition="ce")
    del world["groups"][0]["iterations"]
    api = Api(world)
    shown = api.get("projects/1/boards/1", "ada").json
    assert list(shown) == ["id", "name", "hide_backlog_list", "hide_closed_list", "project", "lists"]
    assert list(shown["lists"][0]) == ["id", "label", "position"]
    changed = api.put("projects/1/boards/2", "ada", name="Ours", weight=3)
    assert (changed.status, changed.json["name"], api.store[Board][2].weight) == (200, "Ours", None)
    assert api.post("groups/1/boards", "ada", name="x").status == 405
    assert api.delete("groups/1/boards/3", "ada").status == 405
    made = api.post("projects/1/boards/2/lists", "ada", assignee_id=2)
    assert seen(made) == (400, {"message": '400 (Bad request) "label_id" not given'})


# Boards


@pytest.mark.parametrize("at", ["projects/1", "groups/1"])
def test_a_board_is_made_changed_and_deleted(api: Api, at: str) -> None:
    made = api.post(f"{at}/boards", "rex", name="New")
    assert (made.status, made.json["name"], made.json["lists"], made.json["weight"]) == (201, "New", [], None)
    path = f"{at}/boards/{made.json['id']}"
    given = {"name": "Newer", "weight": 4, "assignee_id": 2, "labels": "bug", "hide_closed_list": True}
    changed = api.put(path, "rex", **given)
    assert changed.status == 200
    assert changed.json["labels"] == [BUG]
    wanted = {"name": "Newer", "weight": 4, "hide_closed_list": True, "hide_backlog_list": False}
    assert {key: changed.json[key] for key in wanted} == wanted
    assert changed.json["assignee"]["username"] == "ada"
    assert api.get(path, "rex").json == changed.json
    assert api.delete(path, "rex").status == 204
    assert seen(api.get(path, "rex")) == (404, {"message": "404 Not found"})


@pytest.mark.parametrize(
    ("milestone_id", "title"), [(0, "No Milestone"), (-1, "Any Milestone"), (-2, "Upcoming"), (-3, "Started")]
)
def test_a_board_is_narrowed_to_no_milestone_or_by_date(api: Api, milestone_id: int, title: str) -> None:
    assert api.put("projects/1/boards/1", "ada", milestone_id=milestone_id).json["milestone"] == {"title": title}


def test_what_is_not_there_narrows_nothing(api: Api) -> None:
    milestone = api.get("projects/1/milestones", "ada").json[0]
    assert api.put("projects/1/boards/2", "ada", milestone_id=milestone["id"]).json["milestone"] == milestone
    changed = api.put("projects/1/boards/2", "ada", milestone_id=99, assignee_id=99, labels="").json
    assert (changed["milestone"], changed["assignee"], changed["labels"]) == (None, None, [])


def test_a_board_has_a_name(api: Api) -> None:
    blank = api.put("projects/1/boards/1", "ada", name=" ")
    assert refused(blank) == '400 Bad request - Failed to save board {:name=>["can\'t be blank"]}'
    made = api.post("projects/1/boards", "ada", name="")
    assert (made.status, made.json["id"]) == (201, None)
    assert names(api.get("projects/1/boards", "ada")) == ["Work", "Mine"]
    assert seen(api.post("projects/1/boards", "ada")) == (400, {"message": '400 (Bad request) "name" not given'})


def test_the_last_board_stays(api: Api) -> None:
    assert api.delete("projects/1/boards/1", "ada").status == 204
    assert api.delete("projects/1/boards/2", "ada").status == 204
    assert names(api.get("projects/1/boards", "ada")) == ["Mine"]
    assert api.store[BoardList].where(board_id=1).count() == 0


# Lists


def test_lists_are_made_of_labels_milestones_iterations_and_users(api: Api) -> None:
    milestone = api.get("projects/1/milestones", "ada").json[0]
    made = api.post("projects/1/boards/2/lists", "rex", label_id=2)
    assert seen(made) == (201, {"id": 6, "label": DOC, "position": 0, **LIMITS})
    assert api.post("projects/1/boards/2/lists", "rex", milestone_id=milestone["id"]).json["milestone"] == milestone
    assert api.post("projects/1/boards/2/lists", "rex", iteration_id=1).json["iteration"]["title"] == "First"
    last = api.post("projects/1/boards/2/lists", "rex", assignee_id=4).json
    assert (last["assignee"]["username"], last["position"], last["label"]) == ("rex", 3, None)
    assert positions(api, "projects/1/boards/2") == [(6, 0), (9, 3), (7, 1), (8, 2)]
    assert api.post("groups/1/boards/3/lists", "rex", assignee_id=4).json["position"] == 1


@pytest.mark.parametrize(
    ("at", "given", "error"),
    [
        ("projects/1/boards/1", {"label_id": 99}, "Label not found"),
        ("groups/1/boards/3", {"label_id": 2}, "Label not found"),
        ("projects/1/boards/1", {"milestone_id": 99}, "Milestone not found"),
        ("projects/1/boards/1", {"iteration_id": 99}, "Iteration not found"),
        ("projects/1/boards/1", {"assignee_id": 6}, "Assignee not found"),
        ("projects/1/boards/1", {"label_id": 1}, "Label has already been taken"),
        ("projects/1/boards/1", {"milestone_id": 10001}, "Milestone has already been taken"),
        ("projects/1/boards/1", {"assignee_id": 2}, "User has already been taken"),
    ],
)
def test_a_list_of_what_is_not_there_or_has_one_is_refused(api: Api, at: str, given: Any, error: str) -> None:
    assert refused(api.post(f"{at}/lists", "ada", **given)) == {"error": error}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "are missing, exactly one parameter must be provided"),
        ({"label_id": 1, "assignee_id": 2}, "are mutually exclusive"),
    ],
)
def test_a_list_is_of_one_thing(api: Api, given: dict[str, int], told: str) -> None:
    answer = api.post("projects/1/boards/2/lists", "ada", **given)
    assert answer.status == 400
    assert told in answer.json["error"]


def test_lists_move_and_close_up(api: Api) -> None:
    assert positions(api) == [(1, 0), (2, 1), (4, 3), (3, 2)]
    moved = api.put("projects/1/boards/1/lists/1", "rex", position=2)
    assert seen(moved) == (200, {**OF_BUG, "position": 2})
    assert positions(api) == [(2, 0), (1, 2), (4, 3), (3, 1)]
    api.put("projects/1/boards/1/lists/4", "rex", position=0)
    assert positions(api) == [(2, 1), (1, 3), (4, 0), (3, 2)]
    assert api.delete("projects/1/boards/1/lists/4", "rex").status == 204
    assert positions(api) == [(2, 0), (1, 2), (3, 1)]
    assert [one["id"] for one in api.get("projects/1/boards/1", "gil").json["lists"]] == [2, 1, 3]


@pytest.mark.parametrize("position", [0, 4, -1])
def test_a_list_moves_only_to_another_place(api: Api, position: int) -> None:
    moved = api.put("projects/1/boards/1/lists/1", "ada", position=position)
    assert refused(moved) == {"error": "List could not be moved!"}


def test_lists_go_with_what_they_are_of(api: Api) -> None:
    milestone = api.get("projects/1/milestones", "ada").json[0]["id"]
    api.put("projects/1/boards/2", "ada", milestone_id=milestone)
    assert api.delete(f"projects/1/milestones/{milestone}", "ada").status == 204
    assert api.get("projects/1/boards/2", "ada").json["milestone"] is None
    assert api.delete("projects/1/labels/doc", "ada").status == 204
    assert positions(api) == [(1, 0), (4, 3)]
    assert api.get("projects/1/boards/2", "ada").json["labels"] == []
    api.delete("users/2?hard_delete=true")
    assert [one["id"] for one in api.get("projects/1/boards/1/lists", "gil").json] == [1]
    api.delete("groups/1/labels/bug")
    assert api.get("groups/1/boards", "gil").json[0]["lists"] == []


def test_lists_follow_what_is_promoted(api: Api) -> None:
    milestone = api.get("projects/1/milestones", "ada").json[0]["id"]
    api.put("projects/1/boards/2", "ada", milestone_id=milestone)
    assert api.post(f"projects/1/milestones/{milestone}/promote", "ada").status == 200
    promoted = api.get("groups/1/milestones", "ada").json[0]
    assert api.get("projects/1/boards/1/lists/3", "ada").json["milestone"] == promoted
    assert api.get("projects/1/boards/2", "ada").json["milestone"] == promoted
    label = api.put("projects/1/labels/doc/promote", "ada").json
    assert api.get("projects/1/boards/1/lists/2", "ada").json["label"]["id"] == label["id"]


# Refusals


WRITES = [
    ("POST", "boards", {"name": "x"}),
    ("PUT", "boards/{board}", {"name": "x"}),
    ("DELETE", "boards/{board}", {}),
    ("POST", "boards/{board}/lists", {"label_id": 1}),
    ("PUT", "boards/{board}/lists/{list}", {"position": 1}),
    ("DELETE", "boards/{board}/lists/{list}", {}),
]


@pytest.mark.parametrize(("method", "path", "given"), WRITES)
@pytest.mark.parametrize(("at", "board", "list_"), [("projects/1", 1, 1), ("groups/1", 3, 5)])
def test_writing_is_for_planners(
    api: Api, at: str, board: int, list_: int, method: str, path: str, given: dict[str, Any]
) -> None:
    to = f"{at}/{path.format(board=board, list=list_)}"
    assert seen(api.request(method, to, "gil", **given)) == (403, {"message": "403 Forbidden"})
    assert api.request(method, to, None, **given).status == 401
    assert api.request(method, to, "nora", **given).status == 404


def test_boards_are_closed_with_the_issues_and_missing_ones_not_found(api: Api) -> None:
    assert api.get("projects/1/boards", None).json == {"message": "401 Unauthorized"}
    for path in ("projects/1/boards/3", "groups/1/boards/1", "projects/1/boards/1/lists/5"):
        assert seen(api.get(path, "ada")) == (404, {"message": "404 Not found"})
    assert api.get("projects/1/boards/x", "ada").json == {"error": "board_id is invalid"}
    assert api.delete("projects/1/boards/99", "gil").status == 403
    assert api.put("projects/1/boards/1/lists/99", "gil", position=1).status == 404
    api.put("projects/1", "ada", issues_access_level="disabled")
    assert seen(api.get("projects/1/boards", "gil")) == (403, {"message": "403 Forbidden"})


@pytest.mark.parametrize(
    ("one", "told"),
    [
        ({}, "a list is of one thing"),
        ({"label": "x"}, "there is no label 'x'"),
        ({"label": "doc", "milestone": "1.0"}, "one"),
    ],
)
def test_a_list_in_a_scenario_that_is_of_nothing_is_refused(one: dict[str, str], told: str) -> None:
    world = planned()
    world["projects"][0]["boards"][0]["lists"] = [one]
    with pytest.raises(ScenarioError, match=told):
        Api(world)
