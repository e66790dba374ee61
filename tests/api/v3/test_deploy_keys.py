from typing import Any

import pytest

from tests.keys import ed25519
from tests.support import Api, refused, seen

KEY = f"{ed25519(9)} ci"
CREATED = "2024-05-01T09:00:00.000Z"
SHOWN = {"id": 1, "title": "ci", "key": KEY, "created_at": CREATED, "can_push": False}
MISSING = (404, {"message": "404 Deploy Key Not Found"})
FORBIDDEN = (403, {"message": "403 Forbidden"})
PATHS = pytest.mark.parametrize("at", ["projects/1/keys", "projects/1/deploy_keys"])


@PATHS
def test_a_deploy_key_is_added_shown_and_taken_away(world: Api, at: str) -> None:
    pushing = {**SHOWN, "can_push": True}
    assert seen(world.post(at, "ada", title="ci", key=KEY, can_push=True)) == (201, pushing)
    assert seen(world.get(at, "ada")) == (200, [pushing])
    assert seen(world.get(f"{at}/1", "ada")) == (200, pushing)
    row = {"id": 1, "deploy_key_id": 1, "project_id": 1, "created_at": CREATED, "updated_at": CREATED}
    assert seen(world.delete(f"{at}/1", "ada")) == (200, row)
    assert seen(world.delete(f"{at}/1", "ada")) == MISSING
    assert seen(world.get(f"{at}/1", "ada")) == (404, {"message": "404 Not found"})


@PATHS
def test_a_deploy_key_is_enabled_and_disabled_elsewhere(world: Api, at: str) -> None:
    world.post("projects/3/keys", "ada", title="ci", key=KEY)
    assert seen(world.post(f"{at}/1/enable", "ada")) == (201, SHOWN)
    assert world.get(at, "ada").json == [SHOWN]
    assert seen(world.delete(f"{at}/1/disable", "ada")) == (200, SHOWN)
    assert world.get(at, "ada").json == []
    assert seen(world.delete(f"{at}/1/disable", "ada")) == MISSING
    assert seen(world.post(f"{at}/99/enable", "ada")) == MISSING


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"key": KEY}, '400 (Bad request) "title" not given'),
        ({"title": "ci"}, '400 (Bad request) "key" not given'),
        ({"title": "ci", "key": "x"}, {"key": ["is invalid"], "fingerprint": ["cannot be generated"]}),
        ({"title": "x" * 256, "key": KEY}, {"title": ["is too long (maximum is 255 characters)"]}),
    ],
)
def test_a_deploy_key_is_refused(world: Api, given: dict[str, str], message: Any) -> None:
    assert refused(world.post("projects/1/keys", "ada", **given)) == message


def test_deploy_keys_are_for_maintainers(world: Api) -> None:
    assert seen(world.get("projects/1/keys", "bob")) == FORBIDDEN
    assert seen(world.post("projects/1/keys", "bob", title="ci", key=KEY)) == FORBIDDEN


def test_administrators_see_all_deploy_keys_at_once(world: Api) -> None:
    for seed in range(3):
        world.post("projects/1/keys", "ada", title=str(seed), key=ed25519(seed), can_push=seed == 1)
    answer = world.get("deploy_keys", per_page=1)
    assert [(key["title"], key["can_push"]) for key in answer.json] == [("0", False), ("1", True), ("2", False)]
    assert "X-Total" not in answer.headers
    assert seen(world.get("deploy_keys", "ada")) == FORBIDDEN
