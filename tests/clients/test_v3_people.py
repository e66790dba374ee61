"""What a script of 2016 did with people: it made an account, put it into a group, and cleaned up."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.v3_rig import Ask, asking
from tests.keys import ed25519

SCENARIO = Path(__file__).parents[2] / "scenarios" / "v3.yaml"
JOHN = "QVy1PB7sTxfy4pqfZM1U"


@pytest.fixture
def ask() -> Iterator[Ask]:
    """A function that calls v3 of scenarios/v3.yaml as root does."""
    yield from asking(str(SCENARIO))


def test_an_account_is_made_blocked_and_deleted(ask: Ask) -> None:
    given = {"email": "eve@example.com", "username": "eve", "name": "Eve", "password": "her-long-secret"}
    made = ask("POST", "/users", **given, confirm="false")
    assert (made.status_code, made.json()["username"]) == (201, "eve")
    eve = made.json()["id"]
    session = ask("POST", "/session", token="", login="eve", password="her-long-secret").json()
    assert ask("GET", "/user", token=session["private_token"]).json()["id"] == eve
    key = ask("POST", "/user/keys", token=session["private_token"], title="laptop", key=ed25519(1))
    assert [one["id"] for one in ask("GET", f"/users/{eve}/keys").json()] == [key.json()["id"]]
    assert ask("PUT", f"/users/{eve}/block").json() is True
    assert ask("GET", "/user", token=session["private_token"]).status_code == 401
    assert ask("PUT", f"/users/{eve}/unblock").json() is True
    gone = ask("DELETE", f"/users/{eve}")
    assert (gone.status_code, gone.json()["username"]) == (200, "eve")
    assert ask("GET", "/users?search=eve@").json() == []


def test_a_group_gets_members_and_projects(ask: Ask) -> None:
    group = ask("POST", "/groups", token=JOHN, name="Pods", path="pods", visibility_level="20").json()
    assert (group["visibility_level"], group["web_url"].endswith("/groups/pods")) == (20, True)
    member = ask("POST", f"/groups/{group['id']}/members", token=JOHN, user_id=3, access_level=30)
    assert (member.status_code, member.json()["username"]) == (201, "jane")
    unknown = ask("PUT", f"/groups/{group['id']}/members/3", token=JOHN, access_level=31)
    assert (unknown.status_code, unknown.json()) == (422, {"message": "Access level is not known"})
    moved = ask("POST", f"/groups/{group['id']}/projects/1").json()
    assert [project["path_with_namespace"] for project in moved["projects"]] == ["pods/client"]
    pages = ask("GET", "/groups/pods/members?per_page=1&query=jane", token=JOHN)
    assert pages.headers["X-Total"] == "1"
    assert ask("DELETE", "/projects/1/members/3", token=JOHN).json() == {"message": "Access revoked", "id": 3}
    assert ask("DELETE", "/groups/pods", token=JOHN).json() == group
    assert ask("GET", "/projects/1").status_code == 404


def test_todo_items_are_done_one_by_one_and_at_once(ask: Ask) -> None:
    for title in ("First", "Second", "Third"):
        ask("POST", "/projects/diaspora%2Fclient/issues", token=JOHN, title=title, description="See @root")
    newest = ask("GET", "/todos").json()[0]
    assert (newest["target"]["title"], newest["action_name"]) == ("Third", "mentioned")
    assert ask("DELETE", f"/todos/{newest['id']}").json()["state"] == "done"
    assert ask("DELETE", "/todos").json() == 2


def test_a_user_team_opens_a_project(ask: Ask) -> None:
    team = ask("POST", "/user_teams", name="Keepers", path="keepers").json()["id"]
    ask("POST", f"/user_teams/{team}/members", user_id=3, access_level=20)
    assigned = ask("POST", f"/user_teams/{team}/projects", project_id=2, greatest_access_level=40).json()
    assert (assigned["path_with_namespace"], assigned["greatest_access_level"]) == ("john_smith/secrets", 40)
    assert [one["username"] for one in ask("GET", "/projects/2/members", token=JOHN).json()] == ["john_smith", "jane"]
