import json
import subprocess
import sys
from typing import Any

import pytest

from mockgitlab.api.models.user import User
from tests.support import Answer, Api

JOHN, ROOT = "QVy1PB7sTxfy4pqfZM1U", "9koXpg98eAheJpvBs5tK"


def in_v4(api: Api, path: str) -> Any:
    return json.loads(api._client.get(f"/api/v4/{path}", headers={"Private-Token": "root-token"}).get_data())


def who(answer: Answer) -> Any:
    return answer.json["username"] if answer.status == 200 else (answer.status, answer.json)


MUST = "Must be admin to use sudo"
NOBODY = "No user id or username for: 99"
UNAUTHORIZED = (401, {"message": "401 Unauthorized"})

# Whether it is served


def test_v3_is_gone_where_the_scenario_does_not_serve_it() -> None:
    answer = Api(prefix="/api/v3/").get("user")
    assert (answer.status, answer.json) == (410, {"error": "API V3 is no longer supported. Use API V4 instead."})


def test_v3_is_not_even_loaded_where_it_is_not_served() -> None:
    code = (
        "import sys; from mockgitlab import MockGitLab; MockGitLab(); assert not [m for m in sys.modules if '.v3' in m]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_v3_knows_and_nobody_built_says_so(api: Api) -> None:
    answer = api.get("internal/check")
    assert answer.status == 501
    assert "GET /internal/check" in answer.json["message"]
    assert api.get("internal/check", "jane", sudo="root").json == {"message": f"403 Forbidden: {MUST}"}


def test_both_apis_show_the_same_records(api: Api) -> None:
    new = api.post("projects/1/issues", title="From v3").json
    shown = in_v4(api, f"projects/1/issues/{new['iid']}")
    assert (shown["id"], shown["title"]) == (new["id"], "From v3")
    assert "references" in shown
    assert "references" not in new


def test_lists_of_both_apis_are_remembered_apart(api: Api) -> None:
    lists = (api.get("projects/1/issues").json, in_v4(api, "projects/1/issues"), api.get("projects/1/issues").json)
    assert [next(iter(issues[0]["author"])) for issues in lists] == ["name", "id", "name"]


# Private tokens


def test_a_private_token_is_given_as_header_or_parameter(api: Api) -> None:
    assert who(api.get("user", None, headers={"PRIVATE-TOKEN": JOHN})) == "john_smith"
    assert who(api.get("user", None, private_token=JOHN)) == "john_smith"


def test_a_private_token_that_the_scenario_does_not_give_follows_from_the_user(api: Api) -> None:
    token = api.get("user", "jane").json["private_token"]
    assert len(token) == 20
    assert who(api.get("user", None, private_token=token)) == "jane"
    assert api.get("user", "jane").json["private_token"] == token


def test_a_private_token_is_nothing_to_v4(api: Api) -> None:
    assert api._client.get("/api/v4/user", headers={"Private-Token": JOHN}).status_code == 401


def test_personal_access_tokens_work_in_v3_too(api: Api) -> None:
    assert who(api.get("user", "jane")) == "jane"


@pytest.mark.parametrize("how", [{}, {"private_token": "wrong"}])
def test_without_a_token_that_is_known_nobody_is_let_in(api: Api, how: dict[str, Any]) -> None:
    assert who(api.get("user", None, **how)) == UNAUTHORIZED


def test_who_is_blocked_is_not_let_in(api: Api) -> None:
    api.store.update(api.store[User][2], state="blocked")
    assert who(api.get("user", None, private_token=JOHN)) == UNAUTHORIZED


@pytest.mark.parametrize("path", ["projects", "projects/1/issues", "issues", "projects/1/issues/10001"])
def test_what_anybody_may_read_in_v4_needs_a_user_in_v3(api: Api, path: str) -> None:
    assert who(api.get(path, None)) == UNAUTHORIZED


# Sudo


@pytest.mark.parametrize("how", [{"sudo": "jane"}, {"sudo": "3"}, {"headers": {"SUDO": "jane"}}])
def test_an_administrator_acts_as_another(api: Api, how: dict[str, Any]) -> None:
    assert who(api.get("user", None, private_token=ROOT, **how)) == "jane"


def test_an_access_token_needs_no_scope_for_sudo() -> None:
    world = {"mockgitlab": 1, "gitlab": {"api": ["v3"]}, "users": [{"username": "ada"}]}
    plain = Api({**world, "tokens": [{"token": "root-token", "user": "root", "scopes": ["api"]}]}, prefix="/api/v3/")
    assert who(plain.get("user", sudo="ada")) == "ada"


def test_sudo_to_oneself_is_nothing(api: Api) -> None:
    assert who(api.get("user", None, private_token=JOHN, sudo="john_smith")) == "john_smith"


def test_sudo_is_refused_as_documented(api: Api) -> None:
    answer = api.get("user", None, private_token=JOHN, sudo="jane")
    assert who(answer) == (403, {"message": f"403 Forbidden: {MUST}"})
    assert answer.headers["X-Mockgitlab-Reason"] == "john_smith is no administrator"
    assert who(api.get("user", sudo="99")) == (404, {"message": f"404 Not Found: {NOBODY}"})


def test_sudo_is_refused_as_observed(observing: Api) -> None:
    assert who(observing.get("user", None, private_token=JOHN, sudo="jane")) == (
        403,
        {"message": f"403 Forbidden - {MUST}"},
    )
    answer = observing.get("user", None, private_token=ROOT, sudo="99")
    assert who(answer) == (404, {"message": f"404 {NOBODY} Not Found"})
    text = "403 Forbidden - Private token must be specified in order to use sudo"
    assert who(observing.get("user", sudo="jane")) == (403, {"message": text})


# Quirks of old clients


def test_the_suffix_json_and_doubled_slashes_are_taken(api: Api) -> None:
    assert who(api.get("user.json", "jane")) == "jane"
    assert api.get("projects/1/issues//10001").json["iid"] == 1
    assert api.post("projects/1/issues/", title="x").status == 201
