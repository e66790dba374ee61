from typing import Any

import pytest

from tests.issue_world import issue_api, remarks
from tests.support import Api, names


@pytest.fixture
def api() -> Api:
    source = {"labels": [{"name": "bug"}], "milestones": [{"title": "1.0"}], "members": {"bob": "reporter"}}
    return issue_api(source=source)


def move(api: Api, iid: int, as_: str = "bob", to: int = 2) -> Any:
    return api.post(f"projects/1/issues/{iid}/move", as_, to_project_id=to)


def clone(api: Api, iid: int, as_: str = "bob", to: int = 2, **given: Any) -> Any:
    return api.post(f"projects/1/issues/{iid}/clone", as_, to_project_id=to, **given)


def test_a_moved_issue_stands_in_the_other_project(api: Api) -> None:
    api.put("projects/1/issues/1", "bob", description="like #2 of acme/rocket#3", assignee_ids=[2, 3])
    answer = move(api, 1)
    assert answer.status == 201
    new = answer.json
    assert (new["iid"], new["project_id"], new["title"], new["author"]["username"]) == (1, 2, "Alpha leaks", "bob")
    assert (new["labels"], new["milestone"]["title"], new["state"]) == (["bug"], "1.0", "opened")
    assert new["description"] == "like acme/rocket#2 of acme/rocket#3"
    assert [one["username"] for one in new["assignees"]] == ["ada", "bob"]


def test_the_old_issue_is_closed_and_tells_where_it_went(api: Api) -> None:
    new = move(api, 1).json
    old = api.get("projects/1/issues/1", "bob").json
    assert (old["state"], old["moved_to_id"], old["closed_by"]["username"]) == ("closed", new["id"], "bob")
    assert remarks(api, 1) == ["moved to open/source#1"]
    assert remarks(api, 1, project=2) == ["moved from acme/rocket#1"]
    assert [one["action_name"] for one in api.get("projects/1/events").json] == ["closed"]
    assert [one["action_name"] for one in api.get("projects/2/events").json] == ["opened"]


def test_comments_reactions_links_and_history_go_along(api: Api) -> None:
    api.put("projects/1/issues/1", "bob", labels="ui", milestone_id=10003)
    api.put("projects/1/issues/1", "bob", milestone_id=10002, state_event="close")
    api.post("projects/1/issues/1/notes", "rex", body="as #2")
    api.post("projects/1/issues/1/award_emoji", "rex", name="tada")
    api.post("projects/1/issues/1/links", "bob", target_project_id=1, target_issue_iid=2)
    move(api, 1)
    notes = names(api.get("projects/2/issues/1/notes", sort="asc"), "body")
    assert notes == ["as acme/rocket#2", "marked this issue as related to #2", "moved from acme/rocket#1"]
    assert names(api.get("projects/2/issues/1/award_emoji")) == ["tada"]
    assert [one["references"]["full"] for one in api.get("projects/2/issues/1/links").json] == ["acme/rocket#2"]
    labels = api.get("projects/2/issues/1/resource_label_events").json
    assert [(one["action"], one["label"]["name"]) for one in labels] == [("remove", "bug")]
    milestones = api.get("projects/2/issues/1/resource_milestone_events").json
    assert [(one["action"], one["milestone"]["title"]) for one in milestones] == [("add", "1.0")]
    assert [one["state"] for one in api.get("projects/2/issues/1/resource_state_events").json] == ["closed"]
    assert api.get("projects/2/issues/1").json["state"] == "closed"


def test_whoever_does_not_plan_both_projects_moves_nothing(api: Api) -> None:
    for who, iid in (("rex", 1), ("gil", 1)):
        answer = move(api, iid, who)
        assert (answer.status, answer.json) == (400, {"message": "Cannot move issue due to insufficient permissions!"})
    assert move(api, 1, "nora").json == {"message": "404 Project Not Found"}
    move(api, 1)
    assert move(api, 1).json == {"message": "Cannot move issue due to insufficient permissions!"}


def test_an_issue_needs_somewhere_to_go(api: Api) -> None:
    assert move(api, 99).json == {"message": "404 Issue Not Found"}
    assert move(api, 1, to=99).json == {"message": "404 Project Not Found"}
    assert move(api, 1, to=1).json == {"message": "Cannot move issue to project it originates from!"}
    assert api.post("projects/1/issues/1/move", "bob").json == {
        "message": '400 (Bad request) "to_project_id" not given'
    }


def test_a_clone_is_a_new_issue_of_the_callers(api: Api) -> None:
    api.post("projects/1/issues/2/notes", "rex", body="hm")
    answer = clone(api, 2)
    assert answer.status == 201
    new = answer.json
    assert (new["iid"], new["project_id"], new["title"], new["author"]["username"]) == (1, 2, "beta stalls", "bob")
    assert (new["labels"], new["assignee"]["username"], new["due_date"]) == (["bug"], "bob", "2024-05-02")
    assert remarks(api, 1, project=2) == ["cloned from acme/rocket#2"]
    assert remarks(api, 2) == ["cloned to open/source#1"]
    old = api.get("projects/1/issues/2").json
    assert (old["state"], old["moved_to_id"], old["user_notes_count"]) == ("opened", None, 1)
    assert new["user_notes_count"] == 0


def test_a_clone_may_take_the_comments(api: Api) -> None:
    api.post("projects/1/issues/2/notes", "rex", body="hm")
    assert clone(api, 2, with_notes=True).json["user_notes_count"] == 1


def test_a_clone_may_stay_in_its_project(api: Api) -> None:
    assert clone(api, 3, to=1).json["state"] == "opened"
    assert remarks(api, 6) == ["cloned from #3"]


def test_whoever_does_not_plan_both_projects_clones_nothing(api: Api) -> None:
    assert clone(api, 1, "rex").json == {"message": "Cannot clone issue due to insufficient permissions!"}
    assert clone(api, 99).json == {"message": "404 Issue Not Found"}
    assert clone(api, 1, to=99).json == {"message": "404 Project Not Found"}
