"""Packages and secure files in scenarios, below projects.

.. code-block:: yaml

    projects:
      - path: acme/rocket
        packages:
          - name: app
            version: 1.0.0
            package_files: [{file_name: app.zip, file: ../fixtures/app.zip}]
        secure_files:
          - {name: key.jks, content: secret}

What is in a file is a text, ``content``, or ``base64``, or a ``file`` beside the scenario.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.package import Package, PackageFile
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.secure_file import SecureFile
from mockgitlab.api.seeds.uploads import EXTRAS, content_of


def _with_content(entity: type[dsl.Entity]) -> Any:
    def seed(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Any:
        return seeding.store.insert(entity(**columns, data=content_of(seeding, extras)))

    return seed


def _of_project(project: Project) -> dict[str, Any]:
    return {"project_id": project.id}


PACKAGES = dsl.Collection("packages", Package, {Project: _of_project}, description="What a project publishes")
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
