"""Templates and Markdown driven with python-gitlab, as its users drive them."""

from collections.abc import Iterator
from typing import Any

import gitlab
import pytest

from mockgitlab import MockGitLab
from tests.support import WORLD


@pytest.fixture
def client() -> Iterator[Any]:
    with MockGitLab(WORLD) as server, gitlab.Gitlab(server.url, private_token="ada-token") as client:
        yield client


def test_templates(client: Any) -> None:
    assert client.gitignores.get("Python").content.startswith("__pycache__/\n")
    assert client.dockerfiles.list(get_all=True)[0].name == "Binary"
    assert client.gitlabciymls.get("Bash").name == "Bash"
    assert [one.key for one in client.licenses.list(popular=True, get_all=True)] == ["apache-2.0", "gpl-3.0", "mit"]
    assert "Ada Lovelace" in client.licenses.get("mit").content


def test_project_templates(client: Any) -> None:
    rocket = client.projects.get("acme/rocket")
    file = {"branch": "main", "commit_message": "Add", "content": "What?"}
    rocket.files.create({**file, "file_path": ".gitlab/issue_templates/Bug.md"})
    assert [one.name for one in rocket.issue_templates.list(get_all=True)] == ["Bug"]
    assert rocket.issue_templates.get("Bug").content == "What?"
    assert rocket.license_templates.get("mit").key == "mit"
    assert rocket.merge_request_templates.list(get_all=True) == []


def test_markdown(client: Any) -> None:
    assert client.markdown("*Hello*") == "<p><em>Hello</em></p>"
    assert client.markdown("@ada", gfm=True, project="acme/rocket").endswith("@ada</a></p>")
