"""A world with jobs that wait for runners, and the calls of a runner."""

from typing import Any

from werkzeug.datastructures import FileStorage

from tests.pipeline_world import create
from tests.support import WORLD, Answer, Api

FEATURES = (
    *("upload_multiple_artifacts", "artifacts_exclude", "multi_build_steps", "return_exit_code"),
    *("fallback_cache_keys", "refspecs"),
)
INFO = {
    "name": "gitlab-runner",
    "version": "17.5.0",
    "revision": "abc",
    "platform": "linux",
    "architecture": "amd64",
    "executor": "shell",
    "features": dict.fromkeys(FEATURES, True),
}
CONFIG = """
stages: [build, test]
compile: {stage: build, script: make}
rspec: {stage: test, script: rspec, tags: [ruby]}
lint: {stage: test, script: lint}
"""
RUNNERS = {
    "runners": [{"description": "shared", "token": "glrt-shared", "tag_list": ["docker"]}],
    "ruby": [{"description": "ruby", "token": "glrt-ruby", "tag_list": ["ruby"], "run_untagged": False}],
}


def world(config: str = CONFIG, files: Any = None, settings: Any = None, **rocket: Any) -> dict[str, Any]:
    """Return a world whose pipelines are left to runners: a shared one, and one of acme/rocket for jobs tagged ruby."""
    branches = {"main": {".gitlab-ci.yml": config, "Gemfile.lock": "1\n", **(files or {})}}
    repository = {"branches": branches, "tags": {"v1": "main"}, "protected": False}
    project = {"path": "acme/rocket", "repository": repository, "runners": RUNNERS["ruby"], **rocket}
    gitlab = {"transitions": {"pipelines": "manual"}, **(settings or {})}
    projects = [project, *WORLD["projects"][1:]]
    return {**WORLD, "gitlab": gitlab, "runners": RUNNERS["runners"], "projects": projects}


def api_with(config: str = CONFIG, **more: Any) -> Api:
    """Return a client of that world, in which bob started a pipeline of main."""
    api = Api(world(config, **more))
    assert create(api).status == 201
    return api


class Runner:
    """What a runner sends."""

    def __init__(self, api: Api, token: str = "glrt-shared") -> None:
        self.api, self.token = api, token

    def ask(self, **more: Any) -> Answer:
        """Ask for a job."""
        given = {"token": self.token, "system_id": "s_1", "info": INFO, **more}
        return self.api.post("jobs/request", None, **given)

    def take(self, **more: Any) -> dict[str, Any]:
        """Return the job that it is given."""
        answer = self.ask(**more)
        assert answer.status == 201, answer
        job: dict[str, Any] = answer.json
        return job

    def append(self, job: dict[str, Any], data: bytes, start: int | None = 0, **query: Any) -> Answer:
        """Append to the log of a job."""
        headers = {"Job-Token": job["token"], "Content-Type": "text/plain"}
        if start is not None:
            headers["Content-Range"] = f"{start}-{start + len(data) - 1}"
        return self.api._send("PATCH", f"jobs/{job['id']}/trace", headers, data=data, query_string=query)

    def update(self, job: dict[str, Any], state: str | None, **more: Any) -> Answer:
        """Tell how a job stands."""
        return self.api.put(f"jobs/{job['id']}", None, token=job["token"], state=state, **more)

    def upload(self, job: dict[str, Any], file: FileStorage | None = None, **more: Any) -> Answer:
        """Bring a file."""
        given = {"token": job["token"], **({"file": file} if file else {}), **more}
        return self.api.form("POST", f"jobs/{job['id']}/artifacts", None, **given)
