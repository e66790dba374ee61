from datetime import timedelta
from typing import Any

import pytest

from mockgitlab.scenario.problems import ScenarioError
from tests.api.services.test_ci_variables import api_with
from tests.api.services.test_pipelines import commit
from tests.api.v4.test_merge_request_pipelines import statuses
from tests.support import WORLD, Api, names, refused, seen

AT = "projects/1/freeze_periods"
WEEKEND = {"freeze_start": "0 23 * * 5", "freeze_end": "0 7 * * 1"}
SHOWN = {
    "id": 1,
    **WEEKEND,
    "cron_timezone": "UTC",
    "created_at": "2024-05-01T09:00:00.000Z",
    "updated_at": "2024-05-01T09:00:00.000Z",
}


def test_a_freeze_period_is_made_shown_changed_and_deleted(api: Api) -> None:
    assert seen(api.post(AT, "ada", **WEEKEND)) == (201, SHOWN)
    assert seen(api.get(f"{AT}/1", "rex")) == (200, SHOWN)
    api.store.advance_clock(timedelta(hours=1))
    news = {"freeze_end": "0 8 * * mon", "cron_timezone": "Europe/Berlin"}
    changed = {**SHOWN, **news, "updated_at": "2024-05-01T10:00:00.000Z"}
    assert seen(api.put(f"{AT}/1", "ada", **news)) == (200, changed)
    since = {"If-Unmodified-Since": "Wed, 01 May 2024 09:30:00 GMT"}
    assert api.request("DELETE", f"{AT}/1", "ada", headers=since).status == 412
    assert api.delete(f"{AT}/1", "ada").status == 204
    assert seen(api.get(f"{AT}/1", "ada")) == (404, {"message": "404 Not found"})


def test_freeze_periods_are_listed_the_oldest_first(api: Api) -> None:
    for number in range(3):
        api.post(AT, "ada", **{**WEEKEND, "freeze_start": f"{number} 23 * * 5"})
    assert names(api.get(AT, "rex"), "id") == [1, 2, 3]


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"freeze_end": "0 0 0 * *"}, {"freeze_end": [" is invalid syntax"]}),
        ({"freeze_start": " "}, {"freeze_start": [" is invalid syntax", "can't be blank"]}),
        ({"cron_timezone": "Nowhere"}, {"cron_timezone": ["syntax is invalid"]}),
        ({"cron_timezone": ""}, {"cron_timezone": ["can't be blank"]}),
    ],
)
def test_what_is_no_freeze_period(api: Api, given: dict[str, Any], problems: Any) -> None:
    assert refused(api.post(AT, "ada", **{**WEEKEND, **given})) == problems
    api.post(AT, "ada", **WEEKEND)
    assert refused(api.put(f"{AT}/1", "ada", **given)) == problems


def test_start_and_end_are_required(observing: Api) -> None:
    assert observing.post(AT, "ada", freeze_start="0 23 * * 5").json == {"error": "freeze_end is missing"}


def test_reporters_read_and_maintainers_write(api: Api) -> None:
    api.post(AT, "ada", **WEEKEND)
    for path in (AT, f"{AT}/1", f"{AT}/9"):
        assert [api.get(path, who).status for who in ("gil", "nora", None)] == [403, 404, 401]
    assert api.post(AT, "bob", **WEEKEND).status == 403
    for method in ("PUT", "DELETE"):
        assert [api.request(method, f"{AT}/{id}", "bob").status for id in (1, 9)] == [403, 403]


def test_freeze_periods_of_scenarios() -> None:
    rocket = {"path": "acme/rocket", "freeze_periods": [WEEKEND]}
    assert Api({**WORLD, "projects": [rocket]}).get(AT, "ada").json == [SHOWN]
    with pytest.raises(ScenarioError, match="is invalid syntax"):
        Api({**WORLD, "projects": [{**rocket, "freeze_periods": [{**WEEKEND, "freeze_end": "soon"}]}]})


@pytest.mark.parametrize(("start", "frozen"), [("0 8 * * *", True), ("0 10 * * *", False)])
def test_pipelines_know_whether_their_project_is_frozen(start: str, frozen: bool) -> None:
    api = api_with("ship: {script: ship, rules: [{if: $CI_DEPLOY_FREEZE == null}]}\nrest: {script: rest}\n")
    api.post(AT, "ada", freeze_start=start, freeze_end="0 12 * * *")
    made = [name for name, _ in statuses(api, commit(api))]
    assert ("ship" in made) is not frozen
