from typing import Any

import pytest

from tests.merge_request_world import HERE, OPENED, discuss, mr_api, place, usernames, world
from tests.support import Api

BAD_LINE = {"message": '400 Bad request - Note {:line_code=>["can\'t be blank", "must be a valid line code"]}'}
pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED))


def test_a_line_that_a_merge_request_adds_is_discussed(api: Api) -> None:
    [note] = discuss(api)["notes"]
    refs = api.get(HERE, "bob").json["diff_refs"]
    assert (note["type"], note["resolvable"], note["resolved"]) == ("DiffNote", True, False)
    assert note["suggestions"] == []
    assert note["position"] == {
        "base_sha": refs["base_sha"],
        "start_sha": refs["start_sha"],
        "head_sha": refs["head_sha"],
        "old_path": "count.txt",
        "new_path": "count.txt",
        "position_type": "text",
        "old_line": None,
        "new_line": 1,
        "line_range": None,
    }
    assert note["commit_id"] is None
    assert list(note)[10:14] == ["project_id", "commit_id", "position", "resolvable"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"new_line": 9}, "count.txt has no line with old_line None, new_line 9 in this version; an added line has"),
        ({"new_line": None}, "count.txt has no line with old_line None, new_line None"),
        ({"old_line": 1}, "count.txt has no line with old_line 1, new_line 1"),
        ({"new_path": "none.txt", "old_path": "none.txt"}, "does not change 'none.txt'; it changes count.txt"),
        ({"head_sha": "0" * 40}, "no version of the merge request has these base_sha, start_sha, head_sha; the latest"),
    ],
)
def test_a_place_that_is_not_in_what_is_changed_is_refused(api: Api, wrong: dict[str, Any], told: str) -> None:
    answer = api.post(f"{HERE}/discussions", "ada", body="Why?", position=place(api, **wrong))
    assert (answer.status, answer.json) == (400, BAD_LINE)
    assert told in answer.headers["X-Mockgitlab-Reason"]
    assert api.get(f"{HERE}/discussions", "ada").json == []


def test_a_line_that_stays_is_named_by_both_numbers() -> None:
    files = {"notes.txt": "one\ntwo\nthree\n"}
    branches = {
        "main": {"commits": [{"message": "Begin", "files": files}]},
        "feature": {"commits": [{"message": "Change", "files": {"notes.txt": "zero\none\ntwo\n"}}]},
    }
    api = mr_api(OPENED, repository={"branches": branches, "protected": False}, issues=[])
    paths = {"old_path": "notes.txt", "new_path": "notes.txt"}
    for lines in ({"old_line": 1, "new_line": 2}, {"old_line": 3, "new_line": None}, {"old_line": None, "new_line": 1}):
        assert discuss(api, **paths, **lines)["notes"][0]["position"]["new_line"] == lines["new_line"]
    for lines in ({"old_line": 1, "new_line": 1}, {"old_line": None, "new_line": 2}):
        answer = api.post(f"{HERE}/discussions", "ada", body="?", position=place(api, **paths, **lines))
        assert (answer.status, answer.json) == (400, BAD_LINE)


def test_a_whole_file_and_a_point_of_an_image_are_discussed(api: Api) -> None:
    position = discuss(api, position_type="file")["notes"][0]["position"]
    assert list(position)[-1] == "position_type"
    position = discuss(api, position_type="image", x=1, y=2, width=10, height=20)["notes"][0]["position"]
    assert (position["x"], position["y"], position["width"], position["height"]) == (1, 2, 10, 20)
    wrong = api.post(f"{HERE}/discussions", "ada", body="?", position=place(api, position_type="file", new_path="no"))
    assert (wrong.status, wrong.json["message"]) == (400, '400 Bad request - Note {:position=>["is invalid"]}')


def test_a_binary_file_has_no_lines() -> None:
    branches = {"main": {"README.md": "x\n"}, "feature": {"count.txt": "one\0\ntwo\n"}}
    api = mr_api(OPENED, repository={"branches": branches, "protected": False}, issues=[])
    answer = api.post(f"{HERE}/discussions", "ada", body="Why?", position=place(api))
    assert (answer.status, answer.json) == (400, BAD_LINE)
    assert discuss(api, position_type="file")["notes"][0]["position"]["new_path"] == "count.txt"


def test_a_position_needs_its_commits_and_a_known_type(api: Api) -> None:
    missing = api.post(f"{HERE}/discussions", "ada", body="?", position={"position_type": "text"})
    assert missing.status == 400
    assert "position[base_sha]" in missing.text
    assert api.post(f"{HERE}/discussions", "ada", body="?", position=place(api, position_type="sound")).status == 400


def test_a_range_of_lines_and_a_commit_are_kept(api: Api) -> None:
    span = {"start": {"type": "new", "new_line": 1}, "end": {"type": "new", "new_line": 2}}
    head = api.get(HERE).json["sha"]
    given = {"body": "Both", "position": place(api, line_range=span, new_line=2), "commit_id": head}
    [note] = api.post(f"{HERE}/discussions", "ada", **given).json["notes"]
    assert note["position"]["line_range"] == span
    assert note["commit_id"] == head
    assert api.get(f"projects/1/repository/commits/{head}/discussions").json == []


def test_replies_stay_on_the_line_and_the_thread_is_resolved(api: Api) -> None:
    thread = discuss(api)
    path = f"{HERE}/discussions/{thread['id']}"
    reply = api.post(f"{path}/notes", "bob", body="Because").json
    assert (reply["type"], reply["position"]) == ("DiffNote", thread["notes"][0]["position"])
    assert [one["resolved"] for one in api.put(path, "bob", resolved=True).json["notes"]] == [True, True]


def test_unresolved_threads_hold_a_merge_request_up_where_the_project_says_so() -> None:
    api = mr_api(OPENED, only_allow_merge_if_all_discussions_are_resolved=True)
    thread = discuss(api)
    assert api.get(HERE).json["detailed_merge_status"] == "discussions_not_resolved"
    api.put(f"{HERE}/discussions/{thread['id']}", "ada", resolved=True)
    assert api.get(HERE).json["detailed_merge_status"] == "mergeable"


def test_a_discussion_goes_along_to_the_newest_version(api: Api) -> None:
    thread = discuss(api)
    change = {"branch": "feature", "content": "x", "commit_message": "More"}
    assert api.post("projects/1/repository/files/more.txt", "bob", **change).status == 201
    shown = api.get(f"{HERE}/discussions/{thread['id']}").json
    assert shown["notes"][0]["position"]["head_sha"] == api.get(HERE).json["sha"]


# Suggestions

TEXT = "Better:\n\n```suggestion:-0+1\nthree\n```\n"


def suggestion(api: Api, **given: Any) -> Any:
    return discuss(api, TEXT, **given)["notes"][0]["suggestions"][0]


def content(api: Api) -> str:
    return api.get("projects/1/repository/files/count.txt/raw", "bob", ref="feature").text


def test_a_note_on_a_line_suggests_other_lines(api: Api) -> None:
    assert suggestion(api) == {
        "id": 1,
        "from_line": 1,
        "to_line": 2,
        "appliable": True,
        "applied": False,
        "from_content": "3\n2\n",
        "to_content": "three\n",
    }


def test_a_suggestion_is_committed_to_the_source_branch_and_its_thread_resolved(api: Api) -> None:
    made = suggestion(api)
    answer = api.put(f"suggestions/{made['id']}/apply", "bob")
    assert (answer.status, answer.json["applied"], answer.json["appliable"]) == (200, True, False)
    assert content(api) == "three\n"
    [commit, *_] = api.get("projects/1/repository/commits", "bob", ref_name="feature").json
    email = api.get("users/2").json["email"]
    assert commit["message"] == (f"Apply 1 suggestion(s) to 1 file(s)\n\nCo-authored-by: Ada Lovelace <{email}>")
    assert commit["author_name"] == "Bob Kahn"
    [thread] = [one for one in api.get(f"{HERE}/discussions").json if one["notes"][0]["type"] == "DiffNote"]
    assert thread["notes"][0]["resolved"] is True
    assert usernames([thread["notes"][0]["resolved_by"]]) == ["bob"]


def test_a_suggestion_is_applied_once_and_with_the_message_that_is_given(api: Api) -> None:
    made = suggestion(api)
    message = "Count in words (%{suggestions_count})"
    assert api.put(f"suggestions/{made['id']}/apply", "bob", commit_message=message).status == 200
    assert api.get("projects/1/repository/commits/feature", "bob").json["title"] == "Count in words (1)"
    again = api.put(f"suggestions/{made['id']}/apply", "bob")
    assert (again.status, again.json) == (400, {"message": "A suggestion is not applicable."})
    assert again.headers["X-Mockgitlab-Reason"] == f"suggestion {made['id']} is applied already"


def test_a_suggestion_on_lines_that_changed_is_not_applied(api: Api) -> None:
    made = suggestion(api)
    change = {"branch": "feature", "content": "4\n", "commit_message": "More"}
    assert api.put("projects/1/repository/files/count.txt", "bob", **change).status == 200
    assert api.put(f"suggestions/{made['id']}/apply", "bob").status == 400
    assert content(api) == "4\n"


def test_only_who_may_push_to_the_source_branch_applies_suggestions(api: Api) -> None:
    made = suggestion(api)
    assert api.put(f"suggestions/{made['id']}/apply", "rex").status == 403
    assert api.put(f"suggestions/{made['id']}/apply", "nora").status == 404
    assert api.put("suggestions/99/apply", "bob").status == 404
    assert api.put(f"suggestions/{made['id']}/apply", None).status == 401


def test_several_suggestions_are_applied_in_one_commit(api: Api) -> None:
    first = discuss(api, "```suggestion\nthree\n```")["notes"][0]["suggestions"][0]
    second = discuss(api, "```suggestion\ntwo\n```", new_line=2)["notes"][0]["suggestions"][0]
    answer = api.put("suggestions/batch_apply", "bob", ids=[first["id"], second["id"]])
    assert [one["applied"] for one in answer.json] == [True, True]
    assert content(api) == "three\ntwo\n"
    assert len(api.get(f"{HERE}/commits").json) == 3


def test_suggestions_on_the_same_lines_are_not_applied_together(api: Api) -> None:
    ids = [suggestion(api)["id"], discuss(api, "```suggestion\nx\n```", new_line=2)["notes"][0]["suggestions"][0]["id"]]
    answer = api.put("suggestions/batch_apply", "bob", ids=ids)
    assert answer.status == 400
    assert answer.json == {"message": "Suggestions are not applicable as their lines cannot overlap."}
    assert api.put("suggestions/batch_apply", "bob", ids=[99]).status == 404
    assert api.put("suggestions/batch_apply", "bob", ids=[]).headers["X-Mockgitlab-Reason"] == "ids was empty"


def test_a_changed_note_suggests_anew(api: Api) -> None:
    thread = discuss(api, TEXT)
    note = thread["notes"][0]
    path = f"{HERE}/discussions/{thread['id']}/notes/{note['id']}"
    changed = api.put(path, "ada", body="```suggestion\none\n```").json
    assert [one["to_content"] for one in changed["suggestions"]] == ["one\n"]
    assert api.put(path, "ada", body="Never mind").json["suggestions"] == []
