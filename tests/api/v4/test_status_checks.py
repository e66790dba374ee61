from typing import Any

import pytest

from tests.merge_request_world import HERE, OPENED, mr_api, world
from tests.support import Api, seen

AT = "projects/1/external_status_checks"
pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED))
URL = "https://checks.example.com/a"
FORBIDDEN = (403, {"message": "403 Forbidden"})


def create(api: Api, as_: str = "ada", **given: Any) -> Any:
    return api.post(AT, as_, **{"name": "QA", "external_url": URL, **given})


def say(api: Api, status: str, as_: str = "bob", **given: Any) -> Any:
    sha = api.get(HERE).json["sha"]
    sent = {"external_status_check_id": 1, "sha": sha, "status": status, **given}
    return api.post(f"{HERE}/status_check_responses", as_, **sent)


def test_a_check_is_made_listed_changed_and_deleted(api: Api) -> None:
    check = {
        "id": 1,
        "name": "QA",
        "project_id": 1,
        "external_url": URL,
        "hmac": True,
        "protected_branches": [],
    }
    assert seen(create(api, shared_secret="s")) == (201, check)
    assert seen(api.get(AT, "ada")) == (200, [check])
    changed = api.put(f"{AT}/1", "ada", name="Tests", shared_secret="")
    assert seen(changed) == (200, {**check, "name": "Tests", "hmac": False})
    assert api.delete(f"{AT}/1", "ada").status == 204
    assert api.get(AT, "ada").json == []
    assert seen(api.delete(f"{AT}/1", "ada")) == (404, {"message": "404 Not found"})


def test_a_check_is_for_some_protected_branches(api: Api) -> None:
    branch = api.post("projects/1/protected_branches", "ada", name="stable").json
    made = create(api, protected_branch_ids=[branch["id"]]).json
    assert made["protected_branches"] == [
        {
            "id": branch["id"],
            "project_id": 1,
            "name": "stable",
            "created_at": "2024-05-01T09:00:00.000Z",
            "updated_at": "2024-05-01T09:00:00.000Z",
            "code_owner_approval_required": False,
        }
    ]
    assert api.get(f"{HERE}/status_checks", "bob").json == []
    told = ["Protected branches all protected branches must exist within the project"]
    assert seen(create(api, name="x", external_url=f"{URL}x", protected_branch_ids=[9])) == (422, {"message": told})


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": " ", "external_url": f"{URL}b"}, ["Name can't be blank"]),
        ({"external_url": f"{URL}b"}, ["Name has already been taken"]),
        ({"name": "b"}, ["External url has already been taken"]),
        ({"name": "b", "external_url": "ftp://x"}, ["External url is blocked: Only allowed schemes are http, https"]),
    ],
)
def test_what_is_no_valid_check_is_refused(api: Api, given: dict[str, Any], told: list[str]) -> None:
    create(api)
    assert seen(create(api, **given)) == (422, {"message": told})


def test_a_check_keeps_its_own_name(api: Api) -> None:
    create(api)
    create(api, name="b", external_url=f"{URL}b")
    assert api.put(f"{AT}/1", "ada", name="QA").status == 200
    assert seen(api.put(f"{AT}/1", "ada", name="b")) == (422, {"message": ["Name has already been taken"]})


def test_checks_are_for_maintainers(api: Api) -> None:
    create(api)
    not_allowed = (401, {"message": ["Not allowed"]})
    assert seen(create(api, "bob")) == not_allowed
    assert seen(api.put(f"{AT}/1", "bob", name="x")) == not_allowed
    for method, path in (("GET", AT), ("DELETE", f"{AT}/1")):
        assert seen(api.request(method, path, "bob")) == (401, {"message": "401 Unauthorized"})
    assert api.get(AT, "nora").status == 404
    assert api.post(AT, "ada", name="x").status == 400


def test_what_a_check_says_of_a_merge_request_is_shown(api: Api) -> None:
    create(api)
    shown = {"id": 1, "name": "QA", "external_url": URL}
    assert seen(api.get(f"{HERE}/status_checks", "bob")) == (200, [{**shown, "status": "pending"}])
    answer = say(api, "passed")
    assert (answer.status, answer.json["id"], answer.json["merge_request"]["iid"]) == (201, 1, 1)
    assert answer.json["external_status_check"]["name"] == "QA"
    assert api.get(f"{HERE}/status_checks", "bob").json == [{**shown, "status": "passed"}]
    say(api, "failed")
    assert api.get(f"{HERE}/status_checks", "bob").json == [{**shown, "status": "failed"}]


def test_a_failed_check_is_asked_again(api: Api) -> None:
    create(api)
    retry = f"{HERE}/status_checks/1/retry"
    told = {"message": "External status check must be failed"}
    assert seen(api.post(retry, "bob")) == (422, told)
    say(api, "failed")
    assert seen(api.post(retry, "bob")) == (202, {"message": "202 Accepted"})
    assert api.get(f"{HERE}/status_checks", "bob").json[0]["status"] == "pending"
    assert seen(api.post(f"{HERE}/status_checks/9/retry", "bob")) == (404, {"message": "404 Not found"})


def test_what_was_said_of_another_commit_does_not_count(api: Api) -> None:
    create(api)
    say(api, "passed")
    stale = say(api, "passed", sha="1" * 40)
    assert stale.status == 409
    assert stale.json["message"].startswith("SHA does not match HEAD of source branch: ")
    change = {"action": "create", "file_path": "more.txt", "content": "x"}
    api.post("projects/1/repository/commits", branch="feature", commit_message="More", actions=[change])
    assert api.get(f"{HERE}/status_checks", "bob").json[0]["status"] == "pending"


def test_developers_speak_for_checks(api: Api) -> None:
    create(api)
    assert seen(say(api, "passed", "rex")) == FORBIDDEN
    assert seen(api.get(f"{HERE}/status_checks", "rex")) == FORBIDDEN
    assert seen(api.post(f"{HERE}/status_checks/1/retry", "rex")) == FORBIDDEN
    assert say(api, "perhaps").status == 400
    assert say(api, "passed", external_status_check_id=9).status == 404


def test_checks_can_keep_a_merge_request_from_being_merged(api: Api) -> None:
    create(api)
    assert api.get(HERE).json["detailed_merge_status"] == "mergeable"
    api.put("projects/1", only_allow_merge_if_all_status_checks_passed=True)
    assert api.get(HERE).json["detailed_merge_status"] == "status_checks_must_pass"
    assert api.put(f"{HERE}/merge").status == 405
    say(api, "passed")
    assert api.put(f"{HERE}/merge").json["state"] == "merged"


def test_the_community_edition_has_no_checks() -> None:
    api = Api({**world(OPENED), "gitlab": {"edition": "ce"}})
    assert api.get(AT).status == 404
    assert mr_api(OPENED).get(AT).status == 200
