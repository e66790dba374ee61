"""Webhooks of pushes with the real git."""

import pytest

from mockgitlab import MockGitLab
from tests.clients.git_rig import Git
from tests.merge_request_world import world

HOOK = {"url": "http://127.0.0.1:9/", "push_events": True, "tag_push_events": True}
WORLD = world()
PROJECTS = [{**one, "hooks": [HOOK]} if one["path"] == "acme/rocket" else one for one in WORLD["projects"]]
pytestmark = pytest.mark.mockgitlab(scenario={**WORLD, "projects": PROJECTS})


def test_a_push_is_told_with_its_commits_and_options(mockgitlab: MockGitLab, clone: Git) -> None:
    clone("checkout", "-q", "-b", "fly")
    shas = [clone.commit({f"{number}.txt": "x\n"}, f"Step {number}").strip() for number in range(2)]
    clone("push", "-q", "-o", "ci.skip", "-o", "merge_request.label=bug", "origin", "fly")
    [push] = mockgitlab.deliveries(event="Push Hook")
    assert (push.json["ref"], push.json["user_username"]) == ("refs/heads/fly", "bob")
    assert [one["message"] for one in push.json["commits"]] == ["Step 0\n", "Step 1\n"]
    assert [one["added"] for one in push.json["commits"]] == [["0.txt"], ["1.txt"]]
    assert (push.json["total_commits_count"], len(shas)) == (2, 2)
    assert push.json["push_options"] == {"ci": {"skip": True}, "merge_request": {"label": {"bug": 1}}}


def test_a_push_of_many_branches_is_not_told(mockgitlab: MockGitLab, clone: Git) -> None:
    names = [f"b{number}" for number in range(4)]
    for name in names:
        clone("branch", name)
    clone("push", "-q", "origin", *names)
    assert mockgitlab.deliveries() == []
    clone("tag", "v7")
    clone("push", "-q", "origin", "v7")
    assert [one.event for one in mockgitlab.deliveries()] == ["Tag Push Hook"]
