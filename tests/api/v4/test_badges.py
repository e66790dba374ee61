from typing import Any

import pytest

from tests.api.v4.repositories import world
from tests.support import Api, names, seen

LINK, IMAGE = "http://ci/%{project_path}?ref=%{default_branch}", "https://shields.io/%{project_id}"
RENDERED = {"rendered_link_url": "http://ci/acme/rocket?ref=main", "rendered_image_url": "https://shields.io/1"}
BADGE: dict[str, Any] = {"name": "CI", "link_url": LINK, "image_url": IMAGE, **RENDERED, "id": 1, "kind": "project"}
AT = "projects/1/badges"
pytestmark = pytest.mark.mockgitlab(scenario=world())


def make(api: Api, at: str = AT, **given: Any) -> Any:
    return api.post(at, "ada", **{"name": "CI", "link_url": LINK, "image_url": IMAGE, **given})


def test_a_badge_is_made_shown_changed_and_deleted(api: Api) -> None:
    assert seen(make(api)) == (201, BADGE)
    assert api.get(f"{AT}/1", "gil").json == BADGE
    assert seen(api.put(f"{AT}/1", "ada", name="Other")) == (200, {**BADGE, "name": "Other"})
    assert api.delete(f"{AT}/1", "ada").status == 204
    assert seen(api.get(f"{AT}/1", "ada")) == (404, {"message": "404 Not found"})


def test_projects_show_the_badges_of_their_groups(api: Api) -> None:
    make(api, "groups/1/badges", name="Group's")
    make(api)
    assert names(api.get(AT)) == ["Group's", "CI"]
    assert names(api.get(AT, name="CI")) == ["CI"]
    of_group = {**BADGE, "name": "Group's", "kind": "group"}
    assert api.get(f"{AT}/1").json == of_group
    assert api.get("groups/1/badges").json == [of_group]
    told = {"error": "To delete a Group badge please use the Group endpoint"}
    assert seen(api.delete(f"{AT}/1", "ada")) == (403, told)
    assert api.delete("groups/1/badges/1", "ada").status == 204


def test_a_badge_is_tried_out(api: Api) -> None:
    shown = api.get(f"{AT}/render", "ada", link_url=LINK, image_url=IMAGE)
    assert seen(shown) == (200, {"name": None, "link_url": LINK, "image_url": IMAGE, **RENDERED})
    assert api.get(AT).json == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("project_title", "rocket"),
        ("project_name", "rocket"),
        ("project_namespace", "acme"),
        ("group_name", "acme"),
        ("gitlab_server", "localhost"),
        ("latest_tag", "v1.1"),
        ("nonsense", "%{nonsense}"),
    ],
)
def test_names_stand_for_what_is_known_of_the_project(api: Api, name: str, value: str) -> None:
    shown = api.get(f"{AT}/render", "ada", link_url=f"http://ci/%{{{name}}}", image_url=IMAGE)
    assert shown.json["rendered_link_url"] == f"http://ci/{value}"


def test_the_last_commit_stands_in_addresses(api: Api) -> None:
    sha = api.get("projects/1/repository/commits/main").json["id"]
    shown = api.get(f"{AT}/render", "ada", link_url="http://%{commit_sha}", image_url=IMAGE)
    assert shown.json["rendered_link_url"] == f"http://{sha}"


def test_what_is_not_known_leaves_the_name(api: Api) -> None:
    link = "http://%{commit_sha}/%%7Bgroup_name%7D/%{latest_tag}"
    assert api.post("projects/3/badges", link_url=link, image_url=IMAGE).json["rendered_link_url"] == link


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "must be a valid URL"),
        ("nonsense", "is blocked: URI is invalid"),
        ("ftp://x", "is blocked: Only allowed schemes are http, https"),
    ],
)
def test_addresses_that_are_none(api: Api, url: str, told: str) -> None:
    make(api)
    assert seen(api.put(f"{AT}/1", "ada", link_url=url)) == (400, {"message": {"link_url": [told]}})
    assert make(api, image_url=url).status == 400


def test_who_may_change_badges(api: Api) -> None:
    given = {"link_url": LINK, "image_url": IMAGE}
    assert [api.post(AT, who, **given).status for who in ("bob", "nora", None)] == [403, 404, 401]
    assert api.post("groups/1/badges", "bob", link_url=LINK, image_url=IMAGE).status == 403
    assert seen(api.get(f"{AT}/render", "bob", link_url=LINK, image_url=IMAGE))[0] == 403
    assert seen(api.post(AT, "ada", link_url=LINK)) == (400, {"message": '400 (Bad request) "image_url" not given'})
