from typing import Any

import pytest

from tests.merge_request_world import MR, mr_api
from tests.support import Api

LAUNCH = {"title": "Launch", "source_branch": "feature", "author": "bob"}
MEND = {"title": "Mend", "source_branch": "fix", "author": "ada"}
BLOCKS = f"{MR}/1/blocks"


@pytest.fixture
def api() -> Api:
    return mr_api(LAUNCH, MEND)


def block(api: Api, **given: Any) -> Any:
    answer = api.post(BLOCKS, "bob", **{"blocking_merge_request_id": 10002, **given})
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
    assert (blockee["id"], blockee["blocked_merge_request"]["title"]) == (1, "Launch")
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
    assert api.post(BLOCKS, "bob", blocking_merge_request_id=10001).status == 400
    missing = api.post(BLOCKS, "bob", blocking_merge_request_id=2)
    assert (missing.status, missing.json) == (404, {"message": "404 Blocking Merge Request Not Found"})
    assert api.post(BLOCKS, "bob").status == 400


def test_the_community_edition_has_no_dependencies() -> None:
    api = Api({"mockgitlab": 1, "gitlab": {"edition": "ce"}, "projects": [{"path": "root/notes"}]})
    assert api.get("projects/1/merge_requests/1/blocks").json == {"error": "404 Not Found"}
