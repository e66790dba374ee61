"""Deployments: their statuses, and what follows where one goes well.

Source: GitLab's app/models/deployment.rb, app/services/deployments/*.rb.
"""

from collections.abc import Iterable

from mockgitlab import dsl
from mockgitlab.api.models.deployment import FINISHED, Deployment, Status, deployments_to
from mockgitlab.api.models.environment import Environment
from mockgitlab.api.models.merge_request import MergeRequest, latest_version
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.repositories import Repository
from mockgitlab.git.history import ancestors

EVENTS = {"running": "run", "success": "succeed", "failed": "drop", "canceled": "cancel", "skipped": "skip"}
"""How GitLab calls the step to a status."""


def may_become(deployment: Deployment, status: Status) -> bool:
    """Tell whether a deployment can take a status: it begins once, and ends in each way once in a row."""
    return deployment.status == "created" if status == "running" else deployment.status != status


def change_status(store: dsl.Store, deployment: Deployment, status: Status) -> Deployment:
    """Give a deployment a status, and let follow what follows."""
    ended = {"finished_at": store.now} if status in FINISHED else {}
    changed = store.update(deployment, status=status, **ended)
    if status == "success":
        succeed(store, changed)
    return store.fresh(changed)


def succeed(store: dsl.Store, deployment: Deployment) -> None:
    """Let the environment of a deployment be there, and note which merge requests came to it."""
    environment = store[Environment][deployment.environment_id]
    if environment.state != "available":
        store.update(environment, state="available")
    if environment.tracks_merge_requests:
        store.update(deployment, merge_request_ids=_shipped(store, environment, deployment))
    if environment.tier == "production":
        _note_first(store, environment, deployment)


def _previous(store: dsl.Store, environment: Environment, deployment: Deployment) -> Deployment | None:
    earlier = (one for one in deployments_to(store, environment, "success") if one.id < deployment.id)
    return next(earlier, None)


def _shipped(store: dsl.Store, environment: Environment, deployment: Deployment) -> tuple[int, ...]:
    """Return the merge requests that a deployment brings: those merged since the one before it.

    The first brings all that were merged into its branch.
    """
    merged = store[MergeRequest].where(project_id=environment.project_id, state="merged")
    previous = _previous(store, environment, deployment)
    if previous is None:
        return tuple(one.id for one in merged if one.target_branch == deployment.ref)
    new = _history(store, deployment) - _history(store, previous)
    return tuple(one.id for one in merged if not new.isdisjoint(_commits_of(store, one)))


def _history(store: dsl.Store, deployment: Deployment) -> set[str]:
    """Return the commits that a deployment has; it may name its own by a ref, or in short."""
    commit = Repository(store, store[Project][deployment.project_id]).commit(deployment.sha)
    return ancestors(store.objects, [commit.sha]) if commit is not None else set()


def _commits_of(store: dsl.Store, merge_request: MergeRequest) -> Iterable[str]:
    """Return the commits by which a merge request came to its target branch; its head where it was fast-forwarded."""
    made = [sha for sha in (merge_request.merge_commit_sha, merge_request.squash_commit_sha) if sha]
    return made or [latest_version(store, merge_request).head_commit_sha or ""]


def _note_first(store: dsl.Store, environment: Environment, deployment: Deployment) -> None:
    """Note of merge requests merged since the deployment before that they came to production now."""
    previous = _previous(store, environment, deployment)
    since = previous.finished_at if previous is not None else None
    merged = store[MergeRequest].where(project_id=environment.project_id, target_branch=deployment.ref, state="merged")
    for one in list(merged):
        between = (since or "") <= (one.merged_at or "") <= (deployment.finished_at or "")
        if one.first_deployed_to_production_at is None and between:
            at = deployment.finished_at
            store.update(one, first_deployed_to_production_at=at, updated_at=one.updated_at)
