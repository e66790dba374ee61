from typing import Any

import pytest

from tests.issue_world import issue_api, world
from tests.support import Api, names

ISSUES = "projects/1/issues"
EVENTS = f"{ISSUES}/1/resource_iteration_events"


def iterating(**gitlab: Any) -> Api:
    """The world with issues; acme has a past, a current and two coming iterations, acme/labs one of its own."""
    made = world(gitlab=gitlab)
    made["groups"][0]["iterations"] = [
        {"title": "Past", "start_date": "2024-04-01", "due_date": "2024-04-14"},
        {"title": "Now", "start_date": "2024-04-29", "due_date": "2024-05-12", "description": "Hurry"},
        {"start_date": "2024-05-13", "due_date": "2024-05-26"},
        {"title": "Then", "start_date": "2024-05-27", "due_date": "2024-06-09"},
    ]
    made["groups"][1]["iterations"] = [{"title": "Lab", "start_date": "2024-05-01", "due_date": "2024-05-07"}]
    made["projects"][0]["issues"][1]["iteration"] = "Then"
    return Api(made)


@pytest.fixture
def api() -> Api:
    return iterating()


def iids(api: Api, **given: Any) -> list[int]:
    return sorted(names(api.get(ISSUES, "ada", **given), "iid"))


def write(api: Api, body: str, as_: str = "bob") -> tuple[int, Any]:
    answer = api.post(f"{ISSUES}/1/notes", as_, body=body)
    return answer.status, answer.json


def said(summary: str) -> tuple[int, Any]:
    return 202, {"commands_changes": {}, "summary": [summary]}


# Lists


def test_an_iteration_is_shown_with_all_its_fields(api: Api) -> None:
    assert api.get("groups/acme/iterations", "gil", state="current").json == [
        {
            "id": 10002,
            "iid": 2,
            "sequence": 2,
            "group_id": 1,
            "title": "Now",
            "description": "Hurry",
            "state": 2,
            "created_at": "2024-05-01T09:00:00.000Z",
            "updated_at": "2024-05-01T09:00:00.000Z",
            "start_date": "2024-04-29",
            "due_date": "2024-05-12",
            "web_url": "http://localhost/groups/acme/-/iterations/10002",
        }
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["Past", "Now", None, "Then"]),
        ({"state": "all"}, ["Past", "Now", None, "Then"]),
        ({"state": "opened"}, ["Now", None, "Then"]),
        ({"state": "upcoming"}, [None, "Then"]),
        ({"state": "started"}, ["Now"]),
        ({"state": "closed"}, ["Past"]),
        ({"search": "the"}, ["Then"]),
        ({"search": "the", "in[]": "cadence_title"}, []),
        ({"include_descendants": "true"}, ["Past", "Lab", "Now", None, "Then"]),
        ({"updated_before": "2024-01-01T00:00:00Z"}, []),
    ],
)
def test_the_iterations_of_a_group_are_narrowed(api: Api, given: dict[str, str], expected: list[str | None]) -> None:
    assert names(api.get("groups/acme/iterations", "gil", **given), "title") == expected
    assert names(api.get("projects/1/iterations", "gil", **given), "title") == expected


def test_those_of_the_groups_above_are_left_out_when_asked(api: Api) -> None:
    assert names(api.get("groups/acme%2Flabs/iterations", "ada"), "title") == ["Past", "Lab", "Now", None, "Then"]
    assert names(api.get("groups/acme%2Flabs/iterations", "ada", include_ancestors="false"), "title") == ["Lab"]


def test_the_projects_of_persons_have_none(api: Api) -> None:
    assert api.get("projects/3/iterations", "ada").json == []


def test_the_community_edition_has_no_iterations() -> None:
    assert iterating(edition="ce").get("groups/acme/iterations").status == 404


def test_the_clock_moves_iterations_on(api: Api) -> None:
    api.server.advance("14d")
    assert names(api.get("groups/acme/iterations", state="closed"), "title") == ["Past", "Now"]


# Issues


def test_an_issue_shows_its_iteration(api: Api) -> None:
    listed = api.get("groups/acme/iterations").json[-1]
    assert api.get(f"{ISSUES}/2").json["iteration"] == listed
    assert api.get(f"{ISSUES}/1").json["iteration"] is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"iteration_id": "10004"}, [2]),
        ({"iteration_id": "None"}, [3, 4, 5]),
        ({"iteration_id": "any"}, [1, 2]),
        ({"iteration_id": "Current"}, [1]),
        ({"iteration_title": "Then"}, [2]),
        ({"not[iteration_id]": "10004"}, [1, 3, 4, 5]),
        ({"not[iteration_id]": "Current"}, [2, 3, 4, 5]),
        ({"not[iteration_id]": "None"}, [1, 2]),
        ({"not[iteration_title]": "Now"}, [2, 3, 4, 5]),
    ],
)
def test_issues_are_found_by_their_iteration(api: Api, given: dict[str, str], expected: list[int]) -> None:
    write(api, "/iteration --current")
    assert iids(api, **given) == expected


@pytest.mark.parametrize(
    ("argument", "number"),
    [('*iteration:"Now"', 10002), ("*iteration:Then", 10004), ("*iteration:10003", 10003), ("Now", 10002)],
)
def test_a_quick_action_names_an_iteration(api: Api, argument: str, number: int) -> None:
    assert write(api, f"/iteration {argument}") == said(f"Set the iteration to *iteration:{number}.")
    assert api.get(f"{ISSUES}/1").json["iteration"]["id"] == number


def test_changes_of_the_iteration_are_recorded(api: Api) -> None:
    assert write(api, "/iteration --current") == said("Set the iteration to *iteration:10002.")
    assert write(api, "/iteration --next") == said("Set the iteration to *iteration:10003.")
    assert write(api, "/remove_iteration") == said("Removed *iteration:10003 iteration.")
    write(api, "/iteration --current")
    assert write(api, "/remove_iteration") == said('Removed *iteration:"Now" iteration.')
    events = api.get(EVENTS, "gil").json
    assert [(one["action"], one["iteration"]["id"]) for one in events] == [
        ("add", 10002),
        ("add", 10003),
        ("remove", 10003),
        ("add", 10002),
        ("remove", 10002),
    ]
    assert list(events[0]) == ["id", "user", "created_at", "resource_type", "resource_id", "iteration", "action"]
    assert (events[0]["user"]["username"], events[0]["resource_type"]) == ("bob", "Issue")
    assert api.get(f"{EVENTS}/{events[1]['id']}", "gil").json == events[1]


def test_what_is_over_or_unknown_is_no_iteration_to_set(api: Api) -> None:
    failed = (400, {"message": "400 Bad request - Failed to apply commands."})
    assert write(api, "/iteration *iteration:Past") == failed
    assert write(api, "/iteration *iteration:99") == failed
    assert write(api, "/remove_iteration") == said("Could not apply remove_iteration command.")


def test_where_there_are_no_iterations_none_is_set() -> None:
    api = issue_api()
    assert write(api, "/iteration --current") == said("Could not apply iteration command.")


def test_a_scenario_with_an_odd_iteration_is_refused() -> None:
    made = world()
    made["groups"][0]["iterations"] = [{"title": "Odd", "start_date": "2024-05-02", "due_date": "2024-05-01"}, {}]
    with pytest.raises(Exception, match="must not be before start_date, 2024-05-02") as refused:
        Api(made)
    assert "is missing: an iteration needs one" in str(refused.value)
