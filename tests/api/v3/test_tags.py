from typing import Any

import pytest

from tests.api.v3.repositories import REPO, make_api
from tests.support import Api, names, seen


@pytest.fixture
def api() -> Api:
    return make_api()


def test_tags_are_listed_by_name_the_last_first(api: Api) -> None:
    api.post(f"{REPO}/tags", tag_name="a", ref="main")
    answer = api.get(f"{REPO}/tags", "rex", per_page=1)
    assert (names(answer), "X-Page" in answer.headers) == (["v1.1", "v1.0", "a"], False)
    assert names(api.get("projects/2/repository/tags", None)) == []


def test_a_tag_is_shown(api: Api) -> None:
    shown = api.get(f"{REPO}/tags/v1.1", "rex").json
    assert shown.pop("commit")["message"].startswith("Launch")
    assert shown == {"name": "v1.1", "message": "The first that flies", "release": None}
    assert api.get(f"{REPO}/tags/v1.0").json["message"] is None
    assert seen(api.get(f"{REPO}/tags/nothing")) == (404, {"message": "404 Tag Not Found"})


def test_a_tag_is_created_with_a_release(api: Api) -> None:
    release = {"tag_name": "v2.0", "description": "Higher"}
    answer = api.post(f"{REPO}/tags", "bob", tag_name="v2.0", ref="main", message="Up", release_description="Higher")
    assert (answer.status, answer.json["message"], answer.json["release"]) == (201, "Up", release)
    assert api.get(f"{REPO}/tags/v2.0").json == answer.json


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"tag_name": "v1.0", "ref": "main"}, "Tag v1.0 already exists"),
        ({"tag_name": "a b", "ref": "main"}, "Tag name invalid"),
        ({"tag_name": "v2.0", "ref": "foo"}, "Target foo is invalid"),
        ({"ref": "main"}, '400 (Bad request) "tag_name" not given'),
        ({"tag_name": "v2.0"}, '400 (Bad request) "ref" not given'),
    ],
)
def test_a_tag_that_cannot_be_created_is_refused(api: Api, given: dict[str, str], message: str) -> None:
    assert seen(api.post(f"{REPO}/tags", "bob", **given)) == (400, {"message": message})


def test_a_deleted_tag_is_named(api: Api) -> None:
    assert seen(api.delete(f"{REPO}/tags/v1.0", "bob")) == (200, {"tag_name": "v1.0"})
    assert seen(api.delete(f"{REPO}/tags/v1.0", "bob")) == (404, {"message": "No such tag"})


def test_a_release_is_written_and_changed(api: Api) -> None:
    path = f"{REPO}/tags/v1.0/release"
    assert seen(api.put(path, "bob", description="x")) == (404, {"message": "Release does not exist"})
    told: dict[str, Any] = {"tag_name": "v1.0", "description": "Amazing"}
    assert seen(api.post(path, "bob", description="Amazing")) == (201, told)
    assert seen(api.post(path, "bob", description="Again")) == (409, {"message": "Release already exists"})
    assert seen(api.put(path, "bob", description="Wow")) == (200, {**told, "description": "Wow"})
    assert api.get(f"{REPO}/tags/v1.0").json["release"] == {**told, "description": "Wow"}
    assert seen(api.post(path, "bob")) == (400, {"message": '400 (Bad request) "description" not given'})
    for method in ("POST", "PUT"):
        gone = api.request(method, f"{REPO}/tags/nothing/release", "bob", description="x")
        assert seen(gone) == (404, {"message": "Tag does not exist"})


def test_tags_and_releases_are_written_by_developers(api: Api) -> None:
    forbidden = (403, {"message": "403 Forbidden"})
    assert seen(api.post(f"{REPO}/tags", "rex", tag_name="v2.0", ref="main")) == forbidden
    assert seen(api.delete(f"{REPO}/tags/v1.0", "rex")) == forbidden
    assert seen(api.post(f"{REPO}/tags/v1.0/release", "rex", description="x")) == forbidden
