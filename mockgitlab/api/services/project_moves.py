"""Moving a project to another namespace, marking it for deletion, and back.

Source: GitLab's app/services/projects/transfer_service.rb, mark_for_deletion_service.rb, restore_service.rb and
app/services/labels/transfer_service.rb, milestones/transfer_service.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.label import Label, find_label, owner_of, owners_of
from mockgitlab.api.models.milestone import Milestone, find_milestone
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.user import User
from mockgitlab.api.ruby import inspect
from mockgitlab.api.services.integrations import inherit_anew
from mockgitlab.api.services.paths import is_taken, lowest, move_project
from mockgitlab.api.services.projects import add_owner, rename
from mockgitlab.errors import BadRequest
from mockgitlab.store import Settings

# Another namespace


def transfer(call: dsl.Call, project: Project, namespace: Group) -> Project:
    """Put a project into another namespace; raises ``BadRequest`` with GitLab's refusal."""
    problem = _transfer_problem(call, project, namespace)
    if problem:
        message = f"Failed to transfer project {inspect({'new_namespace': [problem]})}"
        raise BadRequest(message, reason=f"{project.full_path} cannot be moved to {namespace.full_path}")
    return move(call.store, project, namespace)


def _transfer_problem(call: dsl.Call, project: Project, namespace: Group) -> str:
    store = call.store
    if namespace.id == project.namespace_id:
        return "Project is already in this namespace."
    if not may_move_into(store, access.me(call), namespace):
        return "You don't have permission to transfer projects into that namespace."
    same_name = store[Project].where(namespace_id=namespace.id, name=project.name).exists()
    if same_name or is_taken(store, project.path, namespace.id):
        return "Project with same name or path in target namespace already exists"
    return ""


def may_move_into(store: dsl.Store, user: User, namespace: Group) -> bool:
    """Tell whether a user may transfer projects into a namespace; a group takes them from its maintainers alone."""
    if namespace.kind == "user":
        return namespace.owner_id == user.id
    enough = access.group_level(store, user, namespace) >= access.MAINTAINER
    return enough and access.may_create_projects(store, user, namespace)


def move(store: dsl.Store, project: Project, namespace: Group) -> Project:
    """Put a project into a namespace with its labels and milestones, no more visible than the group there."""
    moved = move_project(store, project, namespace)
    if namespace.kind == "group":
        moved = store.update(moved, visibility=lowest(moved.visibility, namespace.visibility))
    elif namespace.owner_id is not None:
        add_owner(store, moved, namespace.owner_id)
    _keep_labels(store, moved)
    _keep_milestones(store, moved)
    inherit_anew(store, moved)
    return store.fresh(moved)


def _keep_labels(store: dsl.Store, project: Project) -> None:
    owners, copies = owners_of(store, project), dict[int, int]()
    for issue in list(store[Issue].where(project_id=project.id)):
        for label_id in issue.label_ids:
            label = store[Label][label_id]
            if label.owner not in owners:
                copies[label_id] = copies.get(label_id) or _own_label(store, project, label).id
        kept = tuple(copies.get(label_id, label_id) for label_id in issue.label_ids)
        store.update(issue, label_ids=kept, updated_at=issue.updated_at)


def _own_label(store: dsl.Store, project: Project, label: Label) -> Label:
    columns = {"name": label.name, "color": label.color, "description": label.description}
    found = find_label(store, project, label.name)
    return found or store.insert(Label(**columns, project_id=project.id, owner=owner_of(project)))


def _keep_milestones(store: dsl.Store, project: Project) -> None:
    owners = owners_of(store, project)
    for issue in list(store[Issue].where(project_id=project.id)):
        milestone = store[Milestone].get(issue.milestone_id)
        if milestone is not None and milestone.owner not in owners:
            own = _own_milestone(store, project, milestone)
            store.update(issue, milestone_id=own.id, updated_at=issue.updated_at)


def _own_milestone(store: dsl.Store, project: Project, milestone: Milestone) -> Milestone:
    names = ("title", "description", "state", "due_date", "start_date")
    columns = {name: getattr(milestone, name) for name in names}
    found = find_milestone(store, project, milestone.title)
    return found or store.insert(Milestone(**columns, project_id=project.id, owner=owner_of(project)))


# Delayed deletion


def is_delayed(settings: Settings, project: Project, namespace: Group) -> bool:
    """Tell whether deleting a project marks it only: since 18.0 always, before in groups of the Enterprise Edition.

    The instance may be set to do it, or not.
    """
    if settings.delayed_deletion is not None:
        return settings.delayed_deletion
    return settings.release >= (18,) or (settings.edition == "ee" and namespace.kind == "group")


ALREADY_MARKED = "Project has been already marked for deletion"
RENAMED_SINCE = (18,)
"""Since when groups, too, lose name and path with the mark, and projects are no longer archived with it."""


def suffix(settings: Settings, marked: Project | Group) -> str:
    """Return what a project or group that is marked for deletion has behind its name and path."""
    return f"-{'deletion_scheduled' if settings.release >= RENAMED_SINCE else 'deleted'}-{marked.id}"


def mark(store: dsl.Store, project: Project) -> Project:
    """Mark a project for deletion, which frees its name and path; one in a marked group is left as it is.

    So is one that is marked, which 18.0 and later refuse.
    """
    above = ancestors(store, namespace_of(store, project))
    if project.marked_for_deletion_on and store.settings.release >= RENAMED_SINCE:
        raise BadRequest(ALREADY_MARKED, reason=f"{project.full_path} was marked on {project.marked_for_deletion_on}")
    if project.marked_for_deletion_on or any(group.marked_for_deletion_on for group in above):
        return project
    end = suffix(store.settings, project)
    archived = project.archived or store.settings.release < RENAMED_SINCE
    marked = store.update(project, marked_for_deletion_on=store.today, archived=archived)
    return rename(store, marked, f"{project.name}{end}", f"{project.path}{end}")


def restore(store: dsl.Store, project: Project) -> Project:
    """Take back the mark and the archiving, under the old name and path unless they are taken meanwhile."""
    if not project.marked_for_deletion_on:
        raise BadRequest("Project has not been marked for deletion", reason=f"{project.full_path} is not marked")
    end = suffix(store.settings, project)
    name, path = project.name.removesuffix(end), project.path.removesuffix(end)
    namesake = store[Project].where(namespace_id=project.namespace_id, name=name).exists()
    if namesake or is_taken(store, path, project.namespace_id):
        other = store.mint_hex("restored project", 5)
        name, path = f"{name}-{other}", f"{path}-{other}"
    return rename(store, store.update(project, marked_for_deletion_on=None, archived=False), name, path)
