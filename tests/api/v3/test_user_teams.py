from typing import Any

import pytest

from tests.support import Api, names, refused, seen

TEAM = {"id": 1, "name": "Pilots", "path": "pilots", "owner_id": 1}
NOT_FOUND = (404, {"message": "404 Not Found"})
RECORD_NOT_FOUND = (404, {"message": "404 Not found"})
CREATED = "2024-05-01T09:00:00.000Z"
NORA = {
    "id": 6,
    "username": "nora",
    "email": "nora@example.com",
    "name": "Nora Nobody",
    "state": "active",
    "created_at": CREATED,
    "access_level": 40,
}
AS_MEMBER = {"user_id": 6, "access_level": 40}
AS_PROJECT = {"project_id": 1, "greatest_access_level": 30}


@pytest.fixture
def teamed(world: Api) -> Api:
    """A world with the team pilots (1), in which nobody is."""
    assert seen(world.post("user_teams", name="Pilots", path="pilots")) == (201, TEAM)
    return world


def test_a_team_is_seen_by_who_is_in_it(teamed: Api) -> None:
    assert teamed.get("user_teams", "nora").json == []
    assert seen(teamed.get("user_teams/1", "nora")) == NOT_FOUND
    teamed.post("user_teams/1/members", **AS_MEMBER)
    for by in ("root", "nora"):
        assert seen(teamed.get("user_teams", by)) == (200, [TEAM])
        assert seen(teamed.get("user_teams/1", by)) == (200, TEAM)
    assert seen(teamed.get("user_teams/1328", "nora")) == RECORD_NOT_FOUND
    assert seen(teamed.get("user_teams", None)) == (401, {"message": "401 Unauthorized"})


@pytest.mark.parametrize("given", [{"name": "Pilots", "path": "other"}, {"name": "Other", "path": "pilots"}])
def test_a_team_of_another_name_and_path_is_made(teamed: Api, given: dict[str, str]) -> None:
    assert seen(teamed.post("user_teams", **given)) == NOT_FOUND


@pytest.mark.parametrize(
    ("path", "given", "missing"),
    [
        ("user_teams", {"path": "x"}, "name"),
        ("user_teams", {"name": "x"}, "path"),
        ("user_teams/1/members", {"access_level": 30}, "user_id"),
        ("user_teams/1/members", {"user_id": 6}, "access_level"),
        ("user_teams/1/projects", {"greatest_access_level": 30}, "project_id"),
        ("user_teams/1/projects", {"project_id": 1}, "greatest_access_level"),
    ],
)
def test_teams_need_all_of_these(teamed: Api, path: str, given: dict[str, Any], missing: str) -> None:
    assert refused(teamed.post(path, **given)) == f'400 (Bad request) "{missing}" not given'


def test_teams_are_administered_by_administrators(teamed: Api) -> None:
    teamed.post("user_teams/1/members", **AS_MEMBER)
    writes = [("POST", "user_teams"), *(("POST", f"user_teams/1/{part}") for part in ("members", "projects"))]
    for method, path in [*writes, ("DELETE", "user_teams/1/members/6"), ("DELETE", "user_teams/1/projects/1")]:
        assert seen(teamed.request(method, path, "nora")) == (403, {"message": "403 Forbidden"})


def test_a_member_is_added_and_removed(teamed: Api) -> None:
    assert seen(teamed.post("user_teams/1/members", **AS_MEMBER)) == (201, NORA)
    assert seen(teamed.get("user_teams/1/members", "nora")) == (200, [NORA])
    assert seen(teamed.get("user_teams/1/members/6", "nora")) == (200, NORA)
    assert seen(teamed.get("user_teams/1/members/2", "nora")) == NOT_FOUND
    row = {"id": 1, "user_id": 6, "user_team_id": 1, "group_admin": False, "permission": 40}
    gone = (200, {**row, "created_at": CREATED, "updated_at": CREATED})
    assert seen(teamed.delete("user_teams/1/members/6")) == gone
    assert seen(teamed.delete("user_teams/1/members/6")) == NOT_FOUND


def test_a_project_is_assigned_and_taken_away(teamed: Api) -> None:
    shown = teamed.post("user_teams/1/projects", **AS_PROJECT)
    known = teamed.get("projects/1").json
    own = {"wall_enabled": False, "greatest_access_level": 30}
    assert (shown.status, shown.json) == (201, {name: {**known, **own}[name] for name in shown.json})
    assert len(shown.json) == 20
    assert seen(teamed.get("user_teams/1/projects")) == (200, [shown.json])
    assert seen(teamed.get("user_teams/1/projects/1")) == (200, shown.json)
    assert seen(teamed.get("user_teams/1/projects/2")) == NOT_FOUND
    row = {"id": 1, "project_id": 1, "user_team_id": 1, "greatest_access": 30}
    gone = (200, {**row, "created_at": CREATED, "updated_at": CREATED})
    assert seen(teamed.delete("user_teams/1/projects/1")) == gone
    assert seen(teamed.delete("user_teams/1/projects/1")) == NOT_FOUND


@pytest.mark.parametrize(
    ("part", "given", "level", "wrong"),
    [
        ("members", AS_MEMBER, "access_level", "Wrong access level"),
        ("projects", AS_PROJECT, "greatest_access_level", "Wrong greatest_access_level"),
    ],
)
def test_what_is_there_or_is_nothing_is_not_added(
    teamed: Api, part: str, given: dict[str, int], level: str, wrong: str
) -> None:
    path, key = f"user_teams/1/{part}", next(iter(given))
    for number in (50, 1234):
        assert seen(teamed.post(path, **{**given, level: number})) == (422, {"message": wrong})
    assert seen(teamed.post(path, **{**given, key: 99})) == RECORD_NOT_FOUND
    assert teamed.post(path, **given).status == 201
    assert seen(teamed.post(path, **given)) == (409, {"message": "Already exists"})
    assert seen(teamed.post(f"user_teams/9/{part}", **given)) == RECORD_NOT_FOUND


def test_a_team_makes_its_members_those_of_its_projects(teamed: Api) -> None:
    teamed.post("user_teams/1/members", **AS_MEMBER)
    teamed.post("user_teams/1/projects", **AS_PROJECT)
    assert names(teamed.get("projects/1/members", "nora"), "access_level") == [30]
    teamed.post("user_teams/1/members", user_id=4, access_level=20)
    assert names(teamed.get("projects/1/members", "nora"), "access_level") == [30, 20]
    teamed.delete("user_teams/1/projects/1")
    assert names(teamed.get("projects/1/members", "nora"), "username") == ["nora", "rex"]


def test_the_highest_role_of_several_teams_counts(teamed: Api) -> None:
    teamed.post("user_teams", name="Crew", path="crew")
    for team, level in ((1, 20), (2, 40)):
        teamed.post(f"user_teams/{team}/members", user_id=6, access_level=level)
        teamed.post(f"user_teams/{team}/projects", project_id=1, greatest_access_level=40)
    assert names(teamed.get("projects/1/members", "nora"), "access_level") == [40]
    teamed.post("user_teams/1/members", user_id=3, access_level=10)
    assert names(teamed.get("projects/1/members", "nora"), "access_level") == [40, 10]


def test_a_team_loses_users_and_projects_that_go(teamed: Api) -> None:
    teamed.post("user_teams/1/members", **AS_MEMBER)
    teamed.post("user_teams/1/projects", **AS_PROJECT)
    teamed.delete("users/6")
    teamed.delete("projects/1")
    assert teamed.get("user_teams/1/members").json == teamed.get("user_teams/1/projects").json == []
