"""What a client of 2016 did with CI: plain requests with a private token, forms, and a trigger."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from tests.clients.v3_rig import TOKEN, Ask, asking

CONFIG = """
compile: {stage: build, script: make, artifacts: {paths: [README.md]}}
rspec: {stage: test, script: [rspec, exit 1]}
"""
SCENARIO: dict[str, Any] = {
    "mockgitlab": 1,
    "gitlab": {"api": ["v3"], "version": "8.16.9"},
    "users": [{"username": "ada", "private_token": TOKEN}],
    "projects": [
        {"path": "ada/rocket", "repository": {"branches": {"master": {".gitlab-ci.yml": CONFIG, "README.md": "# R"}}}}
    ],
}
AT = "/projects/ada%2Frocket"


@pytest.fixture
def ask() -> Iterator[Ask]:
    """A function that calls v3 of a server of its own as ada does."""
    yield from asking(SCENARIO)


def test_a_trigger_runs_builds_whose_artifacts_are_fetched(ask: Ask) -> None:
    trigger = ask("POST", f"{AT}/triggers").json()["token"]
    given = {"ref": "master", "variables[CLEAN]": "yes"}
    started = ask("POST", f"{AT}/trigger/builds?token={trigger}", **given)
    assert (started.status_code, started.json()["variables"]) == (201, {"CLEAN": "yes"})
    pipeline = ask("GET", f"{AT}/pipelines/{started.json()['id']}").json()
    assert pipeline["status"] == "failed"
    builds = {one["name"]: one for one in ask("GET", f"{AT}/repository/commits/{pipeline['sha']}/builds").json()}
    assert {name: one["status"] for name, one in builds.items()} == {"compile": "success", "rspec": "failed"}
    archive = ask("GET", f"{AT}/builds/{builds['compile']['id']}/artifacts")
    assert zipfile.ZipFile(io.BytesIO(archive.content)).namelist() == ["README.md"]
    assert "rspec" in ask("GET", f"{AT}/builds/{builds['rspec']['id']}/trace").text
    assert ask("POST", f"{AT}/builds/{builds['rspec']['id']}/retry").status_code == 201
    assert ask("DELETE", f"{AT}/triggers/{trigger}").json()["token"] == trigger


def test_variables_and_environments_are_answered_when_they_are_deleted(ask: Ask) -> None:
    variable = {"key": "PASSWORD", "value": "no-secret"}
    assert ask("POST", f"{AT}/variables", **variable).json() == variable
    gone = ask("DELETE", f"{AT}/variables/PASSWORD")
    assert (gone.status_code, gone.json()) == (200, variable)
    made = ask("POST", f"{AT}/environments", name="production", external_url="https://example.com").json()
    gone = ask("DELETE", f"{AT}/environments/{made['id']}")
    assert (gone.status_code, gone.json()) == (200, made)
    assert made["project"]["path_with_namespace"] == "ada/rocket"


def test_a_configuration_is_linted_without_a_token(ask: Ask) -> None:
    answer = ask("POST", "/ci/lint", token="", content=CONFIG)
    assert (answer.status_code, answer.json()) == (200, {"status": "valid", "errors": []})


def test_a_service_is_set_up_and_disabled(ask: Ask) -> None:
    assert ask("PUT", f"{AT}/services/hipchat", room="Ops").json() == {"message": '400 (Bad request) "token" not given'}
    wiki = f"{AT}/services/external-wiki"
    assert ask("PUT", wiki, external_wiki_url="https://wiki.example.com").json() is True
    assert ask("GET", wiki).json()["properties"] == {"external_wiki_url": "https://wiki.example.com"}
    assert (ask("DELETE", wiki).json(), ask("GET", wiki).json()["active"]) == (True, False)
