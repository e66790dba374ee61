"""The current user's own keys, emails, status, preferences and counts through python-gitlab."""

import base64
import hashlib
from typing import Any

import gitlab
import pytest

from tests.clients.python_gitlab_rig import Connect, refused
from tests.keys import ed25519, gpg_key


@pytest.fixture
def me(ada: Any) -> Any:
    ada.auth()
    return ada.user


def test_the_current_user_sees_more_than_others_do(me: Any) -> None:
    assert (me.email, me.commit_email, me.external, me.two_factor_enabled) == (
        "ada@example.com",
        "ada@example.com",
        False,
        False,
    )
    assert (me.bio, me.location, me.identities) == ("The first to write a program", "London", [])
    assert not hasattr(me, "is_admin")


def test_an_administrator_is_told_to_be_one(root: Any) -> None:
    root.auth()
    assert (root.user.username, root.user.is_admin) == ("root", True)


def test_ssh_keys_are_listed_added_and_deleted(me: Any) -> None:
    assert [(key.title, key.usage_type) for key in me.keys.list()] == [("laptop", "auth_and_signing")]
    made = me.keys.create({"title": "phone", "key": f"{ed25519(9)} ada@phone"})
    assert (made.title, made.key.split()[0], made.expires_at) == ("phone", "ssh-ed25519", None)
    assert me.keys.get(made.id).title == "phone"
    made.delete()
    assert [key.title for key in me.keys.list()] == ["laptop"]


def test_a_key_that_is_none_or_somebody_elses_is_refused(me: Any) -> None:
    wrong = refused(gitlab.GitlabCreateError, me.keys.create, {"title": "x", "key": "nonsense"})
    assert wrong[0] == 400
    assert "key" in wrong[1]
    first = me.keys.list()[0].key
    assert refused(gitlab.GitlabCreateError, me.keys.create, {"title": "x", "key": first}) == (
        400,
        {"fingerprint": ["has already been taken"], "key": ["has already been taken"]},
    )


def test_keys_of_anybody_are_public(bob: Any) -> None:
    assert [key.title for key in bob.users.get(2).keys.list()] == ["laptop"]
    assert len(bob.users.get(2).gpgkeys.list()) == 1


def test_an_administrator_adds_keys_and_emails_for_others(root: Any) -> None:
    eve = root.users.get(4)
    key = eve.keys.create({"title": "desk", "key": f"{ed25519(3)} eve"})
    gpg = eve.gpgkeys.create({"key": gpg_key(3)})
    email = eve.emails.create({"email": "eve@work.example", "skip_confirmation": True})
    assert [one.id for one in (*eve.keys.list(), *eve.gpgkeys.list())] == [key.id, gpg.id]
    assert [one.email for one in eve.emails.list()] == ["eve@example.com", "eve@work.example"]
    for one in (key, gpg, email):
        one.delete()
    assert (eve.keys.list(), eve.gpgkeys.list(), len(eve.emails.list())) == ([], [], 1)


def test_an_administrator_finds_the_owner_of_a_key(root: Any, ada: Any) -> None:
    key = root.keys.get(1)
    assert (key.title, key.user["username"]) == ("laptop", "ada")
    digest = hashlib.sha256(base64.b64decode(key.key.split()[1])).digest()
    fingerprint = base64.b64encode(digest).decode().rstrip("=")
    assert root.keys.get(fingerprint=f"SHA256:{fingerprint}").user["username"] == "ada"
    assert refused(gitlab.GitlabGetError, root.keys.get, 99) == (404, "404 Not found")
    assert refused(gitlab.GitlabGetError, ada.keys.get, 1) == (403, "403 Forbidden")


def test_gpg_keys_are_listed_added_and_deleted(me: Any) -> None:
    assert len(me.gpgkeys.list()) == 1
    made = me.gpgkeys.create({"key": gpg_key(5)})
    assert me.gpgkeys.get(made.id).key == gpg_key(5)
    made.delete()
    assert refused(gitlab.GitlabGetError, me.gpgkeys.get, made.id) == (404, "404 GPG Key Not Found")


def test_emails_are_listed_added_and_deleted(me: Any) -> None:
    assert [email.email for email in me.emails.list()] == ["ada@example.com", "lovelace@example.org"]
    made = me.emails.create({"email": "ada@new.example"})
    assert (made.email, made.confirmed_at) == ("ada@new.example", None)
    assert me.emails.get(made.id).email == "ada@new.example"
    taken = refused(gitlab.GitlabCreateError, me.emails.create, {"email": "bob@example.com"})
    assert taken == (400, {"email": ["has already been taken"]})
    made.delete()
    assert len(me.emails.list()) == 2


def test_the_status_is_changed(me: Any) -> None:
    status = me.status.get()
    assert (status.emoji, status.message, status.availability) == ("rocket", "Counting down", "busy")
    status.message, status.emoji = "Lift-off", "fire"
    status.save()
    changed = me.status.get()
    assert (changed.emoji, changed.message) == ("fire", "Lift-off")
    assert "Lift-off" in changed.message_html


def test_a_status_without_a_known_emoji_is_refused(me: Any) -> None:
    status = me.status.get()
    status.emoji = "no-such-thing"
    assert refused(gitlab.GitlabUpdateError, status.save)[0] == 400


def test_what_the_client_has_no_method_for_is_reached_by_its_path(ada: Any) -> None:
    counts = ada.http_get("/user_counts")
    assert counts == {
        "merge_requests": 0,
        "assigned_issues": 0,
        "assigned_merge_requests": 0,
        "review_requested_merge_requests": 0,
        "todos": 1,
    }
    preferences = ada.http_put("/user/preferences", post_data={"view_diffs_file_by_file": True})
    assert preferences["view_diffs_file_by_file"] is True
    assert ada.http_get("/users/2/associations_count") == {
        "groups_count": 1,
        "projects_count": 1,
        "issues_count": 2,
        "merge_requests_count": 0,
    }


def test_a_picture_is_uploaded(ada: Any) -> None:
    picture = {"avatar": ("ada.png", b"\x89PNG\r\n\x1a\n", "image/png")}
    answer = ada.http_put("/user/avatar", files=picture)
    assert answer == {"avatar_url": f"{ada.url}/uploads/-/system/user/avatar/2/ada.png"}
    assert ada.http_get("/avatar", email="eve@example.com")["avatar_url"].startswith("https://www.gravatar.com/avatar/")


def test_anonymously_there_is_no_current_user(connect: Connect) -> None:
    stranger = connect()
    assert refused(gitlab.GitlabAuthenticationError, stranger.auth) == (401, "401 Unauthorized")
    assert refused(gitlab.GitlabAuthenticationError, stranger.http_get, "/user/keys") == (401, "401 Unauthorized")
