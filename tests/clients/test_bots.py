"""A bot that releases and one that reviews, on python-gitlab: alone, in sandboxes, and several at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import gitlab
import pytest

from mockgitlab import MockGitLab
from tests.clients.python_gitlab_rig import Connect
from tests.clients.release_bot import ReleaseBot
from tests.clients.review_bot import ReviewBot, apply_suggestions
from tests.merge_request_world import commit, world

VERSIONS = ("1.0.0", "1.1.0", "1.2.0", "1.3.0")
DIGITS = {"from": "main", "commits": [commit("Count", 7, a="3\nx\n2\n", b="1\n")]}
OPENED = {"title": "Count", "source_branch": "feature", "author": "bob"}


def scene() -> dict[str, Any]:
    opened = [{**OPENED, "source_branch": f"digits-{number}"} for number in range(4)]
    made = world(*opened)
    made["projects"][0]["repository"] = {
        "branches": {**made["projects"][0]["repository"]["branches"], **{f"digits-{n}": DIGITS for n in range(4)}},
        "protected": False,
    }
    return made


pytestmark = pytest.mark.mockgitlab(scenario=scene(), strict="fail")


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Return what the calls return, each of them in a thread of its own."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [one.result(timeout=60) for one in [pool.submit(call) for call in calls]]


def assert_released(project: Any, version: str) -> None:
    release = project.releases.get(f"v{version}")
    assert [one["name"] for one in release.assets["links"]] == ["Program"]
    assert [one["title"] for one in release.milestones] == [f"Version {version}"]
    assert project.tags.get(f"v{version}").message == f"Version {version}"
    assert project.files.get(f"bin/{version}.sh", "main").execute_filemode is True
    assert f"## {version} (2024-05-01)" in project.files.raw("CHANGELOG.md", "main").decode()
    assert project.wikis.get(f"releases/{version}").content.startswith(f"Version {version} is `")
    comments = project.commits.get(f"v{version}").comments.list(iterator=True)
    assert f"Released as {version}" in [one.note for one in comments]


def test_a_version_is_released_from_the_branch_to_the_notes(connect: Connect, mockgitlab: MockGitLab) -> None:
    bot = ReleaseBot(connect("bob"), connect("ada"))
    release = bot.release("1.0.0")
    assert (release.tag_name, release.author["username"]) == ("v1.0.0", "bob")
    assert_released(bot.project, "1.0.0")
    [merged] = bot.project.mergerequests.list(state="merged", iterator=True)
    assert (merged.title, merged.labels, merged.merge_user["username"]) == ("Release 1.0.0", ["ui"], "bob")
    assert "release/1.0.0" not in [one.name for one in bot.project.branches.list(iterator=True)]
    assert [one["user"]["username"] for one in merged.approvals.get().approved_by] == ["ada"]
    assert [entry for entry in mockgitlab.journal if entry.status >= 400] == []


def test_versions_are_released_at_once_in_one_world(connect: Connect, mockgitlab: MockGitLab) -> None:
    bots = [ReleaseBot(connect("bob"), connect("ada")) for _ in VERSIONS]
    at_once([partial(bot.release, version) for bot, version in zip(bots, VERSIONS, strict=True)])
    for version in VERSIONS:
        assert_released(bots[0].project, version)
    assert sorted(one.tag_name for one in bots[0].project.releases.list(iterator=True)) == [f"v{v}" for v in VERSIONS]
    assert len(list(bots[0].project.mergerequests.list(state="merged", iterator=True))) == len(VERSIONS)
    mockgitlab.check()


def test_the_same_version_is_released_at_once_in_many_sandboxes(connect: Connect, mockgitlab: MockGitLab) -> None:
    urls = [mockgitlab.sandbox(f"world-{number}").url for number in range(4)]
    bots = [ReleaseBot(connect("bob", url=url), connect("ada", url=url)) for url in urls]
    at_once([partial(bot.release, "1.0.0") for bot in bots])
    for bot in bots:
        assert_released(bot.project, "1.0.0")
    merged = [one for bot in bots for one in bot.project.mergerequests.list(state="merged", iterator=True)]
    assert (len(merged), len({one.merge_commit_sha for one in merged})) == (4, 1)
    assert list(connect("bob").projects.get("acme/rocket").releases.list(iterator=True)) == []


def test_a_version_that_exists_is_not_released_again(connect: Connect) -> None:
    bot = ReleaseBot(connect("bob"), connect("ada"))
    bot.release("1.0.0")
    with pytest.raises(gitlab.GitlabCreateError, match="400: A file with this name already exists"):
        bot.release("1.0.0")
    with pytest.raises(gitlab.GitlabCreateError, match="409: Release already exists"):
        bot.project.releases.create({"tag_name": "v1.0.0"})


def reviewed(bot: ReviewBot, author: gitlab.Gitlab, iid: int) -> None:
    assert bot.review(iid) == 3
    assert len(bot.open_threads(iid)) == 4
    assert [one["applied"] for one in apply_suggestions(author, iid)] == [True, True, True]
    assert [one.attributes["notes"][0]["body"] for one in bot.open_threads(iid)] == ["3 lines to look at"]
    assert [one["user"]["username"] for one in bot.finish(iid).approved_by] == ["ada"]
    assert bot.open_threads(iid) == []
    branch = f"digits-{iid - 1}"
    assert bot.project.files.raw("a.txt", branch) == b"three\nx\ntwo\n"
    assert bot.project.files.raw("b.txt", branch) == b"one\n"
    assert bot.review(iid) == 0
    assert bot.project.mergerequests.get(iid).labels == ["bug", "ui"]


def test_a_merge_request_is_reviewed_mended_and_approved(connect: Connect, mockgitlab: MockGitLab) -> None:
    reviewed(ReviewBot(connect("ada")), connect("bob"), 1)
    assert [entry for entry in mockgitlab.journal if entry.status >= 400] == []


def test_merge_requests_are_reviewed_at_once_and_in_sandboxes(connect: Connect, mockgitlab: MockGitLab) -> None:
    urls = [mockgitlab.url, mockgitlab.url, mockgitlab.sandbox("one").url, mockgitlab.sandbox("two").url]
    people = [(ReviewBot(connect("ada", url=url)), connect("bob", url=url)) for url in urls]
    at_once([partial(reviewed, *who, iid) for who, iid in zip(people, (1, 2, 3, 3), strict=True)])
    assert connect("ada").projects.get("acme/rocket").mergerequests.get(3).user_notes_count == 0
    mockgitlab.check()
