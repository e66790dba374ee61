import copy
from typing import Any

import pytest

from tests.support import WORLD, Api, names, refused, seen

AT = "projects/1/registry/repositories"
FORBIDDEN = (403, {"message": "403 Forbidden"})
GONE = (404, {"message": "404 Not found"})
APP: dict[str, Any] = {
    "id": 1,
    "name": "app",
    "path": "acme/rocket/app",
    "project_id": 1,
    "location": "registry.localhost/acme/rocket/app",
    "created_at": "2024-05-01T09:00:00.000Z",
    "cleanup_policy_started_at": None,
    "delete_api_path": "http://localhost/api/v4/projects/1/registry/repositories/1",
    "status": None,
}
LATEST = {
    "name": "latest",
    "path": "acme/rocket/app:latest",
    "location": "registry.localhost/acme/rocket/app:latest",
}


@pytest.fixture
def api() -> Api:
    """Acme/rocket has the images app (1), with the tags latest and v1 to v4 of a week each, and one without a name."""
    world = copy.deepcopy(WORLD)
    latest = {"name": "latest", "revision": "ab" * 32, "digest": f"sha256:{'cd' * 32}", "total_size": 7}
    tags = [{"name": f"v{n}", "created_at": f"2024-04-{7 * n - 6:02}T09:00:00Z", "total_size": n} for n in range(1, 5)]
    world["projects"][0]["registry_repositories"] = [{"name": "app", "tags": [*tags, latest]}, {}]
    world["projects"][1]["registry_repositories"] = [{"name": "open"}]
    return Api(world)


def left(api: Api) -> list[str]:
    return names(api.get(f"{AT}/1/tags", "ada"))


def test_the_repositories_of_a_project_are_listed(api: Api) -> None:
    bare = {**APP, "id": 2, "name": "", "path": "acme/rocket", "location": "registry.localhost/acme/rocket"}
    bare |= {"delete_api_path": f"http://localhost/api/v4/{AT}/2"}
    answer = api.get(AT, "ada")
    assert seen(answer) == (200, [APP, bare])
    assert list(answer.json[0]) == list(APP)
    assert "delete_api_path" not in api.get(AT, "rex").json[0]
    counted = api.get(AT, "rex", tags=True, tags_count=True).json[0]
    assert (counted["tags_count"], counted["tags"][0]) == (5, LATEST)


def test_the_repositories_of_a_group_are_listed(api: Api) -> None:
    assert names(api.get("groups/1/registry/repositories", "rex")) == ["app", ""]
    assert api.get("groups/1/registry/repositories", "ada").json[0] == APP
    assert names(api.get("groups/3/registry/repositories", None)) == ["open"]
    assert seen(api.get("groups/1/registry/repositories", "gil")) == FORBIDDEN


def test_a_repository_is_shown_by_its_id_alone(api: Api) -> None:
    assert seen(api.get("registry/repositories/1", "ada")) == (200, APP)
    shown = api.get("registry/repositories/1", "rex", tags=True, tags_count=True, size=True).json
    assert (shown["tags_count"], len(shown["tags"]), shown["size"]) == (5, 5, 17)
    assert seen(api.get("registry/repositories/1", "gil")) == FORBIDDEN
    assert seen(api.get("registry/repositories/9", "ada")) == GONE
    assert seen(api.get("registry/repositories/x", "ada")) == (400, {"error": "id is invalid"})
    assert api.get("registry/repositories/1", None).status == 401


def test_tags_are_listed_and_shown(api: Api) -> None:
    listed = api.get(f"{AT}/1/tags", "rex").json
    assert (listed[0], [one["name"] for one in listed]) == (LATEST, ["latest", "v1", "v2", "v3", "v4"])
    assert seen(api.get(f"{AT}/1/tags/latest", "rex")) == (
        200,
        {
            **LATEST,
            "revision": "ab" * 32,
            "short_revision": "ababababa",
            "digest": f"sha256:{'cd' * 32}",
            "created_at": "2024-05-01T09:00:00.000Z",
            "total_size": 7,
        },
    )
    made_up = api.get(f"{AT}/1/tags/v1", "rex").json
    assert (len(made_up["revision"]), made_up["digest"].startswith("sha256:")) == (64, True)
    assert seen(api.get(f"{AT}/1/tags/none", "rex")) == (404, {"message": "404 Tag Not Found"})
    assert seen(api.get(f"{AT}/9/tags", "rex")) == GONE


def test_a_tag_is_deleted_by_developers(api: Api) -> None:
    assert seen(api.delete(f"{AT}/1/tags/v1", "rex")) == FORBIDDEN
    assert seen(api.delete(f"{AT}/1/tags/v1", "bob")) == (200, 200)
    assert left(api) == ["latest", "v2", "v3", "v4"]
    assert seen(api.delete(f"{AT}/1/tags/v1", "bob")) == (404, {"message": "404 Tag Not Found"})


def test_a_repository_is_deleted_by_maintainers(api: Api) -> None:
    assert seen(api.delete(f"{AT}/1", "bob")) == FORBIDDEN
    assert seen(api.delete(f"{AT}/1", "ada")) == (202, 202)
    assert names(api.get(AT, "ada")) == [""]
    assert seen(api.delete(f"{AT}/1", "ada")) == GONE


@pytest.mark.parametrize(
    ("given", "stay"),
    [
        ({"name_regex_delete": ".*"}, []),
        ({"name_regex": "v[12]"}, ["v3", "v4"]),
        ({"name_regex_delete": "v"}, ["v1", "v2", "v3", "v4"]),
        ({"name_regex_delete": ".*", "name_regex_keep": "v3"}, ["v3"]),
        ({"name_regex_delete": ".*", "keep_n": 1}, ["v4"]),
        ({"name_regex_delete": ".*", "older_than": "1month"}, ["v1", "v2", "v3", "v4"]),
        ({"name_regex_delete": ".*", "older_than": "15d"}, ["v4"]),
        ({"name_regex_delete": ".*", "older_than": "2 weeks 1h", "keep_n": 3}, ["v2", "v3", "v4"]),
        ({"name_regex_delete": ".*", "older_than": "long"}, []),
    ],
)
def test_tags_are_deleted_in_bulk(api: Api, given: dict[str, Any], stay: list[str]) -> None:
    assert seen(api.delete(f"{AT}/1/tags", "ada", **given)) == (202, 202)
    assert left(api) == ["latest", *stay]


def test_tags_are_deleted_in_bulk_once_an_hour(api: Api) -> None:
    api.delete(f"{AT}/1/tags", "ada", name_regex_delete="v1")
    told = refused(api.delete(f"{AT}/1/tags", "ada", name_regex_delete="v2"))
    assert told.startswith("This request has already been made. You can run this at most once an hour")
    api.server.store.set_clock("2024-05-01T10:00:00Z")
    assert api.delete(f"{AT}/1/tags", "ada", name_regex_delete="v2").status == 202
    assert left(api) == ["latest", "v3", "v4"]


def test_wrong_bulk_deletions_are_refused(api: Api) -> None:
    wrong = api.delete(f"{AT}/1/tags", "ada", name_regex_delete="[")
    assert seen(wrong) == (400, {"error": "name_regex_delete is an invalid regexp"})
    neither = api.delete(f"{AT}/1/tags", "ada")
    assert neither.json == {
        "error": "name_regex, name_regex_delete are missing, at least one parameter must be provided"
    }
    assert seen(api.delete(f"{AT}/1/tags", "bob", name_regex_delete=".*")) == FORBIDDEN
    assert len(left(api)) == 5


def test_who_sees_images(api: Api) -> None:
    assert seen(api.get(AT, "gil")) == FORBIDDEN
    assert names(api.get("projects/2/registry/repositories", None)) == ["open"]
    api.put("projects/1", "ada", container_registry_access_level="disabled")
    assert seen(api.get(AT, "ada")) == FORBIDDEN
    assert names(api.get("groups/1/registry/repositories", "ada")) == []
