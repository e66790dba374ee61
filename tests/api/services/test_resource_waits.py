"""Jobs of a resource group: one at a time, in the order of the group, over all pipelines of a project."""

from typing import Any

import pytest

from tests.pipeline_world import create, jobs_of, statuses, world
from tests.support import Api, seen

CONFIG = "build: {stage: build, script: make}\nship: {stage: deploy, script: ship, resource_group: production}\n"
AT = "projects/1/resource_groups/production"
MANUAL = {"transitions": {"pipelines": "manual"}}


def api_with(config: str = CONFIG, settings: Any = None, mode: str = "unordered", **rocket: Any) -> Api:
    """Return a client of a world where acme/rocket has a configuration and a resource group."""
    repository = {"branches": {"main": {".gitlab-ci.yml": config}}, "tags": {}}
    groups = [{"key": "production", "process_mode": mode}]
    more = {"auto_cancel_pending_pipelines": "disabled", "resource_groups": groups, **rocket}
    return Api(world(settings, repository=repository, **more))


def ships(api: Api, *ids: int) -> list[str]:
    """Return how the job ship of some pipelines stands."""
    return [statuses(api, one)["ship"] for one in ids]


def upcoming(api: Api) -> list[int]:
    """Return the pipelines of the jobs that come next."""
    answer = api.get(f"{AT}/upcoming_jobs", "bob")
    assert answer.status == 200, answer
    return [one["pipeline"]["id"] for one in answer.json]


def test_alone_a_job_has_the_resource_at_once() -> None:
    api = api_with()
    create(api)
    assert statuses(api, 10001) == {"build": "success", "ship": "success"}
    assert upcoming(api) == []


def test_jobs_of_one_pipeline_run_one_after_the_other() -> None:
    config = "one: {script: x, resource_group: production}\ntwo: {script: x, resource_group: production}\n"
    api = api_with(config, MANUAL)
    create(api)
    assert statuses(api, 10001) == {"one": "pending", "two": "waiting_for_resource"}
    assert api.get("projects/1/pipelines/10001").json["status"] == "running"
    [waiting] = api.get(f"{AT}/upcoming_jobs", "bob").json
    assert (waiting["name"], waiting["status"], waiting["queued_duration"]) == ("two", "waiting_for_resource", None)
    api.server.finish("pipelines")
    assert statuses(api, 10001) == {"one": "success", "two": "success"}


SHIP = "ship: {script: ship, resource_group: production}\n"


@pytest.mark.parametrize(
    ("mode", "order"),
    [
        ("unordered", [10001, 10002, 10003]),
        ("oldest_first", [10001, 10002, 10003]),
        ("newest_first", [10001, 10003, 10002]),
        ("newest_ready_first", [10001, 10003, 10002]),
    ],
)
def test_pipelines_get_the_resource_in_the_order_of_the_group(mode: str, order: list[int]) -> None:
    api = api_with(SHIP, MANUAL, mode)
    for _ in order:
        create(api)
    assert ships(api, 10001, 10002, 10003) == ["pending", "waiting_for_resource", "waiting_for_resource"]
    assert upcoming(api) == order[1:]
    assert api.get("projects/1/pipelines/10002").json["status"] == "waiting_for_resource"
    for number, one in enumerate(order, 1):
        assert api.server.finish("pipelines", one) == 1
        assert upcoming(api) == order[number + 1 :]
        assert ships(api, *order[:number]) == ["success"] * number


def test_a_job_that_is_not_ready_keeps_those_after_it_waiting_where_there_is_an_order() -> None:
    api = api_with(CONFIG, MANUAL, "oldest_first")
    create(api)
    create(api)
    assert upcoming(api) == [10001, 10002]
    api.server.finish("pipelines", 10002)
    assert ships(api, 10001, 10002) == ["created", "waiting_for_resource"]
    assert upcoming(api) == [10001, 10002]
    api.server.finish("pipelines", 10001)
    assert ships(api, 10001, 10002) == ["success", "pending"]


def test_another_order_takes_effect_at_once() -> None:
    api = api_with(SHIP, MANUAL)
    for _ in range(3):
        create(api)
    api.put(AT, "bob", process_mode="newest_first")
    assert upcoming(api) == [10003, 10002]


def test_a_canceled_pipeline_hands_the_resource_over() -> None:
    api = api_with(SHIP, MANUAL)
    create(api)
    create(api)
    api.post("projects/1/pipelines/10001/cancel", "ada")
    assert ships(api, 10001, 10002) == ["canceled", "pending"]


def test_a_canceled_job_hands_the_resource_over() -> None:
    api = api_with(SHIP, MANUAL)
    create(api)
    create(api)
    api.post(f"projects/1/jobs/{jobs_of(api, 10001)['ship']['id']}/cancel", "ada")
    assert ships(api, 10001, 10002) == ["canceled", "pending"]


def test_those_that_waited_end_once_the_resource_is_free() -> None:
    held = {"name": "ship", "status": "running", "stage": "deploy", "resource_group_id": 1}
    api = api_with(SHIP, pipelines=[{"id": 1, "ref": "main", "jobs": [held]}])
    for _ in range(3):
        create(api)
    assert ships(api, 10001, 10002, 10003) == ["waiting_for_resource"] * 3
    api.post(f"projects/1/jobs/{jobs_of(api, 1)['ship']['id']}/cancel", "ada")
    assert ships(api, 10001, 10002, 10003) == ["success"] * 3
    assert api.get("projects/1/pipelines/10003").json["status"] == "success"


def test_trigger_jobs_wait_too() -> None:
    config = "go: {trigger: {include: child.yml, strategy: depend}, resource_group: production}\n"
    repository = {"branches": {"main": {".gitlab-ci.yml": config, "child.yml": "one: {script: x}\n"}}, "tags": {}}
    api = Api(
        world(
            MANUAL,
            repository=repository,
            auto_cancel_pending_pipelines="disabled",
            resource_groups=[{"key": "production"}],
        )
    )
    create(api)
    create(api)
    assert [bridge(api, one)["status"] for one in (10001, 10003)] == ["running", "waiting_for_resource"]
    api.server.finish("pipelines", 10002)
    assert [bridge(api, one)["status"] for one in (10001, 10003)] == ["success", "running"]
    assert bridge(api, 10003)["downstream_pipeline"]["status"] == "pending"


def bridge(api: Api, pipeline_id: int) -> Any:
    """Return the trigger job of a pipeline."""
    return api.get(f"projects/1/pipelines/{pipeline_id}/bridges").json[0]


def test_upcoming_jobs_are_for_developers() -> None:
    api = api_with()
    found = [seen(api.get(f"{AT}/upcoming_jobs", who))[0] for who in ("bob", "rex", None)]
    assert found == [200, 403, 401]
    missing = api.get("projects/1/resource_groups/nothing/upcoming_jobs", "bob")
    assert seen(missing) == (404, {"message": "404 Not found"})
