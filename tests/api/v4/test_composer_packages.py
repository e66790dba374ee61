import copy
import io
import json
import zipfile
from typing import Any

import pytest

from tests.packages_world import WORLD, send
from tests.support import Answer, Api, names, seen

AT, GROUP = "projects/1/packages/composer", "group/1/-/packages/composer"
TOLD = {"name": "acme/base", "type": "library", "require": {"php": ">=8"}}
MISSING = (404, {"message": "404 Not Found"})


@pytest.fixture
def api() -> Api:
    world = copy.deepcopy(WORLD)
    files = {"composer.json": json.dumps(TOLD), "src/a.php": "<?php"}
    branches = {"main": files, "1.x": files, "2.1": files, "broken": {"composer.json": "{"}}
    branches |= {"list": {"composer.json": "[]"}, "nameless": {"composer.json": "{}"}}
    for project in world["projects"][0], world["projects"][3]:
        project["repository"] = {"branches": branches, "tags": {"v1.0.0": "main"}}
    world["projects"][4]["repository"] = {"branches": {"main": {"a": "b"}}}
    return Api(world)


def publish(api: Api, as_: str | None = "bob", at: str = AT, **given: Any) -> Answer:
    return api.post(at, as_, **given)


def test_branches_and_tags_are_published_and_listed(api: Api) -> None:
    for given in ({"branch": "main"}, {"branch": "1.x"}, {"branch": "2.1"}, {"tag": "v1.0.0"}, {"tag": "v1.0.0"}):
        assert seen(publish(api, **given)) == (201, {"message": "201 Created"})
    listed = api.get("projects/1/packages", "rex")
    assert names(listed, "version") == ["dev-main", "1.x-dev", "2.1.x-dev", "1.0.0"]
    found = api.get(f"{GROUP}/p2/acme/base.json", "rex").json
    versions = found["packages"]["acme/base"]
    assert list(versions) == ["1.0.0", "1.x-dev", "2.1.x-dev", "dev-main"]
    sha = versions["1.0.0"]["dist"]["reference"]
    url = f"http://localhost/api/v4/{AT}/archives/acme/base.zip?sha={sha}"
    assert versions["1.0.0"] == {
        **TOLD,
        "dist": {"type": "zip", "url": url, "reference": sha, "shasum": ""},
        "source": {"type": "git", "url": "git@localhost:acme/rocket.git", "reference": sha},
        "uid": 4,
        "version": "1.0.0",
    }
    fetched = send(api, "GET", url.removeprefix("http://localhost/api/v4/"), "rex-token")
    with zipfile.ZipFile(io.BytesIO(fetched.data)) as archive:
        assert f"rocket-{sha}-{sha}/src/a.php" in archive.namelist()
    assert seen(api.get(f"{AT}/archives/acme/base.zip", "rex", sha="0" * 40)) == MISSING


def test_the_first_and_the_second_composer_find_packages(api: Api) -> None:
    publish(api, tag="v1.0.0")
    at = f"/api/v4/{GROUP}"
    root = {"packages": [], "metadata-url": f"{at}/p2/%package%.json"}
    second = api.request("GET", f"{GROUP}/packages.json", "rex", headers={"User-Agent": "Composer/2.7"})
    assert seen(second) == (200, root)
    first = api.get(f"{GROUP}/packages.json", "rex").json
    digest = first["provider-includes"]["p/%hash%.json"]["sha256"]
    assert first == {
        **root,
        "provider-includes": {"p/%hash%.json": {"sha256": digest}},
        "providers-url": f"{at}/%package%$%hash%.json",
    }
    providers = api.get(f"{GROUP}/p/{digest}.json", "rex").json["providers"]
    own = providers["acme/base"]["sha256"]
    by_digest = api.get(f"{GROUP}/acme/base${own}.json", "rex")
    assert by_digest.json == api.get(f"{GROUP}/p2/acme/base.json", "rex").json
    for path in ("acme/base.json", "acme/other$1.json", "p2/acme/other.json"):
        assert seen(api.get(f"{GROUP}/{path}", "rex")) == MISSING


def test_what_cannot_be_published(api: Api) -> None:
    assert seen(publish(api, branch="none")) == (404, {"message": "404 Branch Not Found"})
    assert seen(publish(api, tag="main")) == (404, {"message": "404 Tag Not Found"})
    assert publish(api).status == publish(api, tag="v1.0.0", branch="main").status == 400
    assert seen(publish(api, "ada", "projects/5/packages/composer", branch="main")) == (
        422,
        {"message": "The file composer.json was not found."},
    )
    unread = (422, {"message": "Could not parse composer.json file. Invalid JSON."})
    assert seen(publish(api, branch="broken")) == seen(publish(api, branch="list")) == unread
    assert seen(publish(api, branch="nameless")) == (400, {"message": "Validation failed: Name is invalid"})
    publish(api, branch="main")
    taken = publish(api, "ada", at="projects/4/packages/composer", branch="main")
    assert seen(taken) == (400, {"message": "Validation failed: Name is already taken by another project"})


def test_who_publishes_and_installs(api: Api) -> None:
    assert seen(publish(api, "rex", branch="main")) == (403, {"message": "403 Forbidden"})
    assert publish(api, None, branch="main").status == 401
    made = send(api, "POST", AT, headers={"Job-Token": "glcbt-job"}, json={"branch": "main"})
    assert made.status_code == 201
    assert api.get("projects/1/packages/1/pipelines", "rex").json[0]["id"] == 7
    for secret, status in (("rex-token", 200), ("reads", 200), ("nora-token", 404), ("none", 401)):
        assert send(api, "GET", f"{GROUP}/packages.json", auth=("any", secret)).status_code == status
        found = send(api, "GET", f"{GROUP}/p2/acme/base.json", auth=("any", secret))
        assert found.status_code == status
    assert seen(api.get(f"{GROUP}/p2/acme/base.json", "gil")) == MISSING
