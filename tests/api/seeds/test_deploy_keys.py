import copy
from typing import Any

import pytest

from tests.keys import ed25519
from tests.support import WORLD, Api, names


def world(**more: Any) -> dict[str, Any]:
    given = copy.deepcopy(WORLD)
    given["projects"][0] |= more
    return given


CI = {"title": "CI", "key": f"{ed25519(1)} ci@example.com", "can_push": True, "user": "ada"}


def test_projects_have_deploy_keys_that_protected_branches_name() -> None:
    branches = [{"name": "stable", "allowed_to_push": [{"deploy_key": "CI"}]}]
    tags = [{"name": "v*", "allowed_to_create": [{"deploy_key": "CI"}]}]
    api = Api(world(deploy_keys=[CI, {"key": f"{ed25519(2)} b"}], protected_branches=branches, protected_tags=tags))
    listed = api.get("projects/1/deploy_keys")
    assert names(listed, "title") == ["CI", "b"]
    assert names(listed, "can_push") == [True, False]
    [level] = api.get("projects/1/protected_branches/stable").json["push_access_levels"]
    assert (level["deploy_key_id"], level["access_level_description"]) == (1, "CI")
    [level] = api.get("projects/1/protected_tags/v*").json["create_access_levels"]
    assert level["deploy_key_id"] == 1


def test_the_instance_has_public_ones_that_projects_share() -> None:
    given = world(deploy_keys=[CI, {"key": f"{ed25519(3)} backup"}])
    given["deploy_keys"] = [{"key": f"{ed25519(3)} backup", "expires_at": "2025-01-01"}]
    given["projects"][1]["deploy_keys"] = [CI]
    api = Api(given)
    assert names(api.get("deploy_keys"), "title") == ["backup", "CI"]
    assert names(api.get("deploy_keys", public=True), "expires_at") == ["2025-01-01T00:00:00.000Z"]
    assert names(api.get("projects/1/deploy_keys"), "id") == [2, 1]
    assert names(api.get("projects/2/deploy_keys"), "id") == [2]


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"key": "nonsense"}, "is invalid"),
        ({"key": ed25519(1), "user": "nobody"}, "there is no user"),
        ({"key": ed25519(1), "can_push": "maybe"}, "can_push"),
    ],
)
def test_a_wrong_one_is_refused(wrong: dict[str, Any], text: str) -> None:
    with pytest.raises(Exception, match=text):
        Api(world(deploy_keys=[wrong]))
