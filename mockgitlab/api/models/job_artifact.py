"""The artifacts of jobs: archives, reports, logs.

Source: https://docs.gitlab.com/api/job_artifacts/ and GitLab's lib/api/entities/ci/job_artifact.rb,
app/models/ci/job_artifact.rb.
"""

from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline
from mockgitlab.api.models.project import Project

Format = Literal["raw", "zip", "gzip"]
ARCHIVE, JUNIT = "archive", "junit"


class JobArtifact(dsl.Entity):
    """A file that a job left behind; ``accessibility`` says who may download it."""

    id: int = dsl.serial()
    job_id: int = dsl.parent("CommitStatus")
    project_id: int = dsl.hidden()
    file_type: str = dsl.readonly("What it is: an archive, a report of some kind", default=ARCHIVE)
    filename: str = dsl.readonly("The name of the file")
    file_format: Format = dsl.readonly("How it is packed", default="zip")
    accessibility: Literal["public", "private", "maintainer", "none"] = dsl.hidden(default="public")
    expire_at: str | None = dsl.hidden("When it goes")
    created_at: str = dsl.now()
    data: Any = dsl.hidden("What is in it")

    @dsl.computed
    def size(self, view: dsl.View) -> int:
        """How many bytes it has."""
        return len(self.data or b"")


JOB_ARTIFACT = JobArtifact.shape("file_type", "size", "filename", "file_format")
JOB_ARTIFACT_FILE = JobArtifact.shape("filename", "size", name="JobArtifactFile")


def artifacts_of(store: dsl.Store, job: CommitStatus) -> list[JobArtifact]:
    """Return the artifacts of a job that are still there."""
    found = store[JobArtifact].having("job_id", job.id)
    return [one for one in found if not is_past(store, one.expire_at) or is_locked(store, job)]


def archive_of(store: dsl.Store, job: CommitStatus) -> JobArtifact | None:
    """Return the archive of a job, if it has one."""
    return next((one for one in artifacts_of(store, job) if one.file_type == ARCHIVE), None)


def is_past(store: dsl.Store, instant: str | None) -> bool:
    """Tell whether the clock has reached an instant, if there is one."""
    return instant is not None and instant <= store.now


def is_locked(store: dsl.Store, job: CommitStatus) -> bool:
    """Tell whether the artifacts of a job are kept past their time, as no newer pipeline of the ref was good."""
    pipeline = store[Pipeline][job.pipeline_id]
    if not store[Project][job.project_id].keep_latest_artifact:
        return False
    good = store[Pipeline].where(project_id=pipeline.project_id, ref=pipeline.ref, tag=pipeline.tag, status="success")
    return all(one.id <= pipeline.id or one.is_child for one in good)
