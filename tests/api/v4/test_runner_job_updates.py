"""What runners tell of the jobs that they have: logs, ends, artifacts."""

import gzip
from typing import Any

import pytest
from werkzeug.test import encode_multipart

from mockgitlab.api.models.repository import Ref
from tests.pipeline_world import create, jobs_of, statuses
from tests.runner_world import INFO, Runner, api_with
from tests.support import Answer, Api, a_file, seen

FORBIDDEN = (403, {"message": "403 Forbidden"})
TWO = "stages: [x, y]\na: {stage: x, script: x}\nb: {stage: y, script: x}"
GRACEFUL = {**INFO, "features": {"cancel_gracefully": True}}


@pytest.fixture
def api() -> Api:
    """Stage x has a job a, stage y a job b."""
    return api_with(TWO)


@pytest.fixture
def runner(api: Api) -> Runner:
    return Runner(api)


@pytest.fixture
def job(runner: Runner) -> dict[str, Any]:
    """The job a, which the runner has."""
    return runner.take()


# Logs


def told(answer: Answer) -> tuple[int, str | None, str | None]:
    return answer.status, answer.headers.get("Range"), answer.headers.get("Job-Status")


def test_a_log_grows(api: Api, runner: Runner, job: dict[str, Any]) -> None:
    answer = runner.append(job, "grün".encode()[:3])
    assert (told(answer), answer.text) == ((202, "0-3", "running"), '"60"')
    assert answer.headers["X-GitLab-Trace-Update-Interval"] == "60"
    assert told(runner.append(job, "grün".encode()[3:], 3)) == (202, "0-5", "running")
    assert api.get("projects/1/jobs/1/trace").text == "grün"
    assert told(runner.append(job, b"", 5)) == (202, "0-5", "running")


def test_a_log_grows_only_where_it_ends(api: Api, runner: Runner, job: dict[str, Any]) -> None:
    runner.append(job, b"hello")
    for start in (4, 6):
        answer = runner.append(job, b"abc", start)
        assert (*seen(answer), answer.headers["Range"]) == (416, {"error": "416 Range Not Satisfiable"}, "0-5")
    assert runner.append(job, b"xyz", 2).status == 202  # sent twice: it would end where the log does
    assert api.get("projects/1/jobs/1/trace").text == "hello"
    missing = runner.append(job, b"x", None)
    assert seen(missing) == (400, {"error": "400 Missing header Content-Range"})


def test_a_log_hides_the_tokens(api: Api, runner: Runner, job: dict[str, Any]) -> None:
    secret = job["token"]
    assert told(runner.append(job, f"a{secret}b".encode())) == (202, f"0-{len(secret) + 2}", "running")
    assert api.get("projects/1/jobs/1/trace").text == f"a[MASKED]{'x' * (len(secret) - 8)}b"


def test_a_log_with_everything_in_it_is_for_developers(api: Api, runner: Runner, job: dict[str, Any]) -> None:
    runner.append(job, b"x", 0)
    assert api.get("projects/1/jobs/1/trace", "rex").status == 200
    assert runner.append(job, b"x", 1, debug_trace="true").status == 202
    assert api.get("projects/1/jobs/1/trace", "rex").status == 403


def test_a_log_has_100_megabytes_at_most(api: Api, runner: Runner, job: dict[str, Any]) -> None:
    assert seen(runner.append(job, b"x", 100 * 1024 * 1024)) == (403, {"error": "403 Forbidden"})
    assert jobs_of(api, 10001)["a"]["failure_reason"] == "trace_size_exceeded"


# Ends


def test_the_later_stages_follow(api: Api, runner: Runner, job: dict[str, Any]) -> None:
    answer = runner.update(job, "running")
    assert (answer.status, answer.text, answer.headers["Job-Status"]) == (200, '"200"', "running")
    assert statuses(api, 10001) == {"a": "running", "b": "created"}
    answer = runner.update(job, "success", checksum="crc32:0", output={"checksum": "crc32:0", "bytesize": 0})
    assert (answer.status, answer.headers["Job-Status"]) == (200, "success")
    assert statuses(api, 10001) == {"a": "success", "b": "pending"}
    runner.update(runner.take(), "success")
    assert api.get("projects/1/pipelines/10001").json["status"] == "success"
    assert api.server.finish("pipelines") == 0


def test_a_job_fails_for_a_reason(api: Api, runner: Runner, job: dict[str, Any]) -> None:
    runner.update(job, "failed", failure_reason="script_failure", exit_code=1)
    jobs = jobs_of(api, 10001)
    assert (jobs["a"]["failure_reason"], jobs["b"]["status"]) == ("script_failure", "skipped")
    assert api.get("projects/1/pipelines/10001").json["status"] == "failed"
    create(api)
    runner.update(runner.take(), "failed", failure_reason="the cat")
    assert jobs_of(api, 10002)["a"]["failure_reason"] == "unknown_failure"


def test_some_exit_codes_are_allowed() -> None:
    api = api_with("a: {script: x, allow_failure: {exit_codes: [3]}}\nb: {script: x, allow_failure: {exit_codes: [3]}}")
    runner = Runner(api)
    for code in (3, 4):
        runner.update(runner.take(), "failed", exit_code=code)
    assert {name: one["allow_failure"] for name, one in jobs_of(api, 10001).items()} == {"a": True, "b": False}


@pytest.mark.parametrize(
    ("retry", "runs"), [("2", 3), ("{max: 1, when: script_failure}", 2), ("{max: 1, when: [api_failure]}", 1), ("0", 1)]
)
def test_a_job_that_failed_runs_again_as_its_configuration_says(retry: str, runs: int) -> None:
    runner = Runner(api_with(f"a: {{script: x, retry: {retry}}}"))
    for _ in range(runs):
        runner.update(runner.take(), "failed", failure_reason="script_failure")
    assert runner.ask().status == 204
    assert runner.api.get("projects/1/pipelines/10001").json["status"] == "failed"


def test_coverage_is_read_from_the_log() -> None:
    api = api_with("a: {script: x, coverage: '/Covered (\\d+\\.\\d+)%/'}")
    runner = Runner(api)
    job = runner.take()
    runner.append(job, b"Covered 1.5%\n\x1b[1mCovered 80.25%\x1b[0m\nbye\n")
    runner.update(job, "success")
    assert jobs_of(api, 10001)["a"]["coverage"] == 80.25


def test_a_state_that_is_none_is_refused(runner: Runner, job: dict[str, Any]) -> None:
    for state in (None, "pending", "canceled"):
        answer = runner.update(job, state)
        assert (answer.status, answer.text, answer.headers["Job-Status"]) == (400, '"400"', "running")


def test_a_job_that_was_canceled_is_given_up(api: Api, runner: Runner, job: dict[str, Any]) -> None:
    api.post("projects/1/jobs/1/cancel", "bob")
    for answer in (runner.update(job, "running"), runner.append(job, b"x"), runner.upload(job, a_file("a.zip"))):
        assert seen(answer) == (403, {"message": "403 Forbidden - Job is not processing on runner"})
        assert answer.headers["Job-Status"] == "canceled"


def test_a_runner_that_can_cleans_up_before_a_job_is_canceled(api: Api, runner: Runner) -> None:
    job = runner.take(info=GRACEFUL)
    assert api.post("projects/1/jobs/1/cancel", "bob").json["status"] == "canceling"
    assert told(runner.append(job, b"x")) == (202, "0-1", "canceling")
    answer = runner.update(job, "failed")
    assert (answer.status, answer.headers["Job-Status"]) == (200, "canceled")
    assert jobs_of(api, 10001)["a"]["status"] == "canceled"


def test_before_17_jobs_are_canceled_at_once() -> None:
    api = api_with(TWO, settings={"version": "16.11.0"})
    Runner(api).take(info=GRACEFUL)
    assert api.post("projects/1/jobs/1/cancel", "bob").json["status"] == "canceled"


def test_the_token_must_be_that_of_the_job(api: Api, runner: Runner, job: dict[str, Any]) -> None:
    for wrong in ({**job, "token": "x"}, {**job, "id": 2}, {**job, "id": 99}):
        for answer in (runner.update(wrong, "success"), runner.append(wrong, b"x"), runner.upload(wrong, a_file("a"))):
            assert seen(answer) == FORBIDDEN
    assert seen(api.put("jobs/1", None, state="success"))[0] == 400
    assert seen(api.put("jobs/x", None, token="x")) == (400, {"error": "id is invalid"})


def test_merge_requests_wait_for_runners() -> None:
    api = api_with(TWO)
    content = {"branch": "fix", "start_branch": "main", "content": "x", "commit_message": "m"}
    api.post("projects/1/repository/files/x", "bob", **content)
    made = {"source_branch": "fix", "target_branch": "main", "title": "t"}
    iid = api.post("projects/1/merge_requests", "bob", **made).json["iid"]
    assert api.put(f"projects/1/merge_requests/{iid}/merge", "bob", merge_when_pipeline_succeeds=True).status == 200
    runner = Runner(api)
    while (answer := runner.ask()).status == 201:
        runner.update(answer.json, "success")
    assert api.get(f"projects/1/merge_requests/{iid}").json["state"] == "merged"


# Artifacts


def test_artifacts_are_brought_and_shown(api: Api, runner: Runner, job: dict[str, Any]) -> None:
    more = {"metadata": a_file("metadata.gz", b"m"), "expire_in": "1 day", "accessibility": "private"}
    answer = runner.upload(job, a_file("out.zip", b"zip"), **more)
    assert (answer.status, answer.text) == (201, '"201"')
    report = {"artifact_type": "junit", "artifact_format": "gzip"}
    assert runner.upload(job, a_file("junit.xml.gz", b"xml"), **report).status == 201
    runner.update(job, "success")
    shown = api.get("projects/1/jobs/1").json
    assert shown["artifacts_file"] == {"filename": "out.zip", "size": 3}
    assert shown["artifacts_expire_at"] == "2024-05-31T09:00:00.000Z"
    assert [(one["file_type"], one["file_format"], one["filename"]) for one in shown["artifacts"]] == [
        ("archive", "zip", "out.zip"),
        ("metadata", "gzip", "metadata.gz"),
        ("junit", "gzip", "junit.xml.gz"),
    ]
    assert api.get("projects/1/jobs/1/artifacts", "bob").data == b"zip"
    assert api.get("projects/1/jobs/1/artifacts", "rex").status == 403


def test_a_type_of_artifact_comes_once(runner: Runner, job: dict[str, Any]) -> None:
    assert runner.upload(job, a_file("a.zip", b"1")).status == 201
    assert runner.upload(job, a_file("a.zip", b"1")).status == 201
    same = {"message": "another artifact of the same type already exists"}
    assert seen(runner.upload(job, a_file("a.zip", b"2"))) == (400, same)


def test_wrong_artifacts_are_refused(api: Api, runner: Runner, job: dict[str, Any]) -> None:
    assert seen(runner.upload(job)) == (400, {"message": '400 (Bad request) "file" not given'})
    assert seen(api.form("POST", "jobs/1/artifacts", None, token=job["token"], file="x")) == (
        400,
        {"error": "file is invalid"},
    )
    text = "Validation failed: File format Invalid file format with specified file type"
    assert seen(runner.upload(job, a_file("a"), artifact_type="junit")) == (400, {"message": text})
    wrong = {"error": "artifact_type does not have a valid value"}
    assert seen(runner.upload(job, a_file("a"), artifact_type="x")) == (400, wrong)
    api.put("application/settings", "root", max_artifacts_size=1)
    too_large = {"message": "file size has reached maximum size limit"}
    boundary, body = encode_multipart({"file": a_file("a", b"x" * 1024 * 1025)})
    headers = {"Job-Token": job["token"], "Content-Type": f"multipart/form-data; boundary={boundary}"}
    assert seen(api._send("POST", "jobs/1/artifacts", headers, data=body)) == (413, too_large)


def test_variables_come_with_the_artifacts(api: Api, runner: Runner, job: dict[str, Any]) -> None:
    dotenv = {"artifact_type": "dotenv", "artifact_format": "gzip"}
    for data in (b"A=1", gzip.compress(b"A"), gzip.compress(b"1A=1"), gzip.compress(b"\xff=1")):
        assert seen(runner.upload(job, a_file(".env.gz", data), **dotenv)) == (400, {"message": "Invalid Format"})
    big = gzip.compress(b"A=" + b"x" * 6000)
    text = "Dotenv Artifact Too Big. Maximum Allowable Size: 5120"
    assert seen(runner.upload(job, a_file(".env.gz", big), **dotenv)) == (400, {"message": text})
    assert runner.upload(job, a_file(".env.gz", gzip.compress(b"URL=http://a\n\nB=$URL/b\n")), **dotenv).status == 201
    runner.update(job, "success")
    found = {one["key"]: one for one in runner.take()["variables"]}
    hidden = {"public": False, "masked": False}
    assert found["URL"] == {"key": "URL", "value": "http://a", **hidden}
    assert found["B"] == {"key": "B", "value": "http://a/b", **hidden}


def test_a_later_job_fetches_the_archive(api: Api, runner: Runner, job: dict[str, Any]) -> None:
    runner.upload(job, a_file("out.zip", b"zip"))
    runner.update(job, "success")
    later = runner.take()
    [found] = later["dependencies"]
    assert found == {
        "id": 1,
        "name": "a",
        "token": later["token"],
        "artifacts_file": {"filename": "out.zip", "size": 3},
    }
    answer = api.request("GET", "jobs/1/artifacts", None, headers={"Job-Token": later["token"]}, direct_download="true")
    assert (answer.status, answer.data) == (200, b"zip")
    assert api.get("jobs/1/artifacts", None, token=later["token"]).data == b"zip"
    assert api.get("jobs/1/artifacts", "rex").data == b"zip"
    assert seen(api.get("jobs/1/artifacts", None)) == (401, {"message": "401 Unauthorized"})
    assert api.get("jobs/1/artifacts", None, token=job["token"]).status == 401
    assert seen(api.get("jobs/1/artifacts", "nora")) == FORBIDDEN
    assert seen(api.get("jobs/99/artifacts", "rex")) == FORBIDDEN
    assert seen(api.get(f"jobs/{later['id']}/artifacts", "rex")) == (404, {"message": "404 Not Found"})


def test_only_the_proxy_may_ask_where_artifacts_go(api: Api, job: dict[str, Any]) -> None:
    at = "jobs/1/artifacts/authorize"
    assert seen(api.post(at, None, token=job["token"])) == FORBIDDEN
    headers = {"Gitlab-Workhorse-Api-Request": "jwt"}
    answer = api.request("POST", at, None, headers=headers, token=job["token"], artifact_type="lsif")
    assert answer.headers["Content-Type"] == "application/vnd.gitlab-workhorse+json"
    path = "/var/opt/gitlab/gitlab-rails/shared/artifacts/tmp/uploads"
    assert seen(answer) == (200, {"TempPath": path, "MaximumSize": 104857600, "ProcessLsif": True})
    assert api.request("POST", at, None, headers=headers, token="x").status == 403
    large = api.request("POST", at, None, headers=headers, token=job["token"], filesize=104857601)
    assert seen(large) == (413, {"message": "file size has reached maximum size limit"})


# The ref that keeps the commit


def test_the_commit_of_a_running_pipeline_has_a_ref(api: Api, runner: Runner) -> None:
    def refs() -> list[str]:
        return [one.name for one in api.store[Ref].all() if one.name.startswith("refs/pipelines/")]

    job = runner.take()
    assert refs() == ["refs/pipelines/10001"]
    runner.update(job, "failed")
    assert refs() == []
