from typing import Any

import pytest

from tests.support import WORLD, Api, seen

TOKEN = "glffct-one"
ROCKET: dict[str, Any] = {
    "path": "acme/rocket",
    "feature_flags_client_token": TOKEN,
    "feature_flags_user_lists": [{"name": "Beta", "user_xids": "u1,u2"}],
    "feature_flags": [
        {
            "name": "dark_mode",
            "description": "Less light",
            "strategies": [
                {"name": "default", "scopes": [{"environment_scope": "production"}]},
                {"name": "gitlabUserList", "user_list": "Beta", "scopes": [{"environment_scope": "review/*"}]},
                {
                    "name": "gradualRolloutUserId",
                    "parameters": {"groupId": "default", "percentage": "50"},
                    "scopes": [{"environment_scope": "*"}],
                },
            ],
        },
        {"name": "off", "active": False, "strategies": [{"name": "default", "scopes": [{"environment_scope": "*"}]}]},
        {"name": "unused"},
    ],
}
SCENARIO: dict[str, Any] = {**WORLD, "projects": [ROCKET, *WORLD["projects"][1:]]}
pytestmark = pytest.mark.mockgitlab(scenario=SCENARIO)
AT = "feature_flags/unleash/1"
HALF = {"name": "gradualRolloutUserId", "parameters": {"groupId": "default", "percentage": "50"}}
OFF = {"name": "off", "enabled": False, "strategies": [{"name": "default", "parameters": {}}]}


def features(api: Api, environment: str, place: str = "client/features") -> Any:
    headers = {"UNLEASH-INSTANCEID": TOKEN, "UNLEASH-APPNAME": environment}
    return api.get(f"{AT}/{place}", None, headers=headers)


@pytest.mark.parametrize("place", ["client/features", "features"])
def test_a_client_gets_what_is_on_in_its_environment(api: Api, place: str) -> None:
    dark = {"name": "dark_mode", "description": "Less light", "enabled": True}
    strategies = [{"name": "default", "parameters": {}}, HALF]
    body = {"version": 1, "features": [{**dark, "strategies": strategies}, OFF]}
    assert seen(features(api, "production", place)) == (200, body)


def test_lists_of_users_are_told_as_users(api: Api) -> None:
    users = {"name": "userWithId", "parameters": {"userIds": "u1,u2"}}
    assert features(api, "review/one").json["features"][0]["strategies"] == [users, HALF]


def test_changes_are_seen_at_once(api: Api) -> None:
    api.put("projects/1/feature_flags/dark_mode", "ada", active=False)
    assert features(api, "test").json["features"][0]["enabled"] is False


def test_without_an_environment_there_are_no_features(api: Api) -> None:
    assert seen(api.get(f"{AT}/client/features", None, instance_id=TOKEN)) == (200, {"version": 1, "features": []})
    found = api.get(f"{AT}/client/features", None, instance_id=TOKEN, app_name="test").json
    assert [one["name"] for one in found["features"]] == ["dark_mode", "off"]


def test_clients_register_and_send_metrics(api: Api) -> None:
    for place in ("client/register", "client/metrics"):
        assert seen(api.post(f"{AT}/{place}", None, instance_id=TOKEN, app_name="test")) == (200, 200)
    assert seen(api.get(AT, None, instance_id=TOKEN)) == (200, 200)


def test_who_does_not_know_the_token_is_refused(api: Api) -> None:
    refused = (401, {"message": "401 Unauthorized"})
    for given in ({}, {"instance_id": "other"}):
        assert seen(api.get(f"{AT}/client/features", None, **given)) == refused
        assert seen(api.post(f"{AT}/client/register", None, **given)) == refused
    for project in ("2", "9", "acme%2Frocket"):
        path = f"feature_flags/unleash/{project}/client/features"
        assert seen(api.get(path, None, instance_id=TOKEN)) == refused
