from typing import Any

import pytest

from tests.api.v4.repositories import sha
from tests.merge_request_world import MR, OPENED, open_mr, remarks, usernames, world
from tests.support import Answer, Api

pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED))


def say(api: Api, body: str, as_: str = "bob", **given: Any) -> Answer:
    return api.post(f"{MR}/1/notes", as_, body=body, **given)


def summary(answer: Answer) -> Any:
    assert answer.status == 202, answer
    return answer.json["summary"][0]


@pytest.mark.parametrize(
    ("body", "told", "shown"),
    [
        ("/draft", "Marked this merge request as a draft.", {"title": "Draft: Launch", "draft": True}),
        ("/ready", "No change to this merge request's draft status.", {"title": "Launch"}),
        ("/target_branch fix", "Set target branch to fix.", {"target_branch": "fix"}),
        ("/target_branch nowhere", "Set target branch to nowhere.", {"target_branch": "main"}),
        ("/title Up", 'Changed the title to "Up".', {"title": "Up"}),
        ("/label ~bug", 'Added ~"bug" label.', {"labels": ["bug"]}),
        ("/close", "Closed this merge request.", {"state": "closed"}),
        ("/milestone %1.0", 'Set the milestone to %"1.0".', {}),
        ("/lock", "Locked the discussion.", {"discussion_locked": True}),
        ("/estimate 1h", "Set time estimate to 1h.", {}),
        ("/due tomorrow", "Could not apply due command.", {}),
        ("/weight 3", "Could not apply weight command.", {}),
        ("/confidential", "Could not apply confidential command.", {}),
        ("/epic &1", "Could not apply epic command.", {}),
    ],
)
def test_a_quick_action_changes_the_merge_request(api: Api, body: str, told: str, shown: dict[str, Any]) -> None:
    assert summary(say(api, body)) == told
    after = api.get(f"{MR}/1").json
    assert {name: after[name] for name in shown} == shown


def test_reviewers_are_asked_and_taken_back(api: Api) -> None:
    assert summary(say(api, "/assign_reviewer @ada @rex")) == "Assigned @ada and @rex as reviewers."
    assert summary(say(api, "/request_review @root")) == "Requested a review from @root."
    assert usernames(api.get(f"{MR}/1").json["reviewers"]) == ["ada", "rex", "root"]
    assert summary(say(api, "/unassign_reviewer @rex")) == "Removed reviewer @rex."
    assert summary(say(api, "/remove_reviewer")) == "Removed reviewers @ada and @root."
    assert api.get(f"{MR}/1").json["reviewers"] == []
    assert summary(say(api, "/reviewer @nobody")) == "Failed to assign a reviewer because no user was specified."
    assert summary(say(api, "/reviewer @ada", "rex")) == "Could not apply assign_reviewer command."


def test_the_community_edition_takes_one_reviewer() -> None:
    api = Api({**world(OPENED), "gitlab": {"edition": "ce"}})
    assert summary(say(api, "/assign_reviewer @ada @rex")) == "Assigned @ada as reviewer."
    assert summary(say(api, "/reviewer @rex")) == "Assigned @rex as reviewer."
    assert usernames(api.get(f"{MR}/1").json["reviewers"]) == ["rex"]


def test_merging_needs_the_head_that_was_looked_at(api: Api) -> None:
    told = "The `/merge` quick action requires the SHA of the head of the branch."
    assert summary(say(api, "/merge")) == told
    other = "Branch has been updated since the merge was requested."
    assert summary(say(api, "/merge", merge_request_diff_head_sha="0" * 40)) == other
    head = sha(api, "feature")
    assert summary(say(api, "/merge", "rex", merge_request_diff_head_sha=head)) == "Could not apply merge command."
    assert summary(say(api, "/merge", merge_request_diff_head_sha=head)) == "Merged this merge request."
    assert api.get(f"{MR}/1").json["state"] == "merged"


def test_a_draft_is_merged_once_it_is_ready(api: Api) -> None:
    say(api, "/draft")
    told = summary(say(api, "/merge", merge_request_diff_head_sha=sha(api, "feature")))
    assert told == "Scheduled to merge this merge request (Merge when checks pass)."
    assert api.get(f"{MR}/1").json["merge_when_pipeline_succeeds"] is True
    assert summary(say(api, "/ready")) == "Marked this merge request as ready."
    assert api.get(f"{MR}/1").json["state"] == "merged"


def test_a_merge_request_is_rebased(api: Api) -> None:
    change = {"action": "create", "file_path": "new", "content": "x"}
    api.post("projects/1/repository/commits", branch="main", commit_message="New", actions=[change])
    assert summary(say(api, "/rebase")) == "Scheduled a rebase of branch feature."
    assert api.get(f"{MR}/1", include_diverged_commits_count=True).json["diverged_commits_count"] == 0
    api.put("projects/1/repository/branches/feature/protect", "ada")
    assert summary(say(api, "/rebase", "ada")) == "This merge request branch is protected from force push."
    assert summary(say(api, "/rebase")) == "Could not apply rebase command."


def test_quick_actions_work_in_descriptions(api: Api) -> None:
    made = open_mr(api, source_branch="fix", description="Mend it\n/label ~bug\n/draft\n/assign_reviewer @ada")
    assert (made["description"], made["labels"], made["draft"]) == ("Mend it", ["bug"], True)
    assert usernames(made["reviewers"]) == ["ada"]
    assert "marked this merge request as **draft**" in remarks(api, 2)
    changed = api.put(f"{MR}/2", "bob", description="Mended\n/ready").json
    assert (changed["description"], changed["draft"]) == ("Mended", False)


def test_issues_take_none_of_them(api: Api) -> None:
    for name in ("draft", "merge", "rebase", "ready", "target_branch x", "assign_reviewer @ada"):
        answer = api.post("projects/1/issues/1/notes", "bob", body=f"/{name}")
        assert summary(answer) == f"Could not apply {name.split()[0]} command."
