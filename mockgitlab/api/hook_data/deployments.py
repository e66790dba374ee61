"""Deployments that begin or end, and feature flags that are turned on or off.

Source: https://docs.gitlab.com/user/project/integrations/webhook_events/#deployment-events, #feature-flag-events and
GitLab's lib/gitlab/data_builder/deployment.rb, feature_flag.rb, app/models/deployment.rb.
"""

from collections.abc import Iterator
from typing import Any

from mockgitlab.api.hook_data.common import Occasion, Seen, project_attrs, user_attrs
from mockgitlab.api.models.deployment import FINISHED, Deployment
from mockgitlab.api.models.environment import Environment
from mockgitlab.api.models.feature_flag import FeatureFlag
from mockgitlab.api.models.pipeline import CommitStatus, target_url
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.services.repositories import Repository

TOLD = ("running", *FINISHED)


def of_deployment(seen: Seen, before: Deployment | None, after: Deployment | None) -> Iterator[Occasion]:
    """Yield what is told of a deployment that began or ended."""
    if after is not None and after.status in TOLD and (before is None or before.status != after.status):
        yield Occasion("deployment_hooks", deployment_data(seen, after), seen.store[Project].get(after.project_id))


def deployment_data(seen: Seen, deployment: Deployment) -> dict[str, Any]:
    """Return the payload of a deployment."""
    view, store = seen.view, seen.store
    project, environment = store[Project][deployment.project_id], store[Environment][deployment.environment_id]
    job, user = store[CommitStatus].get(deployment.deployable_id), store[User].get(deployment.user_id)
    commit = Repository(store, project).commit(deployment.sha)
    return {
        "object_kind": "deployment",
        "status": deployment.status,
        "status_changed_at": f"{store.now[:10]} {store.now[11:19]} +0000",
        "deployment_id": deployment.id,
        "deployable_id": deployment.deployable_id,
        "deployable_url": target_url(job, view) if job else None,
        "environment": environment.name,
        "environment_tier": environment.tier,
        "environment_slug": environment.slug,
        "environment_external_url": environment.external_url,
        "project": project_attrs(project, view),
        "short_sha": deployment.sha[:8],
        "user": user_attrs(user, view),
        "user_url": user.web_url(view) if user else None,
        "commit_url": f"{project.web_url(view)}/-/commit/{commit.sha}" if commit else None,
        "commit_title": commit.title if commit else None,
        "ref": deployment.ref,
    }


def of_feature_flag(seen: Seen, before: FeatureFlag | None, after: FeatureFlag | None) -> Iterator[Occasion]:
    """Yield what is told of a feature flag that was turned on or off."""
    if before is not None and after is not None and before.active != after.active:
        yield Occasion("feature_flag_hooks", feature_flag_data(seen, after), seen.store[Project].get(after.project_id))


def feature_flag_data(seen: Seen, flag: FeatureFlag) -> dict[str, Any]:
    """Return the payload of a feature flag, with who turned it."""
    view, user = seen.view, seen.user()
    return {
        "object_kind": "feature_flag",
        "project": project_attrs(seen.store[Project][flag.project_id], view),
        "user": user_attrs(user, view),
        "user_url": user.web_url(view) if user else None,
        "object_attributes": {name: getattr(flag, name) for name in ("id", "name", "description", "active")},
    }
