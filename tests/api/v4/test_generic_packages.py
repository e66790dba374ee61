import copy
import hashlib
from typing import Any

import pytest
from werkzeug.test import Client

from tests.packages_world import WORLD as PACKAGES_WORLD
from tests.support import WORLD, Answer, Api, names, refused, seen

AT = "projects/1/packages/generic"
FORBIDDEN = (403, {"message": "403 Forbidden"})
CREATED = (201, {"message": "201 Created"})
GONE = (404, {"message": "404 Not found"})


def world() -> Api:
    world = copy.deepcopy(WORLD)
    world["tokens"] += [
        {"token": "glcbt-job", "kind": "job", "user": "bob", "project": "acme/rocket"},
        {"token": "reads", "kind": "deploy", "project": "acme/rocket", "scopes": ["read_package_registry"]},
        {"token": "writes", "kind": "deploy", "group": "acme", "scopes": ["write_package_registry"]},
        {"token": "others", "kind": "deploy", "project": "ada/notes", "scopes": ["write_package_registry"]},
        {"token": "scopeless", "kind": "deploy", "project": "acme/rocket", "scopes": ["read_repository"]},
    ]
    return Api(world)


@pytest.fixture
def api() -> Api:
    """Ada owns acme, bob develops acme/rocket, rex reports there, gil is its guest."""
    return world()


def call(api: Api, method: str, path: str, body: bytes = b"", auth: Any = None, **headers: str) -> Answer:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    client = Client(api.server.app, use_cookies=False)
    response = client.open(f"/api/v4/{path}", method=method, headers=sent, data=body, auth=auth)
    api.server.check()
    return Answer(response)


def put(api: Api, path: str, body: bytes, as_: str = "bob", **headers: str) -> Answer:
    return call(api, "PUT", f"{AT}/{path}", body, Private_Token=f"{as_}-token", **headers)


def test_a_file_is_published_and_downloaded(api: Api) -> None:
    assert seen(put(api, "app/1.0.0/app.zip", b"\0one", Content_Type="application/zip")) == CREATED
    fetched = api.get(f"{AT}/app/1.0.0/app.zip", "rex")
    assert (fetched.status, fetched.text, fetched.headers["Content-Type"]) == (200, "\0one", "application/octet-stream")
    assert fetched.headers["Content-Disposition"] == "attachment; filename=\"app.zip\"; filename*=UTF-8''app.zip"
    [package] = api.get("projects/1/packages", "rex").json
    told = tuple(package[name] for name in ("name", "version", "package_type", "status", "last_downloaded_at"))
    assert told == ("app", "1.0.0", "generic", "default", "2024-05-01T09:00:00.000Z")


def test_a_body_of_any_type_is_the_file(api: Api) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
        assert seen(put(api, "app/1.0.0/data.json", b'{"file": "a=b"}', Content_Type=kind)) == CREATED
        assert api.get(f"{AT}/app/1.0.0/data.json", "rex").text == '{"file": "a=b"}'
    assert seen(put(api, "app/1.0.0/nothing", b"")) == CREATED


def test_a_file_published_again_is_another_one_and_the_latest_is_downloaded(api: Api) -> None:
    put(api, "app/1.0.0/a.txt", b"one")
    put(api, "app/1.0.0/b.txt", b"b")
    put(api, "app/1.0.0/a.txt", b"two")
    assert api.get(f"{AT}/app/1.0.0/a.txt", "rex").text == "two"
    assert names(api.get("projects/1/packages/1/package_files", "rex"), "file_name") == ["a.txt", "b.txt", "a.txt"]
    put(api, "app/2.0.0/a.txt", b"three")
    assert names(api.get("projects/1/packages", "rex"), "version") == ["1.0.0", "2.0.0"]


def test_the_record_of_the_file_is_answered_on_demand(api: Api) -> None:
    answer = put(api, "app/1.0.0/a.txt?select=package_file", b"one")
    root = hashlib.sha256(b"1").hexdigest()
    empty = ("verification_retry_at", "verified_at", "verification_failure", "verification_retry_count")
    more = ("verification_checksum", "verification_started_at", "new_file_path", "file_md5", "file_sha1")
    dates = dict.fromkeys(("created_at", "updated_at"), "2024-05-01T09:00:00.000Z")
    assert seen(answer) == (
        200,
        {
            "id": 1,
            "package_id": 1,
            **dates,
            "size": 3,
            "file_store": 1,
            "file_name": "a.txt",
            "file": {"url": f"/{root[:2]}/{root[2:4]}/{root}/packages/1/files/1/a.txt"},
            "file_sha256": hashlib.sha256(b"one").hexdigest(),
            "verification_state": 0,
            **dict.fromkeys((*empty, *more)),
        },
    )
    wrong = put(api, "app/1.0.0/a.txt?select=x", b"one")
    assert seen(wrong) == (400, {"error": "select does not have a valid value"})


def test_a_hidden_package_is_downloaded_and_not_listed(api: Api) -> None:
    put(api, "app/1.0.0/a.txt?status=hidden", b"one")
    assert api.get("projects/1/packages", "rex").json == []
    assert api.get(f"{AT}/app/1.0.0/a.txt", "rex").text == "one"
    put(api, "app/1.0.0/a.txt?status=default", b"two")
    assert names(api.get("projects/1/packages", "rex"), "status") == ["default"]
    wrong = put(api, "app/1.0.0/a.txt?status=error", b"one")
    assert seen(wrong) == (400, {"error": "status does not have a valid value"})


def test_a_file_may_be_in_a_folder(api: Api) -> None:
    assert seen(put(api, "app/1.0.0/docs/en/a.txt", b"one")) == CREATED
    assert api.get(f"{AT}/app/1.0.0/docs/en/a.txt", "rex").text == "one"
    assert api.get(f"{AT}/app/1.0.0/a.txt", "rex", path="docs/en").text == "one"
    assert names(api.get("projects/1/packages/1/package_files", "rex"), "file_name") == ["docs%2Fen%2Fa.txt"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("a%20b/1.0/a", "package_name is invalid"),
        ("app/1..0/a", "package_version is invalid"),
        ("app/1.0/a%20b", "file_name is invalid"),
        ("app/1.0/~a", "file_name is invalid"),
        ("app/1.0/a?path=x/../y", "path should be a valid file path"),
    ],
)
def test_wrong_names_are_refused(api: Api, path: str, told: str) -> None:
    assert seen(put(api, path, b"one")) == (400, {"error": told})


def test_what_is_not_there_is_not_downloaded(api: Api) -> None:
    put(api, "app/1.0.0/a.txt", b"one")
    for path in ("app/1.0.0/b.txt", "app/2.0.0/a.txt", "other/1.0.0/a.txt"):
        assert seen(api.get(f"{AT}/{path}", "rex")) == GONE


def test_who_may_publish_and_download(api: Api) -> None:
    assert seen(put(api, "app/1.0.0/a.txt", b"one", "rex")) == FORBIDDEN
    assert seen(call(api, "PUT", f"{AT}/app/1.0.0/a.txt", b"one"))[0] == 404
    assert seen(call(api, "PUT", "projects/2/packages/generic/app/1/a.txt", b"one"))[0] == 401
    put(api, "app/1.0.0/a.txt", b"one")
    assert seen(api.get(f"{AT}/app/1.0.0/a.txt", "gil")) == FORBIDDEN
    assert seen(api.get(f"{AT}/app/1.0.0/a.txt", "nora")) == (404, {"message": "404 Project Not Found"})
    api.put("projects/1", "ada", packages_enabled=False)
    assert seen(put(api, "app/1.0.0/a.txt", b"one")) == FORBIDDEN


def test_jobs_deploy_tokens_and_passwords_are_taken(api: Api) -> None:
    at = f"{AT}/app/1.0.0/a.txt"
    assert seen(call(api, "PUT", at, b"job", Job_Token="glcbt-job")) == CREATED
    assert call(api, "GET", at, Job_Token="glcbt-job").text == "job"
    assert seen(call(api, "PUT", at, b"deploy", Deploy_Token="writes")) == CREATED
    assert call(api, "GET", at, Deploy_Token="reads").text == "deploy"
    assert call(api, "GET", at, auth=("name", "reads")).text == "deploy"
    assert seen(call(api, "PUT", at, b"password", auth=("any", "bob-token"))) == CREATED
    assert call(api, "GET", at, auth=("any", "rex-token")).text == "password"
    assert call(api, "GET", at, auth=("gitlab-ci-token", "glcbt-job")).text == "password"


def test_deploy_tokens_need_the_scope_and_to_reach_the_project(api: Api) -> None:
    at = f"{AT}/app/1.0.0/a.txt"
    for token in ("reads", "scopeless"):
        assert seen(call(api, "PUT", at, b"x", Deploy_Token=token)) == FORBIDDEN
    assert seen(call(api, "GET", at, Deploy_Token="scopeless")) == FORBIDDEN
    assert call(api, "GET", at, Deploy_Token="others").status == 404


def test_only_gitlabs_own_proxy_asks_where_to_put_a_file(api: Api) -> None:
    assert seen(put(api, "app/1.0.0/a.txt/authorize", b"")) == FORBIDDEN


def test_duplicates_are_refused_where_a_group_says_so() -> None:
    api = Api(PACKAGES_WORLD)
    path = "projects/4/packages/generic/app/1.0/a.txt"
    assert [api.put(path, "ada", some="thing").status for _ in range(2)] == [201, 400]
    assert refused(api.put(path, "ada", some="thing")) == "400 Bad request - Duplicate package is not allowed"
    assert api.put(path.replace("a.txt", "b.txt"), "ada", some="thing").status == 201
    assert [api.put(path.replace("/4/", "/1/"), "ada", some="thing").status for _ in range(2)] == [201, 201]
