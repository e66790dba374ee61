"""Jobs that wait for the resource of their group, which one of them has at a time.

Source: https://docs.gitlab.com/ci/resource_groups/ and GitLab's app/models/ci/resource_group.rb,
app/services/ci/resource_groups/assign_resource_from_resource_group_service.rb.
"""

from mockgitlab import dsl
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline, update_status
from mockgitlab.api.models.resource_group import ResourceGroup
from mockgitlab.store import Query

WAITING = "waiting_for_resource"
HOLDING = ("preparing", "pending", "running", "canceling")
"""How a job stands that has the resource."""
TO_COME = ("created", "scheduled", WAITING)
"""How jobs stand for which the others wait where there is an order of pipelines."""


def upcoming_jobs(store: dsl.Store, group: ResourceGroup) -> Query[CommitStatus]:
    """Return the jobs that come next, in their order, with those that are not ready where the others wait for them."""
    own = store[CommitStatus].where(resource_group_id=group.id, retried=False)
    if group.process_mode == "unordered":
        return own.where(status=WAITING).order_by("id")
    ready_alone = group.process_mode == "newest_ready_first"
    down = group.process_mode != "oldest_first"
    sign = -1 if down else 1
    return own.among("status", (WAITING,) if ready_alone else TO_COME).order_by(
        f"pipeline_id, waiting, id {sign}",
        descending=down,
        value=lambda one: (one.pipeline_id, sign * (one.status != WAITING), sign * one.id),
    )


def holder_of(store: dsl.Store, group_id: int) -> CommitStatus | None:
    """Return the job that has the resource of a group."""
    return store[CommitStatus].where(resource_group_id=group_id).among("status", HOLDING).first()


def assign(store: dsl.Store, group_id: int) -> CommitStatus | None:
    """Let the next job have the resource, if that is free and the job ready; returns which it is."""
    group = store[ResourceGroup].get(group_id)
    if group is None or holder_of(store, group_id) is not None:
        return None
    following = upcoming_jobs(store, group).first()
    if following is None or following.status != WAITING:
        return None
    given = store.update(following, status="pending", queued_at=store.now)
    update_status(store, store[Pipeline][given.pipeline_id])
    return given


def groups_of(store: dsl.Store, pipeline: Pipeline) -> list[int]:
    """Return the resource groups of the jobs of a pipeline."""
    jobs = store[CommitStatus].having("pipeline_id", pipeline.id)
    return sorted({one.resource_group_id for one in jobs if one.resource_group_id is not None})
