"""The calls of operations on CI/CD variables, trigger tokens and freeze periods."""

from typing import Any

Step = tuple[str, str, str, dict[str, Any]]
NEW, CHANGED = {"key": "k", "value": "v", "description": "d"}, {"value": "w"}


def _of(at: str, path: str) -> list[Step]:
    return [(f"POST /{at}", path, "root", NEW), (f"PUT /{at}/:key", f"{path}/k", "root", CHANGED)]


PROJECT = "projects/:id"
PERIOD = {"freeze_start": "0 23 * * 5", "freeze_end": "0 7 * * 1"}
STEPS: list[Step] = [
    *_of("admin/ci/variables", "admin/ci/variables"),
    *_of("groups/:id/variables", "groups/1/variables"),
    *_of(f"{PROJECT}/variables", "projects/1/variables"),
    (f"POST /{PROJECT}/triggers", "projects/1/triggers", "root", {"description": "d"}),
    (f"PUT /{PROJECT}/triggers/:trigger_id", "projects/1/triggers/{trigger}", "root", {"description": "e"}),
    (f"POST /{PROJECT}/freeze_periods", "projects/1/freeze_periods", "root", PERIOD),
    (f"PUT /{PROJECT}/freeze_periods/:freeze_period_id", "projects/1/freeze_periods/1", "root", PERIOD),
]
READS = {f"{PROJECT}/triggers/:trigger_id": "projects/1/triggers/{trigger}"}


def noted(key: str, made: Any) -> dict[str, Any]:
    """Return the ids by which later calls name what a step made."""
    return {"trigger": made["id"]} if key == f"POST /{PROJECT}/triggers" else {}
