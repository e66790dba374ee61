from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.issue_world import issue_api
from tests.support import Api, names


@pytest.fixture(scope="module")
def api() -> Api:
    return issue_api()


def iids(api: Api, as_: str = "bob", **given: Any) -> list[int]:
    return names(api.get("projects/1/issues", as_, sort="asc", **given), "iid")


def titles(api: Api, path: str, as_: str | None, **given: Any) -> list[str]:
    return names(api.get(path, as_, sort="asc", order_by="title", **given), "title")


# The three lists


def test_a_project_lists_its_issues_youngest_first(api: Api) -> None:
    answer = api.get("projects/1/issues", "bob")
    assert names(answer, "iid") == [5, 4, 2, 1, 3]
    assert answer.headers["X-Total"] == "5"
    assert "subscribed" not in answer.json[0]


def test_lists_leave_out_what_the_caller_may_not_see(api: Api) -> None:
    assert iids(api, "gil") == [3, 1, 2, 5]
    assert names(api.get("projects/2/issues", None), "title") == ["Open question"]
    assert titles(api, "projects/2/issues", "ada") == ["Hidden hole", "Open question"]
    assert api.get("projects/1/issues", "nora").json == {"message": "404 Project Not Found"}


def test_a_group_lists_the_issues_of_everything_below(api: Api) -> None:
    api = issue_api(
        projects=[
            {"path": "acme/rocket"},
            {"path": "open/source"},
            {"path": "acme/labs/probe", "issues": [{"title": "P"}]},
        ]
    )
    issues = api.get("groups/acme/issues", "gil", sort="asc", order_by="title").json
    assert [one["references"]["relative"] for one in issues][:2] == ["rocket#1", "rocket#2"]
    assert [one["references"]["relative"] for one in issues if one["title"] == "P"] == ["acme/labs/probe#1"]
    assert api.get("groups/acme/issues", "nora").json == {"message": "404 Group Not Found"}


def test_the_instance_lists_first_what_the_caller_wrote(api: Api) -> None:
    assert titles(api, "issues", "bob") == ["Alpha leaks", "Gamma glows"]
    assert titles(api, "issues", "rex", scope="assigned_to_me") == ["Gamma glows"]
    assert titles(api, "issues", "rex", scope="assigned-to-me") == ["Gamma glows"]
    assert titles(api, "issues", "nora", scope="all") == ["Open question"]
    assert api.get("issues", "bob").json[0]["references"]["relative"] == "acme/rocket#1"


def test_without_a_token_all_must_be_asked_for(api: Api) -> None:
    assert api.get("issues", None).json == {"message": "401 Unauthorized"}
    assert titles(api, "issues", None, scope="all") == ["Open question"]
    assert names(api.get("projects/2/issues", None, scope="created_by_me"), "title") == []


def test_issues_of_archived_projects_come_when_asked_for() -> None:
    api = issue_api(source={"archived": True, "issues": [{"title": "Old"}]})
    assert titles(api, "issues", "nora", scope="all") == []
    assert titles(api, "issues", "nora", scope="all", non_archived="false") == ["Old"]
    assert titles(api, "groups/open/issues", "nora") == []
    assert titles(api, "groups/open/issues", "nora", non_archived="false") == ["Old"]
    assert titles(api, "projects/2/issues", "nora") == ["Old"]


def test_labels_are_shown_by_name_or_whole(api: Api) -> None:
    shown = api.get("projects/1/issues", "bob", with_labels_details="true", iids="1").json[0]["labels"]
    assert [(label["name"], label["color"]) for label in shown] == [("bug", "#d9534f"), ("ui", "#00ff00")]
    assert list(shown[0])[:4] == ["id", "name", "description", "description_html"]


@pytest.mark.parametrize("sort", ["asc", "desc"])
@pytest.mark.parametrize("order_by", ["created_at", "updated_at", "title", "due_date", "weight", "relative_position"])
def test_a_project_can_be_paged_by_keyset_since_18_3(order_by: str, sort: str) -> None:
    api = issue_api(gitlab={"version": "18.3.0"})
    found, query = [], {"pagination": ["keyset"], "per_page": ["1"], "order_by": [order_by], "sort": [sort]}
    while query:
        page = api.get("projects/1/issues", "bob", **query)
        found += names(page, "iid")
        link = page.headers.get("Link", "")
        query = parse_qs(urlsplit(link[1:].split(">")[0]).query)
    assert found == names(api.get("projects/1/issues", "bob", order_by=order_by, sort=sort), "iid")
    assert len(found) == 5


@pytest.mark.parametrize("order_by", ["popularity", "priority"])
def test_other_orders_have_no_keysets(order_by: str) -> None:
    api = issue_api(gitlab={"version": "18.3.0"})
    answer = api.get("projects/1/issues", "bob", pagination="keyset", order_by=order_by)
    expected = {"error": "Keyset pagination is not yet available for this type of request"}
    assert (answer.status, answer.json) == (405, expected)


def test_before_18_3_a_project_is_paged_by_numbers(api: Api) -> None:
    assert api.get("projects/1/issues", "bob", pagination="keyset", per_page=3).headers["X-Total"] == "5"


# Filters


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"state": "opened"}, [1, 2, 4, 5]),
        ({"state": "closed"}, [3]),
        ({"state": "all"}, [3, 1, 2, 4, 5]),
        ({"labels": "bug"}, [1, 2]),
        ({"labels": "bug,ui"}, [1]),
        ({"labels": "bug, unknown"}, []),
        ({"labels[]": "ui"}, [1]),
        ({"labels": "None"}, [3, 4, 5]),
        ({"labels": "No Label"}, [3, 4, 5]),
        ({"labels": "any"}, [1, 2]),
        ({"milestone": "1.0"}, [1]),
        ({"milestone": "None"}, [2, 5]),
        ({"milestone": "Any"}, [3, 1, 4]),
        ({"milestone": "#upcoming"}, [1]),
        ({"milestone_id": "Upcoming"}, [1]),
        ({"milestone_id": "Started"}, [4]),
        ({"milestone_id": "None"}, [2, 5]),
        ({"milestone_id": "Any"}, [3, 1, 4]),
        ({"author_id": 4}, [2, 4]),
        ({"author_username": "REX"}, [2, 4]),
        ({"author_username": "unknown"}, []),
        ({"assignee_id": 3}, [2]),
        ({"assignee_id": "None"}, [1, 4, 5]),
        ({"assignee_id": "any"}, [3, 2]),
        ({"assignee_username": "ada"}, [3]),
        ({"assignee_username[]": ["ada", "rex"]}, [3]),
        ({"assignee_username": "ada,bob"}, []),
        ({"scope": "created_by_me"}, [3, 1]),
        ({"scope": "assigned_to_me"}, [2]),
        ({"scope": "all"}, [3, 1, 2, 4, 5]),
        ({"iids": "1,3"}, [3, 1]),
        ({"iids[]": [2, 99]}, [2]),
        ({"search": "ALPHA"}, [1, 2]),
        ({"search": "alpha pump"}, [2]),
        ({"search": '"the alpha"'}, [2]),
        ({"search": "alpha", "in": "title"}, [1]),
        ({"search": "alpha", "in": "description"}, [2]),
        ({"search": "alpha", "in": "title,description"}, [1, 2]),
        ({"created_after": "2024-05-01T09:00:00Z"}, [1, 2, 4, 5]),
        ({"created_before": "2024-04-30"}, [3]),
        ({"updated_before": "2024-04-30"}, [3]),
        ({"updated_after": "2024-05-02"}, []),
        ({"confidential": "true"}, [4]),
        ({"confidential": "false"}, [3, 1, 2, 5]),
        ({"issue_type": "incident"}, [5]),
        ({"closed_by_id": 3}, [3]),
        ({"weight": 3}, [1]),
        ({"weight": "None"}, [2, 4, 5]),
        ({"weight": "Any"}, [3, 1]),
        ({"health_status": "none"}, [3, 1, 2, 4, 5]),
        ({"epic_id": "None"}, [3, 1, 2, 4, 5]),
        ({"epic_id": 7}, []),
        ({"iteration_id": "Any"}, []),
        ({"iteration_title": "Sprint"}, []),
        ({"not[iteration_id]": 7}, [3, 1, 2, 4, 5]),
        ({"not[iteration_id]": "None"}, []),
        ({"due_date": "0"}, [3, 1, 5]),
        ({"due_date": "any"}, [2, 4]),
        ({"due_date": ""}, [3, 1, 2, 4, 5]),
        ({"due_date": "today"}, []),
        ({"due_date": "tomorrow"}, [2]),
        ({"due_date": "overdue"}, [4]),
        ({"due_date": "week"}, [2, 4]),
        ({"due_date": "month"}, [2]),
        ({"due_date": "next_month_and_previous_two_weeks"}, [2, 4]),
        ({"not[labels]": "ui"}, [3, 2, 4, 5]),
        ({"not[labels]": "ui,bug"}, [3, 4, 5]),
        ({"not[milestone]": "1.0"}, [3, 2, 4, 5]),
        ({"not[milestone_id]": "None"}, [3, 1, 4]),
        ({"not[milestone_id]": "Started"}, [3, 1, 2, 5]),
        ({"not[iids]": "1,2"}, [3, 4, 5]),
        ({"not[author_id]": 3}, [2, 4, 5]),
        ({"not[author_username]": "rex"}, [3, 1, 5]),
        ({"not[assignee_id]": 3}, [3, 1, 4, 5]),
        ({"not[assignee_username][]": ["ada", "bob"]}, [1, 4, 5]),
        ({"not[weight]": 3}, [3, 2, 4, 5]),
        ({"not[labels]": "ui", "not[author_id]": 4}, [3, 5]),
    ],
)
def test_a_filter_narrows_the_list(api: Api, given: dict[str, Any], found: list[int]) -> None:
    assert iids(api, **given) == found


def test_reactions_of_the_caller_narrow_the_list() -> None:
    api = issue_api()
    api.post("projects/1/issues/1/award_emoji", "bob", name="tada")
    api.post("projects/1/issues/2/award_emoji", "bob", name="thumbsup")
    api.post("projects/1/issues/5/award_emoji", "ada", name="tada")
    assert iids(api, my_reaction_emoji="tada") == [1]
    assert iids(api, my_reaction_emoji="Any") == [1, 2]
    assert iids(api, my_reaction_emoji="None") == [3, 4, 5]
    assert names(api.get("projects/2/issues", None, my_reaction_emoji="tada"), "iid") == [1]


def test_words_for_due_dates_follow_the_clock() -> None:
    from datetime import timedelta

    api = issue_api()
    api.store.advance_clock(timedelta(days=1))
    assert (iids(api, due_date="today"), iids(api, due_date="tomorrow")) == ([2], [])
    api.store.advance_clock(timedelta(days=1))
    assert iids(api, due_date="overdue") == [2, 4]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"state": "open"}, "state does not have a valid value"),
        ({"scope": "mine"}, "scope does not have a valid value"),
        ({"author_id": "x"}, "author_id is invalid"),
        ({"assignee_id": "x"}, "assignee_id should be an integer, none, or any, however got x"),
        ({"weight": "x"}, "weight should be an integer, none, or any, however got x"),
        ({"epic_id": "x"}, "epic_id should be an integer, none, or any, however got x"),
        ({"iteration_id": "x"}, "iteration_id should be an integer, none, any, or current, however got x"),
        ({"not[iteration_id]": "x"}, "not[iteration_id] should be an integer, none, any, or current, however got x"),
        ({"milestone_id": "3"}, "milestone_id does not have a valid value"),
        ({"created_after": "soon"}, "created_after is invalid"),
        ({"due_date": "soon"}, "due_date does not have a valid value"),
        ({"order_by": "size"}, "order_by does not have a valid value"),
        ({"health_status": "fine"}, "health_status does not have a valid value"),
        ({"iteration_id": 1, "iteration_title": "x"}, "iteration_id, iteration_title are mutually exclusive"),
        ({"sort": "up"}, "sort does not have a valid value"),
        ({"not[author_id]": "x"}, "not[author_id] is invalid"),
        ({"author_id": 1, "author_username": "x"}, "author_id, author_username are mutually exclusive"),
        ({"milestone": "1.0", "milestone_id": "Any"}, "milestone, milestone_id are mutually exclusive"),
        (
            {"not[author_id]": 1, "not[author_username]": "x"},
            "not[author_id], not[author_username] are mutually exclusive",
        ),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(api: Api, given: dict[str, Any], error: str) -> None:
    answer = api.get("projects/1/issues", "bob", **given)
    assert (answer.status, answer.json) == (400, {"error": error})


def test_the_community_edition_takes_one_assignee() -> None:
    answer = issue_api(gitlab={"edition": "ce"}).get("projects/1/issues", "bob", assignee_username="ada,bob")
    assert answer.json == {"error": "assignee_username allows one value, but found 2: ada, bob"}
