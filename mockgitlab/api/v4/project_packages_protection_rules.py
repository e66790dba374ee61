"""The rules that protect packages of a project.

Source: https://docs.gitlab.com/api/project_packages_protection_rules/ and GitLab's
lib/api/project_packages_protection_rules.rb.
"""

import re
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.package_protection_rule import (
    PACKAGE_PROTECTION_RULE,
    PackageProtectionRule,
    protection_rules,
)
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.dsl.params import of_field
from mockgitlab.errors import RecordNotFound, Unprocessable
from mockgitlab.store import Query

AT = "projects/:id/packages/protection/rules"
ONE = f"{AT}/:package_protection_rule_id"
NAMES = (
    *("package_name_pattern", "package_type"),
    *("minimum_access_level_for_delete", "minimum_access_level_for_push"),
)
CREATE = [of_field(PackageProtectionRule.fields[name], required=name in NAMES[:2]) for name in NAMES]
UPDATE = [of_field(PackageProtectionRule.fields[name], required=False) for name in NAMES]
OPTIONS: dict[str, Any] = {"rule": access.AS_MAINTAINER, "shape": PACKAGE_PROTECTION_RULE, "since": "17.1"}
AT_MOST = 255
PATTERNS = {
    "npm": (re.compile(r"(@[a-z0-9_.*-]+/)?[-+._a-z0-9*]+", re.IGNORECASE), "NPM"),
    "pypi": (re.compile(r"([a-z0-9*]|[a-z0-9*][a-z0-9._*-]*[a-z0-9*])", re.IGNORECASE), "PyPI"),
}
NO_LEVEL = "A rule must have at least a minimum access role for push or delete."


@v4.locator(ONE, integer=True)
def find_package_protection_rule(call: dsl.Call, value: str) -> PackageProtectionRule:
    """Return the rule of the project with this id; who may not see any is told so before."""
    call.operation.rule.check(call)
    found = protection_rules(call.store, call.at(Project)).where(id=int(value)).first()
    if found is None:
        raise RecordNotFound(reason=f"{call.at(Project).full_path} has no package protection rule {value}")
    return found


@v4.get(AT, **OPTIONS)
def list_package_protection_rules(call: dsl.Call, project: Project) -> Query[PackageProtectionRule]:
    """List the rules that protect packages of a project."""
    return protection_rules(call.store, project)


@v4.post(AT, params=CREATE, **OPTIONS)
def create_package_protection_rule(call: dsl.Call, project: Project, given: dsl.Given) -> PackageProtectionRule:
    """Protect packages of a project."""
    draft = PackageProtectionRule(project_id=project.id, **given.only(*NAMES))
    _check(call, draft)
    return call.store.insert(draft)


@v4.operation("PATCH", ONE, params=UPDATE, **OPTIONS)
def update_package_protection_rule(
    call: dsl.Call, rule: PackageProtectionRule, given: dsl.Given
) -> PackageProtectionRule:
    """Change a rule that protects packages."""
    changes = given.only(*NAMES)
    _check(call, rule.replaced(changes))
    return call.store.update(rule, **changes)


@v4.delete(ONE, **OPTIONS)
def delete_package_protection_rule(call: dsl.Call, rule: PackageProtectionRule) -> None:
    """Delete a rule that protects packages."""
    remove(call.store, rule)


def _check(call: dsl.Call, draft: PackageProtectionRule) -> None:
    if problems := list(_problems(call, draft)):
        reason = "the rule would not be valid, or is there already"
        raise Unprocessable({"error": problems}, reason=reason)


def _problems(call: dsl.Call, draft: PackageProtectionRule) -> Any:
    text = draft.package_name_pattern or ""
    same = call.store[PackageProtectionRule].where(project_id=draft.project_id, package_name_pattern=text)
    if not text.strip():
        yield "Package name pattern can't be blank"
    if any(one.id != draft.id for one in same.where(package_type=draft.package_type)):
        yield "Package name pattern has already been taken"
    if len(text) > AT_MOST:
        yield f"Package name pattern is too long (maximum is {AT_MOST} characters)"
    pattern, called = PATTERNS.get(draft.package_type, (None, ""))
    if pattern is not None and not pattern.fullmatch(text):
        yield f"Package name pattern should be a valid {called} package name with optional wildcard characters."
    if not (draft.minimum_access_level_for_delete or draft.minimum_access_level_for_push):
        yield NO_LEVEL
