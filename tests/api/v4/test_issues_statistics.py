from typing import Any

import pytest

from tests.issue_world import issue_api
from tests.support import Api


@pytest.fixture(scope="module")
def api() -> Api:
    return issue_api()


def counts(api: Api, path: str, as_: str | None, **given: Any) -> list[int]:
    answer = api.get(f"{path}issues_statistics", as_, **given)
    assert answer.status == 200, answer
    found = answer.json["statistics"]["counts"]
    assert list(found) == ["all", "closed", "opened"]
    return list(found.values())


def test_issues_of_a_project_are_counted_as_far_as_the_caller_sees_them(api: Api) -> None:
    assert counts(api, "projects/1/", "bob") == [5, 1, 4]
    assert counts(api, "projects/1/", "gil") == [4, 1, 3]
    assert counts(api, "projects/2/", None) == [1, 0, 1]
    assert api.get("projects/1/issues_statistics", "nora").status == 404


def test_issues_of_a_group_are_counted(api: Api) -> None:
    assert counts(api, "groups/acme/", "bob") == [5, 1, 4]
    assert counts(api, "groups/acme/", "bob", scope="created_by_me") == [2, 1, 1]
    assert api.get("groups/acme/issues_statistics", "nora").status == 404


def test_issues_of_the_instance_are_counted_first_those_of_the_caller(api: Api) -> None:
    assert counts(api, "", "rex") == [2, 0, 2]
    assert counts(api, "", "rex", scope="all") == [6, 1, 5]
    assert counts(api, "", None, scope="all") == [1, 0, 1]
    assert api.get("issues_statistics", None).json == {"message": "401 Unauthorized"}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"labels": "bug"}, [2, 0, 2]),
        ({"milestone": "1.1"}, [1, 1, 0]),
        ({"author_username": "bob", "confidential": "false"}, [2, 1, 1]),
        ({"assignee_id": "None"}, [3, 0, 3]),
        ({"iids[]": [1, 3]}, [2, 1, 1]),
        ({"search": "alpha", "in": "title"}, [1, 0, 1]),
        ({"created_before": "2024-04-30"}, [1, 1, 0]),
        ({"not[labels]": "ui"}, [4, 1, 3]),
    ],
)
def test_the_filters_of_the_lists_narrow_the_counts(api: Api, given: dict[str, Any], found: list[int]) -> None:
    assert counts(api, "projects/1/", "bob", **given) == found


def test_a_wrong_filter_is_refused(api: Api) -> None:
    answer = api.get("issues_statistics", "bob", scope="mine")
    assert (answer.status, answer.json) == (400, {"error": "scope does not have a valid value"})
