import copy
from typing import Any

import pytest

from tests.support import WORLD, Api, names, seen

CONFIG = "a: {script: x}\nb: {script: y, tags: [mac]}\nc: {script: z, tags: [none]}\n"
NO_ACCESS = (403, {"message": "403 Forbidden - No access granted"})


def world(**settings: Any) -> Api:
    world = copy.deepcopy(WORLD)
    world["gitlab"] = settings
    heard = {"contacted_at": "2024-05-01T08:59:00Z"}
    world["runners"] = [
        {"description": "offline"},
        {"description": "guarded", "access_level": "ref_protected", **heard},
        {"description": "shared", **heard},
    ]
    mac = {"description": "mac", "tag_list": ["mac"], "run_untagged": False, **heard}
    world["projects"][0]["runners"] = [mac]
    branches = {"main": {".gitlab-ci.yml": CONFIG}, "feature": {".gitlab-ci.yml": CONFIG}}
    world["projects"][0]["repository"] = {"branches": branches}
    jobs = [
        {"name": "old", "status": "running", "runner": "mac"},
        {"name": "gone", "status": "failed", "runner": "mac"},
    ]
    world["projects"][0]["pipelines"] = [{"ref": "main", "status": "running", "jobs": jobs}]
    return Api(world)


@pytest.fixture
def api() -> Api:
    """Runners of the instance "offline", "guarded", "shared", and "mac" of acme/rocket, which took two jobs."""
    return world()


def id_of(api: Api, name: str) -> int:
    return next(int(one["id"]) for one in api.get("runners/all").json if one["description"] == name)


def jobs(api: Api, runner: str, as_: str = "ada", **given: Any) -> list[str]:
    return names(api.get(f"runners/{id_of(api, runner)}/jobs", as_, **given))


def taken(api: Api, ref: str) -> dict[str, str | None]:
    pipeline = api.post("projects/1/pipeline", "root", ref=ref).json["id"]
    listed = api.get(f"projects/1/pipelines/{pipeline}/jobs").json
    return {one["name"]: one["runner"] and one["runner"]["description"] for one in listed}


def test_a_job_is_taken_by_the_first_runner_online_that_has_its_tags(api: Api) -> None:
    assert taken(api, "feature") == {"a": "shared", "b": "mac", "c": None}


def test_a_guarded_runner_takes_jobs_of_protected_branches_alone(api: Api) -> None:
    api.post("projects/1/protected_branches", "root", name="main")
    assert taken(api, "main") == {"a": "guarded", "b": "mac", "c": None}
    api.put(f"runners/{id_of(api, 'guarded')}", paused=True)
    assert taken(api, "main")["a"] == "shared"


def test_the_jobs_of_a_runner_are_listed(api: Api) -> None:
    taken(api, "feature")
    assert jobs(api, "mac") == ["old", "gone", "b"]
    assert jobs(api, "mac", order_by="id") == ["b", "gone", "old"]
    assert jobs(api, "mac", order_by="id", sort="asc") == ["old", "gone", "b"]
    assert jobs(api, "mac", status="running") == ["old"]
    assert jobs(api, "mac", system_id="s_1") == []
    assert jobs(api, "shared", "root") == ["a"]
    wrong = api.get(f"runners/{id_of(api, 'mac')}/jobs", "ada", status="x")
    assert seen(wrong) == (400, {"error": "status does not have a valid value"})


def test_a_job_of_a_runner_tells_its_project_and_a_job_its_runner(api: Api) -> None:
    mac = id_of(api, "mac")
    job = api.get(f"runners/{mac}/jobs", "ada").json[0]
    assert job["project"] == {
        "id": 1,
        "description": None,
        "name": "rocket",
        "name_with_namespace": "acme / rocket",
        "path": "rocket",
        "path_with_namespace": "acme/rocket",
        "created_at": "2024-05-01T09:00:00.000Z",
    }
    shown = api.get(f"projects/1/jobs/{job['id']}", "ada").json
    assert {name: value for name, value in shown.items() if name in job and name != "project"} == {
        name: value for name, value in job.items() if name != "project"
    }
    [listed] = [one for one in api.get("runners/all").json if one["id"] == mac]
    assert shown["runner"] == listed


def test_who_sees_the_jobs_of_a_runner(api: Api) -> None:
    mac = id_of(api, "mac")
    assert seen(api.get(f"runners/{mac}/jobs", "rex")) == NO_ACCESS
    assert seen(api.get(f"runners/{id_of(api, 'shared')}/jobs", "ada")) == NO_ACCESS
    api.post("projects/3/runners", "ada", runner_id=mac)
    api.post("projects/3/members", "ada", user_id=6, access_level=40)
    assert jobs(api, "mac", "nora") == []
    assert jobs(api, "mac", "ada") == ["old", "gone"]


def test_a_runner_with_a_running_job_is_active() -> None:
    api = world(version="18.11.0")
    states = {one["description"]: one["job_execution_status"] for one in api.get("runners/all").json}
    assert states == {"offline": "idle", "guarded": "idle", "shared": "idle", "mac": "active"}


def test_a_job_forgets_a_runner_that_is_gone(api: Api) -> None:
    api.delete(f"runners/{id_of(api, 'mac')}")
    assert [one["runner"] for one in api.get("projects/1/jobs", "ada").json] == [None, None]
