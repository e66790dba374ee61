"""A bot that keeps dependencies up to date, as such bots speak: git for branches, plain requests for the rest."""

from pathlib import Path
from typing import Any

import pytest
import requests

from mockgitlab import MockGitLab
from tests.clients.git_rig import Git
from tests.merge_request_world import world

BRANCH = "renovate/engine-2.x"
READY = ("mergeable", "ci_still_running", "not_approved", "ci_must_pass")
pytestmark = pytest.mark.mockgitlab(scenario=world(only_allow_merge_if_pipeline_succeeds=True))


class UpdateBot:
    """Opens a merge request for an update, keeps it up to date and lets it be merged once its checks pass."""

    def __init__(self, url: str, git: Git) -> None:
        self.session = requests.Session()
        self.session.headers["Authorization"] = "Bearer bob-token"
        self.at, self.git = f"{url}/api/v4", git
        self.user: Any = self.call("GET", "user")
        self.project: Any = self.call("GET", "projects/acme%2Frocket")

    def call(self, method: str, path: str, **given: Any) -> Any:
        sent: dict[str, Any] = {"params": given} if method == "GET" else {"json": given}
        answer = self.session.request(method, f"{self.at}/{path}", timeout=10, **sent)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def requests(self, path: str = "", method: str = "GET", **given: Any) -> Any:
        return self.call(method, f"projects/{self.project['id']}/merge_requests{path}", **given)

    def push(self, version: str) -> str:
        """Begin the branch anew on the default branch, and push it by force."""
        self.git("fetch", "-q", "origin")
        self.git("checkout", "-q", "-B", BRANCH, f"origin/{self.project['default_branch']}")
        sha = self.git.commit({"deps.txt": f"engine=={version}\n"}, f"Update engine to {version}")
        self.git("push", "-q", "--force", "origin", f"{BRANCH}:{BRANCH}")
        return sha

    def find(self) -> Any:
        """Return the open merge request of the branch, if there is one."""
        mine = self.requests(scope="created_by_me", per_page=100)
        return next((one for one in mine if (one["source_branch"], one["state"]) == (BRANCH, "opened")), None)

    def ensure(self, version: str, *, automerge: bool = False) -> Any:
        """Open the merge request, or write its title and description anew."""
        told = {"title": f"Update engine to {version}", "description": f"From 1 to {version}\n\n- [ ] rebase"}
        known = self.find()
        if known is not None:
            return self.requests(f"/{known['iid']}", "PUT", **told, add_labels="ui")
        branches = {"source_branch": BRANCH, "target_branch": self.project["default_branch"]}
        made = self.requests("", "POST", **branches, **told, remove_source_branch=True, labels="bug,dependencies")
        if automerge:
            self.automerge(made["iid"])
        return self.requests(f"/{made['iid']}", include_diverged_commits_count=1)

    def automerge(self, iid: int) -> None:
        """Ask for the merge as soon as GitLab says that it knows whether it can be."""
        for _ in range(5):
            shown = self.requests(f"/{iid}")
            if shown["detailed_merge_status"] in READY and shown["pipeline"] is not None:
                break
        self.requests(f"/{iid}/merge", "PUT", should_remove_source_branch=True, merge_when_pipeline_succeeds=True)

    def close(self, iid: int) -> None:
        """Close it with a mark in the title, and take the branch away."""
        shown = self.requests(f"/{iid}")
        self.requests(f"/{iid}", "PUT", title=f"{shown['title']} - autoclosed", state_event="close")
        self.git("push", "-q", "origin", f":{BRANCH}")


@pytest.fixture
def bot(mockgitlab: MockGitLab, tmp_path: Path) -> UpdateBot:
    url = mockgitlab.url.replace("//", "//oauth2:bob-token@")
    Git(tmp_path)("clone", "-q", f"{url}/acme/rocket.git", "clone")
    return UpdateBot(mockgitlab.url, Git(tmp_path / "clone"))


def status(bot: UpdateBot, sha: str, state: str) -> None:
    bot.call("POST", f"projects/1/statuses/{sha}", state=state, context="ci", ref=BRANCH)


def test_an_update_is_merged_once_its_pipeline_succeeds(bot: UpdateBot) -> None:
    sha = bot.push("2.0")
    status(bot, sha, "running")
    made = bot.ensure("2.0", automerge=True)
    assert (made["merge_when_pipeline_succeeds"], made["merge_user"]["username"]) == (True, "bob")
    assert (made["labels"], made["force_remove_source_branch"]) == (["bug", "dependencies"], True)
    assert (made["task_completion_status"]["count"], made["diverged_commits_count"]) == (1, 0)
    status(bot, sha, "success")
    merged = bot.requests(f"/{made['iid']}")
    assert (merged["state"], merged["pipeline"]["status"], bot.find()) == ("merged", "success", None)
    bot.git("fetch", "-q", "--prune", "origin")
    assert BRANCH not in bot.git("branch", "-r")
    assert "engine==2.0" in bot.git("show", "origin/main:deps.txt")


def test_a_newer_version_changes_branch_and_merge_request_and_aborts_the_automatic_merge(bot: UpdateBot) -> None:
    first = bot.push("2.0")
    status(bot, first, "running")
    made = bot.ensure("2.0", automerge=True)
    second = bot.push("2.1")
    changed = bot.ensure("2.1")
    assert (changed["iid"], changed["title"], changed["sha"]) == (made["iid"], "Update engine to 2.1", second)
    assert (changed["labels"], changed["merge_when_pipeline_succeeds"]) == (["bug", "dependencies", "ui"], False)
    notes = [one["body"] for one in bot.requests("/1/notes", sort="asc")]
    assert notes[-3:] == [
        "aborted the automatic merge because source branch was updated",
        "changed title from **Update engine to 2.{-0-}** to **Update engine to 2.{+1+}**",
        "changed the description",
    ]
    assert [one["head_commit_sha"] for one in bot.requests("/1/versions")] == [second, first]


def test_what_is_behind_is_done_anew_on_the_default_branch(bot: UpdateBot) -> None:
    bot.push("2.0")
    iid = bot.ensure("2.0")["iid"]
    bot.call("POST", "projects/1/repository/files/more.txt", branch="main", content="x", commit_message="More")
    assert bot.requests(f"/{iid}", include_diverged_commits_count=1)["diverged_commits_count"] == 1
    bot.push("2.0")
    shown = bot.requests(f"/{iid}", include_diverged_commits_count=1)
    assert (shown["diverged_commits_count"], shown["detailed_merge_status"]) == (0, "ci_must_pass")


def test_what_is_no_longer_needed_is_closed_and_opened_again_when_it_is(bot: UpdateBot) -> None:
    bot.push("2.0")
    iid = bot.ensure("2.0")["iid"]
    bot.close(iid)
    closed = bot.requests(f"/{iid}")
    assert (closed["state"], closed["title"]) == ("closed", "Update engine to 2.0 - autoclosed")
    assert bot.requests(source_branch=BRANCH, state="opened") == []
    sha = bot.push("2.0")
    opened = bot.requests(f"/{iid}", "PUT", title="Update engine to 2.0", state_event="reopen")
    assert (opened["state"], opened["sha"], bot.find()["iid"]) == ("opened", sha, iid)


def test_a_branch_that_is_taken_away_closes_the_merge_request(bot: UpdateBot) -> None:
    bot.push("2.0")
    iid = bot.ensure("2.0")["iid"]
    bot.git("push", "-q", "origin", f":{BRANCH}")
    closed = bot.requests(f"/{iid}")
    assert (closed["state"], closed["closed_by"]["username"]) == ("closed", "bob")
    bot.push("2.1")
    assert bot.ensure("2.1")["iid"] == iid + 1


def test_people_are_asked_and_comments_are_kept_up_to_date(bot: UpdateBot) -> None:
    bot.push("2.0")
    iid = bot.ensure("2.0")["iid"]
    [ada] = bot.call("GET", "users", username="ada")
    shown = bot.requests(f"/{iid}", "PUT", assignee_ids=[ada["id"]], reviewer_ids=[ada["id"]])
    assert [shown[name][0]["username"] for name in ("assignees", "reviewers")] == ["ada", "ada"]
    note = bot.requests(f"/{iid}/notes", "POST", body="### Look\n\nBroken")
    bot.requests(f"/{iid}/notes/{note['id']}", "PUT", body="### Look\n\nMended")
    comments = [one["body"] for one in bot.requests(f"/{iid}/notes", per_page=100) if not one["system"]]
    assert comments == ["### Look\n\nMended"]
    bot.requests(f"/{iid}/notes/{note['id']}", "DELETE")
    assert bot.requests(f"/{iid}")["user_notes_count"] == 0


def test_an_automatic_merge_waits_for_a_pipeline_that_is_yet_to_come(bot: UpdateBot) -> None:
    sha = bot.push("2.0")
    shown = bot.ensure("2.0", automerge=True)
    assert (shown["detailed_merge_status"], shown["merge_when_pipeline_succeeds"]) == ("ci_must_pass", True)
    status(bot, sha, "success")
    assert bot.requests("/1")["state"] == "merged"
