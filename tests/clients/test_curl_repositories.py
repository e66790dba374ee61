"""Repositories driven with curl: actions in a form, and downloads that curl names by what the server tells."""

import subprocess
import tarfile
from pathlib import Path

import pytest

from mockgitlab import MockGitLab
from tests.api.v4.repositories import world
from tests.clients.curl_rig import call, needs_curl

pytestmark = [needs_curl, pytest.mark.mockgitlab(scenario=world())]
BOB = ("-H", "PRIVATE-TOKEN: bob-token")


@pytest.fixture
def at(mockgitlab: MockGitLab) -> str:
    return f"{mockgitlab.url}/api/v4/projects/acme%2Frocket/repository"


def form(**given: str) -> list[str]:
    return [part for name, value in given.items() for part in ("--form", f"{name}={value}")]


def action(**given: str) -> list[str]:
    return form(**{f"actions[][{name}]": value for name, value in given.items()})


def test_actions_are_sent_in_a_form_with_files_for_contents(at: str, tmp_path: Path) -> None:
    (tmp_path / "local").write_text("from a file\n")
    content = f"<{tmp_path / 'local'}"
    options = [
        *form(branch="main", commit_message="All at once", start_branch="main"),
        *action(action="create", file_path="foo/bar", content=content),
        *action(action="delete", file_path="README.md"),
        *action(action="move", file_path="go.py", previous_path="src/launch.py", content=content),
        *action(action="chmod", file_path="foo/bar", execute_filemode="true"),
    ]
    made = call(f"{at}/commits", *BOB, *options)
    assert (made.status, made.json["stats"]) == (201, {"additions": 2, "deletions": 3, "total": 5})
    tree = call(f"{at}/tree?recursive=true", *BOB).json
    assert [(one["path"], one["mode"]) for one in tree if one["type"] == "blob"] == [
        *(("foo/bar", "100755"), ("go.py", "100644"), ("src/deep/data.json", "100644"))
    ]
    assert call(f"{at}/files/foo%2Fbar/raw", *BOB).text == "from a file\n"


def test_downloads_have_the_names_that_gitlab_gives_them(at: str, tmp_path: Path) -> None:
    sha = call(f"{at}/commits/main", *BOB).json["id"]
    for path in ("files/src%2Fdeep%2Fdata.json/raw", "archive", "archive.zip?sha=v1.0&path=src"):
        subprocess.run(["curl", "-sSOJ", *BOB, f"{at}/{path}"], cwd=tmp_path, check=True, timeout=20)
    names = {"data.json", f"rocket-main-{sha}.tar.gz", f"rocket-v1.0-{sha}-src.zip"}
    assert {one.name for one in tmp_path.iterdir()} == names
    with tarfile.open(tmp_path / f"rocket-main-{sha}.tar.gz") as found:
        assert f"rocket-main-{sha}/src/deep/data.json" in found.getnames()
