"""Pipelines in scenarios, below projects: ``{ref: main, status: success}``, on the last commit of the ref.

They may have jobs: ``{name: rspec, stage: test, status: failed, trace: "1 example, 1 failure", artifacts: {log: x}}``,
from whose statuses that of the pipeline follows. ``artifacts`` are what is in the archive, by path: a text, or a file
beside the scenario, ``{file: ../fixtures/app.bin}``; ``junit`` is a report of tests. A ``token`` is that of the job,
good while it is running.
"""

import re
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.pipeline import COMPLETED, CommitStatus, Pipeline, update_status
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.models.token import Token
from mockgitlab.api.services.job_artifacts import insert_archive, insert_report
from mockgitlab.api.services.repositories import Repository

_NO_FILE = re.compile(r"\0|(\A|/)\.{0,2}(/|\Z)")
CONTENT = {"type": ["string", "object"], "properties": {"file": {"type": "string"}}, "additionalProperties": False}
EXTRAS: dict[str, dict[str, Any]] = {
    "artifacts": {
        "type": "object",
        "description": "What is in the archive, by path: a text, or {file: beside.txt}",
        "additionalProperties": CONTENT,
    },
    "junit": {**CONTENT, "description": "A report of tests in the format of JUnit"},
    "accessibility": {"enum": ["public", "private", "maintainer", "none"], "description": "Who gets the artifacts"},
    "token": {"type": "string", "description": "The token of the job, good while it is running"},
}


def seed_pipeline(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> Pipeline:
    """Make a pipeline of a project, of its default branch and its creator unless it says otherwise."""
    project: Project = parents[-1]
    ref = columns.get("ref") or project.default_branch or "main"
    commit = Repository(seeding.store, project).commit(str(columns.get("sha") or ref))
    if commit is None:
        seeding.problem("sha" if columns.get("sha") else "ref", f"names no commit of {project.full_path}")
    made = {"ref": ref, "user_id": project.creator_id, **columns, "sha": commit.sha if commit else ""}
    return seeding.store.insert(Pipeline(**made))


def seed_job(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> CommitStatus:
    """Make a job of a pipeline; it has succeeded unless it says otherwise, and its stages come in their order."""
    pipeline: Pipeline = parents[-1]
    store, stage = seeding.store, columns.get("stage") or "test"
    of_pipeline = {"project_id": pipeline.project_id, "sha": pipeline.sha, "ref": pipeline.ref}
    usual = {"kind": "Ci::Build", "status": "success", "name": "job", "user_id": pipeline.user_id, "when": "on_success"}
    place = _place(store, pipeline, stage)
    job = CommitStatus(**{**of_pipeline, **usual, "stage_idx": place, **columns, "stage": stage})
    job = store.insert(job.replaced(_times(store, job)))
    _seed_artifacts(seeding, job, extras)
    if extras.get("token"):
        _seed_token(seeding, job, extras["token"])
    update_status(store, pipeline)
    return job


def _place(store: dsl.Store, pipeline: Pipeline, stage: str) -> int:
    known = store[CommitStatus].having("pipeline_id", pipeline.id)
    same = [one.stage_idx for one in known if one.stage == stage]
    return same[0] if same else max((one.stage_idx for one in known if one.is_job), default=-1) + 1


def _times(store: dsl.Store, job: CommitStatus) -> dict[str, Any]:
    """Return when a job began and ended, as far as its status has it so and it does not say it itself."""
    ended = job.status in COMPLETED and job.status != "skipped"
    begun = job.created_at or store.now
    return {
        "started_at": job.started_at or (begun if ended or job.status in ("running", "canceling") else None),
        "finished_at": job.finished_at or (begun if ended else None),
        "failure_reason": job.failure_reason or ("script_failure" if job.status == "failed" else None),
    }


def _seed_artifacts(seeding: dsl.Seeding, job: CommitStatus, extras: dict[str, Any]) -> None:
    content = {path: _content(seeding, given, "artifacts") for path, given in (extras.get("artifacts") or {}).items()}
    for path in content:
        if _NO_FILE.search(str(path)):
            seeding.problem("artifacts", f"must be by paths of files, not {path!r}")
            return
    more = {"accessibility": extras.get("accessibility") or "public"}
    if content:
        insert_archive(seeding.store, job, {str(path): data for path, data in content.items()}, **more)
    if extras.get("junit") is not None:
        insert_report(seeding.store, job, _content(seeding, extras["junit"], "junit"), **more)


def _content(seeding: dsl.Seeding, given: Any, key: str) -> bytes:
    if isinstance(given, dict) and isinstance(given.get("file"), str):
        return seeding.read_file(given["file"], key)
    if not isinstance(given, str):
        seeding.problem(key, f"must be a text, or {{file: beside.txt}}, not {given!r}")
        return b""
    return given.encode("utf-8", "surrogateescape")


def _seed_token(seeding: dsl.Seeding, job: CommitStatus, value: str) -> None:
    if seeding.store[Token].find(value=value) is not None:
        seeding.problem("token", f"is given twice: {value}")
    own = {"user_id": job.user_id, "project_id": job.project_id, "job_id": job.id}
    seeding.store.insert(Token(name=f"job token of {job.name}", kind="job", value=value, **own))


PIPELINES = dsl.Collection(
    "pipelines",
    Pipeline,
    {Project: tied_to},
    seed_pipeline,
    description="Runs of CI",
)
JOBS = dsl.Collection(
    "jobs",
    CommitStatus,
    {Pipeline: lambda pipeline: {"pipeline_id": pipeline.id}},
    seed_job,
    extras=EXTRAS,
    description="What a pipeline runs",
)
