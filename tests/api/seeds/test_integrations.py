from typing import Any

import pytest

from mockgitlab.scenario.loader import ScenarioError, load_scenario
from tests.support import WORLD, Api

HOOK = "http://localhost:9/"
SLACK = {"slug": "slack", "push_events": False, "properties": {"webhook": HOOK, "channel": "#dev"}}
ASANA = {"slug": "asana", "properties": {"api_key": "k", "restrict_to_branch": "main"}}


def scenario(groups: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    first = {**WORLD["groups"][0], **(groups or {})}
    projects = [{"path": "acme/rocket", **more}, *WORLD["projects"][1:]]
    return {**WORLD, "groups": [first, *WORLD["groups"][1:]], "projects": projects}


def test_integrations_of_a_project() -> None:
    api = Api(scenario(integrations=[SLACK, {**ASANA, "active": False}]))
    [listed] = api.get("projects/1/integrations").json
    assert (listed["slug"], listed["push_events"], listed["issues_events"]) == ("slack", False, True)
    properties = api.get("projects/1/integrations/slack").json["properties"]
    assert (properties["channel"], properties["notify_only_broken_pipelines"]) == ("#dev", True)
    assert api.get("projects/1/integrations/asana").json["active"] is False


def test_those_of_a_group_are_passed_on_to_what_has_none_of_its_own() -> None:
    own = {"slug": "asana", "properties": {"api_key": "own"}}
    api = Api(scenario({"integrations": [ASANA, SLACK]}, integrations=[own]))
    asana, slack = (api.get(f"projects/1/integrations/{slug}").json for slug in ("asana", "slack"))
    assert (asana["inherited"], asana["properties"]) == (False, {"restrict_to_branch": None})
    assert (slack["inherited"], slack["push_events"]) == (True, False)


@pytest.mark.parametrize(
    ("integration", "told"),
    [
        ({"slug": "slak"}, "did you mean 'slack'?"),
        ({"slug": "slack", "properties": {"webhok": HOOK}}, "did you mean 'webhook'?"),
        ({"slug": "slack", "properties": {"webhook": "x"}}, "webhook is blocked: URI is invalid"),
        ({"slug": "asana"}, "api_key can't be blank"),
        ({"slug": "linear", "properties": {"workspace_url": "https://linear.app/abc"}}, "this GitLab has no linear"),
    ],
)
def test_an_integration_that_is_none_is_told(integration: dict[str, Any], told: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        load_scenario({**scenario(integrations=[integration]), "gitlab": {"version": "17.5.0"}})
    assert told in str(refused.value)


def test_a_project_has_each_integration_once() -> None:
    with pytest.raises(ScenarioError) as refused:
        load_scenario(scenario(integrations=[SLACK, SLACK]))
    assert "acme/rocket has slack already" in str(refused.value)


def test_what_is_set_is_hidden_in_the_state() -> None:
    [shown] = Api(scenario(integrations=[SLACK])).server.state()["Integration"]
    assert shown["properties"] == "***"
