import copy
from typing import Any

import pytest

from tests.support import WORLD, Api, names


@pytest.fixture
def crews() -> Api:
    world = copy.deepcopy(WORLD)
    world["groups"] += [
        {"path": "crew", "visibility": "public", "members": {"nora": "owner"}},
        {"path": "hidden", "visibility": "private"},
    ]
    return Api(world)


def share(api: Api, **given: Any) -> Any:
    return api.post("groups/1/share", "ada", **{"group_id": 4, "group_access": 30, **given})


def test_members_of_an_invited_group_get_in(crews: Api) -> None:
    assert crews.get("groups/1", "nora").status == 404
    answer = share(crews, expires_at="2024-06-01")
    expected = {
        "group_id": 4,
        "group_name": "crew",
        "group_full_path": "crew",
        "group_access_level": 30,
        "expires_at": "2024-06-01",
    }
    assert (answer.status, answer.json["shared_with_groups"]) == (201, [expected])
    assert "projects" not in answer.json
    assert crews.get("groups/1", "nora").status == 200
    assert names(crews.get("groups", "nora")) == ["acme", "crew", "labs"]


def test_a_hidden_group_cannot_be_invited(crews: Api) -> None:
    answer = share(crews, group_id=5)
    assert (answer.status, answer.json) == (404, {"message": "404 Group Not Found"})


def test_a_group_is_invited_once(crews: Api) -> None:
    share(crews)
    answer = share(crews)
    text = "Shared group The group has already been shared with this group"
    assert (answer.status, answer.json) == (409, {"message": text})


def test_sharing_outside_the_hierarchy_can_be_prevented(crews: Api) -> None:
    crews.put("groups/1", "ada", prevent_sharing_groups_outside_hierarchy=True)
    answer = share(crews)
    assert (answer.status, answer.json) == (404, {"message": "Not Found"})
    assert share(crews, group_id=2).status == 201


def test_only_roles_can_be_given(crews: Api) -> None:
    answer = share(crews, group_access=35)
    assert (answer.status, answer.json) == (400, {"error": "group_access does not have a valid value"})


def test_a_share_ends(crews: Api) -> None:
    share(crews)
    assert crews.delete("groups/1/share/4", "bob").json == {"message": "403 Forbidden"}
    assert crews.delete("groups/1/share/4", "ada").status == 204
    assert crews.get("groups/1", "nora").status == 404
    answer = crews.delete("groups/1/share/4", "ada")
    assert (answer.status, answer.json) == (404, {"message": "404 Group Link Not Found"})


def test_both_sides_of_a_share_are_listed(crews: Api) -> None:
    share(crews)
    assert names(crews.get("groups/4/groups/shared", "nora")) == ["acme"]
    assert names(crews.get("groups/1/invited_groups", "nora")) == ["crew"]
    assert names(crews.get("groups/2/invited_groups", "nora")) == ["crew"]
    assert names(crews.get("groups/2/invited_groups", "nora", relation="direct")) == []
    assert names(crews.get("groups/1/invited_groups", "nora", relation="direct,inherited", search="zzz")) == []
    assert names(crews.get("groups/1/invited_groups", "ada", min_access_level=10)) == []


def test_hidden_groups_are_left_out_of_both_lists(crews: Api) -> None:
    crews.post("groups/1/share", group_id=5, group_access=10)
    assert names(crews.get("groups/1/invited_groups", "ada")) == []
    assert crews.get("groups/1", "ada").json["shared_with_groups"] == []
    crews.post("groups/5/share", group_id=4, group_access=10)
    crews.post("groups/3/share", group_id=4, group_access=10)
    assert names(crews.get("groups/4/groups/shared", None)) == ["open"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["acme", "open"]),
        ({"sort": "desc"}, ["open", "acme"]),
        ({"skip_groups": [1]}, ["open"]),
        ({"visibility": "public"}, ["open"]),
        ({"search": "acme"}, ["acme"]),
        ({"min_access_level": 30}, ["acme"]),
        ({"order_by": "id", "sort": "desc"}, ["open", "acme"]),
    ],
)
def test_groups_that_invited_a_group_are_filtered(crews: Api, given: dict[str, Any], expected: list[str]) -> None:
    share(crews)
    crews.post("groups/3/share", group_id=4, group_access=10)
    assert names(crews.get("groups/4/groups/shared", "nora", **given)) == expected
