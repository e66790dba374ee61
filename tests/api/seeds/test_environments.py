"""Environments, deployments, their protection and feature flags in scenarios."""

from typing import Any

import pytest

from mockgitlab.scenario.problems import ScenarioError
from tests.api.v4.repositories import world
from tests.merge_request_world import mr_api
from tests.support import Api, names

OLD = "2024-01-02T00:00:00.000Z"


def wrong(**project: Any) -> str:
    with pytest.raises(ScenarioError) as found:
        Api(world(**project))
    return str(found.value)


def test_scenarios_have_environments() -> None:
    given = {"name": "review/old", "state": "stopped", "tier": "other", "created_at": OLD}
    api = Api(world(environments=[{"name": "production"}, given]))
    found = api.get("projects/1/environments").json
    assert [(one["name"], one["tier"], one["slug"][:7]) for one in found] == [
        ("production", "production", "product"),
        ("review/old", "other", "review-"),
    ]
    assert (found[1]["state"], found[1]["created_at"], found[1]["updated_at"]) == ("stopped", OLD, OLD)


def test_scenarios_have_deployments() -> None:
    deployments = [
        {"environment": "production", "created_at": OLD},
        {"environment": "staging", "ref": "feature/launch", "status": "running", "user": "bob"},
    ]
    api = Api(world(deployments=deployments))
    found = api.get("projects/1/deployments").json
    assert [(one["environment"]["name"], one["status"], one["ref"]) for one in found] == [
        ("production", "success", "main"),
        ("staging", "running", "feature/launch"),
    ]
    assert (found[0]["created_at"], found[0]["updated_at"]) == (OLD, OLD)
    assert found[1]["user"]["username"] == "bob"
    assert names(api.get("projects/1/environments")) == ["production", "staging"]


def test_deployments_of_scenarios_bring_merge_requests() -> None:
    merged = {"title": "Launch", "source_branch": "feature", "state": "merged"}
    api = mr_api(merged, deployments=[{"environment": "production"}])
    assert names(api.get("projects/1/merge_requests", environment="production"), "iid") == [1]


def test_scenarios_protect_environments() -> None:
    rules = [{"user": "ada", "required_approvals": 2}]
    project = {"name": "production", "deploy_access_levels": [{"access_level": "developer"}], "approval_rules": rules}
    given = world(protected_environments=[project, {"name": "staging"}])
    groups = [{**one, "protected_environments": [{"name": "testing"}]} for one in given["groups"][:1]]
    api = Api({**given, "groups": [*groups, *given["groups"][1:]]})
    found = api.get("projects/1/protected_environments").json
    assert [one["deploy_access_levels"][0]["access_level"] for one in found] == [30, 40]
    assert found[0]["approval_rules"][0]["required_approvals"] == 2
    assert names(api.get("groups/1/protected_environments")) == ["testing"]


def test_scenarios_have_feature_flags() -> None:
    strategy = {"name": "gitlabUserList", "user_list": "Beta", "scopes": [{"environment_scope": "production"}]}
    api = Api(
        world(
            feature_flags_user_lists=[{"name": "Beta", "user_xids": "u1"}],
            feature_flags=[{"name": "dark_mode", "active": False, "strategies": [strategy]}],
        )
    )
    found = api.get("projects/1/feature_flags").json[0]
    assert (found["active"], found["strategies"][0]["user_list"]["name"]) == (False, "Beta")


def test_what_is_wrong_is_told() -> None:
    assert "can contain only letters" in wrong(environments=[{"name": "/"}])
    assert "names no commit of acme/rocket" in wrong(deployments=[{"environment": "x", "ref": "nowhere"}])
    level = [{"access_level": "king"}]
    assert "'king', which is none of reporter" in wrong(
        protected_environments=[{"name": "x", "deploy_access_levels": level}]
    )
    assert "Name is too short" in wrong(feature_flags=[{"name": "x"}])
    assert "names no user list" in wrong(
        feature_flags=[{"name": "ok", "strategies": [{"name": "gitlabUserList", "user_list": "x"}]}]
    )
