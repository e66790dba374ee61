"""The page on the links of releases."""

from typing import Any

import pytest

from tests.api.v4.repositories import REPOSITORY, world
from tests.support import Api, names

LINKS = "projects/1/releases/v1.0/assets/links"
GIVEN = {"name": "App", "url": "https://example.com/app"}


def make(**settings: Any) -> Api:
    scene = world(REPOSITORY, releases=[{"tag_name": "v1.0", "links": [{**GIVEN, "filepath": "/bin/app"}]}])
    return Api({**scene, "gitlab": settings})


@pytest.fixture
def api() -> Api:
    return make()


def test_links_are_listed_with_the_newest_first(api: Api) -> None:
    api.post(LINKS, "bob", name="Docs", url="ftp://example.com/docs", link_type="runbook")
    assert names(api.get(LINKS, "gil")) == ["Docs", "App"]


def test_a_link_is_created_and_shown(api: Api) -> None:
    made = api.post(
        LINKS, "bob", name="Docs", url="https://x.org/d", direct_asset_path="/docs/d.pdf", link_type="other"
    )
    assert made.status == 201
    assert made.json == {
        "id": 2,
        "name": "Docs",
        "url": "https://x.org/d",
        "direct_asset_url": "http://localhost/acme/rocket/-/releases/v1.0/downloads/docs/d.pdf",
        "link_type": "other",
    }
    assert api.get(f"{LINKS}/2", "gil").json == made.json


def test_a_link_without_a_path_is_found_at_its_own_address(api: Api) -> None:
    made = api.post(LINKS, name="Docs", url="https://x.org/d").json
    assert made["direct_asset_url"] == "https://x.org/d"


def test_a_link_is_changed(api: Api) -> None:
    answer = api.put(f"{LINKS}/1", "bob", name="Program", link_type="package", filepath="/bin/program")
    assert answer.status == 200
    assert (answer.json["name"], answer.json["link_type"]) == ("Program", "package")
    assert answer.json["direct_asset_url"].endswith("/downloads/bin/program")
    assert answer.json["url"] == GIVEN["url"]


def test_a_deleted_link_is_shown_once_more(api: Api) -> None:
    answer = api.delete(f"{LINKS}/1", "bob")
    assert (answer.status, answer.json["name"]) == (200, "App")
    assert api.get(LINKS).json == []
    assert api.get(f"{LINKS}/1").json == {"message": "404 Not found"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({**GIVEN}, ["Url has already been taken", "Name has already been taken"]),
        ({"name": "x", "url": "gopher://x"}, ["Url is blocked: Only allowed schemes are http, https, ftp"]),
        ({"name": "x", "url": "http://"}, ["Url is blocked: Hostname or IP address invalid"]),
        ({"name": " ", "url": "http://x"}, ["Name can't be blank"]),
        ({"name": "x", "url": "http://x", "filepath": "bin"}, ["Filepath is invalid"]),
        ({"name": "x", "url": "http://x", "filepath": "/bin/app"}, ["Filepath has already been taken"]),
        (
            {"name": "x", "url": "http://x", "filepath": f"/{'b' * 128}"},
            ["Filepath is too long (maximum is 128 characters)"],
        ),
    ],
)
def test_a_link_is_refused(api: Api, given: dict[str, Any], told: list[str]) -> None:
    answer = api.post(LINKS, "bob", **given)
    assert (answer.status, answer.json) == (400, {"message": told})


def test_parameters_and_roles_are_checked(api: Api) -> None:
    assert api.post(LINKS, name="x").json == {"message": '400 (Bad request) "url" not given'}
    assert api.post(LINKS, **GIVEN, link_type="x").json == {"error": "link_type does not have a valid value"}
    assert api.put(f"{LINKS}/1").json == {"error": "name, url are missing, at least one parameter must be provided"}
    assert api.post(LINKS, "rex", name="x", url="http://x").json == {"message": "403 Forbidden"}
    assert api.delete(f"{LINKS}/1", "rex").status == 403
    assert api.get(LINKS.replace("v1.0", "v9")).json == {"message": "404 Not found"}


def test_older_versions_tell_whether_a_link_leads_out() -> None:
    assert make(version="15.11.0").get(f"{LINKS}/1").json["external"] is True
