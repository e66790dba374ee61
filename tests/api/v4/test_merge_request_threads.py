"""Threads on lines after the branches moved."""

import hashlib
from typing import Any

import pytest

from tests.merge_request_world import HERE, OPENED, commit, mr_api
from tests.support import Api

OLD, NEW = "one\ntwo\nthree\n", "one\n2\nthree\nfour\n"
BRANCHES: dict[str, Any] = {
    "main": {"commits": [commit("Begin", 1, a=OLD, b="x\ny\n", c="c\n")]},
    "feature": {"from": "main", "commits": [commit("Count", 2, a=NEW, new="n\n")]},
}


def thread_api(**rocket: Any) -> Api:
    return mr_api(OPENED, repository={"branches": BRANCHES, "protected": False}, **rocket)


@pytest.fixture
def api() -> Api:
    return thread_api()


def place(api: Api, path: str = "a.txt", **lines: Any) -> dict[str, Any]:
    refs = api.get(HERE).json["diff_refs"]
    return {**refs, "position_type": "text", "old_path": path, "new_path": path, **lines}


def begin(api: Api, body: str = "Why?", **position: Any) -> str:
    answer = api.post(f"{HERE}/discussions", "rex", body=body, position=place(api, **position))
    assert answer.status == 201, answer
    found: str = answer.json["id"]
    return found


def push(api: Api, branch: str = "feature", **files: str) -> str:
    actions = [{"action": "update", "file_path": f"{name}.txt", "content": text} for name, text in files.items()]
    answer = api.post("projects/1/repository/commits", "bob", branch=branch, commit_message="More", actions=actions)
    assert answer.status == 201, answer
    found: str = answer.json["id"]
    return found


def notes(api: Api, thread: str) -> list[Any]:
    found: list[Any] = api.get(f"{HERE}/discussions/{thread}").json["notes"]
    return found


def lines(note: Any) -> tuple[Any, Any]:
    return note["position"]["old_line"], note["position"]["new_line"]


def test_threads_on_lines_that_stay_move_with_them(api: Api) -> None:
    added, kept = begin(api, new_line=2), begin(api, old_line=3, new_line=3)
    removed, other = begin(api, old_line=2), begin(api, path="new.txt", new_line=1)
    head = push(api, a="zero\n" + NEW)
    shown = [notes(api, one) for one in (added, kept, removed, other)]
    assert [len(one) for one in shown] == [1, 1, 1, 1]
    assert [lines(one[0]) for one in shown] == [(None, 3), (3, 4), (2, None), (None, 1)]
    assert {one[0]["position"]["head_sha"] for one in shown} == {head}
    assert {one[0]["updated_at"] == one[0]["created_at"] for one in shown} == {True}


def test_a_line_that_changes_is_remarked_in_its_thread(api: Api) -> None:
    old = api.get(HERE).json["sha"]
    thread = begin(api, new_line=2)
    api.post(f"{HERE}/discussions/{thread}/notes", "bob", body="Because")
    push(api, a=NEW.replace("2", "two and a half"))
    first, reply, told = notes(api, thread)
    assert (lines(first), first["position"]["head_sha"], reply["body"]) == ((None, 2), old, "Because")
    code = f"{hashlib.sha1(b'a.txt', usedforsecurity=False).hexdigest()}_2_2"
    where = f"/acme/rocket/-/merge_requests/1/diffs?diff_id=2&start_sha={old}#{code}"
    assert told["body"] == f"changed this line in [version 2 of the diff]({where})"
    assert (told["system"], told["type"], told["resolvable"], told["position"]) == (
        True,
        "DiffNote",
        False,
        first["position"],
    )
    assert first["resolved"] is False
    push(api, a="else\n")
    assert len(notes(api, thread)) == 3


def test_a_project_may_resolve_what_is_out_of_date() -> None:
    api = thread_api(resolve_outdated_diff_discussions=True)
    thread = begin(api, new_line=2)
    push(api, a=NEW.replace("2", "3"))
    first, _ = notes(api, thread)
    assert (first["resolved"], first["resolved_by"]["username"]) == (True, "bob")
    bodies = [one["body"] for one in api.get(f"{HERE}/notes", sort="asc").json if one["system"]]
    assert "resolved all threads" in bodies


def test_a_line_that_the_target_branch_has_too_by_now_is_out_of_date(api: Api) -> None:
    thread = begin(api, new_line=4)
    push(api, "main", a=OLD + "four\n")
    api.put(f"{HERE}/rebase", "bob")
    found = notes(api, thread)
    assert [lines(one) for one in found] == [(4, 4)]
    push(api, a=OLD + "four\n")
    assert notes(api, thread)[-1]["body"].startswith("changed this line in [version")


def test_threads_on_files_are_out_of_date_once_the_file_changes(api: Api) -> None:
    whole = place(api, position_type="file")
    thread = api.post(f"{HERE}/discussions", "rex", body="All of it?", position=whole).json["id"]
    head = push(api, new="m\n")
    [first] = notes(api, thread)
    assert first["position"]["head_sha"] == head
    push(api, a=NEW + "five\n")
    assert notes(api, thread)[-1]["body"].startswith("changed this file in [version 3 of the diff](")


def test_a_line_that_is_gone_from_both_branches_is_out_of_date() -> None:
    long = "".join(f"{number}\n" for number in range(20))
    branches = {
        "main": {"commits": [commit("Begin", 1, a=long)]},
        "feature": {"from": "main", "commits": [commit("More", 2, a=long + "end\n")]},
    }
    api = mr_api(OPENED, repository={"branches": branches, "protected": False})
    gone, stays = begin(api, old_line=3, new_line=3), begin(api, old_line=15, new_line=15)
    push(api, "main", a=long.replace("2\n3\n", "3\n", 1))
    api.put(f"{HERE}/rebase", "bob")
    [first, told] = notes(api, gone)
    assert (lines(first), told["body"]) == ((3, 3), "changed this line in version 2 of the diff")
    assert [lines(one) for one in notes(api, stays)] == [(14, 14)]


def test_suggestions_move_with_their_lines(api: Api) -> None:
    thread = begin(api, "Better:\n\n```suggestion:-0+0\ndeux\n```", new_line=2)
    push(api, a="zero\n" + NEW)
    [suggestion] = notes(api, thread)[0]["suggestions"]
    assert (suggestion["from_line"], suggestion["to_line"], suggestion["appliable"]) == (3, 3, True)
    assert api.put(f"suggestions/{suggestion['id']}/apply", "bob").status == 200
    text = api.get("projects/1/repository/files/a.txt/raw", ref="feature").text
    assert text == "zero\none\ndeux\nthree\nfour\n"
    assert notes(api, thread)[-1]["body"].startswith("changed this line in [version 3 of the diff](")


def test_threads_follow_a_file_that_is_renamed(api: Api) -> None:
    thread = begin(api, new_line=4)
    move = {"action": "move", "file_path": "z.txt", "previous_path": "a.txt"}
    api.post("projects/1/repository/commits", "bob", branch="feature", commit_message="Move", actions=[move])
    position = notes(api, thread)[0]["position"]
    assert (position["new_path"], position["new_line"], len(notes(api, thread))) == ("z.txt", 4, 1)
