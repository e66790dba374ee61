"""Mirrors, submodules and changelogs driven with python-gitlab."""

from collections.abc import Iterator
from typing import Any

import gitlab
import pytest

from mockgitlab import MockGitLab
from tests.api.v4.repositories import world

SUBMODULE = {"branches": {"main": {"README.md": "x\n", "lib": {"submodule": "1" * 40}}}, "protected": False}


@pytest.fixture
def server() -> Iterator[MockGitLab]:
    with MockGitLab(world(SUBMODULE)) as running:
        yield running


@pytest.fixture
def client(server: MockGitLab) -> Iterator[Any]:
    with gitlab.Gitlab(server.url, private_token="ada-token") as client:
        yield client


def test_remote_mirrors(server: MockGitLab, client: Any) -> None:
    rocket, notes = client.projects.get("acme/rocket"), client.projects.get("ada/notes")
    url = server.url.replace("://", "://ada:ada-token@") + "/ada/notes.git"
    mirror = rocket.remote_mirrors.create({"url": url, "enabled": True})
    rocket.branches.create({"branch": "new", "ref": "main"})
    assert [one.name for one in notes.branches.list(get_all=True)] == ["main", "new"]
    mirror.enabled = False
    mirror.save()
    assert [one.enabled for one in rocket.remote_mirrors.list(get_all=True)] == [False]
    mirror.delete()


def test_pull_mirror(server: MockGitLab, client: Any) -> None:
    notes = client.projects.get("ada/notes")
    notes.mirror, notes.import_url = True, f"{server.url}/acme/rocket.git"
    notes.save()
    notes.pull_mirror.start()
    assert [one.name for one in notes.branches.list(get_all=True)] == ["main"]
    assert notes.pull_mirror.get().update_status == "finished"


def test_submodules(client: Any) -> None:
    rocket = client.projects.get("acme/rocket")
    made = rocket.update_submodule("lib", branch="main", commit_sha="2" * 40, commit_message="Move on")
    assert made["title"] == "Move on"
