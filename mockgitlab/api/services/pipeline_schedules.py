"""Pipeline schedules: what is no valid one, when the next pipeline runs, and running it.

The clock runs them: once for all the times that it passes in one move, as GitLab does after it was down.

Source: GitLab's app/services/ci/pipeline_schedules/*.rb, app/workers/run_pipeline_schedule_worker.rb,
app/models/concerns/cron_schedulable.rb.
"""

from collections.abc import Sequence
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, cron, protected_refs
from mockgitlab.api.models.freeze_period import WRONG
from mockgitlab.api.models.pipeline_schedule import PipelineSchedule, PipelineScheduleVariable, variables_of
from mockgitlab.api.models.progress import Progress
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.services import pipeline_progress, progress
from mockgitlab.api.services.ci_variables import key_problems
from mockgitlab.api.services.merge_request_merges import as_user
from mockgitlab.api.services.pipeline_runs import run_on
from mockgitlab.api.services.pipelines import NotCreated
from mockgitlab.api.services.removal import when_removed
from mockgitlab.api.services.repositories import HEADS, TAGS, Repository
from mockgitlab.errors import ValidationFailed
from mockgitlab.store import timestamp

SCHEDULES = "pipeline_schedules"
"""The kind of work that a schedule waits for: the clock alone does it, or a test by hand."""
WORKER = "3-59/10 * * * *"
"""When a live GitLab looks which schedules are due; its documents show the times that schedules name."""
AT_MOST = 10
FULL_REFS_SINCE = (17, 0)
BLANK = "can't be blank"
NOT_AUTHORIZED = "The current user is not authorized to {} the pipeline schedule"


def create_schedule(call: dsl.Call, project: Project, columns: dict[str, Any]) -> PipelineSchedule:
    """Add a schedule of the caller's to a project; raises ``ValidationFailed``."""
    draft = PipelineSchedule(project_id=project.id, owner_id=access.me(call).id, **columns)
    return arranged(call.store, call.store.insert(_checked(call, project, draft, "create")), call.base)


def change_schedule(
    call: dsl.Call, project: Project, before: PipelineSchedule, changes: dict[str, Any]
) -> PipelineSchedule:
    """Change a schedule; raises ``ValidationFailed``."""
    draft = _checked(call, project, before.replaced(changes), "update")
    return arranged(call.store, call.store.update(before, **{**changes, "ref": draft.ref}), call.base)


def _checked(call: dsl.Call, project: Project, draft: PipelineSchedule, verb: str) -> PipelineSchedule:
    """Return a schedule as it is to be kept, its ref in full."""
    if not may_run_on(call.store, access.me(call), project, draft.ref):
        told = NOT_AUTHORIZED.format(verb)
        raise ValidationFailed({"base": [told]}, reason=f"{draft.ref} is protected from {access.me(call).username}")
    kept = draft.replaced({"ref": full_ref(call.store, project, draft.ref), "cron": (draft.cron or "").strip()})
    problems = problems_of(call.store, project, kept)
    if verb == "create" and call.store[PipelineSchedule].where(project_id=project.id).count() >= AT_MOST:
        problems["base"] = [f"Maximum number of ci pipeline schedules ({AT_MOST}) exceeded"]
    if problems:
        raise ValidationFailed(problems, reason="the schedule would be no valid record")
    return kept


def may_run_on(store: dsl.Store, user: User | None, project: Project, ref: str | None) -> bool:
    """Tell whether a user may run pipelines on a branch or tag, named in short or in full."""
    whole = ref or ""
    name = whole.removeprefix(HEADS).removeprefix(TAGS)
    if whole.startswith(TAGS) or (name == whole and Repository(store, project).ref(TAGS + name)):
        return protected_refs.may_create_tag(store, user, project, name)
    return protected_refs.may_merge_into(store, user, project, name)


def full_ref(store: dsl.Store, project: Project, ref: str | None) -> str:
    """Return a branch or tag by its whole name, unless it could be both or is neither."""
    known = [prefix for prefix in (TAGS, HEADS) if ref and Repository(store, project).ref(prefix + ref)]
    expands = len(known) == 1 and store.settings.release >= FULL_REFS_SINCE
    return f"{known[0]}{ref}" if expands else ref or ""


def problems_of(store: dsl.Store, project: Project, draft: PipelineSchedule) -> dict[str, list[str]]:
    """Return what is wrong with a schedule as it would be kept, by the names of its columns."""
    if store.settings.release >= FULL_REFS_SINCE and not draft.ref.startswith((HEADS, TAGS)):
        return {"ref": ["is ambiguous"]}
    zone = draft.cron_timezone or ""
    found = {
        "cron": [*([] if cron.is_cron(draft.cron) else [WRONG]), *([] if draft.cron else [BLANK])],
        "cron_timezone": [] if zone and cron.find_zone(zone) else [WRONG if zone else BLANK],
        "ref": [] if draft.ref.strip() else [BLANK],
        "description": [] if (draft.description or "").strip() else [BLANK],
        "inputs": _duplicates([name for name, _ in draft.inputs]),
    }
    return {name: texts for name, texts in found.items() if texts}


def _duplicates(names: Sequence[str]) -> list[str]:
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    return [f"have duplicate values ({', '.join(twice)})"] if twice else []


# Running


def arranged(store: dsl.Store, schedule: PipelineSchedule, base: str) -> PipelineSchedule:
    """Let the next pipeline of a schedule wait for its time."""
    progress.forget(store, SCHEDULES, schedule.id)
    kept = store.update(schedule, next_run_at=_next_run(store, schedule))
    if kept.active and kept.next_run_at:
        progress.schedule(store, SCHEDULES, kept, kept.next_run_at, base)
    return kept


def _next_run(store: dsl.Store, schedule: PipelineSchedule) -> str | None:
    """Return when the next pipeline runs: where errors are as observed, when GitLab looks for it."""
    ideal = cron.next_time(schedule.cron, schedule.cron_timezone, store.clock.instant)
    if ideal is None:
        return None
    looked = cron.next_time(WORKER, "UTC", store.clock.instant)
    if store.settings.errors == "observed" and ideal != looked:
        return timestamp(cron.next_time(WORKER, "UTC", ideal) or ideal)
    return timestamp(ideal)


def run_schedule(call: dsl.Call, schedule: PipelineSchedule) -> None:
    """Run the pipeline of a schedule as the caller, if its configuration gives one."""
    project = call.store[Project][schedule.project_id]
    inputs = dict(schedule.inputs) or None
    try:
        made = run_on(call, project, schedule.ref, "schedule", inputs=inputs, pipeline_schedule_id=schedule.id)
    except NotCreated:
        return
    pipeline_progress.begin(call, made)


@progress.finishes(SCHEDULES)
def _run(store: dsl.Store, waiting: Progress) -> None:
    schedule = store[PipelineSchedule].get(waiting.subject_id)
    if schedule is None or not schedule.active:
        return
    kept = arranged(store, schedule, waiting.detail)
    if kept.owner_id is not None:
        run_schedule(as_user(progress.background_call(store, waiting.detail), kept.owner_id), kept)


@when_removed(PipelineSchedule)
def _forget(store: dsl.Store, schedule: PipelineSchedule) -> None:
    progress.forget(store, SCHEDULES, schedule.id)


# Variables


def variable_problems(
    store: dsl.Store, schedule: PipelineSchedule, draft: PipelineScheduleVariable
) -> dict[str, list[str]]:
    """Return what is wrong with a new variable of a schedule, by the names of its columns."""
    taken = variables_of(store, schedule).where(key=draft.key).exists()
    texts = [*key_problems(draft.key), *(["has already been taken"] if taken else [])]
    return {"key": texts} if texts else {}
