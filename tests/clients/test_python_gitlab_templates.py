"""Templates and Markdown driven with python-gitlab, as its users drive them."""

from typing import Any

import pytest

from tests.support import WORLD

pytestmark = pytest.mark.mockgitlab(scenario=WORLD)


def test_templates(ada: Any) -> None:
    assert ada.gitignores.get("Python").content.startswith("__pycache__/\n")
    assert ada.dockerfiles.list(get_all=True)[0].name == "Binary"
    assert ada.gitlabciymls.get("Bash").name == "Bash"
    assert [one.key for one in ada.licenses.list(popular=True, get_all=True)] == ["apache-2.0", "gpl-3.0", "mit"]
    assert "Ada Lovelace" in ada.licenses.get("mit").content


def test_project_templates(ada: Any) -> None:
    rocket = ada.projects.get("acme/rocket")
    file = {"branch": "main", "commit_message": "Add", "content": "What?"}
    rocket.files.create({**file, "file_path": ".gitlab/issue_templates/Bug.md"})
    assert [one.name for one in rocket.issue_templates.list(get_all=True)] == ["Bug"]
    assert rocket.issue_templates.get("Bug").content == "What?"
    assert rocket.license_templates.get("mit").key == "mit"
    assert rocket.merge_request_templates.list(get_all=True) == []


def test_markdown(ada: Any) -> None:
    assert ada.markdown("*Hello*") == "<p><em>Hello</em></p>"
    assert ada.markdown("@ada", gfm=True, project="acme/rocket").endswith("@ada</a></p>")
