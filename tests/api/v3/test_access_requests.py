import pytest

from tests.api.v3.conftest import basic, unpictured
from tests.support import Api, refused, seen

BOB = basic(3, "bob", "Bob Kahn")
ASKED = "2024-05-01T09:00:00.000Z"
SOURCES = pytest.mark.parametrize(
    ("source", "kind"),
    [("projects/2", ("Project", "ProjectMember", 2)), ("groups/open", ("Namespace", "GroupMember", 3))],
)


@SOURCES
def test_access_is_asked_for_and_granted(world: Api, source: str, kind: tuple[str, str, int]) -> None:
    asked = world.post(f"{source}/access_requests", "bob")
    request = {**BOB, "requested_at": ASKED}
    assert (asked.status, unpictured(asked.json)) == (201, request)
    assert unpictured(world.get(f"{source}/access_requests").json) == [request]
    granted = world.put(f"{source}/access_requests/3/approve", access_level=20)
    assert (granted.status, unpictured(granted.json)) == (201, {**BOB, "access_level": 20, "expires_at": None})
    assert world.get(f"{source}/access_requests").json == []


@SOURCES
def test_a_denied_request_is_answered_with_its_row(world: Api, source: str, kind: tuple[str, str, int]) -> None:
    world.post(f"{source}/access_requests", "bob")
    assert seen(world.delete(f"{source}/access_requests/3", "bob")) == (
        200,
        {
            "id": 1,
            "access_level": 30,
            "source_id": kind[2],
            "source_type": kind[0],
            "user_id": 3,
            "notification_level": 3,
            "type": kind[1],
            "created_at": ASKED,
            "updated_at": ASKED,
            "created_by_id": None,
            "invite_email": None,
            "invite_token": None,
            "invite_accepted_at": None,
            "requested_at": ASKED,
            "expires_at": None,
        },
    )
    assert seen(world.delete(f"{source}/access_requests/3")) == (404, {"message": "404 Not found"})


def test_access_is_asked_for_once_and_granted_by_who_may(world: Api) -> None:
    world.post("projects/2/access_requests", "bob")
    assert refused(world.post("projects/2/access_requests", "bob")) == {"user_id": ["already exists in source"]}
    forbidden = (403, {"message": "403 Forbidden"})
    assert seen(world.get("projects/2/access_requests", "bob")) == forbidden
    assert seen(world.put("projects/2/access_requests/3/approve", "bob")) == forbidden
    assert seen(world.delete("projects/2/access_requests/3", "nora")) == forbidden
    assert unpictured(world.put("projects/2/access_requests/3/approve").json)["access_level"] == 30
