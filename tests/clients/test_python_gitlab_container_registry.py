"""Repositories of container images driven with python-gitlab."""

import copy
from typing import Any

import pytest

from tests.support import WORLD

WITH_IMAGES = copy.deepcopy(WORLD)
WITH_IMAGES["projects"][0]["registry_repositories"] = [
    {"name": "app", "tags": [{"name": name} for name in ("latest", "v1", "v2", "v3")]}
]
pytestmark = pytest.mark.mockgitlab(scenario=WITH_IMAGES)


def test_images_are_listed_and_tidied_up(ada: Any) -> None:
    rocket = ada.projects.get("acme/rocket")
    [app] = rocket.repositories.list(get_all=True)
    assert [one.name for one in ada.groups.get("acme").registry_repositories.list(get_all=True)] == ["app"]
    assert ada.registry_repositories.get(app.id, tags_count=True).tags_count == 4
    assert app.tags.get("v1").short_revision == app.tags.get("v1").revision[:9]
    app.tags.delete("v1")
    app.tags.delete_in_bulk(name_regex_delete="v.*", keep_n=1)
    assert [one.name for one in app.tags.list(get_all=True)] == ["latest", "v3"]
    app.delete()
    assert rocket.repositories.list(get_all=True) == []
