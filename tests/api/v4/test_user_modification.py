from typing import Any

import pytest

from tests.support import WORLD, Api, a_file, names, seen

NEW: dict[str, Any] = {"name": "Zoe", "username": "zoe", "email": "zoe@zoo.org", "password": "br0wn-fx-jmps"}


def create(api: Api, as_: str | None = "root", **given: Any) -> Any:
    answer = api.post("users", as_, **{**NEW, **given})
    return (answer.status, answer.json)


# Creating


def test_an_administrator_creates_a_user_with_a_namespace(api: Api) -> None:
    status, user = create(api, bio="Keeper", admin=True, note="new", theme_id=4, skip_confirmation=True)
    assert status == 201
    assert (user["id"], user["username"], user["bio"], user["is_admin"]) == (7, "zoe", "Keeper", True)
    assert (user["note"], user["theme_id"], user["confirmed_at"]) == ("new", 4, "2024-05-01T09:00:00.000Z")
    assert user["state"] == "active"
    assert api.get("namespaces/zoe").json["id"] == user["namespace_id"]


def test_a_new_user_is_unconfirmed_unless_told(api: Api) -> None:
    assert create(api)[1]["confirmed_at"] is None


@pytest.mark.parametrize("given", [{"reset_password": True}, {"force_random_password": True}])
def test_a_password_need_not_be_given(api: Api, given: dict[str, Any]) -> None:
    assert create(api, password=None, **given)[0] == 201


def test_a_new_user_gets_an_identity_and_preferences(api: Api) -> None:
    _, user = create(api, provider="saml", extern_uid="z", view_diffs_file_by_file=True)
    assert user["identities"] == [{"provider": "saml", "extern_uid": "z", "saml_provider_id": None}]
    token = api.get("user/preferences", sudo="zoe")
    assert token.json["view_diffs_file_by_file"] is True


def test_an_external_user_may_create_nothing(api: Api) -> None:
    _, user = create(api, external=True)
    assert (user["external"], user["can_create_group"], user["projects_limit"]) == (True, False, 0)


def test_only_administrators_create_users_and_everybody_learns_of_wrong_parameters(api: Api) -> None:
    assert create(api, "ada") == (403, {"message": "403 Forbidden"})
    assert create(api, None) == (401, {"message": "401 Unauthorized"})
    assert api.post("users", "ada", name="Zoe").status == 400


def test_missing_parameters_are_named() -> None:
    documented, observed = Api(), Api({**WORLD, "gitlab": {"errors": "observed"}})
    assert documented.post("users", password="x").json == {"message": '400 (Bad request) "email" not given'}
    missing = "email is missing, name is missing, username is missing"
    assert observed.post("users", password="x").json == {"error": missing}


def test_a_password_or_a_substitute_is_demanded(api: Api) -> None:
    answer = api.post("users", name="Zoe", username="zoe", email="z@z.org")
    text = "password, reset_password, force_random_password are missing, at least one parameter must be provided"
    assert (answer.status, answer.json) == (400, {"error": text})


def test_what_others_have_is_a_conflict(api: Api) -> None:
    assert create(api, email="ADA@example.com") == (409, {"message": "Email has already been taken"})
    assert create(api, username="Ada") == (409, {"message": "Username has already been taken"})


def test_the_path_of_a_group_is_no_conflict_and_is_refused(api: Api) -> None:
    assert create(api, username="Acme") == (400, {"message": {"username": ["has already been taken"]}})


def test_an_unconfirmed_email_of_another_is_refused(api: Api) -> None:
    api.post("user/emails", "ada", email="zoe@zoo.org")
    assert create(api) == (400, {"message": {"email": ["has already been taken"]}})


FORMAT = "can contain only letters, digits, '_', '-' and '.'. Cannot start with '-' or end in '.', '.git' or '.atom'."
SPECIAL = "must not start or end with a special character and must not contain consecutive special characters."


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"email": "nonsense"}, ["is invalid"]),
        ({"email": ""}, ["can't be blank"]),
        ({"name": " "}, ["can't be blank"]),
        ({"name": "x" * 256}, ["is too long (maximum is 255 characters)"]),
        ({"username": ""}, ["can't be blank"]),
        ({"username": "z"}, ["is too short (minimum is 2 characters)"]),
        ({"username": "z" * 256}, ["is too long (maximum is 255 characters)"]),
        ({"username": "test!"}, [FORMAT, SPECIAL]),
        ({"username": "test_"}, [SPECIAL]),
        ({"username": "a--b"}, [SPECIAL]),
        ({"username": "admin"}, ["admin is a reserved name"]),
        ({"username": "pic.png"}, ["ending with a reserved file extension is not allowed."]),
        ({"password": "short"}, ["is too short (minimum is 8 characters)"]),
        ({"password": "x" * 129}, ["is too long (maximum is 128 characters)"]),
        ({"password": "password1"}, ["must not contain commonly used combinations of words and letters"]),
        ({"password": "my-gitlab-1"}, ["must not contain commonly used combinations of words and letters"]),
        ({"projects_limit": -1}, ["must be greater than or equal to 0"]),
        ({"bio": "x" * 256}, ["is too long (maximum is 255 characters)"]),
        ({"theme_id": 77}, ["77 is not a valid theme"]),
        ({"color_scheme_id": 9}, ["9 is not a valid color scheme"]),
        ({"website_url": "ftp://x.org"}, ["is blocked: Only allowed schemes are http, https"]),
        ({"public_email": "foreign@x.org"}, ["is not an email you own"]),
        ({"commit_email": "foreign@x.org"}, ["is not an email you own"]),
    ],
)
def test_what_is_not_allowed_is_refused(given: dict[str, Any], problems: list[str]) -> None:
    api = Api()
    api.post("users", **{**NEW, "username": "old", "email": "old@zoo.org"})
    expected = (400, {"message": {next(iter(given)): problems}})
    if "public_email" not in given:
        assert create(api, **given) == expected
    answer = api.put("users/7", **given)
    assert (answer.status, answer.json) == expected


def test_all_problems_are_told_at_once(api: Api) -> None:
    status, body = create(api, password="x", bio="x" * 256, projects_limit=-1, username="test!")
    assert status == 400
    assert set(body["message"]) == {"password", "bio", "projects_limit", "username"}


# Modifying


def test_an_administrator_modifies_a_user(api: Api) -> None:
    answer = api.put("users/3", name="Robert", bio="Net", external=True, admin=True, location=None)
    assert answer.status == 200
    shown = {name: answer.json[name] for name in ("name", "bio", "external", "is_admin", "location", "projects_limit")}
    assert shown == {
        "name": "Robert",
        "bio": "Net",
        "external": True,
        "is_admin": True,
        "location": "",
        "projects_limit": 0,
    }
    assert api.put("users/3", external=False).json["projects_limit"] == 100_000


def test_nothing_given_changes_nothing(api: Api) -> None:
    before = api.get("users", username="bob").json[0]
    assert api.put("users/3").json == before


def test_only_administrators_modify_users(api: Api) -> None:
    assert api.put("users/3", "bob", name="x").json == {"message": "403 Forbidden"}
    assert api.put("users/3", None, name="x").status == 401
    assert api.put("users/99", name="x").json == {"message": "404 User Not Found"}


def test_a_renamed_user_takes_the_namespace_and_projects_along(api: Api) -> None:
    api.put("users/2", username="countess", name="Countess")
    namespace = api.get("namespaces/countess").json
    assert (namespace["name"], namespace["full_path"]) == ("Countess", "countess")
    assert api.get("projects/countess%2Fnotes").json["id"] == 3
    assert api.get("projects/ada%2Fnotes").status == 301
    assert api.get("namespaces/ada").status == 404


def test_a_new_email_waits_for_confirmation(api: Api) -> None:
    assert api.put("users/3", email="bob@new.org").json["email"] == "bob@example.com"
    confirmed = api.put("users/3", email="bob@new.org", skip_reconfirmation=True)
    assert confirmed.json["email"] == "bob@new.org"
    assert names(api.get("users/3/emails"), "email") == ["bob@new.org"]


def test_a_user_keeps_what_is_his_own(api: Api) -> None:
    assert api.put("users/3", username="Bob", email="BOB@example.com").status == 200


def test_what_others_have_is_a_conflict_for_a_change(api: Api) -> None:
    answer = api.put("users/3", email="ada@example.com", name="")
    assert (answer.status, answer.json) == (409, {"message": "Email has already been taken"})
    answer = api.put("users/3", username="ADA")
    assert (answer.status, answer.json) == (409, {"message": "Username has already been taken"})


def test_a_password_set_by_another_has_to_be_changed(api: Api) -> None:
    assert api.put("users/3", password="br0wn-fx-jmps").status == 200
    answer = api.get("user", "bob")
    text = "Your password expired. Please access GitLab from a web browser to update your password."
    assert (answer.status, answer.json) == (403, {"message": f"403 Forbidden - {text}"})


def test_ones_own_password_does_not_expire(api: Api) -> None:
    api.put("users/1", password="br0wn-fx-jmps")
    assert api.get("user").status == 200


def test_an_identity_is_added_and_updated(api: Api) -> None:
    assert api.put("users/3", provider="saml", extern_uid="b").status == 200
    answer = api.put("users/3", provider="saml", extern_uid="bb", group_id_for_saml=1)
    assert answer.json["identities"] == [{"provider": "saml", "extern_uid": "bb", "saml_provider_id": 1}]
    taken = api.put("users/4", provider="saml", extern_uid="bb")
    assert (taken.status, taken.json) == (400, {"message": {"extern_uid": ["has already been taken"]}})
    alone = api.put("users/4", provider="saml")
    assert alone.json == {"error": "extern_uid, provider provide all or none of parameters"}


def test_emails_of_ones_own_may_be_public(api: Api) -> None:
    assert api.put("users/3", public_email="bob@example.com").json["public_email"] == "bob@example.com"
    assert api.put("users/3", commit_email="_private").json["commit_email"] == "3-bob@users.noreply.localhost"
    api.put("users/2", public_email="ada@example.com")
    answer = api.put("users/3", public_email="ada@example.com")
    assert answer.json == {"message": {"public_email": ["has already been taken"]}}


# Pictures


def test_a_user_uploads_a_picture(api: Api) -> None:
    url = "http://localhost/uploads/-/system/user/avatar/2/me.png"
    assert seen(api.form("PUT", "user/avatar", "ada", avatar=a_file("me.png"))) == (200, {"avatar_url": url})
    assert api.get("user", "ada").json["avatar_url"] == url
    assert api.put("users/2", avatar="").json["avatar_url"].startswith("https://www.gravatar.com/")


def test_an_administrator_uploads_a_picture_of_a_user(api: Api) -> None:
    status, user = seen(api.form("PUT", "users/3", avatar=a_file("me.png")))
    assert (status, user["avatar_url"]) == (200, "http://localhost/uploads/-/system/user/avatar/3/me.png")
    too_big = seen(api.form("PUT", "users/3", avatar=a_file("me.png", b"x" * 204_801)))
    assert too_big == (400, {"message": {"avatar": ["is too big (should be at most 200 KiB)"]}})


def test_a_picture_must_be_small_and_a_picture(api: Api) -> None:
    text = "Avatar is too big (should be at most 200 KiB)"
    assert seen(api.form("PUT", "user/avatar", "ada", avatar=a_file("me.png", b"x" * 204_801))) == (
        400,
        {"message": text},
    )
    status, body = seen(api.form("PUT", "user/avatar", "ada", avatar=a_file("me.exe")))
    assert status == 400
    assert body["message"].startswith("Avatar file format is not supported.")
    assert body["message"].endswith(
        "formats: image/png, image/jpeg, image/gif, image/bmp, image/tiff, image/vnd.microsoft.icon"
    )
    assert api.put("user/avatar", "ada", avatar="me.png").json == {"error": "avatar is invalid"}
    assert api.put("user/avatar", "ada").status == 400
