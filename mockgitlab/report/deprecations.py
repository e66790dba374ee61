"""Parameters that GitLab still takes and will not take for ever, and those that it took once and ignores now.

Facts of https://docs.gitlab.com/api/rest/deprecations/ and of the pages of the operations; what a definition itself
declares as deprecated need not stand here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

V5 = "API v5"
_PROJECT = ("POST /projects", "POST /projects/user/:user_id", "PUT /projects/:id")
_MIRROR = "PUT /projects/:id/mirror/pull"
_LEVELS = ("issues", "merge_requests", "wiki", "snippets", "container_registry")


@dataclass(frozen=True)
class Deprecation:
    """A parameter that goes: since when it is deprecated, what removes it, and what to send instead."""

    on: tuple[str, ...]
    name: str
    since: str
    gone: str
    instead: str

    def of(self, operation: str, name: str) -> bool:
        """Tell whether a parameter of an operation is meant."""
        return name == self.name and any(fnmatchcase(operation, one) for one in self.on)

    def __str__(self) -> str:
        since = f" since {self.since}" if self.since else ""
        return f"deprecated{since}, {self.gone} removes it: send {self.instead}"


DEPRECATIONS = (
    Deprecation(_PROJECT, "tag_list", "14.0", V5, "topics"),
    Deprecation((*_PROJECT, "POST /groups", "PUT /groups/:id"), "emails_disabled", "16.5", V5, "emails_enabled"),
    Deprecation(_PROJECT, "public_builds", "", V5, "public_jobs"),
    Deprecation(_PROJECT, "jobs_enabled", "", V5, "builds_access_level"),
    *(Deprecation(_PROJECT, f"{name}_enabled", "", V5, f"{name}_access_level") for name in _LEVELS),
    Deprecation(_PROJECT, "approvals_before_merge", "16.0", V5, "approval rules"),
    Deprecation(_PROJECT, "restrict_user_defined_variables", "17.7", V5, "ci_pipeline_variables_minimum_override_role"),
    *(
        Deprecation(_PROJECT, name, "17.6", V5, f"it to {_MIRROR}")
        for name in ("mirror", "mirror_user_id", "mirror_trigger_builds", "only_mirror_protected_branches")
    ),
    Deprecation(_PROJECT, "mirror_overwrites_diverged_branches", "17.6", V5, f"it to {_MIRROR}"),
    Deprecation(
        ("POST /groups", "PUT /groups/:id", "PUT /application/settings"),
        "default_branch_protection",
        "17.0",
        V5,
        "default_branch_protection_defaults",
    ),
    Deprecation(("GET *milestones",), "include_parent_milestones", "16.7", V5, "include_ancestors"),
    Deprecation(("POST /projects/:id/fork",), "namespace", "", V5, "namespace_id or namespace_path"),
    Deprecation(("* /projects/:id/issues*",), "epic_iid", "", V5, "epic_id"),
    Deprecation(
        ("POST /projects/:id/approvals",),
        "require_password_to_approve",
        "16.9",
        V5,
        "require_reauthentication_to_approve",
    ),
    Deprecation(
        ("PUT /projects/:id/merge_requests/*/merge",), "merge_when_pipeline_succeeds", "17.11", V5, "auto_merge"
    ),
    Deprecation(("GET *merge_requests",), "wip", "", V5, "draft"),
    Deprecation(("* /runners*", "GET *runners"), "active", "14.8", V5, "paused"),
    Deprecation(("POST /runners",), "token", "15.6", "20.0", "a runner authentication token, of POST /user/runners"),
)


OPERATIONS = {
    "GET /projects/:id/merge_requests/:merge_request_iid/changes": f"since 15.7, {V5} removes it: take .../diffs",
    "POST /projects/:id/merge_requests/:merge_request_iid/approvals": f"since 16.0, {V5} removes it: take rules",
}
"""Operations that go, by their key."""


@dataclass(frozen=True)
class Removal:
    """A parameter that GitLab ignores since it was removed."""

    on: tuple[str, ...]
    name: str
    gone: str
    instead: str


REMOVALS = (
    Removal(
        _PROJECT,
        "operations_access_level",
        "16.0",
        "monitor_access_level, environments_access_level, feature_flags_access_level or infrastructure_access_level",
    ),
    Removal(_PROJECT, "build_coverage_regex", "15.0", "coverage in .gitlab-ci.yml"),
    Removal(("POST /users", "PUT /users/:id"), "skype", "18.0", "nothing"),
)


def deprecation_of(operation: str, name: str) -> str:
    """Say when a parameter of an operation goes and what to send instead; empty where nothing is known."""
    return next((str(one) for one in DEPRECATIONS if one.of(operation, name)), "")


def removals_of(operation: str, name: str) -> Iterator[Removal]:
    """Yield the removal of a parameter from an operation, if it was removed."""
    for one in REMOVALS:
        if name == one.name and any(fnmatchcase(operation, each) for each in one.on):
            yield one
