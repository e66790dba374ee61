import re
from datetime import timedelta
from typing import Any

import pytest

from tests.api.v4.repositories import world
from tests.support import WORLD, Api, names, refused, seen

AT = "projects/1/triggers"
LASTING = {"version": "17.10.0"}
pytestmark = pytest.mark.mockgitlab(scenario={**WORLD, "gitlab": LASTING})


@pytest.fixture
def shared() -> Api:
    """A project with two maintainers, of whom ada (1) and bob (2) have a trigger token each."""
    rocket = {"path": "acme/rocket", "members": {"bob": "maintainer"}}
    tokens = [
        {"token": f"glptt-{name}-secret", "kind": "trigger", "project": "acme/rocket", "user": name}
        for name in ("ada", "bob")
    ]
    return Api({**WORLD, "projects": [rocket], "tokens": [*tokens, *WORLD["tokens"]]})


def test_a_trigger_token_is_made_shown_changed_and_deleted(api: Api) -> None:
    made = api.post(AT, "ada", description="Nightly", expires_at="2024-06-01T00:00:00Z")
    shown: dict[str, Any] = {
        "id": made.json["id"],
        "token": made.json["token"],
        "description": "Nightly",
        "created_at": "2024-05-01T09:00:00.000Z",
        "updated_at": "2024-05-01T09:00:00.000Z",
        "last_used": None,
        "expires_at": "2024-06-01T00:00:00.000Z",
        "owner": made.json["owner"],
    }
    assert made.json["owner"]["username"] == "ada"
    assert re.fullmatch("glptt-[0-9a-f]{40}", made.json["token"])
    assert seen(made) == (201, shown)
    at = f"{AT}/{made.json['id']}"
    assert seen(api.get(at, "ada")) == (200, shown)
    assert api.get(AT, "ada").json == [shown]
    api.store.advance_clock(timedelta(hours=1))
    changed = {**shown, "description": "Daily", "updated_at": "2024-05-01T10:00:00.000Z"}
    assert seen(api.put(at, "ada", description="Daily")) == (200, changed)
    assert api.put(at, "ada").json["description"] is None
    since = {"If-Unmodified-Since": "Wed, 01 May 2024 09:30:00 GMT"}
    assert api.request("DELETE", at, "ada", headers=since).status == 412
    assert api.delete(at, "ada").status == 204
    assert seen(api.get(at, "ada")) == (404, {"message": "404 Not found"})


def test_of_the_tokens_of_others_the_beginning_is_shown(shared: Api) -> None:
    assert names(shared.get(AT, "ada"), "token") == ["glptt-ada-secret", "bob-"]
    assert names(shared.get(AT, "bob"), "token") == ["ada-", "glptt-bob-secret"]
    assert names(shared.get(AT, "root"), "token") == ["ada-", "bob-"]


def test_only_the_owner_changes_a_token_and_every_maintainer_deletes_it(shared: Api) -> None:
    told = "403 Forbidden - The current user is not authorized to update the pipeline trigger token"
    for who in ("bob", "root", "rex"):
        assert seen(shared.put(f"{AT}/1", who, description="x")) == (403, {"message": told})
    assert shared.delete(f"{AT}/1", "bob").status == 204


def test_trigger_tokens_are_for_maintainers(shared: Api) -> None:
    for method, path in (("GET", AT), ("POST", AT), ("GET", f"{AT}/1"), ("DELETE", f"{AT}/1"), ("GET", f"{AT}/99")):
        answers = [shared.request(method, path, who, description="x").status for who in ("rex", "nora", None)]
        assert answers == [403, 404, 401], (method, path)


def test_what_is_no_trigger_token(api: Api) -> None:
    assert refused(api.post(AT, "ada")) == '400 (Bad request) "description" not given'
    late = refused(api.post(AT, "ada", description="x", expires_at="2025-05-01T00:00:00Z"))
    assert late == '400 Bad request - {"expires_at":["must be before 2025-05-01"]}'
    assert api.post(AT, "ada", description="x", expires_at="abc").json == {"error": "expires_at is invalid"}
    assert seen(api.get(f"{AT}/x", "ada")) == (400, {"error": "trigger_id is invalid"})


def test_expired_tokens_are_no_more(api: Api) -> None:
    made = api.post(AT, "ada", description="x", expires_at="2024-05-02T00:00:00Z").json
    api.store.advance_clock(timedelta(days=1))
    assert api.get(AT, "ada").json == []
    assert api.get(f"{AT}/{made['id']}", "ada").status == 404


def test_older_instances_have_tokens_that_last() -> None:
    api = Api({**WORLD, "gitlab": {"version": "17.9.0"}})
    made = api.post(AT, "ada", description="x", expires_at="2099-05-02T00:00:00Z")
    assert (made.status, "expires_at" in made.json) == (201, False)


# Starting pipelines

RUN = "projects/1/trigger/pipeline"
CONFIG = """
all: {script: all}
some: {script: some, rules: [{if: $SCOPE == "some" && $CI_PIPELINE_TRIGGERED == "true"}]}
"""


def starting(config: str = CONFIG, settings: Any = None, **repository: Any) -> Api:
    """Return a world in which bob has a trigger token of rocket, ada one of source, and a job of rocket runs."""
    begin = {"message": "Begin [ci skip]", "date": "2024-04-01T10:00:00Z", "files": {".gitlab-ci.yml": config}}
    code = {"branches": {"main": {"commits": [begin]}, "feature/x": {"from": "main"}}, "protected": False, **repository}
    tokens = [
        {"token": "glptt-bob", "kind": "trigger", "project": "acme/rocket", "user": "bob"},
        {"token": "glptt-nobody", "kind": "trigger", "project": "acme/rocket"},
        {"token": "glptt-source", "kind": "trigger", "project": "open/source", "user": "ada"},
        {"token": "glcbt-job", "kind": "job", "project": "acme/rocket", "user": "bob"},
        {"token": "glcbt-nora", "kind": "job", "project": "open/source", "user": "nora"},
    ]
    made = world(code)
    return Api({**made, "gitlab": settings or {}, "tokens": [*tokens, *WORLD["tokens"]]})


def jobs(api: Api, pipeline: Any) -> list[str]:
    return sorted(names(api.get(f"projects/1/pipelines/{pipeline['id']}/jobs", "ada")))


def test_a_token_starts_a_pipeline_as_its_owner_whatever_the_commit_says() -> None:
    api = starting()
    made = api.post(RUN, None, token="glptt-bob", ref="main", variables={"SCOPE": "some"})
    assert made.status == 201, made
    shown = api.get(f"projects/1/pipelines/{made.json['id']}", "ada").json
    assert (shown["source"], shown["ref"], shown["user"]["username"]) == ("trigger", "main", "bob")
    assert jobs(api, made.json) == ["all", "some"]
    payload = '{"ref":"main","variables":{"SCOPE":"some"},"id":"1"}'
    assert api.get(f"projects/1/pipelines/{made.json['id']}/variables", "ada").json == [
        {"variable_type": "env_var", "key": "SCOPE", "value": "some", "raw": False},
        {"variable_type": "file", "key": "TRIGGER_PAYLOAD", "value": payload, "raw": False},
    ]
    assert api.get(f"{AT}/1", "ada").json["last_used"] == "2024-05-01T09:00:00.000Z"


def test_the_ref_of_the_path_counts_and_a_form_is_as_good() -> None:
    api = starting()
    made = api.post("projects/acme%2Frocket/ref/feature%2Fx/trigger/pipeline?token=glptt-bob", None, ref="main")
    assert (made.status, made.json["ref"]) == (201, "feature/x")
    form = {"token": "glptt-bob", "ref": "main", "variables[SCOPE]": "some"}
    assert jobs(api, api.form("POST", RUN, None, **form).json) == ["all", "some"]


def test_a_running_job_starts_pipelines_of_projects_that_its_user_sees() -> None:
    api = starting()
    made = api.post(RUN, None, token="glcbt-job", ref="main")
    assert (made.status, made.json["source"]) == (201, "pipeline")
    assert api.post(RUN, None, token="glcbt-nora", ref="main").status == 404
    denied = api.post("projects/2/trigger/pipeline", None, token="glcbt-nora", ref="main")
    assert refused(denied) == {"base": ["Insufficient permissions to create a new pipeline"]}


@pytest.mark.parametrize(
    ("path", "token"), [("1", "glptt-source"), ("1", "ada-token"), ("99", "glptt-bob"), ("2", "glptt-bob")]
)
def test_a_token_tells_nothing_of_other_projects(path: str, token: str) -> None:
    answer = starting().post(f"projects/{path}/trigger/pipeline", None, token=token, ref="main")
    assert seen(answer) == (404, {"message": "404 Not Found"})


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"ref": "other"}, {"message": {"base": ["Reference not found"]}}),
        ({"ref": ""}, {"error": "ref is empty"}),
        ({"variables": "x"}, {"error": "variables is invalid"}),
        ({"variables": {"A": ["1"]}}, {"message": "variables needs to be a map of key-valued strings"}),
        ({"token": "glptt-nobody"}, {"message": {"base": ["Insufficient permissions to create a new pipeline"]}}),
    ],
)
def test_what_starts_no_pipeline(given: dict[str, Any], told: Any) -> None:
    api = starting()
    assert seen(api.post(RUN, None, **{"token": "glptt-bob", "ref": "main", **given})) == (400, told)
    assert api.get("projects/1/pipelines", "ada").json == []


def test_token_and_ref_are_required() -> None:
    assert refused(starting().post(RUN, None, ref="main")) == '400 (Bad request) "token" not given'


def test_a_webhook_of_pipelines_starts_none() -> None:
    hook = {"X-Gitlab-Event": "Pipeline Hook"}
    answer = starting().request("POST", RUN, None, headers=hook, token="glptt-bob", ref="main")
    assert seen(answer) == (403, {"message": "403 Forbidden"})


def test_a_wrong_configuration_is_refused_and_its_pipeline_kept() -> None:
    api = starting("all: {script: all, stage: never}")
    answer = api.post(RUN, None, token="glptt-bob", ref="main")
    assert answer.status == 422
    [text] = answer.json["message"]["base"]
    assert "stage" in text
    [kept] = api.get("projects/1/pipelines", "ada").json
    assert (kept["status"], kept["source"]) == ("failed", "trigger")


def test_a_token_is_as_good_as_its_owner() -> None:
    api = starting(protected=True)
    [text] = refused(api.post(RUN, None, token="glptt-bob", ref="main"))["base"]
    assert text.startswith("You do not have sufficient permission to run a pipeline on 'main'.")
    api.put("projects/1", "ada", ci_pipeline_variables_minimum_override_role="maintainer")
    told = {"base": ["Insufficient permissions to set pipeline variables"]}
    assert refused(api.post(RUN, None, token="glptt-bob", ref="feature/x")) == told


def test_a_pipeline_is_started_with_inputs() -> None:
    config = "spec: {inputs: {name: {default: slow}}}\n---\n$[[ inputs.name ]]: {script: x}\n"
    api = starting(config, {"version": "17.10.0"})
    assert jobs(api, api.post(RUN, None, token="glptt-bob", ref="main").json) == ["slow"]
    assert jobs(api, api.post(RUN, None, token="glptt-bob", ref="main", inputs={"name": "fast"}).json) == ["fast"]
