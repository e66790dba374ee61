"""How python-gitlab connects: version, every way to identify itself, sudo, limits, refusals."""

import json
from typing import Any

import gitlab
import pytest
import requests

from mockgitlab import MockGitLab
from tests.clients.python_gitlab_rig import Connect, refused

ROCKET = "/projects/acme%2Frocket"


def test_the_version_and_the_metadata_are_those_of_the_scenario(ada: Any) -> None:
    version, revision = ada.version()
    assert version == "17.5.0-ee"
    metadata: Any = ada.http_get("/metadata")
    assert (metadata["version"], metadata["revision"], metadata["enterprise"]) == (version, revision, True)
    assert set(metadata["kas"]) == {"enabled", "externalUrl", "externalK8sProxyUrl", "version"}


def test_the_version_is_not_told_to_strangers(connect: Connect) -> None:
    assert connect().version() == ("unknown", "unknown")


def test_auth_finds_out_who_one_is(ada: Any) -> None:
    ada.auth()
    assert ada.user is not None
    assert (ada.user.id, ada.user.username, ada.user.web_url) == (2, "ada", f"{ada.url}/ada")


@pytest.mark.parametrize(
    ("credentials", "username"),
    [
        ({"private_token": "ada-token"}, "ada"),
        ({"oauth_token": "ada-oauth"}, "ada"),
        ({"oauth_token": "ada-token"}, "ada"),
        ({"private_token": "as-eve"}, "eve"),
        ({"private_token": "acme-bot"}, "group_1_bot"),
        ({"private_token": "rocket-bot"}, "project_1_bot"),
    ],
    ids=str,
)
def test_every_kind_of_token_stands_for_its_user(connect: Connect, credentials: dict[str, str], username: str) -> None:
    client = connect(**credentials)
    client.auth()
    assert client.user.username.startswith(username)


def test_a_job_token_opens_nothing_where_gitlab_takes_none(connect: Connect) -> None:
    job = connect(job_token="ci-job")
    assert job.projects.get("friends/website").name == "Website"
    assert refused(gitlab.GitlabGetError, job.projects.get, "acme/rocket") == (404, "404 Project Not Found")
    assert refused(gitlab.GitlabAuthenticationError, job.auth) == (401, "401 Unauthorized")


def test_a_username_and_password_are_no_way_into_the_api(connect: Connect) -> None:
    client = connect(http_username="ada", http_password="secret")
    assert refused(gitlab.GitlabAuthenticationError, client.auth) == (401, "401 Unauthorized")


@pytest.mark.parametrize(
    ("token", "status", "message"),
    [
        ("wrong", 401, "401 Unauthorized"),
        ("ada-expired", 401, "Token is expired. You can either do re-authorization or token refresh."),
        ("ada-revoked", 401, "Token was revoked. You have to re-authorize from the user."),
    ],
)
def test_a_token_that_cannot_be_used_is_an_authentication_error(
    connect: Connect, token: str, status: int, message: str
) -> None:
    client = connect(private_token=token)
    assert refused(gitlab.GitlabAuthenticationError, client.auth)[0] == status
    with pytest.raises(gitlab.GitlabAuthenticationError) as error:
        client.projects.list()
    assert json.loads(error.value.response_body or "{}").get("error_description", "401 Unauthorized") == message


def test_a_token_for_reading_writes_nothing(connect: Connect) -> None:
    reader = connect(private_token="ada-read")
    project = reader.projects.get("acme/rocket")
    assert refused(gitlab.GitlabCreateError, project.issues.create, {"title": "No"}) == (403, "insufficient_scope")


def test_an_administrator_acts_as_somebody_else_with_sudo(root: Any) -> None:
    assert root.http_get("/user", sudo="eve")["username"] == "eve"
    issue = root.projects.get("acme/rocket").issues.create({"title": "From eve"}, sudo="eve")
    assert issue.author["username"] == "eve"
    status, message = refused(gitlab.GitlabHttpError, root.http_get, "/user", sudo="nobody")
    assert (status, message) == (404, "404 User with ID or username 'nobody' Not Found")


def test_nobody_else_acts_with_sudo(ada: Any) -> None:
    assert refused(gitlab.GitlabHttpError, ada.http_get, "/user", sudo="eve") == (
        403,
        "403 Forbidden - Must be admin to use sudo",
    )


def test_each_refusal_has_the_error_class_that_the_client_promises(ada: Any, connect: Connect) -> None:
    assert refused(gitlab.GitlabGetError, ada.projects.get, "acme/nowhere") == (404, "404 Project Not Found")
    assert refused(gitlab.GitlabGetError, connect("nora").projects.get, 2) == (404, "404 Project Not Found")
    project = ada.projects.get("acme/rocket")
    assert refused(gitlab.GitlabCreateError, project.issues.create, {"title": ""})[0] == 400
    label = {"name": "docs", "color": "#112233"}
    assert refused(gitlab.GitlabCreateError, project.labels.create, label) == (409, "Label already exists")
    assert refused(gitlab.GitlabUpdateError, project.issues.update, 1, {"state_event": "burn"}) == (
        400,
        "state_event does not have a valid value",
    )
    assert refused(gitlab.GitlabDeleteError, project.issues.delete, 999) == (404, "404 Issue Not Found")
    assert refused(gitlab.GitlabListError, project.issues.list, state="lost") == (
        400,
        "state does not have a valid value",
    )
    assert refused(gitlab.GitlabHttpError, ada.http_get, "/nowhere") == (404, "404 Not Found")


def test_a_refusal_tells_the_reason_besides(connect: Connect) -> None:
    client = connect("nora")
    assert "X-Mockgitlab-Reason" not in client.http_request("get", "/projects/3").headers
    with requests.get(f"{client.api_url}/projects/2", headers={"PRIVATE-TOKEN": "nora-token"}, timeout=10) as hidden:
        assert "acme/engines/ion is private" in hidden.headers["X-Mockgitlab-Reason"]


def test_the_client_waits_when_it_made_too_many_requests(
    make_mockgitlab: Any, mockgitlab_scenario: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {"mockgitlab": 1, "gitlab": {"limits": {"requests_per_minute": 2}}}
    server: MockGitLab = make_mockgitlab(mockgitlab_scenario, limits)
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        server.advance(f"{int(seconds)}s")

    monkeypatch.setattr("gitlab.utils.time.sleep", sleep)
    with gitlab.Gitlab(server.url, private_token="ada-token") as client:
        left = [client.http_request("get", "/user").headers["RateLimit-Remaining"] for _ in range(3)]
        assert (left, waits) == (["1", "0", "1"], [60])
        client.http_get("/user")
        status = refused(gitlab.GitlabHttpError, client.http_get, "/user", obey_rate_limit=False)
        assert status == (429, "429 Too Many Requests")


def test_what_did_not_change_is_not_sent_again(ada: Any) -> None:
    first = ada.http_request("get", ROCKET)
    again = {"If-None-Match": first.headers["ETag"]}
    unchanged = refused(gitlab.GitlabHttpError, ada.http_request, "get", ROCKET, extra_headers=again)
    assert unchanged == (304, "")
    ada.projects.update("acme/rocket", {"description": "To Mars"})
    assert ada.http_request("get", ROCKET, extra_headers=again).json()["description"] == "To Mars"


def test_a_moved_project_is_found_under_its_old_path(ada: Any) -> None:
    ada.projects.update("acme/rocket", {"path": "shuttle"})
    assert ada.projects.get("acme/rocket").path_with_namespace == "acme/shuttle"
    writing = ada.projects.get("acme/rocket", lazy=True).labels.create
    assert refused(gitlab.GitlabCreateError, writing, {"name": "x", "color": "red"}) == (
        405,
        "Non GET methods are not allowed for moved projects",
    )


def test_two_sandboxes_hold_worlds_of_their_own(mockgitlab: MockGitLab, connect: Connect) -> None:
    with mockgitlab.sandbox("one") as one, mockgitlab.sandbox("two") as two:
        first, second = (connect(url=box.url, private_token=box.token("ada")) for box in (one, two))
        first.projects.get("acme/rocket").issues.create({"title": "Only here"})
        counts = [client.projects.get("acme/rocket").issues.list(iterator=True).total for client in (first, second)]
        assert counts == [46, 45]
        first.auth()
        assert first.user.web_url == f"{mockgitlab.url}/@one/ada"
    assert len(connect("ada").projects.get("acme/rocket").issues.list(get_all=True)) == 45
