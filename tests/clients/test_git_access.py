"""Who may fetch and push with the real git: every kind of token, passwords, nobody; and what is told to the others."""

from pathlib import Path
from typing import Any

import pytest
import requests

from mockgitlab import MockGitLab
from tests.clients.git_rig import Git, git_world, url

NO_FETCH_SCOPE = "You are not allowed to download code."
NO_PUSH_SCOPE = "You are not allowed to upload code."
NO_PUSH = "You are not allowed to push code to this project."
NOT_FOUND = "The project you were looking for could not be found or you don't have permission to view it."
DENIED = "HTTP Basic: Access denied."
TOKENS: list[dict[str, Any]] = [
    {"token": "writes", "user": "bob", "scopes": ["write_repository"]},
    {"token": "reads-api", "user": "bob", "scopes": ["read_api"]},
    {"token": "rex-api", "user": "rex", "scopes": ["api"]},
    {"token": "app", "kind": "oauth", "user": "bob", "scopes": ["api"]},
    {"token": "app-reads", "kind": "oauth", "user": "bob", "scopes": ["read_repository"]},
    {"token": "bot", "kind": "project", "project": "acme/rocket", "access_level": "developer", "scopes": ["api"]},
    {"token": "low-bot", "kind": "project", "project": "acme/rocket", "access_level": "guest", "scopes": ["api"]},
    {"token": "other-bot", "kind": "project", "project": "ada/notes", "scopes": ["api"]},
    {"token": "group-bot", "kind": "group", "group": "acme", "access_level": "developer", "scopes": ["api"]},
    {"token": "job", "kind": "job", "user": "bob", "project": "acme/rocket"},
    {"token": "other-job", "kind": "job", "user": "ada", "project": "ada/notes"},
    {"token": "deploy", "kind": "deploy", "project": "acme/rocket", "scopes": ["read_repository"], "username": "cd"},
    {"token": "group-deploy", "kind": "deploy", "group": "acme", "scopes": ["read_repository"], "username": "cd"},
    {"token": "registry", "kind": "deploy", "project": "acme/rocket", "scopes": ["read_registry"], "username": "cd"},
    {
        "token": "other-deploy",
        "kind": "deploy",
        "project": "ada/notes",
        "scopes": ["read_repository"],
        "username": "cd",
    },
    {"token": "session", "kind": "session", "user": "bob"},
]
FETCH = [
    ("oauth2", "bob-token", 200, ""),
    ("anything", "reads", 200, ""),
    ("anything", "writes", 200, ""),
    ("anything", "reads-api", 200, ""),
    ("bob", "bob-password", 200, ""),
    ("oauth2", "app", 200, ""),
    ("whoever", "app-reads", 200, ""),
    ("x", "bot", 200, ""),
    ("x", "group-bot", 200, ""),
    ("gitlab-ci-token", "job", 200, ""),
    ("cd", "deploy", 200, ""),
    ("cd", "group-deploy", 200, ""),
    ("bob", "wrong", 401, DENIED),
    ("rex", "bob-password", 401, DENIED),
    ("bob", "old", 401, DENIED),
    ("x", "session", 401, DENIED),
    ("x", "other-bot", 401, DENIED),
    ("bob", "job", 401, DENIED),
    ("gitlab+deploy-token-1", "deploy", 401, DENIED),
    ("cd", "other-deploy", 401, DENIED),
    ("bob", "api-only", 403, NO_FETCH_SCOPE),
    ("cd", "registry", 403, NO_FETCH_SCOPE),
    ("x", "low-bot", 403, "You are not allowed to download code from this project."),
    ("gitlab-ci-token", "other-job", 403, "CI/CD job token not allowed from ada/notes to acme/rocket."),
    ("nora", "nora-token", 404, NOT_FOUND),
]
PUSH = [
    ("bob", "bob-token", 200, ""),
    ("bob", "bob-password", 200, ""),
    ("x", "writes", 200, ""),
    ("oauth2", "app", 200, ""),
    ("x", "bot", 200, ""),
    ("x", "group-bot", 200, ""),
    ("bob", "wrong", 401, DENIED),
    ("x", "reads", 403, NO_PUSH_SCOPE),
    ("x", "reads-api", 403, NO_PUSH_SCOPE),
    ("oauth2", "app-reads", 403, NO_PUSH_SCOPE),
    ("cd", "deploy", 403, NO_PUSH_SCOPE),
    ("rex", "rex-api", 403, NO_PUSH),
    ("gitlab-ci-token", "job", 403, NO_PUSH),
    ("nora", "nora-token", 404, NOT_FOUND),
]
pytestmark = pytest.mark.mockgitlab(scenario=git_world(*TOKENS))


def ask(server: MockGitLab, service: str, who: str, token: str, path: str = "acme/rocket") -> requests.Response:
    at = f"{server.url}/{path}.git/info/refs?service={service}"
    return requests.get(at, auth=(who, token) if who else None, timeout=10)


@pytest.mark.parametrize(("who", "token", "status", "told"), FETCH)
def test_who_may_fetch(mockgitlab: MockGitLab, who: str, token: str, status: int, told: str) -> None:
    answer = ask(mockgitlab, "git-upload-pack", who, token)
    assert (answer.status_code, told in answer.text) == (status, True), answer.text


@pytest.mark.parametrize(("who", "token", "status", "told"), PUSH)
def test_who_may_push(mockgitlab: MockGitLab, who: str, token: str, status: int, told: str) -> None:
    answer = ask(mockgitlab, "git-receive-pack", who, token)
    assert (answer.status_code, told in answer.text) == (status, True), answer.text


def test_a_job_may_push_where_the_project_lets_it(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    at = f"{mockgitlab.url}/@jobs/api/v4/projects/1"
    setting = {"ci_push_repository_for_job_token_allowed": True}
    assert requests.put(at, json=setting, headers={"Private-Token": "ada-token"}, timeout=10).status_code == 200
    own = url(mockgitlab, "gitlab-ci-token", "job").replace("/acme/", "/@jobs/acme/")
    Git(tmp_path)("clone", "-q", own, "job")
    Git(tmp_path / "job").commit({"built": "1\n"})
    Git(tmp_path / "job")("push", "-q", "origin", "main")


def test_nobody_is_asked_who_he_is_unless_the_code_is_open_to_all(mockgitlab: MockGitLab) -> None:
    answer = ask(mockgitlab, "git-upload-pack", "", "")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="GitLab"')
    assert ask(mockgitlab, "git-upload-pack", "", "", "acme/none").status_code == 401
    assert ask(mockgitlab, "git-upload-pack", "", "", "open/source").status_code == 200
    assert ask(mockgitlab, "git-receive-pack", "", "", "open/source").status_code == 401


def test_a_bearer_is_nobody_to_git(mockgitlab: MockGitLab) -> None:
    at = f"{mockgitlab.url}/acme/rocket.git/info/refs?service=git-upload-pack"
    answer = requests.get(at, headers={"Authorization": "Bearer bob-token"}, timeout=10)
    assert (answer.status_code, "git gave a bearer" in answer.headers["X-Mockgitlab-Reason"]) == (401, True)


def test_an_archived_project_takes_no_push(mockgitlab: MockGitLab) -> None:
    at = f"{mockgitlab.url}/@old/api/v4/projects/1/archive"
    assert requests.post(at, headers={"Private-Token": "root-token"}, timeout=10).status_code == 201
    answer = ask(mockgitlab, "git-receive-pack", "bob", "bob-token", "@old/acme/rocket")
    assert (answer.status_code, answer.text) == (403, "You can't push code to an archived project.\n")
    assert ask(mockgitlab, "git-upload-pack", "bob", "bob-token", "@old/acme/rocket").status_code == 200


def test_the_use_of_a_token_is_noted(mockgitlab: MockGitLab) -> None:
    ask(mockgitlab, "git-upload-pack", "x", "writes")
    found = requests.get(
        f"{mockgitlab.url}/api/v4/personal_access_tokens", headers={"Private-Token": "bob-token"}, timeout=10
    ).json()
    assert [one["last_used_at"] for one in found if one["scopes"] == ["write_repository"]] != [None]


def test_the_dumb_protocol_is_not_spoken(mockgitlab: MockGitLab) -> None:
    at = f"{mockgitlab.url}/acme/rocket.git"
    assert requests.get(f"{at}/info/refs", timeout=10).status_code == 401
    answer = requests.get(f"{at}/info/refs", auth=("bob", "bob-token"), timeout=10)
    assert (answer.status_code, answer.text) == (403, "The command you're trying to execute is not allowed.\n")
    for path in ("HEAD", "objects/info/packs", f"objects/12/{'3' * 38}", "info/packs"):
        missing = requests.get(f"{at}/{path}", auth=("bob", "bob-token"), timeout=10)
        assert missing.status_code == 404, path
        assert "dumb protocol" in missing.headers["X-Mockgitlab-Reason"]


def test_an_archive_is_not_to_be_had_by_git(mockgitlab: MockGitLab) -> None:
    answer = ask(mockgitlab, "git-upload-archive", "bob", "bob-token")
    assert (answer.status_code, answer.text) == (404, "Not Found\n")


def test_who_leaves_out_the_ending_is_sent_to_it(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    at = f"{mockgitlab.url}/@ending/acme/rocket"
    answer = requests.get(f"{at}/info/refs?service=git-upload-pack", allow_redirects=False, timeout=10)
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{at}.git/info/refs?service=git-upload-pack")
    told = Git(tmp_path)("clone", url(mockgitlab, path="@ending/acme/rocket").removesuffix(".git"), "clone")
    assert "warning: redirecting to" in told
    clone = Git(tmp_path / "clone")
    clone.commit({"new": "1\n"})
    assert "main -> main" in clone("push")
    assert requests.post(f"{at}/git-upload-pack", b"0000", timeout=10).status_code == 404


def test_an_email_address_is_a_name_for_a_password(mockgitlab: MockGitLab) -> None:
    assert ask(mockgitlab, "git-upload-pack", "bob@example.com", "bob-password").status_code == 200
    assert ask(mockgitlab, "git-upload-pack", "3", "bob-password").status_code == 401


def test_who_is_refused_is_told_where_to_read_on(mockgitlab: MockGitLab) -> None:
    page = "help/topics/git/troubleshooting_git.md#error-on-git-fetch-http-basic-access-denied"
    assert ask(mockgitlab, "git-upload-pack", "", "").text.endswith(f"See {mockgitlab.url}/{page}\n")


def test_git_lfs_is_said_not_to_be_built(mockgitlab: MockGitLab) -> None:
    for path in ("objects/batch", "locks", "locks/verify"):
        answer = requests.post(f"{mockgitlab.url}/acme/rocket.git/info/lfs/{path}", json={}, timeout=10)
        assert answer.status_code == 501
        assert f"Git LFS (POST …/info/lfs/{path})" in answer.json()["message"]


def test_a_stub_may_stand_for_git_lfs() -> None:
    path = "/acme/rocket.git/info/lfs/objects/batch"
    stub = {"request": {"method": "POST", "path": path}, "response": {"status": 200, "json": {"objects": []}}}
    with MockGitLab({**git_world(), "stubs": [stub]}) as running:
        assert requests.post(f"{running.url}{path}", json={}, timeout=10).json() == {"objects": []}
