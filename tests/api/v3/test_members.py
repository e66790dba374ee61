from typing import Any

import pytest

from tests.api.v3.conftest import basic, unpictured
from tests.support import Api, names, refused, seen

NORA = basic(6, "nora", "Nora Nobody")
FORBIDDEN = (403, {"message": "403 Forbidden"})
BOTH = pytest.mark.parametrize("source", ["projects/1", "groups/acme"])


@BOTH
def test_a_member_is_added_changed_and_removed(world: Api, source: str) -> None:
    added = world.post(f"{source}/members", "ada", user_id=6, access_level=30, expires_at="2030-01-01")
    member = {**NORA, "access_level": 30, "expires_at": "2030-01-01"}
    assert (added.status, unpictured(added.json)) == (201, member)
    assert unpictured(world.get(f"{source}/members/6", "rex").json) == member
    changed = world.put(f"{source}/members/6", "ada", access_level=20)
    assert (changed.status, unpictured(changed.json)) == (200, {**member, "access_level": 20})
    assert seen(world.delete(f"{source}/members/6", "ada")) == (200, changed.json)
    assert seen(world.get(f"{source}/members/6", "rex")) == (404, {"message": "404 Not found"})


def test_members_are_listed_and_searched(world: Api) -> None:
    assert names(world.get("groups/acme/members", "gil"), "access_level") == [50, 30, 20, 10]
    assert names(world.get("groups/acme/members", "gil", query="kahn"), "username") == ["bob"]
    assert world.get("projects/1/members", "gil").json == []
    assert seen(world.get("groups/acme/members", "nora")) == (404, {"message": "404 Group Not Found"})
    assert world.get("groups/open/members", "nora").json == []


def test_who_is_a_member_of_a_project_stays_what_he_is(world: Api) -> None:
    first = world.post("projects/1/members", "ada", user_id=6, access_level=30).json
    assert seen(world.post("projects/1/members", "ada", user_id=6, access_level=40)) == (201, first)


def test_who_is_a_member_of_a_group_is_a_conflict(world: Api) -> None:
    answer = world.post("groups/acme/members", "ada", user_id=3, access_level=40)
    assert seen(answer) == (409, {"message": "Member already exists"})


@pytest.mark.parametrize(("source", "level"), [("projects/1", 50), ("projects/1", 15), ("groups/acme", 31)])
def test_other_levels_are_not_known(world: Api, source: str, level: int) -> None:
    unknown = (422, {"message": "Access level is not known"})
    assert seen(world.post(f"{source}/members", "ada", user_id=6, access_level=level)) == unknown
    world.post(f"{source}/members", "ada", user_id=6, access_level=30)
    assert seen(world.put(f"{source}/members/6", "ada", access_level=level)) == unknown


def test_a_member_of_the_group_may_have_a_lower_role_in_a_project(world: Api) -> None:
    assert world.post("projects/1/members", "ada", user_id=3, access_level=10).status == 201


@BOTH
@pytest.mark.parametrize(("given", "missing"), [({"access_level": 30}, "user_id"), ({"user_id": 6}, "access_level")])
def test_a_member_needs_a_user_and_a_level(world: Api, source: str, given: dict[str, Any], missing: str) -> None:
    assert refused(world.post(f"{source}/members", "ada", **given)) == f'400 (Bad request) "{missing}" not given'


@BOTH
def test_members_are_for_who_administers(world: Api, source: str) -> None:
    assert seen(world.post(f"{source}/members", "bob", user_id=6, access_level=30)) == FORBIDDEN
    world.post(f"{source}/members", "ada", user_id=6, access_level=30)
    assert seen(world.put(f"{source}/members/6", "bob", access_level=10)) == FORBIDDEN
    assert seen(world.delete(f"{source}/members/6", "bob")) == FORBIDDEN
    assert world.delete(f"{source}/members/6", "nora").status == 200


def test_a_user_that_is_not_there_becomes_no_member(world: Api) -> None:
    answer = world.post("projects/1/members", "ada", user_id=99, access_level=30)
    assert seen(answer) == (404, {"message": "404 User Not Found"})


def test_to_remove_who_is_no_member_is_fine_in_projects_alone(world: Api) -> None:
    assert seen(world.delete("projects/1/members/6", "ada")) == (200, {"message": "Access revoked", "id": 6})
    missing = (404, {"message": "404 Member: user_id:6 Not Found"})
    assert seen(world.delete("groups/acme/members/6", "ada")) == missing


def test_the_last_owner_stays(world: Api) -> None:
    assert seen(world.delete("groups/acme/members/2", "ada")) == FORBIDDEN


def test_to_leave_a_group_is_not_to_leave_its_projects(world: Api) -> None:
    world.post("projects/1/members", "ada", user_id=3, access_level=30)
    world.delete("groups/acme/members/3", "ada")
    assert names(world.get("projects/1/members", "ada"), "username") == ["bob"]
