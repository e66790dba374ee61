"""Roles and what they open: the matrix of ways to a role, and what each role may do."""

import copy
from typing import Any

import pytest

from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from tests.support import WORLD, Api

ROLES = ("guest", "planner", "reporter", "developer", "maintainer", "owner")
SHARES = {
    **WORLD,
    "groups": [
        {"path": "crew", "members": {"ada": "owner", "bob": "reporter"}},
        {"path": "crew/inner", "members": {"rex": "developer"}},
        {"path": "top", "shared_with": [{"group": "crew", "access": "developer"}]},
        {"path": "top/below"},
        {"path": "late", "shared_with": [{"group": "crew", "access": "owner", "expires_at": "2024-05-01"}]},
        {"path": "gone", "members": [{"user": "gil", "access": "owner", "expires_at": "2024-05-01"}]},
    ],
    "projects": [
        {"path": "top/tool"},
        {"path": "top/below/deep"},
        {"path": "gone/with"},
        {"path": "crew/inner/part", "members": {"nora": "reporter"}},
        {"path": "ada/own", "members": {"gil": "guest"}},
    ],
}


@pytest.fixture
def shares() -> Api:
    return Api(SHARES)


def level(api: Api, username: str, path: str) -> int:
    user = api.store[User].find(username=username)
    project = api.store[Project].find(full_path=path)
    if project is not None:
        return access.project_level(api.store, user, project)
    return access.group_level(api.store, user, api.store[Group].find(full_path=path))


@pytest.mark.parametrize(
    ("username", "path", "expected"),
    [
        ("ada", "crew", 50),
        ("ada", "crew/inner", 50),  # from the group above
        ("rex", "crew/inner", 30),
        ("rex", "crew", 0),  # nothing comes from below
        ("ada", "top", 30),  # at most what the share allows
        ("bob", "top", 20),  # at most what he has in the invited group
        ("ada", "top/below", 30),  # a share counts below
        ("ada", "top/below/deep", 30),
        ("bob", "top/tool", 20),
        ("rex", "top", 0),  # of an invited group only the direct members
        ("ada", "late", 0),  # the share is over
        ("gil", "gone", 0),  # the membership is over
        ("gil", "gone/with", 0),
        ("nora", "crew/inner/part", 20),
        ("nora", "crew/inner", 0),
        ("ada", "ada/own", 50),  # the personal namespace
        ("gil", "ada/own", 10),
        ("root", "ada/own", 50),  # an administrator
    ],
)
def test_a_role_comes_from_memberships_groups_above_and_shares(
    shares: Api, username: str, path: str, expected: int
) -> None:
    assert level(shares, username, path) == expected


def test_a_blocked_user_has_no_role_and_sees_what_everybody_sees(shares: Api) -> None:
    shares.store.update(shares.store[User].find(username="ada"), state="blocked")
    ada = shares.store[User].find(username="ada")
    assert level(shares, "ada", "crew") == 0
    assert access.visible_group_ids(shares.store, ada) == frozenset()


def test_a_role_ends_with_its_last_day(shares: Api) -> None:
    member = shares.store[Member].where(user_id=3).first()
    shares.store.update(member, expires_at="2024-05-03")
    assert level(shares, "bob", "crew") == 20
    shares.store.set_clock("2024-05-03T00:00:00Z")
    assert level(shares, "bob", "crew") == 0


def test_the_groups_around_a_project_are_known_to_its_members(shares: Api) -> None:
    nora = shares.store[User].find(username="nora")
    known = {shares.store[Group][one].full_path for one in access.visible_group_ids(shares.store, nora)}
    assert known == {"crew", "crew/inner"}
    assert shares.get("groups/crew", "nora").status == 200
    assert shares.get("groups/top", "nora").status == 404


def test_what_everybody_may_see_depends_on_the_visibility() -> None:
    world = copy.deepcopy(WORLD)
    world["groups"].append({"path": "inside", "visibility": "internal"})
    world["users"].append({"username": "eve", "external": True})
    world["tokens"].append({"token": "eve-token", "user": "eve"})
    api = Api(world)
    seen = {who: api.get("groups/inside", who).status for who in ("nora", "eve", None)}
    assert seen == {"nora": 200, "eve": 404, None: 404}
    assert [api.get("groups/open", who).status for who in ("nora", "eve", None)] == [200, 200, 200]


def test_a_hidden_group_is_not_found_whatever_is_asked_of_it(api: Api) -> None:
    for answer in (
        api.get("groups/1", "nora"),
        api.get("groups/acme", None),
        api.put("groups/1", "nora", name="x"),
        api.delete("groups/1", "nora"),
        api.get("groups/1/members", "nora"),
        api.get("groups/1/subgroups", "nora"),
    ):
        assert (answer.status, answer.json) == (404, {"message": "404 Group Not Found"})
    assert "nora is no member" in api.get("groups/1", "nora").headers["X-Mockgitlab-Reason"]


def world_of_roles() -> dict[str, Any]:
    people = [{"username": role} for role in ROLES]
    tokens = [{"token": f"{role}-token", "user": role} for role in ROLES]
    return {
        "mockgitlab": 1,
        "users": [{"username": "root", "admin": True}, *people],
        "groups": [{"path": "acme", "members": {role: role for role in ROLES}}, {"path": "acme/labs"}],
        "projects": [{"path": "acme/rocket"}],
        "tokens": [{"token": "root-token", "user": "root", "scopes": ["api"]}, *tokens],
    }


@pytest.mark.parametrize(
    ("method", "path", "given", "least"),
    [
        ("GET", "groups/1", {}, "guest"),
        ("GET", "groups/1/members", {}, "guest"),
        ("PUT", "groups/1", {"name": "New"}, "owner"),
        ("DELETE", "groups/2", {}, "owner"),
        ("POST", "groups", {"name": "x", "path": "x", "parent_id": 1}, "maintainer"),
        ("POST", "groups/2/transfer", {}, "owner"),
        ("GET", "groups/1/transfer_locations", {}, "owner"),
        ("POST", "groups/1/share", {"group_id": 2, "group_access": 10}, "owner"),
        ("POST", "groups/1/members", {"user_id": 1, "access_level": 10}, "owner"),
        ("PUT", "groups/1/members/2", {"access_level": 15}, "owner"),
        ("GET", "groups/1/access_requests", {}, "owner"),
        ("POST", "projects/1/members", {"user_id": 1, "access_level": 10}, "maintainer"),
        ("POST", "projects/1/members", {"user_id": 1, "access_level": 50}, "owner"),
        ("GET", "projects/1/access_requests", {}, "maintainer"),
    ],
)
def test_who_may_do_what_in_a_group(method: str, path: str, given: dict[str, Any], least: str) -> None:
    answers = {role: Api(world_of_roles()).request(method, path, role, **given).status for role in ROLES}
    refused = ROLES[: ROLES.index(least)]
    assert {role for role, status in answers.items() if status == 403} == set(refused)
    assert all(answers[role] < 400 for role in ROLES if role not in refused)


@pytest.mark.parametrize(
    ("setting", "allowed"),
    [
        ("noone", ()),
        ("owner", ("owner",)),
        ("maintainer", ("maintainer", "owner")),
        ("developer", ("developer", "maintainer", "owner")),
        ("administrator", ()),
    ],
)
def test_who_creates_projects_is_the_groups_setting(setting: str, allowed: tuple[str, ...]) -> None:
    api = Api(world_of_roles())
    group = api.store.update(api.store[Group][1], project_creation_level=setting)
    users = {user.username: user for user in api.store[User].all()}
    able = [role for role in ROLES if access.may_create_projects(api.store, users[role], group)]
    assert tuple(able) == allowed
    assert access.may_create_projects(api.store, users["root"], group)


def test_writing_an_issue_leaves_what_is_known_of_visible_projects(api: Api) -> None:
    ada = api.store[User].find(username="ada")
    known = access.visible_project_ids(api.store, ada)
    api.store.update(api.store[Project][1], last_activity_at="2030-01-01T00:00:00.000Z")
    assert access.visible_project_ids(api.store, ada) is known
    api.store.update(api.store[Project][2], visibility="private")
    assert access.visible_project_ids(api.store, ada) == known - {2}
