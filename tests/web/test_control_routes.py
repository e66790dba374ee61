"""The control API: one table, what it documents of itself, and the methods that do the same in Python."""

import re
from typing import Any

import pytest
from jsonschema import validate as check
from openapi_spec_validator import validate
from werkzeug.test import Client, TestResponse

from mockgitlab.server import MockGitLab, Sandbox
from mockgitlab.web.control_routes import ROUTES
from mockgitlab.web.pages import make_app
from tests.support import WORLD, Api

BODIES: dict[str, Any] = {
    "/clock": {"advance": "1h"},
    "/faults": {"on": "GET /user", "status": 500},
    "/traps": {"trap": "no_totals"},
}


def document(api: Api) -> Any:
    return Client(api.server.app).get("/_mockgitlab/openapi.json").get_json()


def test_the_document_is_openapi(api: Api) -> None:
    validate(document(api))


def test_every_route_is_documented_and_nothing_else(api: Api) -> None:
    served = make_app(api.server.gateway).url_map
    rules = {
        (method, re.sub(r"<(\w+)>", r"{\1}", rule.rule.removeprefix("/_mockgitlab")))
        for rule in served.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    documented = {(method.upper(), path) for path, item in document(api)["paths"].items() for method in item}
    assert documented == rules


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
@pytest.mark.parametrize("prefix", ["", "/@box"])
def test_each_documented_path_answers_as_it_says(api: Api, route: Any, prefix: str) -> None:
    client = Client(api.server.app)
    client.post(f"{prefix}/_mockgitlab/sandboxes/one")
    path = f"{prefix}/_mockgitlab{route.path.replace('<name>', 'one')}"
    answer: TestResponse = client.open(path, method=route.method, json=BODIES.get(route.path))
    assert answer.status_code == min(route.answers)

    if answer.is_json:
        check(answer.get_json(), route.answers[answer.status_code])
    api.server.check()


def test_the_server_in_the_document_is_the_one_asked(api: Api) -> None:
    told = Client(api.server.app).get("/@box/_mockgitlab/openapi.json", base_url="https://git.test").get_json()
    assert told["servers"] == [{"url": "https://git.test/@box/_mockgitlab"}]


def test_query_and_path_parameters_are_documented(api: Api) -> None:
    paths = document(api)["paths"]
    assert {one["name"] for one in paths["/journal"]["get"]["parameters"]} >= {"status", "user", "wait", "format"}
    assert paths["/sandboxes/{name}"]["post"]["parameters"][0]["in"] == "path"


METHODS = {
    "/reset": "reset",
    "/state": "state",
    "/clock": "advance",
    "/transitions": "finish",
    "/journal": "journal",
    "/deliveries": "deliveries",
    "/verify": "verify",
    "/faults": "fault",
    "/traps": "trap",
    "/report": "report",
    "/findings": "findings",
}
OF_SERVERS = {"/ready": "start", "/sandboxes": "sandboxes", "/sandboxes/<name>": "sandbox"}


def test_every_control_call_is_a_method_too() -> None:
    paths = {route.path for route in ROUTES} - {"/openapi.json", "/"}
    assert paths == {*METHODS, *OF_SERVERS}
    assert [name for name in METHODS.values() if not (hasattr(MockGitLab, name) and hasattr(Sandbox, name))] == []
    assert [name for name in OF_SERVERS.values() if not hasattr(MockGitLab, name)] == []


def test_a_sandbox_has_a_state_a_clock_a_report_and_findings_of_its_own() -> None:
    with MockGitLab(WORLD) as server, server.sandbox("box") as box:
        box.advance("1h")
        assert (server.now, box.now) == ("2024-05-01T09:00:00.000Z", "2024-05-01T10:00:00.000Z")
        box.set_clock("2024-06-01")
        assert box.now == "2024-06-01T00:00:00.000Z"
        Client(server.app).get("/@box/api/v4/version", headers={"Private-Token": "ada-token"})
        assert [len(one.report().exchanges) for one in (server, box)] == [0, 1]
        assert [one.kind for one in box.findings()] == ["privilege"]
        assert (server.findings(), server.sandboxes()) == ([], ["box"])
        assert box.state()["Project"] == server.state()["Project"]


def test_reset_brings_back_scenario_journal_faults_and_clock(api: Api) -> None:
    for prefix in ("", "/@box"):
        client = Client(api.server.app)
        before = client.get(f"{prefix}/_mockgitlab/state").get_json()
        client.post(f"{prefix}/_mockgitlab/clock", json={"advance": "1h"})
        client.post(f"{prefix}/_mockgitlab/faults", json={"on": "DELETE /*", "status": 500})
        client.post(f"{prefix}/api/v4/projects/1/issues", json={"title": "x"}, headers={"Private-Token": "ada-token"})
        assert client.get(f"{prefix}/_mockgitlab/state").get_json() != before
        client.post(f"{prefix}/_mockgitlab/reset")
        assert client.get(f"{prefix}/_mockgitlab/state").get_json() == before
        assert client.get(f"{prefix}/_mockgitlab/journal").get_json()["kept"] == 0
        assert client.get(f"{prefix}/_mockgitlab/faults").get_json() == {"faults": []}
        assert client.get(f"{prefix}/_mockgitlab/clock").get_json() == {"now": "2024-05-01T09:00:00.000Z"}


@pytest.mark.parametrize("path", ["/clock", "/faults", "/transitions"])
def test_a_body_that_cannot_be_read_is_400(api: Api, path: str) -> None:
    answer = Client(api.server.app).post(f"/_mockgitlab{path}", data=b"{", content_type="application/json")
    assert answer.status_code == 400
    api.server.check()


@pytest.mark.parametrize(
    ("name", "kind"), [("html", "text/html"), ("junit", "application/xml"), ("text", "text/plain")]
)
def test_the_report_comes_in_each_format(api: Api, name: str, kind: str) -> None:
    answer = Client(api.server.app).get(f"/_mockgitlab/report?format={name}")
    assert (answer.status_code, answer.mimetype) == (200, kind)


def test_an_unknown_format_of_the_report_is_told(api: Api) -> None:
    answer = Client(api.server.app).get("/_mockgitlab/report?format=pdf")
    assert (answer.status_code, "no format 'pdf': take text, json" in answer.text) == (400, True)
