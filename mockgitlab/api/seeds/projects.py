"""Projects in scenarios, with their members, shares, stars, topics and every setting.

``path`` names the namespace too, unless the project stands below a group: ``acme/rocket``.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import PERSONAL_ID_ABOVE, VISIBILITIES, Group
from mockgitlab.api.models.project import Project, Star, find_project
from mockgitlab.api.models.project_settings import EXPIRATION_POLICY
from mockgitlab.api.models.topic import Topic
from mockgitlab.api.models.user import User
from mockgitlab.api.seeds.members import MEMBERS, SHARED_WITH, seed_members, seed_shares
from mockgitlab.api.seeds.push_rules import PUSH_RULE, seed_push_rule
from mockgitlab.api.seeds.repositories import REPOSITORY, seed_repository
from mockgitlab.api.services.paths import is_taken, near_namespace, seed_path_problem
from mockgitlab.api.services.projects import add_owner, insert_project
from mockgitlab.api.services.pushes import protect_default
from mockgitlab.api.services.repositories import copy_refs

NAMES = {"type": "array", "items": {"type": "string"}}
EXTRAS = {
    "members": MEMBERS,
    "shared_with": SHARED_WITH,
    "starrers": {**NAMES, "description": "The users who starred the project"},
    "forked_from": {"type": "string", "description": "The full path of the project that this is a fork of"},
    "repository": REPOSITORY,
    "push_rule": PUSH_RULE,
}


SHOWN_OF_CODE = ("default_branch", "empty_repo", "readme_file", "license_key", "statistics")
"""What a project shows of its repository."""


def seed_project(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> Project:
    """Make a project in the namespace that its ``path`` names, or that of its group."""
    store = seeding.store
    above, _, path = str(columns.get("path") or "").rpartition("/")
    found = parents[-1] if parents else find_namespace(store, above)
    if not path or found is None:
        _refuse_path(seeding, above, path)
    namespace: Group = found or store[Group][PERSONAL_ID_ABOVE + 1]
    _check(seeding, columns, path, namespace)
    project = insert_project(store, namespace, {**_columns(seeding, columns, extras, namespace), "path": path})
    seed_members(seeding, extras.get("members") or {}, "Project", project.id)
    seed_shares(seeding, extras.get("shared_with") or [], project)
    _seed_stars(seeding, extras.get("starrers") or [], project)
    if namespace.kind == "user" and namespace.owner_id is not None:
        add_owner(store, project, namespace.owner_id)
    _copy_source(store, project)
    if extras.get("repository") is not None:
        seed_repository(seeding, store.fresh(project), extras["repository"])
    if extras.get("push_rule") is not None:
        seed_push_rule(seeding, extras["push_rule"], project_id=project.id)
    return store.fresh(project)


def _refuse_path(seeding: dsl.Seeding, above: str, path: str) -> None:
    near = near_namespace(seeding.store, above)
    if not path:
        seeding.problem("path", "is missing")
    elif not above:
        seeding.problem("path", f"must name the group or user that the project belongs to, as in acme/{path}")
    else:
        told = f"needs a group or user {above!r}, declared in the scenario"
        seeding.problem("path", told, suggestion=near and f"{near}/{path}")


def _copy_source(store: dsl.Store, project: Project) -> None:
    """Give a fork the branches and tags of the project that it comes from."""
    source = store[Project].get(project.forked_from_project_id)
    if source is not None and not source.empty_repo:
        copy_refs(store, source, project)
        shown = {name: getattr(source, name) for name in SHOWN_OF_CODE}
        protect_default(store, store.update(project, **shown, updated_at=project.updated_at))


def _check(seeding: dsl.Seeding, columns: dict[str, Any], path: str, namespace: Group) -> None:
    if path and (problem := seed_path_problem(path)):
        seeding.problem("path", problem)
    elif is_taken(seeding.store, path, namespace.id):
        seeding.problem("path", f"is taken: {namespace.full_path}/{path}")
    own, limit = columns.get("visibility"), namespace.visibility
    if namespace.kind == "group" and own in VISIBILITIES and VISIBILITIES.index(own) > VISIBILITIES.index(limit):
        seeding.problem("visibility", f"is {own}, and the group is {limit}; no project is more visible than its group")


def _columns(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], namespace: Group) -> dict[str, Any]:
    given = {
        "name": str(columns.get("path") or "").rpartition("/")[2],
        "creator_id": namespace.owner_id or 1,
        **columns,
    }
    created = columns.get("created_at")
    dates = {"updated_at": created, "last_activity_at": created} if created else {}
    if extras.get("forked_from") is not None:
        source = seeding.resolve("Project", extras["forked_from"], (), "forked_from")
        given["forked_from_project_id"] = source.id if source else None
    if "container_expiration_policy" in columns:
        given["container_expiration_policy"] = {**EXPIRATION_POLICY, **columns["container_expiration_policy"]}
    given["moved_from"] = tuple(old.lower() for old in columns.get("moved_from") or ())
    return {**dates, **given}


def _seed_stars(seeding: dsl.Seeding, usernames: Any, project: Project) -> None:
    if not isinstance(usernames, list):
        seeding.problem("starrers", "must list usernames, [ada]")
        return
    users = [seeding.resolve("User", username, (), "starrers") for username in usernames]
    for user in users:
        if isinstance(user, User):
            seeding.store.insert(Star(project_id=project.id, user_id=user.id))
    if users:
        seeding.store.update(project, star_count=max(project.star_count, len(users)), updated_at=project.updated_at)


def find_namespace(store: dsl.Store, full_path: str) -> Group | None:
    """Return the group or the personal namespace with a full path."""
    return store[Group].find(folded=full_path.lower())


def _find(store: dsl.Store, name: Any, parents: dsl.Parents) -> Project | None:
    return find_project(store, str(name))


def seed_topic(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Topic:
    """Make a topic, which projects may have by its name."""
    name = str(columns.get("name") or "")
    if not name:
        seeding.problem("name", "is missing: a topic needs one")
    elif seeding.store[Topic].find(folded=name.lower()) is not None:
        seeding.problem("name", f"is taken: {name}")
    return seeding.store.insert(Topic(**{"title": name, **columns}))


TOPICS = dsl.Collection("topics", Topic, {None: lambda _: {}}, seed_topic)
PROJECTS = dsl.Collection(
    "projects", Project, {None: lambda _: {}, Group: lambda group: {}}, seed_project, _find, EXTRAS
)
