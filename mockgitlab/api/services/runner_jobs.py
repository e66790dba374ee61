"""What a runner tells of the job that it has: its log, how it ended, what it leaves behind.

Source: GitLab's app/services/ci/{append_build_trace,update_build_state,retry_job}_service.rb,
app/services/ci/job_artifacts/create_service.rb and lib/gitlab/ci/{trace,mask_secret}.rb.
"""

import re
from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models import application_setting as settings
from mockgitlab.api.models.group import ancestors
from mockgitlab.api.models.job_artifact import JobArtifact
from mockgitlab.api.models.job_report import DOTENV, METADATA, reports
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.services import job_retries, pipeline_jobs, pipeline_progress
from mockgitlab.api.services.job_dependencies import WrongDotenv, read_dotenv
from mockgitlab.api.services.job_requests import FAILURE_REASONS, persistent_ref
from mockgitlab.api.services.merge_request_merges import as_user
from mockgitlab.api.services.repositories import set_ref
from mockgitlab.errors import BadRequest

TRACE_BYTES = 100 * 1024 * 1024
MIB = 1024 * 1024
MASK = "[MASKED]"
SAME_TYPE = "another artifact of the same type already exists"
WRONG_FORMAT = "Validation failed: File format Invalid file format with specified file type"
_COLORS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
RETRIES_AT_MOST = 2


# The log


def log_of(job: CommitStatus) -> bytes:
    """Return the log of a job that a runner has, as bytes, which it counts."""
    return (job.trace or "").encode("utf-8", "surrogateescape")


def append_log(call: dsl.Call, job: CommitStatus, start: int, data: bytes, secrets: list[str]) -> int:
    """Append to a log what begins where it ends; returns its size then, and changes nothing where it does not fit."""
    known = log_of(job)
    if start != len(known):
        return len(known)
    for secret in filter(None, secrets):
        data = data.replace(secret.encode(), _masked(secret))
    call.store.update(job, trace=(known + data).decode("utf-8", "surrogateescape"))
    return len(known) + len(data)


def _masked(secret: str) -> bytes:
    """Return what stands in a log for a secret, of the same length."""
    size = len(secret.encode())
    return (MASK + "x" * (size - len(MASK)) if size >= len(MASK) else "x" * size).encode()


# The end


def end(call: dsl.Call, job: CommitStatus, state: str, reason: str | None = None, exit_code: int | None = None) -> None:
    """End a job as its runner says; one that was canceled meanwhile ends as such."""
    status = "canceled" if job.status == "canceling" else state
    changes: dict[str, Any] = {"status": status, "finished_at": call.now, "coverage": _coverage(job)}
    if status == "failed":
        changes["failure_reason"] = reason if reason in FAILURE_REASONS else "unknown_failure"
        may_fail = exit_code is not None and exit_code in (job.config or {}).get("exit_codes", ())
        changes["allow_failure"] = job.allow_failure or may_fail
    ended = call.store.update(job, **changes)
    if status == "failed":
        _retry(call, ended)
    pipeline_progress.after_runner(call, ended)
    pipeline = call.store[Pipeline][job.pipeline_id]
    if not pipeline_jobs.is_active(pipeline):
        set_ref(call.store, call.store[Project][job.project_id], persistent_ref(pipeline), None)


def drop(call: dsl.Call, job: CommitStatus, reason: str) -> None:
    """Fail a job for a reason that is GitLab's own."""
    end(call, job, "failed", reason)


def _coverage(job: CommitStatus) -> float | None:
    """Return the part of the code that tests cover, as the last line of the log that tells it says."""
    from mockgitlab.ci_config.regular_expressions import regular_expression

    pattern = regular_expression(str((job.config or {}).get("coverage") or ""))
    if pattern is None:
        return job.coverage
    for line in reversed(_COLORS.sub("", job.trace or "").splitlines()):
        found = list(pattern.finditer(line))
        number = _NUMBER.search(found[-1][found[-1].lastindex or 0]) if found else None
        if number:
            return float(number[0])
    return job.coverage


def _retry(call: dsl.Call, job: CommitStatus) -> None:
    """Let a job that failed run again, as often and for those reasons as its configuration says."""
    given = (job.config or {}).get("retry")
    said: Mapping[str, Any] = given if isinstance(given, dict) else {"max": given}
    when = said.get("when") or "always"
    reasons = when if isinstance(when, list) else [when]
    most = said.get("max") if isinstance(said.get("max"), int) else RETRIES_AT_MOST if given else 0
    before = call.store[CommitStatus].where(pipeline_id=job.pipeline_id, name=job.name, retried=True).count()
    fits = "always" in reasons or job.failure_reason in reasons
    if job.user_id is not None and fits and before < (most or 0):
        job_retries.retry_job(as_user(call, job.user_id), job)


# Artifacts


def largest(store: dsl.Store, project: Project) -> int:
    """Return how many bytes an artifact may have: as the project says, else the nearest group, else the instance."""
    namespace = namespace_of(store, project)
    groups = ancestors(store, namespace) if namespace.kind == "group" else []
    said = project.max_artifacts_size or next(filter(None, (one.max_artifacts_size for one in groups)), None)
    return int(said or settings.value(store, "max_artifacts_size")) * MIB


def add_artifact(call: dsl.Call, job: CommitStatus, file: Any, metadata: Any, given: Mapping[str, Any]) -> None:
    """Keep a file that a job leaves behind; the same one again changes nothing. Raises ``BadRequest``."""
    from mockgitlab.api.services.job_leavings import accessibility, expiry  # loaded when the first artifact comes

    kind, form = given["artifact_type"], given["artifact_format"]
    known = call.store[JobArtifact].find(job_id=job.id, file_type=kind)
    if known is not None:
        if known.data != file.data:
            raise BadRequest(SAME_TYPE, reason=f"job {job.id} has an artifact of type {kind}, and this is another")
        return
    if reports()[kind].format != form:
        raise BadRequest(WRONG_FORMAT, reason=f"a file of type {kind} is {reports()[kind].format}, not {form}")
    _check_dotenv(kind, file.data)
    expire_at = expiry(call.store, given.get("expire_in"))
    access = given.get("accessibility") or accessibility((job.config or {}).get("artifacts") or {})
    tie = {"job_id": job.id, "project_id": job.project_id, "expire_at": expire_at, "accessibility": access}
    call.store.update(job, artifacts_expire_at=expire_at)
    call.store.insert(JobArtifact(**tie, file_type=kind, file_format=form, filename=file.filename, data=file.data))
    if metadata is not None:
        more = {"file_type": METADATA, "file_format": "gzip", "filename": metadata.filename, "data": metadata.data}
        call.store.insert(JobArtifact(**tie, **more))


def _check_dotenv(kind: str, data: bytes) -> None:
    if kind != DOTENV:
        return
    try:
        read_dotenv(data)
    except WrongDotenv as error:
        raise BadRequest(str(error), reason="the variables of a dotenv file are lines NAME=value, gzipped") from None
