from typing import Any

import pytest

from tests.api.v4.test_npm_packages import publish, structured
from tests.packages_world import WORLD, send
from tests.support import Api, a_file, names, seen

AT = "projects/1/packages/protection/rules"
GIVEN = {"package_name_pattern": "@acme/*", "package_type": "npm", "minimum_access_level_for_push": "maintainer"}
SHOWN = {"id": 1, "project_id": 1, **GIVEN}


@pytest.fixture
def api() -> Api:
    return Api(WORLD)


def test_a_rule_is_made_listed_changed_and_deleted(api: Api) -> None:
    assert seen(api.post(AT, "ada", **GIVEN)) == (201, SHOWN)
    assert seen(api.get(AT, "ada")) == (200, [SHOWN])
    news = {"package_name_pattern": "rocket", "package_type": "pypi"}
    assert seen(api.request("PATCH", f"{AT}/1", "ada", **news)) == (200, {**SHOWN, **news})
    assert api.delete(f"{AT}/1", "ada").status == 204
    assert seen(api.delete(f"{AT}/1", "ada")) == (404, {"message": "404 Not found"})


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "Package name pattern has already been taken"),
        ({"package_name_pattern": "a b"}, "Package name pattern should be a valid NPM package name"),
        ({"package_name_pattern": "-", "package_type": "pypi"}, "Package name pattern should be a valid PyPI package"),
        ({"package_name_pattern": "a" * 256}, "Package name pattern is too long (maximum is 255 characters)"),
        (
            {"package_name_pattern": "b", "minimum_access_level_for_push": None},
            "A rule must have at least a minimum access role for push or delete.",
        ),
    ],
)
def test_what_is_no_rule(api: Api, given: dict[str, Any], problem: str) -> None:
    api.post(AT, "ada", **GIVEN)
    answer = api.post(AT, "ada", **{**GIVEN, **given})
    assert answer.status == 422
    [told] = answer.json["message"]["error"]
    assert told.startswith(problem)


def test_who_sees_and_changes_rules(api: Api) -> None:
    for as_, status in (("bob", 403), (None, 401), ("nora", 404)):
        assert [api.get(AT, as_).status, api.post(AT, as_, **GIVEN).status] == [status, status]
    assert api.delete(f"{AT}/1", "bob").status == 403


def test_a_protected_package_is_published_by_those_of_the_role_alone(api: Api) -> None:
    api.post(AT, "ada", **GIVEN)
    assert seen(publish(api, "bob")) == structured("Package protected.", 403)
    assert publish(api, "bob", name="@other/rocket").status == 200
    assert publish(api, "ada", version="2.0.0").status == 200
    assert publish(api, "root", version="3.0.0").status == 200
    refused = send(api, "PUT", "projects/1/packages/npm/@acme%2frocket", "writes", json={"versions": {}})
    assert refused.status_code == 400


def test_a_protected_python_package_is_not_uploaded(api: Api) -> None:
    api.post(AT, "ada", **{**GIVEN, "package_type": "pypi", "package_name_pattern": "Rock*"})
    at, given = "projects/1/packages/pypi", {"version": "1.0", "content": a_file("a.whl")}
    refused = api.form("POST", at, "bob", name="rocket", **given)
    assert seen(refused) == (403, {"message": "403 Forbidden - Package protected."})
    assert api.form("POST", at, "ada", name="rocket", version="1.0", content=a_file("a.whl")).status == 201


def test_a_protected_package_is_deleted_by_those_of_the_role_alone() -> None:
    rule = {**GIVEN, "minimum_access_level_for_push": None, "minimum_access_level_for_delete": "admin"}
    project: dict[str, Any] = {"path": "acme/base", "package_protection_rules": [rule]}
    project["packages"] = [{"name": "@acme/a", "version": "1.0.0", "package_type": "npm"}]
    api = Api({**WORLD, "projects": [*WORLD["projects"], project]})
    assert names(api.get("projects/6/packages/protection/rules", "ada"), "package_name_pattern") == ["@acme/*"]
    path = "projects/6/packages/1"
    refused = (403, {"message": "403 Forbidden - Package is deletion protected."})
    assert seen(api.delete(path, "ada")) == refused
    assert api.delete(path, "root").status == 204
