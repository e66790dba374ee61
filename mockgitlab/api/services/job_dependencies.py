"""Whose artifacts a job gets, and the variables that come with them.

Source: GitLab's app/models/ci/build_dependencies.rb and app/services/ci/parse_dotenv_artifact_service.rb.
"""

import re
import zlib

from mockgitlab import dsl
from mockgitlab.api.models.job_artifact import ARCHIVE, JobArtifact, is_locked, is_past
from mockgitlab.api.models.job_report import DOTENV
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline, latest_statuses

DOTENV_BYTES = 5 * 1024
_LINE = re.compile(r"\A([a-zA-Z_][a-zA-Z0-9_]*)=(.*)\Z")


class WrongDotenv(Exception):
    """A file of variables cannot be read; the message is GitLab's."""


def dependencies_of(store: dsl.Store, job: CommitStatus) -> list[CommitStatus]:
    """Return the jobs whose artifacts a job gets: those that it needs or depends on, or all of the stages before."""
    config = job.config or {}
    known = [one for one in latest_statuses(store, store[Pipeline][job.pipeline_id]) if one.kind == "Ci::Build"]
    if job.needs is None:
        found = [one for one in known if one.stage_idx < job.stage_idx]
    else:
        without = config.get("without_artifacts") or ()
        found = [one for one in known if one.name in job.needs and one.name not in without]
    named = config.get("dependencies")
    return found if named is None else [one for one in found if one.name in named]


def is_there(store: dsl.Store, job: CommitStatus) -> bool:
    """Tell whether what a job left behind, if anything, neither expired nor was erased."""
    if job.erased_at is not None:
        return False
    archive = store[JobArtifact].find(job_id=job.id, file_type=ARCHIVE)
    return archive is None or not is_past(store, archive.expire_at) or is_locked(store, job)


def variables_from(store: dsl.Store, jobs: list[CommitStatus]) -> dict[str, str]:
    """Return the variables that jobs left behind in reports of the kind ``dotenv``."""
    found: dict[str, str] = {}
    for job in jobs:
        report = store[JobArtifact].find(job_id=job.id, file_type=DOTENV)
        found |= read_dotenv(report.data) if report is not None else {}
    return found


def read_dotenv(data: bytes) -> dict[str, str]:
    """Return the variables of a packed file ``.env``; raises ``WrongDotenv``."""
    reader = zlib.decompressobj(wbits=31)
    try:
        text = reader.decompress(data, DOTENV_BYTES + 1).decode()
    except (zlib.error, UnicodeDecodeError):
        raise WrongDotenv("Invalid Format") from None
    if len(text.encode()) > DOTENV_BYTES:
        raise WrongDotenv("Dotenv Artifact Too Big. Maximum Allowable Size: 5120")
    lines = [_LINE.match(line) for line in text.splitlines() if line.strip()]
    if not all(lines):
        raise WrongDotenv("Invalid Format")
    return {line[1]: line[2].strip() for line in lines if line}
