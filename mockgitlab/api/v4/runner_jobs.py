"""What runners do with jobs: they ask for them, tell how they go on, and bring and fetch artifacts.

A runner is given what waits for one. Jobs wait where ``transitions: {pipelines: manual}`` or a time lets them, or where
a scenario says that they are pending; those that a runner has end when it says so, and not by themselves.

Source: GitLab's lib/api/ci/runner.rb, lib/api/ci/helpers/runner.rb and https://docs.gitlab.com/ci/jobs/ci_job_token/.
"""

import re
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import pipeline_access as may
from mockgitlab.api.models.job_artifact import archive_of
from mockgitlab.api.models.job_report import FORMATS, reports
from mockgitlab.api.models.pipeline import CommitStatus
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.token import Token
from mockgitlab.api.services import runner_jobs, runner_queue, runners
from mockgitlab.api.services.job_requests import job_request
from mockgitlab.api.v4.base import check_job, v4
from mockgitlab.api.v4.job_artifacts import whole
from mockgitlab.errors import ApiError, Forbidden, GrapeError, InvalidParameters, NotFound

EACH = "jobs/:id"
RUNNING = ("running", "canceling")
UPDATE_INTERVAL = "60"
LAST_UPDATE = "X-GitLab-Last-Update"
WORKHORSE = "application/vnd.gitlab-workhorse+json"
UPLOADS = "/var/opt/gitlab/gitlab-rails/shared/artifacts/tmp/uploads"
FEATURES = ("name", "version", "revision", "platform", "architecture", "executor")
OBJECT = dict[str, Any]
REQUEST = [
    dsl.param("token", str, "The secret of the runner", required=True),
    dsl.param("system_id", str, "The machine that asks"),
    dsl.param("last_update", str, f"What {LAST_UPDATE} said last: nothing is looked for while it would say the same"),
    dsl.param(
        "info",
        OBJECT,
        "What the runner says of itself",
        nested=[
            *(dsl.param(name, str, f"Its {name}") for name in FEATURES),
            dsl.param("features", OBJECT, "What it can do"),
            dsl.param("config", OBJECT, "How it is set up", nested=[dsl.param("gpus", str, "The GPUs that jobs get")]),
            dsl.param("labels", OBJECT, "Its labels"),
        ],
    ),
    dsl.param(
        "session",
        OBJECT,
        "Where the job can be watched",
        nested=[dsl.param(name, str, f"Its {name}") for name in ("url", "certificate", "authorization")],
    ),
]
TOKEN = dsl.param("token", str, "The secret of the job, unless the header Job-Token has it")
TYPE = dsl.param("artifact_type", str, "What the file is", default="archive", enum=tuple(reports()))
UPDATE = [
    dsl.param("token", str, "The secret of the job", required=True),
    dsl.param("state", str, "How the job stands: running, success, failed"),
    dsl.param("checksum", str, "The CRC32 of the log"),
    dsl.param("failure_reason", str, "Why it failed"),
    dsl.param(
        "output",
        OBJECT,
        "The log",
        nested=[dsl.param("checksum", str, "Its CRC32"), dsl.param("bytesize", int, "Its size")],
    ),
    dsl.param("exit_code", int, "With what its script ended"),
]
UPLOAD = [
    TOKEN,
    TYPE,
    dsl.param("expire_in", str, "How long the file is kept"),
    dsl.param("artifact_format", str, "How it is packed", default="zip", enum=FORMATS),
    dsl.param("metadata", dsl.File, "What is in the archive"),
    dsl.param("accessibility", str, "Who may download it"),
]


class RangeNotSatisfiable(GrapeError):
    """A part of a log does not begin where the log ends."""

    status = 416
    message = "416 Range Not Satisfiable"


class NoRange(GrapeError):
    """A part of a log does not say where it begins."""

    message = "400 Missing header Content-Range"


class TooLarge(ApiError):
    """An artifact is larger than the project, a group above or the instance takes."""

    status = 413
    message = "file size has reached maximum size limit"


# Whose job it is


@v4.locator(EACH, integer=True)
def find_job(call: dsl.Call, value: str) -> CommitStatus:
    """Return the job with an id; for runners what is not there is forbidden, so that they give it up."""
    job = call.store[CommitStatus].get(int(value))
    if job is None or job.kind != "Ci::Build":
        raise Forbidden(reason=f"there is no job {value}")
    return call.store.fresh(job)


def _check_token(call: dsl.Call) -> None:
    """Raise ``Forbidden`` for all but the runner that has the job of the path, known by the job's token."""
    job, secret = call.at(CommitStatus), str(call.given.get("token") or call.headers.get("Job-Token") or "")
    if not any(one.kind == "job" and one.job_id == job.id for one in call.store[Token].having("value", secret)):
        raise Forbidden(reason=f"the token is not that of job {job.id}")
    if call.store[Project][job.project_id].pending_delete:
        raise Forbidden("Project has been deleted!", reason="the project of the job is being deleted")
    if job.erased_at is not None:
        raise Forbidden("Job has been erased!", reason=f"job {job.id} was erased at {job.erased_at}")
    if job.status not in RUNNING:
        error = Forbidden("Job is not processing on runner", reason=f"job {job.id} is {job.status}")
        error.headers["Job-Status"] = job.status
        raise error


OF_JOB = dsl.Rule("the job's token", _check_token, login=False)


def _hear(call: dsl.Call, job: CommitStatus) -> None:
    """Note that the runner of a job is there."""
    runners.heard_of_machine(call.store, job.runner_id, job.runner_manager_id, call.address)


# Asking for jobs


@v4.post("jobs/request", rule=access.ANYONE, params=REQUEST)
def request_job(call: dsl.Call, given: dsl.Given) -> Any:
    """Give a runner a job to run, if one waits for it."""
    store, info = call.store, given.get("info") or {}
    runner = runners.find_runner(store, given["token"])
    runner = runners.heard_of(store, runner, given.get("system_id"), call.address, info)
    value = runner_queue.queue_value(store, runner)
    if runner.active and given.get("last_update") != value:
        machine = runners.machine_of(store, runner, given.get("system_id"))
        job = runner_queue.hand_out(call, runner, machine, info.get("features") or {})
        if job is not None:
            return job_request(call.view(), job, runner_queue.token_of(store, job))
    return dsl.present(None, status=204, headers={LAST_UPDATE: value})


# Telling of jobs


@v4.put(EACH, rule=OF_JOB, params=UPDATE)
def update_job(call: dsl.Call, job: CommitStatus, given: dsl.Given) -> Any:
    """Tell how a job stands."""
    _hear(call, job)
    state = given.get("state")
    if state in ("success", "failed"):
        runner_jobs.end(call, job, state, given.get("failure_reason"), given.get("exit_code"))
    status = 200 if state in ("success", "failed", "running") else 400
    return dsl.present(str(status), status=status, headers={"Job-Status": call.store.fresh(job).status})


@v4.operation("PATCH", f"{EACH}/trace", rule=OF_JOB, params=[TOKEN], upload="trace", success=202)
def append_trace(
    call: dsl.Call,
    job: CommitStatus,
    trace: Annotated[dsl.File, "What is to be appended, as plain text"],
    debug_trace: Annotated[bool | None, "Whether the log has everything in it, secrets too"] = None,
) -> Any:
    """Append to the log of a job what begins where it ends."""
    _hear(call, job)
    wanted, sent = call.headers.get("Content-Range"), getattr(trace, "data", b"")
    if wanted is None:
        raise NoRange(reason="the header says where the part begins and ends: 0-41")
    start = start_of(wanted)
    if start + len(sent) > runner_jobs.TRACE_BYTES:
        runner_jobs.drop(call, job, "trace_size_exceeded")
        return dsl.present({"error": "403 Forbidden"}, status=403)
    size = runner_jobs.append_log(call, job, start, sent, secrets_in(call, job))
    if size != start + len(sent):
        error = RangeNotSatisfiable(reason=f"the log has {size} bytes, and the part begins at {start}")
        error.headers["Range"] = f"0-{size}"
        raise error
    if debug_trace:
        call.store.update(call.store.fresh(job), config={**(job.config or {}), "debug_trace": True})
    told = {"Job-Status": job.status, "Range": f"0-{size}", "X-GitLab-Trace-Update-Interval": UPDATE_INTERVAL}
    return dsl.present(UPDATE_INTERVAL, headers=told)


def start_of(range: str) -> int:
    """Return the number that a range begins with, as Ruby reads it."""
    digits = re.match(r"\s*(\d{1,15})", range, re.ASCII)
    return int(digits[1]) if digits else 0


def secrets_in(call: dsl.Call, job: CommitStatus) -> list[str]:
    """Return what is masked in the log of a job."""
    own = call.store[Token].where(job_id=job.id, kind="job")
    return [call.store[Project][job.project_id].runners_token or "", *(one.value for one in own)]


# Artifacts


@v4.post(
    f"{EACH}/artifacts/authorize",
    rule=access.ANYONE,
    params=[TOKEN, TYPE, dsl.param("filesize", int, "Its size")],
    success=200,
)
def authorize_artifact(call: dsl.Call, job: CommitStatus, given: dsl.Given) -> dsl.Raw:
    """Tell GitLab's own proxy where to put an artifact; nobody else may ask."""
    if not call.headers.get("Gitlab-Workhorse-Api-Request"):
        raise Forbidden(reason="this is for GitLab Workhorse alone; send the file to the address without /authorize")
    _check_token(call)
    most = runner_jobs.largest(call.store, call.store[Project][job.project_id])
    if (given.get("filesize") or 0) > most:
        raise TooLarge(reason=f"max_artifacts_size allows {most} bytes")
    lsif = ',"ProcessLsif":true' if given["artifact_type"] == "lsif" else ""
    return dsl.Raw(f'{{"TempPath":"{UPLOADS}","MaximumSize":{most}{lsif}}}'.encode(), WORKHORSE)


@v4.post(f"{EACH}/artifacts", rule=OF_JOB, params=UPLOAD)
def upload_artifact(call: dsl.Call, job: CommitStatus, given: dsl.Given, file: Annotated[dsl.File, "The file"]) -> str:
    """Bring a file that a job leaves behind."""
    sent, metadata = _uploaded("file", file), given.get("metadata")
    project = call.store[Project][job.project_id]
    if len(sent.data) > runner_jobs.largest(call.store, project):
        raise TooLarge(reason=f"the file has {len(sent.data)} bytes, more than max_artifacts_size allows")
    more = None if metadata is None else _uploaded("metadata", metadata)
    runner_jobs.add_artifact(call, job, sent, more, given)
    return "201"


def _uploaded(name: str, file: Any) -> Any:
    if not hasattr(file, "filename"):
        raise InvalidParameters([f"{name} is invalid"], reason="send the file as a part of a multipart form")
    return file


@v4.get(f"{EACH}/artifacts", rule=access.USER, params=[TOKEN], job_token=True)
def download_artifacts_of_job(
    call: dsl.Call,
    job: CommitStatus,
    direct_download: Annotated[bool, "Whether to be sent to where the file is kept; it is always sent itself"] = False,
) -> dsl.Raw:
    """Download the archive of a job, with the token of one that comes after it."""
    project = call.store[Project][job.project_id]
    check_job(call, project)
    if not access.can_read(call.store, call.user, project) or not may.reads_jobs(call, project):
        raise Forbidden(reason=f"{access.me(call).username} may not read the jobs of {project.full_path}")
    archive = archive_of(call.store, job)
    if archive is None:
        raise NotFound(reason=f"job {job.id} ({job.name}) has no artifacts")
    return whole(archive)
