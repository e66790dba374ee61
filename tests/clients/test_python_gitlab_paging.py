"""Lists through python-gitlab: pages, all pages, iterators, keysets, links that carry filters on."""

from typing import Any

import gitlab
import pytest

from tests.clients.python_gitlab_rig import Connect, refused


def test_all_pages_come_in_one_list(rocket: Any) -> None:
    assert len(rocket.issues.list(get_all=True)) == 45
    oldest_first = rocket.issues.list(get_all=True, order_by="created_at", sort="asc")
    assert [issue.iid for issue in oldest_first] == [*range(5, 46), 1, 2, 3, 4]


def test_an_iterator_asks_page_by_page_and_knows_the_totals(rocket: Any) -> None:
    issues = rocket.issues.list(iterator=True, per_page=10)
    assert (issues.total, issues.total_pages, issues.per_page, len(issues)) == (45, 5, 10, 45)
    assert (issues.current_page, issues.next_page, issues.prev_page) == (1, 2, None)
    for _ in range(11):
        issue = next(issues)
    assert (issues.current_page, issues.next_page, issues.prev_page) == (2, 3, 1)
    assert len([issue, *issues]) == 35
    assert (issues.current_page, issues.next_page) == (5, None)


def test_a_page_is_a_list_of_its_own(rocket: Any) -> None:
    assert len(rocket.issues.list(page=5, per_page=10)) == 5
    assert rocket.issues.list(page=6, per_page=10) == []
    assert len(rocket.issues.list(per_page=1000, get_all=False)) == 45


def test_a_list_that_goes_on_warns(rocket: Any) -> None:
    with pytest.warns(UserWarning, match="Your query returned 20 of 45 items"):
        assert len(rocket.issues.list()) == 20


def test_the_links_to_further_pages_keep_the_filters(rocket: Any) -> None:
    filters = {"state": "closed", "not[iids][]": [5, 6], "search": "ticket", "in": "title"}
    closed = rocket.issues.list(iterator=True, per_page=7, query_parameters=filters)
    assert closed.total == 39
    assert len({issue.iid for issue in closed}) == 39


def test_projects_are_listed_by_keyset(root: Any) -> None:
    projects = root.projects.list(iterator=True, pagination="keyset", order_by="id", per_page=2, sort="asc")
    assert [project.id for project in projects] == [1, 2, 3, 4, 5]
    assert (projects.total, projects.total_pages) == (None, None)
    backwards = root.projects.list(get_all=True, pagination="keyset", order_by="id", per_page=2)
    assert [project.id for project in backwards] == [5, 4, 3, 2, 1]


def test_the_client_itself_may_be_set_to_keysets(connect: Connect) -> None:
    client = connect("root", pagination="keyset", order_by="id", per_page=2)
    assert [project.id for project in client.projects.list(get_all=True)] == [5, 4, 3, 2, 1]


def test_what_has_no_keyset_says_so(rocket: Any) -> None:
    labels = rocket.labels.list(get_all=True, pagination="keyset", order_by="id")
    assert [label.name for label in labels] == ["bug", "docs", "feature", "priority::high", "urgent"]


def test_users_are_listed_by_keyset(root: Any) -> None:
    users = root.users.list(iterator=True, pagination="keyset", order_by="id", sort="asc", per_page=3)
    assert [user.username for user in users][:9] == ["root", "ada", "bob", "eve", "rex", "gil", "nora", "old", "newt"]


def test_above_ten_thousand_there_are_no_totals(make_mockgitlab: Any) -> None:
    project = {"path": "root/big", "issues": [{"title": "{n}", "repeat": 25}]}
    tokens = [{"token": "t", "user": "root", "scopes": ["api"]}]
    limits = {"limits": {"totals_above": 24}}
    server = make_mockgitlab({"mockgitlab": 1, "gitlab": limits, "projects": [project], "tokens": tokens})
    with gitlab.Gitlab(server.url, private_token="t") as client:
        issues = client.projects.get("root/big").issues.list(iterator=True)
        assert (issues.total, issues.total_pages, issues.next_page) == (None, None, 2)
        assert len(list(issues)) == 25


@pytest.mark.parametrize(("parameter", "message"), [("page", "page is invalid"), ("per_page", "per_page is invalid")])
def test_a_page_that_is_no_number_is_refused(rocket: Any, parameter: str, message: str) -> None:
    listing = {"query_parameters": {parameter: "many"}, "get_all": False}
    assert refused(gitlab.GitlabListError, rocket.issues.list, **listing) == (400, message)


def test_head_tells_the_totals_without_the_list(rocket: Any) -> None:
    headers = rocket.issues.head(per_page=10)
    assert (headers["X-Total"], headers["X-Total-Pages"], headers["Content-Type"]) == ("45", "5", "application/json")
