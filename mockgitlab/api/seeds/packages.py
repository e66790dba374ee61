"""Packages and secure files in scenarios, below projects.

.. code-block:: yaml

    projects:
      - path: acme/rocket
        packages:
          - name: app
            version: 1.0.0
            package_files: [{file_name: app.zip, file: ../fixtures/app.zip}]
        package_protection_rules:
          - {package_name_pattern: "@acme/*", package_type: npm, minimum_access_level_for_push: maintainer}
        secure_files:
          - {name: key.jks, content: secret}

What is in a file is a text, ``content``, or ``base64``, or a ``file`` beside the scenario.
"""

import re
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.package import Package, PackageFile
from mockgitlab.api.models.package_protection_rule import PackageProtectionRule
from mockgitlab.api.models.package_settings import SETTINGS, PackageSettings
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.secure_file import SecureFile
from mockgitlab.api.seeds.uploads import EXTRAS, content_of
from mockgitlab.dsl.params import of_field


def _with_content(entity: type[dsl.Entity]) -> Any:
    def seed(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Any:
        return seeding.store.insert(entity(**columns, data=content_of(seeding, extras)))

    return seed


def _of_project(project: Project) -> dict[str, Any]:
    return {"project_id": project.id}


PACKAGES = dsl.Collection("packages", Package, {Project: _of_project}, description="What a project publishes")
PACKAGE_PROTECTION_RULES = dsl.Collection(
    "package_protection_rules",
    PackageProtectionRule,
    {Project: _of_project},
    description="Who may publish and delete which packages",
)
PACKAGE_FILES = dsl.Collection(
    "package_files",
    PackageFile,
    {Package: lambda package: {"package_id": package.id}},
    _with_content(PackageFile),
    None,
    EXTRAS,
    "The files of a package",
)
SECURE_FILES = dsl.Collection(
    "secure_files",
    SecureFile,
    {Project: _of_project},
    _with_content(SecureFile),
    None,
    EXTRAS,
    "Files that jobs alone may fetch",
)
_PARAMS = {name: of_field(PackageSettings.fields[name], required=False) for name in SETTINGS}
PACKAGE_SETTINGS: dict[str, Any] = {
    "type": "object",
    "description": "Whether packages of the group may be published again, and asked for elsewhere",
    "additionalProperties": False,
    "properties": {name: {**param.schema(), "description": param.description} for name, param in _PARAMS.items()},
}


def seed_package_settings(seeding: dsl.Seeding, given: Any, group_id: int) -> None:
    """Make the settings of a group about packages."""
    if not isinstance(given, dict) or given.keys() - _PARAMS.keys():
        seeding.problem("package_settings", f"must be a mapping of {', '.join(SETTINGS)}")
        return
    for name in (name for name, value in given.items() if name.endswith("_regex") and not _is_pattern(value)):
        seeding.problem("package_settings", f"has a wrong {name}: it is no regular expression")
    columns = {name: _PARAMS[name].coerce(value) for name, value in given.items()}
    seeding.store.insert(PackageSettings(group_id=group_id, **columns))


def _is_pattern(value: Any) -> bool:
    try:
        return bool(re.compile(str(value)))
    except re.error:
        return False
