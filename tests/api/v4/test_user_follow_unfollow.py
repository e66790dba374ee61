from tests.support import WORLD, Api, names


def test_a_user_is_followed_once(api: Api) -> None:
    first = api.post("users/3/follow", "ada")
    assert first.status == 201
    assert list(first.json) == ["id", "username", "public_email", "name", "state", "locked", "avatar_url", "web_url"]
    assert first.json["username"] == "bob"
    again = api.post("users/3/follow", "ada")
    assert (again.status, again.text) == (304, "")


def test_nobody_follows_oneself(api: Api) -> None:
    assert api.post("users/2/follow", "ada").status == 304


def test_nobody_is_followed_who_has_switched_it_off() -> None:
    api = Api({**WORLD, "users": [*WORLD["users"], {"username": "zoe", "enabled_following": False}]})
    assert api.post("users/7/follow", "ada").status == 304
    assert "followers" not in api.get("users/7", "ada").json


def test_followers_and_followed_are_listed(api: Api) -> None:
    api.post("users/3/follow", "ada")
    api.post("users/3/follow", "rex")
    assert names(api.get("users/3/followers", "nora"), "username") == ["ada", "rex"]
    assert names(api.get("users/2/following", "nora"), "username") == ["bob"]
    shown = api.get("users/3", "ada").json
    assert (shown["followers"], shown["following"], shown["is_followed"]) == (2, 0, True)


def test_blocked_followers_do_not_count(api: Api) -> None:
    api.post("users/3/follow", "ada")
    api.post("users/2/block")
    assert names(api.get("users/3/followers"), "username") == []
    assert api.get("users/3").json["followers"] == 0


def test_a_user_is_followed_no_more(api: Api) -> None:
    api.post("users/3/follow", "ada")
    answer = api.post("users/3/unfollow", "ada")
    assert (answer.status, answer.json["username"]) == (201, "bob")
    assert api.post("users/3/unfollow", "ada").status == 304
    assert names(api.get("users/3/followers"), "username") == []


def test_following_has_a_limit() -> None:
    people = [{"username": f"fan{number}"} for number in range(301)]
    api = Api({**WORLD, "users": [*WORLD["users"], *people]})
    for number in range(7, 307):
        assert api.post(f"users/{number}/follow", "ada").status == 201
    answer = api.post("users/307/follow", "ada")
    text = "You can't follow more than 300 users. To follow more users, unfollow some others."
    assert (answer.status, answer.json) == (400, {"message": text})


def test_followers_are_shown_to_users(api: Api) -> None:
    for path in ("users/3/followers", "users/3/following"):
        answer = api.get(path, None)
        assert (answer.status, answer.json) == (403, {"message": "403 Forbidden - Not authorized!"})
    assert api.get("users/99/followers").json == {"message": "404 User Not Found"}
    assert api.post("users/99/follow", "ada").json == {"message": "404 User Not Found"}
    assert api.post("users/3/follow", None).status == 401


def test_followers_of_a_private_profile_are_not_found() -> None:
    api = Api({**WORLD, "users": [*WORLD["users"], {"username": "zoe", "private_profile": True}]})
    assert api.get("users/7/followers", "ada").json == {"message": "404 User Not Found"}
    assert api.get("users/7/followers").json == []


def test_a_scenario_says_who_follows_whom() -> None:
    api = Api({**WORLD, "users": [*WORLD["users"], {"username": "zoe", "following": ["ada", "bob"]}]})
    assert names(api.get("users/7/following"), "username") == ["ada", "bob"]
