"""Mirrors, submodules and changelogs driven with python-gitlab."""

from typing import Any

import pytest

from mockgitlab import MockGitLab
from tests.api.v4.repositories import world

SUBMODULE = {"branches": {"main": {"README.md": "x\n", "lib": {"submodule": "1" * 40}}}, "protected": False}
pytestmark = pytest.mark.mockgitlab(scenario=world(SUBMODULE))


def test_remote_mirrors(mockgitlab: MockGitLab, ada: Any) -> None:
    rocket, notes = ada.projects.get("acme/rocket"), ada.projects.get("ada/notes")
    url = mockgitlab.url.replace("://", "://ada:ada-token@") + "/ada/notes.git"
    mirror = rocket.remote_mirrors.create({"url": url, "enabled": True})
    rocket.branches.create({"branch": "new", "ref": "main"})
    assert [one.name for one in notes.branches.list(get_all=True)] == ["main", "new"]
    mirror.enabled = False
    mirror.save()
    assert [one.enabled for one in rocket.remote_mirrors.list(get_all=True)] == [False]
    mirror.delete()


def test_pull_mirror(mockgitlab: MockGitLab, ada: Any) -> None:
    notes = ada.projects.get("ada/notes")
    notes.mirror, notes.import_url = True, f"{mockgitlab.url}/acme/rocket.git"
    notes.save()
    notes.pull_mirror.start()
    assert [one.name for one in notes.branches.list(get_all=True)] == ["main"]
    assert notes.pull_mirror.get().update_status == "finished"


def test_submodules(ada: Any) -> None:
    rocket = ada.projects.get("acme/rocket")
    made = rocket.update_submodule("lib", branch="main", commit_sha="2" * 40, commit_message="Move on")
    assert made["title"] == "Move on"
