from datetime import timedelta
from typing import Any

import pytest

from tests.api.v4.repositories import sha, world
from tests.merge_request_world import MR, mr_api, open_mr
from tests.support import Answer, Api, names, refused, seen

AT = "projects/1/deployments"
NOW = "2024-05-01T09:00:00.000Z"
PRODUCTION = {
    "id": 1,
    "name": "production",
    "slug": "production",
    "external_url": None,
    "created_at": NOW,
    "updated_at": NOW,
}
pytestmark = pytest.mark.mockgitlab(scenario=world())


def deploy(api: Api, as_: str = "bob", *, environment: str = "production", **given: Any) -> Answer:
    """Tell of a deployment of the main branch that went well, unless told otherwise."""
    usual = {"sha": given.get("sha") or sha(api), "ref": "main", "tag": False, "status": "success"}
    return api.post(AT, as_, environment=environment, **{**usual, **given})


# Telling


def test_a_deployment_is_told_and_shown(api: Api) -> None:
    made = deploy(api)
    shown = made.json
    assert shown.pop("user")["username"] == "bob"
    assert (made.status, shown) == (
        201,
        {
            "id": 10001,
            "iid": 1,
            "ref": "main",
            "sha": sha(api),
            "created_at": NOW,
            "updated_at": NOW,
            "environment": PRODUCTION,
            "deployable": None,
            "status": "success",
            "pending_approval_count": 0,
            "approvals": [],
            "approval_summary": {"rules": []},
        },
    )


def test_a_list_shows_less_than_one_alone(api: Api) -> None:
    whole = deploy(api).json
    assert api.get(f"{AT}/10001", "rex").json == whole
    listed = api.get(AT, "rex").json
    assert whole.keys() - listed[0].keys() == {"pending_approval_count", "approvals", "approval_summary"}
    assert listed == [{name: whole[name] for name in listed[0]}]


def test_the_community_edition_knows_no_approvals() -> None:
    api = Api({**world(), "gitlab": {"edition": "ce"}})
    assert not {"approvals", "approval_summary", "pending_approval_count"} & deploy(api).json.keys()
    assert api.post(f"{AT}/10001/approval", "ada", status="approved").status == 404


def test_an_environment_has_what_was_deployed_last(api: Api) -> None:
    deploy(api)
    deploy(api, status="failed")
    last = api.get("projects/1/environments/1").json["last_deployment"]
    assert last["id"] == 10001
    assert "environment" not in last


def test_a_deployment_starts_a_stopped_environment(api: Api) -> None:
    deploy(api)
    api.post("projects/1/environments/1/stop", "bob")
    deploy(api, status="failed")
    assert api.get("projects/1/environments/1").json["state"] == "stopped"
    deploy(api)
    assert api.get("projects/1/environments/1").json["state"] == "available"


def test_what_is_no_deployment_is_refused(api: Api) -> None:
    assert refused(deploy(api, ref="nowhere")) == {"ref": ["The branch or tag does not exist"]}
    assert refused(deploy(api, sha="a" * 40)) == {"sha": ["The commit does not exist"]}
    assert "can contain only letters" in refused(deploy(api, environment="/"))["name"][0]
    assert deploy(api, status="created").json == {"error": "status does not have a valid value"}
    assert refused(api.post(AT, "bob")) == '400 (Bad request) "environment" not given'
    assert api.get("projects/1/environments").json == []


def test_developers_tell_of_deployments(api: Api) -> None:
    assert deploy(api, "rex").status == 403
    assert seen(deploy(api, "nora", sha="x")) == (404, {"message": "404 Project Not Found"})
    assert api.get(AT, "gil").status == 403
    assert seen(api.get(AT, None)) == (401, {"message": "401 Unauthorized"})


# Changing


def test_a_running_deployment_ends(api: Api) -> None:
    deploy(api, status="running")
    assert api.get("projects/1/environments/1").json["last_deployment"] is None
    changed = api.put(f"{AT}/10001", "bob", status="success")
    assert (changed.status, changed.json["status"]) == (200, "success")
    assert api.get("projects/1/environments/1").json["last_deployment"]["id"] == 10001


def test_a_deployment_takes_no_status_twice(api: Api) -> None:
    deploy(api)
    for status, event in (("running", "run"), ("success", "succeed")):
        told = refused(api.put(f"{AT}/10001", "bob", status=status))
        assert told == {"status": [f'cannot transition via "{event}"']}
    assert api.put(f"{AT}/10001", "bob", status="failed").json["status"] == "failed"
    assert api.put(f"{AT}/10001", "rex", status="success").status == 403
    assert seen(api.put(f"{AT}/9", "bob", status="success")) == (404, {"message": "404 Not found"})


# Lists


def test_lists_are_narrowed_and_ordered(api: Api) -> None:
    deploy(api)
    api.store.advance_clock(timedelta(hours=1))
    deploy(api, environment="staging", ref="feature/launch", status="running")
    api.store.advance_clock(timedelta(hours=1))
    deploy(api, status="failed")
    assert names(api.get(AT), "iid") == [1, 2, 3]
    assert names(api.get(AT, environment="production"), "iid") == [1, 3]
    assert names(api.get(AT, environment="nowhere"), "iid") == []
    assert names(api.get(AT, status="running"), "iid") == [2]
    assert names(api.get(AT, updated_after="2024-05-01T10:00:00Z"), "iid") == [2, 3]
    assert names(api.get(AT, updated_before="2024-05-01T10:00:00Z", sort="desc"), "iid") == [2, 1]
    for order in ("id", "iid", "created_at", "updated_at"):
        assert names(api.get(AT, order_by=order, sort="desc"), "iid") == [3, 2, 1]
    assert names(api.get(AT, order_by="ref"), "iid")[0] == 2


def test_of_several_changed_at_once_the_latest_comes_first(api: Api) -> None:
    deploy(api)
    deploy(api)
    assert names(api.get(AT, order_by="updated_at"), "iid") == [2, 1]
    assert names(api.get(AT, order_by="updated_at", sort="desc"), "iid") == [2, 1]


def test_dates_of_ends_are_asked_for_with_their_order_and_success_alone(api: Api) -> None:
    deploy(api)
    api.store.advance_clock(timedelta(hours=1))
    deploy(api)
    ended = {"order_by": "finished_at", "status": "success"}
    assert names(api.get(AT, **ended, finished_after="2024-05-01T10:00:00Z"), "iid") == [2]
    assert names(api.get(AT, **ended, finished_before="2024-05-01T10:00:00Z"), "iid") == [1]
    after = {"finished_after": "2024-05-01T00:00:00Z"}
    for given, told in (
        (after, "`finished_at` filter and `finished_at` sorting must be paired"),
        ({"order_by": "finished_at"}, "`finished_at` filter and `finished_at` sorting must be paired"),
        (
            {**after, "order_by": "finished_at"},
            "`finished_at` filter must be combined with `success` status filter.",
        ),
        (
            {**after, **ended, "updated_after": "2024-05-01T00:00:00Z"},
            "Both `updated_at` filter and `finished_at` filter can not be specified",
        ),
    ):
        assert refused(api.get(AT, **given)) == f"400 Bad request - {told}"
    assert api.get(AT, status="gone").json == {"error": "status does not have a valid value"}


# Deleting


def test_maintainers_delete_what_is_not_deployed_any_more(api: Api) -> None:
    deploy(api)
    deploy(api)
    assert api.delete(f"{AT}/10001", "bob").status == 403
    assert api.delete(f"{AT}/10001", "ada").status == 204
    assert refused(api.delete(f"{AT}/10002", "ada")) == "400 Deployment currently deployed to environment"
    deploy(api, status="running")
    assert refused(api.delete(f"{AT}/10003", "ada")) == "400 Cannot destroy running deployment"
    assert names(api.get(AT), "iid") == [2, 3]


def test_a_live_gitlab_tells_no_status_with_what_it_does_not_delete() -> None:
    api = Api({**world(), "gitlab": {"errors": "observed"}})
    deploy(api)
    assert refused(api.delete(f"{AT}/10001", "ada")) == "Deployment currently deployed to environment"


# Merge requests


def merged(api: Api, branch: str, target: str = "main") -> int:
    """Merge a branch and return the internal id of its merge request."""
    iid: int = open_mr(api, source_branch=branch, target_branch=target)["iid"]
    answer = api.put(f"{MR}/{iid}/merge", "ada")
    assert answer.status == 200, answer
    return iid


def shipped(api: Api, deployment: int) -> list[Any]:
    return names(api.get(f"{AT}/{deployment}/merge_requests", "rex"), "iid")


def test_deployments_bring_merge_requests() -> None:
    api = mr_api()
    first = merged(api, "feature")
    deploy(api)
    api.store.advance_clock(timedelta(days=1))
    second = merged(api, "fix")
    deploy(api)
    assert (shipped(api, 10001), shipped(api, 10002)) == ([first], [second])
    assert names(api.get(MR, environment="production"), "iid") == [second, first]
    assert names(api.get(MR, environment="staging"), "iid") == []
    noon = "2024-05-01T12:00:00Z"
    assert names(api.get(MR, deployed_before=noon), "iid") == [first]
    assert names(api.get(MR, deployed_after=noon, environment="production"), "iid") == [second]
    assert names(api.get(MR, deployed_after=noon, deployed_before=noon), "iid") == []
    assert names(api.get(f"{AT}/10002/merge_requests", state="opened"), "iid") == []
    assert shipped(api, 9) == []


def test_production_is_noted_on_merge_requests() -> None:
    api = mr_api()
    iid = merged(api, "feature")
    deploy(api, environment="staging")
    assert api.get(f"{MR}/{iid}").json["first_deployed_to_production_at"] is None
    api.store.advance_clock(timedelta(hours=1))
    deploy(api)
    assert api.get(f"{MR}/{iid}").json["first_deployed_to_production_at"] == "2024-05-01T10:00:00.000Z"


def test_what_failed_and_review_apps_bring_nothing() -> None:
    api = mr_api()
    merged(api, "feature")
    deploy(api, status="failed")
    deploy(api, environment="review/one")
    assert shipped(api, 10001) == shipped(api, 10002) == []


def test_a_merge_request_that_was_fast_forwarded_is_brought_too() -> None:
    api = mr_api(merge_method="ff")
    deploy(api)
    iid = merged(api, "feature")
    deploy(api)
    assert shipped(api, 10002) == [iid]
