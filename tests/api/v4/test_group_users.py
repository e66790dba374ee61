import copy
from typing import Any

import pytest

from tests.support import WORLD, Api, names


@pytest.fixture
def api() -> Api:
    """The world where acme provisioned rex and gil, and its SAML provider knows gil and nora."""
    world = copy.deepcopy(WORLD)
    world["groups"][0]["members"]["mia"] = "maintainer"
    world["users"] += [{"username": "mia", "created_at": "2024-01-01"}]
    world["users"][3] |= {"provisioned_by_group_id": 1, "state": "blocked"}
    for at in (4, 6):
        world["users"][at]["provisioned_by_group_id"] = 1
    for at in (4, 5):
        world["users"][at]["identities"] = [{"provider": "group_saml", "extern_uid": str(at)}]
    world["tokens"] += [{"token": "mia-token", "user": "mia", "scopes": ["api"]}]
    return Api(world)


def test_maintainers_see_whom_their_group_provisioned(api: Api) -> None:
    answer = api.get("groups/1/provisioned_users", "mia")
    assert names(answer, "username") == ["mia", "gil", "rex"]
    assert answer.json[1]["email"] == "gil@example.com"
    assert api.get("groups/1/provisioned_users", "bob").status == 403


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"username": "gil"}, ["gil"]),
        ({"search": "amelio"}, ["gil"]),
        ({"active": True}, ["mia", "gil"]),
        ({"blocked": True}, ["rex"]),
        ({"created_before": "2024-02-01"}, ["mia"]),
        ({"created_after": "2024-02-01"}, ["gil", "rex"]),
    ],
)
def test_provisioned_users_are_narrowed(api: Api, given: dict[str, Any], expected: list[str]) -> None:
    assert names(api.get("groups/1/provisioned_users", "mia", **given), "username") == expected


def test_owners_see_whom_saml_knows(api: Api) -> None:
    assert names(api.get("groups/1/saml_users", "ada"), "username") == ["gil"]
    assert api.get("groups/1/saml_users", "mia").status == 403
    refused = api.get("groups/2/saml_users", "ada")
    assert (refused.status, refused.json) == (400, {"message": "400 Bad request - Must be a top-level group"})
