import copy
from typing import Any
from urllib.parse import unquote

import pytest

from mockgitlab.api.models.group import Group
from tests.support import WORLD, Api, names

EVERY_GROUP = ["acme", "acme/labs", "open"]
PUBLIC = {
    "id": 3,
    "web_url": "http://localhost/groups/open",
    "name": "open",
    "path": "open",
    "description": "",
    "visibility": "public",
    "share_with_group_lock": False,
    "require_two_factor_authentication": False,
    "two_factor_grace_period": 48,
    "project_creation_level": "developer",
    "auto_devops_enabled": None,
    "subgroup_creation_level": "maintainer",
    "emails_disabled": False,
    "emails_enabled": True,
    "mentions_disabled": None,
    "lfs_enabled": True,
    "math_rendering_limits_enabled": True,
    "lock_math_rendering_limits_enabled": False,
    "default_branch": None,
    "default_branch_protection": 2,
    "default_branch_protection_defaults": {
        "allowed_to_push": [{"access_level": 40}],
        "allow_force_push": False,
        "allowed_to_merge": [{"access_level": 40}],
    },
    "avatar_url": None,
    "request_access_enabled": True,
    "full_name": "open",
    "full_path": "open",
    "created_at": "2024-05-01T09:00:00.000Z",
    "parent_id": None,
    "organization_id": 1,
    "shared_runners_setting": "enabled",
    "ldap_cn": None,
    "ldap_access": None,
    "marked_for_deletion_on": None,
    "wiki_access_level": "enabled",
}


def world(**more: Any) -> dict[str, Any]:
    """Return the world with further groups: a tree in ``acme/labs`` and others to sort."""
    changed = copy.deepcopy(WORLD)
    changed["groups"] += [
        {"path": "acme/labs/deep", "name": "Zeta"},
        {"path": "banana", "name": "apple pie", "visibility": "internal"},
        {"path": "apple", "name": "Banana split", "visibility": "public"},
    ]
    return {**changed, **more}


# Lists


def test_the_groups_of_a_user_are_those_with_a_role(api: Api) -> None:
    assert names(api.get("groups", "gil"), "full_path") == ["acme", "acme/labs"]
    assert names(api.get("groups", "nora"), "full_path") == []


def test_personal_namespaces_are_no_groups(api: Api) -> None:
    assert names(api.get("groups"), "full_path") == EVERY_GROUP
    assert api.get("groups/ada").json == {"message": "404 Group Not Found"}
    assert api.get("groups/1000002").status == 404


def test_without_a_token_only_public_groups_are_listed(api: Api) -> None:
    answer = api.get("groups", None)
    assert answer.json == [PUBLIC]
    assert answer.headers["X-Total"] == "1"


def test_all_available_adds_public_and_internal_groups() -> None:
    api = Api(world())
    assert names(api.get("groups", "nora", all_available=True), "path") == ["banana", "apple", "open"]
    assert names(api.get("groups", "gil", all_available=True), "path") == [
        "acme",
        "banana",
        "apple",
        "labs",
        "open",
        "deep",
    ]


def test_an_administrator_may_ask_for_the_own_groups_only(api: Api) -> None:
    assert names(api.get("groups", all_available=False)) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"owned": True}, ["acme", "acme/labs"]),
        ({"min_access_level": 40}, ["acme", "acme/labs"]),
        ({"top_level_only": True}, ["acme"]),
        ({"skip_groups": "2,3"}, ["acme"]),
        ({"skip_groups[]": 1}, ["acme/labs"]),
        ({"visibility": "public"}, []),
        ({"visibility": "public", "all_available": True}, ["open"]),
        ({"search": "LAB"}, ["acme/labs"]),
        ({"search": "la"}, []),
        ({"marked_for_deletion_on": "2024-05-01"}, []),
        ({"active": True}, ["acme", "acme/labs"]),
        ({"active": False}, []),
        ({"archived": True}, []),
    ],
)
def test_groups_are_filtered(api: Api, given: dict[str, Any], expected: list[str]) -> None:
    assert names(api.get("groups", "ada", **given), "full_path") == expected


def test_ownership_by_being_an_administrator_does_not_count(api: Api) -> None:
    assert names(api.get("groups", owned=True)) == []
    assert names(api.get("groups", "bob", owned=True)) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["acme", "banana", "apple", "labs", "open", "deep"]),
        ({"sort": "desc"}, ["deep", "open", "labs", "apple", "banana", "acme"]),
        ({"order_by": "path"}, ["acme", "apple", "banana", "deep", "labs", "open"]),
        ({"order_by": "path", "sort": "desc"}, ["open", "labs", "deep", "banana", "apple", "acme"]),
        ({"order_by": "id"}, ["acme", "labs", "open", "deep", "banana", "apple"]),
        ({"order_by": "id", "sort": "desc"}, ["apple", "banana", "deep", "open", "labs", "acme"]),
        ({"order_by": "similarity"}, ["acme", "banana", "apple", "labs", "open", "deep"]),
        ({"order_by": "similarity", "search": "apple"}, ["apple", "banana"]),
    ],
)
def test_groups_are_ordered(given: dict[str, Any], expected: list[str]) -> None:
    assert names(Api(world()).get("groups", **given), "path") == expected


def test_equal_names_are_ordered_by_id_in_both_directions() -> None:
    api = Api({**WORLD, "groups": [{"path": path, "name": "Same"} for path in ("one", "two", "three")], "projects": []})
    assert names(api.get("groups"), "id") == names(api.get("groups", sort="desc"), "id") == [1, 2, 3]


def test_a_value_that_is_none_is_refused(api: Api) -> None:
    answer = api.get("groups", order_by="stars")
    assert (answer.status, answer.json) == (400, {"error": "order_by does not have a valid value"})
    assert api.get("groups", "ada", min_access_level=35).json == {
        "error": "min_access_level does not have a valid value"
    }


def test_pages_by_keyset_are_for_anonymous_requests_alone() -> None:
    groups = [{"path": path, "visibility": "public"} for path in ("one", "two", "three")]
    api = Api({**WORLD, "groups": groups, "projects": []})
    first = api.get("groups", None, pagination="keyset", per_page=2)
    assert (names(first, "path"), "X-Total" in first.headers) == (["one", "three"], False)
    link = first.headers["Link"]
    assert 'rel="next"' in link
    cursor = link.split("cursor=")[1].split("&")[0]
    after = api.get("groups", None, pagination="keyset", per_page=2, cursor=unquote(cursor))
    assert names(after, "path") == ["two"]
    signed_in = api.get("groups", pagination="keyset", per_page=2)
    assert (names(signed_in, "path"), signed_in.headers["X-Total"]) == (["one", "three"], "3")


def test_statistics_and_custom_attributes_are_for_administrators() -> None:
    changed = world()
    changed["groups"][0]["custom_attributes"] = {"team": "red"}
    changed["projects"][0]["statistics"] = {"repository_size": 7, "wiki_size": 3}
    api = Api(changed)
    shown = api.get("groups", statistics=True, with_custom_attributes=True, search="acme").json[0]
    assert shown["statistics"]["repository_size"] == 7
    assert shown["statistics"]["storage_size"] == shown["root_storage_statistics"]["storage_size"] == 10
    assert shown["custom_attributes"] == [{"key": "team", "value": "red"}]
    hidden = api.get("groups", "ada", statistics=True, with_custom_attributes=True, search="acme").json[0]
    assert not {"statistics", "custom_attributes", "root_storage_statistics"} & hidden.keys()
    assert names(api.get("groups", **{"custom_attributes[team]": "red"})) == ["acme"]


# One group


def test_a_group_is_found_by_id_and_by_path_in_any_case(api: Api) -> None:
    for path in ("groups/2", "groups/acme%2Flabs", "groups/ACME%2FLabs"):
        assert api.get(path, "gil").json["full_path"] == "acme/labs"


def test_one_group_shows_its_projects_and_what_it_is_shared_with(api: Api) -> None:
    shown = api.get("groups/open", None).json
    projects = shown.pop("projects")
    expected = {
        **PUBLIC,
        "shared_with_groups": [],
        "prevent_sharing_groups_outside_hierarchy": False,
        "shared_projects": [],
        "shared_runners_minutes_limit": None,
        "extra_shared_runners_minutes_limit": None,
        "prevent_forking_outside_group": False,
        "service_access_tokens_expiration_enforced": True,
        "membership_lock": False,
        "ip_restriction_ranges": None,
        "allowed_email_domains_list": None,
    }
    assert shown == expected
    assert [project["path_with_namespace"] for project in projects] == ["open/source"]


def test_projects_can_be_left_out(api: Api) -> None:
    shown = api.get("groups/acme", "ada", with_projects=False).json
    assert not {"projects", "shared_projects"} & shown.keys()


def test_only_owners_see_the_token_of_runners(api: Api) -> None:
    assert api.get("groups/1", "ada").json["runners_token"].startswith("GR1348941")
    assert not {"runners_token", "enabled_git_access_protocol"} & api.get("groups/1", "bob").json.keys()


def test_owners_see_what_gitlab_duo_may_do_and_how_downloads_are_limited(api: Api) -> None:
    told = {"duo_features_enabled": True, "unique_project_download_limit": 0}
    assert api.get("groups/1", "ada").json.items() >= told.items()
    assert not told.keys() & api.get("groups/1", "bob").json.keys()
    assert "unique_project_download_limit" not in api.get("groups/2", "ada").json


def test_administrators_may_ask_for_a_storage_and_no_group_has_one(api: Api) -> None:
    assert names(api.get("groups", repository_storage="default")) == []
    assert names(api.get("groups", "ada", repository_storage="default")) == ["acme", "labs"]
    assert api.get("groups/1").json["repository_storage"] is None
    assert "repository_storage" not in api.get("groups/1", "ada").json


def test_a_subgroup_has_its_parents_in_its_name(api: Api) -> None:
    shown = api.get("groups/2", "gil").json
    assert (shown["full_name"], shown["parent_id"]) == ("acme / labs", 1)
    assert "prevent_sharing_groups_outside_hierarchy" not in shown


def test_the_community_edition_shows_less() -> None:
    shown = Api({**WORLD, "gitlab": {"edition": "ce"}}).get("groups/1").json
    gone = {"ldap_cn", "wiki_access_level", "marked_for_deletion_on", "membership_lock", "duo_features_enabled"}
    assert not gone & shown.keys()


def test_an_older_gitlab_shows_less_and_a_newer_one_more() -> None:
    old = Api({**WORLD, "gitlab": {"version": "16.4.0"}}).get("groups/1").json
    assert not {"emails_enabled", "default_branch", "organization_id", "archived"} & old.keys()
    new = Api({**WORLD, "gitlab": {"version": "18.0.0"}}).get("groups/1").json
    assert (new["archived"], new["max_artifacts_size"]) == (False, None)


# Below a group


def test_subgroups_are_those_directly_below_and_descendants_all() -> None:
    api = Api(world())
    assert names(api.get("groups/1/subgroups", "gil"), "path") == ["labs"]
    assert names(api.get("groups/1/descendant_groups", "gil"), "path") == ["labs", "deep"]
    assert names(api.get("groups/1/descendant_groups", "gil", order_by="path"), "path") == ["deep", "labs"]
    assert names(api.get("groups/1/descendant_groups", "gil", search="zeta"), "path") == ["deep"]


def test_hidden_subgroups_are_left_out() -> None:
    groups = [
        {"path": "top", "visibility": "public"},
        {"path": "top/shown", "visibility": "public"},
        {"path": "top/hidden", "visibility": "private"},
    ]
    api = Api({**WORLD, "groups": groups, "projects": []})
    assert names(api.get("groups/1/subgroups", None), "path") == ["shown"]
    assert names(api.get("groups/1/subgroups", "nora"), "path") == []
    assert names(api.get("groups/1/subgroups", "nora", all_available=True), "path") == ["shown"]
    assert names(api.get("groups/1/subgroups"), "path") == ["hidden", "shown"]


def test_a_group_can_move_below_groups_where_its_owner_may_make_groups() -> None:
    changed = world()
    changed["groups"].append({"path": "adas", "members": {"ada": "owner"}, "visibility": "private"})
    api = Api(changed)
    expected = {
        "id": 7,
        "web_url": "http://localhost/groups/adas",
        "name": "adas",
        "avatar_url": None,
        "full_name": "adas",
        "full_path": "adas",
    }
    assert api.get("groups/1/transfer_locations", "ada").json == [expected]
    assert names(api.get("groups/4/transfer_locations", "ada"), "full_path") == ["acme", "adas"]
    assert names(api.get("groups/4/transfer_locations", "ada", search="adas")) == ["adas"]
    assert api.get("groups/1/transfer_locations", "bob").json == {"message": "403 Forbidden"}


def test_a_picture_can_be_downloaded(api: Api) -> None:
    assert api.get("groups/1/avatar", "ada").json == {"message": "404 Avatar Not Found"}
    api.store.update(api.store[Group][1], avatar_file="a.png", avatar_data=b"png")
    answer = api.get("groups/1/avatar", "ada")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/png")
    assert api.get("groups/1", "ada").json["avatar_url"] == "http://localhost/uploads/-/system/group/avatar/1/a.png"
