"""Modules fetched by Terraform as it comes, from a namespace and from a project."""

import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.support import WORLD

pytestmark = [
    pytest.mark.mockgitlab(scenario=WORLD),
    pytest.mark.skipif(shutil.which("terraform") is None, reason="Terraform is not there to fetch anything"),
]
SETTINGS = """host "gitlab.example.com" {{ services = {{ "modules.v1" = "{}/packages/terraform/modules/v1/" }} }}
credentials "gitlab.example.com" {{ token = "rex-token" }}
"""
MAIN = """module "of_namespace" {{
  source  = "gitlab.example.com/acme/base/aws"
  version = "~> 1.0"
}}
module "of_project" {{ source = "{}/projects/1/packages/terraform/modules/base/aws/1.0.0" }}
"""


def module() -> bytes:
    content, text = io.BytesIO(), b"output thrust { value = 42 }\n"
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        member = tarfile.TarInfo("main.tf")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    return content.getvalue()


def test_terraform_fetches_what_was_uploaded(mockgitlab: Any, tmp_path: Path) -> None:
    base = f"{mockgitlab.url}/api/v4"
    for version in ("1.0.0", "1.1.0", "2.0.0"):
        path = f"{base}/projects/1/packages/terraform/modules/base/aws/{version}/file"
        headers = {"Private-Token": "bob-token"}
        assert requests.put(path, data=module(), headers=headers, timeout=10).status_code == 201
    (tmp_path / "terraformrc").write_text(SETTINGS.format(base))
    host = mockgitlab.url.partition("://")[2]
    (tmp_path / ".netrc").write_text(f"machine {host} login any password rex-token\n")
    (tmp_path / "main.tf").write_text(MAIN.format(base))
    settings = {"TF_CLI_CONFIG_FILE": str(tmp_path / "terraformrc"), "CHECKPOINT_DISABLE": "1"}
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **settings}
    command = ["terraform", "init", "-no-color"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr
    assert "acme/base/aws 1.1.0 for of_namespace" in done.stdout
    for name in ("of_namespace", "of_project"):
        assert (tmp_path / ".terraform" / "modules" / name / "main.tf").read_bytes().startswith(b"output thrust")
