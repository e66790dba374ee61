from typing import Any

import pytest

from tests.api.v4.repositories import REPO, sha, world
from tests.support import Api, names

AT, NOW = "projects/1/remote_mirrors", "2024-05-01T09:00:00.000Z"
HERE = "http://ada:ada-token@localhost/ada/notes.git"
ELSEWHERE = "https://username:token@example.com/gitlab/example.git"
pytestmark = pytest.mark.mockgitlab(scenario=world())


def branches(api: Api, project: int = 3) -> list[str]:
    return names(api.get(f"projects/{project}/repository/branches"))


def test_a_mirror_is_made_shown_changed_and_deleted(api: Api) -> None:
    made = api.post(AT, "ada", url=ELSEWHERE)
    assert made.status == 201
    assert made.json == {
        "id": 1,
        "enabled": False,
        "url": "https://*****:*****@example.com/gitlab/example.git",
        "update_status": "none",
        "last_update_at": None,
        "last_update_started_at": None,
        "last_successful_update_at": None,
        "last_error": None,
        "only_protected_branches": False,
        "keep_divergent_refs": False,
        "auth_method": "password",
        "mirror_branch_regex": None,
    }
    assert api.get(AT, "ada").json == [made.json]
    changed = api.put(f"{AT}/1", "ada", enabled=True, keep_divergent_refs=True, mirror_branch_regex="^main")
    news = {"enabled": True, "keep_divergent_refs": True, "mirror_branch_regex": "^main"}
    assert changed.json == {**made.json, **news}
    only = api.put(f"{AT}/1", "ada", only_protected_branches=True).json
    assert (only["only_protected_branches"], only["mirror_branch_regex"]) == (True, None)
    assert api.delete(f"{AT}/1", "ada").status == 204
    assert api.get(f"{AT}/1", "ada").json == {"message": "404 Not found"}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("ssh://git@example.com/a.git", "ssh://git@example.com/a.git"),
        ("https://user@example.com:8080/a.git", "https://*****@example.com:8080/a.git"),
        ("https://example.com/a.git", "https://example.com/a.git"),
    ],
)
def test_secrets_of_urls_are_hidden(api: Api, url: str, shown: str) -> None:
    assert api.post(AT, "ada", url=url).json["url"] == shown


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"url": " "}, {"url": ["can't be blank"]}),
        ({"url": "nonsense"}, {"url": ["is blocked: URI is invalid"]}),
        ({"url": "http://a:b"}, {"url": ["is blocked: URI is invalid"]}),
        ({"url": "ftp://a/b"}, {"url": ["is blocked: Only allowed schemes are http, https, ssh, git"]}),
    ],
)
def test_what_is_no_mirror(api: Api, given: dict[str, Any], told: Any) -> None:
    refused = api.post(AT, "ada", **given)
    assert (refused.status, refused.json) == (400, {"message": told})


def test_either_protected_or_matching_branches_are_pushed(api: Api) -> None:
    refused = api.post(AT, "ada", url=ELSEWHERE, only_protected_branches=True, mirror_branch_regex="x")
    assert refused.json == {"error": "only_protected_branches, mirror_branch_regex are mutually exclusive"}
    assert list(api.post(AT, "ada", url=ELSEWHERE, mirror_branch_regex="(").json["message"]) == ["mirror_branch_regex"]


def test_only_maintainers_know_of_mirrors(api: Api) -> None:
    assert [api.get(AT, who).status for who in ("bob", None, "nora")] == [401, 401, 404]
    assert api.post(AT, "bob", url=ELSEWHERE).json == {"message": "401 Unauthorized"}


def test_a_mirror_is_pushed_to_when_asked(api: Api) -> None:
    api.post(AT, "ada", url=ELSEWHERE)
    refused = api.post(f"{AT}/1/sync", "ada")
    assert (refused.status, refused.json) == (
        400,
        {"message": "Cannot proceed with the push mirroring. Please verify your mirror configuration."},
    )
    api.put(f"{AT}/1", "ada", enabled=True)
    assert api.post(f"{AT}/1/sync", "ada").status == 204
    shown = api.get(f"{AT}/1", "ada").json
    assert (shown["update_status"], shown["last_update_at"], shown["last_successful_update_at"]) == (
        "finished",
        NOW,
        NOW,
    )


def test_a_mirror_on_this_instance_gets_the_branches(api: Api) -> None:
    api.post(AT, "ada", url=HERE, enabled=True)
    api.post(f"{AT}/1/sync", "ada")
    assert branches(api) == ["done", "feature/launch", "main"]
    assert sha(api, project=3) == sha(api)
    assert names(api.get("projects/3/repository/tags")) == ["v1.1", "v1.0"]
    api.post(f"{REPO}/branches", "bob", branch="more", ref="main")
    assert "more" in branches(api)


def test_only_some_branches_are_mirrored(api: Api) -> None:
    api.post("projects/1/protected_branches", "ada", name="done")
    api.post(AT, "ada", url=HERE, enabled=True, only_protected_branches=True)
    api.post(f"{AT}/1/sync", "ada")
    assert branches(api) == ["done"]
    api.put(f"{AT}/1", "ada", mirror_branch_regex="^feature/")
    api.post(f"{AT}/1/sync", "ada")
    assert branches(api) == ["done", "feature/launch"]


@pytest.mark.parametrize("keep", [True, False])
def test_divergent_branches_are_kept_or_overwritten(api: Api, keep: bool) -> None:
    api.post(AT, "ada", url=HERE, enabled=True, keep_divergent_refs=keep)
    api.post(f"{AT}/1/sync", "ada")
    file = {"branch": "main", "content": "x", "commit_message": "m"}
    api.post("projects/3/repository/files/own", "ada", **file)
    api.post(f"{REPO}/files/other", "bob", **file)
    assert (sha(api, project=3) != sha(api)) is keep


def test_a_mirror_that_does_not_let_one_in_fails(api: Api) -> None:
    api.post(AT, "ada", url=HERE.replace("ada-token", "bob-token"), enabled=True)
    api.post(f"{AT}/1/sync", "ada")
    shown = api.get(f"{AT}/1", "ada").json
    assert (shown["update_status"], shown["last_successful_update_at"]) == ("failed", None)
    assert "Access denied" in shown["last_error"]
    assert branches(api) == []


def test_a_mirror_with_a_key_shows_it() -> None:
    api = Api({**world(), "gitlab": {"version": "18.4.0"}})
    made = api.post(AT, "ada", url="ssh://git@example.com/a.git", auth_method="ssh_public_key").json
    assert (made["auth_method"], made["host_keys"]) == ("ssh_public_key", [])
    key = api.get(f"{AT}/1/public_key", "ada").json["public_key"]
    assert key.startswith("ssh-rsa AAAAB3NzaC1yc2E")
    api.post(AT, "ada", url=ELSEWHERE)
    assert api.get(f"{AT}/2/public_key", "ada").status == 404


def test_scenarios_declare_mirrors() -> None:
    api = Api(world(remote_mirrors=[{"url": ELSEWHERE, "enabled": True}]))
    assert api.get(f"{AT}/1").json["enabled"] is True
    with pytest.raises(Exception, match="Only allowed schemes"):
        Api(world(remote_mirrors=[{"url": "ftp://x/y"}]))


# Pulling

PULL = "projects/3/mirror/pull"


def test_a_project_pulls_what_it_mirrors() -> None:
    api = Api({**world(), "gitlab": {"version": "17.6.0"}})
    assert api.get(PULL, "ada").json == {"message": "The project is not mirrored"}
    assert api.post(PULL, "ada").status == 400
    told = {"enabled": True, "url": "http://localhost/acme/rocket.git", "auth_user": "ada", "auth_password": "a b"}
    made = api.put(PULL, "ada", **told, mirror_trigger_builds=True)
    assert made.json == {
        "id": 1,
        "update_status": "none",
        "url": "http://*****:*****@localhost/acme/rocket.git",
        "last_error": None,
        "last_update_at": None,
        "last_update_started_at": None,
        "last_successful_update_at": None,
        "enabled": True,
        "mirror_trigger_builds": True,
        "only_mirror_protected_branches": None,
        "mirror_overwrites_diverged_branches": False,
        "mirror_branch_regex": None,
    }
    assert api.post(PULL, "ada").status == 202
    assert branches(api) == ["done", "feature/launch", "main"]
    shown = api.get(PULL, "ada").json
    assert (shown["update_status"], shown["last_successful_update_at"]) == ("finished", NOW)
    api.put(PULL, "ada", enabled=False)
    assert api.get(PULL, "ada").status == 400


def test_what_of_pulling_is_refused() -> None:
    api = Api({**world(), "gitlab": {"version": "17.6.0"}})
    assert list(api.put(PULL, "ada", url="ftp://x/y").json["message"]) == ["url"]
    assert list(api.put(PULL, "ada", mirror_branch_regex="(").json["message"]) == ["mirror_branch_regex"]
    assert api.get("projects/1/mirror/pull", "bob").status == 403
    assert Api({**world(), "gitlab": {"edition": "ce"}}).get(PULL, "ada").status == 404


def test_a_matching_branch_alone_is_pulled() -> None:
    api = Api({**world(), "gitlab": {"version": "17.6.0"}})
    api.put(PULL, "ada", enabled=True, url="http://localhost/acme/rocket.git", mirror_branch_regex="^done$")
    api.post(PULL, "ada")
    assert branches(api) == ["done"]
