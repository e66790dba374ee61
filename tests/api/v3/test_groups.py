from typing import Any

import pytest

from tests.api.v3.conftest import ROCKET
from tests.support import Api, names, refused, seen

ACME = {
    "id": 1,
    "name": "acme",
    "path": "acme",
    "description": "",
    "visibility_level": 0,
    "lfs_enabled": True,
    "avatar_url": None,
    "web_url": "http://localhost/groups/acme",
    "request_access_enabled": True,
}
BOBS = {**ACME, "id": 4, "name": "Bobs", "path": "bobs", "web_url": "http://localhost/groups/bobs"}
SIZES = dict.fromkeys(("storage_size", "repository_size", "lfs_objects_size", "build_artifacts_size"), 0)
FORBIDDEN = (403, {"message": "403 Forbidden"})

# Lists


def test_groups_are_listed_with_their_level_of_visibility(world: Api) -> None:
    assert seen(world.get("groups", "bob")) == (200, [ACME])
    assert seen(world.get("groups", None)) == (401, {"message": "401 Unauthorized"})


@pytest.mark.parametrize(
    ("by", "given", "found"),
    [
        ("root", {}, ["acme", "labs", "open"]),
        ("root", {"sort": "desc", "order_by": "path"}, ["open", "labs", "acme"]),
        ("root", {"search": "AB"}, []),
        ("root", {"search": "lab"}, ["labs"]),
        ("root", {"skip_groups[]": 2}, ["acme", "open"]),
        ("bob", {"all_available": True}, ["acme", "labs", "open"]),
        ("nora", {"all_available": True}, ["open"]),
        ("nora", {}, []),
    ],
)
def test_groups_are_found(world: Api, by: str, given: dict[str, Any], found: list[str]) -> None:
    assert names(world.get("groups", by, **given), "path") == found


def test_groups_are_ordered_by_name_or_path_alone(world: Api) -> None:
    answer = world.get("groups", order_by="id")
    assert seen(answer) == (400, {"error": "order_by does not have a valid value"})


def test_own_groups_are_those_with_the_user_as_owner(world: Api) -> None:
    assert names(world.get("groups/owned", "ada"), "path") == ["acme"]
    assert world.get("groups/owned", "bob").json == []
    assert world.get("groups/owned").json == []


def test_statistics_are_for_administrators_and_owners(world: Api) -> None:
    assert world.get("groups", statistics=True).json[0] == {**ACME, "statistics": SIZES}
    assert world.get("groups", "ada", statistics=True).json == [ACME]
    assert world.get("groups/owned", "ada", statistics=True).json == [{**ACME, "statistics": SIZES}]


def test_the_projects_of_a_group_are_listed(world: Api) -> None:
    world.post("projects", "ada", name="apollo", namespace_id=1)
    assert names(world.get("groups/acme/projects", "bob"), "path") == ["apollo", "rocket"]
    assert names(world.get("groups/acme/projects", "bob", order_by="name", sort="asc"), "path") == ["apollo", "rocket"]
    assert names(world.get("groups/acme/projects", "bob", search="apol"), "path") == ["apollo"]
    assert world.get("groups/acme/projects", "bob", visibility="public").json == []
    world.post("projects/1/archive", "ada")
    assert names(world.get("groups/acme/projects", "bob", archived=True), "path") == ["rocket"]


def test_the_projects_of_a_group_are_listed_shortly(world: Api) -> None:
    assert world.get("groups/acme/projects", "bob", simple=True).json == [ROCKET]


# One group


def test_a_group_is_shown_with_its_projects(world: Api) -> None:
    world.post("projects/2/share", group_id=1, group_access=30)
    shown = world.get("groups/acme", "bob").json
    own, shared = shown.pop("projects"), shown.pop("shared_projects")
    assert shown == ACME
    assert own == world.get("groups/1/projects", "bob", search="rocket").json
    assert [project["path_with_namespace"] for project in shared] == ["open/source"]
    assert "builds_enabled" in shared[0]
    assert seen(world.get("groups/acme", "nora")) == (404, {"message": "404 Group Not Found"})


def test_a_group_is_made(world: Api) -> None:
    answer = world.post("groups", "bob", name="Bobs", path="bobs", description="Mine", visibility_level=20)
    assert seen(answer) == (201, {**BOBS, "description": "Mine", "visibility_level": 20})
    assert names(world.get("groups/owned", "bob"), "path") == ["bobs"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"path": "x"}, '400 (Bad request) "name" not given'),
        ({"name": "x"}, '400 (Bad request) "path" not given'),
        ({"name": "x", "path": "acme"}, 'Failed to save group {:path=>["has already been taken"]}'),
    ],
)
def test_a_group_is_refused(world: Api, given: dict[str, str], message: str) -> None:
    assert refused(world.post("groups", "bob", **given)) == message


def test_a_level_that_there_is_not_is_refused(world: Api) -> None:
    answer = world.post("groups", "bob", name="x", path="x", visibility_level=5)
    assert seen(answer) == (400, {"error": "visibility_level does not have a valid value"})


def test_who_may_not_make_groups_makes_none(world: Api) -> None:
    world.put("users/3", can_create_group=False)
    assert seen(world.post("groups", "bob", name="x", path="x")) == FORBIDDEN


def test_an_owner_changes_a_group(world: Api) -> None:
    answer = world.put("groups/acme", "ada", name="Acme", path="acme-inc", visibility_level=20, lfs_enabled=False)
    shown = {name: value for name, value in answer.json.items() if name not in ("projects", "shared_projects")}
    news = {"name": "Acme", "path": "acme-inc", "visibility_level": 20, "lfs_enabled": False}
    assert (answer.status, shown) == (200, {**ACME, **news, "web_url": "http://localhost/groups/acme-inc"})
    assert [project["path_with_namespace"] for project in answer.json["projects"]] == ["acme-inc/rocket"]
    assert refused(world.put("groups/acme-inc", "ada", path="open")) == {"path": ["has already been taken"]}
    assert seen(world.put("groups/acme-inc", "bob", name="x")) == FORBIDDEN


def test_a_deleted_group_is_answered_and_gone_at_once(world: Api) -> None:
    assert seen(world.delete("groups/acme", "bob")) == FORBIDDEN
    assert seen(world.delete("groups/acme", "ada")) == (200, ACME)
    assert seen(world.delete("groups/acme", "ada")) == (404, {"message": "404 Group Not Found"})
    assert seen(world.get("projects/1")) == (404, {"message": "404 Project Not Found"})


def test_administrators_transfer_a_project_into_a_group(world: Api) -> None:
    assert seen(world.post("groups/open/projects/1", "ada")) == FORBIDDEN
    answer = world.post("groups/open/projects/acme%2Frocket")
    moved = [project["path_with_namespace"] for project in answer.json["projects"]]
    assert (answer.status, moved) == (201, ["open/source", "open/rocket"])
    refusal = 'Failed to transfer project {:new_namespace=>["Project is already in this namespace."]}'
    assert refused(world.post("groups/open/projects/1")) == refusal
    assert seen(world.post("groups/open/projects/99")) == (404, {"message": "404 Project Not Found"})


# Namespaces


def test_namespaces_are_those_of_the_user(world: Api) -> None:
    group, own = {"id": 1, "name": "acme", "path": "acme", "kind": "group"}, {"id": 1000003, "name": "Bob Kahn"}
    assert seen(world.get("namespaces", "bob")) == (200, [group, {**own, "path": "bob", "kind": "user"}])
    assert names(world.get("namespaces", "bob", search="KAHN"), "path") == ["bob"]
    assert len(world.get("namespaces").json) == 9
    assert seen(world.get("namespaces", None)) == (401, {"message": "401 Unauthorized"})
