from copy import deepcopy
from typing import Any

import pytest

from tests.api.v4.planning import id_of, milestone
from tests.support import WORLD, Api, names

# Lists


def test_milestones_of_a_project_are_listed_by_due_date_those_without_last(planned: Api) -> None:
    answer = planned.get("projects/1/milestones", "gil")
    assert names(answer, "title") == ["0.9", "1.0", "Later"]
    assert answer.headers["X-Total"] == "3"
    first = answer.json[1]
    dates = {"start_date": "2024-04-01", "due_date": "2024-06-01"}
    assert first == milestone(first["id"], 1, "1.0", description="First release", **dates)
    assert list(first) == list(milestone(1, 1, ""))


def test_of_milestones_due_on_one_day_the_newest_comes_first(api: Api) -> None:
    for title in ("a", "b"):
        api.post("projects/1/milestones", title=title, due_date="2024-06-01")
    assert names(api.get("projects/1/milestones"), "title") == ["b", "a"]


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ({"state": "active"}, ["1.0", "Later"]),
        ({"state": "closed"}, ["0.9"]),
        ({"state": "all"}, ["0.9", "1.0", "Later"]),
        ({"iids[]": ["1", "3"]}, ["1.0", "Later"]),
        ({"iids": "1,2"}, ["0.9", "1.0"]),
        ({"title": "Later"}, ["Later"]),
        ({"title": "later"}, []),
        ({"search": "RELEASE"}, ["1.0"]),
        ({"search": "lat"}, ["Later"]),
        ({"search_title": "release"}, []),
        ({"search_title": "0"}, ["0.9", "1.0"]),
        ({"updated_before": "2024-02-01T00:00:00Z"}, ["0.9"]),
        ({"updated_after": "2024-02-01"}, ["1.0", "Later"]),
        ({"include_ancestors": "true"}, ["0.9", "1.0", "Year", "Later"]),
        ({"include_parent_milestones": "true"}, ["0.9", "1.0", "Year", "Later"]),
        ({"include_ancestors": "true", "iids": "3"}, ["0.9", "1.0", "Year", "Later"]),
    ],
)
def test_milestones_are_filtered(planned: Api, filters: dict[str, Any], titles: list[str]) -> None:
    assert names(planned.get("projects/1/milestones", **filters), "title") == titles


@pytest.mark.parametrize(
    ("filters", "error"),
    [
        ({"state": "open"}, "state does not have a valid value"),
        ({"updated_before": "soon"}, "updated_before is invalid"),
        (
            {"include_ancestors": "true", "include_parent_milestones": "true"},
            "include_ancestors, include_parent_milestones are mutually exclusive",
        ),
    ],
)
def test_filters_that_make_no_sense_are_refused(planned: Api, filters: dict[str, str], error: str) -> None:
    answer = planned.get("projects/1/milestones", **filters)
    assert (answer.status, answer.json) == (400, {"error": error})


def test_milestones_need_a_user(api: Api) -> None:
    assert api.get("projects/2/milestones", None).json == {"message": "401 Unauthorized"}
    assert api.get("projects/1/milestones", "nora").json == {"message": "404 Project Not Found"}


def test_milestones_need_issues_or_merge_requests() -> None:
    world: Any = deepcopy(WORLD)
    world["projects"][1] |= {"issues_access_level": "disabled", "merge_requests_access_level": "private"}
    api = Api(world)
    answer = api.get("projects/2/milestones", "nora")
    assert (answer.status, answer.json) == (403, {"message": "403 Forbidden"})


# One milestone


def test_a_milestone_is_found_by_its_id(planned: Api) -> None:
    later = id_of(planned, "Later")
    assert planned.get(f"projects/1/milestones/{later}").json == milestone(later, 3, "Later")


def test_a_milestone_of_the_group_or_an_iid_is_not_found(planned: Api) -> None:
    for value in (id_of(planned, "Year"), 3):
        answer = planned.get(f"projects/1/milestones/{value}")
        assert (answer.status, answer.json) == (404, {"message": "404 Not found"})
    assert planned.get("projects/1/milestones/x").json == {"error": "milestone_id is invalid"}


def test_a_milestone_expires_by_the_clock(planned: Api) -> None:
    def expired() -> dict[str, bool]:
        return {one["title"]: one["expired"] for one in planned.get("projects/1/milestones").json}

    assert expired() == {"0.9": True, "1.0": False, "Later": False}
    planned.store.set_clock("2024-06-01T23:00:00Z")
    assert expired()["1.0"] is False
    planned.store.set_clock("2024-06-02T00:00:00Z")
    assert expired()["1.0"] is True
    assert planned.get("projects/1/issues/1").json["milestone"]["expired"] is True


# Issues and merge requests


def test_issues_of_a_milestone_are_listed_by_label_priority(planned: Api) -> None:
    path = f"projects/1/milestones/{id_of(planned, '1.0')}/issues"
    assert names(planned.get(path, "rex"), "title") == ["Two", "One"]
    assert names(planned.get(path, "gil"), "title") == ["One"]
    assert "subscribed" not in planned.get(path).json[0]


def test_a_milestone_has_no_merge_requests_yet(planned: Api) -> None:
    answer = planned.get(f"projects/1/milestones/{id_of(planned, '1.0')}/merge_requests")
    assert (answer.status, answer.json, answer.headers["X-Total"]) == (200, [], "0")


# Burndown charts


def test_a_burndown_chart_tells_when_issues_were_created_closed_and_reopened(planned: Api) -> None:
    path = f"projects/1/milestones/{id_of(planned, '1.0')}/burndown_events"
    planned.store.set_clock("2024-05-02T09:00:00Z")
    planned.put("projects/1/issues/1", state_event="close")
    planned.store.set_clock("2024-05-03T09:00:00Z")
    planned.put("projects/1/issues/1", state_event="reopen")
    assert planned.get(path, "gil").json == [
        {"created_at": "2024-05-01T09:00:00.000Z", "weight": 2, "action": "created"},
        {"created_at": "2024-05-02T09:00:00.000Z", "weight": 2, "action": "closed"},
        {"created_at": "2024-05-03T09:00:00.000Z", "weight": 2, "action": "reopened"},
    ]


def test_an_issue_closed_nobody_knows_when_counts_as_closed_at_the_start(planned: Api) -> None:
    events = planned.get(f"groups/1/milestones/{id_of(planned, 'Year')}/burndown_events").json
    assert [(event["action"], event["created_at"]) for event in events] == [
        ("created", "2024-05-01T09:00:00.000Z"),
        ("closed", "2024-01-01T00:00:00.000Z"),
    ]


def test_without_both_dates_there_is_no_burndown_chart(planned: Api) -> None:
    assert planned.get(f"projects/1/milestones/{id_of(planned, 'Later')}/burndown_events").json == []
    community = Api({**deepcopy(WORLD), "gitlab": {"edition": "ce"}})
    assert community.get("projects/1/milestones/1/burndown_events").json == {"error": "404 Not Found"}


# Scenarios


def test_a_scenario_says_what_is_wrong_with_milestones() -> None:
    world: Any = deepcopy(WORLD)
    world["groups"][0]["milestones"] = [{"title": "1.0"}]
    world["projects"][0]["milestones"] = [
        {"title": "1.0"},
        {"description": "?"},
        {"title": "x", "start_date": "2024-06-01", "due_date": "2024-06-01"},
    ]
    with pytest.raises(Exception, match="milestone") as refused:
        Api(world)
    text = str(refused.value)
    assert "is missing: a milestone needs one" in text
    assert "must be after start_date, 2024-06-01" in text


def test_the_milestones_of_an_archived_project_stay_as_they_are() -> None:
    api = Api()
    made = api.post("projects/1/milestones", "ada", title="One").json
    assert api.post("projects/1/archive").status == 201
    refused = api.post("projects/1/milestones", "ada", title="Two")
    assert (refused.status, refused.headers["X-Mockgitlab-Reason"]) == (403, "acme/rocket is archived")
    assert api.put(f"projects/1/milestones/{made['id']}", "ada", title="Two").status == 403
    assert api.delete(f"projects/1/milestones/{made['id']}", "ada").status == 403
    assert api.get(f"projects/1/milestones/{made['id']}", "ada").json["title"] == "One"
