from typing import Any

import pytest

from tests.issue_world import issue_api, remarks, world
from tests.support import Answer, Api

pytestmark = pytest.mark.mockgitlab(
    scenario=world(source={"issues": [{"title": "Open question"}], "members": {"bob": "guest"}})
)


def link(api: Api, iid: int, to: Any, as_: str = "bob", project: Any = 1, **given: Any) -> Answer:
    return api.post(f"projects/1/issues/{iid}/links", as_, target_project_id=project, target_issue_iid=to, **given)


def test_two_issues_are_related(api: Api) -> None:
    answer = link(api, 1, 2)
    assert answer.status == 201
    assert list(answer.json) == ["source_issue", "target_issue", "link_type"]
    assert [answer.json[end]["iid"] for end in ("source_issue", "target_issue")] == [1, 2]
    assert answer.json["link_type"] == "relates_to"
    assert "_links" not in answer.json["source_issue"]
    assert remarks(api, 1) == ["marked this issue as related to #2"]
    assert remarks(api, 2) == ["marked this issue as related to #1"]


def test_the_other_issues_are_listed_from_both_ends_oldest_link_first(api: Api) -> None:
    link(api, 1, 2)
    link(api, 3, 1)
    answer = api.get("projects/1/issues/1/links", "bob")
    assert [one["iid"] for one in answer.json] == [2, 3]
    shown = answer.json[0]
    assert {name: shown[name] for name in list(shown)[-4:]} == {
        "issue_link_id": 1,
        "link_type": "relates_to",
        "link_created_at": "2024-05-01T09:00:00.000Z",
        "link_updated_at": "2024-05-01T09:00:00.000Z",
    }
    assert "subscribed" not in shown
    assert "X-Total" not in answer.headers


def test_one_issue_blocks_another(api: Api) -> None:
    assert link(api, 1, 2, link_type="blocks").json["link_type"] == "blocks"
    made = link(api, 1, 3, link_type="is_blocked_by").json
    assert (made["source_issue"]["iid"], made["target_issue"]["iid"], made["link_type"]) == (3, 1, "blocks")
    types = {one["iid"]: one["link_type"] for one in api.get("projects/1/issues/1/links").json}
    assert types == {2: "blocks", 3: "is_blocked_by"}
    assert api.get("projects/1/issues/2/links").json[0]["link_type"] == "is_blocked_by"
    assert remarks(api, 1) == ["marked this issue as blocking #2", "marked this issue as blocked by #3"]
    assert remarks(api, 2) == ["marked this issue as blocked by #1"]
    assert api.get("projects/1/issues/1").json["blocking_issues_count"] == 1
    api.put("projects/1/issues/2", state_event="close")
    assert api.get("projects/1/issues/1").json["blocking_issues_count"] == 0


@pytest.mark.parametrize("kind", ["blocks", "is_blocked_by"])
def test_the_community_edition_relates_issues_and_blocks_none(kind: str) -> None:
    api = issue_api(gitlab={"edition": "ce"})
    refused = link(api, 1, 2, link_type=kind)
    assert (refused.status, refused.json) == (400, {"error": "link_type does not have a valid value"})
    assert link(api, 1, 2, link_type="relates_to").status == 201


def test_issues_of_other_projects_are_linked_by_path_or_id(api: Api) -> None:
    assert link(api, 1, "1", project="open/source").json["target_issue"]["project_id"] == 2
    assert remarks(api, 1, project=2) == ["marked this issue as related to acme/rocket#1"]
    assert link(api, 2, 1, project=2).status == 201


def test_a_link_is_shown_and_deleted(api: Api) -> None:
    link(api, 1, 2)
    shown = api.get("projects/1/issues/2/links/1", "bob")
    assert (shown.status, shown.json["source_issue"]["iid"]) == (200, 1)
    gone = api.delete("projects/1/issues/2/links/1", "bob", link_type="relates_to")
    assert (gone.status, gone.json) == (200, shown.json | {})
    assert api.get("projects/1/issues/1/links").json == []
    assert remarks(api, 1)[-1] == "removed the relation with #2"
    assert remarks(api, 2)[-1] == "removed the relation with #1"
    assert api.get("projects/1/issues/1/links/1").json == {"message": "404 Not found"}


def test_linking_is_no_change_of_the_issues(api: Api) -> None:
    from datetime import timedelta

    api.store.advance_clock(timedelta(hours=1))
    link(api, 1, 2)
    assert api.get("projects/1/issues/1").json["updated_at"] == "2024-05-01T09:00:00.000Z"
    assert api.get("projects/1/events").json == []


@pytest.mark.parametrize(
    ("to", "given", "status", "body"),
    [
        (2, {}, 409, {"message": "Issue(s) already assigned"}),
        (1, {}, 422, {"message": "#1 cannot be added: cannot be related to itself"}),
        (99, {}, 404, {"message": "404 Not found"}),
        ("x", {}, 404, {"message": "404 Not found"}),
        (2, {"project": 99}, 404, {"message": "404 Project Not Found"}),
        (2, {"project": "ada/notes"}, 404, {"message": "404 Project Not Found"}),
        (3, {"link_type": "likes"}, 400, {"error": "link_type does not have a valid value"}),
    ],
)
def test_a_link_that_cannot_be_is_refused(api: Api, to: Any, given: dict[str, Any], status: int, body: Any) -> None:
    link(api, 2, 1)
    answer = link(api, 1, to, **given)
    assert (answer.status, answer.json) == (status, body)


def test_a_link_needs_a_target() -> None:
    answer = issue_api(gitlab={"errors": "observed"}).post("projects/1/issues/1/links", "bob")
    assert answer.json == {"error": "target_project_id is missing, target_issue_iid is missing"}


def test_links_are_for_members_of_both_projects(api: Api) -> None:
    told = "Couldn't link issues. You must have at least the Guest role in both projects."
    answer = link(api, 1, 1, "rex", project=2)
    assert (answer.status, answer.json) == (403, {"message": told})
    link(api, 1, 1, "bob", project=2)
    answer = api.delete("projects/2/issues/1/links/1", "rex")
    assert (answer.status, answer.json) == (404, {"message": "No Issue Link found"})


def test_links_need_a_token_and_show_what_the_caller_may_see(api: Api) -> None:
    link(api, 1, 4)
    for path in ("projects/2/issues/1/links", "projects/2/issues/1/links/1"):
        assert api.get(path, None).status == 401
    assert api.get("projects/1/issues/1/links", "gil").json == []
    assert api.get("projects/1/issues/1/links/1", "gil").json == {"message": "404 Not found"}
    assert api.get("projects/1/issues/2/links/1").json == {"message": "404 Not found"}
    assert link(api, 1, 4, "gil").json == {"message": "404 Not found"}
