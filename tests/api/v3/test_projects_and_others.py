from copy import deepcopy
from typing import Any

import pytest

from tests.support import WORLD, Api, a_file, names

AS_IN_WORLD: dict[str, Any] = {**deepcopy(WORLD), "gitlab": {"api": ["v3", "v4"]}}
TAKEN = ["has already been taken"]


@pytest.fixture
def api() -> Api:
    """The usual world through v3: acme/rocket (1), open/source (2, public), ada/notes (3)."""
    return Api(AS_IN_WORLD, prefix="/api/v3/")


# Sharing, events, users


def test_a_project_is_shared_with_a_group(api: Api) -> None:
    answer = api.post("projects/1/share", "ada", group_id=3, group_access=30)
    link = {"id": 1, "project_id": 1, "group_id": 3, "group_access": 30, "expires_at": None}
    assert (answer.status, answer.json) == (201, link)
    shared = [{"group_id": 3, "group_name": "open", "group_access_level": 30}]
    assert api.get("projects/1", "ada").json["shared_with_groups"] == shared
    assert api.post("projects/1/share", "ada", group_id=3, group_access=30).status == 409
    removed = api.delete("projects/1/share/3", "ada")
    assert (removed.status, removed.text) == (204, "")
    assert api.delete("projects/1/share/3", "ada").json == {"message": "404 Group Link Not Found"}


def test_a_share_needs_a_group(api: Api) -> None:
    assert api.post("projects/1/share", "ada").json == {"message": '400 (Bad request) "group_id" not given'}
    answer = api.post("projects/1/share", "ada", group_id=99, group_access=30)
    assert (answer.status, answer.json) == (404, {"message": "404 Group Not Found"})


def test_the_events_of_a_project_are_listed_newest_first(api: Api) -> None:
    api.post("projects/1/issues", "ada", title="One")
    api.post("projects/1/issues/10001/notes", "bob", body="Yes")
    noted, opened = api.get("projects/1/events", "ada").json
    assert noted["author"].pop("avatar_url")
    assert (noted["note"]["body"], noted["note"]["upvote"]) == ("Yes", False)
    assert {**noted, "note": None} == {
        "title": None,
        "project_id": 1,
        "action_name": "commented on",
        "target_id": 1,
        "target_type": "Note",
        "author_id": 3,
        "data": None,
        "target_title": "One",
        "created_at": "2024-05-01T09:00:00.000Z",
        "note": None,
        "author": {
            "name": "Bob Kahn",
            "username": "bob",
            "id": 3,
            "state": "active",
            "web_url": "http://localhost/bob",
        },
        "author_username": "bob",
    }
    assert (opened["action_name"], opened["target_id"]) == ("opened", 10001)
    assert api.get("projects/2/events", None).json == []


def test_the_users_of_a_project_are_listed(api: Api) -> None:
    assert names(api.get("projects/1/users", "ada", search="bob"), "username") == ["bob"]


# Forks


def test_a_project_is_forked(api: Api) -> None:
    answer = api.post("projects/fork/2", "bob")
    assert (answer.status, answer.json["path_with_namespace"]) == (201, "bob/source")
    assert answer.json["forked_from_project"] == api.get("projects/2", None).json
    into = api.post("projects/fork/2", "ada", namespace="acme")
    assert into.json["path_with_namespace"] == "acme/source"


def test_a_fork_that_is_there_already_is_a_conflict(api: Api) -> None:
    api.post("projects/fork/2", "bob")
    answer = api.post("projects/fork/2", "bob")
    assert (answer.status, answer.json) == (409, {"message": {"name": TAKEN, "path": TAKEN}})


@pytest.mark.parametrize("namespace", ["acme", "99"])
def test_a_fork_goes_where_the_user_may_create_projects(api: Api, namespace: str) -> None:
    answer = api.post("projects/fork/2", "nora", namespace=namespace)
    assert (answer.status, answer.json) == (404, {"message": "404 Target Namespace Not Found"})


def test_a_fork_relation_is_made_and_removed(api: Api) -> None:
    answer = api.post("projects/1/fork/2")
    times = {"created_at": "2024-05-01T09:00:00.000Z", "updated_at": "2024-05-01T09:00:00.000Z"}
    link = {"id": 1, "forked_to_project_id": 1, "forked_from_project_id": 2, **times}
    assert (answer.status, answer.json) == (201, link)
    again = api.post("projects/1/fork/2")
    assert (again.status, again.json) == (409, {"message": "Project already forked"})
    assert api.post("projects/3/fork/99").json == {"message": "404 Source Project Not Found"}
    assert api.post("projects/3/fork/2", "ada").status == 403
    removed = api.delete("projects/1/fork", "ada")
    assert (removed.status, removed.json) == (200, link)


@pytest.mark.parametrize(
    ("version", "status", "text"), [("8.14.0", 200, "null"), ("8.15.0", 304, ""), ("17.5.0", 200, "null")]
)
def test_to_remove_no_fork_relation_is_fine_up_to_8_14(version: str, status: int, text: str) -> None:
    api = Api({**AS_IN_WORLD, "gitlab": {"api": ["v3"], "version": version}}, prefix="/api/v3/")
    answer = api.delete("projects/3/fork", "ada")
    assert (answer.status, answer.text) == (status, text)


def test_a_file_is_uploaded(api: Api) -> None:
    answer = api.form("POST", "projects/1/uploads", file=a_file("dk.png"))
    assert answer.status == 201
    url = answer.json["url"]
    assert url.endswith("/dk.png")
    assert answer.json == {"alt": "dk", "url": url, "markdown": f"![dk]({url})"}
