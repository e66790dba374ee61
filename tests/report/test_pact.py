"""The contract as a Pact file: its form, and that a server which keeps it is verified."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mockgitlab.report.formats import format_of, rendered
from mockgitlab.server import MockGitLab
from tests.support import WORLD, Api

STRING = {"type": "string"}
HEADERS = {"type": "object", "additionalProperties": {"type": "array", "items": STRING}}
BODY = {
    "type": "object",
    "required": ["content", "contentType", "encoded"],
    "properties": {"contentType": STRING, "encoded": {"enum": [False, "base64", "JSON"]}},
    "additionalProperties": True,
}
RULE = {
    "type": "object",
    "required": ["matchers"],
    "properties": {"combine": {"enum": ["AND", "OR"]}, "matchers": {"type": "array", "items": {"required": ["match"]}}},
}
RULES = {
    "type": "object",
    "properties": {kind: {"type": "object", "additionalProperties": RULE} for kind in ("body", "header")},
    "additionalProperties": False,
}
REQUEST = {
    "type": "object",
    "required": ["method", "path"],
    "properties": {"method": STRING, "path": STRING, "query": HEADERS, "headers": HEADERS, "body": BODY},
    "additionalProperties": False,
}
RESPONSE = {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"type": "integer"}, "headers": HEADERS, "body": BODY, "matchingRules": RULES},
    "additionalProperties": False,
}
INTERACTION = {
    "type": "object",
    "required": ["type", "description", "request", "response"],
    "properties": {
        "type": {"const": "Synchronous/HTTP"},
        "key": STRING,
        "description": STRING,
        "pending": {"type": "boolean"},
        "providerStates": {"type": "array", "items": {"required": ["name"], "properties": {"name": STRING}}},
        "request": REQUEST,
        "response": RESPONSE,
        "comments": {"type": "object", "properties": {"text": {"type": "array", "items": STRING}}},
    },
    "additionalProperties": False,
}
NAMED = {"type": "object", "required": ["name"], "properties": {"name": STRING}}
PACT = {
    "type": "object",
    "required": ["consumer", "provider", "interactions", "metadata"],
    "properties": {
        "consumer": NAMED,
        "provider": NAMED,
        "interactions": {"type": "array", "items": INTERACTION},
        "metadata": {"properties": {"pactSpecification": {"const": {"version": "4.0"}}}},
    },
    "additionalProperties": False,
}
"""What version 4 of the specification says of a file with HTTP interactions."""


@pytest.fixture
def api() -> Api:
    api = Api()
    agent = {"User-Agent": "rocket-bot/1.2"}
    api.request("GET", "projects/acme%2Frocket", "ada", headers=agent)
    api.request("GET", "projects/acme%2Frocket", "ada", headers=agent)
    api.post("projects/1/issues", "ada", title="It explodes", labels="bug", description="glpat-abcdefghijklmnop")
    api.get("projects/1/issues", "ada", state="opened", per_page=1)
    api.get("projects/1", "nora")
    api.get("geo_nodes", "ada")
    api.delete("projects/1/issues/1", "ada")
    return api


def pact(api: Api) -> Any:
    return json.loads(rendered(api.server.report(), "pact"))


def test_the_file_is_a_pact_of_version_4(api: Api) -> None:
    Draft202012Validator.check_schema(PACT)
    assert [error.message for error in Draft202012Validator(PACT).iter_errors(pact(api))] == []


def test_each_distinct_interaction_stands_once_under_a_name_of_its_own(api: Api) -> None:
    found = pact(api)
    assert [one["description"] for one in found["interactions"]] == [
        "GET /projects/:id answers 200 to ada",
        "POST /projects/:id/issues answers 201 to ada",
        "GET /projects/:id/issues answers 200 to ada",
        "GET /projects/:id answers 404 to nora",
        "DELETE /projects/:id/issues/:issue_iid answers 204 to ada",
    ]
    assert (found["consumer"], found["provider"]) == ({"name": "rocket-bot"}, {"name": "GitLab"})


def test_requests_stand_as_they_were_sent_without_secrets(api: Api) -> None:
    read, created, listed, refused, deleted = pact(api)["interactions"]
    assert read["request"] == {"method": "GET", "path": "/api/v4/projects/acme%2Frocket"}
    assert created["request"]["body"]["content"]["title"] == "It explodes"
    assert listed["request"]["query"] == {"state": ["opened"], "per_page": ["1"]}
    assert refused["comments"] == {"text": ["project acme/rocket is private and nora is no member"]}
    assert deleted["response"] == {"status": 204}
    text = json.dumps(pact(api))
    assert "ada-token" not in text
    assert "glpat-abc" not in text


def test_answers_have_to_keep_their_types_alone(api: Api) -> None:
    _, created, listed, *_ = pact(api)["interactions"]
    assert created["response"]["matchingRules"]["body"] == {"$": {"matchers": [{"match": "type"}], "combine": "AND"}}
    assert created["response"]["body"]["content"]["iid"] == 1
    assert set(listed["response"]["headers"]) >= {"Content-Type", "Link", "X-Total"}


def test_a_form_stands_as_one_and_a_body_that_was_cut_not_at_all() -> None:
    from werkzeug.test import Client

    api = Api({**WORLD, "projects": [{"path": "ada/x", "issues": [{"title": "T {n}", "repeat": 40}]}]})
    client = Client(api.server.app)
    headers = {"Private-Token": "ada-token"}
    client.post("/api/v4/projects/1/issues", data={"title": "a b"}, headers=headers)
    client.post("/api/v4/projects/1/issues", data={"title": (None, "x")}, headers={**headers})
    api.get("projects/1/issues", "ada", per_page=40)
    form, _, listed = pact(api)["interactions"]
    assert form["request"]["body"]["content"] == "title=a+b"
    assert "body" not in listed["response"]


def test_the_suffix_of_a_pact_is_not_that_of_plain_json() -> None:
    assert (format_of(Path("client-gitlab.pact.json")), format_of(Path("client.json"))) == ("pact", "json")


def test_a_server_in_the_same_state_is_verified_by_pacts_own_verifier(tmp_path: Path) -> None:
    verifier = pytest.importorskip("pact", reason="pact-python has no wheel for this machine").Verifier(
        "GitLab", "127.0.0.1"
    )
    recorded = Api()
    recorded.get("projects/1", "ada")
    recorded.post("projects/1/issues", "ada", title="It explodes")
    recorded.get("projects/acme%2Frocket/issues", "ada", state="opened")
    recorded.get("projects/99", "ada")
    recorded.server.report().write(tmp_path / "x.pact.json")
    with MockGitLab(WORLD) as server:
        verifier.add_transport(url=server.url).add_source(tmp_path / "x.pact.json")
        verifier.add_custom_header("Private-Token", "ada-token")
        verifier.verify()
        assert [entry.status for entry in server.journal] == [200, 201, 200, 404]


def test_the_body_of_a_project_is_whole(api: Api) -> None:
    assert pact(api)["interactions"][0]["response"]["body"]["content"]["path_with_namespace"] == "acme/rocket"
