from typing import Any

import pytest

from tests.api.v4.repositories import sha
from tests.merge_request_world import HERE, OPENED, mr_api, remarks, usernames, world
from tests.support import Api

pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED))


def approval_users(answer: Any) -> list[str]:
    return [one["user"]["username"] for one in answer.json["approved_by"]]


# Configuration of a project


def test_a_project_says_how_it_asks_for_approvals(api: Api) -> None:
    assert api.get("projects/1/approvals", "bob").json == {
        "approvers": [],
        "approver_groups": [],
        "approvals_before_merge": 0,
        "reset_approvals_on_push": True,
        "selective_code_owner_removals": False,
        "disable_overriding_approvers_per_merge_request": False,
        "merge_requests_author_approval": False,
        "merge_requests_disable_committers_approval": False,
        "require_password_to_approve": False,
    }


def test_maintainers_change_how_a_project_asks_for_approvals(api: Api) -> None:
    answer = api.post("projects/1/approvals", "ada", approvals_before_merge=2, merge_requests_author_approval=True)
    assert answer.status == 201
    assert answer.json["approvals_before_merge"] == 2
    assert api.get("projects/1/approvals", "ada").json["merge_requests_author_approval"] is True
    assert api.post("projects/1/approvals", "bob", approvals_before_merge=1).status == 403
    assert api.post("projects/1/approvals", "ada").status == 400
    assert api.get("projects/1/approvals", "rex").status == 403


# Approving


def test_a_developer_approves_a_merge_request(api: Api) -> None:
    answer = api.post(f"{HERE}/approve", "ada")
    assert answer.status == 201
    shown = answer.json
    assert shown["approved"] is True
    assert shown["user_has_approved"] is True
    assert shown["user_can_approve"] is False
    assert approval_users(answer) == ["ada"]
    assert remarks(api)[-1] == "approved this merge request"
    assert api.get("projects/1/events", "ada", action="approved").json[0]["target_iid"] == 1


def test_the_approvals_are_shown_with_what_the_rules_ask_for(api: Api) -> None:
    shown = api.get(f"{HERE}/approvals", "ada").json
    assert shown == {
        "id": 10001,
        "iid": 1,
        "project_id": 1,
        "title": "Launch",
        "description": None,
        "state": "opened",
        "created_at": "2024-05-01T09:00:00.000Z",
        "updated_at": "2024-05-01T09:00:00.000Z",
        "merge_status": "can_be_merged",
        "approved": True,
        "approvals_required": 0,
        "approvals_left": 0,
        "require_password_to_approve": False,
        "approved_by": [],
        "suggested_approvers": [],
        "approvers": [],
        "approver_groups": [],
        "user_has_approved": False,
        "user_can_approve": True,
        "approval_rules_left": [],
        "has_approval_rules": False,
        "merge_request_approvers_available": True,
        "multiple_approval_rules_available": True,
        "invalid_approvers_rules": [],
    }


def test_the_community_edition_shows_the_approvals_alone() -> None:
    api = Api({**world(OPENED), "gitlab": {"edition": "ce"}})
    assert api.get(f"{HERE}/approvals", "bob").json == {
        "user_has_approved": False,
        "user_can_approve": True,
        "approved": False,
        "approved_by": [],
    }
    assert api.post(f"{HERE}/approve", "bob").json["approved"] is True


def test_who_approved_already_or_wrote_it_may_not_approve(api: Api) -> None:
    assert api.post(f"{HERE}/approve", "ada").status == 201
    again = api.post(f"{HERE}/approve", "ada")
    assert (again.status, again.json) == (401, {"message": "401 Unauthorized"})
    assert "approved it already" in again.headers["X-Mockgitlab-Reason"]
    own = api.post(f"{HERE}/approve", "bob")
    assert own.status == 401
    assert "opened it" in own.headers["X-Mockgitlab-Reason"]


def test_authors_approve_where_the_project_lets_them() -> None:
    api = mr_api(OPENED, merge_requests_author_approval=True)
    assert api.post(f"{HERE}/approve", "bob").status == 201


def test_committers_may_not_approve_where_the_project_says_so() -> None:
    api = mr_api({**OPENED, "author": "ada"}, merge_requests_disable_committers_approval=True)
    answer = api.post(f"{HERE}/approve", "bob")
    assert answer.status == 401
    assert "committed to it" in answer.headers["X-Mockgitlab-Reason"]


def test_reporters_and_strangers_may_not_approve(api: Api) -> None:
    assert api.post(f"{HERE}/approve", "rex").status == 403
    assert api.post(f"{HERE}/approve", "nora").status == 404
    assert api.post(f"{HERE}/approve", None).status == 401


def test_the_sha_must_be_the_head_of_the_source_branch(api: Api) -> None:
    head = api.get(HERE).json["sha"]
    answer = api.post(f"{HERE}/approve", "ada", sha="0" * 40)
    assert (answer.status, answer.json) == (409, {"message": f"SHA does not match HEAD of source branch: {head}"})
    assert api.post(f"{HERE}/approve", "ada", sha=head).status == 201


def test_a_password_is_needed_where_the_project_asks_for_it() -> None:
    api = mr_api(OPENED, require_password_to_approve=True)
    assert api.post(f"{HERE}/approve", "ada").status == 401
    assert api.post(f"{HERE}/approve", "ada", approval_password="wrong").status == 401


def test_an_approval_is_taken_back(api: Api) -> None:
    missing = api.post(f"{HERE}/unapprove", "ada")
    assert (missing.status, missing.json) == (404, {"message": "404 Not Found"})
    api.post(f"{HERE}/approve", "ada")
    answer = api.post(f"{HERE}/unapprove", "ada")
    assert answer.status == 201
    assert approval_users(answer) == []
    assert remarks(api)[-1] == "unapproved this merge request"


def test_a_push_takes_approvals_back_unless_the_project_keeps_them() -> None:
    for kept in (False, True):
        api = mr_api(OPENED, reset_approvals_on_push=not kept)
        api.post(f"{HERE}/approve", "ada")
        change = {"branch": "feature", "content": "x", "commit_message": "More"}
        assert api.post("projects/1/repository/files/more.txt", "bob", **change).status == 201
        assert approval_users(api.get(f"{HERE}/approvals", "ada")) == (["ada"] if kept else [])


def test_gitlabs_own_rebase_keeps_approvals_and_so_does_a_push_of_the_same_changes(api: Api) -> None:
    old = sha(api, "feature")
    api.post(f"{HERE}/approve", "ada")
    change = {"branch": "main", "content": "x", "commit_message": "More"}
    api.post("projects/1/repository/files/more.txt", "bob", **change)
    assert api.put(f"{HERE}/rebase", "bob").status == 202
    assert sha(api, "feature") != old
    assert approval_users(api.get(f"{HERE}/approvals")) == ["ada"]
    same = {"action": "chmod", "file_path": "count.txt", "execute_filemode": False}
    again = {"start_sha": old, "force": True, "commit_message": "Again", "actions": [same]}
    api.post("projects/1/repository/commits", "bob", branch="feature", **again)
    assert api.get(HERE).json["sha"] not in (old, sha(api))
    assert approval_users(api.get(f"{HERE}/approvals")) == ["ada"]


def test_another_target_branch_takes_approvals_back(api: Api) -> None:
    api.post(f"{HERE}/approve", "ada")
    api.put(HERE, "bob", target_branch="same")
    assert approval_users(api.get(f"{HERE}/approvals")) == []


def test_only_bots_of_the_projects_tokens_reset_approvals(api: Api) -> None:
    api.post(f"{HERE}/approve", "ada")
    refused = api.put(f"{HERE}/reset_approvals", "ada")
    assert (refused.status, refused.json) == (401, {"message": "401 Unauthorized"})
    made = api.post("projects/1/access_tokens", "ada", name="bot", scopes=["api"], access_level=40).json
    answer = api.request("PUT", f"{HERE}/reset_approvals", None, headers={"Private-Token": made["token"]})
    assert (answer.status, answer.json) == (202, 202)
    assert approval_users(api.get(f"{HERE}/approvals", "ada")) == []


def test_approvals_go_with_the_account() -> None:
    api = mr_api({**OPENED, "author": "ada"})
    assert api.post(f"{HERE}/approve", "bob").status == 201
    assert api.delete("users/3").status == 204
    assert api.get(f"{HERE}/approvals").json["approved_by"] == []


# What merging waits for


def test_a_merge_request_that_lacks_approvals_is_not_merged() -> None:
    rule = {"name": "Two eyes", "approvals_required": 1}
    api = mr_api(OPENED, approval_rules=[rule])
    assert api.get(HERE).json["detailed_merge_status"] == "not_approved"
    assert api.put(f"{HERE}/merge", "ada").status == 405
    assert api.put(HERE, "bob", title="Draft: x").json["detailed_merge_status"] == "not_approved"
    api.put(HERE, "bob", title="x")
    api.post(f"{HERE}/approve", "ada")
    assert api.get(HERE).json["detailed_merge_status"] == "mergeable"
    assert api.put(f"{HERE}/merge", "ada").status == 200
    assert api.post(f"{HERE}/unapprove", "ada").status == 404


def test_the_state_tells_who_satisfied_which_rule() -> None:
    rules = [
        {"name": "Security", "approvals_required": 1, "users": ["ada"]},
        {"name": "All Members", "approvals_required": 2},
    ]
    api = mr_api(OPENED, approval_rules=rules)
    api.post(f"{HERE}/approve", "ada")
    state = api.get(f"{HERE}/approval_state", "rex").json
    assert state["approval_rules_overwritten"] is False
    assert [(one["name"], one["rule_type"], one["approved"]) for one in state["rules"]] == [
        ("Security", "regular", True),
        ("All Members", "any_approver", False),
    ]
    assert [usernames(one["approved_by"]) for one in state["rules"]] == [["ada"], ["ada"]]
    shown = api.get(f"{HERE}/approvals", "rex").json
    assert (shown["approvals_required"], shown["approvals_left"]) == (3, 1)
    assert shown["approval_rules_left"] == [{"id": 2, "name": "All Members", "rule_type": "any_approver"}]


def test_a_rule_that_nobody_can_satisfy_does_not_hold_a_merge_request_up() -> None:
    rule = {"name": "Author alone", "approvals_required": 1, "users": ["bob"]}
    api = mr_api(OPENED, approval_rules=[rule])
    shown = api.get(f"{HERE}/approvals", "ada").json
    assert shown["approved"] is True
    assert [one["name"] for one in shown["invalid_approvers_rules"]] == ["Author alone"]


def test_what_a_project_asks_of_everybody_is_asked_without_rules() -> None:
    api = mr_api(OPENED, approvals_before_merge=1)
    shown = api.get(f"{HERE}/approvals", "ada").json
    assert (shown["approved"], shown["approvals_left"], shown["has_approval_rules"]) == (False, 1, False)
    assert api.get(f"{HERE}/approval_state", "ada").json["rules"] == []
    assert api.post(f"{HERE}/approve", "ada").json["approved"] is True


def test_approvals_of_scenarios_are_there_from_the_start() -> None:
    api = mr_api({**OPENED, "approvals": [{"user": "ada"}]})
    assert approval_users(api.get(f"{HERE}/approvals", "rex")) == ["ada"]


def test_how_many_approvals_one_needs_was_changed_directly_before_16_0() -> None:
    api = Api({**world(OPENED), "gitlab": {"version": "15.11.0"}})
    assert api.post(f"{HERE}/approvals", "bob", approvals_required=1).json["approvals_left"] == 1
    assert api.post(f"{HERE}/approvals", "rex", approvals_required=1).status == 403
    assert mr_api(OPENED).post(f"{HERE}/approvals", "bob", approvals_required=1).status == 405
