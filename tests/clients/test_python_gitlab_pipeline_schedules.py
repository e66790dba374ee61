"""Pipeline schedules, trigger tokens and resource groups driven with python-gitlab, and the pipelines around them."""

from typing import Any

import gitlab
import pytest

from mockgitlab import MockGitLab
from tests.api.v4.repositories import world

CONFIG = 'a: {script: x, resource_group: one}\nb: {script: x, rules: [{if: $SCOPE == "all"}]}\n'
BEGIN = {"message": "Begin", "files": {".gitlab-ci.yml": CONFIG}}
pytestmark = pytest.mark.mockgitlab(scenario=world({"branches": {"main": {"commits": [BEGIN]}}, "protected": False}))


def jobs(project: Any, pipeline_id: int) -> list[str]:
    return sorted(one.name for one in project.pipelines.get(pipeline_id).jobs.list(get_all=True))


def test_a_schedule_with_its_variables(rocket: Any, bob: Any) -> None:
    made = rocket.pipelineschedules.create({"description": "Nightly", "ref": "main", "cron": "0 1 * * *"})
    made.cron = "0 2 * * *"
    made.save()
    variable = made.variables.create({"key": "SCOPE", "value": "some"})
    variable.value = "all"
    variable.save()
    rocket.pipelineschedules.get(made.id).play()
    [ran] = made.pipelines.list(get_all=True)
    assert jobs(rocket, ran.id) == ["a", "b"]
    theirs = bob.projects.get("acme/rocket").pipelineschedules.get(made.id)
    with pytest.raises(gitlab.GitlabOwnershipError, match="403 Forbidden"):
        theirs.take_ownership()
    found = rocket.pipelineschedules.get(made.id)
    assert (found.next_run_at, found.attributes["variables"][0]["value"]) == ("2024-05-02T02:00:00.000Z", "all")
    variable.delete()
    made.delete()
    assert rocket.pipelineschedules.list(get_all=True) == []


def test_the_clock_runs_a_schedule(rocket: Any, mockgitlab: MockGitLab) -> None:
    made = rocket.pipelineschedules.create({"description": "Nightly", "ref": "main", "cron": "0 1 * * *"})
    mockgitlab.advance("1d")
    [ran] = made.pipelines.list(get_all=True)
    assert (ran.source, ran.status) == ("schedule", "success")


def test_a_token_starts_pipelines(rocket: Any, connect: Any) -> None:
    token = rocket.triggers.create({"description": "Nightly"}).token
    anyone = connect().projects.get(rocket.id, lazy=True)
    started = anyone.trigger_pipeline("main", token, variables={"SCOPE": "all"})
    assert jobs(rocket, started.id) == ["a", "b"]
    with pytest.raises(gitlab.GitlabCreateError, match="Reference not found"):
        anyone.trigger_pipeline("nowhere", token)
    with pytest.raises(gitlab.GitlabCreateError, match="404 Not Found"):
        anyone.trigger_pipeline("main", "glptt-none")


def test_a_resource_group(rocket: Any) -> None:
    rocket.pipelines.create({"ref": "main"})
    [group] = rocket.resource_groups.list(get_all=True)
    group.process_mode = "oldest_first"
    group.save()
    assert rocket.resource_groups.get("one").process_mode == "oldest_first"
