import pytest

from tests.support import Api


def test_users_see_themselves_with_their_private_token(api: Api) -> None:
    shown = api.get("user", None, private_token="QVy1PB7sTxfy4pqfZM1U").json
    assert shown.pop("avatar_url").startswith("https://www.gravatar.com/avatar/")
    assert shown == {
        "name": "John Smith",
        "username": "john_smith",
        "id": 2,
        "state": "active",
        "web_url": "http://localhost/john_smith",
        "created_at": "2016-06-01T09:00:00.000Z",
        "is_admin": False,
        "bio": "",
        "location": "",
        "skype": "",
        "linkedin": "",
        "twitter": "",
        "website_url": "",
        "organization": "",
        "last_sign_in_at": None,
        "confirmed_at": "2016-06-01T09:00:00.000Z",
        "email": "john@example.com",
        "theme_id": 1,
        "color_scheme_id": 1,
        "projects_limit": 100000,
        "current_sign_in_at": None,
        "identities": [],
        "can_create_group": True,
        "can_create_project": True,
        "two_factor_enabled": False,
        "external": False,
        "private_token": "QVy1PB7sTxfy4pqfZM1U",
    }


@pytest.mark.parametrize(
    ("version", "shown"), [("8.11.0", True), ("8.12.0", False), ("10.0.0", False), ("18.0.0", True)]
)
def test_the_private_token_is_shown_up_to_8_11(version: str, shown: bool) -> None:
    api = Api({"mockgitlab": 1, "gitlab": {"api": ["v3"], "version": version}}, prefix="/api/v3/")
    answer = api.get("user", None, private_token=_token(api))
    assert ("private_token" in answer.json, answer.json["skype"]) == (shown, "")


def _token(api: Api) -> str:
    from mockgitlab.api.models.user import User
    from mockgitlab.api.services.private_tokens import private_token_of

    return private_token_of(api.store[User][1])
