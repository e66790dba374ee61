"""Creating and changing projects, with all that this causes.

Source: GitLab's app/services/projects/create_service.rb and update_service.rb.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.models.application_setting import value
from mockgitlab.api.models.group import PERSONAL_ID_ABOVE, Group
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.mirror import split_url
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.push_rule import inherit_push_rule
from mockgitlab.api.models.topic import Topic
from mockgitlab.api.models.user import User
from mockgitlab.api.project_params import TEMPLATES, columns
from mockgitlab.api.services import project_checks as checks
from mockgitlab.api.services.application_settings import restricted_problems
from mockgitlab.api.services.avatars import avatar_columns
from mockgitlab.api.services.commits import commit_files
from mockgitlab.api.services.integrations import inherit_all
from mockgitlab.api.services.mirrors import project_at
from mockgitlab.api.services.paths import lowest, move_project
from mockgitlab.api.services.progress import do
from mockgitlab.api.services.project_removal import namesake_problems
from mockgitlab.api.services.repositories import HEADS, Repository
from mockgitlab.errors import BadRequest, Forbidden, GrapeError, Unprocessable, ValidationFailed
from mockgitlab.git.actions import Action

IMPORTED = "from project "
"""Before the ID of a project of this instance that another is imported from, in the detail of that work."""
POLICY = "container_expiration_policy_attributes"
IMPORT_PROTOCOLS = ("http", "https", "git")


class LimitReached(GrapeError):
    """The user may have no more personal projects than ``limit``."""

    status = 403

    def __init__(self, limit: int, text: str, *, reason: str = "") -> None:
        super().__init__([text], reason=reason)
        self.limit = limit


def names_of(given: Mapping[str, Any]) -> tuple[str, str]:
    """Return the name and path of a new project, each made of the other where it was not given."""
    name, path = (given.get("name") or "").lstrip(), given.get("path")
    if path is None:
        path = name if checks.is_path(name) else parameterized(name)
    return name or path, path


def parameterized(name: str) -> str:
    """Return a name as a path: without accents, small, everything else than letters and digits as dashes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-")


def create(call: dsl.Call, creator: User, given: Mapping[str, Any]) -> Project:
    """Create a project for a user; raises ``ValidationFailed`` or ``LimitReached``."""
    store = call.store
    namespace = _namespace(store, creator, given.get("namespace_id"))
    name, path = names_of(given)
    asked = {**columns(given), **_picture(given)}
    changes = {
        **_inherited(namespace),
        **asked,
        **_visible(store, asked, namespace),
        **_content(store, given, namespace),
    }
    _check_import(given.get("import_url"))
    check_limit(store, creator, namespace)
    _refuse(namesake_problems(store, namespace, path))
    _refuse(
        checks.name_problems(store, name, namespace)
        | checks.path_problems(store, path, namespace)
        | checks.setting_problems(changes)
        | checks.runner_problems(asked, namespace)
        | checks.policy_problems(given.get(POLICY))
        | _template_problems(given)
        | restricted_problems(store, creator, changes["visibility"])
    )
    project = add_project(call, creator, namespace, {"name": name, "path": path, **changes})
    if given.get("import_url"):
        return _import(call, project, given["import_url"])
    return _with_readme(call, project) if given.get("initialize_with_readme") else project


def _check_import(url: str | None) -> None:
    """Raise ``Unprocessable`` for what is no address of a repository; whether one is there nobody looks."""
    parts = split_url(url) if url else None
    if url and (parts is None or not parts.hostname or parts.scheme not in IMPORT_PROTOCOLS):
        raise Unprocessable(f"{url} is not a valid URL", reason="import_url begins with http://, https:// or git://")


def _import(call: dsl.Call, project: Project, url: str) -> Project:
    source = project_at(call, url)
    do(call.store, "imports", project, f"{IMPORTED}{source.id}" if source else "")
    return call.store.fresh(project)


def _with_readme(call: dsl.Call, project: Project) -> Project:
    text = f"# {project.name}\n\n{project.description or ''}".rstrip() + "\n"
    readme = Action("create", "README.md", content=text.encode("utf-8", "replace"))
    commit_files(call, project, project.default_branch or "main", "Initial commit", [readme])
    return call.store.fresh(project)


def add_project(call: dsl.Call, creator: User, namespace: Group, changes: Mapping[str, Any]) -> Project:
    """Insert a project with what goes along: its owner as a member, its topics, the event."""
    project = insert_project(call.store, namespace, {"creator_id": creator.id, **changes})
    if namespace.kind == "user" and namespace.owner_id is not None:
        add_owner(call.store, project, namespace.owner_id)
    effects.record_event(call, project.id, "created")
    return call.store.fresh(project)


def insert_project(store: dsl.Store, namespace: Group, changes: Mapping[str, Any]) -> Project:
    """Insert a project into a namespace, with its topics, its runners' token and what its groups pass on."""
    place = {"namespace_id": namespace.id, "full_path": f"{namespace.full_path}/{changes['path']}"}
    token = {"runners_token": store.mint("GR1348941")}
    pages = {"pages_access_level": "private" if changes.get("visibility", "private") == "private" else "enabled"}
    topics = {"topics": add_topics(store, changes.get("topics", ()))}
    project = store.insert(Project(**{**token, **pages, **changes, **place, **topics}))
    inherit_push_rule(store, project.id, namespace)
    inherit_all(store, project)
    return project


def add_owner(store: dsl.Store, project: Project, user_id: int) -> None:
    """Make the owner of a personal namespace a member of a project in it."""
    by = {"source_type": "Project", "source_id": project.id, "user_id": user_id}
    if not store[Member].where(**by).exists():
        store.insert(Member(**by, access_level=access.OWNER, created_by_id=user_id))


def add_topics(store: dsl.Store, names: Iterable[str]) -> tuple[str, ...]:
    """Return topics by the names that they have, letters' case aside; those that are new are made."""
    return tuple(
        (store[Topic].find(folded=name.lower()) or store.insert(Topic(name=name, title=name))).name for name in names
    )


def _namespace(store: dsl.Store, creator: User, namespace_id: int | None) -> Group:
    found = store[Group].get(PERSONAL_ID_ABOVE + creator.id if namespace_id is None else namespace_id)
    if found is None or not access.may_create_projects(store, creator, found):
        who = f"{creator.username} may not create projects in namespace {namespace_id}"
        raise ValidationFailed({"namespace": ["is not valid"]}, reason=who if found else f"no namespace {namespace_id}")
    return found


def _inherited(namespace: Group) -> dict[str, Any]:
    on = namespace.kind == "user" or namespace.shared_runners_setting == "enabled"
    return {} if on else {"shared_runners_enabled": False}


def _visible(store: dsl.Store, asked: Mapping[str, Any], namespace: Group) -> dict[str, str]:
    wanted = asked.get("visibility") or value(store, "default_project_visibility")
    return {"visibility": wanted if namespace.kind == "user" else lowest(wanted, namespace.visibility)}


def _content(store: dsl.Store, given: Mapping[str, Any], namespace: Group) -> dict[str, Any]:
    first = namespace.default_branch or value(store, "default_branch_name")
    found = {"default_branch": given.get("default_branch") or first}
    if given.get("repository_object_format"):
        found["repository_object_format"] = given["repository_object_format"]
    first = {"empty_repo": False, "default_branch": found["default_branch"] or "main"}
    if given.get("initialize_with_readme"):
        return {**found, "default_branch": first["default_branch"]}
    if given.get("import_url"):
        return {**found, "import_type": "git", "import_status": "scheduled"}
    if given.get("template_name"):
        return {**found, **first, "import_type": "gitlab_project", "import_status": "finished"}
    return found


def _picture(given: Mapping[str, Any]) -> dict[str, Any]:
    return avatar_columns(given["avatar"]) if "avatar" in given else {}


def _template_problems(given: Mapping[str, Any]) -> checks.Problems:
    name = given.get("template_name")
    return {"template_name": [f"'{name}' is unknown or invalid"]} if name and name not in TEMPLATES else {}


def check_limit(store: dsl.Store, creator: User, namespace: Group) -> None:
    """Raise ``LimitReached`` where a user may have no more projects in a personal namespace."""
    limit = creator.projects_limit
    if namespace.kind == "group" or store[Project].where(namespace_id=PERSONAL_ID_ABOVE + creator.id).count() < limit:
        return
    text = f"You've reached your limit of {limit} projects created. Contact your GitLab administrator."
    if limit == 0:
        text = "You cannot create projects in your personal namespace. Contact your GitLab administrator."
    raise LimitReached(limit, text, reason=f"the projects_limit of {creator.username} is {limit}")


def _refuse(problems: checks.Problems) -> None:
    if problems:
        raise ValidationFailed(problems)


# Changing


def update(call: dsl.Call, project: Project, given: Mapping[str, Any]) -> Project:
    """Change a project; raises ``ValidationFailed``, or ``Forbidden`` for what only owners may change."""
    store, namespace = call.store, namespace_of(call.store, project)
    _check_import(given.get("import_url"))
    changes = columns(_allowed(call, project, given), project.container_expiration_policy)
    source = store[Project].get(project.forked_from_project_id)
    name, path = (given.get("name") or project.name).lstrip(), given.get("path") or project.path
    _refuse(
        (checks.name_problems(store, name, namespace, project.id) if name != project.name else {})
        | (checks.path_problems(store, path, namespace, project) if path != project.path else {})
        | (checks.visibility_problems(changes["visibility"], namespace, source) if "visibility" in changes else {})
        | (restricted_problems(store, access.me(call), changes["visibility"]) if "visibility" in changes else {})
        | checks.setting_problems(changes, project)
        | checks.runner_problems(changes, namespace)
        | checks.policy_problems(given.get(POLICY))
    )
    changes.update(_picture(given))
    _check_default_branch(store, project, changes.get("default_branch"))
    return rename(store, store.update(project, **changes), name, path)


def _check_default_branch(store: dsl.Store, project: Project, name: str | None) -> None:
    """Raise ``BadRequest`` where another branch that is not there is to be the default one."""
    repository = Repository(store, project)
    if name and name != (project.default_branch or "main") and repository.ref(f"{HEADS}{name}") is None:
        raise BadRequest("Could not set the default branch", reason=f"{project.full_path} has no branch {name}")


def rename(store: dsl.Store, project: Project, name: str, path: str) -> Project:
    """Give a project another name and path; it is found at the old path still."""
    named = store.update(project, name=name, topics=add_topics(store, project.topics))
    return move_project(store, named, namespace_of(store, named), path) if path != named.path else named


def _allowed(call: dsl.Call, project: Project, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of the given this user may change; GitLab drops the rest, but for the visibility."""
    level = access.level(call, project)
    if given.get("visibility") is not None and level < access.OWNER:
        raise Forbidden(reason=f"only owners change the visibility, {access.me(call).username} is none")
    if given.get("ci_delete_pipelines_in_seconds") is not None and level < access.OWNER:
        raise Forbidden(reason=f"only owners set ci_delete_pipelines_in_seconds, {access.me(call).username} is none")
    emails = () if level >= access.OWNER else ("emails_enabled", "emails_disabled")
    storage = () if access.is_admin(call) else ("repository_storage",)
    return {name: value for name, value in given.items() if name not in (*emails, *storage)}
