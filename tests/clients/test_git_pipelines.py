"""Pipelines with the real git and python-gitlab: from the push of a configuration to an automatic merge."""

import base64
from typing import Any

import gitlab
import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockgitlab import MockGitLab
from tests.ci_config.test_any_config import CONFIGS, TEXTS
from tests.clients.git_rig import Git, api
from tests.clients.python_gitlab_rig import refused
from tests.merge_request_world import world

CONFIG = """
stages: [build, test]

.for-merge-requests: &always
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_TAG || $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH

compile:
  <<: *always
  stage: build
  script: [make]

rspec:
  extends: .for-merge-requests
  stage: test
  script:
    - bundle exec rspec
"""
pytestmark = pytest.mark.mockgitlab(scenario=world())


@pytest.fixture
def rocket(bob: Any) -> Any:
    return bob.projects.get("acme/rocket")


def push(clone: Git, branch: str, config: str = CONFIG, *options: str, message: str = "Configure") -> str:
    clone("checkout", "-q", "-B", branch)
    sha = clone.commit({".gitlab-ci.yml": config}, message)
    clone("push", *(part for one in options for part in ("-o", one)), "origin", branch)
    return sha


def made(server: MockGitLab) -> list[tuple[str, str, str]]:
    return [(one["source"], one["ref"], one["status"]) for one in server.state().get("Pipeline", [])]


def test_a_merge_request_is_merged_once_its_pipeline_succeeded(mockgitlab: MockGitLab, clone: Git, rocket: Any) -> None:
    mockgitlab.transition(pipelines="manual")
    sha = push(clone, "ci")
    assert made(mockgitlab) == []
    request = rocket.mergerequests.create({"source_branch": "ci", "target_branch": "main", "title": "CI"})
    [pipeline] = request.pipelines.list()
    assert (pipeline.status, pipeline.ref, pipeline.sha) == ("pending", "refs/merge-requests/1/head", sha)
    again = request.pipelines.create()
    assert (again.status, again.source) == ("pending", "merge_request_event")
    request.merge(merge_when_pipeline_succeeds=True)
    assert rocket.mergerequests.get(1).state == "opened"
    assert mockgitlab.finish("pipelines") == 2
    merged = rocket.mergerequests.get(1)
    assert (merged.state, merged.head_pipeline["status"]) == ("merged", "success")
    assert made(mockgitlab)[-1] == ("push", "main", "pending")
    clone("fetch", "-q", "origin")
    assert clone("log", "-1", "--format=%s", "origin/main") == "Merge branch 'ci' into 'main'"


def test_a_push_on_a_merge_request_runs_a_new_pipeline_and_cancels_the_old_one(
    mockgitlab: MockGitLab, clone: Git, rocket: Any
) -> None:
    mockgitlab.transition(pipelines={"reads": 1})
    push(clone, "ci", CONFIG, "merge_request.create", "merge_request.target=main")
    push(clone, "ci", CONFIG + "# more\n", message="More")
    request = rocket.mergerequests.get(1)
    assert [one.status for one in request.pipelines.list()] == ["success", "canceled"]
    names = [(one.name, one.status) for one in rocket.commits.get(request.sha).statuses.list()]
    assert names == [("compile", "success"), ("rspec", "success")]


def test_without_commits_or_configuration_none_is_made(rocket: Any) -> None:
    request = rocket.mergerequests.create({"source_branch": "feature", "target_branch": "main", "title": "Launch"})
    status, message = refused(gitlab.GitlabCreateError, request.pipelines.create)[:2]
    assert (status, message) == (400, {"base": ["Missing CI config file"]})


@pytest.mark.parametrize(
    ("options", "message", "status"),
    [
        ((), "Go", "success"),
        (("ci.skip",), "Go", "skipped"),
        ((), "Go [skip ci]", "skipped"),
        ((), "[ci-skip]", "skipped"),
    ],
)
def test_a_push_may_skip_it(mockgitlab: MockGitLab, clone: Git, options: Any, message: str, status: str) -> None:
    push(clone, "ci", "rspec: {script: rspec}", *options, message=message)
    assert made(mockgitlab) == [("push", "ci", status)]


def test_a_push_may_run_none_or_give_it_variables(mockgitlab: MockGitLab, clone: Git) -> None:
    config = "rspec: {script: rspec, rules: [{if: $DEEP == 'yes'}]}\nlint: {script: lint}"
    push(clone, "ci", config, "ci.no_pipeline")
    assert made(mockgitlab) == []
    sha = push(clone, "ci", f"{config}\n", 'ci.variable="DEEP=yes"', "ci.variable=OTHER=1")
    names = [one["name"] for one in api(mockgitlab, f"projects/1/repository/commits/{sha}/statuses")]
    assert names == ["rspec", "lint"]
    [pipeline] = api(mockgitlab, "projects/1/pipelines")
    given = api(mockgitlab, f"projects/1/pipelines/{pipeline['id']}/variables")
    assert {one["key"]: one["value"] for one in given} == {"DEEP": "yes", "OTHER": "1"}


def test_tags_and_many_branches(mockgitlab: MockGitLab, clone: Git) -> None:
    push(clone, "ci", "rspec: {script: rspec}", "ci.skip")
    clone("tag", "v1")
    clone("tag", "-a", "-m", "Two", "v2")
    clone("push", "-q", "origin", "v1", "v2")
    assert made(mockgitlab)[1:] == [("push", "v1", "success"), ("push", "v2", "success")]
    names = [f"b{n}" for n in range(5)]
    for name in names:
        clone("branch", name)
    clone("push", "-q", "origin", *names)
    assert len(made(mockgitlab)) == 3
    clone("push", "-q", "origin", "--delete", "ci", "v1")
    assert len(made(mockgitlab)) == 3


def test_what_is_wrong_is_told_in_the_pipeline(mockgitlab: MockGitLab, clone: Git) -> None:
    sha = push(clone, "ci", "rspec: {script: rspec, foo: 1}")
    assert api(mockgitlab, f"projects/1/repository/commits/{sha}")["status"] == "failed"
    [kept] = mockgitlab.state()["Pipeline"]
    assert kept["yaml_errors"] == "jobs:rspec config contains unknown keys: foo"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(config=CONFIGS.map(str) | TEXTS, path=st.sampled_from([".gitlab-ci.yml", "ci.yml@acme/rocket", "http://x/y"]))
def test_no_configuration_whatever_breaks_a_commit_or_a_pipeline(
    mockgitlab: MockGitLab, config: str, path: str
) -> None:
    headers = {"Private-Token": "ada-token"}
    at = f"{mockgitlab.url}/api/v4/projects/1"
    requests.put(at, headers=headers, json={"ci_config_path": path}, timeout=20)
    requests.post(
        f"{at}/merge_requests",
        headers=headers,
        json={"source_branch": "feature", "target_branch": "main", "title": "x"},
        timeout=20,
    )
    content = base64.b64encode(config.encode()).decode()  # as it is, a NUL would be refused
    action = {"action": "update", "file_path": ".gitlab-ci.yml", "content": content, "encoding": "base64"}
    given = {"branch": "feature", "commit_message": "Configure", "actions": [action]}
    answer = requests.post(f"{at}/repository/commits", headers=headers, json=given, timeout=20)
    if answer.status_code == 400:
        given = {**given, "actions": [{**action, "action": "create"}]}
        answer = requests.post(f"{at}/repository/commits", headers=headers, json=given, timeout=20)
    assert answer.status_code == 201, answer.text
    asked = requests.post(f"{at}/merge_requests/1/pipelines", headers=headers, timeout=20)
    assert asked.status_code in (200, 400), asked.text
    assert asked.json()
