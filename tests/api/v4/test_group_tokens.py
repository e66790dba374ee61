from tests.support import Api

PATH = "groups/1/tokens/revoke"


def test_an_owner_revokes_the_token_of_a_member(api: Api) -> None:
    answer = api.post(PATH, "ada", token="bob-token")
    assert (answer.status, answer.json["user_id"], answer.json["revoked"]) == (200, 3, True)
    assert "token" not in answer.json
    assert api.get("user", "bob").status == 401
    assert api.post(PATH, "ada", token="bob-token").json == answer.json


def test_tokens_of_bots_below_are_revoked_too(api: Api) -> None:
    secret = api.post("projects/1/access_tokens", "ada", name="ci", scopes=["api"]).json["token"]
    assert api.post(PATH, "ada", token=secret).json["revoked"] is True


def test_which_tokens_others_have_is_not_told(api: Api) -> None:
    for secret in ("nora-token", "unknown"):
        answer = api.post(PATH, "ada", token=secret)
        assert (answer.status, answer.json) == (422, {"message": "422 Unprocessable Entity"})
    assert api.get("user", "nora").status == 200


def test_only_owners_of_a_top_level_group_revoke(api: Api) -> None:
    assert api.post(PATH, "bob", token="bob-token").status == 403
    refused = api.post("groups/2/tokens/revoke", "ada", token="bob-token")
    assert (refused.status, refused.json) == (400, {"message": "400 Bad request - Must be a top-level group"})
