from typing import Any

import pytest

from tests.support import WORLD, Api

DIGEST = "d648b243a3e817eaa3309e00e183483f2867baadf522099f0c2121770536b25a"


@pytest.mark.parametrize(("given", "size"), [({}, 80), ({"size": 32}, 64), ({"size": 0}, 80)])
def test_an_unknown_email_gets_gravatars_picture(api: Api, given: dict[str, Any], size: int) -> None:
    answer = api.get("avatar", None, email="A@b.c ", **given)
    url = f"https://www.gravatar.com/avatar/{DIGEST}?s={size}&d=identicon"
    assert (answer.status, answer.json) == (200, {"avatar_url": url})


def test_a_public_email_gets_its_users_picture() -> None:
    user = {"username": "zoe", "public_email": "z@z.org", "avatar_file": "z.png"}
    api = Api({**WORLD, "users": [*WORLD["users"], user]})
    url = "http://localhost/uploads/-/system/user/avatar/7/z.png"
    assert api.get("avatar", None, email="z@z.org").json == {"avatar_url": url}
    assert api.get("avatar", None, email="zoe@example.com").json["avatar_url"].startswith("https://www.gravatar.com")


def test_an_email_is_demanded(api: Api) -> None:
    assert api.get("avatar", None).json == {"message": '400 (Bad request) "email" not given'}
    assert api.get("avatar", None, email="a@b.c", size="big").json == {"error": "size is invalid"}
