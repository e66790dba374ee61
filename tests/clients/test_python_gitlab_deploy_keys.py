"""Deploy keys driven with python-gitlab, the keys made by ssh-keygen."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import gitlab
import pytest

from tests.support import WORLD

pytestmark = [
    pytest.mark.mockgitlab(scenario=WORLD),
    pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not there to make keys"),
]


def new_key(folder: Path, name: str) -> tuple[str, str]:
    """Make a key; return its public half and its fingerprint as ssh-keygen tells it."""
    file = str(folder / name)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file], check=True)
    told = subprocess.run(["ssh-keygen", "-lf", file], check=True, capture_output=True, text=True).stdout
    return (folder / f"{name}.pub").read_text(), told.split()[1]


def test_deploy_keys(ada: Any, tmp_path: Path) -> None:
    text, fingerprint = new_key(tmp_path, "ci")
    rocket, notes = ada.projects.get("acme/rocket"), ada.projects.get("ada/notes")
    key = rocket.keys.create({"title": "CI", "key": text, "can_push": True})
    assert key.fingerprint_sha256 == fingerprint
    key.title = "Robot"
    key.save()
    notes.keys.enable(key.id)
    assert [(one.title, one.can_push) for one in notes.keys.list(get_all=True)] == [("Robot", False)]
    branch = rocket.protectedbranches.create({"name": "stable", "allowed_to_push": [{"deploy_key_id": key.id}]})
    assert branch.push_access_levels[0]["deploy_key_id"] == key.id
    key.delete()
    notes.keys.delete(key.id)
    with pytest.raises(gitlab.GitlabGetError, match="404"):
        rocket.keys.get(key.id)


def test_keys_of_the_instance(ada: Any, tmp_path: Path) -> None:
    root = gitlab.Gitlab(ada.url, private_token="root-token")
    text, fingerprint = new_key(tmp_path, "backup")
    made = root.deploykeys.create({"title": "Backup", "key": text})
    ada.projects.get("acme/rocket").keys.enable(made.id)
    [listed] = root.deploykeys.list(public=True, get_all=True)
    assert [one["path_with_namespace"] for one in listed.projects_with_readonly_access] == ["acme/rocket"]
    found = root.keys.get(fingerprint=fingerprint)
    assert [one["project_id"] for one in found.deploy_keys_projects] == [1]
