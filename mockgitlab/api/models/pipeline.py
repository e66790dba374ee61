"""Pipelines, and the statuses of commits that they are made of.

A pipeline's status follows from the latest of its commit statuses, unless it was made with one and has none.

Source: https://docs.gitlab.com/api/commits/#commit-status and GitLab's lib/api/entities/ci/pipeline_basic.rb,
lib/api/entities/commit_status.rb, lib/gitlab/ci/status/composite.rb.
"""

from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import USER_BASIC, User

Status = Literal[
    "created",
    "waiting_for_resource",
    "preparing",
    "pending",
    "running",
    "success",
    "failed",
    "canceled",
    "skipped",
    "manual",
    "scheduled",
]
ONLY = (
    (("skipped",), "skipped"),
    (("success", "skipped"), "success"),
    (("created",), "created"),
    (("canceled", "success", "skipped"), "canceled"),
    (("pending", "created", "skipped"), "pending"),
)
"""The status of a whole where there are only these statuses; the first that fits."""


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

    @dsl.computed
    def web_url(self, view: dsl.View) -> str:
        """The address of its page."""
        return f"{view.store[Project][self.project_id].web_url(view)}/-/pipelines/{self.id}"


class CommitStatus(dsl.Entity):
    """What a system says of a commit; one that another of its name follows is ``retried``."""

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
    started_at: str | None = dsl.readonly()
    finished_at: str | None = dsl.readonly()
    allow_failure: bool = dsl.readonly(default=False)
    coverage: float | None = dsl.optional("The part of the code that tests cover, in percent")
    user_id: int | None = dsl.reference("User", "Who said it")
    retried: bool = dsl.hidden(default=False)

    @dsl.computed
    def author(self, view: dsl.View) -> Any:
        """Who said it."""
        return view.one(USER_BASIC, view.store[User].get(self.user_id))


PIPELINE_BASIC = Pipeline.shape(
    *("id", "iid", "project_id", "sha", "ref", "status", "source", "created_at", "updated_at", "web_url"),
    name="PipelineBasic",
)
COMMIT_STATUS = CommitStatus.shape(
    *("id", "sha", "ref", "status", "name", "target_url", "description", "created_at", "started_at", "finished_at"),
    *("allow_failure", "coverage", "pipeline_id", "author"),
)


def pipelines_of(store: dsl.Store, project_id: int, sha: str) -> list[Pipeline]:
    """Return the pipelines of a commit, the newest first."""
    return [one for one in store[Pipeline].having("sha", sha) if one.project_id == project_id][::-1]


def composite(statuses: set[str]) -> Any:
    """Return the status of a whole from those of its parts, as GitLab composes it; nothing without parts."""
    if not statuses:
        return None
    for known, status in ONLY:
        if statuses <= set(known):
            return status
    for one in ("running", "pending"):
        if one in statuses:
            return "running"
    return next((one for one in ("manual", "scheduled") if one in statuses), "failed")


def update_status(store: dsl.Store, pipeline: Pipeline) -> Pipeline:
    """Bring the status of a pipeline up to date with the latest of its commit statuses."""
    latest = {one.status for one in store[CommitStatus].having("pipeline_id", pipeline.id) if not one.retried}
    return store.update(pipeline, status=composite(set(latest)) or pipeline.status)
