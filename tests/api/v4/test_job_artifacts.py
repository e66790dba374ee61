"""Artifacts of jobs: downloaded whole and file by file, kept, deleted, expired."""

import io
import zipfile
from typing import Any

import pytest

from tests.pipeline_world import FILES, api_with, create, jobs_of
from tests.support import Answer, Api, seen

AT = "projects/1/jobs"
FILE = {"log.txt": "done\n", "dist/app.bin": "\x01\x02", "page.html": "<html></html>"}
NOTHING = (404, {"message": "404 Not Found"})


def told(*jobs: dict[str, Any], **rocket: Any) -> Api:
    """Return a client of a world with a pipeline whose jobs a scenario tells of."""
    given = [{"id": place, "name": f"job-{place}", **one} for place, one in enumerate(jobs, 1)]
    return api_with(pipelines=[{"id": 1, "ref": "main", "jobs": given}], **rocket)


@pytest.fixture(scope="module")
def read() -> Api:
    """A world that the tests only read."""
    return told({"artifacts": FILE}, {"name": "bare"}, {"artifacts": {"x": "y"}, "status": "running"})


def test_the_archive_of_a_job_is_downloaded() -> None:
    for api in (told({"artifacts": FILE}), told({"artifacts": dict(reversed(FILE.items()))})):
        got = api.get(f"{AT}/1/artifacts", "rex")
        assert (got.status, got.headers["Content-Type"]) == (200, "application/octet-stream")
        assert got.headers["Content-Disposition"].startswith('attachment; filename="artifacts.zip"')
        with zipfile.ZipFile(io.BytesIO(got.data)) as archive:
            assert archive.namelist() == ["dist/app.bin", "log.txt", "page.html"]
            assert archive.read("log.txt") == b"done\n"
            assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_a_file_of_an_archive_is_downloaded(read: Api) -> None:
    got = read.get(f"{AT}/1/artifacts/log.txt", "rex")
    assert (got.status, got.text, got.headers["Content-Type"]) == (200, "done\n", "text/plain; charset=utf-8")
    assert read.get(f"{AT}/1/artifacts/dist/app.bin", "rex").data == b"\x01\x02"
    assert read.get(f"{AT}/1/artifacts/dist%2Fapp.bin", "rex").data == b"\x01\x02"


@pytest.mark.parametrize(
    "path", ["2/artifacts", "2/artifacts/log.txt", "1/artifacts/none", "1/artifacts/dist/", "1/artifacts/dist"]
)
def test_what_is_not_there(read: Api, path: str) -> None:
    assert seen(read.get(f"{AT}/{path}", "rex")) == NOTHING


@pytest.mark.parametrize(("path", "status"), [("a%00", 400), ("a%FF", 400), ("%2E%2E%2Flog.txt", 404), ("%2Fetc", 404)])
def test_a_path_that_is_none(read: Api, path: str, status: int) -> None:
    assert read.get(f"{AT}/1/artifacts/{path}", "rex").status == status


# By branch or tag


def by_ref(api: Api, ref: str, job: str, path: str = "", who: str | None = "rex") -> Answer:
    return api.get(f"{AT}/artifacts/{ref}/{f'raw/{path}' if path else 'download'}", who, job=job)


def test_the_archive_of_the_latest_good_pipeline() -> None:
    def pipeline(ref: str, status: str, text: str) -> dict[str, Any]:
        return {"ref": ref, "jobs": [{"name": "a", "artifacts": {"f": text}}, {"name": "b", "status": status}]}

    rows = [("main", "success", "1"), ("main", "success", "2"), ("main", "failed", "3"), ("fix", "success", "4")]
    api = api_with(pipelines=[pipeline(*row) for row in rows])
    assert by_ref(api, "main", "a", "f").text == "2"
    assert by_ref(api, "fix", "a", "f").text == "4"
    assert by_ref(api, "main", "a").headers["Content-Type"] == "application/octet-stream"
    for ref, job in (("main", "b"), ("main", "c"), ("nowhere", "a"), ("v1", "a")):
        assert seen(by_ref(api, ref, job)) == (404, {"message": "404 Not found"})
    assert by_ref(api, "main", "a", "g").status == 404
    missing = api.get(f"{AT}/artifacts/main/download", "rex")
    assert seen(missing) == (400, {"message": '400 (Bad request) "job" not given'})


def test_a_ref_with_a_slash() -> None:
    told_pipeline = {"ref": "feat/x", "sha": "main", "jobs": [{"name": "a", "artifacts": {"f": "1"}}]}
    api = api_with(pipelines=[told_pipeline])
    assert by_ref(api, "feat%2Fx", "a", "f").text == "1"


# Who may


def test_artifacts_may_be_kept_to_roles() -> None:
    api = told(*({"artifacts": FILE, "accessibility": one} for one in ("public", "private", "maintainer", "none")))
    got = {who: [api.get(f"{AT}/{one}/artifacts", who).status for one in range(1, 5)] for who in ("rex", "bob", "ada")}
    assert got == {"rex": [200, 403, 403, 403], "bob": [200, 200, 403, 403], "ada": [200, 200, 200, 403]}


@pytest.mark.parametrize(
    ("settings", "who", "status"),
    [
        ({}, "gil", 200),
        ({"public_jobs": False}, "gil", 403),
        ({"visibility": "public"}, None, 200),
        ({"visibility": "public", "public_jobs": False}, None, 403),
        ({}, "nora", 404),
    ],
)
def test_who_downloads_artifacts(settings: Any, who: str | None, status: int) -> None:
    api = told({"artifacts": FILE}, **settings)
    assert api.get(f"{AT}/1/artifacts", who).status == status
    assert api.get(f"{AT}/1/artifacts/log.txt", who).status == status
    assert by_ref(api, "main", "job-1", "", who).status == status


def test_a_job_downloads_with_its_token() -> None:
    api = told({"artifacts": FILE}, {"status": "running", "token": "glcbt-a"})
    for path in (f"{AT}/1/artifacts", f"{AT}/1/artifacts/log.txt"):
        assert api.get(path, None, headers={"Job-Token": "glcbt-a"}).status == 200


# Kept and deleted


def test_artifacts_go_when_their_time_has_come_unless_they_are_kept() -> None:
    jobs = [{"id": one, "name": f"{one}", "artifacts": FILE} for one in (1, 2)]
    for job in jobs:
        job["artifacts_expire_at"] = "2024-05-02T09:00:00.000Z"
    pipelines = [{"ref": "main", "jobs": jobs}, {"ref": "main", "status": "success"}]
    api = api_with(pipelines=pipelines)
    kept = api.post(f"{AT}/2/artifacts/keep", "bob")
    assert (kept.status, kept.json["id"], kept.json["artifacts_expire_at"]) == (200, 2, None)
    api.server.advance("2d")
    assert [api.get(f"{AT}/{one}/artifacts").status for one in (1, 2)] == [404, 200]
    assert "artifacts_file" not in api.get(f"{AT}/1").json
    assert api.post(f"{AT}/1/artifacts/keep", "bob").status == 404


def test_those_of_the_latest_pipeline_stay_while_a_project_keeps_them() -> None:
    job = {"name": "a", "artifacts": FILE, "artifacts_expire_at": "2024-05-02T09:00:00.000Z"}
    for keeps, status in ((True, 200), (False, 404)):
        api = api_with(pipelines=[{"ref": "main", "jobs": [{"id": 1, **job}]}], keep_latest_artifact=keeps)
        api.server.advance("2d")
        assert api.get(f"{AT}/1/artifacts").status == status


def test_who_keeps_and_deletes() -> None:
    api = told({"artifacts": FILE})
    assert [api.post(f"{AT}/1/artifacts/keep", who).status for who in ("rex", "nora", None)] == [403, 404, 401]
    for path in (f"{AT}/1/artifacts", "projects/1/artifacts"):
        assert [api.delete(path, who).status for who in ("bob", "nora", None)] == [403, 404, 401]


def test_the_artifacts_of_a_job_are_deleted() -> None:
    api = told({"artifacts": FILE, "junit": "<testsuite/>", "trace": "x"})
    gone = api.delete(f"{AT}/1/artifacts", "ada")
    assert (gone.status, gone.text) == (204, "")
    assert seen(api.get(f"{AT}/1/artifacts")) == NOTHING
    assert [one["file_type"] for one in api.get(f"{AT}/1").json["artifacts"]] == ["trace"]
    assert api.get(f"{AT}/1/trace").text == "x"


def test_the_artifacts_of_a_project_are_deleted_but_for_the_latest() -> None:
    pipelines = [{"ref": "main", "jobs": [{"id": one, "name": "a", "artifacts": FILE}]} for one in (1, 2)]
    api = api_with(pipelines=pipelines)
    assert seen(api.delete("projects/1/artifacts", "ada")) == (202, {"message": "202 Accepted"})
    assert [api.get(f"{AT}/{one}/artifacts").status for one in (1, 2)] == [404, 200]


# What a job leaves behind


def test_a_job_archives_what_its_configuration_names_of_its_commit() -> None:
    api = api_with()
    found = jobs_of(api, create(api).json["id"])
    compiled, rspec = found["compile"], found["rspec"]
    assert compiled["artifacts_file"]["filename"] == "compile.zip"
    assert compiled["artifacts_expire_at"] == "2024-05-08T09:00:00.000Z"
    got = api.get(f"{AT}/{compiled['id']}/artifacts")
    with zipfile.ZipFile(io.BytesIO(got.data)) as archive:
        assert archive.namelist() == ["README.md", "dist/app.txt"]
        assert archive.read("README.md").decode() == FILES["README.md"]
    assert [one["file_type"] for one in rspec["artifacts"]] == ["junit", "trace"]
    assert rspec["artifacts"][0]["filename"] == "junit.xml.gz"
    assert rspec["artifacts_expire_at"] == "2024-05-31T09:00:00.000Z"


@pytest.mark.parametrize(
    ("artifacts", "script", "kept"),
    [
        ("{paths: [README.md]}", "x", ["archive", "trace"]),
        ("{paths: [README.md]}", "exit 1", ["trace"]),
        ("{paths: [README.md], when: on_failure}", "exit 1", ["archive", "trace"]),
        ("{paths: [README.md], when: on_failure}", "x", ["trace"]),
        ("{paths: [none]}", "x", ["trace"]),
    ],
)
def test_when_a_job_archives(artifacts: str, script: str, kept: list[str]) -> None:
    config = f"a: {{script: {script}, artifacts: {artifacts}}}"
    files = {".gitlab-ci.yml": config, "README.md": "#\n"}
    api = api_with(repository={"branches": {"main": files}, "tags": {}})
    job = jobs_of(api, create(api).json["id"])["a"]
    assert [one["file_type"] for one in job["artifacts"]] == kept


@pytest.mark.parametrize(
    ("access", "status"), [("access: developer", 403), ("public: false", 403), ("access: all", 200)]
)
def test_who_gets_them_a_configuration_may_say(access: str, status: int) -> None:
    config = f"a: {{script: x, artifacts: {{paths: [README.md], expire_in: never, {access}}}}}"
    files = {".gitlab-ci.yml": config, "README.md": "#\n"}
    api = api_with(repository={"branches": {"main": files}, "tags": {}})
    job = jobs_of(api, create(api).json["id"])["a"]
    assert job["artifacts_expire_at"] is None
    assert api.get(f"{AT}/{job['id']}/artifacts", "rex").status == status
