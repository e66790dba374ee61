from copy import deepcopy
from typing import Any

import pytest

from tests.support import WORLD, Api, names

AS_IN_WORLD: dict[str, Any] = {**deepcopy(WORLD), "gitlab": {"api": ["v3", "v4"]}}
TAKEN = ["has already been taken"]


@pytest.fixture
def api() -> Api:
    """The usual world through v3: acme/rocket (1), open/source (2, public), ada/notes (3)."""
    return Api(AS_IN_WORLD, prefix="/api/v3/")


# Lists


def test_users_see_the_projects_of_which_they_are_members(api: Api) -> None:
    assert names(api.get("projects", "ada"), "id") == [3, 1]
    assert names(api.get("projects", "bob"), "id") == [1]
    assert names(api.get("projects", "nora"), "id") == []


def test_owned_projects_are_listed(api: Api) -> None:
    assert names(api.get("projects/owned", "ada"), "id") == [3, 1]
    assert names(api.get("projects/owned", "bob"), "id") == []


def test_starred_projects_are_listed(api: Api) -> None:
    api.post("projects/2/star", "bob")
    (project,) = api.get("projects/starred", "bob").json
    assert project["id"] == 2
    assert "permissions" not in project


def test_administrators_list_all_projects(api: Api) -> None:
    assert names(api.get("projects/all"), "id") == [3, 2, 1]
    assert "statistics" in api.get("projects/all", statistics=True).json[0]
    assert api.get("projects/all", "ada").status == 403


def test_visible_projects_are_listed_for_anybody(api: Api) -> None:
    assert names(api.get("projects/visible", "nora"), "id") == [2]
    (project,) = api.get("projects/visible", None).json
    assert list(project) == [
        *("id", "http_url_to_repo", "web_url", "name", "name_with_namespace", "path", "path_with_namespace")
    ]


def test_projects_are_searched_by_name(api: Api) -> None:
    assert names(api.get("projects/search/rock", "ada"), "id") == [1]
    assert names(api.get("projects/search/sour", None), "id") == [2]
    assert names(api.get("projects/search/rock", "nora"), "id") == []


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({"order_by": "name", "sort": "asc"}, [3, 1]),
        ({"search": "note"}, [3]),
        ({"visibility": "public"}, []),
        ({"archived": True}, []),
        ({"archived": False}, [3, 1]),
        ({"simple": True}, [3, 1]),
        ({"ci_enabled_first": True}, [3, 1]),
    ],
)
def test_lists_are_narrowed_and_ordered(api: Api, asked: dict[str, Any], ids: list[int]) -> None:
    assert names(api.get("projects", "ada", **asked), "id") == ids


def test_lists_are_paged(api: Api) -> None:
    answer = api.get("projects", "ada", per_page=1)
    assert (answer.headers["X-Total"], answer.headers["X-Next-Page"]) == ("2", "2")
    assert 'rel="next"' in answer.headers["Link"]
    assert "/api/v3/projects?" in answer.headers["Link"]


# One project


def test_a_project_is_shown(api: Api) -> None:
    shown = api.get("projects/acme%2Frocket", "bob").json
    assert shown == {
        "id": 1,
        "description": None,
        "default_branch": "main",
        "tag_list": [],
        "public": False,
        "archived": False,
        "visibility_level": 0,
        "ssh_url_to_repo": "git@localhost:acme/rocket.git",
        "http_url_to_repo": "http://localhost/acme/rocket.git",
        "web_url": "http://localhost/acme/rocket",
        "name": "rocket",
        "name_with_namespace": "acme / rocket",
        "path": "rocket",
        "path_with_namespace": "acme/rocket",
        "container_registry_enabled": True,
        "issues_enabled": True,
        "merge_requests_enabled": True,
        "wiki_enabled": True,
        "builds_enabled": True,
        "snippets_enabled": True,
        "created_at": "2024-05-01T09:00:00.000Z",
        "last_activity_at": "2024-05-01T09:00:00.000Z",
        "shared_runners_enabled": True,
        "lfs_enabled": True,
        "creator_id": 1,
        "namespace": {"id": 1, "name": "acme", "path": "acme", "kind": "group"},
        "avatar_url": None,
        "star_count": 0,
        "forks_count": 0,
        "open_issues_count": 0,
        "public_builds": True,
        "shared_with_groups": [],
        "only_allow_merge_if_build_succeeds": False,
        "request_access_enabled": True,
        "only_allow_merge_if_all_discussions_are_resolved": False,
        "permissions": {"project_access": None, "group_access": {"access_level": 30, "notification_level": 3}},
    }


def test_anybody_sees_the_outlines_of_a_public_project(api: Api) -> None:
    assert list(api.get("projects/2", None).json)[:3] == ["id", "http_url_to_repo", "web_url"]
    assert api.get("projects/1", None).json == {"message": "404 Project Not Found"}


def test_the_owner_of_a_personal_project_is_shown(api: Api) -> None:
    assert api.get("projects/3").json["owner"]["username"] == "ada"
    assert list(api.get("projects/3").json["owner"]) == ["name", "username", "id", "state", "avatar_url", "web_url"]


# Creating and changing


def test_a_project_is_created(api: Api) -> None:
    answer = api.post(
        "projects",
        "ada",
        name="New One",
        namespace_id=1,
        builds_enabled=False,
        public_builds=False,
        only_allow_merge_if_build_succeeds=True,
        visibility="public",
    )
    assert answer.status == 201
    shown = answer.json
    assert (shown["path_with_namespace"], shown["visibility_level"]) == ("acme/new-one", 0)
    assert [shown[name] for name in ("builds_enabled", "public_builds")] == [False, False]
    assert shown["only_allow_merge_if_build_succeeds"] is True


@pytest.mark.parametrize(
    ("given", "level"),
    [
        ({"visibility_level": 20}, 20),
        ({"visibility_level": "10"}, 10),
        ({"public": True}, 20),
        ({"public": "true"}, 20),
        ({"public": False}, 0),
        ({"public": True, "visibility_level": 0}, 0),
        ({"public": None}, 0),
    ],
)
def test_the_visibility_is_a_level_or_public(api: Api, given: dict[str, Any], level: int) -> None:
    shown = api.post("projects", "ada", name="x", **given).json
    assert (shown["visibility_level"], shown["public"]) == (level, level == 20)


def test_a_wrong_level_is_refused_by_its_name_here(api: Api) -> None:
    answer = api.post("projects", "ada", name="x", visibility_level=7)
    assert (answer.status, answer.json) == (400, {"error": "visibility_level does not have a valid value"})


@pytest.mark.parametrize("given", [{}, {"path": "x"}, {"name": ""}])
def test_a_project_needs_a_name(api: Api, given: dict[str, Any]) -> None:
    assert api.post("projects", "ada", **given).json == {"message": '400 (Bad request) "name" not given'}


def test_a_taken_name_and_path_are_told(api: Api) -> None:
    answer = api.post("projects", "ada", name="rocket", namespace_id=1)
    assert (answer.status, answer.json) == (400, {"message": {"name": TAKEN, "path": TAKEN}})


def test_who_reached_the_limit_creates_no_project(api: Api) -> None:
    from mockgitlab.api.models.user import User

    api.store.update(api.store[User][6], projects_limit=0)
    answer = api.post("projects", "nora", name="x")
    text = "Your project limit is 0 projects! Please contact your administrator to increase it"
    assert (answer.status, answer.json) == (403, {"error": [text]})


def test_administrators_create_projects_for_others(api: Api) -> None:
    answer = api.post("projects/user/3", name="Gift", public=True)
    assert (answer.status, answer.json["path_with_namespace"], answer.json["public"]) == (201, "bob/Gift", True)
    assert api.post("projects/user/99", name="Gift").json == {"message": "404 User Not Found"}
    assert api.post("projects/user/3", "ada", name="Gift").status == 403


def test_a_project_is_changed(api: Api) -> None:
    answer = api.put("projects/3", "ada", name="Diary", builds_enabled=False, visibility_level=20)
    assert answer.status == 200
    assert [answer.json[key] for key in ("name", "builds_enabled", "visibility_level")] == ["Diary", False, 20]
    assert api.put("projects/3", "ada").json["name"] == "Diary"


def test_only_owners_rename_a_project(api: Api) -> None:
    api.server.load(
        {**AS_IN_WORLD, "projects": [{"path": "acme/rocket", "members": {"bob": "maintainer"}}]},
    )
    assert api.put("projects/1", "bob", name="x").json == {"message": "403 Forbidden"}
    assert api.put("projects/1", "bob", description="x").json["description"] == "x"


def test_a_deleted_project_is_gone(api: Api) -> None:
    assert api.delete("projects/1", "bob").status == 403
    answer = api.delete("projects/1", "ada")
    assert (answer.status, answer.json) == (200, True)
    assert api.delete("projects/1", "ada").json == {"message": "404 Project Not Found"}


def test_a_project_is_archived_and_taken_out_again(api: Api) -> None:
    archived = api.post("projects/1/archive", "ada")
    assert (archived.status, archived.json["archived"]) == (201, True)
    for method in ("POST", "DELETE"):
        back = api.request(method, "projects/1/unarchive", "ada")
        assert (back.status, back.json["archived"]) == (201, False)


def test_who_stars_twice_gets_304(api: Api) -> None:
    answer = api.post("projects/2/star", "bob")
    assert (answer.status, answer.json["star_count"]) == (201, 1)
    assert api.post("projects/2/star", "bob").status == 304
    answer = api.delete("projects/2/star", "bob")
    assert (answer.status, answer.json["star_count"]) == (200, 0)
    assert api.delete("projects/2/star", "bob").status == 304


def test_v3_shows_the_same_whatever_the_version_of_the_instance() -> None:
    keys = [
        list(
            Api({**AS_IN_WORLD, "gitlab": {"api": ["v3"], "version": version}}, prefix="/api/v3/")
            .get("projects/1")
            .json
        )
        for version in ("8.8.0", "17.5.0", "18.5.0")
    ]
    assert keys[0] == keys[1] == keys[2]
