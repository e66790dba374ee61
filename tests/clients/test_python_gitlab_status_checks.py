"""External status checks driven with python-gitlab."""

from typing import Any

import pytest

from tests.merge_request_world import OPENED, world

pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED))


def test_a_check_is_made_changed_and_seen_on_a_merge_request(ada: Any) -> None:
    project = ada.projects.get("acme/rocket")
    check = project.external_status_checks.create({"name": "QA", "external_url": "https://checks.example.com"})
    check.name = "Tests"
    check.save()
    assert [one.name for one in project.external_status_checks.list(get_all=True)] == ["Tests"]
    merge_request = project.mergerequests.get(1)
    assert [(one.name, one.status) for one in merge_request.status_checks.list(get_all=True)] == [("Tests", "pending")]
    check.delete()
    assert merge_request.status_checks.list(get_all=True) == []
