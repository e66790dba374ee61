from typing import Any

import pytest

from tests.merge_request_world import MR, mr_api, remarks, world
from tests.support import Api

OPENED = {"title": "Launch", "source_branch": "clash", "author": "bob"}
pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED))


def commit(api: Api, message: str, branch: str = "main", as_: str = "bob", **given: Any) -> str:
    change = {"action": "create", "file_path": f"{message}-{branch}.txt".replace("#", ""), "content": message}
    sent = {"branch": branch, "commit_message": message, "actions": [change], **given}
    answer = api.post("projects/1/repository/commits", as_, **sent)
    assert answer.status == 201, answer
    found: str = answer.json["id"]
    return found


def notes(api: Api, iid: int) -> list[tuple[str, str]]:
    found = api.get(f"projects/1/issues/{iid}/notes", sort="asc").json
    return [(one["body"], one["author"]["username"]) for one in found]


def test_what_a_commit_mentions_is_remarked_once(api: Api) -> None:
    sha = commit(api, "See #1 and !1", "fix")
    assert notes(api, 1) == [(f"mentioned in commit {sha}", "bob")]
    assert remarks(api) == [f"mentioned in commit {sha}"]
    api.post("projects/1/repository/branches", "bob", branch="copy", ref="fix")
    api.post("projects/1/merge_requests", "bob", title="x", source_branch="fix", target_branch="main")
    api.put(f"{MR}/2/merge", "ada")
    assert notes(api, 1) == [(f"mentioned in commit {sha}", "bob")]


def test_what_a_comment_on_a_commit_mentions_is_remarked(api: Api) -> None:
    sha = commit(api, "Nothing", "fix")
    api.post(f"projects/1/repository/commits/{sha}/comments", "rex", note="As in #1 and !1")
    assert notes(api, 1) == [(f"mentioned in commit {sha}", "rex")]
    assert remarks(api) == [f"mentioned in commit {sha}"]


def test_a_commit_of_a_project_that_is_hidden_is_mentioned_to_nobody_else(api: Api) -> None:
    api.post("projects/2/issues", "nora", title="Open")
    sha = commit(api, "See open/source#1")
    shown = [api.get("projects/2/issues/1/notes", who).json for who in ("bob", "nora")]
    assert [[one["body"] for one in found] for found in shown] == [[f"mentioned in commit acme/rocket@{sha}"], []]


def test_commits_on_the_default_branch_close_issues(api: Api) -> None:
    commit(api, "Fixes #1")
    assert (api.get("projects/1/issues/1").json["state"], notes(api, 1)) == ("closed", [])
    commit(api, "Closes #3", "fix")
    assert api.get("projects/1/issues/3").json["state"] == "opened"


def test_it_is_the_author_of_the_commit_who_closes(api: Api) -> None:
    commit(api, "Fixes #1", author_name="Ada", author_email="ada@example.com")
    assert api.get("projects/1/issues/1").json["closed_by"]["username"] == "ada"
    commit(api, "Fixes #3", author_name="Nora", author_email="nora@example.com")
    assert api.get("projects/1/issues/3").json["state"] == "opened"


def test_a_project_may_keep_its_issues_open() -> None:
    api = mr_api(autoclose_referenced_issues=False)
    commit(api, "Fixes #1")
    assert api.get("projects/1/issues/1").json["state"] == "opened"


def test_a_merge_is_mentioned_where_it_came_from(api: Api) -> None:
    merged = api.put(f"{MR}/1/merge", "ada").json
    assert remarks(api) == [f"mentioned in commit {merged['merge_commit_sha']}"]


def test_commits_that_mention_nothing_are_remarked_nowhere(api: Api) -> None:
    commit(api, "Nothing! See `#1`")
    assert notes(api, 1) == []


def test_a_forced_branch_is_read_from_where_it_began(api: Api) -> None:
    sha = commit(api, "About #1", "fix")
    other = commit(api, "About #2", "fix", start_branch="main", force=True)
    assert notes(api, 1) == [(f"mentioned in commit {sha}", "bob")]
    assert notes(api, 2) == [(f"mentioned in commit {other}", "bob")]
