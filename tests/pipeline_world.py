"""A world with CI: a configuration of three stages, and pipelines and jobs that a scenario tells of."""

from typing import Any

from tests.support import WORLD, Answer, Api

NOW = "2024-05-01T09:00:00.000Z"
CONFIG = """
workflow: {name: "Build of $CI_COMMIT_REF_NAME"}
stages: [build, test, deploy]
compile:
  stage: build
  script: make
  tags: [linux, docker]
  artifacts: {name: "$CI_JOB_NAME", paths: [dist/, "*.md"], exclude: [dist/debug.txt], expire_in: 1 week}
rspec:
  stage: test
  script: [rspec, "exit $CODE"]
  artifacts: {when: always, paths: [nothing], reports: {junit: report.xml}}
lint: {stage: test, script: [lint, exit 3]}
ship: {stage: deploy, script: ship, when: manual}
"""
JUNIT = """<testsuites>
<testsuite name="Unit">
<testcase classname="t.Sum" name="adds" file="t/sum.py" time="0.5"/>
<testcase classname="t.Sum" name="carries" time="1.25"><failure message="no">expected 10</failure>
<system-out>trying</system-out></testcase>
</testsuite>
<testsuite name="Rest"><testcase classname="t.Rest" name="waits"><skipped/></testcase>
<testcase name="breaks" time="x"><error type="E"/></testcase></testsuite>
</testsuites>"""
FILES = {
    ".gitlab-ci.yml": CONFIG,
    "README.md": "# Rocket\n",
    "dist/app.txt": "app\n",
    "dist/debug.txt": "debug\n",
    "report.xml": JUNIT,
}
MANUAL = {"transitions": {"pipelines": "manual"}}


def world(settings: Any = None, **rocket: Any) -> dict[str, Any]:
    """Return the usual world, its project acme/rocket with branches main and fix, a tag v1, and a configuration."""
    branches = {"main": FILES, "fix": {"from": "main", "commits": [{"message": "Fix", "files": {"fix.txt": "1\n"}}]}}
    repository = {"branches": branches, "tags": {"v1": "main"}, "protected": False, **rocket.pop("repository", {})}
    project = {"path": "acme/rocket", "repository": repository, **rocket}
    groups = [{**WORLD["groups"][0], "visibility": "public"}, *WORLD["groups"][1:]]
    return {**WORLD, "gitlab": settings or {}, "groups": groups, "projects": [project, *WORLD["projects"][1:]]}


def api_with(settings: Any = None, **rocket: Any) -> Api:
    """Return a client of that world."""
    return Api(world(settings, **rocket))


def as_made(made: Answer, **own: Any) -> dict[str, Any]:
    """Return the JSON that a pipeline must have when it is made, the first of acme/rocket."""
    return {
        "id": 10001,
        "iid": 1,
        "project_id": 1,
        "status": "pending",
        "created_at": NOW,
        "updated_at": NOW,
        "web_url": "http://localhost/acme/rocket/-/pipelines/10001",
        "before_sha": "0" * 40,
        "tag": False,
        "yaml_errors": None,
        "user": made.json["user"],
        "started_at": None,
        "finished_at": None,
        "duration": None,
        "queued_duration": None,
        "coverage": None,
        **own,
    }


def create(api: Api, who: str = "bob", /, ref: str = "main", **given: Any) -> Answer:
    """Make a pipeline."""
    return api.post("projects/1/pipeline", who, ref=ref, **given)


def jobs_of(api: Api, pipeline_id: int, **given: Any) -> dict[str, Any]:
    """Return the jobs of a pipeline by name."""
    answer = api.get(f"projects/1/pipelines/{pipeline_id}/jobs", **given)
    assert answer.status == 200, answer
    return {one["name"]: one for one in answer.json}


def statuses(api: Api, pipeline_id: int) -> dict[str, str]:
    """Return how the jobs of a pipeline stand."""
    return {name: job["status"] for name, job in jobs_of(api, pipeline_id).items()}
