"""Builds: listed, also of a commit, shown, their logs and artifacts; canceled, run again, started, erased, kept."""

import io
import zipfile
from typing import Any

import pytest

from tests.api.v3.ci_world import api_with
from tests.pipeline_world import MANUAL, create
from tests.support import Api, names, seen

AT = "projects/1/builds"
JOBS: list[dict[str, Any]] = [
    {
        "id": 1,
        "name": "compile",
        "stage": "build",
        "coverage": 98.5,
        "started_at": "2024-05-01T08:00:00.000Z",
        "finished_at": "2024-05-01T08:01:30.500Z",
        "artifacts": {"dist/app.txt": "app\n"},
        "artifacts_expire_at": "2024-06-01T00:00:00.000Z",
        "runner": "shared",
    },
    {"id": 2, "name": "rspec", "status": "failed", "trace": "1 failure\n"},
    {"id": 3, "name": "lint", "status": "running", "started_at": "2024-05-01T08:59:00.000Z"},
    {"id": 4, "name": "child", "stage": "deploy", "kind": "Ci::Bridge", "status": "skipped"},
    {"id": 5, "name": "ship", "stage": "deploy", "status": "manual", "when": "manual"},
    {"id": 6, "name": "empty"},
]


def told(jobs: Any = JOBS, /, **settings: Any) -> Api:
    """Return a client of a world with a pipeline of bob whose builds a scenario tells of."""
    pipeline = {"id": 1, "ref": "main", "user": "bob", "jobs": jobs}
    runner = {"description": "shared", "token": "glrt-shared"}
    return api_with(settings or None, pipelines=[pipeline], runners=[runner])


@pytest.fixture(scope="module")
def read() -> Api:
    """A world that the tests only read."""
    return told()


def test_a_build_is_shown_as_v3_has_it(read: Api) -> None:
    build = read.get(f"{AT}/1", "rex").json
    sha = build["commit"]["id"]
    assert build.pop("user")["username"] == "bob"
    assert build == {
        "id": 1,
        "status": "success",
        "stage": "build",
        "name": "compile",
        "ref": "main",
        "tag": False,
        "coverage": 98.5,
        "created_at": build["created_at"],
        "started_at": "2024-05-01T08:00:00.000Z",
        "finished_at": "2024-05-01T08:01:30.500Z",
        "artifacts_file": {"filename": "artifacts.zip", "size": build["artifacts_file"]["size"]},
        "commit": {
            "id": sha,
            "short_id": sha[:8],
            "title": "Initial commit",
            "author_name": "Administrator",
            "author_email": "admin@example.com",
            "created_at": build["commit"]["created_at"],
            "committer_name": "Administrator",
            "committer_email": "admin@example.com",
            "message": "Initial commit",
        },
        "runner": {"id": 1, "description": "shared", "active": True, "is_shared": False, "name": None},
        "pipeline": {"id": 1, "sha": sha, "ref": "main", "status": build["pipeline"]["status"]},
    }
    assert "artifacts_file" not in read.get(f"{AT}/2", "rex").json


def test_who_runs_a_build_is_shown_with_the_profile(read: Api) -> None:
    assert [*read.get(f"{AT}/1", "rex").json["user"]] == [
        *("name", "username", "id", "state", "avatar_url", "web_url", "created_at", "is_admin", "bio", "location"),
        *("skype", "linkedin", "twitter", "website_url", "organization"),
    ]


def test_builds_are_listed_the_newest_first_without_trigger_jobs(read: Api) -> None:
    listed = read.get(AT, "rex")
    assert [one["id"] for one in listed.json] == [6, 5, 3, 2, 1]
    assert listed.headers["X-Total"] == "5"
    assert names(read.get(AT, scope="failed")) == ["rspec"]
    assert names(read.get(AT, **{"scope[]": ["failed", "running"]})) == ["lint", "rspec"]
    assert seen(read.get(AT, scope="manual")) == (400, {"error": "scope does not have a valid value"})


def test_any_member_lists_builds_and_reporters_show_them(read: Api) -> None:
    assert read.get(AT, None).status == 401
    assert read.get(AT, "nora").json == {"message": "404 Project Not Found"}
    closed = told_closed()
    assert closed.get(AT, "gil").status == 200
    assert seen(closed.get(f"{AT}/1", "gil")) == (403, {"message": "403 Forbidden"})


def told_closed() -> Api:
    return api_with(pipelines=[{"id": 1, "ref": "main", "jobs": JOBS[1:3]}], public_jobs=False)


def test_the_builds_of_a_commit_are_listed(read: Api) -> None:
    sha = read.get(f"{AT}/1").json["commit"]["id"]
    at = "projects/1/repository/commits"
    assert [one["id"] for one in read.get(f"{at}/{sha}/builds", "rex").json] == [6, 5, 3, 2, 1]
    assert names(read.get(f"{at}/{sha}/builds", "rex", scope="running")) == ["lint"]
    assert read.get(f"{at}/main/builds", "rex").json == []
    assert seen(read.get(f"{at}/{'a' * 40}/builds", "rex")) == (404, {"message": "404 Not Found"})
    assert read.get(f"{at}/{sha}/builds", None).status == 401


@pytest.mark.parametrize("number", [99, 4])
def test_a_build_that_is_none_is_not_found(read: Api, number: int) -> None:
    for path in (f"{AT}/{number}", f"{AT}/{number}/trace", f"{AT}/{number}/artifacts"):
        assert seen(read.get(path, "bob")) == (404, {"message": "404 Not Found"})


def test_the_log_of_a_build_is_plain_text(read: Api) -> None:
    log = read.get(f"{AT}/2/trace", "rex")
    assert (log.status, log.text, log.headers["Content-Type"]) == (200, "1 failure\n", "text/plain")
    assert read.get(f"{AT}/2/trace", None).status == 401


@pytest.mark.parametrize(
    ("path", "given"), [(f"{AT}/1/artifacts", {}), (f"{AT}/artifacts/main/download", {"job": "compile"})]
)
def test_artifacts_are_downloaded(path: str, given: dict[str, str]) -> None:
    read = told(JOBS[:1])
    answer = read.get(path, "rex", **given)
    assert answer.status == 200, answer
    assert zipfile.ZipFile(io.BytesIO(answer.data)).namelist() == ["dist/app.txt"]
    assert read.get(path, None, **given).status == 401


def test_artifacts_that_are_not_there_are_not_found(read: Api) -> None:
    assert seen(read.get(f"{AT}/2/artifacts", "rex")) == (404, {"message": "404 Not Found"})
    missing = read.get(f"{AT}/artifacts/main/download", "rex")
    assert seen(missing) == (400, {"message": '400 (Bad request) "job" not given'})
    absent = read.get(f"{AT}/artifacts/main/download", "rex", job="nothing")
    assert seen(absent) == (404, {"message": "404 Not found"})


def test_artifacts_are_kept() -> None:
    api = told()
    kept = api.post(f"{AT}/1/artifacts/keep", "bob")
    assert (kept.status, kept.json["id"]) == (200, 1)
    api.prefix = "/api/v4/"
    assert api.get("projects/1/jobs/1").json["artifacts_expire_at"] is None
    api.prefix = "/api/v3/"
    assert seen(api.post(f"{AT}/2/artifacts/keep", "bob")) == (404, {"message": "404 Not Found"})
    assert api.post(f"{AT}/1/artifacts/keep", "rex").status == 403


def test_a_build_is_canceled() -> None:
    api = told()
    answer = api.post(f"{AT}/3/cancel", "bob")
    assert (answer.status, answer.json["status"]) == (201, "canceled")
    assert api.get(f"{AT}/3").json["status"] == "canceled"
    assert seen(api.post(f"{AT}/3/cancel", "rex")) == (403, {"message": "403 Forbidden"})


def test_a_build_is_run_again() -> None:
    api = told(transitions={"pipelines": "manual"})
    again = api.post(f"{AT}/2/retry", "bob")
    assert (again.status, again.json["name"], again.json["status"]) == (201, "rspec", "pending")
    assert again.json["id"] > 6
    told_off = {"message": "403 Forbidden - Build is not retryable"}
    assert seen(api.post(f"{AT}/3/retry", "bob")) == (403, told_off)


def test_a_manual_build_is_started() -> None:
    api = told(transitions={"pipelines": "manual"})
    played = api.post(f"{AT}/5/play", "bob")
    assert (played.status, played.json["status"]) == (200, "pending")
    unplayable = {"message": '400 (Bad request) "Unplayable Build" not given'}
    assert seen(api.post(f"{AT}/3/play", "bob")) == (400, unplayable)


def test_a_build_is_erased() -> None:
    api = told()
    assert seen(api.post(f"{AT}/3/erase", "ada")) == (403, {"message": "403 Forbidden - Build is not erasable!"})
    erased = api.post(f"{AT}/1/erase", "ada")
    assert (erased.status, "artifacts_file" in erased.json) == (201, False)
    assert api.get(f"{AT}/1/trace").text == ""
    assert api.get(f"{AT}/1/artifacts").status == 404


def test_builds_of_a_new_pipeline_wait() -> None:
    api = api_with(MANUAL)
    create(api)
    listed = api.get(AT, "bob").json
    assert [(one["name"], one["status"]) for one in listed][-1] == ("compile", "pending")
