"""Environments, deployments and feature flags driven with python-gitlab."""

from typing import Any

import gitlab
import pytest

from tests.api.v4.repositories import world

pytestmark = pytest.mark.mockgitlab(scenario=world())


@pytest.fixture
def bobs(bob: Any) -> Any:
    """The project acme/rocket, as bob sees it, who is Developer."""
    return bob.projects.get("acme/rocket")


def deploy(project: Any, **given: Any) -> Any:
    sha = project.commits.get("main").id
    usual = {"environment": "production", "sha": sha, "ref": "main", "tag": False, "status": "running"}
    return project.deployments.create({**usual, **given})


def test_environments(bobs: Any) -> None:
    made = bobs.environments.create({"name": "review/one", "external_url": "https://one.example.com"})
    made.external_url = "https://two.example.com"
    made.save()
    assert [one.name for one in bobs.environments.list(search="review", get_all=True)] == ["review/one"]
    with pytest.raises(gitlab.GitlabDeleteError, match="403 Forbidden"):
        made.delete()
    made.stop()
    assert bobs.environments.get(made.id).state == "stopped"
    made.delete()
    assert bobs.environments.list(get_all=True) == []


def test_deployments(bobs: Any) -> None:
    made = deploy(bobs)
    made.status = "success"
    made.save()
    assert [one.iid for one in bobs.deployments.list(environment="production", get_all=True)] == [1]
    assert bobs.environments.list(get_all=True)[0].slug == "production"
    assert made.mergerequests.list(get_all=True) == []


def test_protected_environments(rocket: Any, bobs: Any) -> None:
    rules = {"deploy_access_levels": [{"access_level": 40}], "approval_rules": [{"access_level": 30}]}
    rocket.protected_environments.create({"name": "production", **rules})
    with pytest.raises(gitlab.GitlabCreateError, match="403 Forbidden"):
        deploy(bobs)
    waiting = deploy(rocket)
    assert bobs.deployments.get(waiting.id).approval("approved", comment="Go")["comment"] == "Go"
    rocket.protected_environments.get("production").delete()
    assert rocket.protected_environments.list(get_all=True) == []


def test_feature_flags(bobs: Any) -> None:
    users = bobs.feature_flags_user_lists.create({"name": "Beta", "user_xids": "u1,u2"})
    users.user_xids = "u1"
    users.save()
    listed = {"name": "gitlabUserList", "parameters": {}, "user_list_id": users.id}
    flag = bobs.feature_flags.create({"name": "dark_mode", "version": "new_version_flag", "strategies": [listed]})
    assert flag.strategies[0]["user_list"]["user_xids"] == "u1"
    flag.active = False
    flag.save()
    assert [one.name for one in bobs.feature_flags.list(scope="disabled", get_all=True)] == ["dark_mode"]
    with pytest.raises(gitlab.GitlabDeleteError, match="User list is associated with a strategy"):
        users.delete()
    flag.delete()
    users.delete()
    assert bobs.feature_flags_user_lists.list(get_all=True) == []
