import json
import urllib.request
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests

import mockgitlab
from mockgitlab import MockGitLab, create_app
from mockgitlab.intercept import BlockedNetwork
from mockgitlab.scenario.problems import ScenarioError

WORLD: dict[str, Any] = {
    "mockgitlab": 1,
    "users": [{"username": "root", "admin": True}, {"username": "ada"}, {"username": "bob"}],
    "tokens": [
        {"token": "root-token", "user": "root", "scopes": ["api", "sudo"]},
        {"token": "read-token", "user": "ada", "scopes": ["read_api"]},
        {"token": "ada-token", "user": "ada", "scopes": ["api", "read_user"]},
        {"token": "old-token", "user": "bob", "scopes": ["api"], "expires_at": "2024-04-01"},
    ],
    "groups": [{"path": "acme", "members": {"ada": "owner"}}],
}


def fetch(url: str, token: str = "root-token") -> Any:
    request = urllib.request.Request(f"{url}/api/v4/namespaces", headers={"PRIVATE-TOKEN": token})
    with urllib.request.urlopen(request) as answer:
        return [namespace["full_path"] for namespace in json.load(answer)]


def rename(store: Any) -> None:
    """Change something that the API shows."""
    from mockgitlab.api.models.group import Group

    store.update(store[Group].find(full_path="acme"), full_path="renamed")


# Starting


def test_it_serves_inside_the_block_and_not_after() -> None:
    with MockGitLab(WORLD) as gitlab:
        url = gitlab.url
        assert "acme" in fetch(url)
    with pytest.raises(OSError, match="refused"):
        fetch(url)


def test_every_server_has_a_free_port_of_its_own() -> None:
    with MockGitLab(WORLD) as one, MockGitLab(WORLD) as other:
        assert one.url != other.url
        assert fetch(one.url) == fetch(other.url)


def test_before_the_start_there_is_no_url() -> None:
    with pytest.raises(RuntimeError, match="use it in a with statement, or call start"):
        MockGitLab(WORLD).url  # noqa: B018


def test_it_may_be_started_again() -> None:
    gitlab = MockGitLab(WORLD)
    for _ in range(2):
        with gitlab:
            assert "acme" in fetch(gitlab.url)


def test_without_a_scenario_there_is_an_administrator_with_a_token() -> None:
    with MockGitLab() as gitlab:
        assert gitlab.token() == "root-token"
        assert fetch(gitlab.url) == ["root"]


def test_several_scenarios_are_laid_one_on_top_of_the_other(tmp_path: Path) -> None:
    more = tmp_path / "more.yaml"
    more.write_text("mockgitlab: 1\ngroups: [{path: more}]\n")
    with MockGitLab(WORLD, more) as gitlab:
        assert {"acme", "more"} <= set(fetch(gitlab.url))
        assert gitlab.files == (more,)


def test_a_wrong_scenario_is_refused_before_anything_is_served() -> None:
    with pytest.raises(ScenarioError, match="projcts"):
        MockGitLab({"mockgitlab": 1, "projcts": []})


def test_the_app_may_be_served_by_any_wsgi_server() -> None:
    client = create_app(WORLD).test_client()
    answer = client.get("/api/v4/version", headers={"PRIVATE-TOKEN": "ada-token"})
    assert json.loads(answer.data)["version"] == "17.5.0-ee"


def test_the_package_gives_its_public_names_when_asked() -> None:
    assert mockgitlab.MockGitLab is MockGitLab
    assert set(mockgitlab.__all__) >= {"MockGitLab", "create_app", "load_scenario", "mock_gitlab"}
    with pytest.raises(AttributeError, match="no attribute 'MockGitlab'"):
        mockgitlab.MockGitlab  # noqa: B018


# Tokens


def test_a_users_best_usable_token_is_given() -> None:
    gitlab = MockGitLab(WORLD)
    assert (gitlab.token(), gitlab.token("ada")) == ("root-token", "ada-token")
    assert gitlab.tokens() == {"ada": "ada-token", "root": "root-token"}


def test_a_user_without_a_usable_token_is_told_of() -> None:
    with pytest.raises(KeyError, match="no usable token of bob; there are tokens of ada, bob, root"):
        MockGitLab(WORLD).token("bob")


def test_the_environment_of_clients_has_url_and_token() -> None:
    with MockGitLab(WORLD) as gitlab:
        env = gitlab.env("ada")
        assert (env["GITLAB_URL"], env["GITLAB_TOKEN"]) == (gitlab.url, "ada-token")
        assert env["CI_API_V4_URL"] == f"{gitlab.url}/api/v4"
        assert "CI_JOB_TOKEN" not in env


# The world


def test_reset_brings_everything_back() -> None:
    with MockGitLab(WORLD) as gitlab:
        rename(gitlab.store)
        gitlab.advance("2h")
        gitlab.sandbox("box")
        gitlab.errors.append(ValueError())
        gitlab.reset()
        assert "acme" in fetch(gitlab.url)
        assert gitlab.store.now == "2024-05-01T09:00:00.000Z"
        assert (gitlab.errors, gitlab.worlds.names()) == ([], [])


def test_a_sandbox_is_a_world_of_its_own_at_its_own_url() -> None:
    with MockGitLab(WORLD) as gitlab, gitlab.sandbox("box") as box:
        rename(box.store)
        assert box.url == f"{gitlab.url}/@box"
        assert ("acme" in fetch(gitlab.url), "acme" in fetch(box.url)) == (True, False)
        assert box.token("ada") == "ada-token"
        box.reset()
        assert "acme" in fetch(box.url)


def test_a_sandbox_is_forgotten_at_the_end() -> None:
    gitlab = MockGitLab(WORLD)
    with gitlab.sandbox("box"):
        assert gitlab.worlds.names() == ["box"]
    assert gitlab.worlds.names() == []


def test_a_sandbox_that_no_url_can_name_is_refused() -> None:
    with pytest.raises(ValueError, match="'a/b' cannot be the name of a sandbox"):
        MockGitLab(WORLD).sandbox("a/b")


def test_time_is_moved_by_hand() -> None:
    gitlab = MockGitLab(WORLD)
    gitlab.advance("1d")
    assert gitlab.store.today == "2024-05-02"


def test_the_state_shows_records_and_no_secrets() -> None:
    state = MockGitLab(WORLD).state()
    assert [user["username"] for user in state["User"]] == ["root", "ada", "bob"]
    assert "ada-token" not in json.dumps(state)


def test_other_scenarios_can_be_loaded_at_the_same_address() -> None:
    with MockGitLab(WORLD) as gitlab:
        url = gitlab.url
        gitlab.load({**WORLD, "groups": [{"path": "other"}]})
        assert gitlab.url == url
        assert "other" in fetch(url)
        assert "acme" not in fetch(url)


def test_a_wrong_scenario_loaded_later_changes_nothing() -> None:
    with MockGitLab(WORLD) as gitlab:
        with pytest.raises(ScenarioError):
            gitlab.load({"mockgitlab": 1, "projcts": []})
        assert "acme" in fetch(gitlab.url)


def test_what_failed_inside_is_kept_and_can_be_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    with MockGitLab(WORLD) as gitlab:
        gitlab.check()
        broken = ZeroDivisionError("broken inside")
        monkeypatch.setattr("mockgitlab.web.pipeline.present", lambda *arguments: raise_(broken))
        answer = requests.get(f"{gitlab.url}/api/v4/version", headers={"PRIVATE-TOKEN": "ada-token"}, timeout=10)
        assert (answer.status_code, answer.json()) == (500, {"message": "500 Internal Server Error"})
        assert gitlab.errors == [broken]
        with pytest.raises(ZeroDivisionError, match="broken inside"):
            gitlab.check()


def test_what_fails_while_an_answer_is_sent_is_told_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("mockgitlab.web.answer.Answer.all_headers", lambda answer: [("X-Broken", "✂")])
    with MockGitLab(WORLD) as gitlab:
        assert requests.get(f"{gitlab.url}/api/v4/version", timeout=10).status_code == 500
        assert isinstance(gitlab.errors[0], UnicodeEncodeError)
    assert "UnicodeEncodeError" in caplog.text


def raise_(error: BaseException) -> None:
    raise error


# Interception


def test_calls_of_requests_and_httpx_to_a_host_are_answered_here() -> None:
    with MockGitLab(WORLD, intercept="https://gitlab.com") as gitlab:
        url, headers = f"{gitlab.url}/api/v4/version", {"PRIVATE-TOKEN": gitlab.token("ada")}
        assert gitlab.url == "https://gitlab.com"
        assert requests.get(url, headers=headers, timeout=10).json()["version"] == "17.5.0-ee"
        assert httpx.get(url, headers=headers).json()["version"] == "17.5.0-ee"


def test_intercepted_answers_have_the_urls_of_the_host() -> None:
    with MockGitLab(WORLD, intercept="https://gitlab.com") as gitlab:
        answer = requests.get(
            "https://gitlab.com/api/v4/namespaces/acme", headers={"PRIVATE-TOKEN": gitlab.token()}, timeout=10
        )
        assert answer.json()["web_url"] == "https://gitlab.com/groups/acme"


def test_several_hosts_may_be_intercepted() -> None:
    with MockGitLab(WORLD, intercept=["https://one.test", "https://two.test"]) as gitlab:
        for host in ("https://one.test", "https://two.test"):
            assert requests.get(f"{host}/_mockgitlab/ready", timeout=10).json()["ready"]
        assert gitlab.url == "https://one.test"


def test_calls_to_any_other_host_can_be_refused() -> None:
    with (
        MockGitLab(WORLD, intercept="https://gitlab.com", block_network=True),
        pytest.raises(BlockedNetwork, match="elsewhere"),
    ):
        requests.get("https://elsewhere.test/", timeout=10)


def test_a_server_may_refuse_other_hosts_too() -> None:
    with MockGitLab(WORLD, block_network=True) as gitlab:
        assert requests.get(f"{gitlab.url}/_mockgitlab/ready", timeout=10).ok
        with pytest.raises(BlockedNetwork):
            httpx.get("https://elsewhere.test/")
