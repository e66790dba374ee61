from typing import Any

import pytest

from mockgitlab.scenario.loader import ScenarioError
from tests.issue_world import issue_api, world
from tests.support import Api


def refusal(*issues: dict[str, Any]) -> str:
    with pytest.raises(ScenarioError) as refused:
        Api(world({"labels": [{"name": "bug"}], "issues": list(issues)}))
    return str(refused.value)


def test_an_issue_needs_a_title_alone() -> None:
    issue = issue_api({"issues": [{"title": "x"}]}).get("projects/1/issues/1").json
    assert (issue["author"]["username"], issue["state"], issue["labels"]) == ("root", "opened", [])


def test_a_closed_issue_was_closed_when_it_last_changed() -> None:
    plain = {"title": "x", "state": "closed", "author": "bob", "created_at": "2024-02-01T00:00:00Z"}
    dated = {"title": "y", "state": "closed", "closed_by": "ada", "closed_at": "2024-03-01T00:00:00Z"}
    api = issue_api({"issues": [plain, dated]})
    first, second = (api.get(f"projects/1/issues/{iid}").json for iid in (1, 2))
    assert (first["closed_at"], first["closed_by"]["username"]) == ("2024-02-01T00:00:00.000Z", "bob")
    assert (first["updated_at"], second["closed_by"]["username"]) == ("2024-02-01T00:00:00.000Z", "ada")
    assert second["closed_at"] == "2024-03-01T00:00:00.000Z"


def test_time_severity_and_subscribers_can_be_declared() -> None:
    spent = {"time_estimate": "1d 4h", "time_spent": "3h", "severity": "low", "issue_type": "incident"}
    issue = (
        issue_api({"issues": [{"title": "x", **spent, "subscriber_ids": [5]}]}).get("projects/1/issues/1", "gil").json
    )
    assert issue["time_stats"]["human_time_estimate"] == "1d 4h"
    assert issue["time_stats"]["human_total_time_spent"] == "3h"
    assert (issue["severity"], issue["subscribed"]) == ("LOW", True)


def test_issues_are_linked_to_those_before_them() -> None:
    rocket = {"issues": [{"title": "x"}, {"title": "y", "links": [{"issue": 1, "type": "is_blocked_by"}]}]}
    source = {"issues": [{"title": "z", "links": [{"issue": "acme/rocket#2"}]}]}
    api = issue_api(rocket, source)
    links = api.get("projects/1/issues/2/links").json
    assert [(one["title"], one["link_type"]) for one in links] == [("x", "is_blocked_by"), ("z", "relates_to")]


def test_numbers_follow_those_given() -> None:
    api = issue_api({"issues": [{"title": "x", "iid": 40}, {"title": "y"}]})
    assert [issue["iid"] for issue in api.get("projects/1/issues").json] == [41, 40]


def test_labels_and_milestones_may_be_the_groups() -> None:
    groups = [
        {
            "path": "acme",
            "labels": [{"name": "shared"}],
            "milestones": [{"title": "2.0"}],
            "members": {"bob": "reporter"},
        },
        {"path": "acme/labs"},
        {"path": "open", "visibility": "public"},
    ]
    api = issue_api({"issues": [{"title": "x", "labels": ["shared"], "milestone": "2.0"}]}, groups=groups)
    issue = api.get("projects/1/issues/1").json
    assert (issue["labels"], issue["milestone"]["group_id"]) == (["shared"], 1)


@pytest.mark.parametrize(
    ("issue", "told"),
    [
        ({"description": "x"}, "an issue needs one"),
        ({"title": "x", "labels": ["bog"]}, "bug"),
        ({"title": "x", "milestone": "9.9"}, "there is no milestone"),
        ({"title": "x", "assignees": ["adda"]}, "ada"),
        ({"title": "x", "state": "open"}, "opened"),
        ({"title": "x", "created_at": "yesterday"}, "created_at: must be a date, not"),
        ({"title": "x", "id": {"a": 1}}, "id: must be a whole number"),
        ({"title": "x", "time_spent": "soon"}, "must be a duration such as 1d 4h"),
        ({"title": "x", "links": [{"issue": 7}]}, "acme/rocket has none so far"),
        ({"title": "x", "links": [{"issue": 1}]}, "or the issue itself"),
        ({"title": "x", "links": [{"issue": 1, "type": "likes"}]}, "known are relates_to, blocks, is_blocked_by"),
    ],
)
def test_a_wrong_issue_is_refused_with_what_would_be_right(issue: dict[str, Any], told: str) -> None:
    assert told in refusal(issue)


def test_a_number_is_given_once() -> None:
    assert "is taken: acme/rocket has an issue 3" in refusal({"title": "x", "iid": 3}, {"title": "y", "iid": 3})
