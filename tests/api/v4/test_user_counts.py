from typing import Any

import pytest

from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.todo import Todo
from tests.support import WORLD, Api, names

DAYS = {"ada": "2024-03-01", "bob": "2023-12-01", "rex": "2023-10-01", "gil": "2024-02-01"}
ACTIVE = {
    **WORLD,
    "users": [
        {**user, "last_activity_on": DAYS.get(user["username"]), "private_profile": user["username"] == "gil"}
        for user in WORLD["users"]
    ],
}


def issue(api: Api, **columns: Any) -> None:
    api.store.insert(Issue(**{"title": "x", "author_id": 3, "project_id": 1, **columns}))


def test_activities_come_the_oldest_first() -> None:
    answer = Api(ACTIVE).get("user/activities")
    assert answer.json == [
        {"username": "bob", "last_activity_on": "2023-12-01", "last_activity_at": "2023-12-01"},
        {"username": "gil", "last_activity_on": "2024-02-01", "last_activity_at": "2024-02-01"},
        {"username": "ada", "last_activity_on": "2024-03-01", "last_activity_at": "2024-03-01"},
        {"username": "root", "last_activity_on": "2024-05-01", "last_activity_at": "2024-05-01"},
    ]


def test_activities_reach_back_as_far_as_asked() -> None:
    shown = names(Api(ACTIVE).get("user/activities", **{"from": "2023-01-01"}), "username")
    assert shown == ["rex", "bob", "gil", "ada", "root"]
    assert names(Api(ACTIVE).get("user/activities", **{"from": "2024-03-01"}), "username") == ["ada", "root"]


def test_activities_of_private_profiles_are_for_administrators() -> None:
    assert names(Api(ACTIVE).get("user/activities", "nora"), "username") == ["bob", "ada", "nora"]


def test_activities_need_a_user_and_a_date(api: Api) -> None:
    assert api.get("user/activities", None).status == 401
    assert api.get("user/activities", **{"from": "soon"}).json == {"error": "from is invalid"}


def test_open_work_is_counted(api: Api) -> None:
    issue(api, assignee_ids=(2,))
    issue(api, assignee_ids=(2, 3))
    issue(api, assignee_ids=(2,), state="closed")
    for state in ("pending", "done"):
        todo = {"author_id": 3, "action_name": "assigned", "target_type": "Issue", "target_id": 10_001}
        api.store.insert(Todo(user_id=2, state=state, **todo))
    assert api.get("user_counts", "ada").json == {
        "merge_requests": 0,
        "assigned_issues": 2,
        "assigned_merge_requests": 0,
        "review_requested_merge_requests": 0,
        "todos": 1,
    }
    assert api.get("user_counts", None).status == 401


def test_no_more_than_a_hundred_assigned_issues_are_counted(api: Api) -> None:
    for _ in range(101):
        issue(api, assignee_ids=(2,))
    assert api.get("user_counts", "ada").json["assigned_issues"] == 100


@pytest.mark.parametrize("as_", ["root", "bob"])
def test_associations_are_counted_for_oneself_and_administrators(api: Api, as_: str) -> None:
    issue(api)
    assert api.get("users/3/associations_count", as_).json == {
        "groups_count": 1,
        "projects_count": 0,
        "issues_count": 1,
        "merge_requests_count": 0,
    }


def test_associations_of_others_are_not_told(api: Api) -> None:
    answer = api.get("users/3/associations_count", "ada")
    assert (answer.status, answer.json) == (403, {"message": "403 Forbidden"})
    assert api.get("users/3/associations_count", None).status == 401
    assert api.get("users/99/associations_count").json == {"message": "404 User Not Found"}


MEMBERS = {
    **WORLD,
    "projects": [{**WORLD["projects"][0], "members": {"bob": "maintainer"}}, *WORLD["projects"][1:]],
}
GROUP = {"source_id": 1, "source_name": "acme", "source_type": "Namespace", "access_level": 30}
PROJECT = {"source_id": 1, "source_name": "rocket", "source_type": "Project", "access_level": 40}


@pytest.mark.parametrize(
    ("given", "expected"),
    [({}, [GROUP, PROJECT]), ({"type": "Project"}, [PROJECT]), ({"type": "Namespace"}, [GROUP])],
)
def test_memberships_are_listed_by_kind(given: dict[str, str], expected: list[Any]) -> None:
    answer = Api(MEMBERS).get("users/3/memberships", **given)
    assert sorted(answer.json, key=lambda one: str(one["source_type"])) == expected
    assert answer.headers["X-Total"] == str(len(expected))


def test_memberships_are_for_administrators(api: Api) -> None:
    assert api.get("users/3/memberships", "bob").json == {"message": "403 Forbidden"}
    assert api.get("users/3/memberships", None).status == 401
    assert api.get("users/99/memberships").json == {"message": "404 User Not Found"}
    wrong = api.get("users/3/memberships", "bob", type="Group")
    assert (wrong.status, wrong.json) == (400, {"error": "type does not have a valid value"})
