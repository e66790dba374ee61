from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from mockgitlab.api.models.token import Token
from mockgitlab.scenario.loader import load_scenario
from mockgitlab.scenario.problems import ScenarioError
from mockgitlab.store import Settings


def settings_of(**gitlab: Any) -> Settings:
    return load_scenario({"mockgitlab": 1, "gitlab": gitlab}).store.settings


@pytest.mark.parametrize(
    ("gitlab", "told"),
    [
        ({"version": "17..5"}, "gitlab.version: must be a version such as \"17.5.0\", not '17..5'"),
        ({"version": "²"}, "gitlab.version: must be a version"),
        ({"version": "17.x"}, "gitlab.version: must be a version"),
        ({"version": 17.5}, "gitlab.version: must be a version"),
        ({"api": ["v5"]}, "gitlab.api: must be a list of v3, v4, ci, not ['v5']"),
        ({"clock": "noon"}, "gitlab.clock: must be an instant such as 2024-05-01T09:00:00Z, not 'noon'"),
        ({"limit": {}}, "gitlab.limit: is not a key known here; did you mean 'limits'?"),
        (
            {"limits": {"x": 1}},
            "gitlab.limits.x: is not a key known here: there are requests_per_minute, totals_above,",
        ),
        ({"webhooks": {"hosts": "x"}}, "gitlab.webhooks: must have hosts, a list of names, and timeout, a number of"),
        ({"webhooks": {"timeout": 0}}, "gitlab.webhooks: must have hosts, a list of names, and timeout, a number of"),
        ({"webhooks": {"host": []}}, "gitlab.webhooks: must have hosts, a list of names, and timeout, a number of"),
        ({"webhooks": 5}, "gitlab.webhooks: must have hosts, a list of names, and timeout, a number of seconds"),
    ],
)
def test_what_is_wrong_with_the_instance_is_told(gitlab: dict[str, Any], told: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        settings_of(**gitlab)
    assert told in str(refused.value)


@pytest.mark.parametrize(("version", "release"), [("17.5.0", (17, 5, 0)), ("17.5.0-ee", (17, 5, 0)), ("18", (18,))])
def test_a_version_is_numbers_and_perhaps_an_edition(version: str, release: tuple[int, ...]) -> None:
    assert settings_of(version=version).release == release


def test_a_mapping_may_hold_dates_and_instants() -> None:
    instant = datetime(2030, 1, 2, 3, tzinfo=timezone.utc)
    assert settings_of(clock=instant).clock == "2030-01-02T03:00:00+00:00"
    token = {"token": "t", "user": "root", "scopes": ["api"], "expires_at": date(2030, 1, 2)}
    store = load_scenario({"mockgitlab": 1, "tokens": [token]}).store
    assert [one.expires_at for one in store[Token].all()] == ["2030-01-02"]


def test_a_mapping_with_something_else_is_refused() -> None:
    with pytest.raises(TypeError, match=r"a scenario holds texts, numbers, .* no object"):
        settings_of(clock=object())


def test_hooks_reach_the_hosts_that_are_named() -> None:
    webhooks = settings_of(webhooks={"hosts": ["ci.test", "*.ci.test"], "timeout": 2}).webhooks
    assert (webhooks.hosts, webhooks.timeout) == (("ci.test", "*.ci.test"), 2.0)


def test_an_api_that_is_named_twice_is_served_once() -> None:
    assert settings_of(api=["v4", "v3", "v4"]).api == ("v4", "v3")


def test_an_unknown_key_at_the_top_is_told_the_known_ones() -> None:
    with pytest.raises(ScenarioError, match="x-base: is not a key known here: there are include, mockgitlab, gitlab"):
        load_scenario({"mockgitlab": 1, "x-base": {}})


SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("path", SCENARIOS, ids=[path.stem for path in SCENARIOS])
def test_the_scenarios_are_read_without_libyaml_too(path: Path) -> None:
    assert yaml.load(path.read_text("utf-8"), yaml.SafeLoader)["mockgitlab"] == 1
