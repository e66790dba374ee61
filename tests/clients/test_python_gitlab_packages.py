"""Packages and secure files driven with python-gitlab."""

from pathlib import Path
from typing import Any

import pytest

from tests.support import WORLD

pytestmark = pytest.mark.mockgitlab(scenario=WORLD)


def test_a_generic_package_is_published_downloaded_and_deleted(ada: Any, tmp_path: Path) -> None:
    rocket = ada.projects.get("acme/rocket")
    file = tmp_path / "app.bin"
    file.write_bytes(bytes(range(256)))
    made = rocket.generic_packages.upload("app", "1.0.0", "app.bin", path=str(file), select="package_file")
    assert made.size == 256
    assert rocket.generic_packages.download("app", "1.0.0", "app.bin") == bytes(range(256))
    [package] = rocket.packages.list(package_type="generic", get_all=True)
    assert (package.name, package.version) == ("app", "1.0.0")
    assert [one.name for one in ada.groups.get("acme").packages.list(get_all=True)] == ["app"]
    [kept] = package.package_files.list(get_all=True)
    kept.delete()
    package.delete()
    assert rocket.packages.list(get_all=True) == []


def test_secure_files(ada: Any) -> None:
    rocket = ada.projects.get("acme/rocket")
    made = rocket.secure_files.create({"name": "key.jks", "file": b"secret"})
    assert rocket.secure_files.get(made.id).download() == b"secret"
    made.delete()
    assert rocket.secure_files.list(get_all=True) == []


def test_packages_are_protected_by_rules(ada: Any) -> None:
    rocket = ada.projects.get("acme/rocket")
    given = {"package_name_pattern": "@acme/*", "package_type": "npm", "minimum_access_level_for_push": "maintainer"}
    rule = rocket.package_protection_rules.create(given)
    rule.minimum_access_level_for_push = "owner"
    rule.save()
    [kept] = rocket.package_protection_rules.list(get_all=True)
    assert (kept.package_name_pattern, kept.minimum_access_level_for_push) == ("@acme/*", "owner")
    kept.delete()
    assert rocket.package_protection_rules.list(get_all=True) == []
