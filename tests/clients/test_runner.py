"""Runners that work: one that is written here, and Python's gitlab-runner-api."""

from pathlib import Path
from typing import Any

import pytest
from gitlab_runner_api import Runner as LibraryRunner
from gitlab_runner_api.failure_reasons import ScriptFailure

from mockgitlab import MockGitLab
from tests.clients.runner_rig import Log, Runner
from tests.runner_world import world

CONFIG = """
stages: [build, test]
compile:
  stage: build
  before_script: [echo "building $CI_PROJECT_PATH"]
  script: [mkdir out, echo "$CI_COMMIT_SHA" > out/sha]
  artifacts: {paths: [out/sha], expire_in: 1 day}
check: {stage: test, script: ['test "$(cat out/sha)" = "$CI_COMMIT_SHA"', cat Gemfile.lock]}
lint: {stage: test, script: [echo no, exit 3], allow_failure: {exit_codes: 3}}
"""
pytestmark = pytest.mark.mockgitlab(scenario=world(CONFIG))


def test_a_runner_runs_a_pipeline(mockgitlab: MockGitLab, bob: Any, tmp_path: Path) -> None:
    project = bob.projects.get("acme/rocket")
    pipeline = project.pipelines.create({"ref": "main"})
    assert Runner(mockgitlab.url, tmp_path, "glrt-shared").work() == ["compile", "check", "lint"]
    pipeline.refresh()
    assert pipeline.status == "success"
    jobs = {one.name: project.jobs.get(one.id) for one in pipeline.jobs.list(get_all=True)}
    assert {name: one.status for name, one in jobs.items()} == {
        "compile": "success",
        "check": "success",
        "lint": "failed",
    }
    assert jobs["lint"].allow_failure
    assert jobs["compile"].trace() == b"building acme/rocket\n"
    assert jobs["check"].trace() == b"1\n"
    assert jobs["compile"].artifact("out/sha") == f"{pipeline.sha}\n".encode()


def test_a_runner_registers_and_gets_jobs_of_its_project(mockgitlab: MockGitLab, ada: Any, tmp_path: Path) -> None:
    project = ada.projects.get("acme/rocket")
    runner = Runner(mockgitlab.url, tmp_path)
    runner.register(project.runners_token, description="own")
    project.shared_runners_enabled = False
    project.save()
    project.pipelines.create({"ref": "main"})
    assert runner.work() == ["compile", "check", "lint"]
    assert {one.runner["description"] for one in project.jobs.list(get_all=True)} == {"own"}


def test_a_log_goes_on_where_the_server_has_it(mockgitlab: MockGitLab, bob: Any, tmp_path: Path) -> None:
    project = bob.projects.get("acme/rocket")
    project.pipelines.create({"ref": "main"})
    job = Runner(mockgitlab.url, tmp_path, "glrt-shared")._ask()
    log = Log(f"{mockgitlab.url}/api/v4", job)
    log.write(b"one ")
    log.sent = 2  # as after a connection that broke
    log.text += b"two"
    log.write(b"")
    assert project.jobs.get(job["id"]).trace() == b"one two"


def test_the_library_gitlab_runner_api(mockgitlab: MockGitLab, ada: Any) -> None:
    project = ada.projects.get("acme/rocket")
    pipeline = project.pipelines.create({"ref": "main"})
    runner = LibraryRunner.register(mockgitlab.url, project.runners_token, description="dirac", tags=["grid"])
    job = runner.request_job()
    assert (job.name, job.script[-1], job.project_path) == ("compile", 'echo "$CI_COMMIT_SHA" > out/sha', "acme/rocket")
    job.log += "hello\n"
    job.set_failed(ScriptFailure())
    shown = project.jobs.get(job.id)
    assert (shown.status, shown.failure_reason, shown.runner["description"]) == ("failed", "script_failure", "dirac")
    assert shown.trace().endswith(b"hello\n")
    assert runner.request_job() is None
    pipeline.refresh()
    assert pipeline.status == "failed"
