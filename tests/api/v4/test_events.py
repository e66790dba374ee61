from copy import deepcopy
from typing import Any

import pytest

from tests.support import WORLD, Api, names

PUSH = {
    "commit_count": 1,
    "action": "pushed",
    "ref_type": "branch",
    "commit_from": "50d4420237a9de7be1304607147aec22e4a14af7",
    "commit_to": "c5feabde2d8cd023215af4d2ceeb7a64839fc428",
    "ref": "main",
    "commit_title": "Start",
    "ref_count": None,
}


@pytest.fixture
def active() -> Api:
    """Rocket with two issues, the second confidential, a milestone, and seven events of bob's, one a day in April."""
    world: Any = deepcopy(WORLD)
    world["projects"][0]["milestones"] = [{"title": "1.0"}]
    world["projects"][0]["issues"] = [
        {"title": "One", "author": "ada"},
        {"title": "Two", "author": "ada", "confidential": True},
    ]
    events: list[dict[str, Any]] = [
        {},
        {"action": "joined"},
        {"issue": 1},
        {"action": "reopened", "issue": 1},
        {"action": "closed", "issue": 2},
        {"milestone": "1.0"},
        {"action": "pushed", "push_data": PUSH},
    ]
    world["projects"][0]["events"] = [
        {"author": "bob", "created_at": f"2024-04-0{day}T12:00:00Z", **event} for day, event in enumerate(events, 1)
    ]
    return Api(world)


def shown(answer: Any) -> list[tuple[str, str | None]]:
    return [(event["action_name"], event["target_title"]) for event in answer.json]


# Shape and words


def test_events_of_a_project_are_listed_the_newest_first(active: Api) -> None:
    answer = active.get("projects/1/events", "rex")
    assert shown(answer) == [
        ("pushed to", None),
        ("opened", "1.0"),
        ("closed", "Two"),
        ("opened", "One"),
        ("opened", "One"),
        ("joined", None),
        ("created", None),
    ]
    assert answer.headers["X-Total"] == "7"
    issue = active.get("projects/1/issues/1").json
    bob = active.get("users/3").json
    assert answer.json[4] == {
        "id": 3,
        "project_id": 1,
        "action_name": "opened",
        "target_id": issue["id"],
        "target_iid": 1,
        "target_type": "Issue",
        "author_id": 3,
        "target_title": "One",
        "created_at": "2024-04-03T12:00:00.000Z",
        "author": {key: bob[key] for key in issue["author"]},
        "imported": False,
        "imported_from": "none",
        "author_username": "bob",
    }


def test_a_push_shows_its_data(active: Api) -> None:
    event = active.get("projects/1/events").json[0]
    assert event["push_data"] == PUSH
    assert list(event)[-2:] == ["push_data", "author_username"]
    assert (event["target_type"], event["target_id"]) == (None, None)


@pytest.mark.parametrize(("action", "words"), [("created", "pushed new"), ("removed", "deleted")])
def test_what_is_pushed_decides_the_words(action: str, words: str) -> None:
    world: Any = deepcopy(WORLD)
    world["projects"][0]["events"] = [{"action": "pushed", "push_data": {**PUSH, "action": action}}]
    assert names(Api(world).get("projects/1/events"), "action_name") == [words]


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("merged", "accepted"),
        ("left", "left"),
        ("expired", "removed due to membership expiration from"),
        ("approved", "approved"),
    ],
)
def test_gitlab_has_words_of_its_own_for_actions(action: str, words: str) -> None:
    world: Any = deepcopy(WORLD)
    world["projects"][0]["events"] = [{"action": action}]
    assert names(Api(world).get("projects/1/events"), "action_name") == [words]


def test_a_comment_shows_the_note_and_what_it_is_on(active: Api) -> None:
    note = active.post("projects/1/issues/1/notes", "rex", body="Hello").json
    event = active.get("projects/1/events").json[0]
    assert (event["action_name"], event["target_type"], event["target_title"]) == ("commented on", "Note", "One")
    assert (event["target_id"], event["target_iid"]) == (note["id"], note["id"])
    assert event["note"]["body"] == "Hello"
    assert list(event)[9:11] == ["note", "author"]
    assert len(active.get("projects/1/events", target_type="note").json) == 1


def test_titles_are_those_of_now(active: Api) -> None:
    active.put("projects/1/issues/1", title="Renamed")
    assert ("opened", "Renamed") in shown(active.get("projects/1/events"))


def test_imported_is_told_since_17_0() -> None:
    world: Any = {**deepcopy(WORLD), "gitlab": {"version": "16.0.0"}}
    world["projects"][0]["events"] = [{}]
    assert "imported" not in Api(world).get("projects/1/events").json[0]


# Filters


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"action": "created"}, [6, 3, 1]),
        ({"action": "reopened"}, [4]),
        ({"action": "pushed"}, [7]),
        ({"target_type": "issue"}, [5, 4, 3]),
        ({"target_type": "milestone"}, [6]),
        ({"target_type": "merge_request"}, []),
        ({"action": "closed", "target_type": "issue"}, [5]),
        ({"before": "2024-04-03"}, [2, 1]),
        ({"after": "2024-04-05"}, [7, 6]),
        ({"after": "2024-04-02", "before": "2024-04-04"}, [3]),
        ({"sort": "asc"}, [1, 2, 3, 4, 5, 6, 7]),
        ({"sort": "desc", "per_page": "2"}, [7, 6]),
    ],
)
def test_events_are_filtered(active: Api, filters: dict[str, str], ids: list[int]) -> None:
    for path in ("projects/1/events", "users/3/events"):
        assert names(active.get(path, "rex", **filters), "id") == ids
    assert names(active.get("events", "bob", **filters), "id") == ids


@pytest.mark.parametrize(
    ("filters", "error"),
    [
        ({"action": "opened"}, "action does not have a valid value"),
        ({"target_type": "Issue"}, "target_type does not have a valid value"),
        ({"sort": "up"}, "sort does not have a valid value"),
        ({"before": "soon"}, "before is invalid"),
        ({"after": "soon"}, "after is invalid"),
    ],
)
def test_filters_that_make_no_sense_are_refused(active: Api, filters: dict[str, str], error: str) -> None:
    answer = active.get("events", **filters)
    assert (answer.status, answer.json) == (400, {"error": error})


# Who sees what


def test_events_on_hidden_issues_are_left_out(active: Api) -> None:
    active.post("projects/1/issues/2/notes", "rex", body="Secret")
    active.post("projects/1/issues/1/notes", "rex", body="Internal", internal=True)
    titles = [title for _, title in shown(active.get("projects/1/events", "gil"))]
    assert titles == [None, "1.0", "One", "One", None, None]
    assert len(active.get("projects/1/events", "rex").json) == 9
    assert len(active.get("projects/1/events", "ada").json) == 9


def test_events_of_closed_features_are_left_out() -> None:
    world: Any = deepcopy(WORLD)
    world["projects"][1] |= {"issues_access_level": "private", "repository_access_level": "private"}
    world["projects"][1]["issues"] = [{"title": "Hidden"}]
    world["projects"][1]["events"] = [{"issue": 1}, {"action": "pushed", "push_data": PUSH}, {"action": "joined"}]
    api = Api(world)
    assert names(api.get("projects/2/events", "nora"), "action_name") == ["joined"]
    assert names(api.get("projects/2/events", None), "action_name") == ["joined"]
    assert len(api.get("projects/2/events", "root").json) == 3


def test_events_of_a_project_are_for_whoever_sees_it(active: Api) -> None:
    assert active.get("projects/2/events", None).json == []
    for as_ in ("nora", None):
        answer = active.get("projects/1/events", as_)
        assert (answer.status, answer.json) == (404, {"message": "404 Project Not Found"})


def test_ones_own_events_need_a_user(active: Api) -> None:
    assert active.get("events", None).json == {"message": "401 Unauthorized"}
    assert len(active.get("events", "bob").json) == 7
    assert active.get("events", "ada").json == []


def test_the_scope_all_is_of_the_users_projects(active: Api) -> None:
    active.post("projects/2/issues", "nora", title="Elsewhere")
    assert len(active.get("events", "ada", scope="all").json) == 7
    assert active.get("events", "nora", scope="all").json == []
    assert shown(active.get("events", "nora", scope="mine")) == [("opened", "Elsewhere")]


def test_events_of_a_user_are_found_by_id_and_username(active: Api) -> None:
    assert len(active.get("users/bob/events", "rex").json) == 7
    assert active.get("users/3/events", "rex").json == active.get("users/bob/events", "rex").json
    assert active.get("users/bob/events", "nora").json == []
    assert active.get("users/bob/events", None).json == []
    answer = active.get("users/nobody/events", None)
    assert (answer.status, answer.json) == (404, {"message": "404 User Not Found"})


def test_events_of_a_private_profile_are_the_users_own_and_the_administrators() -> None:
    world: Any = deepcopy(WORLD)
    world["users"][2]["private_profile"] = True
    world["projects"][0]["events"] = [{"author": "bob"}]
    api = Api(world)
    assert api.get("users/bob/events", "ada").json == []
    assert len(api.get("users/bob/events", "bob").json) == 1
    assert len(api.get("users/bob/events", "root").json) == 1


# What makes them


def test_what_happens_to_issues_moves_the_activity_of_the_project_on(active: Api) -> None:
    active.store.set_clock("2024-05-02T00:00:00Z")
    active.post("projects/1/issues", "ada", title="New")
    active.put("projects/1/issues/3", "ada", state_event="close")
    assert shown(active.get("events", "ada")) == [("closed", "New"), ("opened", "New")]
    assert active.get("projects/1").json["last_activity_at"] == "2024-05-02T00:00:00.000Z"


def test_labels_titles_and_to_do_items_make_no_events(active: Api) -> None:
    active.put("projects/1/issues/1", "ada", title="Other", labels="new", assignee_ids=[3])
    active.post("todos/mark_as_done", "ada")
    assert active.get("events", "ada").json == []
