"""Environments, deployments and protected environments in scenarios, below projects.

.. code-block:: yaml

    environments:
      - {name: production, external_url: https://example.com}
      - {name: review/old, state: stopped, created_at: 2024-01-01T00:00:00Z}
    protected_environments:                     # below groups too, by tier
      - {name: production, deploy_access_levels: [{access_level: maintainer}, {user: ada}],
         approval_rules: [{group: acme/qa, required_approvals: 2}]}
    deployments:
      - {environment: production, ref: main, status: success, user: ada}

A deployment makes its environment where there is none, and brings the merge requests that GitLab would link to it.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.deployment import FINISHED, Deployment
from mockgitlab.api.models.environment import Environment, find_environment
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.models.protected_environment import ProtectedEnvironment
from mockgitlab.api.services import deployments, environments
from mockgitlab.api.services.protected_environments import AT_MOST, KINDS, TIERS
from mockgitlab.api.services.repositories import Repository
from mockgitlab.errors import ValidationFailed

ROLES = {"reporter": 20, "developer": 30, "maintainer": 40, "admin": 60}
NAME = {"type": "string"}
WHO: dict[str, Any] = {
    "access_level": {"anyOf": [{"enum": list(ROLES)}, {"enum": list(ROLES.values())}]},
    "user": NAME,
    "group": NAME,
    "group_inheritance_type": {"enum": [0, 1]},
}
APPROVALS = {"required_approvals": {"type": "integer", "minimum": 1, "maximum": AT_MOST}}
TIED = ("project_id", "slug", "tier")


def _entries(properties: dict[str, Any], description: str) -> dict[str, Any]:
    entry = {"type": "object", "additionalProperties": False, "properties": properties}
    return {"type": "array", "items": entry, "description": description}


LISTS = {
    "deploy_access_levels": _entries(WHO, "Who may deploy"),
    "approval_rules": _entries({**WHO, **APPROVALS}, "By whom deployments must be approved"),
}


def seed_environment(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> Environment:
    """Make an environment of a project."""
    return _environment(seeding, parents[-1], columns)


def _environment(seeding: dsl.Seeding, project: Project, columns: dict[str, Any]) -> Environment:
    name = str(columns.get("name") or "")
    try:
        environments.check(seeding.store, project, {**columns, "name": name}, columns)
    except ValidationFailed as error:
        for key, problems in error.message.items():
            seeding.problem(key, problems[0])
    usual = {"slug": environments.slug_of(name), "tier": environments.guess_tier(name), "project_id": project.id}
    given = {key: value for key, value in columns.items() if value is not None or key not in TIED}
    touched = {"updated_at": columns["created_at"]} if columns.get("created_at") else {}
    return environments.stop_in_time(seeding.store, seeding.store.insert(Environment(**{**usual, **touched, **given})))


def seed_deployment(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> Deployment:
    """Make a deployment of a project, of its default branch by its creator unless it says otherwise."""
    store, project = seeding.store, parents[-1]
    name = str(extras.get("environment") or "")
    environment = find_environment(store, project, name) or _environment(seeding, project, {"name": name})
    ref = columns.get("ref") or project.default_branch or "main"
    commit = Repository(store, project).commit(str(columns.get("sha") or ref))
    if commit is None:
        seeding.problem("sha" if columns.get("sha") else "ref", f"names no commit of {project.full_path}")
    status = columns.get("status") or "success"
    tie = {"environment_id": environment.id, "project_id": project.id, "sha": commit.sha if commit else ""}
    usual = {"ref": ref, "user_id": project.creator_id, "status": status, **_times(store, columns, status)}
    made = store.insert(Deployment(**{**usual, **columns, **tie}))
    if status == "success":
        deployments.succeed(store, made)
    return store.fresh(made)


def _times(store: dsl.Store, columns: dict[str, Any], status: str) -> dict[str, Any]:
    """Return when a deployment ended and changed last: when it was made, unless the scenario says it."""
    created = columns.get("created_at") or store.now
    ended = columns.get("finished_at") or (created if status in FINISHED else None)
    return {"created_at": created, "updated_at": ended or created, "finished_at": ended}


def seed_protected_environment(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> ProtectedEnvironment:
    """Protect an environment of a project, or those of a tier in a group."""
    name = str(columns.get("name") or "")
    if isinstance(parents[-1], Group) and name not in TIERS:
        seeding.problem("name", f"must be one of {', '.join(TIERS)}, not {name!r}")
    made = seeding.store.insert(ProtectedEnvironment(**{**columns, **tied_to(parents[-1]), "name": name}))
    entries = {"deploy_access_levels": [{"access_level": "maintainer"}], **extras}
    for key, kind in KINDS.items():
        for entry in entries.get(key) or ():
            seeding.store.insert(kind(**_entry(seeding, key, entry), protected_environment_id=made.id))
    return made


def _entry(seeding: dsl.Seeding, key: str, entry: dict[str, Any]) -> dict[str, Any]:
    read = {name: value for name, value in entry.items() if name in ("group_inheritance_type", *APPROVALS)}
    for name, kind in (("user", "User"), ("group", "Group")):
        found = seeding.resolve(kind, entry[name], (), key) if entry.get(name) is not None else None
        read.update({f"{name}_id": found.id} if found is not None else {})
    role = entry.get("access_level")
    level = ROLES.get(str(role).lower(), role)
    if level is not None and level not in ROLES.values():
        seeding.problem(key, f"has {role!r}, which is none of {', '.join(ROLES)}")
    return {**read, **({"access_level": level} if level is not None else {})}


def _of_project(project: Any) -> dict[str, Any]:
    return {"project_id": project.id}


ENVIRONMENTS = dsl.Collection(
    "environments", Environment, {Project: _of_project}, seed_environment, description="Places to which it is deployed"
)
PROTECTED_ENVIRONMENTS = dsl.Collection(
    "protected_environments",
    ProtectedEnvironment,
    {Project: tied_to, Group: tied_to},
    seed_protected_environment,
    None,
    LISTS,
    "Environments to which not everybody may deploy",
)
DEPLOYMENTS = dsl.Collection(
    "deployments",
    Deployment,
    {Project: _of_project},
    seed_deployment,
    None,
    {"environment": {"type": "string", "description": "The name of the environment"}},
    "That commits came to environments",
)
