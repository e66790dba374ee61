"""Protected branches and tags driven with python-gitlab, and what the real git is told of them."""

from typing import Any

import gitlab
import pytest

from mockgitlab import MockGitLab
from tests.api.v4.repositories import world
from tests.clients.git_rig import Git, url

pytestmark = pytest.mark.mockgitlab(scenario=world())


def test_protected_branches(rocket: Any) -> None:
    made = rocket.protectedbranches.create({"name": "rel/*", "merge_access_level": 30, "push_access_level": 0})
    assert made.merge_access_levels[0]["access_level_description"] == "Developers + Maintainers"
    found = rocket.protectedbranches.get("rel/*")
    found.allow_force_push = True
    found.save()
    assert [one.allow_force_push for one in rocket.protectedbranches.list(get_all=True)] == [True]
    found.delete()
    assert rocket.protectedbranches.list(get_all=True) == []


def test_protected_tags(rocket: Any) -> None:
    made = rocket.protectedtags.create({"name": "v*", "create_access_level": 30})
    assert made.create_access_levels[0]["access_level"] == 30
    assert rocket.tags.get("v1.0").protected is True
    rocket.protectedtags.delete("v*")
    assert rocket.tags.get("v1.0").protected is False


def test_git_is_refused_what_is_protected(rocket: Any, clone: Git) -> None:
    rocket.protectedbranches.create({"name": "done"})
    rocket.protectedbranches.create({"name": "new/*", "merge_access_level": 30})
    clone.commit({"a": "1\n"})
    told = clone("push", "origin", "HEAD:done", fails=True)
    assert "remote: GitLab: You are not allowed to push code to protected branches on this project." in told
    told = clone("push", "origin", "--delete", "done", fails=True)
    assert "Only a project maintainer or owner can delete a protected branch." in told
    told = clone("push", "origin", "HEAD:refs/heads/new/a", fails=True)
    assert "You can only use an existing protected branch ref as the basis of a new protected branch." in told


def test_git_deletes_no_protected_branch_for_anybody(mockgitlab: MockGitLab, rocket: Any, clone: Git) -> None:
    rocket.protectedbranches.create({"name": "done"})
    told = clone("push", url(mockgitlab, "ada"), "--delete", "done", fails=True)
    assert "You can only delete protected branches using the web interface." in told


def test_git_forces_where_a_rule_lets_it(mockgitlab: MockGitLab, rocket: Any, clone: Git) -> None:
    rocket.protectedbranches.create({"name": "main", "push_access_level": 30, "allow_force_push": True})
    clone("commit", "-q", "--amend", "-m", "Other")
    clone("push", "-q", "--force", "origin", "main")
    assert rocket.commits.get("main").title == "Other"


def test_git_is_refused_protected_tags(mockgitlab: MockGitLab, rocket: Any, clone: Git) -> None:
    rocket.protectedtags.create({"name": "v*"})
    clone("tag", "v2")
    assert "You are not allowed to create this tag as it is protected." in clone("push", "origin", "v2", fails=True)
    clone("push", "-q", url(mockgitlab, "ada"), "v2")
    clone.commit({"a": "1\n"})
    clone("tag", "-f", "v2")
    told = clone("push", "--force", url(mockgitlab, "ada"), "v2", fails=True)
    assert "Protected tags cannot be updated." in told
    told = clone("push", url(mockgitlab, "ada"), "--delete", "v2", fails=True)
    assert "You can only delete protected tags using the web interface." in told


def test_git_pushes_no_first_branch_for_developers(mockgitlab: MockGitLab, clone: Git) -> None:
    with gitlab.Gitlab(mockgitlab.url, private_token="ada-token") as client:
        client.projects.create({"name": "empty", "namespace_id": 1})
    told = clone("push", url(mockgitlab, path="acme/empty"), "main", fails=True)
    assert "A default branch (e.g. main) does not yet exist for acme/empty" in told
    clone("push", "-q", url(mockgitlab, "ada", path="acme/empty"), "main")
