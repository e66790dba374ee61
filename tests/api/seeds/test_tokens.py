from typing import Any

import pytest

from mockgitlab.api.models.member import Member
from mockgitlab.api.models.token import PREFIXES, Token
from mockgitlab.api.models.user import User
from mockgitlab.scenario.problems import ScenarioError
from tests.support import WORLD, Api


def seeded(**token: Any) -> Any:
    """Return the store of a world with one token, and that token."""
    store = Api({**WORLD, "tokens": [token]}).store
    return store, store[Token][1]


def problem(**token: Any) -> str:
    with pytest.raises(ScenarioError) as caught:
        seeded(**token)
    return str(caught.value)


def test_a_token_is_a_personal_one_for_everything_unless_it_says_so() -> None:
    _, token = seeded(token="x", user="ada")
    assert (token.kind, token.user_id, token.scopes, token.value) == ("personal", 2, ("api",), "x")
    assert token.name == "personal token of ada"


def test_everything_about_a_token_can_be_said() -> None:
    said = {
        "name": "ci",
        "description": "For CI",
        "scopes": ["read_api", "sudo"],
        "created_at": "2024-01-01T00:00:00Z",
        "last_used_at": "2024-02-01T00:00:00Z",
        "revoked": True,
    }
    _, token = seeded(token="x", user="ada", expires_at="2024-06-01T00:00:00Z", **said)
    assert (token.name, token.description, token.scopes) == ("ci", "For CI", ("read_api", "sudo"))
    assert (token.created_at, token.last_used_at) == ("2024-01-01T00:00:00.000Z", "2024-02-01T00:00:00.000Z")
    assert (token.expires_at, token.revoked) == ("2024-06-01", True)


OWNERS: dict[str, Any] = {
    "personal": {"user": "ada"},
    "impersonation": {"user": "ada"},
    "oauth": {"user": "ada"},
    "session": {"user": "ada"},
    "job": {"user": "ada"},
    "project": {"project": "acme/rocket"},
    "group": {"group": "acme"},
    "deploy": {"group": "acme"},
    "trigger": {"project": "acme/rocket"},
    "ci_project": {"project": "acme/rocket"},
    "runner": {},
    "registration": {},
}


@pytest.mark.parametrize("kind", PREFIXES)
def test_a_token_of_any_kind_gets_a_secret_when_it_has_none(kind: str) -> None:
    _, token = seeded(kind=kind, **OWNERS[kind])
    assert token.value.startswith(PREFIXES[kind])
    assert len(token.value) == len(PREFIXES[kind]) + 20
    assert token.value not in token.name


@pytest.mark.parametrize("kind", [kind for kind, owner in OWNERS.items() if owner])
def test_a_token_needs_the_owner_that_its_kind_has(kind: str) -> None:
    assert f"whose {kind} token is it?" in problem(token="x", kind=kind)


@pytest.mark.parametrize(("given", "level"), [({}, 40), ({"access_level": 20}, 20), ({"access_level": "owner"}, 50)])
@pytest.mark.parametrize("kind", ["project", "group"])
def test_project_and_group_tokens_act_as_a_bot_that_is_a_member(kind: str, given: Any, level: int) -> None:
    store, token = seeded(token="x", kind=kind, name="R2", **OWNERS[kind], **given)
    bot = store[User][token.user_id]
    (member,) = store[Member].where(user_id=bot.id)
    assert (bot.name, bot.user_type, token.access_level) == ("R2", "project_bot", level)
    assert (member.source_id, member.access_level) == (1, level)
    assert member.source_type == ("Project" if kind == "project" else "Namespace")


@pytest.mark.parametrize("level", [0, 7, "boss", "no access", "minimal"])
def test_a_bot_needs_a_role_that_there_is(level: Any) -> None:
    told = problem(token="x", kind="project", project="acme/rocket", access_level=level)
    assert f"is {level!r}, no role of GitLab: guest (10), planner (15)" in told


def test_a_bot_is_not_chosen() -> None:
    assert "acts as a bot user of its own" in problem(token="x", kind="group", group="acme", user="ada")


def test_other_tokens_have_no_level() -> None:
    assert "is for project and group tokens" in problem(token="x", user="ada", access_level=30)


@pytest.mark.parametrize(
    ("token", "told"),
    [
        ({"user": "ada", "scopes": ["read_apis"]}, "read_api"),
        ({"user": "ada", "scopes": ["api", "reed_user"]}, "read_user"),
        ({"user": "ada", "scopes": ["openid"]}, "no scope of personal tokens"),
        ({"user": "ada", "scopes": ["zzz"]}, "has zzz, no scope of personal tokens: api, read_api"),
        ({"kind": "project", "project": "acme/rocket", "scopes": ["sudo"]}, "no scope of project tokens"),
        ({"kind": "deploy", "project": "acme/rocket", "scopes": ["api"]}, "no scope of deploy tokens"),
        ({"kind": "session", "user": "ada", "scopes": ["api"]}, "session tokens have none"),
        ({"kind": "job", "user": "ada", "scopes": ["api"]}, "job tokens have none"),
    ],
)
def test_a_scope_that_there_is_not_is_told_with_the_nearest(token: Any, told: str) -> None:
    assert told in problem(token="x", **token)


def test_oauth_tokens_have_further_scopes() -> None:
    _, token = seeded(token="x", kind="oauth", user="ada", scopes=["openid", "api"])
    assert token.scopes == ("openid", "api")


@pytest.mark.parametrize("value", ["", " x", 12])
def test_a_secret_is_a_text_that_can_be_sent(value: Any) -> None:
    assert "must be a string" in problem(token=value, user="ada")


def test_a_secret_is_given_once() -> None:
    with pytest.raises(ScenarioError, match="is given twice: ada-token"):
        Api({**WORLD, "tokens": [*WORLD["tokens"], {"token": "ada-token", "user": "bob"}]})


def test_a_user_that_there_is_not_is_told() -> None:
    assert "adda" in problem(token="x", user="adda")


def test_a_kind_that_there_is_not_is_told() -> None:
    assert "kind" in problem(token="x", user="ada", kind="secret")
