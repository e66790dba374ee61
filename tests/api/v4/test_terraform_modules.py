from datetime import timedelta
from typing import Any

import pytest

from tests.packages_world import WORLD, send
from tests.support import Api, names, seen

AT = "projects/1/packages/terraform/modules/base/aws"
MODULE = "packages/terraform/modules/v1/acme/base/aws"
TARBALL = b"a module"
SOURCE = "http://localhost/acme/rocket"
MISSING = (404, {"message": "404 Not Found"})


@pytest.fixture
def api() -> Api:
    return Api(WORLD)


def upload(api: Api, version: str = "1.0.0", as_: str = "bob", at: str = AT, data: bytes = TARBALL) -> Any:
    return send(api, "PUT", f"{at}/{version}/file", headers={"Private-Token": f"{as_}-token"}, data=data)


def told(version: str) -> dict[str, Any]:
    shown = {"name": "base/aws", "provider": "aws", "providers": ["aws"], "root": {"dependencies": []}}
    return {**shown, "source": SOURCE, "submodules": [], "version": version, "versions": [version]}


def test_versions_of_a_module_are_told(api: Api) -> None:
    made = upload(api)
    assert (made.status_code, made.json) == (201, {"message": "201 Created"})
    for version in ("1.10.0", "1.2.0"):
        upload(api, version)
    root = {"dependencies": [], "providers": [{"name": "aws", "version": ""}]}
    versions: list[Any] = [{"version": one, "submodules": [], "root": root} for one in ("1.10.0", "1.2.0", "1.0.0")]
    told_of = {"modules": [{"versions": versions, "source": SOURCE}]}
    assert seen(api.get(f"{MODULE}/versions", "rex")) == (200, told_of)
    assert seen(api.get(MODULE, "rex")) == (200, told("1.10.0"))
    assert seen(api.get(f"{MODULE}/1.2.0", "rex")) == (200, told("1.2.0"))
    latest = api.get(f"{MODULE}/download", "rex")
    assert (latest.status, latest.headers["Location"]) == (302, f"http://localhost/api/v4/{MODULE}/1.10.0/download")
    assert names(api.get("projects/1/packages", "rex", package_type="terraform_module"), "name") == ["base/aws"] * 3
    assert api.get("projects/1/packages", "rex").json == []


@pytest.mark.parametrize("secret", ["rex-token", "reads", "glcbt-job"])
def test_a_module_is_downloaded_with_the_token_of_its_address(api: Api, secret: str) -> None:
    upload(api)
    place = send(api, "GET", f"{MODULE}/1.0.0/download", secret)
    assert place.status_code == 204
    path = place.headers["X-Terraform-Get"].removeprefix("/api/v4/")
    assert path.startswith(f"{MODULE}/1.0.0/file?token=")
    assert path.endswith("&archive=tgz")
    assert send(api, "GET", path).data == TARBALL
    assert send(api, "GET", path.replace("token=", "token=x")).status_code == 401
    for token in ("a.b.c", "e30.eyJ0b2tlbiI6W119.%C3%A9", "e30.eyJ0b2tlbiI6MX0.%C3%A9"):
        assert send(api, "GET", f"{MODULE}/1.0.0/file?token={token}").status_code == 401
    api.store.advance_clock(timedelta(minutes=5))
    assert send(api, "GET", path).status_code == 401


def test_a_module_of_a_project_is_downloaded(api: Api) -> None:
    upload(api)
    upload(api, "1.10.0", data=b"newer")
    upload(api, "1.9.0", data=b"older")
    assert api.get(AT, "rex").data == b"newer"
    assert api.get(f"{AT}/1.0.0", "rex").data == TARBALL
    assert seen(api.get(f"{AT}/2.0.0", "rex")) == MISSING
    for path in (AT, f"{AT}/1.0.0"):
        place = send(api, "GET", f"{path}?terraform-get=1", auth=("any", "rex-token"))
        header = f"http://localhost/api/v4/{path}?archive=tgz"
        assert (place.status_code, place.headers["X-Terraform-Get"]) == (204, header)
    assert api.get(AT, "rex", **{"terraform-get": "2"}).json == {"error": "terraform-get does not have a valid value"}


def test_what_cannot_be_uploaded(api: Api) -> None:
    upload(api)
    again = upload(api)
    assert (again.status_code, again.json) == (403, {"message": "Package version already exists."})
    other = AT.replace("projects/1", "projects/4")
    elsewhere = upload(api, as_="ada", at=other)
    taken = {"message": "A package with the same name already exists in the namespace"}
    assert (elsewhere.status_code, elsewhere.json) == (403, taken)
    assert upload(api, "one").json == {"error": "module_version is invalid"}
    assert upload(api, at=AT.replace("base", "Base")).json == {"message": "Validation failed: Name is invalid"}
    assert upload(api, "2.0.0", as_="rex").status_code == 403
    assert send(api, "PUT", f"{AT}/2.0.0/file", data=TARBALL).status_code == 401
    assert send(api, "PUT", f"{AT}/2.0.0/file/authorize", headers={"Private-Token": "bob-token"}).status_code == 403
    api.put("application/plan_limits", "root", plan_name="default", terraform_module_max_file_size=4)
    assert upload(api, "2.0.0").json == {"message": "400 Bad request - File is too large"}


@pytest.mark.parametrize(
    "settings",
    [{"terraform_module_duplicates_allowed": True}, {"terraform_module_duplicate_exception_regex": "base/.*"}],
)
def test_two_projects_have_a_module_of_one_name_where_a_group_says_so(settings: dict[str, Any]) -> None:
    groups = [{**WORLD["groups"][0], "package_settings": settings}, {"path": "acme/labs"}, WORLD["groups"][2]]
    api = Api({**WORLD, "groups": groups})
    assert [upload(api).status_code, upload(api, as_="ada", at=AT.replace("/1/", "/4/")).status_code] == [201, 201]


def test_who_sees_modules(api: Api) -> None:
    no_version = (404, {"message": {"error": "No version found for base module"}})
    assert seen(api.get(MODULE, "rex")) == seen(api.get(f"{MODULE}/download", "rex")) == no_version
    empty: dict[str, Any] = {"modules": [{"versions": [], "source": None}]}
    assert seen(api.get(f"{MODULE}/versions", "rex")) == (200, empty)
    upload(api)
    for path in (f"{MODULE}/versions", f"{MODULE}/1.0.0", f"{MODULE}/1.0.0/download"):
        assert api.get(path, "rex").status == (204 if path.endswith("download") else 200)
        assert [api.get(path, as_).status for as_ in ("nora", None)] == [403, 401]
    assert seen(api.get(f"{MODULE}/2.0.0", "rex")) == MISSING
    assert api.get(f"{MODULE}/one", "rex").json == {"error": "module_version is invalid"}
    assert api.get(MODULE.replace("acme", "nowhere"), "rex").status == 403
    assert api.get(MODULE.replace("acme", "1"), "rex").status == 200
