from typing import Any

import pytest

from mockgitlab.api.models.award import AwardEmoji
from mockgitlab.api.models.event import Event
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.todo import Todo
from mockgitlab.api.models.user import User
from tests.support import WORLD, Api, names

BOB, ADA = 3, 2


@pytest.fixture
def api() -> Api:
    """Return an instance where bob wrote, reacted, was assigned and subscribed."""
    api = Api(WORLD)
    store = api.store
    project = {"project_id": 1}
    issue = store.insert(
        Issue(title="Bob's", author_id=BOB, assignee_ids=(BOB, ADA), subscriber_ids=(BOB,), closed_by_id=BOB, **project)
    )
    other = store.insert(Issue(title="Ada's", author_id=ADA, **project))
    on = {"noteable_type": "Issue", "noteable_id": other.id, "discussion_id": "d"}
    store.insert(Note(body="Hm", author_id=BOB, **on, **project))
    store.insert(AwardEmoji(name="tada", user_id=BOB, awardable_type="Issue", awardable_id=other.id))
    store.insert(Note(body="Mine", author_id=ADA, noteable_type="Issue", noteable_id=issue.id, discussion_id="e"))
    todo = {"action_name": "assigned", "target_type": "Issue", "target_id": other.id, **project}
    store.insert(Todo(user_id=BOB, author_id=ADA, **todo))
    store.insert(Event(author_id=BOB, action="created", **project))
    return api


def titles(api: Api) -> dict[str, str]:
    """Return the username of every issue's author by the issue's title."""
    users, issues = api.store[User], api.store[Issue].all()
    return {issue.title: users[issue.author_id].username for issue in issues}


def test_a_deleted_user_is_gone_with_the_account(api: Api) -> None:
    assert api.delete("users/3").status == 204
    assert api.get("users/3").status == 404
    assert api.get("user", "bob").status == 401
    assert not api.store[Member].where(user_id=BOB).exists()
    assert not api.store[Todo].all().exists()
    assert not api.store[Event].where(action="created", project_id=1).exists()


def test_contributions_move_to_the_ghost_user(api: Api) -> None:
    api.delete("users/3")
    assert titles(api) == {"Bob's": "ghost", "Ada's": "ada"}
    ghost = api.store[User].find(username="ghost")
    assert (ghost.name, ghost.user_type, ghost.bot, ghost.state) == ("Ghost User", "ghost", False, "active")
    assert [note.author_id for note in api.store[Note].where(body="Hm")] == [ghost.id]
    assert [award.user_id for award in api.store[AwardEmoji].all()] == [ghost.id]


def test_who_is_deleted_is_forgotten_by_what_stays(api: Api) -> None:
    api.delete("users/3")
    issue = api.store[Issue].where(title="Bob's").first()
    assert (issue.assignee_ids, issue.subscriber_ids, issue.closed_by_id) == ((ADA,), (), None)


def test_there_is_one_ghost_user(api: Api) -> None:
    api.delete("users/3")
    api.delete("users/4")
    assert names(api.get("users", username="ghost"), "id") == [api.store[User].find(user_type="ghost").id]


def test_a_hard_deletion_takes_the_contributions_along(api: Api) -> None:
    assert api.delete("users/3", hard_delete=True).status == 204
    assert titles(api) == {"Ada's": "ada"}
    assert not api.store[Note].all().exists()
    assert api.store[User].find(username="ghost") is None


def test_the_personal_projects_go_with_their_owner(api: Api) -> None:
    api.post("users", name="Own", username="own", email="o@o.org", reset_password=True)
    namespace = api.get("namespaces/own").json["id"]
    project = api.store.insert(Project(name="p", path="p", full_path="own/p", namespace_id=namespace))
    api.store.insert(Issue(title="Inside", author_id=ADA, project_id=project.id))
    api.delete("users/7")
    assert api.get("namespaces/own").status == 404
    assert api.store[Project].get(project.id) is None
    assert "Inside" not in titles(api)


def test_the_only_owner_of_a_group_is_not_deleted(api: Api) -> None:
    answer = api.delete("users/2")
    text = "User cannot be removed while is the sole-owner of a group"
    assert (answer.status, answer.json) == (409, {"message": text})
    assert "acme" in answer.headers["X-Mockgitlab-Reason"]
    assert api.delete("users/2", hard_delete=True).status == 204


def test_an_owner_among_others_is_deleted(api: Api) -> None:
    api.store.insert(Member(source_type="Namespace", source_id=1, user_id=BOB, access_level=50))
    assert api.delete("users/2").status == 204


@pytest.mark.parametrize(
    ("as_", "path", "expected"),
    [
        ("ada", "users/3", (403, {"message": "403 Forbidden"})),
        (None, "users/3", (401, {"message": "401 Unauthorized"})),
        ("root", "users/99", (404, {"message": "404 User Not Found"})),
        ("ada", "users/99", (403, {"message": "403 Forbidden"})),
        ("root", "users/bob", (404, {"error": "404 Not Found"})),
    ],
)
def test_only_administrators_delete_users(api: Api, as_: Any, path: str, expected: Any) -> None:
    answer = api.delete(path, as_)
    assert (answer.status, answer.json) == expected


def test_a_user_who_changed_since_is_not_deleted(api: Api) -> None:
    answer = api.request("DELETE", "users/3", headers={"If-Unmodified-Since": "Wed, 01 May 2019 09:00:00 GMT"})
    assert (answer.status, answer.json) == (412, {"message": "412 Precondition Failed"})


def test_a_refused_deletion_changes_nothing(api: Api) -> None:
    api.delete("users/2")
    assert titles(api) == {"Bob's": "bob", "Ada's": "ada"}
