from typing import Any

import pytest

from tests.api.v3.worlds import v3_api
from tests.merge_request_world import OPENED, world
from tests.support import Api, names, seen

ALL = "projects/1/merge_requests"
AT = f"{ALL}/10001"
PLACES = [AT, "projects/1/merge_request/10001"]


def make_api(*merge_requests: Any) -> Api:
    return v3_api(world(*(merge_requests or (OPENED,))))


@pytest.fixture
def api() -> Api:
    return make_api()


# Lists


def test_merge_requests_are_listed_the_newest_first() -> None:
    closed = {"title": "Mend", "source_branch": "fix", "author": "ada", "state": "closed"}
    api = make_api(OPENED, closed, {"title": "Clash", "source_branch": "clash", "state": "merged"})
    assert names(api.get(ALL, "rex"), "iid") == [3, 2, 1]
    assert names(api.get(ALL, sort="asc"), "iid") == [1, 2, 3]
    for state, found in {"opened": [1], "closed": [2], "merged": [3], "all": [3, 2, 1]}.items():
        assert names(api.get(ALL, state=state), "iid") == found
    assert names(api.get(ALL, iid=2), "iid") == [2]
    assert names(api.get(ALL, **{"iid[]": [1, 3]}), "iid") == [3, 1]
    assert names(api.get(ALL, order_by="updated_at", sort="asc"), "iid") == [1, 2, 3]
    assert names(api.get(ALL, labels="bug"), "iid") == [3, 2, 1]
    assert seen(api.get(ALL, state="locked")) == (400, {"error": "state does not have a valid value"})


def test_lists_tell_whether_the_user_is_subscribed(api: Api) -> None:
    assert names(api.get(ALL, "bob"), "subscribed") == [True]
    assert names(api.get(ALL, "ada"), "subscribed") == [False]


def test_merge_requests_are_for_users_who_see_the_code(api: Api) -> None:
    assert api.get("projects/2/merge_requests", None).status == 401
    for path in (ALL, *PLACES):
        assert seen(api.get(path, "gil")) == (403, {"message": "403 Forbidden"})
        assert seen(api.get(path, "nora")) == (404, {"message": "404 Project Not Found"})


# One merge request


@pytest.mark.parametrize("path", PLACES)
def test_a_merge_request_is_found_by_its_global_id(api: Api, path: str) -> None:
    shown = api.get(path, "rex").json
    assert shown["author"].pop("avatar_url")
    assert shown == {
        "id": 10001,
        "iid": 1,
        "project_id": 1,
        "title": "Launch",
        "description": None,
        "state": "opened",
        "created_at": "2024-05-01T09:00:00.000Z",
        "updated_at": "2024-05-01T09:00:00.000Z",
        "target_branch": "main",
        "source_branch": "feature",
        "upvotes": 0,
        "downvotes": 0,
        "author": {
            "name": "Bob Kahn",
            "username": "bob",
            "id": 3,
            "state": "active",
            "web_url": "http://localhost/bob",
        },
        "assignee": None,
        "source_project_id": 1,
        "target_project_id": 1,
        "labels": [],
        "work_in_progress": False,
        "milestone": None,
        "merge_when_build_succeeds": False,
        "merge_status": "can_be_merged",
        "sha": api.get("projects/1/repository/branches/feature").json["commit"]["id"],
        "merge_commit_sha": None,
        "subscribed": False,
        "user_notes_count": 0,
        "should_remove_source_branch": None,
        "force_remove_source_branch": None,
        "web_url": "http://localhost/acme/rocket/-/merge_requests/1",
    }


@pytest.mark.parametrize("place", ["merge_request", "merge_requests"])
@pytest.mark.parametrize("value", ["1", "99999", "x", "10001"])
def test_a_merge_request_that_is_not_in_the_project_is_not_found(api: Api, place: str, value: str) -> None:
    project = 2 if value == "10001" else 1
    assert seen(api.get(f"projects/{project}/{place}/{value}")) == (404, {"message": "404 Not found"})


@pytest.mark.parametrize("path", PLACES)
def test_what_it_changes_is_shown(api: Api, path: str) -> None:
    commits = api.get(f"{path}/commits", per_page=1)
    assert (names(commits, "title"), "X-Page" in commits.headers) == (["Land", "Count"], False)
    assert "parent_ids" not in commits.json[0]
    changes = api.get(f"{path}/changes").json
    assert list(changes)[-2:] == ["web_url", "changes"]
    assert [one["new_path"] for one in changes["changes"]] == ["count.txt", "land.txt"]
    assert list(changes["changes"][0]) == [
        *("old_path", "new_path", "a_mode", "b_mode", "diff", "new_file", "renamed_file", "deleted_file")
    ]
    assert names(api.get(f"{path}/closes_issues"), "iid") == [2]


def test_its_versions_are_shown(api: Api) -> None:
    listed = api.get(f"{AT}/versions", "rex", per_page=1)
    (version,) = listed.json
    assert "X-Page" not in listed.headers
    assert list(version) == [
        *("id", "head_commit_sha", "base_commit_sha", "start_commit_sha", "created_at", "merge_request_id"),
        *("state", "real_size"),
    ]
    whole = api.get(f"{AT}/versions/{version['id']}").json
    assert {name: whole[name] for name in version} == version
    assert [one["title"] for one in whole["commits"]] == ["Land", "Count"]
    assert [next(iter(one)) for one in whole["diffs"]] == ["old_path", "old_path"]
    assert seen(api.get(f"{AT}/versions/99")) == (404, {"message": "404 Not found"})


# Writing


def test_a_merge_request_is_opened(api: Api) -> None:
    given = {"title": "Mend", "source_branch": "fix", "target_branch": "main", "labels": "bug, ui", "assignee_id": 2}
    answer = api.post(ALL, "bob", **given, milestone_id=10001, remove_source_branch=True)
    assert (answer.status, answer.json["labels"], answer.json["assignee"]["username"]) == (201, ["bug", "ui"], "ada")
    assert (answer.json["milestone"]["title"], answer.json["force_remove_source_branch"]) == ("1.0", True)


@pytest.mark.parametrize(
    ("given", "status", "body"),
    [
        ({"title": ""}, 400, {"message": '400 (Bad request) "title" not given'}),
        ({"target_branch": ""}, 400, {"message": '400 (Bad request) "target_branch" not given'}),
        (
            {"source_branch": "feature"},
            409,
            {"message": ['Cannot Create: This merge request already exists: ["Launch"]']},
        ),
        (
            {"source_branch": "main"},
            422,
            {"error": ["You can not use same project/branch for source and target"]},
        ),
        ({"target_project_id": 2}, 422, {"error": ["Source project is not a fork of the target project"]}),
    ],
)
def test_one_that_cannot_be_opened_is_refused(api: Api, given: dict[str, Any], status: int, body: Any) -> None:
    wanted = {"title": "New", "source_branch": "fix", "target_branch": "main", **given}
    assert seen(api.post(ALL, "bob", **wanted)) == (status, body)


@pytest.mark.parametrize("path", PLACES)
def test_a_merge_request_is_changed_closed_and_opened_again(api: Api, path: str) -> None:
    assert api.put(path, "bob", title="Start", labels="bug").json["title"] == "Start"
    assert api.put(path, "bob", state_event="close").json["state"] == "closed"
    assert api.put(path, "bob", state_event="reopen").json["state"] == "reopened"
    assert api.put(path, "bob", state_event="merge").json["state"] == "reopened"
    assert names(api.get(ALL, state="opened"), "id") == [10001]
    assert api.put(path, "bob").status == 200
    assert seen(api.put(path, "rex", title="Mine")) == (403, {"message": "403 Forbidden"})
    assert seen(api.put(path, "bob", state_event="open")) == (400, {"error": "state_event does not have a valid value"})


def test_a_deleted_merge_request_is_given_back(api: Api) -> None:
    assert seen(api.delete(AT, "bob")) == (403, {"message": "403 Forbidden"})
    before = api.get(AT, "ada").json
    assert seen(api.delete(AT, "ada")) == (200, before)
    assert seen(api.delete(AT, "ada")) == (404, {"message": "404 Not found"})
    assert api.delete(PLACES[1], "ada").status == 405


# Merging


@pytest.mark.parametrize("path", PLACES)
def test_a_merge_request_is_merged(api: Api, path: str) -> None:
    sha = api.get(path).json["sha"]
    moved = {"message": f"SHA does not match HEAD of source branch: {sha}"}
    assert seen(api.put(f"{path}/merge", "bob", sha="1" * 40)) == (409, moved)
    assert seen(api.put(f"{path}/merge", "rex")) == (401, {"message": "401 Unauthorized"})
    given = {"merge_commit_message": "All in", "should_remove_source_branch": True, "merge_when_build_succeeds": True}
    answer = api.put(f"{path}/merge", "bob", sha=sha, **given)
    assert (answer.status, answer.json["state"]) == (200, "merged")
    assert api.get("projects/1/repository/commits/main").json["message"] == "All in"
    assert api.get("projects/1/repository/branches/feature").status == 404
    assert seen(api.put(f"{path}/merge", "bob")) == (405, {"message": "405 Method Not Allowed"})


def test_branches_that_conflict_are_not_merged() -> None:
    api = make_api({"title": "Clash", "source_branch": "clash", "author": "bob"})
    other = api.post(ALL, "bob", title="Other", source_branch="other", target_branch="main").json["id"]
    assert api.put(f"{AT}/merge", "bob").status == 200
    assert seen(api.put(f"{ALL}/{other}/merge", "bob")) == (406, {"message": "Branch cannot be merged"})


@pytest.mark.parametrize("path", PLACES)
def test_a_merge_waits_for_the_build_until_it_is_cancelled(path: str) -> None:
    api = make_api()
    status = f"projects/1/statuses/{api.get(path).json['sha']}"
    api.post(status, "bob", state="running", ref="feature")
    waiting = api.put(f"{path}/merge", "bob", merge_when_build_succeeds=True).json
    assert (waiting["state"], waiting["merge_when_build_succeeds"]) == ("opened", True)
    assert seen(api.post(f"{path}/cancel_merge_when_build_succeeds", "rex")) == (401, {"message": "401 Unauthorized"})
    cancelled = api.post(f"{path}/cancel_merge_when_build_succeeds", "bob")
    assert (cancelled.status, cancelled.json["merge_when_build_succeeds"]) == (201, False)
    again = api.put(f"{AT}/cancel_merge_when_build_succeeds", "bob")
    assert seen(again) == (406, {"message": "Can't cancel the automatic merge"})
    api.put(f"{path}/merge", "bob", merge_when_build_succeeds=True)
    assert api.put(f"{AT}/cancel_merge_when_build_succeeds", "bob").status == 200


# Around


@pytest.mark.parametrize("path", PLACES)
def test_one_subscribes_and_unsubscribes(api: Api, path: str) -> None:
    answer = api.post(f"{path}/subscription", "ada")
    assert (answer.status, answer.json["subscribed"]) == (201, True)
    assert api.post(f"{path}/subscription", "ada").status == 304
    answer = api.delete(f"{path}/subscription", "ada")
    assert (answer.status, answer.json["subscribed"]) == (200, False)
    assert api.delete(f"{path}/subscription", "ada").status == 304
    assert seen(api.post(f"{path}/subscription", "rex")) == (403, {"message": "403 Forbidden"})


def test_time_is_tracked(api: Api) -> None:
    stats = {"time_estimate": 3600, "total_time_spent": 0, "human_time_estimate": "1h", "human_total_time_spent": None}
    assert seen(api.post(f"{AT}/time_estimate", "bob", duration="1h")) == (200, stats)
    assert api.post(f"{AT}/add_spent_time", "bob", duration="30m").status == 201
    assert api.get(f"{AT}/time_stats", "rex").json["total_time_spent"] == 1800
    assert api.post(f"{AT}/reset_spent_time", "bob").json == stats
    assert api.post(f"{AT}/reset_time_estimate", "bob").json["time_estimate"] == 0
    assert api.post(f"{AT}/time_estimate", "rex", duration="1h").status == 403
