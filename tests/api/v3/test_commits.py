from typing import Any

import pytest

from tests.api.v3.repositories import PROTECTED, REPO, make_api
from tests.support import Api, names, seen

LISTED = [
    *("id", "short_id", "title", "author_name", "author_email", "committer_name", "committer_email", "created_at"),
    "message",
]
ALONE = [*LISTED, "parent_ids", "committed_date", "authored_date", "stats", "status"]


@pytest.fixture
def api() -> Api:
    return make_api()


def sha(api: Api, ref: str) -> str:
    found: str = api.get(f"{REPO}/commits/{ref.replace('/', '%2F')}").json["id"]
    return found


def commit(api: Api, as_: str = "bob", **given: Any) -> Any:
    actions = [{"action": "create", "file_path": "new.txt", "content": "1\n"}]
    return api.post(
        f"{REPO}/commits", as_, **{"branch_name": "main", "commit_message": "New", "actions": actions, **given}
    )


def test_pages_of_commits_are_counted_from_0_and_say_nothing_of_others(api: Api) -> None:
    titles = ["Launch", "Count down", "Initial commit"]
    listed = api.get(f"{REPO}/commits", "rex", ref_name="feature/launch")
    assert (names(listed, "title"), list(listed.json[0])) == (titles, LISTED)
    for page, found in enumerate([titles[:2], titles[2:], []]):
        answer = api.get(f"{REPO}/commits", ref_name="feature/launch", page=page, per_page=2)
        assert (names(answer, "title"), "Link" in answer.headers, "X-Page" in answer.headers) == (found, False, False)
    assert names(api.get(f"{REPO}/commits", page=-1, per_page=-1)) == []


@pytest.mark.parametrize(
    ("given", "titles"),
    [
        ({}, ["Initial commit"]),
        ({"ref_name": "nothing"}, []),
        ({"ref_name": "feature/launch", "since": "2024-04-03T00:00:00Z"}, ["Launch"]),
        ({"ref_name": "feature/launch", "until": "2024-04-02T12:00:00Z"}, ["Count down", "Initial commit"]),
        ({"ref_name": "feature/launch", "path": "src/count.py"}, ["Count down"]),
        ({"all": True}, ["Initial commit"]),
    ],
)
def test_commits_are_narrowed(api: Api, given: dict[str, Any], titles: list[str]) -> None:
    assert names(api.get(f"{REPO}/commits", **given), "title") == titles


@pytest.mark.parametrize("name", ["since", "until"])
def test_what_is_no_time_is_refused(api: Api, name: str) -> None:
    told = f'"{name}" must be a timestamp in ISO 8601 format: YYYY-MM-DDTHH:MM:SSZ'
    assert seen(api.get(f"{REPO}/commits", **{name: "yesterday"})) == (400, {"message": told})
    observed = make_api(errors="observed").get(f"{REPO}/commits", **{name: "yesterday"})
    assert seen(observed) == (400, {"error": f"{name} is invalid"})


def test_a_commit_is_shown(api: Api) -> None:
    shown = api.get(f"{REPO}/commits/feature%2Flaunch").json
    assert len(shown.pop("id")) == 40
    assert len(shown.pop("parent_ids")) == 1
    assert shown.pop("short_id")
    assert shown == {
        "title": "Launch",
        "author_name": "Bob Kahn",
        "author_email": "bob@example.com",
        "committer_name": "Bob Kahn",
        "committer_email": "bob@example.com",
        "created_at": "2024-04-03T08:00:00.000+00:00",
        "message": "Launch\n\nFor real.\n\nSigned-off-by: Ada <ada@example.com>",
        "committed_date": "2024-04-03T08:00:00.000+00:00",
        "authored_date": "2024-04-03T08:00:00.000+00:00",
        "stats": {"additions": 1, "deletions": 1, "total": 2},
        "status": None,
    }
    assert seen(api.get(f"{REPO}/commits/nothing")) == (404, {"message": "404 Commit Not Found"})


def test_commits_are_for_users(api: Api) -> None:
    for path in ("", "/main", "/main/diff", "/main/comments", "/main/statuses"):
        assert api.get(f"projects/2/repository/commits{path}", None).status == 401


def test_what_a_commit_changed_is_shown(api: Api) -> None:
    answer = api.get(f"{REPO}/commits/feature%2Flaunch/diff", per_page=1)
    assert (answer.status, "X-Page" in answer.headers) == (200, False)
    assert answer.json == [
        {
            "old_path": "src/launch.py",
            "new_path": "src/launch.py",
            "a_mode": "100644",
            "b_mode": "100644",
            "diff": "@@ -1,2 +1,2 @@\n def go():\n-    pass\n+    print('up')\n",
            "new_file": False,
            "renamed_file": False,
            "deleted_file": False,
        }
    ]


def test_several_files_are_committed_at_once(api: Api) -> None:
    answer = commit(api, author_name="Nora", author_email="nora@example.com")
    assert (answer.status, list(answer.json)) == (201, ALONE)
    assert (answer.json["author_name"], answer.json["message"]) == ("Nora", "New")
    assert answer.json["stats"] == {"additions": 1, "deletions": 0, "total": 1}
    assert names(api.get(f"{REPO}/commits"), "title") == ["New", "Initial commit"]


def test_commits_that_cannot_be_made_are_refused(api: Api) -> None:
    assert seen(commit(api, "rex")) == (403, {"message": "403 Forbidden"})
    assert seen(commit(api, branch_name="")) == (400, {"message": '400 (Bad request) "branch_name" not given'})
    action = {"action": "update", "file_path": "nothing", "content": "1"}
    assert seen(commit(api, actions=[action])) == (400, {"message": "A file with this name doesn't exist"})
    refused = (400, {"message": "You are not allowed to push into this branch"})
    assert seen(commit(make_api(PROTECTED))) == refused
    assert seen(make_api(PROTECTED).post(f"{REPO}/commits/v1.1/cherry_pick", "bob", branch="main")) == refused


def test_a_commit_is_picked(api: Api) -> None:
    answer = api.post(f"{REPO}/commits/feature%2Flaunch/cherry_pick", "bob", branch="done")
    assert (answer.status, list(answer.json), answer.json["title"]) == (201, LISTED, "Launch")
    missing = api.post(f"{REPO}/commits/main/cherry_pick", "bob", branch="nothing")
    assert seen(missing) == (404, {"message": "404 Branch Not Found"})
    assert api.post(f"{REPO}/commits/main/cherry_pick", "rex", branch="done").status == 403


def test_a_commit_is_commented_on(api: Api) -> None:
    path = f"{REPO}/commits/{sha(api, 'feature/launch')}/comments"
    assert api.post(path, "rex", note="Up!").status == 201
    answer = api.post(path, "ada", note="Where?", path="src/launch.py", line=2, line_type="new")
    assert answer.status == 201
    shown = answer.json
    assert list(shown.pop("author")) == ["name", "username", "id", "state", "avatar_url", "web_url"]
    assert shown.pop("created_at")
    assert shown == {"note": "Where?", "path": "src/launch.py", "line": 2, "line_type": "new"}
    assert names(api.get(path), "note") == ["Up!", "Where?"]
    assert seen(api.post(path, note="")) == (400, {"message": '400 (Bad request) "note" not given'})


def test_a_commit_has_statuses(api: Api) -> None:
    found = sha(api, "main")
    answer = api.post(
        f"projects/1/statuses/{found}", "bob", state="success", context="ci", target_url="http://ci.example.com"
    )
    assert answer.status == 201
    shown = answer.json
    assert shown.pop("author")["username"] == "bob"
    assert [shown.pop(name) is None for name in ("created_at", "finished_at")] == [False, False]
    assert shown == {
        "id": 1,
        "sha": found,
        "ref": "done",
        "status": "success",
        "name": "ci",
        "target_url": "http://ci.example.com",
        "description": None,
        "started_at": None,
        "allow_failure": False,
    }
    api.post(f"projects/1/statuses/{found}", "bob", state="failed", name="lint")
    path = f"{REPO}/commits/{found}/statuses"
    assert names(api.get(path, "rex")) == ["ci", "lint"]
    assert names(api.get(path, name="lint")) == ["lint"]
    assert names(api.get(path, ref="main")) == []
    api.post(f"projects/1/statuses/{found}", "bob", state="success", name="lint")
    assert names(api.get(path, name="lint"), "status") == ["success"]
    assert names(api.get(path, name="lint", all=True), "status") == ["failed", "success"]
    assert api.get(f"{REPO}/commits/main").json["status"] == "success"


def test_statuses_that_there_are_not_are_refused(api: Api) -> None:
    path = f"projects/1/statuses/{sha(api, 'main')}"
    assert seen(api.post(path, state="skipped")) == (400, {"error": "state does not have a valid value"})
    assert seen(api.post(path)) == (400, {"message": '400 (Bad request) "state" not given'})
    assert api.post(path, "rex", state="success").status == 403
    assert seen(api.post("projects/1/statuses/nothing", state="success")) == (404, {"message": "404 Commit Not Found"})
