"""Projects, web hooks, commits and triggers of the GitLab CI API."""

from typing import Any

import pytest

from tests.api.ci.ci_world import CONFIG, apis, register
from tests.pipeline_world import NOW, create, statuses
from tests.support import Api, seen

FORBIDDEN = (403, {"message": "403 Forbidden"})
UNAUTHORIZED = (401, {"message": "401 Unauthorized"})
NO_RECORD = (404, {"message": "404 Not found"})


@pytest.fixture
def world() -> tuple[Api, Api, Api]:
    return apis()


@pytest.fixture
def alone(world: tuple[Api, Api, Api]) -> Api:
    return world[1]


def ids(api: Api, path: str, as_: str, **given: Any) -> list[int]:
    return [one["id"] for one in api.get(path, as_, **given).json]


# Projects


def test_a_project_is_shown_to_who_may_see_it(world: tuple[Api, Api, Api]) -> None:
    v4, alone, _ = world
    shown = {
        "id": 1,
        "name": "acme / rocket",
        "timeout": 3600,
        "token": v4.get("projects/1", "ada").json["runners_token"],
        "default_ref": "main",
        "gitlab_url": "http://localhost/acme/rocket",
        "path": "acme/rocket",
        "always_build": False,
        "polling_interval": None,
        "public": False,
        "ssh_url_to_repo": "git@localhost:acme/rocket.git",
        "gitlab_id": 1,
    }
    assert seen(alone.get("projects/1", "bob")) == (200, shown)
    assert seen(alone.get("projects/1", "nora")) == UNAUTHORIZED
    assert seen(alone.get("projects/1", None)) == FORBIDDEN
    assert seen(alone.get("projects/9", "bob")) == NO_RECORD
    assert seen(alone.get("projects/x", "bob")) == NO_RECORD
    assert alone.request("GET", "projects/1", None, private_token="bob-token", url="http://localhost").status == 200


def test_projects_without_ci_are_none(world: tuple[Api, Api, Api]) -> None:
    v4, alone, _ = world
    v4.put("projects/1", "ada", builds_access_level="disabled")
    assert seen(alone.get("projects/1", "ada")) == NO_RECORD
    assert ids(alone, "projects", "ada") == [3]


def test_projects_are_listed_without_a_word_on_pages(alone: Api) -> None:
    answer = alone.get("projects", "ada")
    assert ([one["id"] for one in answer.json], "X-Total" in answer.headers) == ([1, 3], False)
    assert ids(alone, "projects", "ada", page=2, per_page=1) == [3]
    assert ids(alone, "projects", "bob") == [1]
    assert ids(alone, "projects/owned", "bob") == []
    assert ids(alone, "projects/owned", "ada") == [1, 3]
    assert seen(alone.get("projects", None)) == FORBIDDEN


def test_a_web_hook_is_told_of_builds(world: tuple[Api, Api, Api]) -> None:
    v4, alone, _ = world
    made = alone.post("projects/1/webhooks", "ada", web_hook="http://a.example/hook")
    assert seen(made) == (201, {"id": 1, "project_id": 1, "url": "http://a.example/hook"})
    [hook] = v4.get("projects/1/hooks", "ada").json
    assert (hook["job_events"], hook["push_events"]) == (True, False)
    wrong = alone.post("projects/1/webhooks", "ada", web_hook="x")
    assert seen(wrong) == (400, {"message": "Url should be a valid url"})
    missing = alone.post("projects/1/webhooks", "ada")
    assert seen(missing) == (400, {"message": '400 (Bad request) "web_hook" not given'})
    assert seen(alone.post("projects/1/webhooks", "bob", web_hook="http://a.example")) == UNAUTHORIZED


# Commits


def test_commits_are_listed_with_their_builds(world: tuple[Api, Api, Api]) -> None:
    v4, alone, _ = world
    register(alone)
    alone.put("builds/1", None, token="glrt-shared", state="success")
    [one] = alone.get("commits", None, project_id=1, project_token="of-rocket").json
    first, second = one.pop("builds")
    assert one == {
        "id": 10001,
        "ref": "main",
        "sha": v4.get("projects/1/pipelines/10001").json["sha"],
        "project_id": 1,
        "before_sha": "0" * 40,
        "created_at": NOW,
        "status": "running",
        "finished_at": None,
        "duration": 0,
        "git_commit_message": "Initial commit",
        "git_author_name": "Administrator",
        "git_author_email": "admin@example.com",
    }
    assert (second["name"], second["status"]) == ("rspec", "pending")
    assert first == {
        "id": 1,
        "project_id": 1,
        "status": "success",
        "finished_at": NOW,
        "created_at": NOW,
        "updated_at": NOW,
        "started_at": NOW,
        "runner_id": 1,
        "commit_id": 10001,
        "coverage": None,
        "commands": "bundle\nmake\nmake install",
        "job_id": None,
        "name": "compile",
        "deploy": False,
        "options": {"image": "ruby:2.1", "services": ["postgres"]},
        "allow_failure": False,
        "stage": "build",
        "trigger_request_id": None,
    }


def test_commits_come_in_pages(world: tuple[Api, Api, Api]) -> None:
    v4, alone, _ = world
    create(v4, ref="v1")
    known = {"project_id": 1, "project_token": "of-rocket"}
    assert [one["id"] for one in alone.get("commits", None, **known).json] == [10001, 10002]
    answer = alone.get("commits", None, **known, page=2, per_page=1)
    assert ([one["ref"] for one in answer.json], "X-Page" in answer.headers) == (["v1"], False)


def test_commits_are_for_who_has_the_token_of_the_project(alone: Api) -> None:
    def told(**given: Any) -> Any:
        return seen(alone.get("commits", None, **given))

    assert told() == (400, {"message": '400 (Bad request) "project_id" not given'})
    assert told(project_id=1) == (400, {"message": '400 (Bad request) "project_token" not given'})
    assert told(project_id=9, project_token="x") == NO_RECORD
    assert told(project_id=1, project_token="x") == FORBIDDEN
    assert told(project_id=2, project_token="of-rocket") == FORBIDDEN


def push(api: Api, sha: str, **data: Any) -> Any:
    given: dict[str, Any] = {"ref": "refs/heads/main", "before": "0" * 40, "after": sha, "ci_yaml_file": CONFIG, **data}
    return api.post("commits", None, project_id=1, project_token="of-rocket", data=given)


def test_a_commit_that_was_pushed_gets_builds() -> None:
    v4, alone, _ = apis("x: {script: y}", started=False)
    sha = v4.get("projects/1/repository/branches/main").json["commit"]["id"]
    made = push(alone, sha)
    assert (made.status, made.json["status"], [one["name"] for one in made.json["builds"]]) == (
        201,
        "pending",
        ["compile"],
    )
    assert push(alone, sha).json["id"] == made.json["id"]
    assert statuses(v4, made.json["id"]) == {"compile": "pending", "rspec": "created"}
    assert register(alone).json["id"] == made.json["builds"][0]["id"]


def test_commits_without_builds_are_skipped_or_failed() -> None:
    v4, alone, _ = apis("x: {script: y}", started=False)
    sha = v4.get("projects/1/repository/branches/main").json["commit"]["id"]
    wrong = push(alone, sha, ci_yaml_file="x: {script: 1}", ref="refs/heads/a").json
    assert (wrong["status"], wrong["builds"]) == ("failed", [])
    nothing = push(alone, sha, ci_yaml_file="x: {script: y, only: [tags]}", ref="refs/heads/b").json
    assert (nothing["status"], nothing["builds"]) == ("skipped", [])
    tag = push(alone, sha, ci_yaml_file="x: {script: y, only: [tags]}", ref="refs/tags/v1").json
    assert (tag["ref"], tag["status"]) == ("v1", "pending")
    assert push(alone, sha, ci_yaml_file=None, ref="refs/heads/c").json["builds"][0]["name"] == "x"
    assert push(alone, "f" * 40).status == 404
    assert push(alone, "0" * 40).status == 400
    missing = alone.post("commits", None, project_id=1, project_token="of-rocket")
    assert seen(missing) == (400, {"message": '400 (Bad request) "data" not given'})


# Triggers

RUN = "projects/1/refs/main/trigger"


def test_a_trigger_starts_builds(world: tuple[Api, Api, Api]) -> None:
    v4, alone, embedded = world
    made = alone.post(RUN, None, token="a-trigger", variables={"A": "1"})
    assert (made.status, list(made.json)) == (201, ["id", "variables", "commit"])
    assert (made.json["variables"], made.json["commit"]["status"]) == ({"A": "1"}, "pending")
    again = embedded.post(RUN, None, token="a-trigger")
    assert (again.status, list(again.json), again.json["variables"]) == (201, ["id", "variables"], None)
    assert v4.get(f"projects/1/pipelines/{again.json['id']}").json["source"] == "trigger"


def test_wrong_triggers_start_nothing(world: tuple[Api, Api, Api]) -> None:
    for api, absent in ((world[1], "404 Not found"), (world[2], "404 Not Found")):
        assert seen(api.post(RUN, None)) == (400, {"message": '400 (Bad request) "token" not given'})
        path = "projects/9/refs/main/trigger"
        assert seen(api.post(path, None, token="a-trigger")) == (404, {"message": absent})
        assert seen(api.post(RUN, None, token="x")) == (404, {"message": "404 Not Found"})
        assert seen(api.post(RUN, None, token="other-trigger")) == UNAUTHORIZED
        odd: tuple[Any, ...] = ("x", ["x"], {"A": 1}, {"A": {}})
        told = [seen(api.post(RUN, None, token="a-trigger", variables=one)) for one in odd]
        no_hash = (400, {"message": "variables needs to be a hash"})
        no_texts = (400, {"message": "variables needs to be a map of key-valued strings"})
        assert told == [no_hash, no_hash, no_texts, no_texts]
        nothing = api.post("projects/1/refs/none/trigger", None, token="a-trigger")
        assert seen(nothing) == (400, {"message": "No builds created"})


# Whatever is sent


@pytest.mark.parametrize(
    "data",
    [
        {"ref": ["x"], "after": "zz"},
        {"ref": {"a": "b"}, "after": ["f" * 40]},
        {"ref": "refs/heads/main", "after": "g" * 40, "ci_yaml_file": 5},
        {"ref": "refs/heads/\udc80", "after": "\udc80" * 40},
    ],
)
def test_odd_pushes_are_refused(alone: Api, data: dict[str, Any]) -> None:
    answer = alone.post("commits", None, project_id=1, project_token="of-rocket", data=data)
    assert answer.status in (400, 404)
    assert list(answer.json) in (["message"], ["error"])


def test_odd_pushes_of_known_commits_make_builds(world: tuple[Api, Api, Api]) -> None:
    v4, alone, _ = world
    sha = v4.get("projects/1/repository/branches/main").json["commit"]["id"]
    for odd in ({"before": ["x"]}, {"ci_yaml_file": 5}, {"ref": ["a"]}, {"ci_yaml_file": "["}):
        assert push(alone, sha, **{"ref": f"refs/heads/{next(iter(odd))}", **odd}).status == 201
    assert alone.get("commits", None, project_id=1, project_token="of-rocket").status == 200
    assert v4.get("projects/1/pipelines").status == 200


def test_what_a_runner_says_of_itself_may_be_anything(world: tuple[Api, Api, Api]) -> None:
    for api in world[1:]:
        assert register(api, info={"version": {"a": 1}, "name": ["x"]}).status in (201, 404)
        assert api.post("builds/register", None, token=["x"]).status == 400
        assert api.put("builds/1", None, token="glrt-shared", trace={"a": 1}).status == 400
    assert world[0].get("runners/1").json["version"] is None
