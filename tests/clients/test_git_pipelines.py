"""Pipelines with the real git and python-gitlab: from the push of a configuration to an automatic merge."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gitlab
import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockgitlab import MockGitLab
from tests.ci_config.test_any_config import CONFIGS, TEXTS
from tests.clients.git_rig import Git, api, url
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


@pytest.fixture
def server() -> Iterator[MockGitLab]:
    with MockGitLab(world()) as running:
        yield running


@pytest.fixture
def git(server: MockGitLab, tmp_path: Path) -> Git:
    Git(tmp_path)("clone", "-q", url(server), "clone")
    return Git(tmp_path / "clone")


@pytest.fixture
def rocket(server: MockGitLab) -> Iterator[Any]:
    with gitlab.Gitlab(server.url, private_token="bob-token") as client:
        yield client.projects.get("acme/rocket")


def push(git: Git, branch: str, config: str = CONFIG, *options: str, message: str = "Configure") -> str:
    git("checkout", "-q", "-B", branch)
    sha = git.commit({".gitlab-ci.yml": config}, message)
    git("push", *(part for one in options for part in ("-o", one)), "origin", branch)
    return sha


def made(server: MockGitLab) -> list[tuple[str, str, str]]:
    return [(one["source"], one["ref"], one["status"]) for one in server.state().get("Pipeline", [])]


def test_a_merge_request_is_merged_once_its_pipeline_succeeded(server: MockGitLab, git: Git, rocket: Any) -> None:
    server.transition(pipelines="manual")
    sha = push(git, "ci")
    assert made(server) == []
    request = rocket.mergerequests.create({"source_branch": "ci", "target_branch": "main", "title": "CI"})
    [pipeline] = request.pipelines.list()
    assert (pipeline.status, pipeline.ref, pipeline.sha) == ("pending", "refs/merge-requests/1/head", sha)
    again = request.pipelines.create()
    assert (again.status, again.source) == ("pending", "merge_request_event")
    request.merge(merge_when_pipeline_succeeds=True)
    assert rocket.mergerequests.get(1).state == "opened"
    assert server.finish("pipelines") == 2
    merged = rocket.mergerequests.get(1)
    assert (merged.state, merged.head_pipeline["status"]) == ("merged", "success")
    assert made(server)[-1] == ("push", "main", "pending")
    git("fetch", "-q", "origin")
    assert git("log", "-1", "--format=%s", "origin/main") == "Merge branch 'ci' into 'main'"


def test_a_push_on_a_merge_request_runs_a_new_pipeline_and_cancels_the_old_one(
    server: MockGitLab, git: Git, rocket: Any
) -> None:
    server.transition(pipelines={"reads": 1})
    push(git, "ci", CONFIG, "merge_request.create", "merge_request.target=main")
    push(git, "ci", CONFIG + "# more\n", message="More")
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
def test_a_push_may_skip_it(server: MockGitLab, git: Git, options: Any, message: str, status: str) -> None:
    push(git, "ci", "rspec: {script: rspec}", *options, message=message)
    assert made(server) == [("push", "ci", status)]


def test_a_push_may_run_none_or_give_it_variables(server: MockGitLab, git: Git) -> None:
    config = "rspec: {script: rspec, rules: [{if: $DEEP == 'yes'}]}\nlint: {script: lint}"
    push(git, "ci", config, "ci.no_pipeline")
    assert made(server) == []
    sha = push(git, "ci", f"{config}\n", 'ci.variable="DEEP=yes"', "ci.variable=OTHER=1")
    names = [one["name"] for one in api(server, f"projects/1/repository/commits/{sha}/statuses")]
    assert names == ["rspec", "lint"]
    assert server.state()["Pipeline"][0]["variables"] == {"DEEP": "yes", "OTHER": "1"}


def test_tags_and_many_branches(server: MockGitLab, git: Git) -> None:
    push(git, "ci", "rspec: {script: rspec}", "ci.skip")
    git("tag", "v1")
    git("tag", "-a", "-m", "Two", "v2")
    git("push", "-q", "origin", "v1", "v2")
    assert made(server)[1:] == [("push", "v1", "success"), ("push", "v2", "success")]
    names = [f"b{n}" for n in range(5)]
    for name in names:
        git("branch", name)
    git("push", "-q", "origin", *names)
    assert len(made(server)) == 3
    git("push", "-q", "origin", "--delete", "ci", "v1")
    assert len(made(server)) == 3


def test_what_is_wrong_is_told_in_the_pipeline(server: MockGitLab, git: Git) -> None:
    sha = push(git, "ci", "rspec: {script: rspec, foo: 1}")
    assert api(server, f"projects/1/repository/commits/{sha}")["status"] == "failed"
    [kept] = server.state()["Pipeline"]
    assert kept["yaml_errors"] == "jobs:rspec config contains unknown keys: foo"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(config=CONFIGS.map(str) | TEXTS, path=st.sampled_from([".gitlab-ci.yml", "ci.yml@acme/rocket", "http://x/y"]))
def test_no_configuration_whatever_breaks_a_commit_or_a_pipeline(server: MockGitLab, config: str, path: str) -> None:
    headers = {"Private-Token": "ada-token"}
    at = f"{server.url}/api/v4/projects/1"
    requests.put(at, headers=headers, json={"ci_config_path": path}, timeout=20)
    requests.post(
        f"{at}/merge_requests",
        headers=headers,
        json={"source_branch": "feature", "target_branch": "main", "title": "x"},
        timeout=20,
    )
    action = {"action": "update", "file_path": ".gitlab-ci.yml", "content": config}
    given = {"branch": "feature", "commit_message": "Configure", "actions": [action]}
    answer = requests.post(f"{at}/repository/commits", headers=headers, json=given, timeout=20)
    if answer.status_code == 400:
        given = {**given, "actions": [{**action, "action": "create"}]}
        answer = requests.post(f"{at}/repository/commits", headers=headers, json=given, timeout=20)
    assert answer.status_code == 201, answer.text
    asked = requests.post(f"{at}/merge_requests/1/pipelines", headers=headers, timeout=20)
    assert asked.status_code in (200, 400), asked.text
    assert asked.json()
