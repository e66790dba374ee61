"""Access tokens of every kind through python-gitlab: made, listed, shown, rotated, revoked, used."""

from typing import Any

import gitlab
import pytest

from tests.clients.python_gitlab_rig import Connect, refused


def names(tokens: Any) -> list[str]:
    return [token.name for token in tokens]


def test_personal_tokens_are_listed_by_what_is_known_of_them(ada: Any, root: Any) -> None:
    assert names(ada.personal_access_tokens.list()) == ["ada", "reader", "expired", "revoked"]
    assert names(ada.personal_access_tokens.list(state="active")) == ["ada", "reader"]
    assert names(ada.personal_access_tokens.list(revoked=True)) == ["revoked"]
    assert names(ada.personal_access_tokens.list(search="read")) == ["reader"]
    assert names(root.personal_access_tokens.list(user_id=3)) == ["bob"]
    others = refused(gitlab.GitlabAuthenticationError, ada.personal_access_tokens.list, user_id=3)
    assert others == (401, "401 Unauthorized")


def test_a_token_shows_itself(ada: Any) -> None:
    me = ada.personal_access_tokens.get("self")
    assert (me.name, me.scopes, me.active, me.user_id, me.expires_at) == ("ada", ["api"], True, 2, None)
    assert me.last_used_at == "2024-05-01T09:00:00.000Z"
    assert not hasattr(me, "token")


def test_a_token_is_rotated_and_the_old_one_is_over(ada: Any, connect: Connect) -> None:
    reader = ada.personal_access_tokens.get(ada.personal_access_tokens.list(search="reader")[0].id)
    rotated = reader.rotate(expires_at="2024-06-01")
    assert rotated["token"].startswith("glpat-")
    assert (rotated["name"], rotated["expires_at"], rotated["scopes"]) == ("reader", "2024-06-01", ["read_api"])
    assert connect(private_token=rotated["token"]).personal_access_tokens.get("self").id == rotated["id"]
    assert refused(gitlab.GitlabAuthenticationError, connect(private_token="ada-read").auth)[0] == 401


def test_a_rotated_token_lives_a_week_unless_told(ada: Any) -> None:
    rotated = ada.personal_access_tokens.rotate(ada.personal_access_tokens.list(search="reader")[0].id)
    assert rotated["expires_at"] == "2024-05-08"


def test_a_token_rotates_itself(connect: Connect) -> None:
    client = connect("bob")
    rotated = client.personal_access_tokens.get("self").rotate(self_rotate=True)
    assert connect(private_token=rotated["token"]).http_get("/user")["username"] == "bob"
    assert refused(gitlab.GitlabAuthenticationError, client.auth)[0] == 401


def test_a_rotated_token_used_again_ends_the_whole_family(connect: Connect) -> None:
    client = connect("bob")
    fresh = connect(private_token=client.personal_access_tokens.get("self").rotate(self_rotate=True)["token"])
    refused(gitlab.GitlabAuthenticationError, client.personal_access_tokens.rotate, "self")
    assert refused(gitlab.GitlabAuthenticationError, fresh.auth)[0] == 401


def test_a_token_is_revoked(ada: Any, connect: Connect) -> None:
    [reader] = ada.personal_access_tokens.list(search="reader")
    reader.delete()
    assert ada.personal_access_tokens.get(reader.id).revoked is True
    assert refused(gitlab.GitlabAuthenticationError, connect(private_token="ada-read").auth)[0] == 401


def test_a_token_revokes_itself(connect: Connect) -> None:
    client = connect("eve")
    client.personal_access_tokens.delete("self")
    assert refused(gitlab.GitlabAuthenticationError, client.auth)[0] == 401


def test_an_administrator_makes_a_personal_token_for_somebody(root: Any, connect: Connect) -> None:
    tokens = root.users.get(4).personal_access_tokens
    made = tokens.create({"name": "for eve", "scopes": ["read_api"], "expires_at": "2024-12-31"})
    assert (made.user_id, made.scopes, made.expires_at, made.active) == (4, ["read_api"], "2024-12-31", True)
    assert connect(private_token=made.token).http_get("/user")["username"] == "eve"
    assert refused(gitlab.GitlabCreateError, tokens.create, {"name": "x", "scopes": ["fly"]})[0] == 400


def test_only_administrators_make_tokens_for_others(ada: Any) -> None:
    tokens = ada.users.get(4, lazy=True).personal_access_tokens
    assert refused(gitlab.GitlabCreateError, tokens.create, {"name": "x", "scopes": ["api"]}) == (
        403,
        "403 Forbidden",
    )


def test_impersonation_tokens_act_as_their_user(root: Any, connect: Connect) -> None:
    tokens = root.users.get(4).impersonationtokens
    assert [(one.name, one.impersonation) for one in tokens.list()] == [("support", True)]
    made = tokens.create({"name": "night", "scopes": ["api"], "expires_at": "2024-05-02"})
    assert connect(private_token=made.token).http_get("/user")["username"] == "eve"
    assert names(tokens.list(state="active")) == ["support", "night"]
    made.delete()
    assert (tokens.get(made.id).revoked, tokens.get(made.id).active) == (True, False)
    assert names(tokens.list(state="inactive")) == ["night"]
    assert refused(gitlab.GitlabGetError, tokens.get, 999)[0] == 404


@pytest.mark.parametrize(("kind", "path"), [("projects", "acme/rocket"), ("groups", "acme")])
def test_tokens_of_projects_and_groups_act_as_bots(ada: Any, connect: Connect, kind: str, path: str) -> None:
    owner = getattr(ada, kind).get(path)
    made = owner.access_tokens.create(
        {"name": "deployer", "scopes": ["api"], "access_level": 30, "expires_at": "2024-12-31"}
    )
    assert (made.access_level, made.resource_type, made.resource_id) == (30, kind[:-1], owner.id)
    bot = connect(private_token=made.token).http_get("/user")
    assert (bot["name"], bot["bot"], bot["id"]) == ("deployer", True, made.user_id)
    assert made.user_id in [member.id for member in owner.members.list(get_all=True)]
    assert names(owner.access_tokens.list())[-1] == "deployer"
    rotated = owner.access_tokens.get(made.id).rotate()
    assert connect(private_token=rotated["token"]).http_get("/user")["id"] == made.user_id
    owner.access_tokens.delete(rotated["id"])
    assert refused(gitlab.GitlabAuthenticationError, connect(private_token=rotated["token"]).auth)[0] == 401


def test_a_bot_writes_under_its_name(connect: Connect) -> None:
    issue = connect(private_token="rocket-bot").projects.get(1).issues.create({"title": "Nightly build failed"})
    assert issue.author["name"] == "rocket bot"
    assert issue.author["username"].startswith("project_1_bot_")


def test_tokens_of_a_project_are_for_its_maintainers(bob: Any, connect: Connect) -> None:
    token = {"name": "x", "scopes": ["api"], "expires_at": "2024-12-31"}
    assert names(bob.projects.get(1).access_tokens.list()) == ["rocket bot"]
    above = {**token, "access_level": 50}
    assert refused(gitlab.GitlabCreateError, bob.projects.get(1).access_tokens.create, above)[0] == 400
    eve = connect("eve").projects.get(1).access_tokens
    assert refused(gitlab.GitlabAuthenticationError, eve.list) == (401, "401 Unauthorized")
    assert refused(gitlab.GitlabGetError, bob.projects.get(1).access_tokens.get, 999)[0] == 404


def test_a_token_must_end_within_a_year(ada: Any) -> None:
    token = {"name": "x", "scopes": ["api"], "expires_at": "2030-01-01"}
    status, message = refused(gitlab.GitlabCreateError, ada.projects.get(1).access_tokens.create, token)
    assert status == 400
    assert "2025-05-01" in str(message)
