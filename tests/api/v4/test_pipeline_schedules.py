from datetime import timedelta
from typing import Any

import pytest

from mockgitlab.scenario.problems import ScenarioError
from tests.api.v4.repositories import TAGS, world
from tests.support import Api, names, refused, seen

AT = "projects/1/pipeline_schedules"
CONFIG = """
rest: {script: rest}
night: {script: night, rules: [{if: $CI_PIPELINE_SOURCE == "schedule" && $SCOPE == "all"}]}
"""
NIGHTLY = {"description": "Nightly", "ref": "main", "cron": "0 1 * * 5"}
BEGIN = {"message": "Begin", "date": "2024-04-01T10:00:00Z", "files": {".gitlab-ci.yml": CONFIG}}
BRANCHES = {"main": {"commits": [BEGIN]}, "v1.0": {"from": "main"}}


def api_with(settings: Any = None, members: Any = None, repository: Any = None, **project: Any) -> Api:
    """Return a world whose project has a configuration; bob is a developer there, ada owns it."""
    code = {"branches": BRANCHES, "tags": {**TAGS, "v2.0": "main"}, "protected": False, **(repository or {})}
    code["tags"] = {"v1.0": "main", "v2.0": "main"}
    made = world(code, **project, **({"members": members} if members else {}))
    return Api({**made, "gitlab": settings or {}})


@pytest.fixture
def schedules() -> Api:
    """Rocket with a schedule of bob's."""
    api = api_with(members={"rex": "maintainer"})
    assert api.post(AT, "bob", **NIGHTLY).status == 201
    return api


def move(api: Api, **by: int) -> None:
    """Let the clock move, and what is due be done."""
    answer = api.server.app.test_client().post("/_mockgitlab/clock", json={"advance": f"{timedelta(**by).days}d"})
    assert answer.status_code == 200, answer.text


def pipelines(api: Api) -> list[dict[str, Any]]:
    return [one for one in api.server.state().get("Pipeline", []) if one["source"] == "schedule"]


def test_a_schedule_is_made_shown_changed_and_deleted() -> None:
    api = api_with()
    made = api.post(AT, "bob", **NIGHTLY)
    shown = {
        "id": 1,
        "description": "Nightly",
        "ref": "refs/heads/main",
        "cron": "0 1 * * 5",
        "cron_timezone": "UTC",
        "next_run_at": "2024-05-03T01:00:00.000Z",
        "active": True,
        "created_at": "2024-05-01T09:00:00.000Z",
        "updated_at": "2024-05-01T09:00:00.000Z",
        "owner": made.json["owner"],
    }
    assert made.json["owner"]["username"] == "bob"
    assert seen(made) == (201, {**shown, "last_pipeline": None})
    assert seen(api.get(f"{AT}/1", "bob")) == (200, {**shown, "last_pipeline": None, "variables": []})
    assert seen(api.get(AT, "bob")) == (200, [shown])
    api.store.advance_clock(timedelta(hours=1))
    news = {"cron": "0 2 * * *", "cron_timezone": "Asia/Tokyo", "active": False, "description": "Daily"}
    changed = {**shown, **news, "next_run_at": "2024-05-01T17:00:00.000Z", "updated_at": "2024-05-01T10:00:00.000Z"}
    assert seen(api.put(f"{AT}/1", "bob", **news)) == (200, {**changed, "last_pipeline": None})
    since = {"If-Unmodified-Since": "Wed, 01 May 2024 09:30:00 GMT"}
    assert api.request("DELETE", f"{AT}/1", "bob", headers=since).status == 412
    assert api.delete(f"{AT}/1", "bob").status == 204
    assert seen(api.get(f"{AT}/1", "bob")) == (404, {"message": "404 Pipeline Schedule Not Found"})


def test_schedules_are_listed_the_newest_first(schedules: Api) -> None:
    schedules.post(AT, "bob", **NIGHTLY, active=False)
    assert names(schedules.get(AT, "bob"), "id") == [2, 1]
    assert names(schedules.get(AT, "bob", scope="active"), "id") == [1]
    assert names(schedules.get(AT, "bob", scope="inactive"), "id") == [2]
    assert schedules.get(AT, "bob", scope="x").json == {"error": "scope does not have a valid value"}


@pytest.mark.parametrize(
    ("ref", "whole"),
    [("main", "refs/heads/main"), ("v2.0", "refs/tags/v2.0"), ("refs/tags/v1.0", "refs/tags/v1.0")],
)
def test_refs_are_written_out(schedules: Api, ref: str, whole: str) -> None:
    assert schedules.post(AT, "bob", **{**NIGHTLY, "ref": ref}).json["ref"] == whole


def test_older_instances_keep_refs_as_they_are() -> None:
    assert api_with({"version": "16.11.0"}).post(AT, "bob", **NIGHTLY).json["ref"] == "main"


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"cron": "invalid-cron"}, {"cron": [" is invalid syntax"]}),
        ({"cron": " "}, {"cron": [" is invalid syntax", "can't be blank"]}),
        ({"cron_timezone": "Nowhere"}, {"cron_timezone": [" is invalid syntax"]}),
        ({"cron_timezone": ""}, {"cron_timezone": ["can't be blank"]}),
        ({"description": " "}, {"description": ["can't be blank"]}),
        ({"ref": "invalid-ref"}, {"ref": ["is ambiguous"]}),
        ({"ref": "v1.0"}, {"ref": ["is ambiguous"]}),
    ],
)
def test_what_is_no_schedule(schedules: Api, given: dict[str, Any], problems: Any) -> None:
    assert refused(schedules.post(AT, "bob", **{**NIGHTLY, **given})) == problems
    assert refused(schedules.put(f"{AT}/1", "bob", **given)) == problems


def test_what_is_required(schedules: Api) -> None:
    assert refused(schedules.post(AT, "bob")) == '400 (Bad request) "description" not given'
    assert schedules.post(AT, "bob", **{**NIGHTLY, "ref": ""}).json == {"error": "ref is empty"}


def test_a_project_has_ten_schedules_at_most() -> None:
    api = api_with(pipeline_schedules=[{"description": "{n}", "cron": "@daily", "repeat": 10}])
    told = {"base": ["Maximum number of ci pipeline schedules (10) exceeded"]}
    assert refused(api.post(AT, "bob", **NIGHTLY)) == told


def test_a_live_gitlab_runs_schedules_when_it_looks_for_them() -> None:
    api = api_with({"errors": "observed"})
    assert api.post(AT, "bob", **NIGHTLY).json["next_run_at"] == "2024-05-03T01:03:00.000Z"
    often = api.post(AT, "bob", **{**NIGHTLY, "cron": "3 * * * *"}).json["next_run_at"]
    assert often == "2024-05-01T09:03:00.000Z"


# Who may


def test_reporters_read_and_developers_write(schedules: Api) -> None:
    for path in (AT, f"{AT}/1"):
        expected = [200, 404, 401]
        assert [schedules.get(path, who).status for who in ("bob", "nora", None)] == expected
    assert "variables" in schedules.get(f"{AT}/1", "rex").json
    assert schedules.post(AT, "gil", **NIGHTLY).status == 403


def test_only_the_owner_changes_a_schedule_and_maintainers_may_take_it(schedules: Api) -> None:
    assert schedules.put(f"{AT}/1", "ada", cron="@daily").status == 403
    assert seen(schedules.post(f"{AT}/1/take_ownership", "bob"))[0] == 200
    taken = schedules.post(f"{AT}/1/take_ownership", "ada")
    assert (taken.status, taken.json["owner"]["username"]) == (201, "ada")
    assert schedules.put(f"{AT}/1", "ada", cron="@daily").status == 200
    for method, path in (("PUT", ""), ("DELETE", ""), ("POST", "/take_ownership")):
        assert schedules.request(method, f"{AT}/1{path}", "bob").status == 403
    assert schedules.put(f"{AT}/1", "root", cron="@daily").status == 200
    shown = schedules.get(f"{AT}/1", "bob").json
    assert "variables" not in shown


def test_protected_branches_are_for_those_who_may_push_there() -> None:
    api = api_with(repository={"protected": True}, pipeline_schedules=[{**NIGHTLY, "owner": "bob"}])
    told = {"base": ["The current user is not authorized to create the pipeline schedule"]}
    assert refused(api.post(AT, "bob", **NIGHTLY)) == told
    assert api.post(AT, "bob", **{**NIGHTLY, "ref": "v2.0"}).status == 201
    told = {"base": ["The current user is not authorized to update the pipeline schedule"]}
    assert refused(api.put(f"{AT}/2", "bob", ref="refs/heads/main")) == told
    assert [api.post(f"{AT}/1/play", who).status for who in ("bob", "ada")] == [403, 201]
    assert api.put(f"{AT}/1", "bob", cron="@daily").status == 403


# Running


def test_playing_a_schedule_runs_a_pipeline_as_the_caller(schedules: Api) -> None:
    assert seen(schedules.post(f"{AT}/1/play", "ada")) == (201, {"message": "201 Created"})
    schedules.post(f"{AT}/1/play", "bob")
    [first, second] = schedules.get(f"{AT}/1/pipelines", "bob").json
    assert (first["source"], first["ref"], first["status"]) == ("schedule", "main", "success")
    assert [one["user_id"] for one in pipelines(schedules)] == [2, 3]
    assert names(schedules.get(f"{AT}/1/pipelines", "bob", sort="desc"), "id") == [second["id"], first["id"]]
    assert schedules.get(f"{AT}/1/pipelines", "bob", status="failed").json == []
    assert schedules.get(f"{AT}/1", "bob").json["last_pipeline"] == second
    assert schedules.post(f"{AT}/1/play", "gil").status == 403
    assert schedules.delete(f"{AT}/1", "bob").status == 204
    assert schedules.get(f"projects/1/pipelines/{first['id']}", "bob").status == 200


def test_the_clock_runs_schedules_as_their_owners(schedules: Api) -> None:
    move(schedules, days=1)
    assert pipelines(schedules) == []
    move(schedules, days=1)
    assert [one["user_id"] for one in pipelines(schedules)] == [3]
    assert schedules.get(f"{AT}/1", "bob").json["next_run_at"] == "2024-05-10T01:00:00.000Z"
    move(schedules, days=30)
    assert len(pipelines(schedules)) == 2
    schedules.put(f"{AT}/1", "bob", active=False)
    move(schedules, days=30)
    schedules.put(f"{AT}/1", "bob", active=True)
    schedules.delete(f"{AT}/1", "bob")
    move(schedules, days=30)
    assert len(pipelines(schedules)) == 2


def test_a_schedule_whose_pipeline_has_no_jobs_makes_none(schedules: Api) -> None:
    given = {"branch": "main", "commit_message": "x", "content": "a: {script: x, only: [tags]}\n"}
    assert schedules.put("projects/1/repository/files/.gitlab-ci.yml", "bob", **given).status == 200
    assert schedules.post(f"{AT}/1/play", "bob").status == 201
    assert schedules.get(f"{AT}/1/pipelines", "bob").json == []


def test_a_pipeline_knows_the_description_of_its_schedule() -> None:
    config = 'a: {script: x, rules: [{if: $CI_PIPELINE_SCHEDULE_DESCRIPTION == "Nightly"}]}\n'
    made = []
    for version in ("17.7.0", "17.8.0"):
        api = api_with({"version": version}, pipeline_schedules=[NIGHTLY])
        given = {"branch": "main", "commit_message": "x", "content": f"b: {{script: x}}\n{config}"}
        api.put("projects/1/repository/files/.gitlab-ci.yml", "bob", **given)
        api.post(f"{AT}/1/play", "ada")
        [ran] = api.get(f"{AT}/1/pipelines", "ada").json
        made.append(sorted(names(api.get(f"projects/1/pipelines/{ran['id']}/jobs", "ada"))))
    assert made == [["b"], ["a", "b"]]


# Variables and inputs


def test_variables_of_a_schedule(schedules: Api) -> None:
    shown = {"variable_type": "env_var", "key": "SCOPE", "value": "all", "raw": False}
    assert seen(schedules.post(f"{AT}/1/variables", "bob", key="SCOPE", value="all")) == (201, shown)
    assert schedules.get(f"{AT}/1", "ada").json["variables"] == [shown]
    schedules.post(f"{AT}/1/play", "bob")
    [made] = schedules.get(f"{AT}/1/pipelines", "bob").json
    jobs = schedules.get(f"projects/1/pipelines/{made['id']}/jobs", "bob")
    assert sorted(names(jobs)) == ["night", "rest"]
    changed = {**shown, "value": "some", "variable_type": "file"}
    news = {"value": "some", "variable_type": "file"}
    assert seen(schedules.put(f"{AT}/1/variables/SCOPE", "bob", **news)) == (200, changed)
    assert seen(schedules.delete(f"{AT}/1/variables/SCOPE", "bob")) == (202, changed)
    missing = (404, {"message": "404 Pipeline Schedule Variable Not Found"})
    assert seen(schedules.delete(f"{AT}/1/variables/SCOPE", "bob")) == missing


def test_what_is_no_variable_of_a_schedule(schedules: Api) -> None:
    schedules.post(f"{AT}/1/variables", "bob", key="SCOPE", value="all")
    told = {"key": ["has already been taken"]}
    assert refused(schedules.post(f"{AT}/1/variables", "bob", key="SCOPE", value="x")) == told
    told = {"key": ["can contain only letters, digits and '_'."]}
    assert refused(schedules.post(f"{AT}/1/variables", "bob", key="!?", value="x")) == told


def test_variables_are_for_the_owner_whom_the_project_lets_set_them(schedules: Api) -> None:
    path = f"{AT}/1/variables"
    assert [schedules.post(path, who, key="K", value="v").status for who in ("ada", "nora", None)] == [403, 404, 401]
    schedules.put("projects/1", "ada", ci_pipeline_variables_minimum_override_role="maintainer")
    assert schedules.post(path, "bob", key="K", value="v").status == 403
    assert schedules.post(f"{AT}/9/variables", "bob", key="K", value="v").status == 403
    assert schedules.post(f"{AT}/9/variables", "ada", key="K", value="v").status == 404


def test_inputs_of_a_schedule() -> None:
    api = api_with({"version": "18.1.0"})
    inputs = [{"name": "depth", "value": 3}, {"name": "parts", "value": ["a", "b"]}]
    assert api.post(AT, "bob", **NIGHTLY, inputs=inputs).json["inputs"] == inputs
    news = [{"name": "depth", "destroy": True}, {"name": "parts", "value": "c"}, {"name": "fast", "value": True}]
    kept = [{"name": "parts", "value": "c"}, {"name": "fast", "value": True}]
    assert api.put(f"{AT}/1", "bob", inputs=news).json["inputs"] == kept
    assert api.get(AT, "ada").json[0]["inputs"] == kept
    assert "inputs" not in api.get(AT, "rex").json[0]
    missing = '400 (Bad request) "inputs[0][value]" not given'
    assert refused(api.post(AT, "bob", **NIGHTLY, inputs=[{"name": "depth"}])) == missing
    assert refused(api.put(f"{AT}/1", "bob", inputs=[{"name": "depth"}])) == missing
    twice = {"inputs": ["have duplicate values (depth)"]}
    assert refused(api.post(AT, "bob", **NIGHTLY, inputs=[inputs[0], inputs[0]])) == twice


# Scenarios


def test_schedules_of_scenarios() -> None:
    given = {"description": "Nightly", "cron": "@daily", "variables": [{"key": "SCOPE", "value": "all"}]}
    api = api_with(pipeline_schedules=[given])
    shown = api.get(f"{AT}/1", "ada").json
    assert (shown["ref"], shown["next_run_at"]) == ("refs/heads/main", "2024-05-02T00:00:00.000Z")
    assert shown["variables"][0]["key"] == "SCOPE"
    move(api, days=1)
    assert len(pipelines(api)) == 1


def test_a_pipeline_of_a_scenario_may_be_of_a_schedule() -> None:
    api = api_with(
        pipeline_schedules=[NIGHTLY], pipelines=[{"source": "schedule", "pipeline_schedule": "Nightly", "id": 7}]
    )
    assert names(api.get(f"{AT}/1/pipelines", "ada"), "id") == [7]


@pytest.mark.parametrize(
    ("given", "told"),
    [({"cron": "soon"}, "is invalid syntax"), ({"ref": "nowhere"}, "names no branch or tag")],
)
def test_schedules_that_are_none_are_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        api_with(pipeline_schedules=[{"description": "Nightly", "cron": "@daily", **given}])
