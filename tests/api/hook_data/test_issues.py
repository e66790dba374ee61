from typing import Any

import pytest

from tests.receiver import Receiver
from tests.support import Api

NOW = "2024-05-01 09:00:00 UTC"
PROJECT = {
    "id": 1,
    "name": "rocket",
    "description": None,
    "web_url": "http://localhost/acme/rocket",
    "avatar_url": None,
    "git_ssh_url": "git@localhost:acme/rocket.git",
    "git_http_url": "http://localhost/acme/rocket.git",
    "namespace": "acme",
    "visibility_level": 0,
    "path_with_namespace": "acme/rocket",
    "default_branch": None,
    "ci_config_path": None,
    "homepage": "http://localhost/acme/rocket",
    "url": "git@localhost:acme/rocket.git",
    "ssh_url": "git@localhost:acme/rocket.git",
    "http_url": "http://localhost/acme/rocket.git",
}
REPOSITORY = {name: PROJECT[name] for name in ("name", "url", "description", "homepage")}
LABEL = {
    "id": 1,
    "title": "bug",
    "color": "#6699cc",
    "project_id": 1,
    "created_at": NOW,
    "updated_at": NOW,
    "template": False,
    "description": None,
    "type": "ProjectLabel",
    "group_id": None,
}


def person(api: Api, id: int, name: str, username: str) -> dict[str, Any]:
    avatar = api.get(f"users/{id}").json["avatar_url"]
    return {"id": id, "name": name, "username": username, "avatar_url": avatar, "email": "[REDACTED]"}


@pytest.fixture
def heard(api: Api, receiver: Receiver) -> Receiver:
    given = {"push_events": False, "issues_events": True, "confidential_issues_events": True}
    api.post("projects/1/hooks", url=receiver.url, **given)
    return receiver


def test_a_new_issue(api: Api, heard: Receiver) -> None:
    api.post("projects/1/issues", "ada", title="x", description="![a](/b.png)", labels="bug", assignee_ids=[3])
    api.server.deliveries()
    [body] = heard.bodies
    changes = body.pop("changes")
    ada, bob = person(api, 2, "Ada Lovelace", "ada"), person(api, 3, "Bob Kahn", "bob")
    assert body == {
        "object_kind": "issue",
        "event_type": "issue",
        "user": ada,
        "project": PROJECT,
        "object_attributes": {
            "author_id": 2,
            "confidential": False,
            "discussion_locked": None,
            "due_date": None,
            "id": 10001,
            "iid": 1,
            "milestone_id": None,
            "moved_to_id": None,
            "duplicated_to_id": None,
            "project_id": 1,
            "relative_position": None,
            "time_estimate": 0,
            "title": "x",
            "closed_at": None,
            "created_at": NOW,
            "updated_at": NOW,
            "description": "![a](http://localhost/b.png)",
            "last_edited_at": None,
            "last_edited_by_id": None,
            "updated_by_id": None,
            "weight": None,
            "health_status": None,
            "state_id": 1,
            "url": "http://localhost/acme/rocket/-/issues/1",
            "total_time_spent": 0,
            "time_change": 0,
            "human_total_time_spent": None,
            "human_time_change": None,
            "human_time_estimate": None,
            "assignee_ids": [3],
            "assignee_id": 3,
            "labels": [LABEL],
            "state": "opened",
            "severity": "unknown",
            "type": "Issue",
            "action": "open",
        },
        "labels": [LABEL],
        "repository": REPOSITORY,
        "assignees": [bob],
    }
    assert changes["title"] == {"previous": None, "current": "x"}
    assert changes["labels"] == {"previous": None, "current": [LABEL]}


def test_an_issue_is_changed_closed_and_opened_again(api: Api, heard: Receiver) -> None:
    api.post("projects/1/issues", "ada", title="x", labels="bug")
    for given in ({"title": "y", "labels": ""}, {"state_event": "close"}, {"state_event": "reopen"}):
        api.server.advance("1m")
        api.put("projects/1/issues/1", "bob", **given)
    api.server.deliveries()
    _, changed, closed, opened = heard.bodies
    actions = [body["object_attributes"]["action"] for body in heard.bodies]
    assert actions == ["open", "update", "close", "reopen"]
    assert changed["user"]["username"] == "bob"
    assert changed["changes"] == {
        "title": {"previous": "x", "current": "y"},
        "updated_at": {"previous": NOW, "current": "2024-05-01 09:01:00 UTC"},
        "labels": {"previous": [LABEL], "current": []},
    }
    assert closed["changes"]["state_id"] == {"previous": 1, "current": 2}
    assert closed["changes"]["closed_at"] == {"previous": None, "current": "2024-05-01 09:02:00 UTC"}
    assert (opened["object_attributes"]["state"], "assignees" in opened) == ("opened", False)


def test_time_that_is_spent(api: Api, heard: Receiver) -> None:
    api.post("projects/1/issues", "ada", title="x")
    api.post("projects/1/issues/1/add_spent_time", "ada", duration="1h")
    api.server.deliveries()
    shown = heard.bodies[-1]["object_attributes"]
    assert (shown["action"], shown["time_change"], shown["human_time_change"]) == ("update", 3600, "1h")
    assert shown["total_time_spent"] == 3600


def test_tasks_are_work_items(api: Api, heard: Receiver) -> None:
    api.post("projects/1/issues", "ada", title="x", issue_type="task", confidential=True)
    api.server.deliveries()
    [body] = heard.bodies
    assert (body["object_kind"], body["event_type"]) == ("work_item", "confidential_work_item")
    assert body["object_attributes"]["type"] == "Task"


def test_emails_that_everybody_may_see_are_shown(api: Api, heard: Receiver) -> None:
    api.put("users/2", public_email="ada@example.com")
    api.post("projects/1/issues", "ada", title="x")
    api.server.deliveries()
    assert heard.bodies[0]["user"]["email"] in ("ada@example.com", "[REDACTED]")
