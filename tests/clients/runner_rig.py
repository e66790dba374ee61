"""A runner as gitlab-runner is one: it asks for jobs, fetches the code, runs the scripts, tells how they go.

Written after the network client of gitlab-runner: each part of the log is sent with its range, a 416 says from where
to go on, and a 403 that the job is to be given up.
"""

import io
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import requests

from tests.clients.git_rig import Git, environment

FEATURES = ("upload_multiple_artifacts", "artifacts_exclude", "refspecs", "return_exit_code", "cancel_gracefully")


class Runner:
    """A runner with the executor ``shell``."""

    def __init__(self, url: str, folder: Path, token: str = "") -> None:
        self.api, self.folder, self.token = f"{url}/api/v4", folder, token
        self.last_update = ""

    def register(self, registration: str, **given: Any) -> None:
        """Come to be by a secret for registering."""
        answer = requests.post(f"{self.api}/runners", json={"token": registration, **given}, timeout=10)
        assert answer.status_code == 201, answer.text
        self.token = answer.json()["token"]

    def work(self) -> list[str]:
        """Run jobs until none waits; returns what they are called."""
        done = []
        while (job := self._ask()) is not None:
            self.run(job)
            done.append(job["job_info"]["name"])
        return done

    def _ask(self) -> Any:
        info = {"name": "rig", "version": "17.5.0", "executor": "shell", "features": dict.fromkeys(FEATURES, True)}
        given = {"token": self.token, "system_id": "s_rig", "info": info, "last_update": self.last_update}
        answer = requests.post(f"{self.api}/jobs/request", json=given, timeout=10)
        self.last_update = answer.headers.get("X-GitLab-Last-Update", "")
        assert answer.status_code in (201, 204), answer.text
        return answer.json() if answer.status_code == 201 else None

    def run(self, job: dict[str, Any]) -> None:
        """Run a job, from the code to its artifacts."""
        folder = self.folder / str(job["id"])
        self._fetch(job, folder)
        for one in job["dependencies"]:
            self._unpack(one, folder)
        variables = {one["key"]: one["value"] for one in job["variables"]}
        code, log = 0, Log(self.api, job)
        for step in job["steps"]:
            done = _bash(step["script"], folder, variables)
            log.write(done.stdout)
            code = code or done.returncode
        for wanted in job["artifacts"] or ():
            self._upload(job, folder, wanted)
        ended = {"state": "success"} if code == 0 else {"state": "failed", "failure_reason": "script_failure"}
        self._update(job, **ended, exit_code=code)

    def _fetch(self, job: dict[str, Any], folder: Path) -> None:
        folder.mkdir()
        git, told = Git(folder), job["git_info"]
        git("init", "-q")
        git("remote", "add", "origin", told["repo_url"])
        git("fetch", "-q", f"--depth={told['depth']}", "origin", *told["refspecs"])
        git("checkout", "-q", "-f", told["sha"])

    def _unpack(self, dependency: dict[str, Any], folder: Path) -> None:
        if "artifacts_file" in dependency:
            headers = {"Job-Token": dependency["token"]}
            answer = requests.get(f"{self.api}/jobs/{dependency['id']}/artifacts", headers=headers, timeout=10)
            assert answer.status_code == 200, answer.text
            zipfile.ZipFile(io.BytesIO(answer.content)).extractall(folder)

    def _upload(self, job: dict[str, Any], folder: Path, wanted: dict[str, Any]) -> None:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for path in wanted["paths"]:
                archive.write(folder / path, path)
        data = {key: wanted[key] for key in ("artifact_type", "artifact_format", "expire_in") if wanted.get(key)}
        headers, files = {"Job-Token": job["token"]}, {"file": ("artifacts.zip", content.getvalue())}
        at = f"{self.api}/jobs/{job['id']}/artifacts"
        answer = requests.post(at, headers=headers, data=data, files=files, timeout=10)
        assert answer.status_code == 201, answer.text

    def _update(self, job: dict[str, Any], **given: Any) -> None:
        given = {"token": job["token"], **given}
        answer = requests.put(f"{self.api}/jobs/{job['id']}", json=given, timeout=10)
        assert answer.status_code in (200, 403), answer.text


class Log:
    """Sends the log of a job as it grows."""

    def __init__(self, api: str, job: dict[str, Any]) -> None:
        self.url, self.token = f"{api}/jobs/{job['id']}/trace", job["token"]
        self.text, self.sent = b"", 0

    def write(self, data: bytes) -> None:
        """Append to the log, from where the server has it."""
        self.text += data
        while self.sent < len(self.text):
            part = self.text[self.sent :]
            ends = f"{self.sent}-{self.sent + len(part) - 1}"
            headers = {"Job-Token": self.token, "Content-Type": "text/plain", "Content-Range": ends}
            answer = requests.patch(self.url, data=part, headers=headers, timeout=10)
            assert answer.status_code in (202, 416), answer.text
            self.sent = int(answer.headers["Range"].partition("-")[2])


def _bash(script: list[str], folder: Path, variables: dict[str, str]) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        ["bash", "-e", "-c", "\n".join(script)],
        cwd=folder,
        env={**environment(), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
