"""How a pipeline is shown alone. Source: GitLab's lib/api/entities/ci/pipeline.rb, detailed_status_entity.rb."""

from collections.abc import Iterable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.pipeline import COMPLETED, PIPELINE_BASIC, Pipeline, latest_statuses
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.repository import date_of
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.git.objects import read_commit
from mockgitlab.store import parse_instant

TEXTS = {"success": "Passed", "waiting_for_resource": "Waiting", "manual": "Manual", "scheduled": "Delayed"}
LABELS = {
    "success": "passed",
    "waiting_for_resource": "waiting for resource",
    "manual": "waiting for manual action",
    "scheduled": "waiting for delayed job",
}
"""What GitLab calls a status in words, where that is not its name."""


def _first(instants: Iterable[str | None]) -> str | None:
    return min((one for one in instants if one is not None), default=None)


def _started(pipeline: Pipeline, view: dsl.View) -> str | None:
    return _first(one.started_at for one in latest_statuses(view.store, pipeline))


def _finished(pipeline: Pipeline, view: dsl.View) -> str | None:
    ends = [one.finished_at for one in latest_statuses(view.store, pipeline) if one.finished_at is not None]
    return max(ends, default=None) if pipeline.status in COMPLETED else None


def _duration(pipeline: Pipeline, view: dsl.View) -> int | None:
    start, end = _started(pipeline, view), _finished(pipeline, view)
    return int((parse_instant(end) - parse_instant(start)).total_seconds()) if start and end else None


def _queued(pipeline: Pipeline, view: dsl.View) -> int | None:
    start = _started(pipeline, view)
    waited = parse_instant(start) - parse_instant(pipeline.created_at) if start else None
    return int(waited.total_seconds()) or None if waited else None


def _committed(pipeline: Pipeline, view: dsl.View) -> str | None:
    found = view.store.objects.get(pipeline.sha)
    known = found is not None and found[0] == "commit"
    return date_of(read_commit(view.store.objects, pipeline.sha).committer) if known else None


def _coverage(pipeline: Pipeline, view: dsl.View) -> str | None:
    found = [one.coverage for one in latest_statuses(view.store, pipeline) if one.coverage is not None]
    return f"{sum(found) / len(found):.2f}" if found else None


def _detailed_status(pipeline: Pipeline, view: dsl.View) -> dict[str, Any]:
    status, path = pipeline.status, view.store[Project][pipeline.project_id].full_path
    label = LABELS.get(status, status)
    return {
        "icon": f"status_{status}",
        "text": TEXTS.get(status, status.capitalize()),
        "label": label,
        "group": status.replace("_", "-"),
        "tooltip": label,
        "has_details": True,
        "details_path": f"/{path}/-/pipelines/{pipeline.id}",
        "illustration": None,
        "favicon": f"/assets/ci_favicons/favicon_status_{status}.png",
    }


PIPELINE = (
    PIPELINE_BASIC.plus("before_sha", "tag", "yaml_errors", entity=Pipeline)
    .plus(user=lambda pipeline, view: view.one(USER_BASIC, view.store[User].get(pipeline.user_id)))
    .plus(started_at=_started)
    .plus(finished_at=_finished)
    .plus(committed_at=_committed)
    .plus(duration=_duration)
    .plus(queued_duration=_queued)
    .plus(coverage=_coverage)
    .plus(detailed_status=_detailed_status)
    .called("Pipeline")
)


def _name(pipeline: Pipeline, view: dsl.View) -> str | None:
    return pipeline.name


PIPELINE_LISTED = PIPELINE_BASIC.plus(name=dsl.computed_in(since="16.3")(_name)).called("PipelineBasicWithMetadata")
PIPELINE_WITH_METADATA = PIPELINE.plus(name=dsl.computed_in(since="16.3")(_name)).called("PipelineWithMetadata")
