"""Pipelines and their jobs in scenarios."""

import json
from pathlib import Path
from typing import Any

import pytest

from mockgitlab import MockGitLab
from mockgitlab.scenario.problems import ScenarioError
from tests.pipeline_world import NOW, api_with, jobs_of, world
from tests.support import Api


def told(*jobs: dict[str, Any], **pipeline: Any) -> Api:
    return api_with(pipelines=[{"id": 1, "ref": "main", "jobs": list(jobs), **pipeline}])


def test_a_job_of_few_words_has_succeeded() -> None:
    job = jobs_of(told({"name": "a"}), 1)["a"]
    assert (job["status"], job["stage"], job["started_at"], job["finished_at"]) == ("success", "test", NOW, NOW)
    assert job["user"]["username"] == "root"


@pytest.mark.parametrize(
    ("status", "begun", "ended"),
    [
        ("failed", NOW, NOW),
        ("canceled", NOW, NOW),
        ("running", NOW, None),
        ("pending", None, None),
        ("skipped", None, None),
    ],
)
def test_its_times_fit_its_status(status: str, begun: str | None, ended: str | None) -> None:
    job = jobs_of(told({"name": "a", "status": status}), 1)["a"]
    assert (job["started_at"], job["finished_at"]) == (begun, ended)


def test_the_status_of_a_pipeline_is_that_of_its_jobs() -> None:
    statuses = {
        "success": [{"name": "a"}, {"name": "b", "status": "skipped"}],
        "failed": [{"name": "a"}, {"name": "b", "status": "failed"}],
        "running": [{"name": "a"}, {"name": "b", "status": "pending"}],
    }
    for status, jobs in statuses.items():
        assert told(*jobs, status="manual").get("projects/1/pipelines/1").json["status"] == status
    assert told(status="manual").get("projects/1/pipelines/1").json["status"] == "manual"


def test_stages_come_in_the_order_in_which_they_are_told() -> None:
    jobs = [{"name": "a", "stage": "x"}, {"name": "b", "stage": "y"}, {"name": "c", "stage": "x"}]
    found = {one["name"]: one["stage_idx"] for one in told(*jobs).server.state()["CommitStatus"]}
    assert found == {"a": 0, "b": 1, "c": 0}


def test_artifacts_may_be_files_beside_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "app.bin").write_bytes(b"\xff\x00")
    (tmp_path / "report.xml").write_text("<testsuite><testcase name='a'/></testsuite>")
    job = {"id": 1, "name": "a", "artifacts": {"app.bin": {"file": "app.bin"}}, "junit": {"file": "report.xml"}}
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(json.dumps(world(pipelines=[{"id": 1, "ref": "main", "jobs": [job]}])))
    api = Api(str(scenario))
    assert api.get("projects/1/jobs/1/artifacts/app.bin").data == b"\xff\x00"
    assert api.get("projects/1/pipelines/1/test_report").json["total_count"] == 1


@pytest.mark.parametrize(
    ("job", "text"),
    [
        ({"artifacts": {"../x": "y"}}, "must be by paths of files"),
        ({"artifacts": {"x/": "y"}}, "must be by paths of files"),
        ({"artifacts": {"": "y"}}, "must be by paths of files"),
        ({"artifacts": {"/x": "y"}}, "must be by paths of files"),
        ({"artifacts": {"x//y": "y"}}, "must be by paths of files"),
        ({"artifacts": {"x": 5}}, "must be a text"),
        ({"junit": ["x"]}, "must be a text"),
        ({"status": "good"}, "status"),
    ],
)
def test_a_wrong_job_is_refused(job: dict[str, Any], text: str) -> None:
    with pytest.raises(ScenarioError, match=text):
        told({"name": "a", **job})


def test_a_token_is_of_one_job() -> None:
    with pytest.raises(ScenarioError, match="is given twice"):
        told({"name": "a", "token": "t"}, {"name": "b", "token": "t"})


def test_the_same_scenario_gives_the_same_bytes() -> None:
    given = world(pipelines=[{"ref": "main", "jobs": [{"name": "a", "artifacts": {"f": "x"}, "junit": "<a/>"}]}])
    found = [MockGitLab(given).state()["JobArtifact"] for _ in range(2)]
    assert found[0] == found[1]
