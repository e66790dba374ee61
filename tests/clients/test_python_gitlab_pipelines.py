"""Pipelines, jobs, artifacts and the scope of job tokens driven with python-gitlab."""

import io
import zipfile
from typing import Any

import gitlab
import pytest

from mockgitlab import MockGitLab
from tests.pipeline_world import FILES, world

RUNNING = {"name": "bot", "status": "running", "token": "glcbt-bot", "trace": "on it\n"}
WORLD = world(
    {"transitions": {"pipelines": {"reads": 1}}},
    pipelines=[{"ref": "fix", "name": "Told", "jobs": [RUNNING, {"name": "child", "kind": "Ci::Bridge"}]}],
)
pytestmark = pytest.mark.mockgitlab(scenario=WORLD)


def wait_for(pipeline: Any) -> None:
    """Ask for a pipeline until it has ended."""
    while pipeline.status not in ("success", "failed", "canceled"):
        pipeline.refresh()


@pytest.fixture
def rocket(bob: Any) -> Any:
    return bob.projects.get("acme/rocket")


def test_a_pipeline_is_made_and_waited_for(rocket: Any) -> None:
    made = rocket.pipelines.create({"ref": "main", "variables": [{"key": "CODE", "value": "1"}]})
    assert made.status == "pending"
    wait_for(made)
    assert (made.status, made.name) == ("failed", "Build of main")
    assert [(one.key, one.value) for one in made.variables.list(get_all=True)] == [("CODE", "1")]
    assert rocket.pipelines.latest(ref="main").id == made.id
    assert [one.id for one in rocket.pipelines.list(get_all=True, ref="main", status="failed")] == [made.id]
    assert made.test_report.get().total_count == 4
    assert made.test_report_summary.get().attributes["total"]["failed"] == 1


def test_jobs_logs_and_artifacts(rocket: Any) -> None:
    made = rocket.pipelines.create({"ref": "main"})
    wait_for(made)
    jobs = {one.name: one for one in made.jobs.list(get_all=True)}
    assert {name: job.status for name, job in jobs.items()} == {
        "compile": "success",
        "rspec": "success",
        "lint": "failed",
        "ship": "skipped",
    }
    compiled = rocket.jobs.get(jobs["compile"].id)
    assert b"Job succeeded" in compiled.trace()
    with zipfile.ZipFile(io.BytesIO(compiled.artifacts())) as archive:
        assert archive.namelist() == ["README.md", "dist/app.txt"]
    assert compiled.artifact("README.md").decode() == FILES["README.md"]
    compiled.keep_artifacts()
    assert rocket.jobs.get(compiled.id).artifacts_expire_at is None


def test_artifacts_of_the_latest_good_pipeline(rocket: Any) -> None:
    config = {"branch": "main", "file_path": ".gitlab-ci.yml", "commit_message": "Less"}
    text = "pack: {script: pack, artifacts: {paths: [dist]}}"
    rocket.commits.create({**config, "actions": [{"action": "update", "file_path": ".gitlab-ci.yml", "content": text}]})
    wait_for(rocket.pipelines.list(ref="main", get_all=True)[0])
    assert rocket.artifacts.raw("main", "dist/app.txt", "pack") == b"app\n"
    with zipfile.ZipFile(io.BytesIO(rocket.artifacts.download("main", "pack"))) as archive:
        assert archive.namelist() == ["dist/app.txt", "dist/debug.txt"]
    with pytest.raises(gitlab.GitlabGetError, match="404 Not found"):
        rocket.artifacts.download("main", "nothing")


def test_again_and_no_more(rocket: Any, ada: Any) -> None:
    made = rocket.pipelines.create({"ref": "main"})
    made.cancel()
    assert rocket.pipelines.get(made.id).status == "canceled"
    made.retry()
    wait_for(made)
    lint = next(one for one in made.jobs.list(get_all=True) if one.name == "lint")
    rocket.jobs.get(lint.id).retry()
    assert len(made.jobs.list(get_all=True, include_retried=True)) > len(made.jobs.list(get_all=True))
    rocket.jobs.get(lint.id).cancel()
    with pytest.raises(gitlab.GitlabJobPlayError, match="Unplayable Job"):
        rocket.jobs.get(lint.id).play()
    own = ada.projects.get("acme/rocket")
    own.jobs.get(lint.id).erase()
    assert own.jobs.get(lint.id).trace() == b""
    own.pipelines.get(made.id).delete()
    with pytest.raises(gitlab.GitlabGetError, match="404 Not found"):
        rocket.pipelines.get(made.id)


def test_trigger_jobs_and_all_jobs(rocket: Any) -> None:
    told = next(one for one in rocket.pipelines.list(get_all=True) if one.name == "Told")
    assert [one.name for one in told.bridges.list(get_all=True)] == ["child"]
    assert [one.name for one in rocket.jobs.list(iterator=True, scope=["running"])] == ["bot"]
    assert [one.name for one in rocket.jobs.list(pagination="keyset", order_by="id", iterator=True)] == ["bot"]


def test_a_job_acts_with_its_token(connect: Any, mockgitlab: MockGitLab) -> None:
    job = connect(job_token="glcbt-bot")
    assert job.http_get("/job")["name"] == "bot"
    assert job.projects.get("acme/rocket", lazy=True).pipelines.list(get_all=True)[0].name == "Told"


def test_the_scope_of_job_tokens(ada: Any) -> None:
    scope = ada.projects.get("ada/notes").job_token_scope.get()
    assert (scope.inbound_enabled, scope.outbound_enabled) == (True, False)
    scope.enabled = False
    scope.save()
    scope.refresh()
    assert scope.inbound_enabled is False
    rocket = ada.projects.get("acme/rocket").id
    scope.allowlist.create({"target_project_id": rocket})
    assert rocket in [one.id for one in scope.allowlist.list(get_all=True)]
    scope.allowlist.delete(rocket)
    scope.groups_allowlist.create({"target_group_id": ada.groups.get("acme").id})
    assert [one.name for one in scope.groups_allowlist.list(get_all=True)] == ["acme"]
