"""Artifacts of jobs.

Source: https://docs.gitlab.com/api/job_artifacts/ and GitLab's lib/api/ci/job_artifacts.rb.
"""

import re
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import pipeline_access as may
from mockgitlab.api.file_answers import file_answer, named
from mockgitlab.api.models.job_artifact import ARCHIVE, JobArtifact, archive_of, is_past
from mockgitlab.api.models.job_shapes import JOB
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline, is_no_child, latest_statuses
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import job_artifacts, pipeline_progress
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.jobs import EACH, check_build
from mockgitlab.errors import BadRequest, Forbidden, NotFound, RecordNotFound

OF_REF = "projects/:id/jobs/artifacts/:ref_name"
PAGE: dict[str, Any] = {"rule": may.READ, "job_token": True}
_NO_PATH = re.compile("[\0\ud800-\udfff]")
Name = Annotated[str, "The name of the job"]
LEAST = {"private": access.DEVELOPER, "maintainer": access.MAINTAINER, "none": may.NOBODY}


def _archive(call: dsl.Call, job: CommitStatus) -> JobArtifact:
    """Return the archive of a job; raises ``Forbidden`` for who may not have it, ``NotFound`` where it has none."""
    check_build(job)
    known = call.store[JobArtifact].find(job_id=job.id, file_type=ARCHIVE)
    least = LEAST.get(known.accessibility, 0) if known else 0
    if least > access.level(call, call.at(Project)):
        raise Forbidden(reason=f"the artifacts of {job.name} are {known.accessibility if known else ''}")
    archive = archive_of(call.store, job)
    if archive is None:
        why = "are gone" if known else "were never there"
        raise NotFound(reason=f"the artifacts of job {job.id} ({job.name}) {why}")
    return archive


def whole(archive: JobArtifact) -> dsl.Raw:
    """Return an archive to be downloaded."""
    headers = {"Content-Disposition": f"attachment{named(archive.filename)}"}
    return dsl.Raw(archive.data, "application/octet-stream", headers=headers)


def _file(archive: JobArtifact, path: str) -> dsl.Raw:
    if _NO_PATH.search(path):
        raise BadRequest(reason=f"{path!r} has zero bytes, or is no UTF-8")
    data = job_artifacts.entry(archive, path)
    if data is None:
        raise NotFound(reason=f"{archive.filename} has no file {path!r}")
    return file_answer(data, path.rpartition("/")[2])


def _latest(call: dsl.Call, project: Project, ref: str, name: str) -> CommitStatus:
    """Return the job of a name, with an archive, of the latest good pipeline of a branch or tag."""
    pipeline_progress.read_all(call.store, project.id)
    good = call.store[Pipeline].where(project_id=project.id, ref=ref, status="success")
    newest = good.filter(is_no_child, "no child").order_by("id", descending=True).first()
    for job in latest_statuses(call.store, newest) if newest else ():
        if job.name == name and call.store[JobArtifact].find(job_id=job.id, file_type=ARCHIVE) is not None:
            return job
    why = f"whose job {name!r} has an archive" if newest else "at all"
    raise RecordNotFound(reason=f"{ref} of {project.full_path} has no successful pipeline {why}")


@v4.get(f"{EACH}/artifacts", **PAGE)
def download_artifacts(call: dsl.Call, job: CommitStatus) -> dsl.Raw:
    """Download the archive of a job."""
    return whole(_archive(call, job))


@v4.get(f"{OF_REF}/download", **PAGE)
def download_artifacts_of_ref(call: dsl.Call, project: Project, ref_name: str, job: Name) -> dsl.Raw:
    """Download the archive of a job of the latest successful pipeline of a branch or tag."""
    return whole(_archive(call, _latest(call, project, ref_name, job)))


@v4.get(f"{EACH}/artifacts/*artifact_path", json_suffix=False, **PAGE)
def download_file(call: dsl.Call, job: CommitStatus, artifact_path: str) -> dsl.Raw:
    """Download one file of the archive of a job."""
    return _file(_archive(call, job), artifact_path)


@v4.get(f"{OF_REF}/raw/*artifact_path", json_suffix=False, **PAGE)
def download_file_of_ref(call: dsl.Call, project: Project, ref_name: str, artifact_path: str, job: Name) -> dsl.Raw:
    """Download one file of the archive of a job of the latest successful pipeline of a branch or tag."""
    return _file(_archive(call, _latest(call, project, ref_name, job)), artifact_path)


@v4.post(f"{EACH}/artifacts/keep", rule=may.UPDATE, shape=JOB, success=200)
def keep_artifacts(call: dsl.Call, job: CommitStatus) -> CommitStatus:
    """Let the artifacts of a job never go."""
    check_build(job)
    may.check_changes(call, job)
    if archive_of(call.store, job) is None or is_past(call.store, job.artifacts_expire_at):
        raise NotFound(reason=f"job {job.id} ({job.name}) has no artifacts")
    return job_artifacts.keep_artifacts(call.store, job)


@v4.delete(f"{EACH}/artifacts", rule=may.DESTROY_ARTIFACTS, conditional=False)
def delete_artifacts(call: dsl.Call, job: CommitStatus) -> None:
    """Delete the artifacts of a job."""
    check_build(job)
    job_artifacts.delete_artifacts(call.store, job)


@v4.delete("projects/:id/artifacts", rule=may.DESTROY_ARTIFACTS, success=202, conditional=False)
def delete_project_artifacts(call: dsl.Call, project: Project) -> dict[str, str]:
    """Delete the artifacts of a project, but for those of the latest pipelines."""
    job_artifacts.expire_artifacts(call.store, project.id)
    return {"message": "202 Accepted"}
