"""Uploads driven with python-gitlab, as its users drive them."""

from pathlib import Path
from typing import Any

import pytest

from tests.support import WORLD

pytestmark = pytest.mark.mockgitlab(scenario=WORLD)


def test_a_file_is_uploaded_and_mentioned(ada: Any, tmp_path: Path) -> None:
    rocket = ada.projects.get("acme/rocket")
    file = tmp_path / "notes.txt"
    file.write_text("On it\n")
    sent = rocket.upload("notes.txt", filepath=str(file))
    assert sent["markdown"] == f"[notes.txt]({sent['url']})"
    issue = rocket.issues.create({"title": "See", "description": sent["markdown"]})
    assert sent["url"] in issue.description
    raw = ada.http_get(f"/projects/{rocket.id}{sent['url']}", raw=True)
    assert raw.content == b"On it\n"
    [listed] = ada.http_list(f"/projects/{rocket.id}/uploads", get_all=True)
    assert (listed["filename"], listed["size"], listed["uploaded_by"]["username"]) == ("notes.txt", 6, "ada")
    ada.http_delete(f"/projects/{rocket.id}/uploads/{listed['id']}")
    assert ada.http_list(f"/projects/{rocket.id}/uploads", get_all=True) == []
