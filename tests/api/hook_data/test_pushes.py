from typing import Any

import pytest

from tests.api.hook_data.test_issues import PROJECT, person
from tests.api.v4.repositories import world
from tests.receiver import Receiver
from tests.support import Api

pytestmark = pytest.mark.mockgitlab(scenario=world())
REPO, NOTHING = "projects/1/repository", "0" * 40
OF_MAIN = {**PROJECT, "default_branch": "main"}


@pytest.fixture
def heard(api: Api, receiver: Receiver) -> Receiver:
    api.post("projects/1/hooks", url=receiver.url, push_events=True, tag_push_events=True)
    return receiver


def commit(api: Api, branch: str, path: str, **given: Any) -> dict[str, Any]:
    actions = [{"action": "create", "file_path": path, "content": path}]
    given = {"branch": branch, "commit_message": f"Add {path}\n\nWell", "actions": actions, **given}
    made: dict[str, Any] = api.post(f"{REPO}/commits", "ada", **given).json
    return made


def test_a_push_to_a_branch(api: Api, heard: Receiver) -> None:
    before = api.get(f"{REPO}/branches/main").json["commit"]["id"]
    made = commit(api, "main", "new.txt")
    api.server.deliveries()
    [body] = heard.bodies
    ada = person(api, 2, "Ada Lovelace", "ada")
    assert body == {
        "object_kind": "push",
        "event_name": "push",
        "before": before,
        "after": made["id"],
        "ref": "refs/heads/main",
        "ref_protected": False,
        "checkout_sha": made["id"],
        "message": None,
        "user_id": 2,
        "user_name": "Ada Lovelace",
        "user_username": "ada",
        "user_email": None,
        "user_avatar": ada["avatar_url"],
        "project_id": 1,
        "project": OF_MAIN,
        "commits": [
            {
                "id": made["id"],
                "message": "Add new.txt\n\nWell",
                "title": "Add new.txt",
                "timestamp": "2024-05-01T09:00:00+00:00",
                "url": f"http://localhost/acme/rocket/-/commit/{made['id']}",
                "author": {"name": "Ada Lovelace", "email": made["author_email"]},
                "added": ["new.txt"],
                "modified": [],
                "removed": [],
            }
        ],
        "total_commits_count": 1,
        "push_options": {},
        "repository": {
            name: OF_MAIN[name]
            for name in ("name", "url", "description", "homepage", "git_http_url", "git_ssh_url", "visibility_level")
        },
    }


def test_a_branch_is_made_and_deleted(api: Api, heard: Receiver) -> None:
    made = commit(api, "new", "new.txt", start_branch="main")
    api.delete(f"{REPO}/branches/new", "ada")
    api.server.deliveries()
    first, last = heard.bodies
    assert (first["before"], first["after"], len(first["commits"])) == (NOTHING, made["id"], 1)
    assert (last["before"], last["after"], last["checkout_sha"]) == (made["id"], NOTHING, None)
    assert last["commits"] == []


def test_tags_are_made_and_deleted(api: Api, heard: Receiver) -> None:
    head = api.get(f"{REPO}/branches/main").json["commit"]["id"]
    api.post(f"{REPO}/tags", "ada", tag_name="v8", ref="main", message="Eight")
    api.delete(f"{REPO}/tags/v8", "ada")
    api.server.deliveries()
    first, last = heard.bodies
    assert heard.events == ["Tag Push Hook"] * 2
    told = (first["object_kind"], first["ref"], first["message"], first["checkout_sha"])
    assert told == ("tag_push", "refs/tags/v8", "Eight", head)
    assert first["after"] == last["before"] != head
    assert (last["after"], last["commits"], last["total_commits_count"]) == (NOTHING, [], 0)


def test_system_hooks_are_told_of_the_whole(api: Api, receiver: Receiver) -> None:
    api.post("hooks", url=receiver.url)
    made = commit(api, "new", "new.txt", start_branch="main")
    api.server.deliveries()
    [body] = receiver.bodies
    avatar = person(api, 2, "", "")["avatar_url"]
    assert body == {
        "event_name": "repository_update",
        "user_id": 2,
        "user_name": "Ada Lovelace",
        "user_email": None,
        "user_avatar": avatar,
        "project_id": 1,
        "project": OF_MAIN,
        "changes": [{"before": NOTHING, "after": made["id"], "ref": "refs/heads/new"}],
        "refs": ["refs/heads/new"],
    }
