import copy
import hashlib
from typing import Any

import pytest

from tests.support import WORLD, Api, names, seen

AT = "projects/1/packages"
FORBIDDEN = (403, {"message": "403 Forbidden"})
GONE = (404, {"message": "404 Not found"})
MOMENT = "2024-05-01T09:00:00.000Z"
MAVEN: dict[str, Any] = {
    "id": 1,
    "name": "com/acme/app",
    "version": "1.0",
    "package_type": "maven",
    "status": "default",
    "_links": {
        "web_path": "/acme/rocket/-/packages/1",
        "delete_api_path": "http://localhost/api/v4/projects/1/packages/1",
    },
    "created_at": "2024-03-01T09:00:00.000Z",
    "last_downloaded_at": None,
    "tags": [],
}


@pytest.fixture
def api() -> Api:
    """Packages of acme/rocket: maven (1, 2), npm (3), hidden (4), broken (5), versionless (6); one of a subgroup."""
    world = copy.deepcopy(WORLD)
    world["projects"].append(
        {"path": "acme/labs/tool", "packages": [{"name": "tool", "version": "1", "package_type": "pypi"}]}
    )
    jar = {"file_name": "app.jar", "content": "jar"}
    world["projects"][0]["repository"] = {"branches": {"main": {"README.md": "x"}}}
    world["projects"][0]["pipelines"] = [{"id": 70, "status": "success"}]
    maven = {"name": "com/acme/app", "package_type": "maven"}
    first = {**maven, "version": "1.0", "created_at": "2024-03-01T09:00:00Z"}
    pom = {"file_name": "app.pom", "content": "pom", "created_at": "2024-01-01T09:00:00Z"}
    world["projects"][0]["packages"] = [
        {**first, "package_files": [jar, pom]},
        {**maven, "version": "2.0", "created_at": "2024-02-01T09:00:00Z"},
        {"name": "@acme/ui", "version": "3.0.0", "package_type": "npm", "tags": ["latest"], "pipelines": [70]},
        {"name": "secret", "version": "1", "status": "hidden"},
        {"name": "broken", "version": "1", "status": "error"},
        {"name": "unversioned", "package_type": "nuget"},
    ]
    return Api(world)


def listed(api: Api, as_: str | None = "ada", path: str = AT, **given: Any) -> list[tuple[str, str]]:
    answer = api.get(path, as_, **given)
    assert answer.status == 200, answer
    return [(one["name"], one["version"]) for one in answer.json]


ONE, TWO = ("com/acme/app", "1.0"), ("com/acme/app", "2.0")
UI, BROKEN, SECRET, BARE = ("@acme/ui", "3.0.0"), ("broken", "1"), ("secret", "1"), ("unversioned", None)


def test_a_package_is_shown_with_its_other_versions(api: Api) -> None:
    other = {"id": 2, "version": "2.0", "created_at": "2024-02-01T09:00:00.000Z", "tags": []}
    answer = api.get(f"{AT}/1", "ada")
    assert seen(answer) == (200, {**MAVEN, "versions": [other]})
    assert list(answer.json) == [*MAVEN, "versions"]
    assert api.get(f"{AT}/1", "rex").json["_links"] == {"web_path": "/acme/rocket/-/packages/1"}
    assert seen(api.get(f"{AT}/5", "ada")) == GONE
    assert seen(api.get(f"{AT}/99", "ada")) == GONE
    assert api.get(f"{AT}/4", "ada").json["_links"].keys() == {"delete_api_path"}


def test_the_pipeline_that_published_a_package_is_shown(api: Api) -> None:
    shown = api.get(f"{AT}/3", "ada").json
    assert (shown["tags"], shown["pipelines"]) == (["latest"], [])
    assert (shown["pipeline"]["id"], shown["pipeline"]["user"]["username"]) == (70, "root")
    [pipeline] = api.get(f"{AT}/3/pipelines", "rex").json
    assert pipeline == shown["pipeline"]
    assert api.get(f"{AT}/1/pipelines", "rex").json == []


def test_packages_are_listed_as_they_are_shown(api: Api) -> None:
    assert api.get(AT, "ada", package_version="1.0").json == [MAVEN]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, [TWO, ONE, UI, BROKEN]),
        ({"package_type": "maven", "sort": "desc"}, [ONE, TWO]),
        ({"order_by": "name"}, [UI, BROKEN, ONE, TWO]),
        ({"order_by": "version", "sort": "desc"}, [UI, TWO, ONE, BROKEN]),
        ({"order_by": "type"}, [ONE, TWO, UI, BROKEN]),
        ({"package_type": "npm"}, [UI]),
        ({"package_name": "ACME app"}, [TWO, ONE]),
        ({"package_name": "none"}, []),
        ({"package_version": "2.0"}, [TWO]),
        ({"status": "hidden"}, [SECRET]),
        ({"include_versionless": True, "package_type": "nuget"}, [BARE]),
    ],
)
def test_lists_are_narrowed_and_ordered(api: Api, given: dict[str, Any], wanted: list[Any]) -> None:
    assert listed(api, **given) == wanted


def test_wrong_filters_are_told(api: Api) -> None:
    for name in ("package_type", "status", "order_by", "sort"):
        assert seen(api.get(AT, "ada", **{name: "x"})) == (400, {"error": f"{name} does not have a valid value"})
    assert api.get(AT, "ada", order_by="project_path").status == 400


def test_a_group_has_the_packages_of_all_its_projects(api: Api) -> None:
    tool = ("tool", "1")
    assert set(listed(api, "ada", "groups/1/packages")) == {ONE, TWO, UI, BROKEN, tool}
    by_path = listed(api, "ada", "groups/1/packages", order_by="project_path", sort="desc")
    assert by_path[0] == tool
    assert tool not in listed(api, "ada", "groups/1/packages", exclude_subgroups=True)
    assert listed(api, "rex", "groups/acme%2Flabs/packages", order_by="name") == [tool]
    [shown] = api.get("groups/1/packages", "rex", package_type="pypi").json
    assert (shown["project_path"], "versions" in shown) == ("acme/labs/tool", False)
    assert shown["project_id"] == api.get("projects/acme%2Flabs%2Ftool", "rex").json["id"]
    assert seen(api.get("groups/1/packages", "gil")) == FORBIDDEN
    assert api.get("groups/1/packages", None).status == 404


def test_who_sees_packages(api: Api) -> None:
    assert seen(api.get(AT, "gil")) == FORBIDDEN
    assert seen(api.get(f"{AT}/1", "gil")) == FORBIDDEN
    assert seen(api.get(AT, "nora")) == (404, {"message": "404 Project Not Found"})
    assert listed(api, None, "projects/2/packages") == []
    api.put("projects/1", "ada", packages_enabled=False)
    assert seen(api.get(AT, "ada")) == FORBIDDEN


def test_the_files_of_a_package_are_listed(api: Api) -> None:
    jar = {"id": 1, "package_id": 1, "created_at": MOMENT, "file_name": "app.jar", "size": 3}
    digests = {f"file_{name}": hashlib.new(name, b"jar").hexdigest() for name in ("md5", "sha1", "sha256")}
    listed = api.get(f"{AT}/1/package_files", "rex").json
    assert listed[0] == {**jar, **digests}
    assert [one["file_name"] for one in listed] == ["app.jar", "app.pom"]
    by_date = names(api.get(f"{AT}/1/package_files", "rex", order_by="created_at"), "file_name")
    assert by_date == ["app.pom", "app.jar"]
    down = names(api.get(f"{AT}/1/package_files", "rex", order_by="file_name", sort="desc"), "file_name")
    assert down == ["app.pom", "app.jar"]


def test_a_package_and_its_files_are_deleted(api: Api) -> None:
    assert seen(api.delete(f"{AT}/1/package_files/1", "bob")) == FORBIDDEN
    assert api.delete(f"{AT}/1/package_files/1", "ada").status == 204
    gone = api.delete(f"{AT}/1/package_files/1", "ada")
    assert seen(gone) == (404, {"message": "404 Not Found"})
    assert seen(api.delete(f"{AT}/1", "bob")) == FORBIDDEN
    assert api.delete(f"{AT}/1", "ada").status == 204
    assert seen(api.delete(f"{AT}/1", "ada")) == GONE
    assert seen(api.get(f"{AT}/1/package_files", "ada")) == GONE
    assert api.get(f"{AT}/2", "ada").json["versions"] == []


def test_a_file_is_downloaded_by_its_id_since_18_4() -> None:
    package = {"name": "app", "version": "1", "package_files": [{"file_name": "a.txt", "content": "x"}]}
    world = {**copy.deepcopy(WORLD), "gitlab": {"version": "18.4.0"}}
    world["projects"][0]["packages"] = [package]
    newer = Api(world)
    assert newer.get(f"{AT}/1/package_files/1/download", "rex").text == "x"
    assert newer.get(f"{AT}/1", "rex").json["last_downloaded_at"] == MOMENT
    world["gitlab"] = {"version": "18.3.0"}
    assert Api(world).get(f"{AT}/1/package_files/1/download", "rex").status == 404
