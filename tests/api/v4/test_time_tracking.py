from datetime import timedelta
from typing import Any

import pytest

from tests.issue_world import remarks, world
from tests.support import Answer, Api

ISSUE = "projects/1/issues/1"
pytestmark = pytest.mark.mockgitlab(scenario=world())


def post(api: Api, name: str, as_: str | None = "rex", **given: Any) -> Answer:
    return api.post(f"{ISSUE}/{name}", as_, **given)


def stats(estimate: int, spent: int, told: str | None, told_spent: str | None) -> dict[str, Any]:
    return {
        "time_estimate": estimate,
        "total_time_spent": spent,
        "human_time_estimate": told,
        "human_total_time_spent": told_spent,
    }


def test_an_estimate_is_set_changed_and_reset(api: Api) -> None:
    answer = post(api, "time_estimate", duration="1w 4d 5h")
    assert (answer.status, answer.json) == (200, stats(277_200, 0, "1w 4d 5h", None))
    assert post(api, "time_estimate", duration="1h").json == stats(3_600, 0, "1h", None)
    answer = post(api, "reset_time_estimate")
    assert (answer.status, answer.json) == (200, stats(0, 0, None, None))
    assert remarks(api, 1) == [
        "added time estimate of 1w 4d 5h",
        "changed time estimate to 1h from 1w 4d 5h",
        "removed time estimate of 1h",
    ]


def test_spent_time_adds_up_and_is_reset(api: Api) -> None:
    answer = post(api, "add_spent_time", duration="2h 30m", summary="digging")
    assert (answer.status, answer.json) == (201, stats(0, 9_000, None, "2h 30m"))
    assert post(api, "add_spent_time", duration="-1h").json == stats(0, 5_400, None, "1h 30m")
    assert api.get(f"{ISSUE}/time_stats", "gil").json == stats(0, 5_400, None, "1h 30m")
    assert api.get(ISSUE).json["time_stats"] == stats(0, 5_400, None, "1h 30m")
    answer = post(api, "reset_spent_time")
    assert (answer.status, answer.json) == (200, stats(0, 0, None, None))
    assert remarks(api, 1) == [
        "added 2h 30m of time spent at 2024-05-01 09:00:00 UTC",
        "subtracted 1h of time spent at 2024-05-01 09:00:00 UTC",
        "removed time spent",
    ]


@pytest.mark.parametrize("name", ["time_estimate", "add_spent_time"])
def test_tracking_time_is_a_change_of_the_issue(api: Api, name: str) -> None:
    api.store.advance_clock(timedelta(hours=1))
    post(api, name, duration="1h")
    assert api.get(ISSUE).json["updated_at"] == "2024-05-01T10:00:00.000Z"


@pytest.mark.parametrize(
    ("name", "duration", "message"),
    [
        (
            "time_estimate",
            "soon",
            {"time_estimate": ["must have a valid format and be greater than or equal to zero."]},
        ),
        ("time_estimate", "-1h", {"time_estimate": ["must have a valid format and be greater than or equal to zero."]}),
        ("add_spent_time", "soon", {"timelogs.time_spent": ["can't be blank"]}),
        ("add_spent_time", "0h", {"timelogs.time_spent": ["can't be blank"]}),
        ("add_spent_time", "-2h", {"base": ["Time to subtract exceeds the total time spent"]}),
    ],
)
def test_a_duration_that_makes_no_sense_is_refused(api: Api, name: str, duration: str, message: Any) -> None:
    post(api, "add_spent_time", duration="1h")
    answer = post(api, name, duration=duration)
    assert (answer.status, answer.json) == (400, {"message": message})
    assert api.get(f"{ISSUE}/time_stats").json == stats(0, 3_600, None, "1h")


def test_a_duration_must_be_given(api: Api) -> None:
    for name in ("time_estimate", "add_spent_time"):
        assert post(api, name).json == {"message": '400 (Bad request) "duration" not given'}


def test_time_is_tracked_by_planners_and_seen_by_readers(api: Api) -> None:
    for name in ("time_estimate", "reset_time_estimate", "add_spent_time", "reset_spent_time"):
        assert post(api, name, "gil", duration="1h").json == {"message": "403 Forbidden"}
        assert post(api, name, None, duration="1h").status == 401
        assert post(api, name, "nora", duration="1h").status == 404
    assert api.get("projects/2/issues/1/time_stats", None).json == stats(0, 0, None, None)
    assert api.get("projects/2/issues/2/time_stats", None).json == {"message": "404 Not found"}
