"""Jobs: listed, shown, their logs; canceled, run again, started, erased; the job of a token."""

from typing import Any

import pytest

from tests.pipeline_world import MANUAL, NOW, api_with, create, jobs_of, statuses
from tests.support import Api, names, refused, seen

AT = "projects/1/jobs"
ENDED = {"started_at": "2024-05-01T08:00:00.000Z", "finished_at": "2024-05-01T08:01:30.500Z"}
JOBS: list[dict[str, Any]] = [
    {"id": 1, "name": "compile", "stage": "build", "queued_at": "2024-05-01T07:59:50.000Z", **ENDED},
    {"id": 2, "name": "rspec", "status": "failed", "retried": True, "trace": "1 failure\n", "artifacts": {"log": "x"}},
    {"id": 3, "name": "rspec", "status": "running", "user": "bob", "started_at": "2024-05-01T08:59:00.000Z"},
    {"id": 4, "name": "child", "stage": "deploy", "kind": "Ci::Bridge", "status": "skipped"},
    {"id": 5, "name": "ship", "stage": "deploy", "status": "manual", "when": "manual", "token": "ship-token"},
]


def told(settings: Any = None, jobs: Any = None, **rocket: Any) -> Api:
    """Return a client of a world with a pipeline of user ada whose jobs a scenario tells of."""
    pipeline = {"id": 1, "ref": "main", "user": "ada", "jobs": JOBS if jobs is None else jobs}
    return api_with(settings, pipelines=[pipeline], **rocket)


@pytest.fixture(scope="module")
def read() -> Api:
    """A world that the tests only read."""
    return told()


# Lists


def test_the_jobs_of_a_project_are_listed_the_newest_first(read: Api) -> None:
    listed = read.get(AT, "rex")
    assert [one["id"] for one in listed.json] == [5, 3, 2, 1]
    assert "X-Total" not in listed.headers
    assert [one["id"] for one in read.get(AT, sort="asc", per_page=2).json] == [1, 2]
    assert [one["id"] for one in read.get(AT, order_by="id").json] == [5, 3, 2, 1]


def test_the_jobs_of_a_pipeline_are_the_latest_of_each_name(read: Api) -> None:
    at = "projects/1/pipelines/1/jobs"
    assert [one["id"] for one in read.get(at, "rex").json] == [5, 3, 1]
    assert [one["id"] for one in read.get(at, "rex", include_retried=True).json] == [5, 3, 2, 1]
    assert read.get(at).headers["X-Total"] == "3"


def test_trigger_jobs_are_listed_apart(read: Api) -> None:
    [bridge] = read.get("projects/1/pipelines/1/bridges", "rex").json
    assert (bridge["id"], bridge["name"], bridge["downstream_pipeline"]) == (4, "child", None)
    assert not {"artifacts", "runner", "tag_list"} & bridge.keys()


@pytest.mark.parametrize("path", [AT, "projects/1/pipelines/1/jobs"])
def test_jobs_are_narrowed_by_their_status(read: Api, path: str) -> None:
    def found(**given: Any) -> list[str]:
        return names(read.get(path, **given))

    assert found(scope="running") == ["rspec"]
    assert found(**{"scope[]": ["running", "manual"]}) == ["ship", "rspec"]
    assert found(**{"scope[0]": "running", "scope[1]": "success"}) == ["rspec", "compile"]
    assert found(scope="") == found()
    for wrong in ("good", "running,manual"):
        assert seen(read.get(path, scope=wrong)) == (400, {"error": "scope does not have a valid value"})


def test_trigger_jobs_are_narrowed_by_their_status(read: Api) -> None:
    assert names(read.get("projects/1/pipelines/1/bridges", scope="skipped")) == ["child"]
    assert names(read.get("projects/1/pipelines/1/bridges", scope="success")) == []


# One


def test_a_job_is_shown_as_a_whole(read: Api) -> None:
    shown = read.get(f"{AT}/1", "rex").json
    user, commit, pipeline = shown.pop("user"), shown.pop("commit"), shown.pop("pipeline")
    assert (user["username"], user["created_at"], user["bio"]) == ("ada", NOW, "")
    assert (pipeline["id"], pipeline["status"], commit["id"]) == (1, "running", pipeline["sha"])
    assert shown == {
        "id": 1,
        "status": "success",
        "stage": "build",
        "name": "compile",
        "ref": "main",
        "tag": False,
        "coverage": None,
        "allow_failure": False,
        "created_at": NOW,
        "started_at": ENDED["started_at"],
        "finished_at": ENDED["finished_at"],
        "erased_at": None,
        "duration": 90.5,
        "queued_duration": 10.0,
        "web_url": "http://localhost/acme/rocket/-/jobs/1",
        "project": {"ci_job_token_scope_enabled": False},
        "artifacts": [],
        "runner": None,
        "runner_manager": None,
        "artifacts_expire_at": None,
        "archived": False,
        "tag_list": [],
    }


def test_what_a_failed_job_and_a_running_one_tell(read: Api) -> None:
    failed, running = read.get(f"{AT}/2").json, read.get(f"{AT}/3").json
    assert failed["failure_reason"] == "script_failure"
    assert failed["artifacts_file"] == {"filename": "artifacts.zip", "size": 105}
    assert failed["artifacts"] == [
        {"file_type": "archive", "size": 105, "filename": "artifacts.zip", "file_format": "zip"},
        {"file_type": "trace", "size": 10, "filename": "job.log", "file_format": None},
    ]
    assert (running["duration"], running["finished_at"], running["user"]["username"]) == (60.0, None, "bob")
    assert not {"failure_reason", "artifacts_file"} & running.keys()


def test_the_tags_of_a_job_are_in_order() -> None:
    api = api_with(MANUAL)
    assert jobs_of(api, create(api).json["id"])["compile"]["tag_list"] == ["docker", "linux"]


def test_the_status_of_a_pipeline_follows_from_those_of_its_jobs(read: Api) -> None:
    assert read.get("projects/1/pipelines/1").json["status"] == "running"


@pytest.mark.parametrize("path", ["4", "4/trace", "4/artifacts", "99", "99/trace"])
def test_what_is_no_job_that_runs(read: Api, path: str) -> None:
    assert seen(read.get(f"{AT}/{path}", "ada")) == (404, {"message": "404 Not found"})


def test_a_job_of_another_project(read: Api) -> None:
    assert read.get("projects/2/jobs/1", "ada").json == {"message": "404 Not found"}
    assert read.get(f"{AT}/x", "ada").json == {"error": "job_id is invalid"}


@pytest.mark.parametrize(
    ("settings", "who", "status"),
    [
        ({}, "gil", 200),
        ({"public_jobs": False}, "gil", 403),
        ({"public_jobs": False}, "rex", 200),
        ({}, "nora", 404),
        ({"visibility": "public"}, "nora", 200),
        ({"visibility": "public"}, None, 401),
        ({"builds_access_level": "disabled"}, "ada", 403),
    ],
)
def test_who_reads_jobs(settings: Any, who: str | None, status: int) -> None:
    api = told(**settings)
    for path in (AT, f"{AT}/1", f"{AT}/1/trace"):
        assert (path, api.get(path, who).status) == (path, status)


def test_who_may_not_read_jobs_is_not_told_which_there_are() -> None:
    assert told(public_jobs=False).get(f"{AT}/99", "gil").status == 403


# Logs


def test_the_log_of_a_job_is_what_a_scenario_says(read: Api) -> None:
    log = read.get(f"{AT}/2/trace", "rex")
    assert (log.status, log.text) == (200, "1 failure\n")
    assert log.headers["Content-Type"].startswith("text/plain")
    assert log.headers["Content-Disposition"] == 'infile; filename="2.log"'
    assert read.get(f"{AT}/5/trace").text == ""


def test_the_log_of_a_job_else_is_that_of_its_script() -> None:
    api = api_with(MANUAL)
    made = jobs_of(api, create(api).json["id"])
    assert api.get(f"{AT}/{made['lint']['id']}/trace").text == ""
    api.server.finish("pipelines")
    assert api.get(f"{AT}/{made['lint']['id']}/trace").text == (
        "\x1b[32;1m$ lint\x1b[0;m\n\x1b[32;1m$ exit 3\x1b[0;m\n\x1b[31;1mERROR: Job failed: exit code 3\n\x1b[0;m\n"
    )
    compiled = "\x1b[32;1m$ make\x1b[0;m\n\x1b[32;1mJob succeeded\x1b[0;m\n"
    assert api.get(f"{AT}/{made['compile']['id']}/trace").text == compiled


def test_a_log_that_may_hold_secrets_is_for_developers() -> None:
    api = told(jobs=[{"id": 1, "name": "a", "config": {"variables": {"CI_DEBUG_TRACE": "true"}}}])
    assert [api.get(f"{AT}/1/trace", who).status for who in ("bob", "rex")] == [200, 403]


# Canceling


def test_a_job_is_canceled_and_what_waits_for_it_is_skipped() -> None:
    api = api_with(MANUAL)
    made = create(api).json["id"]
    first = jobs_of(api, made)["compile"]
    canceled = api.post(f"{AT}/{first['id']}/cancel", "bob")
    assert (canceled.status, canceled.json["status"], canceled.json["finished_at"]) == (201, "canceled", NOW)
    assert statuses(api, made) == {"compile": "canceled", "rspec": "skipped", "lint": "skipped", "ship": "skipped"}
    assert api.get(f"projects/1/pipelines/{made}").json["status"] == "canceled"


def test_a_job_that_ended_is_not_canceled() -> None:
    api = told()
    assert api.post(f"{AT}/1/cancel", "bob").json["status"] == "success"
    assert api.post(f"{AT}/4/cancel", "bob").status == 404


def test_maintainers_force_jobs_to_end_that_do_not_come_to_their_end() -> None:
    jobs = [{"id": 1, "name": "a", "status": "canceling"}, {"id": 2, "name": "b", "status": "running"}]
    api = told(jobs=jobs)
    assert api.get("projects/1/pipelines/1").json["status"] == "canceling"
    assert api.post(f"{AT}/1/cancel", "bob").json["status"] == "canceling"
    assert api.post(f"{AT}/1/cancel", "bob", force=True).status == 403
    assert api.post(f"{AT}/1/cancel", "ada", force=True).json["status"] == "canceled"
    assert api.post(f"{AT}/2/cancel", "ada", force=True).json["status"] == "running"


@pytest.mark.parametrize("what", ["cancel", "retry", "play", "erase"])
def test_who_changes_no_jobs(what: str) -> None:
    api = told(protected_branches=[{"name": "main"}])
    got = {who: api.post(f"{AT}/1/{what}", who).status for who in ("bob", "rex", "gil", "nora", None)}
    assert got == {"bob": 403, "rex": 403, "gil": 403, "nora": 404, None: 401}


def test_an_archived_project_lets_nobody_change_jobs() -> None:
    api = told(archived=True)
    assert [api.post(f"{AT}/1/{what}", "ada").status for what in ("cancel", "retry", "erase")] == [403] * 3
    assert api.get(f"{AT}/1", "ada").status == 200


# Again


def test_a_job_runs_again_as_a_new_one() -> None:
    api = api_with()
    made = create(api).json["id"]
    lint = jobs_of(api, made)["lint"]
    again = api.post(f"{AT}/{lint['id']}/retry", "ada")
    assert (again.status, again.json["status"], again.json["name"]) == (201, "pending", "lint")
    assert again.json["id"] > lint["id"]
    assert (again.json["user"]["username"], again.json["started_at"]) == ("ada", None)
    assert jobs_of(api, made)["lint"]["id"] == again.json["id"]
    assert api.get(f"{AT}/{again.json['id']}").json["status"] == "failed"
    old = api.post(f"{AT}/{lint['id']}/retry", "ada")
    assert seen(old) == (403, {"message": "403 Forbidden - Job is not retryable"})


def test_what_was_skipped_after_a_job_runs_with_it() -> None:
    jobs = [
        {"id": 1, "name": "a", "stage": "build", "status": "failed"},
        {"id": 2, "name": "b", "status": "skipped"},
        {"id": 3, "name": "c", "stage": "deploy", "status": "skipped", "needs": ["b"]},
        {"id": 4, "name": "d", "stage": "deploy", "status": "skipped", "needs": ["e"]},
    ]
    api = told(jobs=jobs)
    assert api.post(f"{AT}/1/retry", "bob").status == 201
    assert statuses(api, 1) == {"a": "success", "b": "success", "c": "success", "d": "skipped"}


def test_jobs_that_did_not_end_are_not_retried() -> None:
    api = told()
    for one in (3, 5):
        assert api.post(f"{AT}/{one}/retry", "bob").status == 403
    assert api.post(f"{AT}/4/retry", "bob").status == 403


def test_a_to_do_about_the_failure_is_done_when_it_runs_again() -> None:
    opened = {"title": "Fix", "source_branch": "fix", "target_branch": "main", "author": "bob"}
    api = api_with(merge_requests=[opened])
    made = create(api, "bob", ref="fix").json["id"]
    assert [one["action_name"] for one in api.get("todos", "bob").json] == ["build_failed"]
    api.put("projects/1", auto_cancel_pending_pipelines="disabled")
    api.server.transition(pipelines="manual")
    api.post(f"projects/1/pipelines/{made}/retry", "bob")
    assert api.get("todos", "bob").json == []


# Starting


def test_a_manual_job_is_started() -> None:
    api = told(MANUAL)
    played = api.post(f"{AT}/5/play", "bob", job_variables_attributes=[{"key": "WHERE", "value": "here"}])
    assert (played.status, played.json["status"], played.json["user"]["username"]) == (200, "pending", "bob")
    job = next(one for one in api.server.state()["CommitStatus"] if one["id"] == 5)
    assert job["config"] == {"variables": {"WHERE": "here"}}
    api.server.finish("pipelines")
    assert api.get(f"{AT}/5").json["status"] == "success"
    again = api.post(f"{AT}/5/play", "bob").json
    assert (again["name"], again["status"], again["id"] > 5) == ("ship", "pending", True)


def test_a_manual_job_that_blocks_its_pipeline_lets_it_go_on() -> None:
    api = api_with(repository={"branches": {"main": {".gitlab-ci.yml": BLOCKING}}, "tags": {}})
    made = create(api).json["id"]
    assert api.get(f"projects/1/pipelines/{made}").json["status"] == "manual"
    assert api.post(f"{AT}/{jobs_of(api, made)['ask']['id']}/play", "bob").status == 200
    assert statuses(api, made) == {"ask": "success", "ship": "success"}


BLOCKING = """
ask: {stage: test, script: ask, when: manual, allow_failure: false}
ship: {stage: deploy, script: ship}
"""


def test_a_delayed_job_is_started_before_its_time() -> None:
    config = "late: {script: x, when: delayed, start_in: 1 hour}"
    api = api_with(repository={"branches": {"main": {".gitlab-ci.yml": config}}, "tags": {}})
    made = create(api).json["id"]
    job = jobs_of(api, made)["late"]
    assert job["status"] == "scheduled"
    assert api.post(f"{AT}/{job['id']}/play", "bob").status == 200
    assert statuses(api, made) == {"late": "success"}
    assert api.server.finish("delayed_jobs") == 0


def test_other_jobs_are_not_started() -> None:
    api = told()
    for one in (1, 3, 4):
        assert refused(api.post(f"{AT}/{one}/play", "bob")) == "400 Bad request - Unplayable Job"
    assert api.post(f"{AT}/5/play", "bob", job_variables_attributes=[{"key": "A"}]).status == 400
    kept = told(restrict_user_defined_variables=True)
    given = [{"key": "A", "value": "1"}]
    assert kept.post(f"{AT}/5/play", "bob", job_variables_attributes=given).status == 403
    assert kept.post(f"{AT}/5/play", "bob").status == 200


# Erasing


def test_a_job_is_erased() -> None:
    api = told()
    erased = api.post(f"{AT}/2/erase", "ada")
    assert (erased.status, erased.json["erased_at"], erased.json["artifacts"]) == (201, NOW, [])
    assert api.get(f"{AT}/2/trace").text == ""
    assert api.get(f"{AT}/2/artifacts").status == 404
    again = api.post(f"{AT}/2/erase", "ada")
    assert seen(again) == (403, {"message": "403 Forbidden - Job is not erasable!"})
    assert api.post(f"{AT}/3/erase", "ada").status == 403
    assert api.post(f"{AT}/4/erase", "ada").status == 404


def test_developers_erase_their_own() -> None:
    jobs = [{"id": place, "name": who, "user": who, "trace": "x"} for place, who in enumerate(("bob", "ada"), 1)]
    api = told(jobs=jobs)
    assert [api.post(f"{AT}/{one}/erase", "bob").status for one in (1, 2)] == [201, 403]
    assert api.post(f"{AT}/2/erase", "ada").status == 201


# The job of a token


def own(api: Api, path: str = "job", **headers: str) -> Any:
    return api.get(path, None, headers=headers)


def test_a_token_tells_its_job() -> None:
    api = told(jobs=[{"id": 1, "name": "a", "status": "running", "token": "glcbt-a"}])
    for headers in ({"Job-Token": "glcbt-a"}, {"Authorization": "Bearer glcbt-a"}):
        shown = own(api, **headers)
        assert (shown.status, shown.json["id"], shown.json["artifacts"]) == (200, 1, [])
    assert api.get("job", None, job_token="glcbt-a").json["name"] == "a"


def test_the_token_of_a_job_ends_with_it() -> None:
    api = told(MANUAL, jobs=[{"id": 1, "name": "a", "status": "running", "token": "glcbt-a"}])
    api.post(f"{AT}/1/cancel", "bob")
    assert seen(own(api, **{"Job-Token": "glcbt-a"})) == (401, {"message": "401 Unauthorized"})


def test_other_tokens_have_no_job() -> None:
    assert seen(told().get("job", "ada")) == (404, {"message": "404 Job Not Found"})
    assert told().get("job", None).status == 401
    assert told().get("job/allowed_agents", "ada").status == 404


def test_a_token_tells_which_agents_its_job_may_use() -> None:
    api = told(jobs=[{"id": 1, "name": "a", "status": "running", "token": "glcbt-a", "user": "bob"}])
    assert own(api, "job/allowed_agents", **{"Job-Token": "glcbt-a"}).json == {
        "allowed_agents": [],
        "job": {"id": 1},
        "pipeline": {"id": 1},
        "project": {"id": 1, "groups": [{"id": 1}]},
        "user": {"id": 3, "username": "bob", "roles_in_project": ["guest", "planner", "reporter", "developer"]},
    }
