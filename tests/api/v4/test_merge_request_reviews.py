from typing import Any

import pytest

from tests.merge_request_world import HERE, MR, mr_api, remarks, world
from tests.support import Api

OPENED = {"title": "Launch", "source_branch": "feature", "author": "bob", "reviewers": ["ada", "rex"]}
pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED))


def states(api: Api) -> dict[str, str]:
    return {one["user"]["username"]: one["state"] for one in api.get(f"{HERE}/reviewers").json}


def say(api: Api, body: str, as_: str = "ada") -> Any:
    answer = api.post(f"{HERE}/notes", as_, body=body)
    assert answer.status == 202, answer
    assert answer.json["commands_changes"] == {}
    return answer.json["summary"][0]


def test_reviewers_have_not_looked_before_they_have(api: Api) -> None:
    assert api.get(f"{HERE}/reviewers").json == [
        {
            "user": api.get(HERE).json["reviewers"][number],
            "state": "unreviewed",
            "created_at": "2024-05-01T09:00:00.000Z",
        }
        for number in (0, 1)
    ]


def test_approving_and_taking_it_back_show_in_the_state_of_the_reviewer(api: Api) -> None:
    api.post(f"{HERE}/approve", "ada")
    assert states(api) == {"ada": "approved", "rex": "unreviewed"}
    api.post(f"{HERE}/unapprove", "ada")
    assert states(api) == {"ada": "unapproved", "rex": "unreviewed"}


def test_who_approved_and_becomes_a_reviewer_later_has_approved(api: Api) -> None:
    api.put(HERE, "bob", reviewer_ids=[])
    api.post(f"{HERE}/approve", "ada")
    api.put(HERE, "bob", reviewer_ids=[2, 4])
    assert states(api) == {"ada": "approved", "rex": "unreviewed"}


def test_approvals_of_scenarios_show_in_the_state_of_the_reviewer() -> None:
    assert states(mr_api({**OPENED, "approvals": [{"user": "ada"}]})) == {"ada": "approved", "rex": "unreviewed"}


def test_a_push_that_takes_an_approval_back_shows_in_the_state_of_the_reviewer(api: Api) -> None:
    api.post(f"{HERE}/approve", "ada")
    change = {"branch": "feature", "content": "x", "commit_message": "More"}
    api.post("projects/1/repository/files/more.txt", "bob", **change)
    assert states(api)["ada"] == "unapproved"


def test_a_review_begins_with_its_first_draft_and_is_undone_with_its_last(api: Api) -> None:
    drafts = [api.post(f"{HERE}/draft_notes", "ada", note=text).json["id"] for text in ("One", "Two")]
    assert states(api)["ada"] == "review_started"
    for draft in drafts:
        assert states(api)["ada"] == "review_started"
        api.delete(f"{HERE}/draft_notes/{draft}", "ada")
    assert states(api)["ada"] == "unreviewed"


def test_who_approved_has_approved_whatever_draft_is_begun(api: Api) -> None:
    api.post(f"{HERE}/approve", "ada")
    api.post(f"{HERE}/draft_notes", "ada", note="Nice")
    assert states(api)["ada"] == "approved"


# Quick actions


def test_a_note_approves_and_takes_it_back(api: Api) -> None:
    assert say(api, "/approve") == "Approved the current merge request."
    assert say(api, "/approve") == "Could not apply approve command."
    assert api.get(f"{HERE}/approvals").json["approved_by"][0]["user"]["username"] == "ada"
    assert say(api, "/unapprove") == "Unapproved the current merge request."
    assert say(api, "/unapprove") == "Could not apply unapprove command."
    assert say(api, "/approve", "bob") == "Could not apply approve command."
    assert remarks(api) == ["approved this merge request", "unapproved this merge request"]


def test_a_note_that_approves_merges_what_waits_for_it() -> None:
    api = mr_api(OPENED, approvals_before_merge=1)
    api.put(f"{HERE}/merge", "bob", merge_when_pipeline_succeeds=True)
    say(api, "/approve")
    assert api.get(HERE).json["state"] == "merged"


def test_requested_changes_are_in_the_way_until_the_reviewer_approves(api: Api) -> None:
    api.post(f"{HERE}/approve", "ada")
    assert say(api, "/request_changes") == "Changes requested to the current merge request."
    assert api.get(f"{HERE}/approvals").json["approved_by"] == []
    assert states(api)["ada"] == "requested_changes"
    assert api.get(HERE).json["detailed_merge_status"] == "requested_changes"
    assert api.put(f"{HERE}/merge", "bob").status == 405
    assert remarks(api)[-1] == "requested changes"
    say(api, "/approve")
    assert api.get(HERE).json["detailed_merge_status"] == "mergeable"


def test_only_reviewers_request_changes_and_the_community_edition_merges_all_the_same() -> None:
    api = Api({**world(OPENED), "gitlab": {"edition": "ce"}})
    assert say(api, "/request_changes", "bob") == "Could not apply request_changes command."
    assert say(api, "/request_changes") == "Changes requested to the current merge request."
    assert api.get(HERE).json["detailed_merge_status"] == "mergeable"


@pytest.mark.parametrize(
    ("text", "told", "state", "remark"),
    [
        ("", "Submitted the current review.", "reviewed", "left review comments"),
        (" reviewed", "Submitted the current review.", "reviewed", "left review comments"),
        (" requested_changes", "Submitted the current review.", "requested_changes", "requested changes"),
        (
            " approve",
            "Submitted the current review. Approved the current merge request.",
            "approved",
            "approved this merge request",
        ),
    ],
)
def test_a_note_submits_the_review(api: Api, text: str, told: str, state: str, remark: str) -> None:
    api.post(f"{HERE}/draft_notes", "ada", note="Look here")
    assert say(api, f"/submit_review{text}") == told
    assert states(api)["ada"] == state
    assert remarks(api)[-1] == remark
    bodies = [one["body"] for one in api.get(f"{HERE}/notes", sort="asc").json]
    assert bodies == ["Look here", remark]
    assert api.get(f"{HERE}/draft_notes", "ada").json == []


def test_the_author_does_not_approve_by_submitting_a_review(api: Api) -> None:
    told = "Submitted the current review. Failed to approve the current merge request."
    assert say(api, "/submit_review approve", "bob") == told


def test_a_reviewer_can_be_asked_once_more(api: Api) -> None:
    api.post(f"{HERE}/approve", "ada")
    answer = api.post(f"{HERE}/notes", "bob", body="/request_review @ada")
    assert answer.json["summary"] == ["Requested a review from @ada."]
    assert states(api)["ada"] == "unreviewed"
    assert api.get(f"{HERE}/approvals").json["approved_by"] == []
    assert remarks(api)[-1] == "requested review from @ada"
    assert [one["action_name"] for one in api.get("todos", "ada").json] == ["review_requested"]


def test_descriptions_of_new_merge_requests_approve_nothing(api: Api) -> None:
    given = {"source_branch": "fix", "target_branch": "main", "title": "Mend", "description": "Well\n/approve"}
    made = api.post("projects/1/merge_requests", "ada", **given).json
    assert made["description"] == "Well"
    assert api.get(f"{MR}/2/approvals").json["approved_by"] == []
