"""Artifacts of jobs: how they are packed, what is in an archive, how long they are kept, and deleting them.

Source: GitLab's app/services/ci/job_artifacts/*.rb and lib/gitlab/ci/build/artifacts/path.rb.
"""

import io
from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.job_artifact import ARCHIVE, JUNIT, JobArtifact, is_locked
from mockgitlab.api.models.pipeline import CommitStatus

FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def zipped(content: Mapping[str, bytes]) -> bytes:
    """Return files as a ZIP archive, the same bytes on any machine: in order, without times, not compressed."""
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(content):
            one = zipfile.ZipInfo(path, FIRST_DAY)
            one.create_system, one.external_attr = 3, 0o100644 << 16
            archive.writestr(one, content[path])
    return buffer.getvalue()


def entry(archive: JobArtifact, path: str) -> bytes | None:
    """Return what is in a file of an archive; nothing where it has none."""
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(archive.data)) as opened:
            return None if path.endswith("/") else opened.read(path)
    except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError):
        return None


def insert_archive(store: dsl.Store, job: CommitStatus, content: Mapping[str, bytes], **more: Any) -> JobArtifact:
    """Give a job an archive of files."""
    tie = {"job_id": job.id, "project_id": job.project_id, "expire_at": job.artifacts_expire_at}
    made = {"filename": "artifacts.zip", "file_type": ARCHIVE, "file_format": "zip", "data": zipped(content)}
    return store.insert(JobArtifact(**{**tie, **made, **more}))


def insert_report(store: dsl.Store, job: CommitStatus, data: bytes, **more: Any) -> JobArtifact:
    """Give a job a report of its tests in the format of JUnit."""
    import gzip

    packed = gzip.compress(data, 0, mtime=0)
    tie = {"job_id": job.id, "project_id": job.project_id, "expire_at": job.artifacts_expire_at}
    made = {"filename": "junit.xml.gz", "file_type": JUNIT, "file_format": "gzip", "data": packed}
    return store.insert(JobArtifact(**{**tie, **made, **more}))


# Deleting


def delete_artifacts(store: dsl.Store, job: CommitStatus) -> None:
    """Delete the artifacts of a job."""
    for one in list(store[JobArtifact].having("job_id", job.id)):
        store.delete(one)


def keep_artifacts(store: dsl.Store, job: CommitStatus) -> CommitStatus:
    """Let the artifacts of a job never go."""
    for one in list(store[JobArtifact].having("job_id", job.id)):
        store.update(one, expire_at=None)
    return store.update(job, artifacts_expire_at=None)


def expire_artifacts(store: dsl.Store, project_id: int) -> None:
    """Let all artifacts of a project go now, but for those of the latest good pipelines where they are kept."""
    for one in list(store[JobArtifact].where(project_id=project_id)):
        job = store[CommitStatus][one.job_id]
        if is_locked(store, job):
            continue
        store.update(one, expire_at=store.now)
        store.update(job, artifacts_expire_at=store.now)
