"""Downstream pipelines driven with python-gitlab."""

from typing import Any

import pytest

from mockgitlab import MockGitLab
from tests.pipeline_world import world

CONFIG = "child: {trigger: {include: child.yml, strategy: depend}}\nship: {stage: deploy, script: ship}\n"
TREE = {".gitlab-ci.yml": CONFIG, "child.yml": "tests: {script: make}\n"}
SCENARIO = world({"transitions": {"pipelines": {"reads": 1}}}, repository={"branches": {"main": TREE}, "tags": {}})
pytestmark = pytest.mark.mockgitlab(scenario=SCENARIO)


def test_a_client_follows_a_pipeline_into_its_child(bob: Any, mockgitlab: MockGitLab) -> None:
    rocket = bob.projects.get("acme/rocket")
    made = rocket.pipelines.create({"ref": "main"})
    [bridge] = made.bridges.list(get_all=True)
    child = rocket.pipelines.get(bridge.downstream_pipeline["id"])
    while child.status != "success":
        child.refresh()
    assert [job.name for job in child.jobs.list(get_all=True)] == ["tests"]
    while made.status != "success":
        made.refresh()
    assert [(one.name, one.status) for one in made.bridges.list(get_all=True)] == [("child", "success")]
    assert [(one.name, one.status) for one in made.jobs.list(get_all=True)] == [("ship", "success")]
    assert [one.id for one in rocket.pipelines.list(get_all=True)] == [made.id]
