"""Statuses, discussions and signatures of commits driven with python-gitlab."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gitlab
import pytest

from mockgitlab import MockGitLab
from tests.api.v4.repositories import world
from tests.clients.git_rig import Git, url


@pytest.fixture
def server() -> Iterator[MockGitLab]:
    with MockGitLab(world()) as running:
        yield running


@pytest.fixture
def rocket(server: MockGitLab) -> Iterator[Any]:
    with gitlab.Gitlab(server.url, private_token="bob-token") as client:
        yield client.projects.get("acme/rocket")


def test_statuses(rocket: Any) -> None:
    commit = rocket.commits.get("main")
    commit.statuses.create({"state": "running", "name": "ci"})
    commit.statuses.create({"state": "success", "name": "ci"})
    assert [(one.name, one.status) for one in commit.statuses.list(get_all=True)] == [("ci", "success")]
    assert rocket.commits.get("main").last_pipeline["status"] == "success"


def test_discussions(rocket: Any) -> None:
    commit = rocket.commits.get("main")
    made = commit.discussions.create({"body": "Why?"})
    note = made.notes.create({"body": "Because"})
    note.body = "So"
    note.save()
    found = commit.discussions.list(get_all=True)[0]
    assert [one["body"] for one in found.attributes["notes"]] == ["Why?", "So"]
    note.delete()
    assert len(commit.discussions.get(made.id).attributes["notes"]) == 1


def test_signatures(server: MockGitLab, rocket: Any, tmp_path: Path) -> None:
    with pytest.raises(gitlab.GitlabGetError, match="404 GPG Signature Not Found"):
        rocket.commits.get("main").signature()
    Git(tmp_path)("clone", "-q", url(server), "clone")
    clone = Git(tmp_path / "clone")
    raw = clone("cat-file", "commit", "HEAD").replace("\n\n", "\ngpgsig -----BEGIN SSH SIGNATURE-----\n x\n\n", 1)
    (clone.folder / "raw").write_text(f"{raw}\n")
    signed = clone("hash-object", "-t", "commit", "-w", "raw")
    clone("push", "-q", "origin", f"{signed}:refs/heads/signed")
    assert rocket.commits.get("signed").signature() == {
        "signature_type": "SSH",
        "verification_status": "unverified",
        "key": None,
        "commit_source": "gitaly",
    }
