"""Uploads driven with python-gitlab, as its users drive them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gitlab
import pytest

from mockgitlab import MockGitLab
from tests.support import WORLD


@pytest.fixture
def client() -> Iterator[Any]:
    with MockGitLab(WORLD) as server, gitlab.Gitlab(server.url, private_token="ada-token") as client:
        yield client


def test_a_file_is_uploaded_and_mentioned(client: Any, tmp_path: Path) -> None:
    rocket = client.projects.get("acme/rocket")
    file = tmp_path / "notes.txt"
    file.write_text("On it\n")
    sent = rocket.upload("notes.txt", filepath=str(file))
    assert sent["markdown"] == f"[notes.txt]({sent['url']})"
    issue = rocket.issues.create({"title": "See", "description": sent["markdown"]})
    assert sent["url"] in issue.description
    raw = client.http_get(f"/projects/{rocket.id}{sent['url']}", raw=True)
    assert raw.content == b"On it\n"
    [listed] = client.http_list(f"/projects/{rocket.id}/uploads", get_all=True)
    assert (listed["filename"], listed["size"], listed["uploaded_by"]["username"]) == ("notes.txt", 6, "ada")
    client.http_delete(f"/projects/{rocket.id}/uploads/{listed['id']}")
    assert client.http_list(f"/projects/{rocket.id}/uploads", get_all=True) == []
