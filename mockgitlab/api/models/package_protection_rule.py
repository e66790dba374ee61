"""Rules that protect packages of a project from being published or deleted by some of those who otherwise may.

Source: https://docs.gitlab.com/api/project_packages_protection_rules/ and GitLab's
app/models/packages/protection/rule.rb, app/services/packages/protection/check_rule_existence_service.rb.
"""

from fnmatch import fnmatchcase
from typing import Literal

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project
from mockgitlab.store import Query

LEVELS = {"maintainer": access.MAINTAINER, "owner": access.OWNER, "admin": 60}
ProtectedType = Literal["conan", "generic", "helm", "maven", "npm", "nuget", "pypi"]
PushLevel = Literal["maintainer", "owner", "admin"]
DeleteLevel = Literal["owner", "admin"]


class PackageProtectionRule(dsl.Entity):
    """From which role on packages of a kind, whose names fit a pattern, may be published and deleted."""

    id: int = dsl.serial()
    project_id: int = dsl.parent("Project")
    package_name_pattern: str = dsl.required("Which names it protects; * stands for anything")
    package_type: ProtectedType = dsl.required("Which kind of packages it protects")
    minimum_access_level_for_delete: DeleteLevel | None = dsl.optional("Who may delete them", since="17.11")
    minimum_access_level_for_push: PushLevel | None = dsl.optional("Who may publish them")


PACKAGE_PROTECTION_RULE = PackageProtectionRule.shape(
    "id",
    "project_id",
    "package_name_pattern",
    "package_type",
    "minimum_access_level_for_delete",
    "minimum_access_level_for_push",
    name="Projects_Packages_Protection_Rule",
)


def protection_rules(store: dsl.Store, project: Project) -> Query[PackageProtectionRule]:
    """Return the rules of a project."""
    return store[PackageProtectionRule].where(project_id=project.id)


def is_protected(call: dsl.Call, project: Project, kind: str, name: str, action: str = "push") -> bool:
    """Tell whether a rule keeps the caller from publishing (or, to ``delete``, deleting) a package.

    Administrators are not kept from it; a deploy token always is where a rule fits.
    """
    if access.is_admin(call):
        return False
    level = access.level(call, project)
    rules = protection_rules(call.store, project).where(package_type=kind)
    levels = [getattr(one, f"minimum_access_level_for_{action}") for one in rules if fits(one, name)]
    return any(level < LEVELS[one] for one in levels if one)


def fits(rule: PackageProtectionRule, name: str) -> bool:
    """Tell whether a name is one that a rule protects, letters' case aside."""
    pattern = rule.package_name_pattern.lower().replace("[", "[[]").replace("?", "[?]")
    return fnmatchcase(name.lower(), pattern)
