from typing import Any

import pytest

from tests.merge_request_world import MR, OPENED, world
from tests.support import WORLD, Api

MEND = {"title": "Mend", "source_branch": "fix", "author": "ada"}
BLOCKS = f"{MR}/1/blocks"
pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED, MEND))


def block(api: Api, as_: str = "bob", **given: Any) -> Any:
    answer = api.post(BLOCKS, as_, **{"blocking_merge_request_id": 10002, **given})
    assert answer.status == 201, answer
    return answer.json


def test_a_merge_request_waits_for_another(api: Api) -> None:
    made = block(api)
    assert (made["id"], made["project_id"], made["blocking_merge_request"]["title"]) == (1, 1, "Mend")
    assert api.get(f"{MR}/1").json["detailed_merge_status"] == "merge_request_blocked"
    assert api.put(f"{MR}/1/merge", "ada").status == 405
    assert api.put(f"{MR}/2/merge", "ada").status == 200
    assert api.get(f"{MR}/1").json["detailed_merge_status"] == "mergeable"


def test_dependencies_are_listed_from_both_ends(api: Api) -> None:
    made = block(api)
    assert api.get(BLOCKS, "rex").json == [made]
    assert api.get(f"{BLOCKS}/1", "rex").json == made
    [blockee] = api.get(f"{MR}/2/blockees", "rex").json
    assert blockee == made
    titles = [made[f"{end}_merge_request"]["title"] for end in ("blocking", "blocked")]
    assert titles == ["Mend", "Launch"]
    assert api.get(f"{MR}/2/blocks", "rex").json == []


def test_a_dependency_is_taken_away(api: Api) -> None:
    block(api)
    assert api.delete(f"{BLOCKS}/1", "rex").status == 403
    assert api.delete(f"{BLOCKS}/1", "bob").status == 204
    assert api.get(f"{BLOCKS}/1", "bob").json == {"message": "404 Not found"}
    assert api.get(f"{MR}/1").json["detailed_merge_status"] == "mergeable"


def test_what_cannot_be_waited_for_is_refused(api: Api) -> None:
    block(api)
    again = api.post(BLOCKS, "bob", blocking_merge_request_id=10002)
    assert (again.status, again.json) == (409, {"message": "Block already exists"})
    itself = api.post(BLOCKS, "bob", blocking_merge_request_id=10001)
    assert (itself.status, itself.json) == (400, {"message": "This block is self-referential"})
    missing = api.post(BLOCKS, "bob", blocking_merge_request_id=2)
    assert (missing.status, missing.json) == (404, {"message": "Blocking merge request not found"})
    assert api.post(BLOCKS, "bob").status == 400
    refused = api.post(BLOCKS, "rex", blocking_merge_request_id=10002)
    assert (refused.status, refused.json) == (403, {"message": "Lacking permissions to update the merge request"})
    assert api.post(BLOCKS, "nora", blocking_merge_request_id=10002).status == 404


def test_what_is_hidden_can_be_waited_for_and_is_not_shown() -> None:
    made = world(OPENED)
    hidden = {"title": "Hidden", "source_branch": "a", "author": "ada"}
    made["projects"][2]["repository"] = {
        "branches": {"main": {"a": "a"}, "a": {"from": "main", "commits": [{"message": "b", "files": {"b": "b"}}]}}
    }
    made["projects"][2]["merge_requests"] = [hidden]
    api = Api(made)
    refused = api.post(BLOCKS, "bob", blocking_merge_request_id=10002)
    assert (refused.status, refused.json) == (403, {"message": "Lacking permissions to the blocking merge request"})
    block(api, "ada")
    [shown] = api.get(BLOCKS, "bob").json
    assert (shown.keys(), shown["project_id"]) == ({"id", "blocked_merge_request", "project_id"}, 1)
    assert api.get(f"{MR}/1").json["detailed_merge_status"] == "merge_request_blocked"
    assert api.delete(f"{BLOCKS}/1", "bob").status == 403


def test_ten_at_most_wait_for_one_that_waits() -> None:
    branches = {
        name: {"from": "main", "commits": [{"message": name, "files": {name: name}}]} for name in "abcdefghijkl"
    }
    opened = [{"title": name, "source_branch": name, "author": "bob"} for name in branches]
    project = {"path": "acme/rocket", "repository": {"branches": {"main": {"x": "x"}, **branches}}}
    api = Api({**WORLD, "projects": [{**project, "merge_requests": opened}]})
    for iid in range(2, 12):
        assert api.post(f"{MR}/{iid}/blocks", blocking_merge_request_id=10001).status == 201
    refused = api.post(f"{MR}/1/blocks", blocking_merge_request_id=10012)
    told = "Merge request blocks the maximum number of merge requests (10)"
    assert (refused.status, refused.json) == (400, {"message": told})


def test_the_community_edition_has_no_dependencies() -> None:
    api = Api({"mockgitlab": 1, "gitlab": {"edition": "ce"}, "projects": [{"path": "root/notes"}]})
    assert api.get("projects/1/merge_requests/1/blocks").json == {"error": "404 Not Found"}
