"""Pipelines, and the statuses of commits that they are made of.

A pipeline's status follows from the latest of its commit statuses, unless it was made with one and has none.

Source: https://docs.gitlab.com/api/commits/#commit-status and GitLab's lib/api/entities/ci/pipeline_basic.rb,
lib/api/entities/commit_status.rb, lib/gitlab/ci/status/composite.rb.
"""

from collections.abc import Iterable
from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import USER_BASIC, User

Status = Literal[
    "created",
    "waiting_for_resource",
    "preparing",
    "waiting_for_callback",
    "pending",
    "running",
    "success",
    "failed",
    "canceling",
    "canceled",
    "skipped",
    "manual",
    "scheduled",
]
FINE = ("success_with_warnings", "ignored")
ONLY = (
    (("skipped", "ignored"), "skipped"),
    (("success", "skipped", *FINE), "success"),
    (("created", *FINE), "created"),
    (("preparing", *FINE), "preparing"),
    (("canceled", "success", "skipped", *FINE), "canceled"),
    (("pending", "created", "skipped", *FINE), "pending"),
)
"""The status of a whole where there are only these statuses; the first that fits."""
ANY = (
    ("canceling", "canceling"),
    ("running", "running"),
    ("pending", "running"),
    ("waiting_for_resource", "waiting_for_resource"),
    ("waiting_for_callback", "waiting_for_callback"),
    ("manual", "manual"),
    ("scheduled", "scheduled"),
    ("preparing", "preparing"),
    ("created", "running"),
)
"""The status of a whole where there is this one; the first that fits."""
COMPLETED = ("success", "failed", "canceled", "skipped")
NOTHING = "0" * 40
CHILD_SOURCE = "parent_pipeline"
EXTERNAL = 1_000_000
"""The place of the stage of statuses that systems outside tell."""


Kind = Literal["GenericCommitStatus", "Ci::Build", "Ci::Bridge"]


class Pipeline(dsl.Entity):
    """A run of CI on a commit, or of a system outside that tells of it."""

    id: int = dsl.serial()
    iid: int = dsl.serial(within="project_id")
    project_id: int = dsl.parent("Project")
    sha: str = dsl.readonly("The commit that it runs on")
    ref: str = dsl.optional("The branch or tag that it runs on")
    status: Status = dsl.optional("How it stands", default="created")
    source: str = dsl.optional("What started it", default="push")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    user_id: int | None = dsl.reference("User", "Who started it")
    tag: bool = dsl.readonly("Whether the ref is a tag", default=False)
    before_sha: str = dsl.readonly("The commit that the ref named before", default=NOTHING)
    yaml_errors: str | None = dsl.readonly("What is wrong with its configuration")
    merge_request_id: int | None = dsl.hidden("The merge request that it is for")
    pipeline_schedule_id: int | None = dsl.reference("PipelineSchedule", "The schedule that it is of")
    name: str | None = dsl.hidden("What its configuration calls it")
    variables: dict[str, str] | None = dsl.hidden("Those that it was started with")
    file_variables: tuple[str, ...] = dsl.hidden("The names of those among them that are files", default=())
    source_sha: str | None = dsl.hidden("The head of the source branch, where it runs on the merged result")
    target_sha: str | None = dsl.hidden("The head of the target branch, where it runs on the merged result")
    source_job_id: int | None = dsl.hidden("The trigger job that started it")
    root_pipeline_id: int | None = dsl.hidden("The first of the pipelines of which each started the next")

    @property
    def is_child(self) -> bool:
        """Whether it is a part of another pipeline of its project."""
        return self.source == CHILD_SOURCE

    @dsl.computed
    def web_url(self, view: dsl.View) -> str:
        """The address of its page."""
        return f"{view.store[Project][self.project_id].web_url(view)}/-/pipelines/{self.id}"


class CommitStatus(dsl.Entity):
    """What a system says of a commit, or a job of a pipeline; one that another of its name follows is ``retried``.

    A job has a ``kind`` of its own, says ``when`` it runs, and waits for the stages before its own, or for its
    ``needs``; ``config`` is what else its configuration says of it.
    """

    id: int = dsl.serial()
    project_id: int = dsl.hidden()
    pipeline_id: int = dsl.parent("Pipeline")
    sha: str = dsl.readonly()
    ref: str | None = dsl.optional("The branch or tag")
    status: Status = dsl.readonly(default="created")
    name: str = dsl.optional("What tells it from the statuses of other systems", default="default")
    stage: str = dsl.hidden(default="external")
    target_url: str | None = dsl.optional("Where to read more")
    description: str | None = dsl.optional("A short description")
    created_at: str = dsl.now()
    queued_at: str | None = dsl.hidden("When a job began to wait for a runner")
    started_at: str | None = dsl.readonly()
    finished_at: str | None = dsl.readonly()
    erased_at: str | None = dsl.readonly("When its log and artifacts were erased")
    failure_reason: str | None = dsl.readonly("Why a job failed")
    allow_failure: bool = dsl.readonly(default=False)
    coverage: float | None = dsl.optional("The part of the code that tests cover, in percent")
    user_id: int | None = dsl.reference("User", "Who said it")
    runner_id: int | None = dsl.reference("Runner", "The runner that took a job")
    runner_manager_id: int | None = dsl.hidden("The machine on which a runner has a job")
    retried: bool = dsl.hidden(default=False)
    kind: Kind = dsl.hidden(default="GenericCommitStatus")
    stage_idx: int = dsl.hidden("The place of its stage among those of the pipeline", default=EXTERNAL)
    when: str | None = dsl.hidden("When a job runs")
    needs: tuple[str, ...] | None = dsl.hidden("The jobs that a job waits for; nothing where it waits for stages")
    scheduled_at: str | None = dsl.hidden("When a delayed job begins")
    resource_group_id: int | None = dsl.hidden("The resource group of a job, of which one runs at a time")
    config: dict[str, Any] | None = dsl.hidden("What else the configuration says of a job")
    trace: str | None = dsl.hidden("The log of a job, where it is not that of its script")
    artifacts_expire_at: str | None = dsl.readonly("When the artifacts of a job go")

    @property
    def is_job(self) -> bool:
        """Whether it is a job, and not what a system outside tells."""
        return self.kind != "GenericCommitStatus"

    @dsl.computed
    def author(self, view: dsl.View) -> Any:
        """Who said it."""
        return view.one(USER_BASIC, view.store[User].get(self.user_id))


def target_url(one: CommitStatus, view: dsl.View) -> str | None:
    """Return where to read more: of a job its own page."""
    if not one.is_job:
        return one.target_url
    return f"{view.store[Project][one.project_id].web_url(view)}/-/jobs/{one.id}"


PIPELINE_BASIC = Pipeline.shape(
    *("id", "iid", "project_id", "sha", "ref", "status", "source", "created_at", "updated_at", "web_url"),
    name="PipelineBasic",
)
COMMIT_STATUS = CommitStatus.shape(
    *("id", "sha", "ref", "status", "name", "target_url", "description", "created_at", "started_at", "finished_at"),
    *("allow_failure", "coverage", "pipeline_id", "author"),
).plus(target_url=target_url)


def pipelines_of(store: dsl.Store, project_id: int, sha: str) -> list[Pipeline]:
    """Return the pipelines of a commit that are no children of others, the newest first."""
    found = [one for one in store[Pipeline].having("sha", sha) if one.project_id == project_id]
    return [one for one in found if not one.is_child][::-1]


def downstream_of(store: dsl.Store, bridge: CommitStatus) -> Pipeline | None:
    """Return the pipeline that a trigger job started."""
    return store[Pipeline].find(source_job_id=bridge.id)


def is_no_child(pipeline: Pipeline) -> bool:
    """Tell whether a pipeline is no part of another one."""
    return not pipeline.is_child


def latest_statuses(store: dsl.Store, pipeline: Pipeline) -> list[CommitStatus]:
    """Return the statuses of a pipeline, of each name the latest, stage by stage."""
    found = [one for one in store[CommitStatus].having("pipeline_id", pipeline.id) if not one.retried]
    return sorted(found, key=lambda one: (one.stage_idx, one.id))


def composite(parts: Iterable[CommitStatus], *, dag: bool = False) -> Any:
    """Return the status of a whole from those of its parts, as GitLab composes it; nothing without parts.

    With ``dag`` they are those that a job needs, and it is told whether that may run.
    """
    found = {_as_part(one) for one in parts}
    if not found:
        return None
    if dag and found & {"skipped", "ignored"}:
        return "skipped"
    if dag and not found <= {*COMPLETED, "success_with_warnings"}:
        return "pending"
    for known, status in ONLY:
        if found <= set(known):
            return status
    return next((status for one, status in ANY if one in found), "failed")


def _as_part(one: CommitStatus) -> str:
    if one.allow_failure and one.status in ("failed", "canceled"):
        return "success_with_warnings"
    return "ignored" if one.allow_failure and one.status == "manual" else one.status


def update_status(store: dsl.Store, pipeline: Pipeline) -> Pipeline:
    """Bring the status of a pipeline up to date with the latest of its statuses."""
    return store.update(pipeline, status=composite(latest_statuses(store, pipeline)) or pipeline.status)
