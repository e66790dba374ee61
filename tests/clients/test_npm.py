"""npm packages published and installed by npm as it comes; nothing is asked for at npmjs.com."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support import WORLD

pytestmark = [
    pytest.mark.mockgitlab(scenario={**WORLD, "gitlab": {"settings": {"npm_package_requests_forwarding": False}}}),
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not there to publish and install anything"),
]
PROJECT = "projects/1/packages/npm"


def npm(folder: Path, url: str, *command: str, user: str = "bob", at: str = PROJECT) -> str:
    """Run npm in a folder whose registry for @acme is that of a project, a group or the instance."""
    host = url.partition("://")[2]
    tokens = [f"//{host}/api/v4/{place}/:_authToken={user}-token" for place in {PROJECT, at}]
    (folder / ".npmrc").write_text("\n".join([f"@acme:registry={url}/api/v4/{at}/", *tokens]))
    options = ("--no-audit", "--no-fund", "--no-update-notifier", "--cache", str(folder.parent / "cache"))
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder.parent)}
    done = subprocess.run(
        ["npm", *command, *options], cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=60
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    return done.stdout


@pytest.fixture
def rocket(mockgitlab: Any, tmp_path: Path) -> Path:
    """Return the folder of @acme/rocket, of which 1.0.0 is published."""
    folder = tmp_path / "rocket"
    folder.mkdir()
    (folder / "launch.js").write_text("console.log(42)")
    release(folder, mockgitlab.url, "1.0.0")
    return folder


def release(folder: Path, url: str, version: str, *more: str) -> None:
    told = {"name": "@acme/rocket", "version": version, "bin": {"launch": "launch.js"}}
    (folder / "package.json").write_text(json.dumps(told))
    npm(folder, url, "publish", *more)


@pytest.mark.parametrize("at", [PROJECT, "groups/1/-/packages/npm", "packages/npm"])
def test_npm_installs_what_it_published(mockgitlab: Any, tmp_path: Path, rocket: Path, at: str) -> None:
    app = tmp_path / "app"
    app.mkdir()
    npm(app, mockgitlab.url, "install", "@acme/rocket", user="rex", at=at)
    assert (app / "node_modules/@acme/rocket/launch.js").read_text() == "console.log(42)"
    assert (app / "node_modules/.bin/launch").exists()


def test_npm_sets_tags_shows_and_deprecates(mockgitlab: Any, rocket: Path) -> None:
    url = mockgitlab.url
    release(rocket, url, "1.1.0-rc.1", "--tag", "next")
    npm(rocket, url, "dist-tag", "add", "@acme/rocket@1.0.0", "stable")
    assert npm(rocket, url, "dist-tag", "ls", "@acme/rocket").split("\n")[:3] == [
        "latest: 1.0.0",
        "next: 1.1.0-rc.1",
        "stable: 1.0.0",
    ]
    npm(rocket, url, "dist-tag", "rm", "@acme/rocket", "stable", user="ada")
    npm(rocket, url, "deprecate", "@acme/rocket@1.0.0", "too old", user="ada")
    shown = json.loads(npm(rocket, url, "view", "@acme/rocket@1.0.0", "--json"))
    assert (shown["deprecated"], shown["dist-tags"]) == ("too old", {"latest": "1.0.0", "next": "1.1.0-rc.1"})


def test_npm_is_told_why_it_may_not_publish(mockgitlab: Any, rocket: Path) -> None:
    (rocket / "package.json").write_text(json.dumps({"name": "@acme/rocket", "version": "2.0"}))
    with pytest.raises(AssertionError, match="Invalid version"):
        npm(rocket, mockgitlab.url, "publish")
    (rocket / "package.json").write_text(json.dumps({"name": "@acme/rocket", "version": "2.0.0"}))
    with pytest.raises(AssertionError, match="403 Forbidden"):
        npm(rocket, mockgitlab.url, "publish", user="rex")
