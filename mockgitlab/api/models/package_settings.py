"""What the owners of a group settle about its packages: whether a version may be published again, and forwarding.

GitLab has them in its pages and in GraphQL alone; scenarios have them as ``package_settings`` of a group.
Source: https://docs.gitlab.com/user/packages/package_registry/ and GitLab's app/models/namespace/package_setting.rb.
"""

import re
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.application_setting import value
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.package import Package
from mockgitlab.api.models.project import Project, namespace_of

FORWARDED_TO = {
    "npm": "https://registry.npmjs.org/",
    "pypi": "https://pypi.org/simple/",
    "maven": "https://repo.maven.apache.org/maven2/",
}
"""Where GitLab sends who asks for what it does not have."""


class PackageSettings(dsl.Entity):
    """The settings of one group, which hold below it where no group there has its own."""

    id: int = dsl.serial()
    group_id: int = dsl.parent("Group")
    maven_duplicates_allowed: bool = dsl.optional("Whether a Maven package may be published again", default=True)
    maven_duplicate_exception_regex: str = dsl.optional("For which names the other is true", default="")
    generic_duplicates_allowed: bool = dsl.optional("Whether a generic package may be published again", default=True)
    generic_duplicate_exception_regex: str = dsl.optional("For which names the other is true", default="")
    terraform_module_duplicates_allowed: bool = dsl.optional("Whether a module may be published again", default=False)
    terraform_module_duplicate_exception_regex: str = dsl.optional("For which names the other is true", default="")
    npm_package_requests_forwarding: bool | None = dsl.optional("Whether to ask npmjs.com, else as the instance does")
    pypi_package_requests_forwarding: bool | None = dsl.optional("Whether to ask PyPI, else as the instance does")
    maven_package_requests_forwarding: bool | None = dsl.optional("Whether to ask Maven Central, else as the instance")


SETTINGS = tuple(name for name, field in PackageSettings.fields.items() if field.word == "optional")


def settings_of(store: dsl.Store, at: Project | Group) -> list[PackageSettings]:
    """Return the settings that hold in a project or group, the nearest first."""
    group = namespace_of(store, at) if isinstance(at, Project) else at
    found = [store[PackageSettings].find(group_id=one.id) for one in ancestors(store, group)]
    return [one for one in found if one is not None]


def duplicates_allowed(store: dsl.Store, project: Project, package: Package) -> bool:
    """Tell whether files that a package has may be published again."""
    settings = (settings_of(store, project) or [PackageSettings(group_id=0)])[0]
    allowed: bool = getattr(settings, f"{package.package_type}_duplicates_allowed")
    pattern = getattr(settings, f"{package.package_type}_duplicate_exception_regex")
    excepted = any(re.fullmatch(pattern, one) for one in (package.name, package.version or ""))
    return allowed is not excepted


def forwards(store: dsl.Store, kind: str, at: Project | Group | None) -> bool:
    """Tell whether who asks for a package that is not there is sent to the registry of everybody."""
    name = f"{kind}_package_requests_forwarding"
    own = [getattr(one, name) for one in (settings_of(store, at) if at is not None else [])]
    told: Any = next((one for one in own if one is not None), None)
    return bool(value(store, name) if told is None else told)
