"""The calls of operations on CI/CD variables, trigger tokens, pipeline schedules and freeze periods."""

from typing import Any

Step = tuple[str, str, str, dict[str, Any]]
NEW, CHANGED = {"key": "k", "value": "v", "description": "d"}, {"value": "w"}


def _of(at: str, path: str) -> list[Step]:
    return [(f"POST /{at}", path, "root", NEW), (f"PUT /{at}/:key", f"{path}/k", "root", CHANGED)]


PROJECT = "projects/:id"
PERIOD = {"freeze_start": "0 23 * * 5", "freeze_end": "0 7 * * 1"}
CODE = "projects/905"
SCHEDULES, SCHEDULES_PATH = f"{PROJECT}/pipeline_schedules", f"{CODE}/pipeline_schedules"
SCHEDULE = f"{SCHEDULES}/:pipeline_schedule_id"
GROUPS = f"{PROJECT}/resource_groups"
NIGHTLY = {"description": "d", "ref": "main", "cron": "@daily"}
STEPS: list[Step] = [
    *_of("admin/ci/variables", "admin/ci/variables"),
    *_of("groups/:id/variables", "groups/1/variables"),
    *_of(f"{PROJECT}/variables", "projects/1/variables"),
    (f"POST /{PROJECT}/triggers", f"{CODE}/triggers", "root", {"description": "d"}),
    (f"PUT /{PROJECT}/triggers/:trigger_id", f"{CODE}/triggers/{{trigger}}", "root", {"description": "e"}),
    (f"POST /{PROJECT}/trigger/pipeline", f"{CODE}/trigger/pipeline?token={{token}}&ref=main", "root", {}),
    (f"POST /{PROJECT}/ref/:ref/trigger/pipeline", f"{CODE}/ref/main/trigger/pipeline?token={{token}}", "root", {}),
    (f"POST /{PROJECT}/freeze_periods", "projects/1/freeze_periods", "root", PERIOD),
    (f"PUT /{PROJECT}/freeze_periods/:freeze_period_id", "projects/1/freeze_periods/1", "root", PERIOD),
    (f"PUT /{GROUPS}/:key", f"{CODE}/resource_groups/k", "root", {"process_mode": "oldest_first"}),
    (f"POST /{SCHEDULES}", SCHEDULES_PATH, "root", NIGHTLY),
    (f"PUT /{SCHEDULE}", f"{SCHEDULES_PATH}/1", "root", {"active": False}),
    (f"POST /{SCHEDULE}/variables", f"{SCHEDULES_PATH}/1/variables", "root", {"key": "k", "value": "v"}),
    (f"PUT /{SCHEDULE}/variables/:key", f"{SCHEDULES_PATH}/1/variables/k", "root", CHANGED),
    (f"POST /{SCHEDULE}/play", f"{SCHEDULES_PATH}/1/play", "root", {}),
    (f"DELETE /{SCHEDULE}/variables/:key", f"{SCHEDULES_PATH}/1/variables/k", "root", {}),
    (f"POST /{SCHEDULE}/variables", f"{SCHEDULES_PATH}/1/variables", "root", {"key": "k", "value": "v"}),
    (f"POST /{PROJECT}/members", f"{CODE}/members", "root", {"user_id": 2, "access_level": 40}),
    (f"POST /{SCHEDULES}", SCHEDULES_PATH, "ada", NIGHTLY),
    (f"POST /{SCHEDULE}/take_ownership", f"{SCHEDULES_PATH}/2/take_ownership", "root", {}),
]
READS = {
    f"{PROJECT}/triggers": f"{CODE}/triggers",
    f"{PROJECT}/triggers/:trigger_id": f"{CODE}/triggers/{{trigger}}",
    SCHEDULES: SCHEDULES_PATH,
    GROUPS: f"{CODE}/resource_groups",
    f"{GROUPS}/:key": f"{CODE}/resource_groups/held",
}


def noted(key: str, made: Any) -> dict[str, Any]:
    """Return what later calls name of what a step made."""
    return {"trigger": made["id"], "token": made["token"]} if key == f"POST /{PROJECT}/triggers" else {}
