"""Runners that ask for jobs."""

from typing import Any

import pytest

from tests.pipeline_world import create, jobs_of, statuses
from tests.runner_world import INFO, Runner, api_with, world
from tests.support import Api, seen

FORBIDDEN = (403, {"message": "403 Forbidden"})
SHAPED = """
default:
  image: "ruby:3"
  before_script: [bundle]
  cache: {key: {files: [Gemfile.lock], prefix: gems}, paths: [vendor]}
variables: {DB: "pg-$CI_COMMIT_REF_NAME", GIT_DEPTH: "5"}
rspec:
  script: [rspec, coverage]
  after_script: [date]
  timeout: 10m
  services:
    - postgres
    - {name: redis, alias: cache, command: [x], entrypoint: [sh], variables: {A: 1}, pull_policy: always}
  hooks: {pre_get_sources_script: [echo hi]}
  artifacts:
    name: out
    paths: [out/]
    exclude: [out/tmp]
    expire_in: 1 week
    reports: {junit: r.xml, coverage_report: {coverage_format: cobertura, path: c.xml}}
"""


def names_of(variables: list[dict[str, Any]]) -> dict[str, Any]:
    return {one["key"]: one for one in variables}


def test_a_runner_gets_the_job_that_waits_first() -> None:
    api = api_with()
    runner = Runner(api)
    job = runner.take()
    assert (job["id"], job["job_info"]["name"], statuses(api, 10001)["compile"]) == (1, "compile", "running")
    assert api.get("projects/1/pipelines/10001").json["status"] == "running"
    shown = api.get("projects/1/jobs/1").json
    assert (shown["runner"]["description"], shown["started_at"]) == ("shared", "2024-05-01T09:00:00.000Z")
    machine = {name: shown["runner_manager"][name] for name in ("system_id", "version", "revision", "platform")}
    assert machine == {"system_id": "s_1", "version": "17.5.0", "revision": "abc", "platform": "linux"}
    assert api.get("projects/1/jobs/1/trace").text == ""
    runner.update(job, "success")
    assert runner.take()["job_info"]["name"] == "lint"
    assert Runner(api, "glrt-ruby").take()["job_info"]["name"] == "rspec"
    assert runner.ask().status == 204


def test_a_job_is_told_whole() -> None:
    secrets = [
        {"key": "SECRET", "value": "12345678", "masked": True},
        {"key": "CERT", "value": "$SECRET", "variable_type": "file"},
        {"key": "PLAIN", "value": "$DB", "raw": True},
    ]
    api = api_with(SHAPED, variables=secrets)
    job = Runner(api).take()
    variables, features = names_of(job.pop("variables")), job.pop("features")
    sha = api.get("projects/1/pipelines/10001").json["sha"]
    key = job["cache"][0].pop("key")
    image: dict[str, Any] = {
        "name": "ruby:3",
        "entrypoint": None,
        "ports": [],
        "executor_opts": {},
        "pull_policy": None,
    }
    step = {"timeout": 600, "when": "on_success", "allow_failure": False}
    report = {"when": "always", "expire_in": "1 week", "artifact_format": "gzip"}
    redis = {"name": "redis", "entrypoint": ["sh"], "pull_policy": ["always"], "alias": "cache", "command": ["x"]}
    assert job == {
        "id": 1,
        "token": job["token"],
        "allow_git_fetch": True,
        "job_info": {
            "id": 1,
            "name": "rspec",
            "stage": "test",
            "project_id": 1,
            "project_name": "rocket",
            "time_in_queue_seconds": 0,
            "project_jobs_running_on_instance_runners_count": "1",
        },
        "git_info": {
            "repo_url": f"http://gitlab-ci-token:{job['token']}@localhost/acme/rocket.git",
            "ref": "main",
            "sha": sha,
            "before_sha": "0" * 40,
            "ref_type": "branch",
            "refspecs": ["+refs/pipelines/10001:refs/pipelines/10001", "+refs/heads/main:refs/remotes/origin/main"],
            "depth": 5,
            "repo_object_format": "sha1",
        },
        "runner_info": {"timeout": 600, "runner_session_url": None},
        "steps": [
            {"name": "script", "script": ["bundle", "rspec", "coverage"], **step},
            {"name": "after_script", "script": ["date"], **step, "when": "always", "allow_failure": True},
        ],
        "hooks": [{"name": "pre_get_sources_script", "script": ["echo hi"]}],
        "image": image,
        "services": [
            {**image, "name": "postgres", "alias": None, "command": None, "variables": []},
            {**image, **redis, "variables": [{"key": "A", "value": "1"}]},
        ],
        "artifacts": [
            {
                "name": "out",
                "untracked": None,
                "paths": ["out/"],
                "when": None,
                "expire_in": "1 week",
                "exclude": ["out/tmp"],
                "artifact_type": "archive",
                "artifact_format": "zip",
            },
            {"name": "junit.xml", "paths": ["r.xml"], **report, "artifact_type": "junit"},
            {"name": "cobertura-coverage.xml", "paths": ["c.xml"], **report, "artifact_type": "cobertura"},
        ],
        "cache": [
            {"untracked": None, "paths": ["vendor"], "policy": "pull-push", "when": "on_success", "fallback_keys": []}
        ],
        "credentials": [
            {
                "type": "registry",
                "url": "registry.localhost",
                "username": "gitlab-ci-token",
                "password": job["token"],
            }
        ],
        "dependencies": [],
    }
    assert (key[:5], key[-14:], len(key)) == ("gems-", "-non_protected", 59)
    assert list(features) == ["trace_sections", "failure_reasons"]
    assert "script_failure" in features["failure_reasons"]
    public = {"public": True, "masked": False}
    assert variables["DB"] == {"key": "DB", "value": "pg-main", **public}
    assert variables["CI_JOB_NAME"] == {"key": "CI_JOB_NAME", "value": "rspec", **public}
    assert variables["CI_RUNNER_TAGS"]["value"] == '["docker"]'
    assert variables["CI_JOB_TOKEN"] == {"key": "CI_JOB_TOKEN", "value": job["token"], "public": False, "masked": True}
    assert variables["SECRET"] == {"key": "SECRET", "value": "12345678", "public": False, "masked": True}
    hidden = {"public": False, "masked": False}
    assert variables["CERT"] == {"key": "CERT", "value": "$SECRET", **hidden, "file": True}
    assert variables["PLAIN"] == {"key": "PLAIN", "value": "$DB", **hidden, "raw": True}


def test_variables_of_a_pipeline_win_and_are_hidden() -> None:
    api = Api(world("a: {script: x, variables: {A: '1', B: '2'}}"))
    create(api, variables=[{"key": "A", "value": "9"}, {"key": "F", "value": "f", "variable_type": "file"}])
    variables = names_of(Runner(api).take()["variables"])
    hidden = {"public": False, "masked": False}
    assert variables["A"] == {"key": "A", "value": "9", **hidden}
    assert variables["B"] == {"key": "B", "value": "2", "public": True, "masked": False}
    assert variables["F"] == {"key": "F", "value": "f", **hidden, "file": True}


def test_variables_that_use_one_another_stay_as_they_are() -> None:
    api = api_with("a: {script: x}")
    for key, value in ("A", "$B"), ("B", "$A"):
        assert api.post("projects/1/variables", "ada", key=key, value=value).status == 201
    variables = names_of(Runner(api).take()["variables"])
    assert (variables["A"]["value"], variables["B"]["value"]) == ("$B", "$A")


def test_a_tag_and_all_of_the_history_are_fetched() -> None:
    api = Api(world("a: {script: x}", ci_default_git_depth=0))
    create(api, ref="v1")
    told = Runner(api).take()["git_info"]
    assert (told["ref_type"], told["depth"]) == ("tag", 0)
    assert told["refspecs"][1:] == ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"]
    create(api, ref="v1", variables=[{"key": "GIT_DEPTH", "value": "3"}])
    assert Runner(api).take()["git_info"]["refspecs"][1:] == ["+refs/tags/v1:refs/tags/v1"]


def test_a_job_that_makes_a_release_says_how() -> None:
    link = "{name: zip, url: 'http://a.example'}"
    config = (
        f"a: {{script: x, release: {{tag_name: v1, description: d, milestones: [m1], assets: {{links: [{link}]}}}}}}"
    )
    steps = Runner(api_with(config)).take()["steps"]
    command = 'release-cli create --description "d" --tag-name "v1" --milestone "m1" --assets-link '
    assert steps[1]["script"] == [command + r'"{\"name\":\"zip\",\"url\":\"http://a.example\"}"']


def test_artifacts_are_fetched_from_the_jobs_before() -> None:
    config = """
stages: [a, b]
one: {stage: a, script: x, artifacts: {paths: [.gitlab-ci.yml]}}
two: {stage: a, script: x}
all: {stage: b, script: x}
some: {stage: b, script: x, dependencies: [two]}
none: {stage: b, script: x, dependencies: []}
needing: {stage: b, script: x, needs: [one, {job: two, artifacts: false}]}
"""
    api = api_with(config)
    runner = Runner(api)
    jobs = [runner.take(), runner.take()]
    for job in jobs:
        runner.upload(job, file=None)
        runner.update(job, "success")
    found = {}
    for _ in range(4):
        job = runner.take()
        assert {one["token"] for one in job["dependencies"]} <= {job["token"]}
        found[job["job_info"]["name"]] = [one["name"] for one in job["dependencies"]]
    assert found == {"all": ["one", "two"], "some": ["two"], "none": [], "needing": ["one"]}


# Who gets what


def test_jobs_go_to_runners_that_may_have_them() -> None:
    api = api_with()
    assert Runner(api, "glrt-ruby").ask().status == 204
    api.put("projects/1", "root", shared_runners_enabled=False)
    assert Runner(api).ask().status == 204
    api.put("projects/1", "root", shared_runners_enabled=True)
    api.put("runners/1", "root", access_level="ref_protected")
    assert Runner(api).ask().status == 204
    api.post("projects/1/protected_branches", "root", name="main")
    assert Runner(api).ask().status == 201


def test_projects_take_turns_on_shared_runners() -> None:
    api = Api(world("a: {script: x}\nb: {script: x}", settings={}))
    create(api)
    api.post(
        "projects/3/repository/files/.gitlab-ci.yml", "ada", branch="main", content="c: {script: x}", commit_message="m"
    )
    runner = Runner(api)
    assert [runner.take()["job_info"]["name"] for _ in range(3)] == ["a", "c", "b"]


def test_a_runner_that_is_paused_gets_nothing() -> None:
    api = api_with()
    api.put("runners/1", "root", paused=True)
    answer = Runner(api).ask()
    assert (answer.status, answer.text, len(answer.headers["X-GitLab-Last-Update"])) == (204, "", 32)
    assert api.get("runners/1").json["contacted_at"] == "2024-05-01T09:00:00.000Z"


def test_a_runner_need_not_look_again_until_something_changed() -> None:
    api = Api(world())
    runner = Runner(api)
    last = runner.ask().headers["X-GitLab-Last-Update"]
    assert runner.ask(last_update=last).headers["X-GitLab-Last-Update"] == last
    create(api)
    assert runner.ask(last_update=last).status == 201


def test_who_is_no_runner_gets_nothing() -> None:
    api = api_with()
    assert seen(api.post("jobs/request", None, token="nobody")) == FORBIDDEN
    assert seen(api.post("jobs/request", None)) == (400, {"message": '400 (Bad request) "token" not given'})
    assert seen(api.post("jobs/request", None, token="glrt-shared", info="x")) == (400, {"error": "info is invalid"})


def test_pipelines_that_end_at_once_leave_nothing_to_runners() -> None:
    api = Api(world(settings={"transitions": {"pipelines": "immediate"}}))
    create(api)
    assert Runner(api).ask().status == 204


def test_what_a_scenario_says_is_pending_is_given_out() -> None:
    jobs = [{"name": "ask", "status": "pending", "token": "glcbt-mine"}]
    api = Api(world(settings={"transitions": {}}, pipelines=[{"ref": "main", "jobs": jobs}]))
    job = Runner(api).take()
    assert (job["token"], job["steps"][0]["script"], job["image"], job["artifacts"]) == ("glcbt-mine", [], None, None)


def test_what_a_runner_has_does_not_end_by_itself() -> None:
    api = api_with("a: {script: x}\nb: {script: x}")
    job = Runner(api).take()
    assert api.server.finish("pipelines") == 1
    assert statuses(api, 10001) == {"a": "running", "b": "success"}
    Runner(api).update(job, "failed")
    assert api.get("projects/1/pipelines/10001").json["status"] == "failed"


@pytest.mark.parametrize(
    "odd",
    [
        "image: 5, services: x, cache: y, hooks: [z], timeout: [1], release: r, coverage: 3",
        "image: {name: 2024}, services: [3, {name: a, variables: [b]}, [c]], cache: [x, {key: {files: [3, '']}}]",
        "hooks: {a: {b: c}}, release: {tag_name: [x], assets: [y], milestones: {a: b}}, retry: {max: x, when: {a: b}}",
        "cache: {key: {files: {a: b}, prefix: [c]}, fallback_keys: {x: y}}, release: {assets: {links: {a: 2024}}}",
        "artifacts: {paths: {a: b}, reports: {coverage_report: [x], junit: {a: b}, nothing: x}}, coverage: '/(/'",
    ],
)
def test_odd_configurations_are_given_out_all_the_same(odd: str) -> None:
    runner = Runner(api_with(f"a: {{script: x, {odd}}}"))
    job = runner.take()
    runner.append(job, b"log")
    assert runner.update(job, "failed").status == 200


# Jobs that fail at once


@pytest.mark.parametrize(
    "config",
    [
        "a: {script: x, artifacts: {reports: {junit: x.xml}}}",
        "a: {script: x, artifacts: {paths: [x], exclude: [y]}}",
        "a: {script: x, release: {tag_name: v1, description: d}}",
        "a: {script: x, allow_failure: {exit_codes: 3}}",
        "a: {script: x, cache: {paths: [x], fallback_keys: [y]}}",
    ],
)
def test_a_job_fails_that_the_runner_cannot_run(config: str) -> None:
    api = api_with(config)
    answer = Runner(api).ask(info={**INFO, "features": {}})
    shown = jobs_of(api, 10001)["a"]
    assert (answer.status, shown["status"], shown["failure_reason"]) == (204, "failed", "runner_unsupported")


def test_a_job_fails_whose_artifacts_are_gone_or_whose_user_is_blocked() -> None:
    api = api_with("stages: [x, y]\na: {stage: x, script: x}\nb: {stage: y, script: x}\nc: {stage: y, script: x}")
    runner = Runner(api)
    job = runner.take()
    runner.append(job, b"log")
    runner.update(job, "success")
    api.post(f"projects/1/jobs/{job['id']}/erase", "root")
    assert runner.ask().status == 204
    assert {jobs_of(api, 10001)[name]["failure_reason"] for name in "bc"} == {"missing_dependency_failure"}
    create(api)
    api.post("users/3/block", "root")
    assert runner.ask().status == 204
    assert jobs_of(api, 10002)["a"]["failure_reason"] == "user_blocked"
