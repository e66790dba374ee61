import copy
from typing import Any

import pytest

from tests.support import WORLD, Api, names

PATH = "groups/1/billable_members"
BAD = (400, {"message": "400 Bad request"})


@pytest.fixture
def api() -> Api:
    """The world with nora in a project of acme, and a crew of one invited to acme/labs."""
    world = copy.deepcopy(WORLD)
    world["users"] += [{"username": "zoe", "name": "Zoe", "public_email": "zoe@example.com"}, {"username": "bot"}]
    world["users"][-1]["user_type"] = "service_account"
    world["groups"][0]["members"]["bot"] = "developer"
    world["groups"] += [{"path": "crew", "members": {"zoe": "owner", "bob": "developer"}}]
    world["projects"][0]["members"] = {"nora": "maintainer", "bob": "maintainer"}
    api = Api(world)
    api.post("groups/2/share", group_id=4, group_access=20)
    return api


def test_who_takes_a_seat_is_listed_with_how_and_until_when(api: Api) -> None:
    answer = api.get(PATH, "ada")
    assert names(answer, "username") == ["ada", "bob", "rex", "gil", "nora", "zoe"]
    assert [one["membership_type"] for one in answer.json] == ["group_member"] * 4 + ["project_member", "group_invite"]
    assert [one["removable"] for one in answer.json] == [True] * 5 + [False]
    shown = {key: value for key, value in answer.json[0].items() if key != "avatar_url"}
    assert shown == {
        "id": 2,
        "username": "ada",
        "public_email": None,
        "name": "Ada Lovelace",
        "state": "active",
        "locked": False,
        "web_url": "http://localhost/ada",
        "email": None,
        "last_activity_on": "2024-05-01",
        "membership_type": "group_member",
        "removable": True,
        "created_at": "2024-05-01T09:00:00.000Z",
        "is_last_owner": True,
        "last_login_at": None,
    }
    assert [one["email"] for one in answer.json[4:]] == [None, "zoe@example.com"]
    assert api.get(PATH).json[0]["email"] == "ada@example.com"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"search": "lovelace"}, ["ada"]),
        ({"search": "zoe@example.com"}, ["zoe"]),
        ({"sort": "name_desc", "per_page": 2}, ["zoe", "rex"]),
        ({"sort": "access_level_desc", "per_page": 3}, ["ada", "bob", "nora"]),
        ({"sort": "access_level_asc", "per_page": 2}, ["zoe", "gil"]),
        ({"page": 2, "per_page": 4}, ["nora", "zoe"]),
    ],
)
def test_billable_members_are_narrowed_and_sorted(api: Api, given: dict[str, Any], expected: list[str]) -> None:
    assert names(api.get(PATH, "ada", **given), "username") == expected


def test_the_direct_memberships_of_a_billable_member_are_listed(api: Api) -> None:
    answer = api.get(f"{PATH}/3/memberships", "ada")
    group, project = answer.json
    assert group == {
        "id": group["id"],
        "source_id": 1,
        "source_full_name": "acme",
        "source_members_url": "http://localhost/groups/acme/-/group_members",
        "created_at": "2024-05-01T09:00:00.000Z",
        "expires_at": None,
        "access_level": {"string_value": "Developer", "integer_value": 30, "custom_role": None},
    }
    assert project["source_full_name"] == "acme / rocket"
    assert project["source_members_url"] == "http://localhost/acme/rocket/-/project_members"
    assert api.get(f"{PATH}/7/memberships", "ada").json == []


def test_the_memberships_in_invited_groups_are_listed_apart(api: Api) -> None:
    assert names(api.get(f"{PATH}/7/indirect", "ada"), "source_full_name") == ["crew"]
    assert names(api.get(f"{PATH}/3/indirect", "ada"), "source_id") == [4]
    assert api.get(f"{PATH}/2/indirect", "ada").json == []


def test_who_takes_no_seat_is_not_found(api: Api) -> None:
    answer = api.get(f"{PATH}/1/memberships", "ada")
    assert (answer.status, answer.json) == (404, {"message": "404 User Not Found"})
    answer = api.get(f"{PATH}/99/memberships", "ada")
    assert (answer.status, answer.json) == (404, {"message": "404 Not found"})


def test_only_owners_of_a_top_level_group_see_them(api: Api) -> None:
    for path, as_ in ((PATH, "bob"), ("groups/2/billable_members", "ada"), (f"{PATH}/3/memberships", "bob")):
        answer = api.get(path, as_)
        assert (answer.status, answer.json) == BAD


def test_a_billable_member_is_removed_from_everything_inside(api: Api) -> None:
    assert api.delete(f"{PATH}/3", "ada").status == 204
    assert api.get("groups/1/members/3", "ada").status == 404
    assert api.get("projects/1/members/3", "ada").status == 404
    refused = api.delete(f"{PATH}/4", "nora")
    assert (refused.status, refused.json) == (400, {"message": "400 Bad request - User not authorized"})
    refused = api.delete("groups/2/billable_members/4", "ada")
    assert (refused.status, refused.json) == (400, {"message": "400 Bad request - Must be a root namespace"})


def test_namespaces_count_the_same_seats(api: Api) -> None:
    assert api.get("namespaces/acme", "ada").json["billable_members_count"] == 6
