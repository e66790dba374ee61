import base64
import hashlib
from typing import Any

import pytest

from tests.packages_world import WORLD, send
from tests.support import Answer, Api, names, seen

AT = "projects/1/packages/npm"
LEVELS = (AT, "groups/1/-/packages/npm", "packages/npm")
NAME = "@acme/rocket"
WRITTEN = "@acme%2frocket"
TARBALL = b"a tarball"
SHA1 = hashlib.sha1(TARBALL).hexdigest()
FORBIDDEN = (403, {"message": "403 Forbidden"})
BASE = "http://localhost/api/v4/"


@pytest.fixture
def api() -> Api:
    return Api(WORLD)


def body(version: str = "1.0.0", name: str = NAME, tag: str = "latest", **more: Any) -> dict[str, Any]:
    attachment = {"data": base64.b64encode(TARBALL).decode(), "length": len(TARBALL)}
    return {
        "name": name,
        "dist-tags": {tag: version},
        "versions": {version: {"name": name, "version": version, **more}},
        "_attachments": {f"{name}-{version}.tgz": attachment},
    }


def publish(api: Api, as_: str | None = "bob", at: str = AT, **given: Any) -> Answer:
    sent = body(**given)
    return api.put(f"{at}/{sent['name'].replace('/', '%2f')}", as_, **sent)


def shown(version: str = "1.0.0", **more: Any) -> dict[str, Any]:
    tarball = f"{BASE}{AT}/{NAME}/-/{NAME}-{version}.tgz"
    return {"name": NAME, "version": version, "dist": {"shasum": SHA1, "tarball": tarball}, **more}


# Publishing


def test_a_package_is_published_shown_and_downloaded(api: Api) -> None:
    more: dict[str, Any] = {
        "dependencies": {"fuel": "^1.0"},
        "bin": {"launch": "a.js"},
        "scripts": {"install": "make"},
        "readme": "r",
    }
    assert seen(publish(api, **more)) == (
        200,
        {
            "id": 1,
            "project_id": 1,
            "created_at": "2024-05-01T09:00:00.000Z",
            "updated_at": "2024-05-01T09:00:00.000Z",
            "name": NAME,
            "version": "1.0.0",
            "package_type": "npm",
            "creator_id": 3,
            "status": "default",
            "last_downloaded_at": None,
            "status_message": None,
        },
    )
    version = shown(dependencies={"fuel": "^1.0"}, bin={"launch": "a.js"}, hasInstallScript=True)
    told = {"name": NAME, "versions": {"1.0.0": version}, "dist-tags": {"latest": "1.0.0"}}
    for at in LEVELS:
        assert seen(api.get(f"{at}/{WRITTEN}", "rex")) == (200, told)
    assert api.get(f"{AT}/{NAME}/-/{NAME}-1.0.0.tgz", "rex").data == TARBALL
    missing = api.get(f"{AT}/{NAME}/-/{NAME}-2.0.0.tgz", "rex")
    assert seen(missing) == (404, {"message": "404 Package Not Found"})


def test_a_package_is_listed_with_its_tags_and_the_pipeline_that_published_it(api: Api) -> None:
    assert send(api, "PUT", f"{AT}/{WRITTEN}", "glcbt-job", json=body(tag="next")).status_code == 200
    [package] = api.get("projects/1/packages", "rex").json
    assert {key: package[key] for key in ("name", "version", "package_type", "status", "tags", "pipelines")} == {
        "name": NAME,
        "version": "1.0.0",
        "package_type": "npm",
        "status": "default",
        "tags": ["next"],
        "pipelines": [],
    }
    assert package["pipeline"]["id"] == 7
    assert package["_links"] == {"web_path": "/acme/rocket/-/packages/1"}
    [file] = api.get("projects/1/packages/1/package_files", "rex").json
    assert (file["file_name"], file["file_sha1"]) == (f"{NAME}-1.0.0.tgz", SHA1)


def structured(text: str, status: int = 400) -> tuple[int, dict[str, str]]:
    return status, {"message": text, "error": text}


def test_what_cannot_be_published(api: Api) -> None:
    publish(api)
    assert seen(publish(api)) == structured("Package already exists.", 403)
    assert seen(publish(api, at="projects/4/packages/npm", as_="ada")) == structured(
        "Validation failed: Package already exists"
    )
    assert publish(api, at="projects/4/packages/npm", as_="ada", version="1.0.1").status == 200
    assert seen(publish(api, version="1.0")) == structured("Validation failed: Version is invalid")
    assert seen(publish(api, name="a b")) == structured("Validation failed: Name is invalid")
    assert seen(api.put(f"{AT}/app", "bob", name="app", versions={})) == structured("Version is empty.")
    for attachments in ({}, {"app-1.0.0.tgz": {"data": "?"}}, {"app-1.0.0.tgz": "data"}):
        given = {**body(name="app"), "_attachments": attachments}
        assert seen(api.put(f"{AT}/app", "bob", **given)) == structured("Attachment data is empty.")
    assert api.put(f"{AT}/app", "bob", name="app").json == {"message": '400 (Bad request) "versions" not given'}
    api.put("application/plan_limits", "root", plan_name="default", npm_max_file_size=4)
    assert seen(publish(api, name="app")) == (400, {"message": "400 Bad request - File is too large"})


def test_who_publishes(api: Api) -> None:
    assert seen(publish(api, "rex")) == FORBIDDEN
    assert seen(publish(api, None)) == (401, {"message": "401 Unauthorized"})
    assert seen(publish(api, "nora")) == (404, {"message": "404 Project Not Found"})
    assert send(api, "PUT", f"{AT}/{WRITTEN}", "reads", json=body()).status_code == 403
    assert send(api, "PUT", f"{AT}/{WRITTEN}", "writes", json=body()).status_code == 200


# Reading


def test_versions_of_several_projects_are_seen_as_far_as_these_are_open(api: Api) -> None:
    publish(api)
    publish(api, at="projects/5/packages/npm", as_="ada", version="1.10.0-rc.1", tag="next")
    found = api.get(f"packages/npm/{WRITTEN}", "ada").json
    assert (list(found["versions"]), found["dist-tags"]) == (
        ["1.0.0", "1.10.0-rc.1"],
        {"latest": "1.0.0", "next": "1.10.0-rc.1"},
    )
    assert list(api.get(f"groups/2/-/packages/npm/{WRITTEN}", "ada").json["versions"]) == ["1.10.0-rc.1"]


def test_the_highest_version_is_the_latest_where_none_is_called_so(api: Api) -> None:
    for version in ("1.2.0", "1.10.0", "1.10.0-beta"):
        publish(api, version=version, tag="next")
    assert api.get(f"{AT}/{WRITTEN}", "rex").json["dist-tags"] == {"next": "1.10.0-beta", "latest": "1.10.0"}


@pytest.mark.parametrize("at", LEVELS)
def test_who_reads(api: Api, at: str) -> None:
    publish(api)
    anonymous = api.get(f"{at}/{WRITTEN}", None)
    assert anonymous.status == (404 if at.startswith("groups") else 401)
    assert send(api, "GET", f"{at}/{WRITTEN}", "reads").status_code == 200
    assert api.get(f"{at}/{WRITTEN}", "gil").status == 403


@pytest.mark.parametrize("at", LEVELS)
def test_what_is_not_there_may_be_at_npmjs(api: Api, at: str) -> None:
    for as_ in ("rex", None) if not at.startswith("groups") else ("rex",):
        answer = api.get(f"{at}/lodash", as_)
        assert (answer.status, answer.headers["Location"]) == (302, "https://registry.npmjs.org/lodash")
        assert answer.text == "This resource has been moved temporarily to https://registry.npmjs.org/lodash."


def test_nobody_is_sent_to_npmjs_where_a_setting_says_so(api: Api) -> None:
    missing = (404, {"message": "404 Packages Not Found"})
    assert seen(api.get("projects/4/packages/npm/lodash", "ada")) == missing
    assert seen(api.get("groups/2/-/packages/npm/lodash", "ada")) == missing
    assert api.get("groups/1/-/packages/npm/lodash", "ada").status == 302
    api.put("application/settings", "root", npm_package_requests_forwarding=False)
    for at in LEVELS:
        assert seen(api.get(f"{at}/lodash", "ada")) == missing


# Tags


def tags(api: Api, at: str = AT) -> Any:
    return api.get(f"{at}/-/package/{WRITTEN}/dist-tags", "rex").json


def put_tag(api: Api, at: str, tag: str, version: str, as_: str = "bob-token") -> int:
    path = f"{at}/-/package/{WRITTEN}/dist-tags/{tag}"
    answer = send(api, "PUT", path, as_, data=version, content_type="application/json")
    status: int = answer.status_code
    return status


@pytest.mark.parametrize("at", LEVELS)
def test_a_tag_stands_for_one_version_at_a_time(api: Api, at: str) -> None:
    publish(api)
    publish(api, version="1.1.0", tag="next")
    assert tags(api, at) == {"latest": "1.0.0", "next": "1.1.0"}
    assert put_tag(api, at, "next", '"1.0.0"') == 204
    assert tags(api, at) == {"latest": "1.0.0", "next": "1.0.0"}
    assert api.delete(f"{at}/-/package/{WRITTEN}/dist-tags/next", "ada").status == 204
    assert tags(api, at) == {"latest": "1.0.0"}
    gone = api.delete(f"{at}/-/package/{WRITTEN}/dist-tags/next", "ada")
    assert seen(gone) == (404, {"message": "404 Package tag Not Found"})


def test_tags_that_are_refused(api: Api) -> None:
    path = f"{AT}/-/package/{WRITTEN}/dist-tags"
    assert seen(api.get(path, "rex")) == (404, {"message": "404 Package Not Found"})
    assert seen(api.get(f"packages/npm/-/package/{WRITTEN}/dist-tags", "rex")) == (
        404,
        {"message": "404 Project Not Found"},
    )
    publish(api)
    assert put_tag(api, AT, "next", '"2.0.0"') == 404
    assert put_tag(api, AT, "next", '"1.0.0"', "rex-token") == 403
    for text in ("", "1.0.0", "[]", "{"):
        answer = send(api, "PUT", f"{path}/next", "bob-token", data=text, content_type="application/json")
        assert answer.json == {"message": '400 Bad request - "Version" not given', "error": '"Version" not given'}
    assert seen(api.delete(f"{path}/latest", "bob")) == FORBIDDEN
    assert api.get(path, None).status == 401


# Deprecating and deleting


def deprecate(api: Api, as_: str, message: str, version: str = "1.0.0") -> Answer:
    given = {"name": NAME, "versions": {version: {"deprecated": message}}}
    return api.request("PUT", f"{AT}/{WRITTEN}", as_, headers={"npm-command": "deprecate"}, **given)


def test_a_version_is_deprecated_and_taken_back(api: Api) -> None:
    publish(api)
    publish(api, version="1.1.0")
    assert seen(deprecate(api, "bob", "old")) == FORBIDDEN
    assert deprecate(api, "ada", "old").status == 200
    versions = api.get(f"{AT}/{WRITTEN}", "rex").json["versions"]
    assert (versions["1.0.0"]["deprecated"], "deprecated" in versions["1.1.0"]) == ("old", False)
    assert names(api.get("projects/1/packages", "rex"), "status") == ["deprecated", "default"]
    deprecate(api, "ada", "")
    assert "deprecated" not in api.get(f"{AT}/{WRITTEN}", "rex").json["versions"]["1.0.0"]
    assert names(api.get("projects/1/packages", "rex"), "status") == ["default", "default"]


def test_a_deleted_version_is_gone_for_npm(api: Api) -> None:
    publish(api)
    publish(api, version="1.1.0")
    assert api.delete("projects/1/packages/2", "ada").status == 204
    assert list(api.get(f"{AT}/{WRITTEN}", "rex").json["versions"]) == ["1.0.0"]


# Audits


@pytest.mark.parametrize("audit", ["advisories/bulk", "audits/quick"])
def test_audits_are_sent_to_npmjs_or_find_nothing(api: Api, audit: str) -> None:
    path = f"-/npm/v1/security/{audit}"
    for at in LEVELS:
        answer = api.post(f"{at}/{path}", "rex", lodash=["1.0.0"])
        assert (answer.status, answer.headers["Location"]) == (307, f"https://registry.npmjs.org/{path}")
        assert api.post(f"{at}/{path}", None).status in (401, 404)
    assert seen(api.post(f"projects/4/packages/npm/{path}", "ada")) == (200, [])
    assert seen(api.post(f"groups/2/-/packages/npm/{path}", "ada")) == (404, {"message": "404 Project Not Found"})
