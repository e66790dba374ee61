"""A bot that merges, on python-gitlab: what goes well, what is given back, and what moves while it works."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mockgitlab import MockGitLab
from tests.clients.merge_bot import MergeBot
from tests.clients.python_gitlab_rig import Connect
from tests.merge_request_world import world

OPENED = [
    {"title": "Launch", "source_branch": "feature", "author": "rex", "assignees": ["bob"]},
    {"title": "Mend", "source_branch": "fix", "author": "rex", "assignees": ["bob"]},
    {"title": "Clash", "source_branch": "clash", "author": "rex", "assignees": ["bob"]},
    {"title": "Other", "source_branch": "other", "author": "rex", "assignees": ["bob"]},
    {"title": "Draft: Same", "source_branch": "same", "author": "rex", "assignees": ["bob"]},
]
pytestmark = pytest.mark.mockgitlab(scenario=world(*OPENED, merge_method="ff"), strict="fail")


@pytest.fixture
def bot(connect: Connect) -> MergeBot:
    return MergeBot(connect("bob"), connect("root"))


def history(bot: MergeBot) -> list[str]:
    return [one.title for one in bot.project.commits.list(ref_name="main", iterator=True)]


def test_what_is_assigned_is_merged_one_after_another_in_a_straight_line(bot: MergeBot) -> None:
    failed = "Rebase failed. Please rebase locally"
    assert bot.run() == ["merged", "merged", "merged", failed, "it is a draft"]
    assert history(bot) == ["Clash", "Mend it", "Land", "Count", "Begin"]
    assert [one.name for one in bot.project.branches.list(iterator=True)] == ["main", "other", "same"]
    given_back = bot.project.mergerequests.get(4)
    assert [one["username"] for one in given_back.assignees] == ["rex"]
    assert next(iter(given_back.notes.list(sort="desc", iterator=True))).body == f"I could not merge it: {failed}"
    assert bot.run() == []


def test_what_lacks_approvals_is_given_back_and_approvals_outlive_the_rebase(bot: MergeBot, connect: Connect) -> None:
    owner = connect("ada").projects.get(1)
    owner.approvalrules.create({"name": "Two eyes", "approvals_required": 1})
    owner.mergerequests.get(1).approve()
    bot.project.files.create({"file_path": "new", "branch": "main", "content": "x", "commit_message": "New"})
    assert bot.accept(1) == "merged"
    assert bot.accept(2) == "it lacks approvals"
    merged = bot.project.mergerequests.get(1)
    assert [one["user"]["username"] for one in merged.approvals.get().approved_by] == ["ada"]
    assert history(bot)[:3] == ["Land", "Count", "New"]


def test_approvals_that_a_push_took_are_given_again_in_the_approvers_names(bot: MergeBot, connect: Connect) -> None:
    ada = connect("ada").projects.get(1)
    ada.mergerequests.get(1).approve()
    bot.project.files.create({"file_path": "new", "branch": "feature", "content": "x", "commit_message": "New"})
    assert bot.project.mergerequests.get(1).approvals.get().approved_by == []
    bot.approve_again(1, ["ada"])
    [again] = bot.project.mergerequests.get(1).approvals.get().approved_by
    assert again["user"]["username"] == "ada"


def test_the_bot_tries_again_when_the_branch_moves_between_its_steps(bot: MergeBot, monkeypatch: Any) -> None:
    tested, moves = bot.tested, ["feature", "main"]

    def moving(head: str) -> None:
        tested(head)
        if moves:
            branch = moves.pop()
            moved = {"branch": branch, "file_path": f"{branch}.txt", "content": "x"}
            bot.project.files.create({**moved, "commit_message": f"Move {branch}"})

    monkeypatch.setattr(bot, "tested", moving)
    assert bot.accept(1) == "merged"
    assert history(bot)[:4] == ["Move feature", "Land", "Count", "Move main"]


def test_a_failed_pipeline_and_a_protected_branch_give_it_back(bot: MergeBot, connect: Connect) -> None:
    head = bot.project.branches.get("fix").commit["id"]
    bot.project.commits.get(head).statuses.create({"state": "failed", "name": "ci"})
    assert bot.accept(2) == "the pipeline failed"
    connect("ada").projects.get(1).protectedbranches.create({"name": "main", "merge_access_level": 40})
    assert bot.accept(1) == "the bot may not merge"


def test_what_is_closed_or_has_open_threads_is_given_back(bot: MergeBot, connect: Connect) -> None:
    owner = connect("ada").projects.get(1)
    owner.only_allow_merge_if_all_discussions_are_resolved = True
    owner.save()
    thread = owner.mergerequests.get(1).discussions.create({"body": "Why?"})
    assert bot.accept(1) == "threads are open"
    thread.resolved = True
    thread.save()
    assert bot.accept(1) == "merged"
    assert bot.accept(1) == "it is merged"


def test_of_two_bots_that_merge_the_same_at_once_one_does(mockgitlab: MockGitLab, connect: Connect) -> None:
    bots = [MergeBot(connect("bob"), connect("root")) for _ in range(4)]
    with ThreadPoolExecutor(len(bots)) as pool:
        outcomes = sorted(pool.map(lambda one: one.accept(1), bots))
    gone = "GitLab refuses it: 403 Forbidden - Source branch does not exist"
    refused = {"GitLab refuses it: 405 Method Not Allowed", gone, "it is merged"}
    assert outcomes.count("merged") == 1
    assert set(outcomes) - refused == {"merged"}
    assert history(bots[0]).count("Land") == 1
