"""A runner of the time of GitLab CI, which does as gitlab-ci-runner did: a build at a time, its whole log each time."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import requests

from mockgitlab import MockGitLab
from tests.clients.git_rig import Git, environment
from tests.runner_world import world

CONFIG = """
before_script: [echo "on $DB"]
variables: {DB: postgres}
one: {stage: build, script: [cat Gemfile.lock]}
two: {stage: test, script: ["false"]}
"""
WORLD = world(CONFIG, settings={"api": ["v4", "ci"]})
TOKENS = [*WORLD["tokens"], {"token": "of-instance", "kind": "registration"}]
pytestmark = pytest.mark.mockgitlab(scenario={**WORLD, "tokens": TOKENS, "runners": []})


class Runner:
    """What gitlab-ci-runner's network and build were."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder, self.token = f"{url}/api/v1", folder, ""

    def register(self, token: str) -> None:
        given = {"token": token, "description": "old", "tag_list": "ruby"}
        answer = requests.post(f"{self.url}/runners/register.json", data=given, timeout=10)
        assert answer.status_code == 201, answer.text
        self.token = answer.json()["token"]

    def work(self) -> list[tuple[int, Any]]:
        """Run builds until there is none; returns how long the log of each was, and what was told at its end."""
        done: list[tuple[int, Any]] = []
        while True:
            answer = requests.post(f"{self.url}/builds/register.json", data={"token": self.token}, timeout=10)
            if answer.status_code != 201:
                assert answer.status_code == 404, answer.text
                return done
            done.append(self._run(answer.json()))

    def _run(self, build: dict[str, Any]) -> tuple[int, Any]:
        git = Git(self.folder)
        git("clone", "-q", build["repo_url"], str(build["id"]))
        folder = self.folder / str(build["id"])
        Git(folder)("checkout", "-q", build["sha"])
        assert self._tell(build, "running", "") is None
        variables = {one["key"]: one["value"] for one in build["variables"]}
        command = ["bash", "-e", "-c", build["commands"]]
        ended = subprocess.run(
            command, cwd=folder, env={**environment(), **variables}, capture_output=True, text=True, check=False
        )
        return len(ended.stdout), self._tell(build, "failed" if ended.returncode else "success", ended.stdout)

    def _tell(self, build: dict[str, Any], state: str, trace: str) -> Any:
        given = {"token": self.token, "state": state, "trace": trace}
        answer = requests.put(f"{self.url}/builds/{build['id']}.json", data=given, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()


def test_an_old_runner_runs_builds(mockgitlab: MockGitLab, bob: Any, tmp_path: Path) -> None:
    project = bob.projects.get("acme/rocket")
    pipeline = project.pipelines.create({"ref": "main"})
    runner = Runner(mockgitlab.url, tmp_path)
    runner.register("of-instance")
    assert runner.work() == [(len("on postgres\n1\n"), True), (len("on postgres\n"), True)]
    pipeline.refresh()
    jobs = {one.name: project.jobs.get(one.id) for one in pipeline.jobs.list(get_all=True)}
    assert (pipeline.status, jobs["one"].status, jobs["two"].status) == ("failed", "success", "failed")
    assert jobs["one"].trace() == b"on postgres\n1\n"
    gone = requests.delete(f"{runner.url}/runners/delete", json={"token": runner.token}, timeout=10)
    assert (gone.status_code, gone.json()["description"]) == (200, "old")
