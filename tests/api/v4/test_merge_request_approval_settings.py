from typing import Any

import pytest

from tests.merge_request_world import HERE, OPENED, mr_api
from tests.support import WORLD, Api, seen

PROJECT, GROUP = "projects/1/merge_request_approval_setting", "groups/1/merge_request_approval_setting"
NAMES = (
    *("allow_author_approval", "allow_committer_approval", "allow_overrides_to_approver_list_per_merge_request"),
    *("retain_approvals_on_push", "selective_code_owner_removals", "require_password_to_approve"),
    "require_reauthentication_to_approve",
)
OPEN = ("allow_committer_approval", "allow_overrides_to_approver_list_per_merge_request")


def told(*values: str, locked: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the answer in which these values are true, and these are locked by the group."""
    return {
        name: {"value": name in values, "locked": name in locked, "inherited_from": "group" if name in locked else None}
        for name in NAMES
    }


@pytest.fixture
def api() -> Api:
    return Api()


def test_a_project_and_a_group_tell_what_holds(api: Api) -> None:
    assert seen(api.get(PROJECT, "ada")) == (200, told(*OPEN))
    assert seen(api.get(GROUP, "ada")) == (200, told(*OPEN, "allow_author_approval", "retain_approvals_on_push"))
    assert list(api.get(PROJECT, "ada").json) == list(NAMES)
    assert seen(api.get("projects/3/merge_request_approval_setting", "ada")) == (200, told(*OPEN))


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("allow_author_approval", "merge_requests_author_approval"),
        ("allow_committer_approval", "!merge_requests_disable_committers_approval"),
        ("allow_overrides_to_approver_list_per_merge_request", "!disable_overriding_approvers_per_merge_request"),
        ("retain_approvals_on_push", "!reset_approvals_on_push"),
        ("selective_code_owner_removals", "selective_code_owner_removals"),
        ("require_password_to_approve", "require_password_to_approve"),
    ],
)
@pytest.mark.parametrize("value", [True, False])
def test_a_project_changes_what_it_says(api: Api, name: str, column: str, value: bool) -> None:
    changed = api.put(PROJECT, "ada", **{name: value})
    assert (changed.status, changed.json[name]["value"]) == (200, value)
    assert api.get(PROJECT, "ada").json == changed.json
    known = api.get("projects/1/approvals", "ada").json
    assert known[column.lstrip("!")] is (not value if column.startswith("!") else value)


def test_asking_for_a_password_has_two_names(api: Api) -> None:
    both = {"require_password_to_approve", "require_reauthentication_to_approve"}
    assert api.put(PROJECT, "ada", require_reauthentication_to_approve=True).json == told(*OPEN, *both)
    given = {"require_password_to_approve": True, "require_reauthentication_to_approve": False}
    assert api.put(PROJECT, "ada", **given).json == told(*OPEN)
    old = Api({**WORLD, "gitlab": {"version": "16.0.0"}})
    assert list(old.get(PROJECT, "ada").json) == list(NAMES[:-1])


def test_what_a_group_forbids_its_projects_do_not_allow(api: Api) -> None:
    api.put(PROJECT, "ada", allow_author_approval=True, retain_approvals_on_push=True)
    forbidden = api.put(GROUP, "ada", retain_approvals_on_push=True, require_password_to_approve=True)
    both = ("require_password_to_approve", "require_reauthentication_to_approve")
    assert seen(forbidden) == (200, told("retain_approvals_on_push", *both))
    assert api.get(GROUP, "ada").json == forbidden.json
    locked = ("allow_author_approval", *OPEN, *both)
    assert api.get(PROJECT, "ada").json == told("retain_approvals_on_push", *both, locked=locked)
    assert api.put(PROJECT, "ada", allow_author_approval=True).json["allow_author_approval"]["value"] is False
    known = api.get("projects/1/approvals", "ada").json
    assert (known["merge_requests_author_approval"], known["require_password_to_approve"]) == (False, True)
    allowed = api.put(GROUP, "ada", allow_author_approval=True, require_password_to_approve=False).json
    assert allowed == told("allow_author_approval", "retain_approvals_on_push")
    assert api.get(PROJECT, "ada").json == told("allow_author_approval", "retain_approvals_on_push", locked=OPEN)


def test_what_a_group_forbids_is_heeded_when_merge_requests_are_approved() -> None:
    api = mr_api(OPENED, merge_requests_author_approval=True)
    author = api.get(HERE, "ada").json["author"]["username"]
    root = api.get("projects/1", "ada").json["namespace"]["id"]
    assert api.put(f"groups/{root}/merge_request_approval_setting", allow_committer_approval=True).status == 200
    assert api.post(f"{HERE}/approve", author).status == 401
    api.put(f"groups/{root}/merge_request_approval_setting", allow_author_approval=True)
    assert api.post(f"{HERE}/approve", author).status == 201


@pytest.mark.parametrize("path", [PROJECT, GROUP])
def test_something_is_given_and_not_empty(api: Api, path: str) -> None:
    nothing = api.put(path, "ada")
    assert nothing.status == 400
    assert nothing.json["error"].endswith("are missing, at least one parameter must be provided")
    assert seen(api.put(path, "ada", allow_author_approval=None)) == (400, {"error": "allow_author_approval is empty"})


def test_settings_are_for_maintainers_of_projects_and_owners_of_top_level_groups(api: Api) -> None:
    for path in (PROJECT, GROUP, "groups/2/merge_request_approval_setting"):
        assert seen(api.get(path, "bob")) == (403, {"message": "403 Forbidden"})
        assert api.put(path, "bob", allow_author_approval=True).status == 403
        assert api.get(path, None).status == 401
    assert api.get("groups/2/merge_request_approval_setting", "ada").status == 403
    api.post("groups/1/members", user_id=6, access_level=40)
    assert (api.get(PROJECT, "nora").status, api.get(GROUP, "nora").status) == (200, 403)
    free = Api({**WORLD, "gitlab": {"edition": "ce"}})
    assert seen(free.get(PROJECT, "ada")) == (404, {"error": "404 Not Found"})
