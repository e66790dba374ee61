from typing import Any

import pytest

from mockgitlab.api.models.group import Group
from mockgitlab.scenario.problems import ScenarioError
from tests.support import WORLD, Api, names


def api_of(*groups: dict[str, Any]) -> Api:
    return Api({**WORLD, "groups": list(groups), "projects": []})


def problem_of(*groups: dict[str, Any]) -> str:
    with pytest.raises(ScenarioError) as caught:
        api_of(*groups)
    return str(caught.value)


def test_subgroups_stand_in_their_group_or_have_a_full_path() -> None:
    nested = {"path": "acme", "subgroups": [{"path": "labs", "subgroups": [{"path": "deep"}]}]}
    flat = [{"path": "acme"}, {"path": "acme/labs"}, {"path": "acme/labs/deep"}]
    expected = ["acme", "acme/labs", "acme/labs/deep"]
    for api in (api_of(nested), api_of(*flat)):
        assert names(api.get("groups", order_by="id"), "full_path") == expected


def test_a_subgroup_is_as_visible_as_its_parent_unless_told() -> None:
    api = api_of({"path": "a", "visibility": "public"}, {"path": "a/b"}, {"path": "a/c", "visibility": "private"})
    assert names(api.get("groups"), "visibility") == ["public", "public", "private"]


def test_members_are_a_mapping_or_a_list() -> None:
    api = api_of(
        {"path": "a", "members": {"ada": "owner", "bob": 30}},
        {"path": "b", "members": [{"user": "ada", "access": "Guest", "expires_at": "2030-01-01"}]},
    )
    assert names(api.get("groups/1/members"), "access_level") == [50, 30]
    assert [(one["access_level"], one["expires_at"]) for one in api.get("groups/2/members").json] == [
        (10, "2030-01-01")
    ]


def test_groups_are_shared_with_groups_declared_before() -> None:
    api = api_of({"path": "crew"}, {"path": "top", "shared_with": [{"group": "crew", "access": "reporter"}]})
    assert api.get("groups/2").json["shared_with_groups"] == [
        {
            "group_id": 1,
            "group_name": "crew",
            "group_full_path": "crew",
            "group_access_level": 20,
            "expires_at": None,
        }
    ]


def test_settings_can_be_given() -> None:
    api = api_of(
        {"path": "a", "name": "Alpha", "project_creation_level": "owner", "marked_for_deletion_on": "2024-04-30"}
    )
    shown = api.get("groups/1").json
    assert (shown["name"], shown["project_creation_level"]) == ("Alpha", "owner")
    assert shown["marked_for_deletion_on"] == "2024-04-30"


@pytest.mark.parametrize(
    ("group", "text"),
    [
        ({"name": "x"}, "is missing: a group needs one"),
        ({"path": "none/x"}, "needs a parent group none, declared before"),
        ({"path": "secrets/x"}, "needs a parent group secrets, declared before; did you mean 'secret/x'?"),
        ({"path": "a b"}, "groups[2].path: can have letters, digits, '_', '-' and '.' alone, not 'a b'"),
        ({"path": "x", "id": 0}, "groups[2].id: must be a whole number from 1, not 0"),
        ({"path": "x", "visibility": "Private"}, "not 'Private'; did you mean 'private'?"),
        ({"path": "Open"}, "is taken: Open"),
        ({"path": "ada"}, "is taken: ada"),
        ({"path": "secret/x", "visibility": "public"}, "is public, and the group above is private"),
        ({"path": "x", "members": "ada"}, "must map usernames to roles"),
        ({"path": "x", "members": {"ada": "boss"}}, "members.ada: has the role 'boss' for ada, no role of GitLab"),
        ({"path": "x", "members": {"ada": "mantainer"}}, "developer, maintainer, owner; did you mean 'maintainer'?"),
        ({"path": "x", "members": {"adda": "owner"}}, "groups[2].members.adda: there is no user 'adda'"),
        ({"path": "x", "members": [{"user": "ada", "role": "owner"}]}, "has role; an item has user, access and"),
        ({"path": "x", "members": [{"user": "ada", "access": "owner", "expires_at": "soon"}]}, "members[0]: has expi"),
        ({"path": "x", "shared_with": [{"group": "y", "access": 10}]}, "there is no group 'y'"),
        ({"path": "x", "shared_with": {"open": 10}}, "must list groups"),
    ],
)
def test_what_is_wrong_with_a_group_is_told(group: dict[str, Any], text: str) -> None:
    before = [{"path": "open", "visibility": "public"}, {"path": "secret"}]
    assert text in problem_of(*before, group)


def test_ten_thousand_groups_are_made_one_by_one() -> None:
    api = api_of({"path": "g{n}", "repeat": 10_000})
    assert api.store[Group].where(kind="group").count() == 10_000
    assert api.get("groups/g9999").json["id"] == 9999
