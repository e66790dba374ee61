"""Pipelines as v3 shows them: listed in full, made, run again, canceled."""

from typing import Any

import pytest

from tests.api.v3.ci_world import api_with
from tests.pipeline_world import MANUAL, NOW, create
from tests.support import Api, seen

AT = "projects/1/pipelines"
PIPELINES: list[dict[str, Any]] = [
    {"id": 1, "ref": "main", "status": "success", "user": "ada"},
    {"id": 2, "ref": "main", "status": "running"},
    {"id": 3, "ref": "fix", "status": "pending"},
    {"id": 4, "ref": "v1", "tag": True, "status": "failed"},
]


@pytest.fixture(scope="module")
def read() -> Api:
    """A world that the tests only read."""
    return api_with(MANUAL, pipelines=PIPELINES)


def test_a_pipeline_is_shown_as_v3_has_it(read: Api) -> None:
    shown = read.get(f"{AT}/1", "rex")
    sha = shown.json["sha"]
    assert shown.json.pop("user")["username"] == "ada"
    assert {**shown.json, "user": None} == {
        "id": 1,
        "sha": sha,
        "ref": "main",
        "status": "success",
        "before_sha": "0" * 40,
        "tag": False,
        "yaml_errors": None,
        "user": None,
        "created_at": NOW,
        "updated_at": NOW,
        "started_at": None,
        "finished_at": None,
        "committed_at": shown.json["committed_at"],
        "duration": None,
        "coverage": None,
    }
    assert read.get(AT, "rex").json[-1] == read.get(f"{AT}/1", "rex").json


@pytest.mark.parametrize(
    ("scope", "found"), [(None, [4, 3, 2, 1]), ("running", [3, 2]), ("branches", [3, 2]), ("tags", [4])]
)
def test_pipelines_are_listed_the_newest_first(read: Api, scope: str | None, found: list[int]) -> None:
    listed = read.get(AT, "rex", **({"scope": scope} if scope else {}))
    assert [one["id"] for one in listed.json] == found


def test_lists_of_pipelines_have_no_filters_of_v4(read: Api) -> None:
    assert len(read.get(AT, "rex", status="success", ref="main").json) == 4
    assert seen(read.get(AT, "rex", scope="finished")) == (400, {"error": "scope does not have a valid value"})


def test_pipelines_are_for_those_who_may_read_builds(read: Api) -> None:
    for path in (AT, f"{AT}/1"):
        assert read.get(path, None).status == 401
        assert read.get(path, "nora").status == 404
    assert seen(read.get(f"{AT}/99", "rex")) == (404, {"message": "404 Not found"})


def test_a_pipeline_is_made() -> None:
    api = api_with(MANUAL)
    made = create(api)
    assert (made.status, made.json["status"], made.json["id"]) == (201, "pending", 10001)
    assert "detailed_status" not in made.json
    missing = api.post("projects/1/pipeline", "bob")
    assert seen(missing) == (400, {"message": '400 (Bad request) "ref" not given'})
    assert seen(create(api, ref="nowhere")) == (400, {"message": {"base": ["Reference not found"]}})
    assert create(api, "rex").status == 403


def test_a_pipeline_is_canceled_and_run_again() -> None:
    api = api_with(MANUAL)
    create(api)
    canceled = api.post(f"{AT}/10001/cancel", "bob")
    assert (canceled.status, canceled.json["status"]) == (200, "canceled")
    again = api.post(f"{AT}/10001/retry", "bob")
    assert again.status == 201
    assert api.get(f"{AT}/10001").json["status"] in ("pending", "running")
    assert api.post(f"{AT}/10001/cancel", "rex").status == 403
    assert api.post(f"{AT}/10001/retry", "rex").status == 403
