"""Triggers, by their tokens, and the builds that they start."""

from typing import Any

import pytest

from tests.api.v3.ci_world import api_with
from tests.pipeline_world import NOW
from tests.support import Api, seen

AT = "projects/1/triggers"
TRIGGER = {"token": "a-trigger", "kind": "trigger", "project": "acme/rocket", "user": "ada"}
OTHER = {"token": "other-trigger", "kind": "trigger", "project": "open/source", "user": "ada"}
RUN = "projects/1/trigger/builds"


def api_of(**rocket: Any) -> Api:
    """Return a client of a world with a trigger of acme/rocket and one of open/source."""
    return api_with({"transitions": {"pipelines": "manual"}}, tokens=[TRIGGER, OTHER], **rocket)


@pytest.fixture
def api() -> Api:
    return api_of()


SHOWN = {"token": "a-trigger", "created_at": NOW, "updated_at": NOW, "deleted_at": None, "last_used": None}


def test_triggers_are_listed_and_shown_with_their_whole_tokens(api: Api) -> None:
    api.post(RUN, None, token="a-trigger", ref="main")
    used = {**SHOWN, "last_used": NOW}
    assert seen(api.get(AT)) == (200, [used])
    assert seen(api.get(f"{AT}/a-trigger", "ada")) == (200, used)
    assert seen(api.get(f"{AT}/other-trigger", "ada")) == (404, {"message": "404 Trigger Not Found"})


def test_a_trigger_is_created_without_a_description(api: Api) -> None:
    made = api.post(AT, "ada")
    assert (made.status, made.json) == (201, {**SHOWN, "token": made.json["token"]})
    assert [one["token"] for one in api.get(AT, "ada").json] == ["a-trigger", made.json["token"]]


def test_a_deleted_trigger_is_answered(api: Api) -> None:
    assert seen(api.delete(f"{AT}/a-trigger", "ada")) == (200, SHOWN)
    assert seen(api.delete(f"{AT}/a-trigger", "ada")) == (404, {"message": "404 Trigger Not Found"})
    assert seen(api.post(RUN, None, token="a-trigger", ref="main")) == (404, {"message": "404 Not Found"})


@pytest.mark.parametrize("call", [("GET", AT), ("POST", AT), ("GET", f"{AT}/none"), ("DELETE", f"{AT}/a-trigger")])
def test_triggers_are_for_masters(api: Api, call: tuple[str, str]) -> None:
    assert seen(api.request(*call, "bob")) == (403, {"message": "403 Forbidden"})
    assert seen(api.request(*call, None)) == (401, {"message": "401 Unauthorized"})


# Builds


@pytest.mark.parametrize("path", [RUN, "projects/1/ref/main/trigger/builds"])
def test_a_trigger_starts_builds_with_variables(api: Api, path: str) -> None:
    given = {} if "/ref/" in path else {"ref": "main"}
    answer = api.post(path, None, token="a-trigger", variables={"UPLOAD": "yes"}, **given)
    assert seen(answer) == (201, {"id": 10001, "variables": {"UPLOAD": "yes"}})
    pipeline = api.get("projects/1/pipelines/10001", "bob").json
    assert (pipeline["ref"], pipeline["user"]["username"]) == ("main", "ada")
    assert len(api.get("projects/1/builds", "bob").json) == 4


def test_variables_come_as_a_form_too(api: Api) -> None:
    given = {"token": "a-trigger", "ref": "main", "variables[UPLOAD]": "yes"}
    assert seen(api.form("POST", RUN, None, **given)) == (201, {"id": 10001, "variables": {"UPLOAD": "yes"}})
    assert api.post(RUN, None, token="a-trigger", ref="main").json == {"id": 10002, "variables": None}


def test_what_starts_no_builds_says_so(api: Api) -> None:
    assert seen(api.post(RUN, None, token="a-trigger")) == (400, {"message": '400 (Bad request) "ref" not given'})
    assert seen(api.post(RUN, None, token="nothing", ref="main")) == (404, {"message": "404 Not Found"})
    assert seen(api.post("projects/99/trigger/builds", None, token="a-trigger", ref="main"))[0] == 404
    assert seen(api.post(RUN, None, token="other-trigger", ref="main")) == (401, {"message": "401 Unauthorized"})
    unknown = api.post(RUN, None, token="a-trigger", ref="nowhere")
    assert seen(unknown) == (400, {"message": "No builds created"})
    odd = api.post(RUN, None, token="a-trigger", ref="main", variables={"A": ["x"]})
    assert seen(odd) == (400, {"message": "variables needs to be a map of key-valued strings"})


def test_a_wrong_configuration_is_a_failed_pipeline() -> None:
    api = api_of(repository={"branches": {"main": {".gitlab-ci.yml": "job: {}"}}, "tags": {}})
    assert api.post(RUN, None, token="a-trigger", ref="main").json == {"id": 10001, "variables": None}
    failed = api.get("projects/1/pipelines/10001").json
    assert failed["status"] == "failed"
    assert "script" in failed["yaml_errors"]
