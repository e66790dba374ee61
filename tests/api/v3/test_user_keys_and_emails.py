from typing import Any

import pytest

from mockgitlab.api.models.user import User
from tests.api.v3.conftest import world_of
from tests.keys import ed25519
from tests.support import Api, refused, seen

KEY = f"{ed25519(7)} ada@laptop"
CREATED = "2024-05-01T09:00:00.000Z"
SHOWN = {"id": 1, "title": "mine", "key": KEY, "created_at": CREATED, "can_push": False}
TAKEN = ["has already been taken"]
OWN_AND_OTHERS = pytest.mark.parametrize(("whose", "by"), [("user", "ada"), ("users/2", "root")])

# Keys


@OWN_AND_OTHERS
def test_a_key_is_added_shown_as_it_was_sent_and_deleted(world: Api, whose: str, by: str) -> None:
    assert seen(world.post(f"{whose}/keys", by, title="mine", key=KEY)) == (201, SHOWN)
    assert seen(world.get(f"{whose}/keys", by)) == (200, [SHOWN])
    assert world.get("user/keys/1", "ada").json == SHOWN
    assert seen(world.delete(f"{whose}/keys/1", by)) == (200, SHOWN)
    assert world.get(f"{whose}/keys", by).json == []


def test_keys_are_listed_all_at_once(world: Api) -> None:
    for seed in range(3):
        world.post("user/keys", "ada", title=str(seed), key=ed25519(seed))
    answer = world.get("user/keys", "ada", per_page=2)
    assert len(answer.json) == 3
    assert "X-Total" not in answer.headers


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"key": KEY}, '400 (Bad request) "title" not given'),
        ({"title": "mine"}, '400 (Bad request) "key" not given'),
        ({"title": "mine", "key": "x"}, {"key": ["is invalid"], "fingerprint": ["cannot be generated"]}),
        ({"title": "x" * 256, "key": KEY}, {"title": ["is too long (maximum is 255 characters)"]}),
    ],
)
def test_a_key_is_refused(world: Api, given: dict[str, str], message: Any) -> None:
    assert refused(world.post("user/keys", "ada", **given)) == message


@pytest.mark.parametrize(
    ("errors", "message"),
    [("documented", {"fingerprint": TAKEN, "key": TAKEN}), ("observed", {"fingerprint": TAKEN})],
)
def test_a_key_that_somebody_has_is_refused(errors: str, message: Any) -> None:
    world = world_of(errors=errors)
    world.post("user/keys", "ada", title="mine", key=KEY)
    assert refused(world.post("user/keys", "bob", title="mine", key=KEY)) == message


def test_the_key_of_another_is_not_found(world: Api) -> None:
    world.post("user/keys", "ada", title="mine", key=KEY)
    assert seen(world.get("user/keys/1", "bob")) == (404, {"message": "404 Key Not Found"})
    assert seen(world.delete("users/3/keys/1")) == (404, {"message": "404 Key Not Found"})
    assert seen(world.get("users/99/keys")) == (404, {"message": "404 User Not Found"})


@pytest.mark.parametrize(("path", "name"), [("user/keys/9", "Key"), ("user/emails/9", "Email")])
@pytest.mark.parametrize(("version", "status"), [("8.14.0", 200), ("8.15.0", 404), ("17.5.0", 200)])
def test_to_delete_what_is_not_there_is_fine_up_to_8_14(path: str, name: str, version: str, status: int) -> None:
    body = None if status == 200 else {"message": f"404 {name} Not Found"}
    assert seen(world_of(version=version).delete(path, "ada")) == (status, body)


def test_administrators_see_any_key_and_whose_it_is(world: Api) -> None:
    world.post("user/keys", "ada", title="mine", key=KEY)
    assert seen(world.get("keys/1")) == (200, {**SHOWN, "user": world.get("users/2").json})
    assert seen(world.get("keys/2")) == (404, {"message": "404 Not found"})
    assert seen(world.get("keys/1", "ada")) == (403, {"message": "403 Forbidden"})


# Emails


@OWN_AND_OTHERS
def test_an_email_is_added_and_deleted(world: Api, whose: str, by: str) -> None:
    shown = world.post(f"{whose}/emails", by, email="other@example.com")
    email = {"id": shown.json["id"], "email": "other@example.com"}
    assert seen(shown) == (201, email)
    assert seen(world.get(f"{whose}/emails", by)) == (200, [email])
    assert world.get(f"user/emails/{email['id']}", "ada").json == email
    assert seen(world.delete(f"{whose}/emails/{email['id']}", by)) == (200, None)
    assert world.get(f"{whose}/emails", by).json == []


def test_to_delete_the_public_email_is_answered_with_true(world: Api) -> None:
    id = world.post("user/emails", "ada", email="other@example.com").json["id"]
    world.store.update(world.store[User][2], public_email="other@example.com")
    assert world.delete(f"user/emails/{id}", "ada").json is True
    assert world.store[User][2].public_email is None


def test_an_email_is_refused(world: Api) -> None:
    assert refused(world.post("user/emails", "ada")) == '400 (Bad request) "email" not given'
    assert refused(world.post("user/emails", "ada", email="bob@example.com")) == {"email": TAKEN}
    assert refused(world.post("user/emails", "ada", email="nowhere")) == {"email": ["is invalid"]}


def test_the_primary_email_is_none_of_them(world: Api) -> None:
    assert seen(world.get("user/emails/2", "ada")) == (404, {"message": "404 Email Not Found"})
    assert seen(world.delete("users/2/emails/2")) == (404, {"message": "404 Email Not Found"})
