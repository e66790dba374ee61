"""Python packages installed by pip as it comes."""

import importlib.util
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.support import WORLD

pytestmark = [
    pytest.mark.mockgitlab(scenario=WORLD),
    pytest.mark.skipif(importlib.util.find_spec("pip") is None, reason="pip is not there to install anything"),
]
INFO = "rocketry-1.2.dist-info"
FILES = {
    "rocketry.py": "THRUST = 42\n",
    f"{INFO}/METADATA": "Metadata-Version: 2.1\nName: rocketry\nVersion: 1.2\nRequires-Python: >=3.7\n",
    f"{INFO}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    f"{INFO}/RECORD": f"rocketry.py,,\n{INFO}/METADATA,,\n{INFO}/WHEEL,,\n{INFO}/RECORD,,\n",
}


def wheel() -> bytes:
    """Return a package that pip installs."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in FILES.items():
            archive.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize("registry", ["projects/1/packages/pypi", "groups/1/-/packages/pypi"])
def test_pip_installs_what_was_uploaded(mockgitlab: Any, tmp_path: Path, registry: str) -> None:
    given = {":action": "file_upload", "name": "rocketry", "version": "1.2", "requires_python": ">=3.7"}
    files = {"content": ("rocketry-1.2-py3-none-any.whl", wheel())}
    at = f"{mockgitlab.url}/api/v4/projects/1/packages/pypi"
    assert requests.post(at, auth=("bob", "bob-token"), data=given, files=files, timeout=10).status_code == 201
    index = f"{mockgitlab.url}/api/v4/{registry}/simple".replace("://", "://any:rex-token@")
    options = ["--index-url", index, "--target", str(tmp_path), "--no-deps", "--isolated", "--no-cache-dir"]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *options, "rocketry"]
    subprocess.run(command, check=True, timeout=60)
    assert (tmp_path / "rocketry.py").read_text() == "THRUST = 42\n"
