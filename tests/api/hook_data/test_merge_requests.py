from typing import Any

import pytest

from tests.api.hook_data.test_issues import NOW, person
from tests.api.hook_data.test_pushes import OF_MAIN, REPO, commit
from tests.api.v4.repositories import world
from tests.receiver import Receiver
from tests.support import Api

pytestmark = pytest.mark.mockgitlab(scenario=world())
MRS = "projects/1/merge_requests"


@pytest.fixture
def heard(api: Api, receiver: Receiver) -> Receiver:
    api.post("projects/1/hooks", url=receiver.url, push_events=False, merge_requests_events=True, note_events=True)
    return receiver


def propose(api: Api, **given: Any) -> dict[str, Any]:
    made = commit(api, "new", "new.txt", start_branch="main")
    api.post(MRS, "bob", source_branch="new", target_branch="main", title="New", **given)
    return made


def actions(api: Api, heard: Receiver) -> list[str]:
    api.server.deliveries()
    return [body["object_attributes"]["action"] for body in heard.bodies]


def test_a_new_merge_request(api: Api, heard: Receiver) -> None:
    head = propose(api, reviewer_ids=[2])
    assert actions(api, heard) == ["open"]
    [body] = heard.bodies
    shown = body["object_attributes"]
    assert list(body) == [
        *("object_kind", "event_type", "user", "project", "object_attributes", "labels", "changes", "repository"),
        "reviewers",
    ]
    assert (body["object_kind"], body["user"]["username"], body["project"]) == ("merge_request", "bob", OF_MAIN)
    assert body["reviewers"] == [person(api, 2, "Ada Lovelace", "ada")]
    last = shown.pop("last_commit")
    assert (last["id"], last["title"], "added" in last) == (head["id"], "Add new.txt", False)
    assert shown == {
        "author_id": 3,
        "id": 10001,
        "iid": 1,
        "merge_commit_sha": None,
        "merge_error": None,
        "merge_params": None,
        "merge_user_id": None,
        "merge_when_pipeline_succeeds": False,
        "milestone_id": None,
        "source_branch": "new",
        "source_project_id": 1,
        "target_branch": "main",
        "time_estimate": 0,
        "title": "New",
        "created_at": NOW,
        "updated_at": NOW,
        "prepared_at": NOW,
        "assignee_id": None,
        "assignee_ids": [],
        "blocking_discussions_resolved": True,
        "description": None,
        "detailed_merge_status": "mergeable",
        "draft": False,
        "first_contribution": True,
        "head_pipeline_id": None,
        "total_time_spent": 0,
        "time_change": 0,
        "human_total_time_spent": None,
        "human_time_change": None,
        "human_time_estimate": None,
        "labels": [],
        "last_edited_at": None,
        "last_edited_by_id": None,
        "merge_status": "can_be_merged",
        "reviewer_ids": [2],
        "source": OF_MAIN,
        "state": "opened",
        "state_id": 1,
        "target": OF_MAIN,
        "target_project_id": 1,
        "updated_by_id": None,
        "url": "http://localhost/acme/rocket/-/merge_requests/1",
        "work_in_progress": False,
        "action": "open",
    }


def test_a_merge_request_is_changed_closed_opened_and_merged(api: Api, heard: Receiver) -> None:
    propose(api)
    api.put(f"{MRS}/1", "ada", title="Draft: New")
    api.put(f"{MRS}/1", "ada", title="New")
    api.put(f"{MRS}/1", "ada", state_event="close")
    api.put(f"{MRS}/1", "ada", state_event="reopen")
    assert api.put(f"{MRS}/1/merge", "ada").status == 200
    assert actions(api, heard) == ["open", "update", "update", "close", "reopen", "merge"]
    assert heard.bodies[1]["changes"]["draft"] == {"previous": False, "current": True}
    assert heard.bodies[-1]["changes"]["state_id"] == {"previous": 1, "current": 3}


def test_a_push_to_the_source_branch_tells_the_head_before(api: Api, heard: Receiver) -> None:
    head = propose(api)
    later = commit(api, "new", "later.txt")
    assert actions(api, heard) == ["open", "update"]
    shown = heard.bodies[1]["object_attributes"]
    assert (shown["oldrev"], shown["last_commit"]["id"]) == (head["id"], later["id"])


def test_approvals(api: Api, heard: Receiver) -> None:
    propose(api)
    api.post(f"{MRS}/1/approve", "ada")
    api.post(f"{MRS}/1/unapprove", "ada")
    assert actions(api, heard) == ["open", "approved", "unapproved"]


def test_comments_on_merge_requests_and_commits(api: Api, heard: Receiver) -> None:
    propose(api)
    api.post(f"{MRS}/1/notes", "ada", body="Good")
    api.put(f"{MRS}/1/notes/1", "ada", body="Better")
    sha = api.get(f"{REPO}/branches/main").json["commit"]["id"]
    api.post(f"{REPO}/commits/{sha}/comments", "ada", note="Old")
    assert actions(api, heard) == ["open", "create", "update", "create"]
    of_merge_request, _, of_commit = heard.bodies[1:]
    note = of_merge_request["object_attributes"]
    assert note == {
        "attachment": None,
        "author_id": 2,
        "change_position": None,
        "commit_id": None,
        "created_at": NOW,
        "discussion_id": note["discussion_id"],
        "id": 1,
        "internal": False,
        "line_code": None,
        "note": "Good",
        "noteable_id": 10001,
        "noteable_type": "MergeRequest",
        "original_position": None,
        "position": None,
        "project_id": 1,
        "resolved_at": None,
        "resolved_by_id": None,
        "resolved_by_push": None,
        "st_diff": None,
        "system": False,
        "type": None,
        "updated_at": NOW,
        "updated_by_id": None,
        "description": "Good",
        "action": "create",
        "url": "http://localhost/acme/rocket/-/merge_requests/1#note_1",
    }
    assert of_merge_request["merge_request"]["source_branch"] == "new"
    assert (of_commit["commit"]["id"], of_commit["object_attributes"]["noteable_id"]) == (sha, None)
    assert of_commit["object_attributes"]["url"].startswith(f"http://localhost/acme/rocket/-/commit/{sha}#note_")
