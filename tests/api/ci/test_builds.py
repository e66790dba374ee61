"""Builds of the GitLab CI API, as runners ask for them and tell of them."""

import pytest

from tests.api.ci.ci_world import AGENT, apis, register
from tests.pipeline_world import statuses
from tests.support import Answer, Api, a_file, seen

FORBIDDEN = (403, {"message": "403 Forbidden"})
NO_BUILD = (404, {"message": "404 Not Found"})
NO_RECORD = (404, {"message": "404 Not found"})
INFO = {"name": "multi", "version": "0.6.0", "revision": "a", "platform": "linux", "architecture": "amd64"}


@pytest.fixture
def world() -> tuple[Api, Api, Api]:
    return apis()


def test_the_separate_application_gives_a_build(world: tuple[Api, Api, Api]) -> None:
    v4, alone, _ = world
    answer = register(alone, info=INFO)
    password = answer.json["repo_url"].partition("@")[0].rpartition(":")[2]
    assert seen(answer) == (
        201,
        {
            "id": 1,
            "commands": "bundle\nmake\nmake install",
            "ref": "main",
            "sha": v4.get("projects/1/pipelines/10001").json["sha"],
            "project_id": 1,
            "project_name": "acme / rocket",
            "repo_url": f"http://gitlab-ci-token:{password}@localhost/acme/rocket.git",
            "before_sha": "0" * 40,
            "allow_git_fetch": True,
            "options": {"image": "ruby:2.1", "services": ["postgres"]},
            "timeout": 3600,
            "variables": [{"key": "DB", "value": "pg", "public": True}],
        },
    )
    assert statuses(v4, 10001) == {"compile": "running", "rspec": "created"}
    shown = v4.get("runners/1").json
    assert {name: shown[name] for name in INFO} == {**INFO, "name": "multi"}


def test_gitlab_itself_gives_a_build(world: tuple[Api, Api, Api]) -> None:
    v4, _, embedded = world
    given = register(embedded).json
    variables = {one.pop("key"): one for one in given.pop("variables")}
    assert given == {
        "id": 1,
        "ref": "main",
        "tag": False,
        "sha": v4.get("projects/1/pipelines/10001").json["sha"],
        "status": "running",
        "name": "compile",
        "token": given["token"],
        "stage": "build",
        "project_id": 1,
        "project_name": "rocket",
        "commands": "bundle\nmake\nmake install",
        "repo_url": f"http://gitlab-ci-token:{given['token']}@localhost/acme/rocket.git",
        "before_sha": "0" * 40,
        "allow_git_fetch": True,
        "options": {"image": "ruby:2.1", "services": ["postgres"]},
        "timeout": 3600,
        "depends_on_builds": [],
        "credentials": [
            {
                "type": "registry",
                "url": "registry.localhost",
                "username": "gitlab-ci-token",
                "password": given["token"],
            }
        ],
    }
    assert variables["DB"] == {"value": "pg", "public": True}
    assert variables["CI_JOB_TOKEN"] == {"value": given["token"], "public": False}


def test_secrets_and_what_a_trigger_gives_are_not_public() -> None:
    v4, alone, _ = apis("a: {script: x}", started=False, variables=[{"key": "S", "value": "1"}])
    v4.post("projects/1/pipeline", "bob", ref="main", variables=[{"key": "T", "value": "2"}])
    hidden = [{"key": "S", "value": "1", "public": False}, {"key": "T", "value": "2", "public": False}]
    assert register(alone).json["variables"] == hidden


def test_without_a_build_there_is_nothing(world: tuple[Api, Api, Api]) -> None:
    v4, alone, embedded = world
    register(alone)
    assert seen(register(alone)) == NO_BUILD
    assert "X-GitLab-Last-Update" not in register(alone).headers
    answer = register(embedded)
    assert seen(answer) == NO_BUILD
    last = answer.headers["X-GitLab-Last-Update"]
    quiet = embedded.request("POST", "builds/register", None, headers=AGENT, token="glrt-shared", last_update=last)
    assert (quiet.status, quiet.text, quiet.headers["X-GitLab-Last-Update"]) == (204, "", last)
    v4.put("runners/1", "root", paused=True)
    assert seen(register(alone)) == NO_BUILD
    assert seen(register(embedded)) == NO_BUILD


def test_who_is_no_runner_is_forbidden(world: tuple[Api, Api, Api]) -> None:
    for api in world[1:]:
        assert seen(register(api, "nobody")) == FORBIDDEN
        assert seen(api.post("builds/register", None)) == FORBIDDEN
        assert seen(api.put("builds/1", None, token="nobody", state="success")) == FORBIDDEN


@pytest.mark.parametrize("place", [1, 2])
def test_a_build_goes_on_and_ends(world: tuple[Api, Api, Api], place: int) -> None:
    v4, api = world[0], world[place]
    register(api)
    running = api.put("builds/1.json", None, token="glrt-shared", state="running", trace="one\n")
    assert seen(running) == (200, None)
    assert v4.get("projects/1/jobs/1/trace").text == "one\n"
    ended = api.form("PUT", "builds/1", None, token="glrt-shared", state="success", trace="one\ntwo\n")
    assert seen(ended) == (200, True)
    assert v4.get("projects/1/jobs/1/trace").text == "one\ntwo\n"
    assert statuses(v4, 10001) == {"compile": "success", "rspec": "pending"}
    assert seen(api.put("builds/1", None, token="glrt-shared", state="success")) == NO_RECORD
    assert register(api, "glrt-ruby").json["id"] == 2
    assert seen(api.put("builds/2", None, token="glrt-shared", state="failed")) == NO_RECORD
    assert seen(api.put("builds/2", None, token="glrt-ruby", state="failed")) == (200, True)
    assert v4.get("projects/1/pipelines/10001").json["status"] == "failed"


def test_a_runner_that_verifies_itself_asks_for_a_build_that_is_none(world: tuple[Api, Api, Api]) -> None:
    for api in world[1:]:
        assert seen(api.put("builds/-1", None, token="glrt-shared")) == NO_RECORD


def test_a_build_that_was_canceled_is_gone(world: tuple[Api, Api, Api]) -> None:
    v4, alone, _ = world
    register(alone)
    v4.post("projects/1/jobs/1/cancel", "bob")
    assert seen(alone.put("builds/1", None, token="glrt-shared", state="running", trace="x")) == NO_RECORD


# By the token of a build


def append(api: Api, data: bytes, token: str, wanted: str | None, path: str = "builds/1/trace.txt") -> Answer:
    headers = {"BUILD-TOKEN": token, "Content-Type": "text/plain", **({"Content-Range": wanted} if wanted else {})}
    return api._send("PATCH", path, headers, data=data)


def test_a_log_grows_where_it_ends(world: tuple[Api, Api, Api]) -> None:
    v4, _, embedded = world
    token = register(embedded).json["token"]
    answer = append(embedded, b"hello", token, "0-4")
    told = (answer.headers["Build-Status"], answer.headers["Range"])
    assert (answer.status, answer.text, told) == (202, "", ("running", "0-5"))
    wrong = append(embedded, b"xyz", token, "2-4")
    assert (*seen(wrong), wrong.headers["Range"]) == (416, {"error": "416 Range Not Satisfiable"}, "0-5")
    assert seen(append(embedded, b"x", token, None)) == (400, {"error": "400 Missing header Content-Range"})
    assert v4.get("projects/1/jobs/1/trace").text == "hello"
    v4.post("projects/1/jobs/1/cancel", "bob")
    assert append(embedded, b"!", token, "5-5").headers["Build-Status"] == "canceled"
    v4.post("projects/1/jobs/1/erase", "ada")
    erased = {"message": "403 Forbidden - Build has been erased!"}
    assert seen(append(embedded, b"!", token, "0-0")) == (403, erased)


def test_the_token_must_be_that_of_the_build_or_of_its_project(world: tuple[Api, Api, Api]) -> None:
    v4, _, embedded = world
    register(embedded)
    assert seen(append(embedded, b"x", "glrt-shared", "0-0")) == FORBIDDEN
    assert append(embedded, b"x", v4.get("projects/1", "ada").json["runners_token"], "0-0").status == 202
    assert seen(append(embedded, b"x", "x", "0-0", "builds/99/trace.txt")) == NO_BUILD


def test_artifacts_come_and_go(world: tuple[Api, Api, Api]) -> None:
    v4, _, embedded = world
    token = register(embedded).json["token"]
    at = "builds/1/artifacts"
    assert seen(embedded.get(at, None, token=token)) == NO_BUILD
    made = embedded.form("POST", at, None, token=token, file=a_file("a.zip", b"zip"), expire_in="7d")
    assert (made.status, made.json["artifacts_file"]) == (201, {"filename": "a.zip", "size": 3})
    assert made.json["artifacts_expire_at"] == "2024-05-08T09:00:00.000Z"
    assert v4.get("projects/1/jobs/1").json["artifacts_file"] == {"filename": "a.zip", "size": 3}
    again = embedded.form("POST", at, None, token=token, file=a_file("b.zip", b"more"), metadata=a_file("m.gz"))
    assert again.json["artifacts_file"] == {"filename": "b.zip", "size": 4}
    got = embedded.request("GET", at, None, headers={"BUILD-TOKEN": token})
    assert (got.status, got.data) == (200, b"more")
    assert seen(embedded.delete(at, None, token=token)) == (200, True)
    assert seen(embedded.get(at, None, token=token)) == NO_BUILD


def test_wrong_artifacts_are_refused(world: tuple[Api, Api, Api]) -> None:
    _, alone, embedded = world
    token = register(embedded).json["token"]
    at = "builds/1/artifacts"
    missing = {"message": '400 (Bad request) "Missing artifacts file!" not given'}
    assert seen(embedded.form("POST", at, None, token=token)) == (400, missing)
    assert seen(embedded.form("POST", at, None, token="x", file=a_file("a"))) == FORBIDDEN
    authorize = embedded.post(f"{at}/authorize", None, token=token)
    assert seen(authorize) == FORBIDDEN
    proxy = {"Gitlab-Workhorse-Api-Request": "jwt"}
    told = embedded.request("POST", f"{at}/authorize", None, headers=proxy, token=token)
    assert seen(told) == (200, {"TempPath": "/var/opt/gitlab/gitlab-rails/shared/artifacts/tmp/uploads"})
    large = embedded.request("POST", f"{at}/authorize", None, headers=proxy, token=token, filesize=104857600)
    assert seen(large) == (413, {"message": "413 Request Entity Too Large"})
    embedded.put("builds/1", None, token="glrt-shared", state="success")
    ended = {"message": "403 Forbidden - Build is not running!"}
    assert seen(embedded.form("POST", at, None, token=token, file=a_file("a"))) == (403, ended)
    late = embedded.request("POST", f"{at}/authorize", None, headers=proxy, token=token)
    assert seen(late) == (403, {"message": "403 Forbidden - build is not running"})
    assert alone.get("builds/1/artifacts", None).status == 404
