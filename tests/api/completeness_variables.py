"""The calls of operations on CI/CD variables."""

from typing import Any

Step = tuple[str, str, str, dict[str, Any]]
NEW, CHANGED = {"key": "k", "value": "v", "description": "d"}, {"value": "w"}


def _of(at: str, path: str) -> list[Step]:
    return [(f"POST /{at}", path, "root", NEW), (f"PUT /{at}/:key", f"{path}/k", "root", CHANGED)]


STEPS: list[Step] = [
    *_of("admin/ci/variables", "admin/ci/variables"),
    *_of("groups/:id/variables", "groups/1/variables"),
    *_of("projects/:id/variables", "projects/1/variables"),
]
