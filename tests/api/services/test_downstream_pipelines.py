"""Pipelines that trigger jobs start: children, and those of other projects; how they follow one another."""

import json
from typing import Any

import pytest

from tests.pipeline_world import create, jobs_of, statuses, world
from tests.receiver import Receiver
from tests.support import Api, seen

AT = "projects/1/pipelines"
CHILD = "one: {script: make}\ntwo: {script: exit 1}\n"
FINE = "one: {script: make}\n"
OTHER = "theirs: {script: make}\n"
DEPEND = "child: {trigger: {include: child.yml, strategy: depend}}\n"
CROSS = "cross: {trigger: {project: open/source}}\n"
MANUAL = {"transitions": {"pipelines": "manual"}}


def api_with(config: str, settings: Any = None, *, other: str = OTHER, **files: str) -> Api:
    """Return a client of a world where acme/rocket has a configuration and files, open/source another one."""
    tree = {".gitlab-ci.yml": config, **{f"{name}.yml": text for name, text in files.items()}}
    made = world(settings, repository={"branches": {"main": tree}, "tags": {}})
    source = {"path": "open/source", "visibility": "public", "members": {"ada": "maintainer"}}
    branches = {"main": {".gitlab-ci.yml": other}, "next": {"from": "main", "commits": []}}
    made["projects"][1] = {**source, "repository": {"branches": branches, "protected": False}}
    return Api(made)


def bridges(api: Api, pipeline_id: int = 10001, project: int = 1) -> dict[str, Any]:
    """Return the trigger jobs of a pipeline by name."""
    return {one["name"]: one for one in api.get(f"projects/{project}/pipelines/{pipeline_id}/bridges").json}


def standing(api: Api) -> dict[str, tuple[str, str | None]]:
    """Return how the trigger jobs of the first pipeline stand, and their pipelines."""
    return {
        name: (one["status"], (one["downstream_pipeline"] or {}).get("status")) for name, one in bridges(api).items()
    }


# Children


@pytest.fixture(scope="module")
def read_child() -> Api:
    """A world with a pipeline that started a child, which failed; the tests only read it."""
    api = api_with("child: {trigger: {include: child.yml}}\nlast: {stage: deploy, script: x}\n", child=CHILD)
    create(api)
    return api


def test_a_trigger_job_starts_a_child(read_child: Api) -> None:
    api = read_child
    parent = api.get(f"{AT}/10001").json
    [bridge] = bridges(api).values()
    child = bridge["downstream_pipeline"]
    assert child == {
        "id": 10002,
        "iid": 2,
        "project_id": 1,
        "sha": parent["sha"],
        "ref": "main",
        "status": "failed",
        "source": "parent_pipeline",
        "created_at": parent["created_at"],
        "updated_at": parent["updated_at"],
        "web_url": "http://localhost/acme/rocket/-/pipelines/10002",
    }
    assert statuses(api, 10002) == {"one": "success", "two": "failed"}
    assert api.get(f"{AT}/10002").json["user"]["username"] == "bob"


def test_without_a_strategy_a_trigger_job_succeeds_once_its_pipeline_is_made(read_child: Api) -> None:
    assert standing(read_child) == {"child": ("success", "failed")}
    assert statuses(read_child, 10001) == {"last": "success"}
    assert read_child.get(f"{AT}/10001").json["status"] == "success"


def test_children_are_listed_by_their_source_alone(read_child: Api) -> None:
    assert [one["id"] for one in read_child.get(AT).json] == [10001]
    assert [one["id"] for one in read_child.get(AT, source="parent_pipeline").json] == [10002]
    assert read_child.get(f"{AT}/latest").json["id"] == 10001
    commit = read_child.get("projects/1/repository/commits/main").json
    assert commit["last_pipeline"]["id"] == 10001


@pytest.mark.parametrize(("child", "ends"), [(CHILD, "failed"), (FINE, "success")])
def test_with_depend_a_trigger_job_ends_as_its_pipeline_does(child: str, ends: str) -> None:
    api = api_with(f"{DEPEND}last: {{stage: deploy, script: x}}\n", child=child)
    made = create(api)
    assert made.json["status"] == "running"
    assert standing(api) == {"child": (ends, ends)}
    assert statuses(api, 10001) == {"last": "success" if ends == "success" else "skipped"}
    assert api.get(f"{AT}/10001").json["status"] == ends


def test_a_parent_waits_for_a_child_that_goes_on_later() -> None:
    api = api_with(f"{DEPEND}last: {{stage: deploy, script: x}}\n", MANUAL, child=FINE)
    create(api)
    assert standing(api) == {"child": ("running", "pending")}
    api.server.finish("pipelines", 10002)
    assert standing(api) == {"child": ("success", "success")}
    assert statuses(api, 10001) == {"last": "pending"}
    api.server.finish("pipelines", 10001)
    assert api.get(f"{AT}/10001").json["status"] == "success"


def test_a_canceled_pipeline_cancels_its_children_and_a_canceled_child_its_trigger_job() -> None:
    api = api_with(DEPEND, MANUAL, child=FINE)
    create(api)
    assert api.post(f"{AT}/10001/cancel").json["status"] == "canceled"
    assert standing(api) == {"child": ("canceled", "canceled")}
    create(api)
    api.post(f"{AT}/10004/cancel")
    assert api.get(f"{AT}/10003").json["status"] == "canceled"


def test_a_child_that_runs_again_lets_its_parent_run_again() -> None:
    api = api_with(DEPEND, child=CHILD)
    create(api)
    job = jobs_of(api, 10002)["two"]["id"]
    assert api.post(f"projects/1/jobs/{job}/retry").status == 201
    assert standing(api) == {"child": ("failed", "failed")}


def test_a_trigger_job_that_runs_again_starts_another_pipeline() -> None:
    api = api_with("child: {trigger: {include: child.yml}}", child=FINE)
    create(api)
    [bridge] = bridges(api).values()
    again = api.post(f"projects/1/jobs/{bridge['id']}/retry")
    assert (again.status, again.json["downstream_pipeline"]["id"]) == (201, 10003)
    assert [one["id"] for one in api.get(AT, source="parent_pipeline").json] == [10003, 10002]


def test_a_deleted_pipeline_takes_its_children_with_it() -> None:
    api = api_with(f"{DEPEND}{CROSS}", child=FINE)
    create(api, "ada")
    assert api.delete(f"{AT}/10001").status == 204
    assert api.get(f"{AT}/10002").status == 404
    assert len(api.get("projects/2/pipelines").json) == 1


def test_a_child_may_be_generated_by_a_job() -> None:
    config = (
        "gen: {stage: build, script: make, artifacts: {paths: [gen.yml]}}\n"
        "child: {trigger: {include: {artifact: gen.yml, job: gen}}}\n"
        "lost: {trigger: {include: {artifact: gen.yml, job: nobody}}}\n"
        "path: {trigger: {include: {artifact: none.yml, job: gen}}}\n"
        "empty: {trigger: {include: {artifact: gen.yml}}}\n"
    )
    api = api_with(config, gen=FINE)
    create(api)
    assert standing(api)["child"] == ("success", "success")
    told = {
        name: api.get(f"{AT}/{one['downstream_pipeline']['id']}").json["yaml_errors"]
        for name, one in bridges(api).items()
    }
    assert told == {
        "child": None,
        "lost": "Job `nobody` not found in parent pipeline or does not have artifacts!",
        "path": "Path `none.yml` does not exist inside the `gen` archive!",
        "empty": "Job must be provided when including configs from artifacts",
    }


# Other projects


def test_a_trigger_job_starts_a_pipeline_of_another_project() -> None:
    api = api_with("cross: {trigger: {project: open/$NAME, branch: $BRANCH}, variables: {NAME: source, BRANCH: next}}")
    create(api, "ada")
    started = bridges(api)["cross"]["downstream_pipeline"]
    assert (started["project_id"], started["ref"], started["source"]) == (2, "next", "pipeline")
    assert [one["id"] for one in api.get("projects/2/pipelines").json] == [started["id"]]
    assert [one["name"] for one in api.get(f"projects/2/pipelines/{started['id']}/jobs").json] == ["theirs"]


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ("go: {trigger: acme/nothing}", "downstream_bridge_project_not_found"),
        ("go: {trigger: '2'}", "downstream_bridge_project_not_found"),
        ("go: {trigger: nora/secret}", "downstream_bridge_project_not_found"),
        ("go: {trigger: acme/rocket}", "invalid_bridge_trigger"),
        ("go: {trigger: open/source}", "insufficient_bridge_permissions"),
        ("go: {trigger: {include: none.yml}}", "downstream_pipeline_creation_failed"),
    ],
)
def test_a_trigger_job_that_starts_nothing_fails(config: str, why: str) -> None:
    api = api_with(config)
    create(api, "bob")
    [bridge] = bridges(api).values()
    assert (bridge["status"], bridge["failure_reason"]) == ("failed", why)
    assert api.get(f"{AT}/10001").json["status"] == "failed"


@pytest.mark.parametrize(
    ("trigger", "other"),
    [
        ("{project: open/source, branch: nowhere}", OTHER),
        ("open/source", "theirs: {script: x, rules: [{when: never}]}"),
        ("open/source", "theirs: {}"),
    ],
)
def test_a_pipeline_of_another_project_that_cannot_be_fails_the_trigger_job(trigger: str, other: str) -> None:
    api = api_with(f"go: {{trigger: {trigger}}}", other=other)
    create(api, "ada")
    [bridge] = bridges(api).values()
    assert bridge["failure_reason"] == "downstream_pipeline_creation_failed"
    wrong = (bridge["downstream_pipeline"] or {}).get("status")
    assert wrong == ("failed" if other == "theirs: {}" else None)


def test_children_have_children_and_these_have_none() -> None:
    nested = "more: {trigger: {include: child.yml, strategy: depend}}"
    api = api_with(nested, child=nested)
    create(api)
    found = api.get(AT, source="parent_pipeline").json
    assert [one["id"] for one in found] == [10003, 10002]
    [last] = bridges(api, 10003).values()
    assert last["failure_reason"] == "reached_max_descendant_pipelines_depth"
    refused = api.post(f"projects/1/jobs/{last['id']}/retry")
    assert seen(refused) == (403, {"message": "403 Forbidden - Job is not retryable"})


def test_projects_that_start_one_another_stop_at_the_third_round() -> None:
    api = api_with(CROSS, other="back: {trigger: acme/rocket}")
    create(api, "ada")
    pipelines = [len(api.get(f"projects/{project}/pipelines").json) for project in (1, 2)]
    reasons = {
        one.get("failure_reason")
        for project in (1, 2)
        for pipeline in api.get(f"projects/{project}/pipelines").json
        for one in bridges(api, pipeline["id"], project).values()
    }
    assert pipelines == [3, 3]
    assert "pipeline_loop_detected" in reasons


def test_a_tree_of_pipelines_has_its_limit() -> None:
    api = api_with("child: {trigger: {include: child.yml}, parallel: 3}", child=FINE)
    api.put("application/plan_limits", plan_name="default", pipeline_hierarchy_size=3)
    create(api)
    reasons = [one.get("failure_reason") for _, one in sorted(bridges(api).items())]
    assert reasons == [None, None, "reached_max_pipeline_hierarchy_size"]


# Variables


def variables(api: Api, pipeline_id: int) -> dict[str, str]:
    return {one["key"]: one["value"] for one in api.get(f"{AT}/{pipeline_id}/variables").json}


@pytest.mark.parametrize(
    ("forward", "passed"),
    [
        ("{}", {"COLOR": "red", "SHADE": "dark red"}),
        ("{yaml_variables: false}", {}),
        ("{pipeline_variables: true}", {"COLOR": "red", "SHADE": "dark red", "GIVEN": "yes"}),
    ],
)
def test_variables_are_passed_on(forward: str, passed: dict[str, str]) -> None:
    trigger = f"trigger: {{include: child.yml, forward: {forward}}}"
    api = api_with(f"variables: {{COLOR: red}}\ngo: {{{trigger}, variables: {{SHADE: dark $COLOR}}}}", child=FINE)
    create(api, "ada", variables=[{"key": "GIVEN", "value": "yes"}])
    assert variables(api, 10002) == passed


def test_a_child_knows_by_what_it_was_started() -> None:
    child = (
        "a: {script: x, rules: [{if: '$CI_PIPELINE_SOURCE == \"parent_pipeline\"'}]}\nb: {script: x, only: [pushes]}\n"
    )
    api = api_with(DEPEND, child=child)
    create(api)
    assert statuses(api, 10002) == {"a": "success"}


# Hooks


def test_hooks_are_told_which_pipeline_started_one(receiver: Receiver) -> None:
    api = api_with(DEPEND, child=FINE)
    api.post("projects/1/hooks", url=receiver.url, push_events=False, pipeline_events=True)
    create(api)
    api.server.deliveries()
    parents = [body.get("source_pipeline") for body in receiver.bodies]
    place = {"id": 1, "web_url": "http://localhost/acme/rocket", "path_with_namespace": "acme/rocket"}
    started = {"project": place, "job_id": bridges(api)["child"]["id"], "pipeline_id": 10001}
    assert started in parents, json.dumps(parents)
    assert None in parents
