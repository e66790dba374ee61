"""Making commits through the API."""

from typing import Any

import pytest

from tests.api.v4.repositories import REPO, make_api, sha, text, world
from tests.support import Api, names

pytestmark = pytest.mark.mockgitlab(scenario=world())


def commit(api: Api, *actions: Any, as_: str = "bob", **given: Any) -> Any:
    sent = {"branch": "main", "commit_message": "Change", "actions": list(actions), **given}
    return api.post(f"{REPO}/commits", as_, **sent)


def test_all_five_actions_make_one_commit(api: Api) -> None:
    answer = commit(
        api,
        {"action": "create", "file_path": "new/one.txt", "content": "b25lCg==", "encoding": "base64"},
        {"action": "update", "file_path": "README.md", "content": "# Moon\n"},
        {"action": "move", "file_path": "launch.py", "previous_path": "src/launch.py"},
        {"action": "chmod", "file_path": "launch.py", "execute_filemode": True},
        {"action": "delete", "file_path": "src/deep/data.json"},
    )
    assert answer.status == 201
    assert answer.json["stats"] == {"additions": 2, "deletions": 2, "total": 4}
    assert answer.json["message"] == "Change"
    tree = api.get(f"{REPO}/tree", recursive=True).json
    assert [(one["path"], one["mode"]) for one in tree] == [
        ("new", "040000"),
        ("README.md", "100644"),
        ("launch.py", "100755"),
        ("new/one.txt", "100644"),
    ]
    assert text(api, "new/one.txt") == "one\n"
    assert api.get("projects/1/events").json[0]["push_data"]["commit_title"] == "Change"


def test_later_actions_see_what_earlier_ones_did(api: Api) -> None:
    answer = commit(
        api,
        {"action": "create", "file_path": "a", "content": "1"},
        {"action": "move", "file_path": "b", "previous_path": "a"},
        {"action": "update", "file_path": "b", "content": "2"},
    )
    assert answer.status == 201
    assert text(api, "b") == "2"


def test_paths_are_taken_without_what_means_nothing(api: Api) -> None:
    actions = [
        {"action": "create", "file_path": "/a//./b/", "content": "1"},
        {"action": "move", "file_path": "./README", "previous_path": "//README.md"},
    ]
    assert commit(api, *actions).status == 201
    assert [one["path"] for one in api.get(f"{REPO}/tree", recursive=True).json] == [
        *("a", "src", "src/deep", "README", "a/b", "src/deep/data.json", "src/launch.py")
    ]
    for path in ("", "/", "./."):
        nothing = commit(api, {"action": "create", "file_path": path, "content": "1"})
        assert (nothing.status, nothing.json) == (400, {"message": "You must provide a file path"})


def test_no_branch_begins_where_another_has_its_folder(api: Api) -> None:
    answer = commit(api, {"action": "delete", "file_path": "README.md"}, branch="done/x", start_branch="main")
    text = "9:Could not update refs/heads/done/x. Please refresh and try again.."
    assert (answer.status, answer.json) == (400, {"message": text})


def test_a_commit_has_a_message(api: Api) -> None:
    answer = commit(api, {"action": "delete", "file_path": "README.md"}, commit_message="")
    assert (answer.status, answer.json) == (400, {"message": "3:empty CommitMessage"})


@pytest.mark.parametrize(("content", "place"), [("YQ", 2), ("Y-==", 1), ("YQ==YQ==", 2), ("YQ==\nx", 2), ("=", 0)])
def test_what_is_no_base64_is_refused(api: Api, content: str, place: int) -> None:
    answer = commit(api, {"action": "create", "file_path": "a", "content": content, "encoding": "base64"})
    text = f"13:write created blob: illegal base64 data at input byte {place}"
    assert (answer.status, answer.json) == (400, {"message": text})


def test_base64_may_be_in_lines_as_programs_print_it(api: Api) -> None:
    lines = "eHh4\r\neHh4\neA==\n"
    assert commit(api, {"action": "create", "file_path": "a", "content": lines, "encoding": "base64"}).status == 201
    assert text(api, "a") == "xxxxxxx"


def test_the_same_calls_make_the_same_hash() -> None:
    action = {"action": "create", "file_path": "a", "content": "1"}
    assert commit(make_api(), action).json["id"] == commit(make_api(), action).json["id"]


def test_a_commit_may_begin_a_branch_or_let_it_begin_anew(api: Api) -> None:
    action = {"action": "create", "file_path": "a", "content": "1"}
    assert commit(api, action, branch="new", start_branch="feature/launch", stats=False).json["parent_ids"] == [
        sha(api, "feature/launch")
    ]
    taken = commit(api, action, branch="new", start_sha=sha(api))
    message = "A branch called 'new' already exists. Switch to that branch in order to make changes"
    assert (taken.status, taken.json) == (400, {"message": message})
    assert commit(api, action, branch="new", start_sha=sha(api), force=True).json["parent_ids"] == [sha(api)]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"start_sha": "main", "branch": "x"}, "Invalid start_sha 'main'"),
        ({"start_sha": "0" * 40, "branch": "x"}, f"Cannot find start_sha '{'0' * 40}'"),
        ({"start_branch": "gone", "branch": "x"}, "You can only create or edit files when you are on a branch"),
        (
            {"start_branch": "main", "branch": "a..b"},
            "Something went wrong when we tried to create 'a..b' for you: Branch name is invalid",
        ),
        ({"actions": [{"action": "update", "file_path": "x", "content": ""}]}, "A file with this name doesn't exist"),
        ({"actions": [{"action": "create", "file_path": "../x"}]}, "Path cannot include directory traversal"),
        (
            {"actions": [{"action": "update", "file_path": "x"}]},
            '400 (Bad request) "actions[0][content]" not given',
        ),
        (
            {"actions": [{"action": "move", "file_path": "x"}]},
            '400 (Bad request) "actions[0][previous_path]" not given',
        ),
        (
            {"actions": [{"action": "delete", "file_path": "README.md", "last_commit_id": "0" * 40}]},
            "The file has changed since you started editing it: README.md",
        ),
    ],
)
def test_what_cannot_be_committed_is_refused(api: Api, given: Any, message: str) -> None:
    action = {"action": "create", "file_path": "new", "content": "x"}
    answer = api.post(
        f"{REPO}/commits", "bob", **{"branch": "main", "commit_message": "x", "actions": [action], **given}
    )
    assert (answer.status, answer.json) == (400, {"message": message})
    assert names(api.get(f"{REPO}/branches")) == ["done", "feature/launch", "main"]


def test_an_unknown_action_is_refused(api: Api) -> None:
    assert commit(api, {"action": "copy", "file_path": "x"}).status == 400


def test_who_may_commit(api: Api) -> None:
    action = {"action": "create", "file_path": "x"}
    assert commit(api, action, as_="gil").status == 403
    refused = commit(api, action, as_="rex")
    assert (refused.status, refused.json) == (
        403,
        {"message": "403 Forbidden - You are not allowed to push into this branch"},
    )


def test_a_commit_may_begin_in_the_project_that_this_is_a_fork_of(api: Api) -> None:
    fork = api.post("projects/1/fork", "ada", namespace_path="ada").json
    action = {"action": "create", "file_path": "x"}
    at = f"projects/{fork['id']}/repository/commits"
    sent = {"branch": "new", "commit_message": "x", "actions": [action], "start_branch": "feature/launch"}
    assert api.post(at, "ada", **sent, start_project=1).json["parent_ids"] == [sha(api, "feature/launch")]
    refused = api.post(at, "ada", **{**sent, "branch": "other"}, start_project=2)
    text = "403 Forbidden - Project is not included in the fork network for open / source"
    assert (refused.status, refused.json) == (403, {"message": text})


# Picking and reverting


def change(api: Api, what: str, ref: str, **given: Any) -> Any:
    return api.post(f"{REPO}/commits/{sha(api, ref)}/{what}", "bob", **{"branch": "main", **given})


def test_a_commit_is_picked_with_its_author(api: Api) -> None:
    picked = sha(api, "feature/launch")
    answer = change(api, "cherry_pick", "feature/launch")
    assert answer.status == 201
    assert answer.json["message"].endswith(f"\n\n(cherry-picked from commit {picked})")
    assert (answer.json["author_name"], answer.json["authored_date"]) == ("Bob Kahn", "2024-04-03T08:00:00.000+00:00")
    assert text(api, "src/launch.py") == "def go():\n    print('up')\n"
    assert change(api, "cherry_pick", "feature/launch~1", message="Mine").json["message"] == "Mine"


def test_a_commit_is_reverted(api: Api) -> None:
    reverted = sha(api, "feature/launch")
    answer = change(api, "revert", "feature/launch", branch="feature/launch")
    assert (answer.status, answer.json["message"]) == (201, f'Revert "Launch"\n\nThis reverts commit {reverted}')
    assert text(api, "src/launch.py", "feature/launch") == "def go():\n    pass\n"


@pytest.mark.parametrize(
    ("what", "verb", "done"), [("cherry_pick", "cherry-pick", "cherry-picked"), ("revert", "revert", "reverted")]
)
def test_a_dry_run_only_tells(api: Api, what: str, verb: str, done: str) -> None:
    branch = "main" if what == "cherry_pick" else "feature/launch"
    before = sha(api, branch)
    answer = change(api, what, "feature/launch", branch=branch, dry_run=True)
    assert (answer.status, answer.json, sha(api, branch)) == (200, {"dry_run": "success"}, before)
    commit(
        api, {"action": "update", "file_path": "src/launch.py", "content": "def stop():\n    exit()\n"}, branch=branch
    )
    conflict = change(api, what, before if what == "revert" else "feature/launch", branch=branch, dry_run=True)
    message = (
        f"Sorry, we cannot {verb} this commit automatically. This commit may already have been {done}, "
        "or a more recent commit may have updated some of its content."
    )
    assert (conflict.status, conflict.json) == (
        400,
        {"message": message, "error_code": "conflict", "dry_run": "error"},
    )


def test_what_is_there_already_is_not_picked_again(api: Api) -> None:
    answer = change(api, "cherry_pick", "feature/launch", branch="feature/launch")
    assert (answer.status, answer.json["error_code"]) == (400, "empty")


def test_picking_needs_a_commit_and_a_branch(api: Api) -> None:
    assert change(api, "cherry_pick", "main", branch="gone").json == {"message": "404 Branch Not Found"}
    assert api.post(f"{REPO}/commits/gone/revert", branch="main").json == {"message": "404 Commit Not Found"}
    assert api.post(f"{REPO}/commits/main/revert", "rex", branch="main").status == 403
