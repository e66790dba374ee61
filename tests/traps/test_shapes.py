"""Traps of what is in requests and answers."""

from typing import Any

import pytest

from tests.merge_request_world import MR, mr_api, open_mr
from tests.support import WORLD, Api

REPOSITORY = {"main": {"a.txt": "a"}, "next": {"from": "main", "commits": [{"message": "b", "files": {"b.txt": "b"}}]}}
SOURCE: dict[str, Any] = {
    "mockgitlab": 1,
    "projects": [
        {"path": "acme/source", "description": "Some", "repository": {"branches": REPOSITORY}},
        {"path": "acme/issues", "issues": [{"title": "Quiet", "author": "ada", "description": "Text"}]},
    ],
}


def trapped(*names: str) -> Api:
    api = Api(WORLD, SOURCE)
    api.server.trap(*names)
    return api


def test_errors_are_those_of_a_live_gitlab_or_of_the_documents() -> None:
    api = trapped("observed_errors")
    assert api.post("projects/1/issues").json == {"error": "title is missing"}
    api.server.trap("documented_errors")
    assert api.post("projects/1/issues").json == {"message": '400 (Bad request) "title" not given'}
    assert api.server.traps == ["observed_errors", "documented_errors"]


def test_sparse_answers_leave_out_what_has_no_value_and_null_what_may_be_null() -> None:
    whole = Api(WORLD, SOURCE).get("projects/acme%2Fissues/issues/1").json
    sparse = trapped("sparse").get("projects/acme%2Fissues/issues/1").json
    assert (whole["due_date"], whole["author"]["username"], whole["description"]) == (None, "ada", "Text")
    assert "due_date" not in sparse
    assert (sparse["author"], sparse["description"], sparse["title"]) == (None, None, "Quiet")


def test_sparse_lists_are_sparse_and_refusals_as_they_were() -> None:
    api = trapped("sparse")
    shown = {one["id"]: one.get("description", "absent") for one in api.get("projects", search="source").json}
    assert shown == {2: "absent", 4: None}
    assert api.get("projects/99").json == {"message": "404 Project Not Found"}
    assert api.get("projects/acme%2Fsource/repository/files/a.txt/raw", ref="main").text == "a"


def test_diffs_are_withheld_as_too_large() -> None:
    path = "projects/acme%2Fsource/repository/compare"
    [whole] = Api(WORLD, SOURCE).get(path, **{"from": "main", "to": "next"}).json["diffs"]
    [withheld] = trapped("empty_diffs").get(path, **{"from": "main", "to": "next"}).json["diffs"]
    assert (whole["diff"] != "", whole["too_large"]) == (True, False)
    assert withheld == {**whole, "diff": "", "too_large": True}


def test_the_changes_of_a_merge_request_overflow() -> None:
    api = mr_api({"title": "Launch", "author": "bob", "source_branch": "feature", "target_branch": "main"})
    path = f"{MR}/1/changes"
    assert (api.get(path).json["overflow"], api.get(path).json["changes"][0]["diff"] != "") == (False, True)
    api.server.trap("empty_diffs")
    withheld = api.get(path).json
    assert (withheld["overflow"], {one["diff"] for one in withheld["changes"]}) == (True, {""})
    assert {(one["diff"], one["too_large"]) for one in api.get(f"{MR}/1/diffs").json} == {("", True)}


def test_what_a_merge_request_changes_comes_late() -> None:
    api = mr_api()
    api.server.trap("late_diffs")
    made = open_mr(api)
    assert (made["title"], made["diff_refs"], made["prepared_at"]) == ("Launch", None, None)
    assert (made["merge_status"], made["detailed_merge_status"]) == ("checking", "preparing")
    seen = [api.get(f"{MR}/1/changes").json for _ in range(3)]
    assert [len(one["changes"]) for one in seen] == [0, 2, 2]
    assert [one["diff_refs"] is None for one in seen] == [True, False, False]
    assert [len(api.get(f"{MR}/1/diffs").json) for _ in range(3)] == [0, 2, 2]
    assert [api.get(f"{MR}/1").json["diff_refs"] is None for _ in range(2)] == [True, False]
    assert [one["title"] for one in api.get(MR).json] == ["Launch"]


@pytest.mark.parametrize("body", ["{", "[" * 100_000, '"text"', ""])
def test_a_stub_may_say_what_is_no_json(body: str) -> None:
    response = {"body": body, "headers": {"Content-Type": "application/json"}}
    api = Api(
        WORLD, {"mockgitlab": 1, "traps": ["sparse"], "stubs": [{"request": {"path": "/x"}, "response": response}]}
    )
    api.prefix = ""
    assert (api.get("/x").status, api.get("/x").text) == (200, body)


def test_a_proxy_decodes_slashes() -> None:
    api = trapped("proxy_decodes_slashes")
    answer = api.get("projects/acme%2frocket")
    assert (answer.status, answer.json) == (404, {"error": "404 Not Found"})
    assert api.get("projects/1").status == 200
