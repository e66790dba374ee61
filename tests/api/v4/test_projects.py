from typing import Any

import pytest

from tests.support import WORLD, Api, names


@pytest.fixture(scope="module")
def many() -> Api:
    """A world of projects that differ in everything that lists filter by; nothing here changes it."""
    return Api(
        {
            **WORLD,
            "groups": [
                {"path": "acme", "members": {"ada": "owner", "bob": "developer"}},
                {"path": "open", "visibility": "public"},
            ],
            "projects": [
                {
                    "path": "acme/rocket",
                    "name": "Rocket Engine",
                    "description": "Flies to the moon",
                    "topics": ["space", "fire"],
                    "languages": {"Ruby": 60.5, "C": 39.5},
                    "last_activity_at": "2024-01-05T00:00:00.000Z",
                    "starrers": ["gil", "rex"],
                    "statistics": {"repository_size": 10, "wiki_size": 5},
                    "custom_attributes": {"team": "red"},
                },
                {
                    "path": "open/source",
                    "visibility": "public",
                    "archived": True,
                    "topics": ["space"],
                    "issues_access_level": "private",
                    "created_at": "2023-01-01T00:00:00Z",
                    "updated_at": "2023-02-02T00:00:00Z",
                    "statistics": {"repository_size": 20},
                },
                {
                    "path": "ada/notes",
                    "merge_requests_access_level": "disabled",
                    "marked_for_deletion_on": "2024-04-30",
                },
                {
                    "path": "nora/shared",
                    "visibility": "internal",
                    "shared_with": [{"group": "acme", "access": "maintainer"}],
                    "import_type": "git",
                    "repository_storage": "second",
                    "issues_access_level": "disabled",
                },
                {"path": "nora/own", "members": {"bob": "owner"}},
            ],
        }
    )


def ids(api: Api, as_: str | None = "root", path: str = "projects", **given: Any) -> list[Any]:
    return names(api.get(path, as_, **given), "id")


@pytest.mark.parametrize(
    ("who", "seen"),
    [(None, [2]), ("rex", [4, 2]), ("ada", [4, 3, 2, 1]), ("bob", [5, 4, 2, 1]), ("root", [5, 4, 3, 2, 1])],
)
def test_everybody_sees_what_is_open_to_them_newest_first(many: Api, who: str | None, seen: list[int]) -> None:
    assert ids(many, who) == seen


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"archived": True}, [2]),
        ({"archived": False}, [5, 4, 3, 1]),
        ({"active": True}, [5, 4, 1]),
        ({"active": False}, [3, 2]),
        ({"visibility": "internal"}, [4]),
        ({"search": "rock engine"}, [1]),
        ({"search": "MOON"}, [1]),
        ({"search": "rocket moon"}, []),
        ({"search": "ow"}, []),
        ({"search": "own"}, [5]),
        ({"search": "acme"}, []),
        ({"search": "acme", "search_namespaces": True}, [1]),
        ({"topic": "space"}, [2, 1]),
        ({"topic": "space,fire"}, [1]),
        ({"topic_id": 1}, [2, 1]),
        ({"topic_id": 99}, []),
        ({"with_programming_language": "ruby"}, [1]),
        ({"id_after": 3}, [5, 4]),
        ({"id_before": 3}, [2, 1]),
        ({"id_after": 1, "id_before": 4}, [3, 2]),
        ({"last_activity_before": "2024-01-06"}, [2, 1]),
        ({"last_activity_after": "2024-01-06T00:00:00Z"}, [5, 4, 3]),
        ({"updated_before": "2023-12-31", "order_by": "updated_at"}, [2]),
        ({"updated_after": "2023-12-31", "order_by": "updated_at"}, [5, 4, 3, 1]),
        ({"repository_storage": "second"}, [4]),
        ({"marked_for_deletion_on": "2024-04-30"}, [3]),
        ({"with_issues_enabled": True}, [5, 3, 2, 1]),
        ({"with_merge_requests_enabled": True}, [5, 4, 2, 1]),
        ({"custom_attributes[team]": "red"}, [1]),
        ({"wiki_checksum_failed": True}, []),
        ({"repository_checksum_failed": True}, []),
        ({"owned": True}, []),
        ({"include_pending_delete": True, "include_hidden": True}, [5, 4, 3, 2, 1]),
    ],
)
def test_lists_are_narrowed_by_each_filter(many: Api, given: dict[str, Any], found: list[int]) -> None:
    assert ids(many, **given) == found


@pytest.mark.parametrize(
    ("who", "given", "found"),
    [
        ("ada", {"owned": True}, [3, 1]),
        ("bob", {"owned": True}, [5]),
        ("bob", {"membership": True}, [5, 4, 1]),
        ("rex", {"membership": True}, []),
        (None, {"membership": True, "owned": True, "starred": True}, [2]),
        ("ada", {"min_access_level": 40}, [4, 3, 1]),
        ("bob", {"min_access_level": 40}, [5]),
        ("bob", {"min_access_level": 30}, [5, 4, 1]),
        ("gil", {"starred": True}, []),
        ("nora", {"imported": True}, [4]),
        ("ada", {"repository_storage": "second"}, [4, 3, 2, 1]),
        ("ada", {"custom_attributes[team]": "red"}, [4, 3, 2, 1]),
        ("ada", {"with_issues_enabled": True}, [3, 1]),
        (None, {"with_issues_enabled": True}, []),
    ],
)
def test_lists_are_narrowed_to_what_is_the_users_own(
    many: Api, who: str | None, given: dict[str, Any], found: list[int]
) -> None:
    assert ids(many, who, **given) == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"sort": "asc"}, [1, 2, 3, 4, 5]),
        ({"order_by": "id", "sort": "asc"}, [1, 2, 3, 4, 5]),
        ({"order_by": "name", "sort": "asc"}, [1, 3, 5, 4, 2]),
        ({"order_by": "path"}, [2, 4, 1, 5, 3]),
        ({"order_by": "created_at"}, [5, 4, 3, 2, 1]),
        ({"order_by": "updated_at", "sort": "asc"}, [2, 1, 3, 4, 5]),
        ({"order_by": "last_activity_at"}, [5, 4, 3, 1, 2]),
        ({"order_by": "star_count"}, [1, 5, 4, 3, 2]),
        ({"order_by": "storage_size"}, [2, 1, 5, 4, 3]),
        ({"order_by": "repository_size"}, [2, 1, 5, 4, 3]),
        ({"order_by": "wiki_size", "sort": "asc"}, [2, 3, 4, 5, 1]),
        ({"order_by": "packages_size"}, [5, 4, 3, 2, 1]),
        ({"order_by": "similarity"}, [5, 4, 3, 2, 1]),
    ],
)
def test_lists_are_ordered(many: Api, given: dict[str, Any], found: list[int]) -> None:
    assert ids(many, **given) == found


def test_sizes_order_for_administrators_alone(many: Api) -> None:
    assert ids(many, "ada", order_by="repository_size") == [4, 3, 2, 1]


def test_similarity_orders_the_users_own_projects_by_how_near_they_are(many: Api) -> None:
    assert ids(many, "bob", order_by="similarity", search="own") == [5]
    assert ids(many, "ada", order_by="similarity", search="rocket") == [1]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"order_by": "size"}, "order_by does not have a valid value"),
        ({"sort": "up"}, "sort does not have a valid value"),
        ({"visibility": "secret"}, "visibility does not have a valid value"),
        ({"min_access_level": 35}, "min_access_level does not have a valid value"),
        ({"id_after": "x"}, "id_after is invalid"),
        ({"archived": "maybe"}, "archived is invalid"),
    ],
)
def test_wrong_values_are_refused(many: Api, given: dict[str, Any], error: str) -> None:
    answer = many.get("projects", **given)
    assert (answer.status, answer.json) == (400, {"error": error})


def test_filtering_by_update_needs_the_order_by_update(many: Api) -> None:
    answer = many.get("projects", updated_after="2024-01-01")
    text = "400 Bad request - `updated_at` filter and `updated_at` sorting must be paired"
    assert (answer.status, answer.json) == (400, {"message": text})
    assert ids(many, path="users/5/projects", updated_after="2024-01-01") == []


def test_pages_follow_each_other_by_keyset_when_ordered_by_id(many: Api) -> None:
    first = many.get("projects", order_by="id", sort="asc", pagination="keyset", per_page=2)
    assert names(first, "id") == [1, 2]
    assert "id_after=2" in first.headers["Link"]
    assert first.headers["Link"].endswith('rel="next"')
    assert "X-Total" not in first.headers
    second = many.get("projects", order_by="id", pagination="keyset", per_page=2, id_before=4)
    assert names(second, "id") == [3, 2]
    assert "id_before=2" in second.headers["Link"]


def test_other_orders_have_no_keyset(many: Api) -> None:
    answer = many.get("projects", order_by="name", pagination="keyset")
    error = "Keyset pagination is not yet available for this type of request"
    assert (answer.status, answer.json) == (405, {"error": error})


def test_a_user_has_the_projects_of_the_own_namespace(many: Api) -> None:
    assert ids(many, path="users/6/projects") == [5, 4]
    assert ids(many, "rex", path="users/nora/projects") == [4]
    assert ids(many, None, path="users/nora/projects") == []
    assert many.get("users/nobody/projects").json == {"message": "404 User Not Found"}


def test_the_projects_that_a_user_starred_are_listed(many: Api) -> None:
    assert ids(many, path="users/gil/starred_projects") == [1]
    assert ids(many, "nora", path="users/gil/starred_projects") == []
    assert many.get("users/99/starred_projects").status == 404


def test_stars_of_private_profiles_are_hidden_from_others() -> None:
    people = [{**user, "private_profile": user["username"] == "gil"} for user in WORLD["users"]]
    api = Api(
        {**WORLD, "users": people, "projects": [{"path": "open/source", "visibility": "public", "starrers": ["gil"]}]}
    )
    assert ids(api, "ada", path="users/gil/starred_projects") == []
    assert ids(api, "gil", path="users/gil/starred_projects") == [1]
    assert ids(api, "ada", path="projects/1/starrers") == []


def test_the_projects_to_which_a_user_contributed_leave_out_the_own_ones(api: Api) -> None:
    assert api.post("projects/1/issues", "ada", title="One").status == 201
    assert api.post("projects/3/issues", "ada", title="Two").status == 201
    assert ids(api, path="users/ada/contributed_projects") == [1]
    assert ids(api, "nora", path="users/2/contributed_projects") == []
    assert names(api.get("users/ada/contributed_projects", order_by="name", sort="asc", simple=True), "id") == [1]
    api.server.store.set_clock("2025-06-01T00:00:00Z")
    assert ids(api, path="users/ada/contributed_projects") == []


def test_everybody_with_a_role_is_a_user_of_the_project(many: Api) -> None:
    assert ids(many, path="projects/1/users") == [2, 3]
    assert ids(many, "bob", path="projects/4/users") == [2, 3, 6]
    assert ids(many, path="projects/4/users", search="ada") == [2]
    assert ids(many, path="projects/4/users", skip_users="2,6") == [3]
    assert many.get("projects/1/users", "rex").json == {"message": "404 Project Not Found"}
