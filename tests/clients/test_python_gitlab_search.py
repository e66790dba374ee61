"""Searching through python-gitlab."""

from typing import Any

import gitlab
from gitlab.const import SearchScope

from tests.clients.python_gitlab_rig import refused


def test_the_instance_a_group_and_a_project_are_searched(ada: Any, rocket: Any) -> None:
    assert [one["path"] for one in ada.search(SearchScope.PROJECTS, "rocket")] == ["rocket"]
    assert "It explodes" in [one["title"] for one in ada.groups.get("acme").search(SearchScope.ISSUES, "explodes")]
    assert [one["path"] for one in rocket.search(SearchScope.BLOBS, "rocket")] == ["README.md"]
    assert [one["username"] for one in rocket.search(SearchScope.USERS, "bob kahn")] == ["bob"]
    status, message = refused(gitlab.GitlabSearchError, ada.search, SearchScope.COMMITS, "rocket")
    assert (status, message) == (400, {"error": "Scope supported only with advanced search"})
