from typing import Any

import pytest

from tests.merge_request_world import MR, OPENED, mr_api, usernames, world
from tests.support import Api

PROJECT, HERE = "projects/1/approval_rules", f"{MR}/1/approval_rules"
pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED))


def rule(api: Api, path: str = PROJECT, as_: str = "ada", **given: Any) -> Any:
    answer = api.post(path, as_, **{"name": "Security", "approvals_required": 1, **given})
    assert answer.status == 201, answer
    return answer.json


def test_a_rule_of_a_project_is_created_and_shown(api: Api) -> None:
    made = rule(api, user_ids=[3], group_ids=[1])
    assert usernames(made.pop("users")) == ["bob"]
    assert usernames(made.pop("eligible_approvers")) == ["bob", "ada", "rex", "gil"]
    [group] = made.pop("groups")
    assert group == {
        "id": 1,
        "name": "acme",
        "path": "acme",
        "description": "",
        "visibility": "private",
        "lfs_enabled": True,
        "avatar_url": None,
        "web_url": "http://localhost/groups/acme",
        "request_access_enabled": True,
        "full_name": "acme",
        "full_path": "acme",
        "parent_id": None,
        "ldap_cn": None,
        "ldap_access": None,
    }
    assert made == {
        "id": 1,
        "name": "Security",
        "rule_type": "regular",
        "approvals_required": 1,
        "contains_hidden_groups": False,
        "protected_branches": [],
        "applies_to_all_protected_branches": False,
    }
    assert api.get(f"{PROJECT}/1", "bob").json["name"] == "Security"
    assert [one["id"] for one in api.get(PROJECT, "bob").json] == [1]


def test_a_rule_that_names_nobody_asks_everybody_and_there_is_one_such(api: Api) -> None:
    assert rule(api)["rule_type"] == "any_approver"
    again = api.post(PROJECT, "ada", name="Other", approvals_required=1)
    assert (again.status, again.json) == (
        400,
        {"message": {"rule_type": ["any-approver for the project already exists"]}},
    )


def test_names_of_rules_are_taken_once(api: Api) -> None:
    rule(api, user_ids=[3])
    answer = api.post(PROJECT, "ada", name="Security", approvals_required=1, user_ids=[2])
    assert (answer.status, answer.json) == (400, {"message": {"name": ["has already been taken"]}})


def test_users_are_named_by_id_or_username_and_must_be_members(api: Api) -> None:
    assert usernames(rule(api, user_ids=[2, 6], usernames="bob,nobody")["users"]) == ["ada", "bob"]


def test_a_rule_is_for_protected_branches(api: Api) -> None:
    branch = api.post("projects/1/protected_branches", "ada", name="release").json
    made = rule(api, user_ids=[2], protected_branch_ids=[branch["id"], 99])
    assert [one["name"] for one in made["protected_branches"]] == ["release"]
    assert api.get(f"{MR}/1/approval_state", "bob").json["rules"] == []
    api.put(f"{PROJECT}/{made['id']}", "ada", protected_branch_ids=[])
    assert len(api.get(f"{MR}/1/approval_state", "bob").json["rules"]) == 1


def test_a_rule_is_for_all_protected_branches(api: Api) -> None:
    rule(api, user_ids=[2], applies_to_all_protected_branches=True)
    assert api.get(f"{MR}/1/approval_state", "bob").json["rules"] == []
    api.post("projects/1/protected_branches", "ada", name="main")
    assert len(api.get(f"{MR}/1/approval_state", "bob").json["rules"]) == 1


def test_a_rule_of_a_project_is_changed_and_deleted(api: Api) -> None:
    rule(api, user_ids=[3])
    changed = api.put(f"{PROJECT}/1", "ada", name="Safety", approvals_required=2, user_ids=[2]).json
    assert (changed["name"], changed["approvals_required"], usernames(changed["users"])) == ("Safety", 2, ["ada"])
    assert api.delete(f"{PROJECT}/1", "bob").status == 403
    assert api.delete(f"{PROJECT}/1", "ada").status == 204
    gone = api.get(f"{PROJECT}/1", "ada")
    assert (gone.status, gone.json) == (404, {"message": "404 Not found"})


def test_groups_that_the_caller_does_not_see_are_kept_unless_told_otherwise(api: Api) -> None:
    hidden = api.post("groups", name="Hidden", path="hidden", visibility="private").json["id"]
    rule(api, as_="root", group_ids=[1, hidden])
    shown = api.get(f"{PROJECT}/1", "ada").json
    assert ([one["id"] for one in shown["groups"]], shown["contains_hidden_groups"]) == ([1], True)
    api.put(f"{PROJECT}/1", "ada", group_ids=[])
    assert [one["id"] for one in api.get(f"{PROJECT}/1").json["groups"]] == [hidden]
    api.put(f"{PROJECT}/1", "ada", group_ids=[], remove_hidden_groups=True)
    assert api.get(f"{PROJECT}/1").json["groups"] == []


def test_what_is_missing_is_told(api: Api) -> None:
    answer = api.post(PROJECT, "ada", name="Security")
    assert answer.status == 400
    assert "approvals_required" in answer.text
    assert api.post(PROJECT, "bob", name="Security", approvals_required=1).status == 403
    assert api.get(PROJECT, "nora").status == 404


def test_rules_of_a_group_hold_for_its_projects(api: Api) -> None:
    made = rule(api, "groups/1/approval_rules", user_ids=[2])
    assert [one["id"] for one in api.get("groups/1/approval_rules", "ada").json] == [made["id"]]
    assert api.put(f"groups/1/approval_rules/{made['id']}", "ada", approvals_required=3).json["approvals_required"] == 3
    assert made["applies_to_all_protected_branches"] is True
    assert api.get(f"{MR}/1/approval_state", "bob").json["rules"] == []
    api.post("projects/1/protected_branches", "ada", name="main")
    [state] = api.get(f"{MR}/1/approval_state", "bob").json["rules"]
    assert state["approvals_required"] == 3
    assert api.get("groups/1/approval_rules", "bob").status == 403
    assert api.get(PROJECT, "bob").json == []


# Rules of merge requests


def test_a_merge_request_has_rules_of_its_own_in_place_of_the_projects(api: Api) -> None:
    rule(api, user_ids=[2])
    made = rule(api, HERE, "bob", name="Mine", user_ids=[3])
    assert (made["source_rule"], made["overridden"]) == (None, False)
    state = api.get(f"{MR}/1/approval_state", "bob").json
    assert (state["approval_rules_overwritten"], [one["name"] for one in state["rules"]]) == (True, ["Mine"])
    assert [one["id"] for one in api.get(HERE, "rex").json] == [made["id"]]
    assert api.get(f"{HERE}/{made['id']}", "rex").json == made


def test_a_rule_of_the_project_is_changed_for_one_merge_request(api: Api) -> None:
    source = rule(api, user_ids=[2])
    given = {"name": "ignored", "approvals_required": 2, "approval_project_rule_id": source["id"]}
    made = rule(api, HERE, "bob", **given)
    assert (made["name"], usernames(made["users"]), made["approvals_required"]) == ("Security", ["ada"], 2)
    assert (made["source_rule"], made["overridden"]) == ({"approvals_required": 1}, True)
    assert api.post(HERE, "bob", name="x", approvals_required=1, approval_project_rule_id=99).status == 404
    assert api.delete(f"{PROJECT}/{source['id']}", "ada").status == 204
    assert api.get(f"{HERE}/{made['id']}", "bob").json["source_rule"] is None


def test_rules_of_a_merge_request_are_changed_and_deleted(api: Api) -> None:
    made = rule(api, HERE, "bob", user_ids=[3])
    assert api.put(f"{HERE}/{made['id']}", "bob", name="Other").json["name"] == "Other"
    assert api.put(f"{HERE}/{made['id']}", "rex", name="Other").status == 403
    assert api.delete(f"{HERE}/{made['id']}", "bob").status == 204
    assert api.get(f"{HERE}/{made['id']}", "bob").status == 404


def test_a_project_forbids_rules_of_merge_requests_own() -> None:
    api = mr_api({**OPENED, "approval_rules": [{"name": "Mine", "users": ["ada"]}]})
    assert api.get(f"{MR}/1/approval_state", "bob").json["approval_rules_overwritten"] is True
    api.post("projects/1/approvals", "ada", disable_overriding_approvers_per_merge_request=True)
    assert api.post(HERE, "bob", name="x", approvals_required=1).status == 403
    assert api.get(f"{MR}/1/approval_state", "bob").json["approval_rules_overwritten"] is False


def test_the_community_edition_has_no_rules() -> None:
    api = Api({"mockgitlab": 1, "gitlab": {"edition": "ce"}, "projects": [{"path": "root/notes"}]})
    assert api.request("GET", PROJECT, None).json == {"error": "404 Not Found"}


# Lists


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"approved_by_ids[]": 2}, [1]),
        ({"approved_by_ids": "2,3"}, []),
        ({"approved_by_ids": "None"}, [2]),
        ({"approved_by_ids": "Any"}, [1]),
        ({"approved_by_usernames": "ADA"}, [1]),
        ({"approved_by_usernames": "nobody"}, []),
        ({"approver_ids[]": 2}, [2]),
        ({"approver_ids": "None"}, [1]),
        ({"approver_ids": "Any"}, [2]),
        ({"approved": "yes"}, [1]),
        ({"approved": "no"}, [2]),
    ],
)
def test_lists_are_narrowed_by_who_approved_and_who_may(given: dict[str, Any], found: list[int]) -> None:
    second = {"title": "Mend", "source_branch": "fix", "author": "bob"}
    named = {"name": "Security", "users": ["ada"]}
    api = mr_api({**OPENED, "approvals": [{"user": "ada"}]}, {**second, "approval_rules": [named]})
    assert [one["iid"] for one in api.get(MR, "bob", **given).json] == found


def test_lists_are_narrowed_by_ids_and_at_most_five_names(api: Api) -> None:
    assert api.get(MR, "bob", approved_by_ids="ada").status == 400
    assert api.get(MR, "bob", approved_by_usernames="a,b,c,d,e,f").status == 400
