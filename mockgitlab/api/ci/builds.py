"""Builds, which are jobs: runners ask for them, tell how they go, and bring what they leave behind.

Source: gitlab-ci's doc/api/builds.md and lib/api/builds.rb, GitLab 8's doc/ci/api/builds.md and lib/ci/api/builds.rb.
"""

import re
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.ci import shapes
from mockgitlab.api.ci.base import ALONE, EMBEDDED, ci, is_embedded, number
from mockgitlab.api.models.job_artifact import archive_of
from mockgitlab.api.models.pipeline import CommitStatus
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.runner import Runner
from mockgitlab.api.models.token import Token
from mockgitlab.api.services import runner_jobs, runner_queue, runners
from mockgitlab.api.services.job_artifacts import delete_artifacts
from mockgitlab.api.v4.job_artifacts import whole
from mockgitlab.api.v4.runner_jobs import UPLOADS, WORKHORSE, NoRange, RangeNotSatisfiable, secrets_in, start_of
from mockgitlab.errors import ApiError, Forbidden, MissingParameters, NotFound, RecordNotFound

EACH = f"{EMBEDDED}/builds/:id"
LAST_UPDATE = "X-GitLab-Last-Update"
TOKEN = dsl.param("token", str, "The secret of the runner; without it one is told that it is wrong")
UPDATED = dsl.param("last_update", str, f"What {LAST_UPDATE} said last")
INFO = dsl.param("info", dict[str, Any], "What the runner says of itself")
BUILD_TOKEN = dsl.param("token", str, "The secret of the build, unless the header BUILD-TOKEN has it")
UPDATE = [TOKEN, dsl.param("state", str, "success, failed, or running"), dsl.param("trace", str, "The log so far")]
_QUIET = re.compile(r"gitlab-ci-multi-runner \d+\.\d+\.\d+(~beta\.\d+\.g[0-9a-f]+)? ")


class TooLarge(ApiError):
    """An artifact is larger than is taken."""

    status = 413
    message = "413 Request Entity Too Large"


# Runners


@ci.post(f"{ALONE}/builds/register", rule=access.ANYONE, params=[TOKEN, INFO])
@ci.post(f"{EMBEDDED}/builds/register", rule=access.ANYONE, params=[TOKEN, INFO, UPDATED])
def register_build(call: dsl.Call, given: dsl.Given) -> Any:
    """Give a runner the build that waited longest of those that it may run."""
    runner = runners.find_runner(call.store, given.get("token") or "")
    if not runner.active:
        raise NotFound(reason=f"runner {runner.id} is paused")
    runner = runners.heard_of(call.store, runner, None, call.address, given.get("info"))
    value = runner_queue.queue_value(call.store, runner)
    machine = runners.machine_of(call.store, runner, None)
    latest = given.get("last_update") == value
    job = None if latest else runner_queue.hand_out(call, runner, machine, runner_queue.EVERY_FEATURE)
    if job is None:
        return _nothing(call, runner, value)
    return (shapes.embedded_build if is_embedded(call) else shapes.build)(call.view(), job)


def _nothing(call: dsl.Call, runner: Runner, value: str) -> Any:
    headers = {LAST_UPDATE: value} if is_embedded(call) else {}
    if headers and _QUIET.search(call.headers.get("User-Agent") or ""):
        return dsl.present(None, status=204, headers=headers)
    return dsl.present({"message": "404 Not Found"}, status=404, headers=headers)


@ci.put(f"{ALONE}/builds/:id", f"{EMBEDDED}/builds/:id", rule=access.ANYONE, params=[*UPDATE, INFO])
def update_build(call: dsl.Call, given: dsl.Given) -> Any:
    """Tell how a build stands, and its whole log; only once it has ended the answer is true."""
    runner = runners.find_runner(call.store, given.get("token") or "")
    job = call.store[CommitStatus].get(number(call.path["id"]))
    if job is None or job.runner_id != runner.id or job.status != "running":
        raise RecordNotFound(reason=f"runner {runner.id} has no running build {call.path['id']}")
    if is_embedded(call) and job.erased_at is not None:
        raise Forbidden("Build has been erased!", reason=f"build {job.id} was erased at {job.erased_at}")
    runners.heard_of(call.store, runner, None, call.address, given.get("info"))
    if given.get("trace") is not None:
        job = call.store.update(job, trace=given["trace"])
    if given.get("state") not in ("success", "failed"):
        return None
    runner_jobs.end(call, job, given["state"])
    return True


# By the token of a build


def _check_token(call: dsl.Call) -> None:
    """Raise ``Forbidden`` for who has neither the token of the build nor that of its project."""
    job, secret = call.at(CommitStatus), str(call.given.get("token") or call.headers.get("Build-Token") or "")
    known = any(one.kind == "job" and one.job_id == job.id for one in call.store[Token].having("value", secret))
    project = call.store[Project][job.project_id]
    if not known and (not secret or secret != project.runners_token):
        raise Forbidden(reason=f"the token is neither that of build {job.id} nor that of its project")
    if project.pending_delete:
        raise Forbidden("Project has been deleted!", reason="the project of the build is being deleted")
    if job.erased_at is not None:
        raise Forbidden("Build has been erased!", reason=f"build {job.id} was erased at {job.erased_at}")


OF_BUILD = dsl.Rule("the build's token", _check_token, login=False)


def find_build(call: dsl.Call, value: str) -> CommitStatus:
    """Return the build with an id."""
    job = call.store[CommitStatus].get(number(value))
    if job is None or job.kind != "Ci::Build":
        raise NotFound(reason=f"there is no build {value}")
    return job


LOCATED: dict[str, Any] = {"rule": OF_BUILD, "locators": (("id", dsl.Locator(find_build)),)}


@ci.operation("PATCH", f"{EACH}/trace.txt", params=[BUILD_TOKEN], upload="trace", **LOCATED)
def append_trace(call: dsl.Call, job: CommitStatus, trace: Annotated[dsl.File, "The text to append"]) -> dsl.Raw:
    """Append to the log of a build what begins where it ends."""
    wanted, sent = call.headers.get("Content-Range"), getattr(trace, "data", b"")
    if wanted is None:
        raise NoRange(reason="the header says where the part begins and ends: 0-41")
    size = len(runner_jobs.log_of(job))
    if start_of(wanted) != size:
        error = RangeNotSatisfiable(reason=f"the log has {size} bytes, and the part begins elsewhere: {wanted}")
        error.headers["Range"] = f"0-{size}"
        raise error
    size = runner_jobs.append_log(call, job, size, sent, secrets_in(call, job))
    return dsl.Raw(b"", "text/plain", 202, {"Build-Status": shapes.status_of(job), "Range": f"0-{size}"})


@ci.post(
    f"{EACH}/artifacts/authorize",
    params=[BUILD_TOKEN, dsl.param("filesize", int, "Its size")],
    success=200,
    **{**LOCATED, "rule": access.ANYONE},
)
def authorize_artifacts(call: dsl.Call, job: CommitStatus, given: dsl.Given) -> dsl.Raw:
    """Tell GitLab's own proxy where to put artifacts; nobody else may ask."""
    if not call.headers.get("Gitlab-Workhorse-Api-Request"):
        raise Forbidden(reason="this is for GitLab Workhorse alone; send the file to the address without /authorize")
    _check_token(call)
    _check_running(job, "build is not running")
    _check_size(call, job, given.get("filesize") or 0)
    return dsl.Raw(f'{{"TempPath":"{UPLOADS}"}}'.encode(), WORKHORSE)


@ci.post(
    f"{EACH}/artifacts",
    params=[
        BUILD_TOKEN,
        dsl.param("file", dsl.File, "The archive"),
        dsl.param("metadata", dsl.File, "What is in it"),
        dsl.param("expire_in", str, "How long it is kept"),
    ],
    **LOCATED,
)
def upload_artifacts(call: dsl.Call, job: CommitStatus, given: dsl.Given) -> dict[str, Any]:
    """Bring the archive of a build; another takes its place."""
    _check_running(job, "Build is not running!")
    file, metadata = given.get("file"), given.get("metadata")
    if not hasattr(file, "filename"):
        raise MissingParameters(["Missing artifacts file!"], reason="send the file as a part of a multipart form")
    _check_size(call, job, len(getattr(file, "data", b"")))
    delete_artifacts(call.store, job)
    more = {**given.only("expire_in"), "artifact_type": "archive", "artifact_format": "zip"}
    runner_jobs.add_artifact(call, job, file, metadata if hasattr(metadata, "filename") else None, more)
    return shapes.embedded_build(call.view(), call.store.fresh(job))


def _check_running(job: CommitStatus, told: str) -> None:
    if job.status != "running":
        raise Forbidden(told, reason=f"build {job.id} is {job.status}")


def _check_size(call: dsl.Call, job: CommitStatus, size: int) -> None:
    most = runner_jobs.largest(call.store, call.store[Project][job.project_id])
    if size >= most:
        raise TooLarge(reason=f"max_artifacts_size allows less than {most} bytes")


@ci.get(f"{EACH}/artifacts", params=[BUILD_TOKEN], **LOCATED)
def download_artifacts(call: dsl.Call, job: CommitStatus) -> dsl.Raw:
    """Download the archive of a build."""
    archive = archive_of(call.store, job)
    if archive is None:
        raise NotFound(reason=f"build {job.id} ({job.name}) has no artifacts")
    return whole(archive)


@ci.delete(f"{EACH}/artifacts", params=[BUILD_TOKEN], conditional=False, **LOCATED)
def erase_artifacts(call: dsl.Call, job: CommitStatus) -> bool:
    """Delete the archive of a build."""
    delete_artifacts(call.store, job)
    return True
