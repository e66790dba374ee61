from typing import Any

import pytest

from tests.merge_request_world import MR, mr_api, open_mr, world
from tests.support import Api, names

OPENED = {"title": "Launch", "source_branch": "feature", "author": "bob", "description": "Closes #1"}
pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED))


def closes(api: Api, iid: int = 1) -> list[Any]:
    return names(api.get(f"{MR}/{iid}/closes_issues"), "iid")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Closes #1", [1]),
        ("closed #1, #2 and #3", [1, 2, 3]),
        ("Fixes: #3", [3]),
        ("this resolves issue #2", [2]),
        ("Implements acme/rocket#1 and fixing rocket#3", [1, 3]),
        ("Closes http://localhost/acme/rocket/-/issues/2", [2]),
        ("Closes `#1` and disclose #2, see #3", []),
        ("Close #9", []),
    ],
)
def test_phrases_in_the_description_say_what_is_closed(api: Api, text: str, found: list[int]) -> None:
    open_mr(api, source_branch="fix", description=text)
    assert closes(api, 2) == found


def test_commits_say_what_is_closed_too(api: Api) -> None:
    assert closes(api) == [1, 2]
    assert names(api.get(f"{MR}/1/closes_issues"), "type") == ["ISSUE", "ISSUE"]
    change = {"action": "create", "file_path": "n", "content": "x"}
    api.post("projects/1/repository/commits", branch="feature", commit_message="Fixes #3", actions=[change])
    assert closes(api) == [1, 2, 3]
    api.put(f"{MR}/1", "bob", description="Nothing")
    assert closes(api) == [2, 3]


def test_merging_into_the_default_branch_closes_them(api: Api) -> None:
    api.put(f"{MR}/1/merge", "ada")
    shown = {one["iid"]: one["state"] for one in api.get("projects/1/issues").json}
    assert shown == {1: "closed", 2: "closed", 3: "opened"}
    issue = api.get("projects/1/issues/1").json
    assert (issue["closed_by"]["username"], issue["merge_requests_count"]) == ("ada", 1)
    assert closes(api) == [1, 2]


def test_merging_into_another_branch_closes_nothing(api: Api) -> None:
    open_mr(api, source_branch="fix", target_branch="other", description="Closes #3")
    assert closes(api, 2) == []
    api.put(f"{MR}/2/merge", "ada")
    assert api.get("projects/1/issues/3").json["state"] == "opened"


def test_only_issues_that_the_merging_user_may_close_are_closed(api: Api) -> None:
    for title in ("Theirs", "Closed by them"):
        api.post("projects/2/issues", "nora", title=title)
    open_mr(api, source_branch="fix", description="Closes open/source#1, #1")
    assert [one["title"] for one in api.get(f"{MR}/2/closes_issues", "bob").json] == ["Theirs", "One"]
    assert api.put(f"{MR}/2/merge", "bob").status == 200
    states = [api.get(f"projects/{path}/issues/1").json["state"] for path in ("open%2Fsource", "1")]
    assert states == ["opened", "closed"]


def test_projects_may_keep_their_issues_open() -> None:
    api = mr_api(OPENED, autoclose_referenced_issues=False)
    assert closes(api) == []
    api.put(f"{MR}/1/merge", "ada")
    assert api.get("projects/1/issues/1").json["state"] == "opened"


def test_what_the_caller_may_not_see_is_left_out(api: Api) -> None:
    api.put("projects/1/issues/1", "ada", confidential=True)
    api.post("projects/1/issues", "ada", title="Secret", confidential=True)
    open_mr(api, source_branch="fix", description="Closes #4, #3")
    assert names(api.get(f"{MR}/2/closes_issues", "rex"), "iid") == [4, 3]
    assert names(api.get("projects/1/issues/4/closed_by", "rex"), "iid") == [2]
    assert api.get("projects/1/issues/4/closed_by", "gil").status == 404


def test_issues_tell_what_closes_them(api: Api) -> None:
    found = api.get("projects/1/issues/1/closed_by").json
    assert [(one["iid"], one["title"], "diff_refs" in one) for one in found] == [(1, "Launch", False)]
    assert api.get("projects/1/issues/3/closed_by").json == []
    assert api.get("projects/1/issues/1/closed_by", "gil").json == []


def test_issues_tell_what_speaks_of_them(api: Api) -> None:
    open_mr(api, source_branch="fix", description="Related to #3")
    api.put("projects/1/issues/1", "ada", description="Solved in !1, not !9")
    assert names(api.get("projects/1/issues/3/related_merge_requests"), "iid") == [2]
    shown = api.get("projects/1/issues/1/related_merge_requests").json
    assert [(one["iid"], "subscribed" in one, "user" in one) for one in shown] == [(1, False, True)]


def test_merge_requests_tell_of_which_issues_they_speak(api: Api) -> None:
    api.post(f"{MR}/1/notes", "rex", body="And #3")
    assert names(api.get(f"{MR}/1/related_issues"), "iid") == [1, 3, 2]
    assert api.get(f"{MR}/1/related_issues", "gil").status == 403
