"""Statuses, discussions and signatures of commits driven with python-gitlab."""

from typing import Any

import gitlab
import pytest

from tests.api.v4.repositories import world
from tests.clients.git_rig import Git

pytestmark = pytest.mark.mockgitlab(scenario=world())


@pytest.fixture
def rocket(bob: Any) -> Any:
    return bob.projects.get("acme/rocket")


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


def test_signatures(rocket: Any, clone: Git) -> None:
    with pytest.raises(gitlab.GitlabGetError, match="404 GPG Signature Not Found"):
        rocket.commits.get("main").signature()
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
