"""Releases driven with python-gitlab, as its users drive them."""

from typing import Any

import gitlab
import pytest
import requests

from tests.api.v4.repositories import world

pytestmark = pytest.mark.mockgitlab(scenario=world())


@pytest.fixture
def rocket(bob: Any) -> Any:
    return bob.projects.get("acme/rocket")


def test_a_release_with_its_links(rocket: Any) -> None:
    made = rocket.releases.create({"tag_name": "v2", "ref": "main", "description": "Second", "name": "Two"})
    link = made.links.create({"name": "App", "url": "https://example.com/app", "direct_asset_path": "/bin/app"})
    link.link_type, link.name = "package", "Program"
    link.save()
    found = rocket.releases.get("v2")
    assert [one["link_type"] for one in found.assets["links"]] == ["package"]
    assert [one.id for one in found.links.list(get_all=True)] == [link.id]
    found.description = "Better"
    found.save()
    assert [one.description for one in rocket.releases.list(iterator=True)] == ["Better"]
    assert rocket.tags.get("v2").release["description"] == "Better"
    link.delete()
    rocket.releases.delete("v2")
    assert rocket.releases.list(get_all=True) == []


def test_a_release_that_exists_is_refused(rocket: Any) -> None:
    rocket.releases.create({"tag_name": "v1.0"})
    with pytest.raises(gitlab.GitlabCreateError) as error:
        rocket.releases.create({"tag_name": "v1.0"})
    assert (error.value.response_code, error.value.error_message) == (409, "Release already exists")


def test_the_latest_release_and_its_sources_are_found_by_their_addresses(rocket: Any) -> None:
    rocket.releases.create({"tag_name": "v1.0"})
    client = rocket.manager.gitlab
    latest = client.http_get(f"/projects/{rocket.id}/releases/permalink/latest")
    assert latest["tag_name"] == "v1.0"
    for source in latest["assets"]["sources"]:
        answer = requests.get(source["url"], headers={"Private-Token": "bob-token"}, timeout=10)
        assert (answer.status_code, bool(answer.content)) == (200, True)
