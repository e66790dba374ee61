"""A project with CI, and one call of every operation on pipelines, jobs and the scope of their tokens."""

from typing import Any

JOB = {"artifacts": {"log.txt": "x"}, "trace": "x"}
JOBS: list[dict[str, Any]] = [
    {"id": 9001, "name": "a", "coverage": 98.5, **JOB},
    {"id": 9002, "name": "b", "status": "failed", **JOB},
    {"id": 9003, "name": "c", "status": "running"},
    {"id": 9004, "name": "d", "status": "manual", "when": "manual"},
    {"id": 9005, "name": "e", "kind": "Ci::Bridge"},
    {"id": 9006, "name": "f", "kind": "Ci::Bridge"},
]
HELD = [
    {"id": 9007, "name": "g", "status": "running", "resource_group_id": 1},
    {"id": 9008, "name": "h", "status": "waiting_for_resource", "resource_group_id": 1},
]
PROJECT = {
    "path": "root/ci",
    "id": 905,
    "repository": {"branches": {"main": {".gitlab-ci.yml": "a: {script: x, resource_group: k}"}}},
    "resource_groups": [{"key": "held"}],
    "pipelines": [
        {"id": 9000, "ref": "main", "jobs": HELD},
        {"id": 9001, "ref": "main", "jobs": JOBS},
        {"id": 9002, "ref": "main", "status": "success", "variables": {"A": "1"}},
    ],
}
AT, PATH = "projects/:id", "projects/905"
PIPELINE, PIPELINE_PATH = f"{AT}/pipelines/:pipeline_id", f"{PATH}/pipelines/9001"
EACH = f"{AT}/jobs/:job_id"
STEPS: list[tuple[str, str, str, dict[str, Any]]] = [
    (f"POST /{EACH}/artifacts/keep", f"{PATH}/jobs/9001/artifacts/keep", "root", {}),
    (f"POST /{EACH}/cancel", f"{PATH}/jobs/9003/cancel", "root", {}),
    (f"POST /{EACH}/play", f"{PATH}/jobs/9004/play", "root", {}),
    (f"POST /{EACH}/retry", f"{PATH}/jobs/9002/retry", "root", {}),
    (f"POST /{EACH}/erase", f"{PATH}/jobs/9002/erase", "root", {}),
    (f"POST /{PIPELINE}/retry", f"{PIPELINE_PATH}/retry", "root", {}),
    (f"POST /{PIPELINE}/cancel", f"{PIPELINE_PATH}/cancel", "root", {}),
    (f"PUT /{PIPELINE}/metadata", f"{PIPELINE_PATH}/metadata", "root", {"name": "n"}),
    (f"POST /{AT}/pipeline", f"{PATH}/pipeline", "root", {"ref": "main", "variables": [{"key": "A", "value": "1"}]}),
    (f"POST /{AT}/job_token_scope/allowlist", f"{PATH}/job_token_scope/allowlist", "root", {"target_project_id": 1}),
    (
        f"POST /{AT}/job_token_scope/groups_allowlist",
        f"{PATH}/job_token_scope/groups_allowlist",
        "root",
        {"target_group_id": 1},
    ),
]
READS = {
    f"{AT}/pipelines": f"{PATH}/pipelines",
    f"{AT}/pipelines/latest": f"{PATH}/pipelines/latest",
    PIPELINE: PIPELINE_PATH,
    f"{PIPELINE}/variables": f"{PATH}/pipelines/9002/variables",
    f"{AT}/jobs": f"{PATH}/jobs",
    EACH: f"{PATH}/jobs/9001",
    f"{AT}/job_token_scope": f"{PATH}/job_token_scope",
}
