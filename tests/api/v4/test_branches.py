"""The pages on branches."""

from typing import Any

import pytest

from tests.api.v4.repositories import REPO, make_api, sha, world
from tests.support import Api, names

pytestmark = pytest.mark.mockgitlab(scenario=world())


def test_branches_are_listed_by_name(api: Api) -> None:
    answer = api.get(f"{REPO}/branches", "rex")
    assert names(answer) == ["done", "feature/launch", "main"]
    assert answer.headers["X-Total"] == "3"


def test_a_branch_is_shown_with_its_commit(api: Api) -> None:
    shown = api.get(f"{REPO}/branches/main", "bob").json
    assert shown.pop("commit")["id"] == sha(api)
    assert shown == {
        "name": "main",
        "merged": False,
        "protected": False,
        "developers_can_push": False,
        "developers_can_merge": False,
        "can_push": True,
        "default": True,
        "web_url": "http://localhost/acme/rocket/-/tree/main",
    }
    assert api.get(f"{REPO}/branches/done").json["merged"] is False
    assert api.get(f"{REPO}/branches/feature%2Flaunch", "rex").json["can_push"] is False


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"search": "A"}, ["feature/launch", "main"]),
        ({"search": "^ma"}, ["main"]),
        ({"search": "ne$"}, ["done"]),
        ({"search": "f*h"}, ["feature/launch"]),
        ({"search": "a*n"}, ["feature/launch", "main"]),
        ({"search": "^done$"}, ["done"]),
        ({"search": "MAIN"}, ["main"]),
        ({"regex": "^(done|main)$"}, ["done", "main"]),
        ({"regex": r"\A(?<name>main)\z"}, ["main"]),
        ({"sort": "updated_desc"}, ["feature/launch", "done", "main"]),
        ({"sort": "updated_asc"}, ["done", "main", "feature/launch"]),
    ],
)
def test_branches_are_searched_and_sorted(api: Api, given: Any, expected: list[str]) -> None:
    assert names(api.get(f"{REPO}/branches", **given)) == expected


def test_the_branch_with_the_very_name_that_is_searched_comes_first(api: Api) -> None:
    assert api.post(f"{REPO}/branches", branch="a-main", ref="main").status == 201
    assert names(api.get(f"{REPO}/branches", search="Main")) == ["main", "a-main"]
    assert names(api.get(f"{REPO}/branches", search="*main")) == ["a-main", "main"]


@pytest.mark.parametrize("regex", ["(", "main(?=x)", "(?<!x)main", r"(a)\1"])
def test_a_regex_that_is_none_is_refused(api: Api, regex: str) -> None:
    answer = api.get(f"{REPO}/branches", regex=regex)
    assert (answer.status, answer.json) == (400, {"message": "Regex is invalid"})


def test_a_full_page_by_keyset_is_said_to_have_a_next_one(api: Api) -> None:
    last = api.get(f"{REPO}/branches", pagination="keyset", per_page=3)
    assert "page_token=main" in last.headers["Link"]
    after = api.get(f"{REPO}/branches", pagination="keyset", per_page=3, page_token="main")
    assert (after.json, "Link" in after.headers) == ([], False)


def test_branches_are_paged_by_keyset(api: Api) -> None:
    first = api.get(f"{REPO}/branches", pagination="keyset", per_page=2)
    assert names(first) == ["done", "feature/launch"]
    assert "page_token=feature%2Flaunch" in first.headers["Link"]
    second = api.get(f"{REPO}/branches", pagination="keyset", per_page=2, page_token="feature/launch")
    assert names(second) == ["main"]
    assert "Link" not in second.headers
    wrong = api.get(f"{REPO}/branches", pagination="keyset", page_token="nowhere")
    assert (wrong.status, wrong.json) == (422, {"message": "Invalid page token: refs/heads/nowhere"})


def test_head_tells_whether_there_is_a_branch(api: Api) -> None:
    assert api.request("HEAD", f"{REPO}/branches/done").status == 204
    assert api.request("HEAD", f"{REPO}/branches/gone").status == 404


def test_a_branch_that_is_missing_or_cannot_be_is_told(api: Api) -> None:
    missing = api.get(f"{REPO}/branches/gone")
    assert (missing.status, missing.json) == (404, {"message": "404 Branch Not Found"})
    assert "it has done, feature/launch, main" in missing.headers["X-Mockgitlab-Reason"]
    assert api.get(f"{REPO}/branches/a..b").json == {"message": "The branch refname is invalid"}


def test_a_branch_is_created_at_a_branch_tag_or_hash(api: Api) -> None:
    for number, ref in enumerate(("main", "v1.1", sha(api), sha(api)[:8], "feature/launch~1")):
        answer = api.post(f"{REPO}/branches", "bob", branch=f"new-{number}", ref=ref)
        assert (answer.status, answer.json["name"]) == (201, f"new-{number}")
    assert api.get(f"{REPO}/branches/new-1").json["commit"]["id"] == sha(api, "feature/launch")
    event = api.get("projects/1/events").json[-1]
    assert (event["action_name"], event["push_data"]["ref"], event["push_data"]["commit_count"]) == (
        "pushed new",
        "new-0",
        0,
    )


@pytest.mark.parametrize(
    ("branch", "ref", "message"),
    [
        ("main", "main", "Branch already exists"),
        ("a..b", "main", "Branch name is invalid"),
        ("x.lock", "main", "Branch name is invalid"),
        ("refs/heads/x", "main", "Branch name is invalid"),
        ("x", "nowhere", "Failed to create branch 'x': invalid reference name 'nowhere'"),
        ("feature", "main", "Failed to create branch 'feature': Branch name conflicts with existing branch hierarchy."),
    ],
)
def test_a_branch_that_cannot_be_is_not_created(api: Api, branch: str, ref: str, message: str) -> None:
    answer = api.post(f"{REPO}/branches", "bob", branch=branch, ref=ref)
    assert (answer.status, answer.json) == (400, {"message": message})


def test_the_first_branch_of_an_empty_repository_comes_with_a_readme() -> None:
    api = make_api({})
    assert api.get(f"{REPO}/branches").json == []
    assert api.post(f"{REPO}/branches", branch="new", ref="main").status == 201
    assert names(api.get(f"{REPO}/branches")) == ["main", "new"]
    assert api.get("projects/1").json["empty_repo"] is False


def test_a_branch_is_deleted(api: Api) -> None:
    assert api.delete(f"{REPO}/branches/feature%2Flaunch", "bob").status == 204
    assert names(api.get(f"{REPO}/branches")) == ["done", "main"]
    event = api.get("projects/1/events").json[0]
    assert (event["action_name"], event["push_data"]["commit_to"]) == ("deleted", None)


def test_the_default_branch_stays(api: Api) -> None:
    answer = api.delete(f"{REPO}/branches/main")
    assert (answer.status, answer.json) == (400, {"message": "The default branch of a project cannot be deleted."})


def test_merged_branches_are_deleted_at_once_but_for_those_that_are_needed(api: Api) -> None:
    for name in ("open", "into", "kept"):
        assert api.post(f"{REPO}/branches", branch=name, ref="main").status == 201
    given = {"title": "Open", "source_branch": "open", "target_branch": "into"}
    assert api.post("projects/1/merge_requests", **given).status == 201
    assert api.post("projects/1/protected_branches", name="kept").status == 201
    api.post(f"{REPO}/files/new", branch="main", commit_message="Go on", content="x")
    found = {one["name"]: one["merged"] for one in api.get(f"{REPO}/branches").json}
    assert found == {**dict.fromkeys(("done", "into", "kept", "open"), True), "feature/launch": False, "main": False}
    assert api.post(f"{REPO}/branches", branch="level", ref="main").json["merged"] is False
    answer = api.delete(f"{REPO}/merged_branches", "bob")
    assert (answer.status, answer.json) == (202, {"message": "202 Accepted"})
    assert names(api.get(f"{REPO}/branches")) == ["feature/launch", "into", "kept", "level", "main", "open"]


def test_a_branch_is_protected_and_freed(api: Api) -> None:
    assert api.put(f"{REPO}/branches/main/protect", "bob").status == 403
    shown = api.put(f"{REPO}/branches/main/protect", "ada", developers_can_merge=True).json
    assert (shown["protected"], shown["developers_can_push"], shown["developers_can_merge"]) == (True, False, True)
    assert api.get(f"{REPO}/branches/main", "bob").json["can_push"] is False
    assert api.put(f"{REPO}/branches/done/protect", "ada", developers_can_push=True).json["developers_can_push"] is True
    refused = api.delete(f"{REPO}/branches/done", "bob")
    assert refused.status == 400
    assert refused.json["message"].startswith("You are not allowed to delete protected branches from this project.")
    assert api.put(f"{REPO}/branches/main/unprotect", "ada").json["protected"] is False


def test_who_may_read_and_write(api: Api) -> None:
    assert api.get(f"{REPO}/branches", "gil").status == 403
    assert api.get(f"{REPO}/branches", "nora").status == 404
    assert api.get(f"{REPO}/branches", None).status == 404
    assert api.get("projects/2/repository/branches", None).status == 200
    assert api.post(f"{REPO}/branches", "rex", branch="x", ref="main").status == 403
    assert api.post("projects/2/repository/branches", None, branch="x", ref="main").status == 401


def test_a_closed_repository_is_not_found() -> None:
    api = make_api(repository_access_level="disabled")
    answer = api.get(f"{REPO}/branches", "ada")
    assert (answer.status, answer.json) == (404, {"message": "404 Repository Not Found"})


def test_an_archived_project_takes_no_pushes(api: Api) -> None:
    api.post("projects/1/archive")
    assert api.post(f"{REPO}/branches", branch="x", ref="main").status == 403


def test_a_branch_that_changed_since_is_not_deleted(api: Api) -> None:
    old = {"If-Unmodified-Since": "Fri, 01 Mar 2024 00:00:00 GMT"}
    refused = api.request("DELETE", f"{REPO}/branches/done", headers=old)
    assert (refused.status, refused.json) == (412, {"message": "412 Precondition Failed"})
    new = {"If-Unmodified-Since": "Mon, 01 Apr 2024 10:00:00 GMT"}
    assert api.request("DELETE", f"{REPO}/branches/done", headers=new).status == 204
