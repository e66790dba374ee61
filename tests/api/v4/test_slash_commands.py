import pytest

from tests.api.v4.test_project_integrations import AT, WORLD
from tests.support import Api, seen

WHO = {"team_id": "T1", "team_domain": "acme", "user_id": "U1", "user_name": "ada"}
MISSING = (404, {"message": "404 Integration Not Found"})
pytestmark = pytest.mark.mockgitlab(scenario=WORLD)


@pytest.mark.parametrize("chat", ["slack", "mattermost"])
@pytest.mark.parametrize("at", ["projects/1/services", "projects/acme%2Frocket/integrations"])
def test_whoever_writes_is_asked_to_connect_the_account(api: Api, chat: str, at: str) -> None:
    api.put(f"{AT}/{chat}-slash-commands", "ada", token="t")
    answer = api.post(f"{at}/{chat}_slash_commands/trigger", None, token="t", command="/gitlab", text="help", **WHO)
    assert (answer.status, answer.json["response_type"], answer.json["status"]) == (200, "ephemeral", 200)
    before, _, after = answer.json["text"].partition("<http://localhost/-/profile/chat_names/new?token=")
    assert before == ":wave: Hi there! Before I do anything for you, please "
    assert after[20:] == "|connect your GitLab account>."


def test_whoever_is_not_named_is_told_so(api: Api) -> None:
    api.put(f"{AT}/slack-slash-commands", "ada", token="t")
    told = ":sweat_smile: Couldn't identify you, nor can I authorize you!"
    assert seen(api.post(f"{AT}/slack_slash_commands/trigger", None, token="t")) == (
        200,
        {"response_type": "ephemeral", "status": 200, "text": told},
    )


def test_a_wrong_token_a_disabled_integration_and_a_missing_project_look_alike(api: Api) -> None:
    path = f"{AT}/slack_slash_commands/trigger"
    assert seen(api.post(path, None, token="t")) == MISSING
    api.put(f"{AT}/slack-slash-commands", "ada", token="t")
    assert seen(api.post(path, None, token="other")) == MISSING
    assert seen(api.post("projects/99/integrations/slack_slash_commands/trigger", None, token="t")) == MISSING
    assert seen(api.post(f"{AT}/mattermost_slash_commands/trigger", None, token="t")) == MISSING
    api.delete(f"{AT}/slack-slash-commands", "ada")
    assert seen(api.post(path, None, token="t")) == MISSING
    assert seen(api.post(path, None)) == (400, {"message": '400 (Bad request) "token" not given'})


def test_a_blank_token_opens_nothing(api: Api) -> None:
    blank = Api({**WORLD, "gitlab": {"version": "18.4.0", "errors": "observed"}})
    assert blank.put(f"{AT}/slack-slash-commands", "ada", token="").status == 200
    assert seen(blank.post(f"{AT}/slack_slash_commands/trigger", None, token="")) == MISSING
