from typing import Any

import pytest

from mockgitlab.api.models.key import Key
from tests.keys import ed25519, gpg_key, rsa
from tests.support import WORLD, Api, names

BOTH = pytest.mark.parametrize(("whose", "as_"), [("user", "bob"), ("users/3", "root")])


@BOTH
def test_an_ssh_key_is_added_shown_and_deleted(api: Api, whose: str, as_: str) -> None:
    made = api.post(f"{whose}/keys", as_, title="laptop", key=f"{ed25519(1)} bob@laptop", expires_at="2025-01-01")
    key = {
        "id": 1,
        "title": "laptop",
        "created_at": "2024-05-01T09:00:00.000Z",
        "expires_at": "2025-01-01T00:00:00.000Z",
        "last_used_at": None,
        "key": f"{ed25519(1)} Bob Kahn (localhost)",
        "usage_type": "auth_and_signing",
    }
    assert (made.status, made.json) == (201, key)
    assert list(made.json) == list(key)
    assert api.get(f"{whose}/keys", as_).json == [key]
    assert api.get(f"{whose}/keys/1", as_).json == key
    assert api.delete(f"{whose}/keys/1", as_).status == 204
    gone = api.get(f"{whose}/keys/1", as_)
    assert (gone.status, gone.json) == (404, {"message": "404 Key Not Found"})
    assert api.delete(f"{whose}/keys/1", as_).json == {"message": "404 Key Not Found"}


def test_everybody_sees_the_keys_of_a_user_by_id_and_name(api: Api) -> None:
    api.post("user/keys", "bob", title="laptop", key=ed25519(1))
    assert names(api.get("users/3/keys", None), "title") == ["laptop"]
    assert names(api.get("users/BOB/keys", None), "title") == ["laptop"]
    assert api.get("users/3/keys/1", None).json["title"] == "laptop"
    assert api.get("users/nobody/keys", None).json == {"message": "404 User Not Found"}
    assert api.get("users/2/keys/1").json == {"message": "404 Key Not Found"}


def test_ones_own_keys_are_ones_own(api: Api) -> None:
    api.post("user/keys", "bob", title="laptop", key=ed25519(1))
    assert api.get("user/keys", "ada").json == []
    assert api.get("user/keys/1", "ada").json == {"message": "404 Key Not Found"}
    assert api.delete("user/keys/1", "ada").status == 404
    assert api.get("user/keys", None).status == 401
    assert api.get("user/keys/first", "bob").json == {"error": "key_id is invalid"}


def test_only_administrators_change_the_keys_of_others(api: Api) -> None:
    api.post("user/keys", "bob", title="laptop", key=ed25519(1))
    for answer in (
        api.post("users/3/keys", "bob", title="x", key=ed25519(2)),
        api.delete("users/3/keys/1", "bob"),
        api.post("users/3/gpg_keys", "bob", key=gpg_key(1)),
        api.delete("users/3/gpg_keys/1", "bob"),
        api.post("users/3/gpg_keys/1/revoke", "bob"),
    ):
        assert (answer.status, answer.json) == (403, {"message": "403 Forbidden"})
    assert api.post("users/99/keys", title="x", key=ed25519(2)).json == {"message": "404 User Not Found"}
    assert api.post("users/99/keys", "bob").status == 400


BAD: list[Any] = [
    ({"key": "nonsense"}, {"key": ["is invalid"], "fingerprint_sha256": ["cannot be generated"]}),
    ({"key": "ssh-rsa AAAA"}, {"key": ["is invalid"], "fingerprint_sha256": ["cannot be generated"]}),
    ({"key": "ssh-rsa !!"}, {"key": ["is invalid"], "fingerprint_sha256": ["cannot be generated"]}),
    (
        {"key": ed25519(1).replace("ed25519", "rsa")},
        {"key": ["is invalid"], "fingerprint_sha256": ["cannot be generated"]},
    ),
    ({"key": " "}, {"key": ["can't be blank"]}),
    ({"key": "x" * 5001}, {"key": ["is too long (maximum is 5000 characters)"]}),
    ({"key": rsa(512)}, {"key": ["must be at least 1024 bits"]}),
    ({"title": ""}, {"title": ["can't be blank"]}),
    ({"title": "x" * 256}, {"title": ["is too long (maximum is 255 characters)"]}),
    ({"expires_at": "2024-04-30"}, {"key": ["has expired"]}),
]


@pytest.mark.parametrize(("given", "problems"), BAD)
def test_a_wrong_ssh_key_is_refused(api: Api, given: dict[str, str], problems: Any) -> None:
    answer = api.post("user/keys", "bob", **{"title": "x", "key": ed25519(1), **given})
    assert (answer.status, answer.json) == (400, {"message": problems})


def test_other_kinds_and_uses_of_keys_are_taken(api: Api) -> None:
    made = api.post("user/keys", "bob", title="x", key=rsa(2048), usage_type="signing")
    assert (made.status, made.json["usage_type"]) == (201, "signing")
    wrong = api.post("user/keys", "bob", title="x", key=ed25519(1), usage_type="none")
    assert wrong.json == {"error": "usage_type does not have a valid value"}


def test_an_ssh_key_belongs_to_one_user() -> None:
    for style, body in [
        ("documented", {"fingerprint": ["has already been taken"], "key": ["has already been taken"]}),
        ("observed", {"fingerprint_sha256": ["has already been taken"]}),
    ]:
        api = Api({**WORLD, "gitlab": {"errors": style}})
        api.post("user/keys", "bob", title="x", key=ed25519(1))
        answer = api.post("user/keys", "ada", title="y", key=f"{ed25519(1)} other")
        assert (answer.status, answer.json) == (400, {"message": body})


# GPG keys


@BOTH
def test_a_gpg_key_is_added_shown_and_deleted(api: Api, whose: str, as_: str) -> None:
    made = api.post(f"{whose}/gpg_keys", as_, key=f"{gpg_key(1)}\n")
    key = {"id": 1, "key": gpg_key(1), "created_at": "2024-05-01T09:00:00.000Z"}
    assert (made.status, made.json) == (201, key)
    assert api.get(f"{whose}/gpg_keys", as_).json == [key]
    assert api.get(f"{whose}/gpg_keys/1", as_).json == key
    assert api.delete(f"{whose}/gpg_keys/1", as_).status == 204
    assert api.delete(f"{whose}/gpg_keys/1", as_).json == {"message": "404 GPG Key Not Found"}
    assert api.get(f"{whose}/gpg_keys/1", as_).status == 404


@BOTH
def test_a_gpg_key_is_revoked(api: Api, whose: str, as_: str) -> None:
    api.post(f"{whose}/gpg_keys", as_, key=gpg_key(1))
    answer = api.post(f"{whose}/gpg_keys/1/revoke", as_)
    assert (answer.status, answer.json) == (202, 202)
    assert api.get(f"{whose}/gpg_keys", as_).json == []
    assert api.post(f"{whose}/gpg_keys/1/revoke", as_).json == {"message": "404 GPG Key Not Found"}


def test_everybody_sees_gpg_keys_of_users(api: Api) -> None:
    api.post("user/gpg_keys", "bob", key=gpg_key(1))
    assert len(api.get("users/3/gpg_keys", None).json) == 1
    assert api.get("users/3/gpg_keys/1", None).json["id"] == 1
    assert api.get("user/gpg_keys", None).status == 401
    assert api.get("users/99/gpg_keys").json == {"message": "404 User Not Found"}


BEGIN = "is invalid. A valid public GPG key begins with '-----BEGIN PGP PUBLIC KEY BLOCK-----'"


@pytest.mark.parametrize(
    ("key", "problems"),
    [
        ("nonsense", {"key": [BEGIN]}),
        (gpg_key(1).replace("AQEB", "!"), {"fingerprint": ["can't be blank"], "primary_keyid": ["can't be blank"]}),
        (gpg_key(1).replace("mQ", "0Q"), {"fingerprint": ["can't be blank"], "primary_keyid": ["can't be blank"]}),
    ],
)
def test_a_wrong_gpg_key_is_refused(api: Api, key: str, problems: Any) -> None:
    answer = api.post("user/gpg_keys", "bob", key=key)
    assert (answer.status, answer.json) == (400, {"message": problems})


def test_a_gpg_key_belongs_to_one_user(api: Api) -> None:
    api.post("user/gpg_keys", "bob", key=gpg_key(1))
    taken = ["has already been taken"]
    assert api.post("user/gpg_keys", "ada", key=gpg_key(1)).json == {"message": {"key": taken}}
    written_otherwise = gpg_key(1, "Version: 2")
    answer = api.post("user/gpg_keys", "ada", key=written_otherwise)
    assert answer.json == {"message": {"fingerprint": taken, "primary_keyid": taken}}


# All keys


def test_administrators_find_keys_by_id_and_fingerprint(api: Api) -> None:
    api.post("user/keys", "bob", title="laptop", key=ed25519(1))
    key = api.get("keys/1")
    assert (key.status, key.json["title"], key.json["user"]["username"]) == (200, "laptop", "bob")
    row = api.store[Key][1]
    assert api.get("keys", fingerprint=f"SHA256:{row.fingerprint_sha256}").json == key.json
    assert api.get("keys", fingerprint=row.fingerprint).json == key.json
    assert api.get("keys", fingerprint=f"MD5:{row.fingerprint}").json == key.json
    assert api.get("keys", fingerprint="SHA256:none").json == {"message": "404 Key Not Found"}
    wrong = api.get("keys", fingerprint="me")
    assert (wrong.status, wrong.json) == (400, {"message": "Failed to return the key"})


def test_all_keys_are_for_administrators(api: Api) -> None:
    assert api.get("keys/9").json == {"message": "404 Not found"}
    assert api.get("keys/9", "bob").json == {"message": "403 Forbidden"}
    assert api.get("keys", "bob", fingerprint="x").json == {"message": "403 Forbidden"}
    assert api.get("keys", None, fingerprint="x").status == 401
