from typing import Any

import pytest

from mockgitlab.scenario.loader import ScenarioError, load_scenario
from tests.support import WORLD, Api

URL = "http://localhost:9/"
HOOK = {
    "url": f"{URL}{{room}}",
    "issues_events": True,
    "push_events": False,
    "token": "secret",
    "url_variables": {"room": "one"},
    "custom_headers": {"X-Own": "1"},
}


def scenario(**more: Any) -> dict[str, Any]:
    return {**WORLD, "projects": [{"path": "acme/rocket", **more}, *WORLD["projects"][1:]]}


def test_hooks_of_projects_groups_and_the_instance() -> None:
    groups = [{**WORLD["groups"][0], "hooks": [{"url": URL}]}, *WORLD["groups"][1:]]
    api = Api({**scenario(hooks=[HOOK]), "groups": groups, "hooks": [{"url": URL}]})
    [system], [of_group] = api.get("hooks").json, api.get("groups/1/hooks").json
    assert (system["push_events"], system["repository_update_events"], of_group["push_events"]) == (False, True, True)
    [listed] = api.get("projects/1/hooks").json
    shown = api.get(f"projects/1/hooks/{listed['id']}").json
    assert (shown["url"], shown["issues_events"], shown["push_events"]) == (HOOK["url"], True, False)
    assert (shown["url_variables"], shown["custom_headers"]) == ([{"key": "room"}], [{"key": "X-Own"}])


@pytest.mark.parametrize(
    ("hook", "told"),
    [
        ({"url": "nonsense"}, "is blocked: URI is invalid"),
        ({"url": f"{URL}{{room}}"}, "Invalid URL template. Missing keys: ['room']"),
        ({"url": URL, "custom_headers": {"1": "x"}}, "must be a valid json schema"),
        ({"url": URL, "url_variables": {"a": 5}}, "must be a valid json schema"),
        ({"url": URL, "issue_events": True}, "did you mean 'issues_events'?"),
    ],
)
def test_a_hook_that_is_none_is_told(hook: dict[str, Any], told: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        load_scenario(scenario(hooks=[hook]))
    assert told in str(refused.value)


def test_secrets_of_hooks_are_hidden_in_the_state() -> None:
    [shown] = Api(scenario(hooks=[HOOK])).server.state()["WebHook"]
    assert (shown["token"], shown["variables"], shown["headers"]) == ("***", "***", "***")


def test_badges() -> None:
    badge = {"name": "CI", "link_url": "http://ci/%{project_path}", "image_url": "http://ci/x.svg"}
    [shown] = Api(scenario(badges=[badge])).get("projects/1/badges").json
    assert (shown["name"], shown["rendered_link_url"]) == ("CI", "http://ci/acme/rocket")
