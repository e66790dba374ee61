"""Resource groups driven with python-gitlab."""

from typing import Any

import pytest

from mockgitlab import MockGitLab
from tests.pipeline_world import world

CONFIG = "ship: {script: ship, resource_group: production}\n"
REPOSITORY = {"branches": {"main": {".gitlab-ci.yml": CONFIG}}, "tags": {}}
SCENARIO = world({"transitions": {"pipelines": "manual"}}, repository=REPOSITORY)
pytestmark = pytest.mark.mockgitlab(scenario=SCENARIO)


def test_pipelines_wait_for_one_another(bob: Any, mockgitlab: MockGitLab) -> None:
    rocket = bob.projects.get("acme/rocket")
    made = [rocket.pipelines.create({"ref": "main"}) for _ in range(3)]
    group = rocket.resource_groups.get("production")
    group.process_mode = "newest_first"
    group.save()
    waiting = [one.pipeline["id"] for one in group.upcoming_jobs.list(get_all=True)]
    assert waiting == [made[2].id, made[1].id]
    mockgitlab.finish("pipelines", made[0].id)
    for one in made:
        one.refresh()
    assert [one.status for one in made] == ["success", "waiting_for_resource", "pending"]
