import pytest

from tests.support import Api, names

FORBIDDEN = (403, {"message": "403 Forbidden"})
NORA = {
    "id": 6,
    "username": "nora",
    "public_email": None,
    "name": "Nora Nobody",
    "state": "active",
    "locked": False,
    "web_url": "http://localhost/nora",
    "requested_at": "2024-05-01T09:00:00.000Z",
}


@pytest.fixture
def asked(api: Api) -> Api:
    """The world after nora asked for access to the public group and its project, of which ada is an owner."""
    api.post("groups/3/members", user_id=2, access_level=50)
    for path in ("groups/3/access_requests", "projects/2/access_requests"):
        answer = api.post(path, "nora")
        assert answer.status == 201
        shown = answer.json
        assert shown.pop("avatar_url").startswith("https://www.gravatar.com/avatar/")
        assert shown == NORA
    return api


@pytest.mark.parametrize("path", ["groups/3", "projects/2"])
def test_who_administers_members_sees_the_requests(asked: Api, path: str) -> None:
    assert names(asked.get(f"{path}/access_requests", "ada"), "username") == ["nora"]
    answer = asked.get(f"{path}/access_requests", "nora")
    assert (answer.status, answer.json) == FORBIDDEN
    assert names(asked.get(f"{path}/members", "ada"), "username") in (["ada"], [])


@pytest.mark.parametrize("path", ["groups/3", "projects/2"])
def test_a_request_is_made_once(asked: Api, path: str) -> None:
    answer = asked.post(f"{path}/access_requests", "nora")
    assert (answer.status, answer.json) == (400, {"message": {"user_id": ["already exists in source"]}})


def test_members_do_not_ask(asked: Api) -> None:
    answer = asked.post("groups/3/access_requests", "ada")
    assert (answer.status, answer.json) == FORBIDDEN


def test_requests_can_be_switched_off(asked: Api) -> None:
    asked.put("groups/3", "ada", request_access_enabled=False)
    answer = asked.post("groups/3/access_requests", "gil")
    assert (answer.status, answer.json) == FORBIDDEN


@pytest.mark.parametrize("path", ["groups/3", "projects/2"])
def test_an_approved_request_becomes_a_membership(asked: Api, path: str) -> None:
    answer = asked.put(f"{path}/access_requests/6/approve", "ada")
    assert (answer.status, answer.json["username"], answer.json["access_level"]) == (201, "nora", 30)
    assert answer.json == asked.get(f"{path}/members/6", "ada").json
    assert asked.get(f"{path}/access_requests", "ada").json == []
    assert asked.get(f"{path}/members/6", "ada").json["access_level"] == 30
    again = asked.put(f"{path}/access_requests/6/approve", "ada")
    assert (again.status, again.json) == (404, {"message": "404 Not found"})


def test_a_request_is_approved_with_another_role(asked: Api) -> None:
    assert asked.put("groups/3/access_requests/6/approve", "ada", access_level=20).json["access_level"] == 20
    answer = asked.put("projects/2/access_requests/6/approve", "nora")
    assert (answer.status, answer.json) == FORBIDDEN


def test_a_request_is_denied_or_withdrawn(asked: Api) -> None:
    answer = asked.delete("groups/3/access_requests/6", "gil")
    assert (answer.status, answer.json) == FORBIDDEN
    assert asked.delete("groups/3/access_requests/6", "ada").status == 204
    assert asked.delete("projects/2/access_requests/6", "nora").status == 204
    answer = asked.delete("groups/3/access_requests/6", "ada")
    assert (answer.status, answer.json) == (404, {"message": "404 Not found"})


def test_adding_who_asked_ends_the_request(asked: Api) -> None:
    asked.post("groups/3/members", "ada", user_id=6, access_level=10)
    assert asked.get("groups/3/access_requests", "ada").json == []


@pytest.mark.parametrize(
    ("path", "type_", "url"),
    [
        ("groups/3", "Namespace", "http://localhost/groups/open/-/group_members?tab=access_requests"),
        ("projects/2", "Project", "http://localhost/open/source/-/project_members?tab=access_requests"),
    ],
)
def test_a_request_asks_those_who_may_grant_it(api: Api, path: str, type_: str, url: str) -> None:
    api.post(f"{path}/members", user_id=2, access_level=50)
    api.post(f"{path}/members", user_id=3, access_level=30)
    api.post(f"{path}/access_requests", "nora")
    (todo,) = api.get("todos", "ada").json
    assert (todo["action_name"], todo["target_type"], todo["target_url"]) == ("member_access_requested", type_, url)
    assert (todo["author"]["username"], todo["body"]) == ("nora", "open" if type_ == "Namespace" else "open/source")
    assert api.get("todos", "bob").json == []


@pytest.mark.parametrize(("method", "ending"), [("PUT", "/approve"), ("DELETE", "")])
def test_an_answered_request_asks_no_more(asked: Api, method: str, ending: str) -> None:
    assert names(asked.get("todos", "ada"), "action_name") == ["member_access_requested"]
    assert asked.request(method, f"groups/3/access_requests/6{ending}", "ada").status < 300
    assert asked.get("todos", "ada").json == []
    assert names(asked.get("todos", "ada", state="done"), "state") == ["done"]
