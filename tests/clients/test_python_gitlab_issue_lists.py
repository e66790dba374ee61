"""Lists of issues through python-gitlab: of a project, a group, everywhere; every filter and order; statistics."""

from typing import Any

import gitlab
import pytest

from tests.clients.python_gitlab_rig import Connect, refused


@pytest.mark.parametrize(
    ("filters", "iids"),
    [
        ({"labels": ["bug"]}, [1, 3]),
        ({"labels": ["bug", "priority::high"]}, [1]),
        ({"labels": "None"}, []),
        ({"labels": "Any"}, [1, 2, 3, 4]),
        ({"milestone": "1.0"}, [1, 4]),
        ({"milestone": "None"}, [3]),
        ({"milestone_id": "Started"}, [1, 2, 4]),
        ({"author_username": "ada"}, [2, 3]),
        ({"author_id": 4}, [4]),
        ({"assignee_id": 3}, [1]),
        ({"assignee_id": "None"}, [3, 4]),
        ({"assignee_username": ["eve"]}, [2]),
        ({"iids": [1, 4, 99]}, [1, 4]),
        ({"search": "engine"}, [1]),
        ({"search": "manual", "in": "title"}, [4]),
        ({"search": "engine", "in": "title"}, []),
        ({"confidential": True}, [3]),
        ({"confidential": False}, [1, 2, 4]),
        ({"my_reaction_emoji": "thumbsup"}, [1]),
        ({"due_date": "month"}, [1]),
        ({"due_date": 0}, [2, 3, 4]),
        ({"weight": 5}, [1]),
        ({"created_after": "2024-02-10T08:00:00Z", "created_before": "2024-02-11T08:00:00Z"}, [2, 3]),
        ({"issue_type": "incident"}, []),
        ({"scope": "created_by_me"}, [2, 3]),
        ({"scope": "assigned_to_me"}, []),
        ({"not[labels]": "bug"}, [2, 4]),
        ({"not[author_id]": 2, "not[milestone]": "Spring"}, [1, 4]),
        ({"not[iids][]": [1, 2]}, [3, 4]),
    ],
    ids=str,
)
def test_issues_of_a_project_are_filtered(rocket: Any, filters: dict[str, Any], iids: list[int]) -> None:
    found = rocket.issues.list(state="opened", get_all=True, **filters)
    assert sorted(issue.iid for issue in found) == iids


@pytest.mark.parametrize(
    ("order_by", "ascending"),
    [
        ("created_at", [1, 2, 3, 4]),
        ("title", [3, 1, 2, 4]),
        ("due_date", [1, 4, 3, 2]),
        ("milestone_due", [2, 4, 1, 3]),
        ("popularity", [4, 3, 2, 1]),
        ("weight", [1, 4, 3, 2]),
    ],
)
def test_issues_are_ordered(rocket: Any, order_by: str, ascending: list[int]) -> None:
    listed = rocket.issues.list(state="opened", order_by=order_by, sort="asc")
    assert [issue.iid for issue in listed] == ascending


def test_issues_of_a_group_are_those_of_all_below(ada: Any) -> None:
    acme = ada.groups.get("acme")
    opened = acme.issues.list(state="opened", order_by="created_at", sort="asc")
    assert [issue.references["full"] for issue in opened] == [
        "acme/rocket#1",
        "acme/rocket#2",
        "acme/rocket#3",
        "acme/rocket#4",
        "acme/engines/ion#1",
    ]
    assert [issue.references["relative"] for issue in opened[3:]] == ["rocket#4", "acme/engines/ion#1"]
    assert [issue.title for issue in acme.issues.list(labels=["bug"], search="xenon")] == ["Needs xenon"]


def test_issues_everywhere_are_mine_or_all(ada: Any, root: Any) -> None:
    mine = ada.issues.list(state="opened", get_all=True)
    assert sorted(issue.title for issue in mine) == ["A quiet leak", "More thrust"]
    everything = ada.issues.list(state="opened", scope="all", get_all=True)
    assert len(everything) == 6
    assert {issue.project_id for issue in everything} == {1, 2, 3}
    any_id = mine[0].id
    assert root.issues.get(any_id).title == mine[0].title
    assert refused(gitlab.GitlabGetError, ada.issues.get, any_id) == (403, "403 Forbidden")


def test_confidential_issues_are_hidden_from_guests(connect: Connect) -> None:
    gil = connect("gil").projects.get(1)
    assert sorted(issue.iid for issue in gil.issues.list(state="opened")) == [1, 2, 4]
    assert refused(gitlab.GitlabGetError, gil.issues.get, 3) == (404, "404 Not found")


def test_labels_come_with_their_details_on_demand(rocket: Any) -> None:
    [issue] = rocket.issues.list(iids=[4], with_labels_details=True)
    assert [(label["name"], label["color"]) for label in issue.labels] == [("docs", "#008000")]


def test_statistics_count_the_states(ada: Any, rocket: Any) -> None:
    assert rocket.issues_statistics.get().statistics == {"counts": {"all": 45, "closed": 41, "opened": 4}}
    assert rocket.issues_statistics.get(labels="bug").statistics["counts"] == {"all": 2, "closed": 0, "opened": 2}
    acme = ada.groups.get("acme").issues_statistics.get()
    assert acme.statistics["counts"] == {"all": 46, "closed": 41, "opened": 5}
    assert ada.issues_statistics.get(scope="all").statistics["counts"]["all"] == 47
    assert ada.issues_statistics.get().statistics["counts"]["all"] == 2


def test_filters_that_exclude_each_other_are_refused(rocket: Any) -> None:
    both = {"milestone": "1.0", "milestone_id": "Any"}
    assert refused(gitlab.GitlabListError, rocket.issues.list, **both) == (
        400,
        "milestone, milestone_id are mutually exclusive",
    )
    assert refused(gitlab.GitlabListError, rocket.issues.list, order_by="beauty") == (
        400,
        "order_by does not have a valid value",
    )
