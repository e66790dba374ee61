import hashlib
from typing import Any

import pytest

from tests.packages_world import WORLD, send
from tests.support import Api, names, seen

AT = "projects/1/packages/maven"
PLACE = "com/acme/app/1.0"
JAR = b"a jar"
SHA1, MD5 = hashlib.sha1(JAR).hexdigest(), hashlib.md5(JAR).hexdigest()
FORBIDDEN = (403, {"message": "403 Forbidden"})


@pytest.fixture
def api() -> Api:
    return Api(WORLD)


def upload(api: Api, name: str, data: Any = JAR, at: str = AT, place: str = PLACE, secret: str = "bob-token") -> Any:
    return send(api, "PUT", f"{at}/{place}/{name}", headers={"Private-Token": secret}, data=data)


def test_a_file_is_uploaded_and_downloaded_with_its_digests(api: Api) -> None:
    made = upload(api, "app-1.0.jar")
    assert (made.status_code, made.json["file_name"], made.json["file_sha1"]) == (200, "app-1.0.jar", SHA1)
    assert upload(api, "app-1.0.jar.sha1", SHA1).status_code == 204
    assert upload(api, "app-1.0.jar.md5", MD5).status_code == 200
    assert upload(api, "app-1.0.jar.sha1", "0" * 40).json == {"message": "409 Conflict"}
    assert upload(api, "app-1.0.pom.sha1", SHA1).status_code == 404
    for at in (AT, "groups/1/-/packages/maven"):
        got = api.get(f"{at}/{PLACE}/app-1.0.jar", "rex")
        assert (got.data, got.headers["X-Checksum-Sha1"], got.headers["X-Checksum-Md5"]) == (JAR, SHA1, MD5)
        assert api.get(f"{at}/{PLACE}/app-1.0.jar.sha1", "rex").text == SHA1
        assert api.get(f"{at}/{PLACE}/app-1.0.jar.md5", "rex").text == MD5
    [package] = api.get("projects/1/packages", "rex").json
    assert [package[name] for name in ("name", "version", "package_type")] == ["com/acme/app", "1.0", "maven"]
    assert package["last_downloaded_at"] == "2024-05-01T09:00:00.000Z"
    assert names(api.get("projects/1/packages/1/package_files", "rex"), "file_md5") == [MD5]


def test_metadata_of_all_versions_is_a_package_without_a_version(api: Api) -> None:
    assert upload(api, "maven-metadata.xml", b"all", place="com/acme/app").status_code == 200
    assert upload(api, "maven-metadata.xml", b"snapshots", place="com/acme/app/1.1-SNAPSHOT").status_code == 200
    listed = api.get("projects/1/packages", "rex", include_versionless=True)
    assert names(listed, "version") == [None, "1.1-SNAPSHOT"]
    assert api.get(f"{AT}/com/acme/app/maven-metadata.xml", "rex").data == b"all"
    assert api.get(f"{AT}/com/acme/app/1.1-SNAPSHOT/maven-metadata.xml", "rex").data == b"snapshots"


def test_the_newest_metadata_of_a_group_is_that_last_uploaded(api: Api) -> None:
    for project, text in ((1, b"old"), (4, b"tool"), (1, b"new")):
        upload(api, "maven-metadata.xml", text, f"projects/{project}/packages/maven", "com/acme/app", "ada-token")
    assert api.get("groups/1/-/packages/maven/com/acme/app/maven-metadata.xml", "ada").data == b"new"
    upload(api, "app.jar", b"first", "projects/4/packages/maven", PLACE, "ada-token")
    upload(api, "app.jar", b"second", AT, PLACE)
    assert api.get(f"groups/1/-/packages/maven/{PLACE}/app.jar", "ada").data == b"second"
    assert api.get(f"groups/2/-/packages/maven/{PLACE}/app.jar", "ada").data == b"first"


def test_the_instance_has_what_is_named_as_its_project(api: Api) -> None:
    upload(api, "rocket.jar", place="acme/rocket/1.0")
    upload(api, "app.jar")
    at = "packages/maven/acme/rocket/1.0"
    assert api.get(f"{at}/rocket.jar", "rex").data == JAR
    assert api.get(f"{at}/rocket.jar.sha1", "rex").text == SHA1
    assert api.get(f"{at}/other.jar", "rex").status == 404
    for path in (f"packages/maven/{PLACE}/app.jar", "packages/maven/acme/rocket/2.0/rocket.jar"):
        assert seen(api.get(path, "rex")) == FORBIDDEN
    assert seen(api.get(f"{at}/rocket.jar", "gil")) == FORBIDDEN
    assert api.get(f"{at}/rocket.jar", None).status == 401


def test_what_is_not_there_may_be_at_maven_central(api: Api) -> None:
    for at in (AT, "groups/1/-/packages/maven"):
        answer = api.get(f"{at}/junit/junit/4.0/junit-4.0.jar.sha1", "rex")
        address = "https://repo.maven.apache.org/maven2/junit/junit/4.0/junit-4.0.jar.sha1"
        assert (answer.status, answer.headers["Location"]) == (302, address)
    for at in ("projects/4/packages/maven", "groups/2/-/packages/maven"):
        answer = api.get(f"{at}/junit/junit/4.0/junit-4.0.jar", "ada")
        assert seen(answer) == (404, {"message": "404 Package Not Found"})


def test_duplicates_are_refused_where_a_group_says_so(api: Api) -> None:
    def again(name: str, place: str = PLACE) -> int:
        at = "projects/4/packages/maven"
        status: int = upload(api, name, at=at, place=place, secret="ada-token").status_code
        return status

    assert [again("app.jar"), again("app.pom"), again("app.jar")] == [200, 200, 400]
    refused = upload(api, "app.jar", at="projects/4/packages/maven", secret="ada-token")
    assert refused.json == {"message": "400 Bad request - Duplicate package is not allowed"}
    snapshot = "com/acme/app/1.0-SNAPSHOT"
    assert [again(f"app-1.0-20240501.090000-{one}.jar", snapshot) for one in (1, 2)] == [200, 200]
    assert [again("maven-metadata.xml", "com/acme/app"), again("maven-metadata.xml", "com/acme/app")] == [200, 200]
    assert [upload(api, "app.jar").status_code for _ in range(2)] == [200, 200]


def test_what_is_refused(api: Api) -> None:
    assert upload(api, "a b.jar").json == {"error": "file_name is invalid"}
    assert upload(api, "a.jar", place="com/acme/app/1..0").json == {"message": "Validation failed: Version is invalid"}
    assert upload(api, "a.jar", place="com/ac me/1.0").json == {"message": "Validation failed: Name is invalid"}
    assert upload(api, "a.jar", place="com/%2e%2e/1.0").json == {"error": "path should be a valid file path"}
    rule = {"package_name_pattern": "com/acme/*", "package_type": "maven", "minimum_access_level_for_push": "owner"}
    api.post("projects/1/packages/protection/rules", "ada", **rule)
    assert upload(api, "a.jar").json == {"message": "403 Forbidden - Package protected."}
    api.put("application/plan_limits", "root", plan_name="default", maven_max_file_size=4)
    assert upload(api, "a.jar").json == {"message": "400 Bad request - File is too large"}


def test_who_uploads_and_downloads(api: Api) -> None:
    assert upload(api, "app-1.0.jar", secret="rex-token").status_code == 403
    nobody = send(api, "PUT", f"{AT}/{PLACE}/app.jar", data=JAR)
    assert (nobody.status_code, nobody.headers["WWW-Authenticate"]) == (401, 'Basic realm="GitLab Packages Registry"')
    assert (
        send(api, "PUT", f"{AT}/{PLACE}/app-1.0.jar", data=JAR, headers={"Deploy-Token": "writes"}).status_code == 200
    )
    assert (
        send(api, "PUT", f"{AT}/{PLACE}/app-1.0.jar", data=JAR, headers={"Job-Token": "glcbt-job"}).status_code == 200
    )
    assert api.get("projects/1/packages/1/pipelines", "rex").json[0]["id"] == 7
    for auth, status in ((("any", "reads"), 200), (("any", "rex-token"), 200), (("any", "wrong"), 401), (None, 401)):
        for at in (AT, "groups/1/-/packages/maven"):
            assert send(api, "GET", f"{at}/{PLACE}/app-1.0.jar", auth=auth).status_code == status
    assert seen(api.get(f"{AT}/{PLACE}/app-1.0.jar", "gil")) == FORBIDDEN
    assert seen(api.get(f"{AT}/{PLACE}/app-1.0.jar", "nora")) == (404, {"message": "404 Not Found"})
    assert send(api, "PUT", f"{AT}/{PLACE}/a.jar/authorize", headers={"Private-Token": "bob-token"}).status_code == 403
