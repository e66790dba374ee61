from typing import Any

import pytest

from tests.api.hook_data.test_issues import person
from tests.api.hook_data.test_pushes import OF_MAIN
from tests.api.v4.repositories import world
from tests.receiver import Receiver
from tests.support import Api

pytestmark = pytest.mark.mockgitlab(scenario=world())
DEPLOYMENTS, FLAGS = "projects/1/deployments", "projects/1/feature_flags"


@pytest.fixture
def heard(api: Api, receiver: Receiver) -> Receiver:
    switches = {"deployment_events": True, "feature_flag_events": True}
    api.post("projects/1/hooks", url=receiver.url, push_events=False, **switches)
    return receiver


def told(api: Api, heard: Receiver) -> list[Any]:
    api.server.deliveries()
    return heard.bodies


def test_a_deployment_is_told_when_it_begins_and_ends(api: Api, heard: Receiver) -> None:
    api.post("projects/1/environments", "bob", name="production", external_url="https://example.com")
    commit = api.get("projects/1/repository/commits/main").json
    given = {"environment": "production", "sha": commit["id"], "ref": "main", "tag": False}
    made = api.post(DEPLOYMENTS, "bob", status="running", **given).json
    api.put(f"{DEPLOYMENTS}/{made['id']}", "bob", status="success")
    began, ended = told(api, heard)
    assert heard.events == ["Deployment Hook"] * 2
    assert began == {
        "object_kind": "deployment",
        "status": "running",
        "status_changed_at": "2024-05-01 09:00:00 +0000",
        "deployment_id": made["id"],
        "deployable_id": None,
        "deployable_url": None,
        "environment": "production",
        "environment_tier": "production",
        "environment_slug": "production",
        "environment_external_url": "https://example.com",
        "project": OF_MAIN,
        "short_sha": commit["short_id"],
        "user": person(api, 3, "Bob Kahn", "bob"),
        "user_url": "http://localhost/bob",
        "commit_url": f"http://localhost/acme/rocket/-/commit/{commit['id']}",
        "commit_title": commit["title"],
        "ref": "main",
    }
    assert ended == {**began, "status": "success"}


def test_a_job_that_deploys_is_named(api: Api, heard: Receiver) -> None:
    config = "ship: {script: ship, environment: {name: production}}\n"
    given = {"branch": "main", "content": config, "commit_message": "CI"}
    api.post("projects/1/repository/files/.gitlab-ci.yml", "ada", **given)
    [body] = told(api, heard)
    [deployment] = api.get(DEPLOYMENTS).json
    assert (body["status"], body["deployable_id"]) == ("success", deployment["deployable"]["id"])
    assert body["deployable_url"] == f"http://localhost/acme/rocket/-/jobs/{body['deployable_id']}"


def test_a_feature_flag_is_told_when_it_is_turned_on_or_off(api: Api, heard: Receiver) -> None:
    api.post(FLAGS, "ada", name="fly", description="Whether it flies", version="new_version_flag")
    api.put(f"{FLAGS}/fly", "bob", active=False)
    api.put(f"{FLAGS}/fly", "bob", description="It does not")
    [body] = told(api, heard)
    assert heard.events == ["Feature Flag Hook"]
    assert body == {
        "object_kind": "feature_flag",
        "project": OF_MAIN,
        "user": person(api, 3, "Bob Kahn", "bob"),
        "user_url": "http://localhost/bob",
        "object_attributes": {"id": 10001, "name": "fly", "description": "Whether it flies", "active": False},
    }


def test_a_hook_is_tested_with_the_newest_deployment_and_feature_flag(api: Api, heard: Receiver) -> None:
    sha = api.get("projects/1/repository/commits/main").json["id"]
    api.post(DEPLOYMENTS, "bob", environment="qa", sha=sha, ref="main", tag=False, status="failed")
    api.post(FLAGS, "ada", name="fly", version="new_version_flag")
    for event in ("deployment_events", "feature_flag_events"):
        assert api.post(f"projects/1/hooks/1/test/{event}").status == 201
    failed, again, flag = told(api, heard)
    assert again == failed
    assert flag["object_attributes"]["name"] == "fly"
