import pytest

from tests.api.v3.repositories import PROTECTED, REPO, make_api
from tests.support import Api, names, seen


@pytest.fixture
def api() -> Api:
    return make_api()


def test_branches_are_listed_by_name_all_at_once(api: Api) -> None:
    answer = api.get(f"{REPO}/branches", "rex", per_page=1)
    assert names(answer) == ["done", "feature/launch", "main"]
    assert "X-Total" not in answer.headers


def test_a_branch_is_shown_with_its_commit(api: Api) -> None:
    shown = api.get(f"{REPO}/branches/main", "bob").json
    commit = shown.pop("commit")
    assert len(commit.pop("id")) == 40
    assert commit == {
        "message": "Initial commit",
        "parent_ids": [],
        "authored_date": "2024-04-01T10:00:00.000+00:00",
        "committed_date": "2024-04-01T10:00:00.000+00:00",
        "author_name": "Administrator",
        "author_email": "admin@example.com",
        "committer_name": "Administrator",
        "committer_email": "admin@example.com",
    }
    assert shown == {
        "name": "main",
        "merged": False,
        "protected": False,
        "developers_can_push": False,
        "developers_can_merge": False,
    }


@pytest.mark.parametrize("name", ["nothing", "..", "a%20b"])
def test_a_branch_that_is_not_there_is_not_found(api: Api, name: str) -> None:
    assert seen(api.get(f"{REPO}/branches/{name}")) == (404, {"message": "404 Branch Not Found"})


def test_branches_are_for_users_who_may_read_the_code(api: Api) -> None:
    assert seen(api.get("projects/2/repository/branches", None)) == (401, {"message": "401 Unauthorized"})
    assert seen(api.get(f"{REPO}/branches", "gil")) == (403, {"message": "403 Forbidden"})
    assert seen(api.get(f"{REPO}/branches", "nora")) == (404, {"message": "404 Project Not Found"})


def test_a_branch_is_created(api: Api) -> None:
    answer = api.post(f"{REPO}/branches", "bob", branch_name="next", ref="v1.0")
    assert (answer.status, answer.json["name"], answer.json["merged"]) == (201, "next", False)
    assert list(answer.json) == [
        *("name", "commit", "merged", "protected", "developers_can_push", "developers_can_merge")
    ]
    assert names(api.get(f"{REPO}/branches")) == ["done", "feature/launch", "main", "next"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"branch_name": "main", "ref": "done"}, "Branch already exists"),
        ({"branch_name": "a b", "ref": "done"}, "Branch name is invalid"),
        ({"branch_name": "next", "ref": "nothing"}, "Invalid reference name"),
        ({"branch_name": "main/next", "ref": "main"}, "Invalid reference name"),
        ({"branch": "next", "ref": "main"}, '400 (Bad request) "branch_name" not given'),
        ({"branch_name": "next"}, '400 (Bad request) "ref" not given'),
    ],
)
def test_a_branch_that_cannot_be_created_is_refused(api: Api, given: dict[str, str], message: str) -> None:
    assert seen(api.post(f"{REPO}/branches", "bob", **given)) == (400, {"message": message})


def test_branches_are_created_and_deleted_by_developers(api: Api) -> None:
    forbidden = (403, {"message": "403 Forbidden"})
    assert seen(api.post(f"{REPO}/branches", "rex", branch_name="next", ref="main")) == forbidden
    assert seen(api.delete(f"{REPO}/branches/done", "rex")) == forbidden
    assert seen(api.delete(f"{REPO}/merged_branches", "rex")) == forbidden


def test_a_deleted_branch_is_named(api: Api) -> None:
    assert seen(api.delete(f"{REPO}/branches/feature%2Flaunch", "bob")) == (200, {"branch_name": "feature/launch"})
    assert seen(api.delete(f"{REPO}/branches/feature%2Flaunch", "bob")) == (404, {"message": "No such branch"})


def test_neither_the_default_branch_nor_a_protected_one_is_deleted(api: Api) -> None:
    head = (405, {"message": "Cannot remove HEAD branch"})
    assert seen(api.delete(f"{REPO}/branches/main")) == head
    api.put(f"{REPO}/branches/done/protect", "ada")
    assert seen(api.delete(f"{REPO}/branches/done")) == (405, {"message": "Protected branch cant be removed"})
    assert seen(make_api(PROTECTED).delete(f"{REPO}/branches/main")) == head


def test_a_branch_is_protected_and_no_longer(api: Api) -> None:
    answer = api.put(f"{REPO}/branches/done/protect", "ada", developers_can_push=True)
    assert (answer.status, answer.json["protected"], answer.json["developers_can_push"]) == (200, True, True)
    answer = api.put(f"{REPO}/branches/done/unprotect", "ada")
    assert (answer.status, answer.json["protected"], "can_push" in answer.json) == (200, False, False)
    assert api.put(f"{REPO}/branches/done/protect", "bob").status == 403
    assert api.put(f"{REPO}/branches/nothing/protect", "ada").json == {"message": "404 Branch Not Found"}


def test_merged_branches_are_deleted(api: Api) -> None:
    api.post(
        f"{REPO}/commits",
        branch_name="main",
        commit_message="On",
        actions=[{"action": "create", "file_path": "on", "content": "1"}],
    )
    assert seen(api.delete(f"{REPO}/merged_branches", "bob")) == (200, 200)
    assert names(api.get(f"{REPO}/branches")) == ["feature/launch", "main"]
