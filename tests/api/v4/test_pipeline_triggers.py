import re
from datetime import timedelta
from typing import Any

import pytest

from tests.support import WORLD, Api, names, refused, seen

AT = "projects/1/triggers"
LASTING = {"version": "17.10.0"}
pytestmark = pytest.mark.mockgitlab(scenario={**WORLD, "gitlab": LASTING})


@pytest.fixture
def shared() -> Api:
    """A project with two maintainers, of whom ada (1) and bob (2) have a trigger token each."""
    rocket = {"path": "acme/rocket", "members": {"bob": "maintainer"}}
    tokens = [
        {"token": f"glptt-{name}-secret", "kind": "trigger", "project": "acme/rocket", "user": name}
        for name in ("ada", "bob")
    ]
    return Api({**WORLD, "projects": [rocket], "tokens": [*tokens, *WORLD["tokens"]]})


def test_a_trigger_token_is_made_shown_changed_and_deleted(api: Api) -> None:
    made = api.post(AT, "ada", description="Nightly", expires_at="2024-06-01T00:00:00Z")
    shown: dict[str, Any] = {
        "id": made.json["id"],
        "token": made.json["token"],
        "description": "Nightly",
        "created_at": "2024-05-01T09:00:00.000Z",
        "updated_at": "2024-05-01T09:00:00.000Z",
        "last_used": None,
        "expires_at": "2024-06-01T00:00:00.000Z",
        "owner": made.json["owner"],
    }
    assert made.json["owner"]["username"] == "ada"
    assert re.fullmatch("glptt-[0-9a-f]{40}", made.json["token"])
    assert seen(made) == (201, shown)
    at = f"{AT}/{made.json['id']}"
    assert seen(api.get(at, "ada")) == (200, shown)
    assert api.get(AT, "ada").json == [shown]
    api.store.advance_clock(timedelta(hours=1))
    changed = {**shown, "description": "Daily", "updated_at": "2024-05-01T10:00:00.000Z"}
    assert seen(api.put(at, "ada", description="Daily")) == (200, changed)
    assert api.put(at, "ada").json["description"] is None
    since = {"If-Unmodified-Since": "Wed, 01 May 2024 09:30:00 GMT"}
    assert api.request("DELETE", at, "ada", headers=since).status == 412
    assert api.delete(at, "ada").status == 204
    assert seen(api.get(at, "ada")) == (404, {"message": "404 Not found"})


def test_of_the_tokens_of_others_the_beginning_is_shown(shared: Api) -> None:
    assert names(shared.get(AT, "ada"), "token") == ["glptt-ada-secret", "bob-"]
    assert names(shared.get(AT, "bob"), "token") == ["ada-", "glptt-bob-secret"]
    assert names(shared.get(AT, "root"), "token") == ["ada-", "bob-"]


def test_only_the_owner_changes_a_token_and_every_maintainer_deletes_it(shared: Api) -> None:
    told = "403 Forbidden - The current user is not authorized to update the pipeline trigger token"
    for who in ("bob", "root", "rex"):
        assert seen(shared.put(f"{AT}/1", who, description="x")) == (403, {"message": told})
    assert shared.delete(f"{AT}/1", "bob").status == 204


def test_trigger_tokens_are_for_maintainers(shared: Api) -> None:
    for method, path in (("GET", AT), ("POST", AT), ("GET", f"{AT}/1"), ("DELETE", f"{AT}/1"), ("GET", f"{AT}/99")):
        answers = [shared.request(method, path, who, description="x").status for who in ("rex", "nora", None)]
        assert answers == [403, 404, 401], (method, path)


def test_what_is_no_trigger_token(api: Api) -> None:
    assert refused(api.post(AT, "ada")) == '400 (Bad request) "description" not given'
    late = refused(api.post(AT, "ada", description="x", expires_at="2025-05-01T00:00:00Z"))
    assert late == '400 Bad request - {"expires_at":["must be before 2025-05-01"]}'
    assert api.post(AT, "ada", description="x", expires_at="abc").json == {"error": "expires_at is invalid"}
    assert seen(api.get(f"{AT}/x", "ada")) == (400, {"error": "trigger_id is invalid"})


def test_expired_tokens_are_no_more(api: Api) -> None:
    made = api.post(AT, "ada", description="x", expires_at="2024-05-02T00:00:00Z").json
    api.store.advance_clock(timedelta(days=1))
    assert api.get(AT, "ada").json == []
    assert api.get(f"{AT}/{made['id']}", "ada").status == 404


def test_older_instances_have_tokens_that_last() -> None:
    api = Api({**WORLD, "gitlab": {"version": "17.9.0"}})
    made = api.post(AT, "ada", description="x", expires_at="2099-05-02T00:00:00Z")
    assert (made.status, "expires_at" in made.json) == (201, False)
