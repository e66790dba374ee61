from typing import Any

import pytest

from tests.merge_request_world import FORK, MR, mr_api, open_mr, world
from tests.support import Api, names

FOUR: list[dict[str, Any]] = [
    {
        "title": "Alpha engine",
        "source_branch": "feature",
        "author": "bob",
        "assignees": ["ada"],
        "reviewers": ["rex"],
        "labels": ["bug"],
        "milestone": "1.0",
        "created_at": "2024-04-01T00:00:00Z",
        "award_emoji": [{"name": "thumbsup", "user": "bob"}],
    },
    {
        "title": "beta",
        "description": "an alpha of its kind",
        "source_branch": "fix",
        "author": "ada",
        "labels": ["bug", "ui"],
        "state": "merged",
        "merge_user": "bob",
        "created_at": "2024-04-02T00:00:00Z",
        "merged_at": "2024-04-20T00:00:00Z",
    },
    {
        "title": "gamma",
        "source_branch": "clash",
        "author": "bob",
        "draft": True,
        "reviewers": ["ada", "bob"],
        "created_at": "2024-04-03T00:00:00Z",
        "award_emoji": [{"name": "rocket", "user": "ada"}],
    },
    {
        "title": "Delta",
        "source_branch": "other",
        "target_branch": "fix",
        "author": "rex",
        "assignees": ["bob"],
        "state": "closed",
        "milestone": "1.1",
        "created_at": "2024-04-04T00:00:00Z",
    },
]


@pytest.fixture(scope="module")
def api() -> Api:
    return mr_api(*FOUR)


def listed(api: Api, as_: str = "bob", path: str = MR, **given: Any) -> list[Any]:
    return names(api.get(path, as_, **given), "iid")


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, [4, 3, 2, 1]),
        ({"state": "opened"}, [3, 1]),
        ({"state": "merged"}, [2]),
        ({"state": "closed"}, [4]),
        ({"state": "all"}, [4, 3, 2, 1]),
        ({"state": "locked"}, []),
        ({"iids[]": [1, 3]}, [3, 1]),
        ({"author_id": 3}, [3, 1]),
        ({"author_username": "ADA"}, [2]),
        ({"assignee_id": 2}, [1]),
        ({"assignee_id": "None"}, [3, 2]),
        ({"assignee_id": "Any"}, [4, 1]),
        ({"assignee_username[]": "bob"}, [4]),
        ({"reviewer_id": 2}, [3]),
        ({"reviewer_id": "None"}, [4, 2]),
        ({"reviewer_id": "Any"}, [3, 1]),
        ({"reviewer_username": "rex"}, [1]),
        ({"reviewer_username": "None"}, [4, 2]),
        ({"reviewer_username": "any"}, [3, 1]),
        ({"merge_user_id": 3}, [2]),
        ({"merge_user_username": "bob"}, [2]),
        ({"labels": "bug"}, [2, 1]),
        ({"labels": "bug,ui"}, [2]),
        ({"labels": "None"}, [4, 3]),
        ({"labels": "Any"}, [2, 1]),
        ({"milestone": "1.0"}, [1]),
        ({"milestone": "None"}, [3, 2]),
        ({"milestone": "any"}, [4, 1]),
        ({"my_reaction_emoji": "thumbsup"}, [1]),
        ({"my_reaction_emoji": "Any"}, [1]),
        ({"my_reaction_emoji": "None"}, [4, 3, 2]),
        ({"source_branch": "clash"}, [3]),
        ({"target_branch": "fix"}, [4]),
        ({"source_project_id": 1}, [4, 3, 2, 1]),
        ({"source_project_id": 4}, []),
        ({"search": "alpha"}, [2, 1]),
        ({"search": "alpha", "in": "title"}, [1]),
        ({"search": "alpha", "in": "description"}, [2]),
        ({"wip": "yes"}, [3]),
        ({"wip": "no"}, [4, 2, 1]),
        ({"created_after": "2024-04-03T00:00:00Z"}, [4, 3]),
        ({"created_before": "2024-04-02T00:00:00Z"}, [2, 1]),
        ({"updated_after": "2024-04-10T00:00:00Z"}, [2]),
        ({"updated_before": "2024-04-03T00:00:00Z"}, [3, 1]),
        ({"deployed_after": "2024-04-03T00:00:00Z"}, []),
        ({"environment": "production"}, []),
        ({"scope": "created_by_me"}, [3, 1]),
        ({"scope": "created-by-me"}, [3, 1]),
        ({"scope": "assigned_to_me"}, [4]),
        ({"scope": "reviews_for_me"}, [3]),
        ({"not[labels]": "ui"}, [4, 3, 1]),
        ({"not[milestone]": "1.0"}, [4, 3, 2]),
        ({"not[milestone]": "None"}, [4, 1]),
        ({"not[author_id]": 3}, [4, 2]),
        ({"not[author_username]": "bob"}, [4, 2]),
        ({"not[assignee_id]": 2}, [4, 3, 2]),
        ({"not[assignee_id]": "Any"}, [3, 2]),
        ({"not[assignee_username][]": "ada"}, [4, 3, 2]),
        ({"not[reviewer_id]": 2}, [4, 2, 1]),
        ({"not[reviewer_username]": "rex"}, [4, 3, 2]),
        ({"not[reviewer_username]": "None"}, [3, 1]),
        ({"not[my_reaction_emoji]": "thumbsup"}, [4, 3, 2]),
        ({"not[my_reaction_emoji]": "None"}, [1]),
    ],
    ids=str,
)
def test_a_list_is_narrowed(api: Api, given: dict[str, Any], found: list[int]) -> None:
    assert listed(api, **given) == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"sort": "asc"}, [1, 2, 3, 4]),
        ({"order_by": "updated_at"}, [2, 4, 3, 1]),
        ({"order_by": "title", "sort": "asc"}, [1, 2, 4, 3]),
        ({"order_by": "merged_at"}, [2, 4, 3, 1]),
        ({"order_by": "popularity"}, [1, 4, 3, 2]),
        ({"order_by": "milestone_due", "sort": "asc"}, [4, 3, 2, 1]),
        ({"order_by": "label_priority", "sort": "asc"}, [4, 3, 2, 1]),
        ({"order_by": "priority", "sort": "asc"}, [4, 3, 2, 1]),
    ],
    ids=str,
)
def test_a_list_is_ordered(api: Api, given: dict[str, Any], found: list[int]) -> None:
    assert listed(api, **given) == found


@pytest.mark.parametrize(
    "given",
    [
        {"author_id": 1, "author_username": "root"},
        {"assignee_id": 1, "assignee_username": "root"},
        {"reviewer_id": 1, "reviewer_username": "root"},
        {"merge_user_id": 1, "merge_user_username": "root"},
        {"not[author_id]": 1, "not[author_username]": "root"},
        {"state": "open"},
        {"reviewer_id": "somebody"},
        {"wip": "maybe"},
        {"order_by": "weight"},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(api: Api, given: dict[str, Any]) -> None:
    assert api.get(MR, "bob", **given).status == 400


def test_lists_leave_out_what_one_merge_request_shows(api: Api) -> None:
    listed, shown = api.get(MR, "bob", **{"iids[]": 1}).json[0], api.get(f"{MR}/1", "bob").json
    more = {"subscribed", "changes_count", "diff_refs", "user", "merge_error", "head_pipeline", "pipeline"}
    assert shown.keys() - listed.keys() >= more
    assert {name: shown[name] for name in listed} == listed


def test_labels_can_be_shown_in_full_and_the_rest_in_short(api: Api) -> None:
    [shown] = api.get(MR, "bob", with_labels_details=True, **{"iids[]": 2}).json
    assert [label["name"] for label in shown["labels"]] == ["bug", "ui"]
    [short] = api.get(MR, "bob", view="simple", **{"iids[]": 2}).json
    assert list(short) == [
        *("id", "iid", "project_id", "title", "description", "state", "created_at", "updated_at", "web_url"),
    ]


def test_the_list_of_the_instance_is_by_default_of_ones_own(api: Api) -> None:
    assert listed(api, "bob", "merge_requests") == [3, 1]
    assert listed(api, "bob", "merge_requests", scope="all") == [4, 3, 2, 1]
    assert listed(api, "nora", "merge_requests", scope="all") == []
    assert listed(api, "gil", "merge_requests", scope="all") == []
    assert api.get("merge_requests", None).status == 401
    assert api.get("merge_requests", None, scope="all").json == []


def test_groups_list_what_is_below_them(api: Api) -> None:
    assert listed(api, "bob", "groups/1/merge_requests") == [4, 3, 2, 1]
    assert listed(api, "bob", "groups/1/merge_requests", state="opened") == [3, 1]
    assert listed(api, "root", "groups/3/merge_requests") == []
    assert api.get("groups/1/merge_requests", "nora").status == 404


def test_references_are_as_long_as_the_list_needs(api: Api) -> None:
    paths = {MR: "!1", "groups/1/merge_requests": "rocket!1", "merge_requests": "acme/rocket!1"}
    for path, relative in paths.items():
        shown = api.get(path, "bob", scope="all", sort="asc").json[0]
        full = {"short": "!1", "relative": relative, "full": "acme/rocket!1"}
        assert (shown["reference"], shown["references"]) == ("!1", full)


def test_archived_projects_are_left_out_of_the_lists_of_groups() -> None:
    api = mr_api(*FOUR, archived=True)
    assert listed(api, "bob", "groups/1/merge_requests") == []
    assert listed(api, "bob", "groups/1/merge_requests", non_archived=False) == [4, 3, 2, 1]


def test_a_list_comes_in_pages(api: Api) -> None:
    answer = api.get(MR, "bob", per_page=3, page=2)
    assert names(answer, "iid") == [1]
    assert (answer.headers["X-Total"], answer.headers["X-Total-Pages"]) == ("4", "2")


def test_milestones_list_their_merge_requests(api: Api) -> None:
    assert listed(api, "bob", "projects/1/milestones/10001/merge_requests") == [1]
    assert api.get("projects/1/milestones/10001/merge_requests", "nora").status == 404


def test_labels_count_open_merge_requests(api: Api) -> None:
    counts = {
        one["name"]: one["open_merge_requests_count"] for one in api.get("projects/1/labels", with_counts=True).json
    }
    assert counts == {"bug": 1, "ui": 0}


def test_the_work_of_a_user_is_counted(api: Api) -> None:
    counts = api.get("user_counts", "bob").json
    assert (counts["assigned_merge_requests"], counts["review_requested_merge_requests"]) == (0, 1)
    assert api.get("user_counts", "ada").json["merge_requests"] == 1
    assert api.get("users/3/associations_count", "bob").json["merge_requests_count"] == 2


def test_commits_tell_of_which_merge_requests_they_are(api: Api) -> None:
    def of(ref: str) -> list[Any]:
        return listed(api, "bob", f"projects/1/repository/commits/{ref}/merge_requests")

    assert (of("feature"), of("main"), of("same")) == ([1], [2], [])
    assert api.get("projects/1/repository/commits/nothing/merge_requests").status == 404


def test_merge_requests_of_forks_are_found_by_their_source() -> None:
    made = world()
    made["projects"][3] = {
        **FORK,
        "merge_requests": [{"title": "P", "source_branch": "patch", "target_project": "open/source"}],
    }
    api = Api(made)
    assert names(api.get("projects/2/merge_requests", None, source_project_id=4), "title") == ["P"]
    assert api.get("projects/4/merge_requests", "nora").json == []
    open_mr(api, "nora", 4, source_branch="patch", target_branch="main")
    assert names(api.get("projects/4/merge_requests", "nora"), "references") == [
        {"short": "!1", "relative": "!1", "full": "nora/rocket!1"}
    ]


def test_a_list_is_narrowed_by_how_far_reviewers_are() -> None:
    api = mr_api(*FOUR)
    assert listed(api, review_state="unreviewed") == [3, 1]
    api.post(f"{MR}/3/approve", "ada")
    assert listed(api, review_state="approved") == [3]
    assert listed(api, review_state="unreviewed") == [3, 1]
    assert listed(api, path="merge_requests", scope="all", review_state="reviewed") == []
    assert api.get(MR, review_state="done").status == 400
