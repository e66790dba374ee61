import copy
from typing import Any

import pytest

from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import paths
from tests.support import WORLD, Answer, Api, a_file, names

OCI = (
    "can only include non-accented letters, digits, '_', '-' and '.'. "
    "It must not start with '-', '_', or '.', nor end with '-', '_', '.', '.git', or '.atom'."
)
OLD = "can contain only letters, digits, '_', '-' and '.'. Cannot start with '-' or end in '.', '.git' or '.atom'."


def project(api: Api, id: int) -> Any:
    return api.store[Project][id]


def group(api: Api, id: int) -> Any:
    return api.store[Group][id]


# Creating


def test_who_creates_a_group_owns_it(api: Api) -> None:
    answer = api.post("groups", "nora", name="New Group", path="new", description="Fresh", visibility="internal")
    assert answer.status == 201
    shown = answer.json
    assert (shown["id"], shown["full_path"], shown["name"], shown["visibility"]) == (4, "new", "New Group", "internal")
    assert not {"projects", "shared_projects", "runners_token"} & shown.keys()
    assert names(api.get("groups/4/members", "nora"), "access_level") == [50]
    assert api.get("groups/new", "nora").json["runners_token"].startswith("GR1348941")


def test_a_group_is_private_unless_told(api: Api) -> None:
    assert api.post("groups", "nora", name="x", path="x").json["visibility"] == "private"


def test_a_subgroup_needs_maintainers_above(api: Api) -> None:
    answer = api.post("groups", "bob", name="x", path="x", parent_id=1)
    assert (answer.status, answer.json) == (403, {"message": "403 Forbidden"})
    created = api.post("groups", "ada", name="x", path="x", parent_id=1)
    assert (created.status, created.json["full_path"], created.json["parent_id"]) == (201, "acme/x", 1)


def test_a_hidden_parent_is_not_found(api: Api) -> None:
    answer = api.post("groups", "nora", name="x", path="x", parent_id=1)
    assert (answer.status, answer.json) == (404, {"message": "404 Group Not Found"})


def test_users_may_be_kept_from_making_groups() -> None:
    world = copy.deepcopy(WORLD)
    world["users"][5]["can_create_group"] = False
    answer = Api(world).post("groups", "nora", name="x", path="x")
    assert (answer.status, answer.json) == (403, {"message": "403 Forbidden"})


def test_a_subgroup_takes_over_whether_shared_runners_run(api: Api) -> None:
    api.put("groups/1", "ada", shared_runners_setting="disabled_and_unoverridable")
    created = api.post("groups", "ada", name="x", path="x", parent_id=1).json
    assert created["shared_runners_setting"] == "disabled_and_unoverridable"
    refused = api.put(f"groups/{created['id']}", "ada", shared_runners_setting="enabled")
    text = "cannot be enabled because parent group has shared Runners disabled"
    assert refused.json == {"message": {"shared_runners_enabled": [text]}}


@pytest.mark.parametrize("missing", ["name", "path"])
def test_name_and_path_must_be_given(api: Api, missing: str) -> None:
    given = {"name": "x", "path": "x"}
    del given[missing]
    answer = api.post("groups", "nora", **given)
    assert (answer.status, answer.json) == (400, {"message": f'400 (Bad request) "{missing}" not given'})


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"path": "ada"}, '{:path=>["has already been taken"]}'),  # a user
        ({"path": "ACME"}, '{:path=>["has already been taken"]}'),
        ({"path": "rocket", "parent_id": 1}, '{:path=>["has already been taken"]}'),  # a project
        ({"path": "x", "name": "labs", "parent_id": 1}, '{:name=>["has already been taken"]}'),
        ({"path": "Admin"}, '{:path=>["Admin is a reserved name"]}'),
        ({"path": "tree", "parent_id": 1}, '{:path=>["tree is a reserved name"]}'),
        ({"path": ""}, '{:path=>["can\'t be blank"]}'),
        ({"name": " "}, '{:name=>["can\'t be blank"]}'),
        ({"path": "a--b"}, f'{{:path=>["{OCI}"]}}'),
        ({"path": "-a b"}, f'{{:path=>["{OCI}", "{OLD}"]}}'),
        ({"path": "a" * 256}, '{:path=>["is too long (maximum is 255 characters)"]}'),
        ({"description": "a" * 501}, '{:description=>["is too long (maximum is 500 characters)"]}'),
        (
            {"visibility": "public", "parent_id": 1},
            '{:visibility_level=>["public is not allowed since the parent group has a private visibility."]}',
        ),
        (
            {"name": "(x)"},
            "{:name=>[\"can contain only letters, digits, emojis, '_', '.', dash, space, parenthesis. "
            "It must start with letter, digit, emoji or '_'.\"]}",
        ),
        ({"name": "", "path": "help"}, '{:name=>["can\'t be blank"], :path=>["help is a reserved name"]}'),
    ],
)
def test_what_is_not_valid_is_told_as_ruby_writes_it(api: Api, given: dict[str, Any], problems: str) -> None:
    answer = api.post("groups", **{"name": "New", "path": "fresh", **given})
    assert (answer.status, answer.json) == (400, {"message": f"Failed to save group {problems}"})


def test_a_path_reserved_at_the_top_is_free_below(api: Api) -> None:
    assert api.post("groups", name="x", path="admin", parent_id=1).status == 201
    assert api.post("groups", name="x", path="tree").status == 201


def test_names_may_hold_emojis_and_repeat_at_the_top(api: Api) -> None:
    assert api.post("groups", name="🚀 Team (new)", path="x").status == 201
    assert api.post("groups", name="acme", path="y").status == 201


# Updating


def test_an_owner_changes_a_group(api: Api) -> None:
    changes = {
        "name": "Acme Inc",
        "description": "We make rockets",
        "project_creation_level": "maintainer",
        "emails_disabled": True,
        "two_factor_grace_period": 24,
        "default_branch_protection": 0,
        "max_artifacts_size": 5,
    }
    shown = api.put("groups/1", "ada", **changes).json
    kept = {name: shown[name] for name in ("name", "description", "project_creation_level", "two_factor_grace_period")}
    assert kept == {name: changes[name] for name in kept}
    assert (shown["emails_disabled"], shown["emails_enabled"]) == (True, False)
    assert shown["default_branch_protection_defaults"]["allow_force_push"] is True
    assert "projects" in shown
    assert shown["runners_token"].startswith("GR1348941")


def test_the_protection_of_default_branches_is_told_by_its_parts(api: Api) -> None:
    told = {"allowed_to_push": [{"access_level": 30}], "allow_force_push": True}
    shown = api.put("groups/1", "ada", default_branch_protection_defaults=told).json
    assert shown["default_branch_protection_defaults"] == told
    wrong = api.put("groups/1", "ada", default_branch_protection_defaults={"allowed_to_push": [{"access_level": 1}]})
    assert (wrong.status, "access_level] does not have a valid value" in wrong.json["error"]) == (400, True)


def test_downloads_are_limited(api: Api) -> None:
    limits = {"unique_project_download_limit": 5, "unique_project_download_limit_allowlist": ["ada"]}
    assert api.put("groups/1", "ada", **limits).json.items() >= limits.items()


def test_a_wrong_change_is_refused_with_its_fields(api: Api) -> None:
    answer = api.put("groups/3", path="acme", name="", two_factor_grace_period=-1)
    expected = {
        "name": ["can't be blank"],
        "path": ["has already been taken"],
        "two_factor_grace_period": ["must be greater than or equal to 0"],
    }
    assert (answer.status, answer.json) == (400, {"message": expected})
    assert api.put("groups/3", path="open").status == 200


def test_a_maintainer_may_set_shared_runners_and_nothing_else(api: Api) -> None:
    api.put("groups/1/members/3", "ada", access_level=40)
    assert api.put("groups/1", "bob", shared_runners_setting="disabled_and_overridable").status == 200
    assert api.put("groups/1", "bob", name="x").json == {"message": "403 Forbidden"}
    both = api.put("groups/1", "bob", shared_runners_setting="enabled", name="x")
    assert (both.status, both.json) == (401, {"message": "401 Unauthorized"})


def test_switching_shared_runners_off_reaches_all_below(api: Api) -> None:
    api.put("groups/1", "ada", shared_runners_setting="disabled_and_unoverridable")
    assert group(api, 2).shared_runners_setting == "disabled_and_unoverridable"
    assert project(api, 1).shared_runners_enabled is False


def test_a_group_stays_as_visible_as_what_is_in_it(api: Api) -> None:
    answer = api.put("groups/open", visibility="private")
    text = "private is not allowed since this group contains projects with higher visibility."
    assert (answer.status, answer.json) == (400, {"message": {"visibility_level": [text]}})
    api.post("groups", name="in", path="in", parent_id=3, visibility="public")
    api.store.update(project(api, 2), visibility="private")
    text = "private is not allowed since there are sub-groups with higher visibility."
    assert api.put("groups/open", visibility="private").json == {"message": {"visibility_level": [text]}}


def test_another_path_moves_all_below_and_projects_are_found_at_the_old_one(api: Api) -> None:
    assert api.put("groups/1", "ada", path="acme2").json["full_path"] == "acme2"
    assert api.get("groups/acme2%2Flabs", "ada").status == 200
    assert api.get("groups/acme%2Flabs", "ada").status == 404
    moved = api.get("projects/acme%2Frocket", "ada")
    assert (moved.status, moved.headers["Location"]) == (301, "http://localhost/api/v4/projects/1")
    assert project(api, 1).full_path == "acme2/rocket"


def test_a_project_that_moves_back_has_no_old_path_of_its_own(api: Api) -> None:
    api.put("groups/1", "ada", path="acme2")
    api.put("groups/1", "ada", path="acme")
    assert (project(api, 1).full_path, project(api, 1).moved_from) == ("acme/rocket", ("acme2/rocket",))


def test_a_personal_namespace_moves_like_a_group(api: Api) -> None:
    personal = api.store[Group].find(owner_id=2)
    paths.move_namespace(api.store, personal, path="lovelace")
    assert project(api, 3).full_path == "lovelace/notes"


def upload(api: Api, filename: str, data: bytes) -> Answer:
    return api.form("PUT", "groups/1", "ada", avatar=a_file(filename, data))


def test_a_picture_is_uploaded_and_taken_away(api: Api) -> None:
    assert upload(api, "logo.png", b"png").json["avatar_url"].endswith("/group/avatar/1/logo.png")
    assert api.get("groups/1/avatar", "ada").text == "png"
    assert api.put("groups/1", "ada", avatar="").json["avatar_url"] is None


def test_a_picture_must_be_one_and_small(api: Api) -> None:
    text = upload(api, "logo.exe", b"x").json["message"]["avatar"][0]
    assert text.startswith("file format is not supported.")
    big = upload(api, "logo.png", b"x" * 204_801).json
    assert big == {"message": {"avatar": ["is too big (should be at most 200 KiB)"]}}
