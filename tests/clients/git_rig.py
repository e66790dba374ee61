"""The real git against a running server: running it, and a world with a repository."""

import os
import subprocess
from pathlib import Path
from typing import Any

import requests

from mockgitlab import MockGitLab
from tests.api.v4.repositories import world

JOB: dict[str, Any] = {"token": "job", "kind": "job", "user": "bob", "project": "acme/rocket"}
DEPLOY: dict[str, Any] = {"token": "deploy", "kind": "deploy", "scopes": ["read_repository"], "username": "cd"}
"""A deploy token, without what it is for."""


def environment() -> dict[str, str]:
    """Return the variables with which git runs: nothing of the machine's own settings, and Ada as author."""
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
    who = {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com"}
    who |= {"GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com"}
    return {**os.environ, **own, **who}


class Git:
    """Runs git in a folder, with nothing of the machine's own settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.variables = environment()

    def __call__(self, *arguments: str, fails: bool = False) -> str:
        done = subprocess.run(
            ["git", "-c", "init.defaultBranch=main", *arguments],
            cwd=self.folder,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stderr
        return (done.stdout + done.stderr).strip()

    def commit(self, files: dict[str, str], message: str = "Change") -> str:
        for path, content in files.items():
            place = self.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content)
        self("add", "--all")
        self("commit", "-q", "-m", message)
        return self("rev-parse", "HEAD")


def git_world(*tokens: dict[str, Any], **gitlab: Any) -> dict[str, Any]:
    """Return the world of the tests of repositories, with passwords and more tokens."""
    given: dict[str, Any] = world()
    users = [{**user, "password": f"{user['username']}-password"} for user in given["users"]]
    more = [
        {"token": "reads", "user": "bob", "scopes": ["read_repository"]},
        {"token": "api-only", "user": "bob", "scopes": ["read_user"]},
        {"token": "old", "user": "bob", "scopes": ["api"], "expires_at": "2024-01-01"},
    ]
    settings = {**given.get("gitlab", {}), **gitlab}
    return {**given, "users": users, "tokens": [*given["tokens"], *more, *tokens], "gitlab": settings}


def url(server: MockGitLab, who: str = "bob", token: str = "", path: str = "acme/rocket") -> str:
    return server.url.replace("://", f"://{who}:{token or f'{who}-token'}@") + f"/{path}.git"


def clone_of(server: MockGitLab, folder: Path, path: str = "acme/rocket", who: str = "bob") -> Git:
    """Clone a repository into a folder, as a person of the scenario, and return git in the clone."""
    Git(folder)("clone", "-q", url(server, who, path=path), "clone")
    return Git(folder / "clone")


def api(server: MockGitLab, path: str, sandbox: str = "") -> Any:
    below = f"/@{sandbox}" if sandbox else ""
    return requests.get(
        f"{server.url}{below}/api/v4/{path}", headers={"Private-Token": "root-token"}, timeout=10
    ).json()
