"""What GitLab finds wrong with the names and settings of a project, in its words.

Source: GitLab's app/models/project.rb, app/models/project_feature.rb, lib/gitlab/regex.rb and lib/gitlab/path_regex.rb.
"""

import re
from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import VISIBILITIES, Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.paths import RESERVED_BELOW, TAKEN, is_taken

BLANK = "can't be blank"
LONG = "is too long (maximum is 255 characters)"
NAME = (
    "can contain only letters, digits, emojis, '_', '.', '+', dashes, or spaces. "
    "It must start with a letter, digit, emoji, or '_'."
)
PATH = "can contain only letters, digits, '_', '-' and '.'. Cannot start with '-', end in '.git' or end in '.atom'"
SPECIAL = "must not start or end with a special character and must not contain consecutive special characters."
TIMEOUTS = range(600, 2_629_746)
LEVELS = ("disabled", "private", "enabled")
POLICY: dict[str, tuple[Any, ...]] = {
    "cadence": ("1d", "7d", "14d", "1month", "3month"),
    "keep_n": (1, 5, 10, 25, 50, 100),
    "older_than": ("7d", "14d", "30d", "60d", "90d"),
}
Problems = dict[str, list[str]]

_NAME = r"[^\W_]|_|[\u00a9-\U0001f9ff]"
_NAME_REST = r"[\w.+\- \u00a9-\U0001f9ff]*\Z"
_PATH = re.compile(r"[a-zA-Z0-9_.][a-zA-Z0-9_\-.]*(?<!\.git)(?<!\.atom)\Z")
_PLAIN = re.compile(r"[a-zA-Z0-9]+([._-][a-zA-Z0-9]+)*\Z")


def name_problems(store: dsl.Store, name: str, namespace: Group, itself: int | None = None) -> Problems:
    """Return what is wrong with a project's name in a namespace; ``itself`` is the project that may have it already."""
    found = [BLANK] if not name.strip() else []
    found += [LONG] if len(name) > 255 else []
    if found or not (re.match(_NAME, name) and re.match(_NAME_REST, name)):
        return {"name": found or [NAME]}
    same = store[Project].where(namespace_id=namespace.id, name=name)
    if any(project.id != itself for project in same):
        return {"project_namespace.name": [TAKEN], "name": [TAKEN]}
    return {}


def path_problems(store: dsl.Store, path: str, namespace: Group, itself: Project | None = None) -> Problems:
    """Return what is wrong with a project's path in a namespace."""
    found = [BLANK] if not path.strip() else []
    found += [LONG] if len(path) > 255 else []
    found += [PATH] if path and not _PATH.match(path) else []
    found += [SPECIAL] if path and not _PLAIN.match(path) and is_new(path, itself) else []
    found += [f"{path} is a reserved name"] if path.lower() in RESERVED_BELOW else []
    if not (itself and itself.namespace_id == namespace.id and itself.path.lower() == path.lower()):
        found += [TAKEN] if is_taken(store, path, namespace.id) else []
    return {"path": found} if found else {}


def is_path(text: str) -> bool:
    """Tell whether a text may be the path of a project."""
    return bool(_PATH.match(text)) and text.lower() not in RESERVED_BELOW


def is_new(path: str, project: Project | None) -> bool:
    """Tell whether a path is not the one that a project has; old paths may break newer rules."""
    return project is None or project.path != path


def setting_problems(now: Mapping[str, Any], before: Project | None = None) -> Problems:
    """Return what is wrong with settings; ``before`` is the project that keeps what is not in them."""

    def setting(name: str) -> Any:
        return now.get(name, getattr(before or Project, name))

    found: Problems = {}
    most = LEVELS.index(setting("repository_access_level"))
    for name in ("merge_requests_access_level", "builds_access_level"):
        if LEVELS.index(setting(name)) > most:
            found[f"project_feature.{name}"] = ["cannot have higher visibility level than repository access level"]
    if now.get("build_timeout") is not None and now["build_timeout"] not in TIMEOUTS:
        found["build_timeout"] = ["needs to be between 10 minutes and 1 month"]
    config = now.get("ci_config_path") or ""
    if config.startswith("/") or ".." in config:
        found["ci_config_path"] = ["cannot include leading slash or directory traversal."]
    return found


def policy_problems(policy: Mapping[str, Any] | None) -> Problems:
    """Return what is wrong with the given parts of a registry's expiration policy."""
    wrong = [name for name, values in POLICY.items() if (policy or {}).get(name, values[0]) not in (*values, None)]
    return {f"container_expiration_policy.{name}": ["is not included in the list"] for name in wrong}


def visibility_problems(visibility: str, namespace: Group, source: Project | None = None) -> Problems:
    """Return what is wrong with a project's visibility in its namespace, and as a fork of its source."""
    found = []
    if source and VISIBILITIES.index(visibility) > VISIBILITIES.index(source.visibility):
        found.append(f"{visibility} is not allowed since the fork source project has lower visibility.")
    if namespace.kind == "group" and VISIBILITIES.index(visibility) > VISIBILITIES.index(namespace.visibility):
        found.append(f"{visibility} is not allowed in a {namespace.visibility} group.")
    return {"visibility_level": found} if found else {}


def runner_problems(now: Mapping[str, Any], namespace: Group) -> Problems:
    """Return what is wrong with turning the instance's runners on."""
    refused = namespace.shared_runners_setting == "disabled_and_unoverridable"
    if now.get("shared_runners_enabled") and namespace.kind == "group" and refused:
        return {"shared_runners_enabled": ["cannot be enabled because parent group does not allow it"]}
    return {}
