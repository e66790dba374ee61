"""Recording audit events: what a call wrote tells what was done.

Projects, groups, their members, access tokens, protected branches and deploy keys are watched; GitLab watches more.

Source: https://docs.gitlab.com/user/compliance/audit_event_types/, GitLab's ee/lib/audit/project_changes_auditor.rb,
ee/lib/audit/group_changes_auditor.rb, ee/app/services/ee/audit_event_service.rb.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from mockgitlab import dsl
from mockgitlab.api.models.audit_event import EMAIL_SINCE, AuditEvent
from mockgitlab.api.models.deploy_key import DeployKeysProject
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.key import Key
from mockgitlab.api.models.member import LEVELS, Member
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import Action, ProtectedBranch, levels
from mockgitlab.api.models.token import Token
from mockgitlab.api.models.user import User
from mockgitlab.api.ruby import inspect
from mockgitlab.store import Row

Entity = Project | Group | User
NEGATED = "merge_requests_author_approval"
"""The setting whose opposite is told."""
SETTINGS = {
    "name": "name",
    "path": "path",
    "visibility": "visibility_level",
    "merge_requests_author_approval": "prevent merge request approval from authors",
    "merge_requests_disable_committers_approval": "prevent merge request approval from committers",
    "reset_approvals_on_push": "require new approvals when new commits are added to an MR",
    "disable_overriding_approvers_per_merge_request": (
        "prevent users from modifying MR approval rules in merge requests"
    ),
    "require_password_to_approve": "require user password for approvals",
    "merge_method": "merge_method",
    "only_allow_merge_if_pipeline_succeeds": "only_allow_merge_if_pipeline_succeeds",
    "only_allow_merge_if_all_discussions_are_resolved": "only_allow_merge_if_all_discussions_are_resolved",
    "remove_source_branch_after_merge": "remove_source_branch_after_merge",
    "resolve_outdated_diff_discussions": "resolve_outdated_diff_discussions",
    "printing_merge_request_link_enabled": "printing_merge_request_link_enabled",
}
"""The settings of projects that are watched, and what GitLab calls them here."""
OF_GROUPS = {"name": "name", "path": "path", "visibility": "visibility"}
ROLES = {level: name.title() for name, level in LEVELS.items()}


class Found(NamedTuple):
    """What happened: to which entity, the name of the event, what is told of it, and the target: id, type, details."""

    entity: Entity
    event: str
    told: Mapping[str, Any]
    target: tuple[int, str, str]


class Change(NamedTuple):
    """What a call wrote: a row before, nothing where it is new, and after, nothing where it is gone."""

    store: dsl.Store
    before: Any
    after: Any

    @property
    def row(self) -> Any:
        """The row as it is, or was last."""
        return self.after or self.before


def record(call: dsl.Call, changes: tuple[tuple[Row | None, Row | None], ...]) -> None:
    """Record what a call of a user did, in the Enterprise Edition."""
    if call.user is None or call.settings.edition != "ee":
        return
    made = {_name(after) for before, after in changes if before is None and isinstance(after, (Project, Group))}
    for before, after in changes:
        watch = WATCHED.get(type(after or before))
        for found in watch(Change(call.store, before, after)) if watch else ():
            if _name(found.entity) not in made or isinstance(after, (Project, Group)):
                _insert(call, found)


def _name(entity: Any) -> str:
    return f"{type(entity).__name__} {entity.id}"


def _insert(call: dsl.Call, found: Found) -> None:
    user = call.store[User][call.user.id]
    email = {"author_email": user.email} if call.settings.release >= EMAIL_SINCE else {}
    id, kind, details = found.target
    path = found.entity.username if isinstance(found.entity, User) else found.entity.full_path
    about = {"target_id": id, "target_type": kind, "target_details": details}
    place = {"ip_address": call.address or None, "entity_path": path}
    told = {**found.told, "author_name": user.name, **email, **about, **place}
    call.store.insert(AuditEvent(by_id=user.id, about=_name(found.entity), event_name=found.event, details=told))


# Projects and groups


def _whole(change: Change, kind: str) -> Iterator[Found]:
    """Yield that a project or group was made or deleted."""
    one = change.row
    target = (one.id, kind.title(), one.full_path)
    if change.before is None:
        yield Found(one, f"{kind}_created", {"add": kind}, target)
    elif change.after is None:
        yield Found(one, f"{kind}_destroyed", {"remove": kind}, target)


def _settings(change: Change, kind: str, names: Mapping[str, str]) -> Iterator[Found]:
    if change.before is None or change.after is None:
        return
    one = change.after
    for name, called in names.items():
        was, now = getattr(change.before, name), getattr(one, name)
        if was != now:
            event = f"{kind}_{'visibility_level' if name == 'visibility' else name}_updated"
            told = {"change": called, "from": _text(name, was), "to": _text(name, now)}
            yield Found(one, event, told, (one.id, kind.title(), one.full_path))


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(value is not (name == NEGATED)).lower()
    return str(value).title() if name == "visibility" else "" if value is None else str(value)


def _project(change: Change) -> Iterator[Found]:
    yield from _whole(change, "project")
    yield from _settings(change, "project", SETTINGS)
    if change.before is not None and change.after is not None and change.before.archived != change.after.archived:
        word, one = "archived" if change.after.archived else "unarchived", change.after
        yield Found(one, f"project_{word}", {"custom_message": f"Project {word}"}, (one.id, "Project", one.full_path))


def _group(change: Change) -> Iterator[Found]:
    if change.row.kind == "group":
        yield from _whole(change, "group")
        yield from _settings(change, "group", OF_GROUPS)


# What belongs to them


def _member(change: Change) -> Iterator[Found]:
    row = change.row
    kind: type[Project] | type[Group] = Project if row.source_type == "Project" else Group
    entity, user = change.store[kind].get(row.source_id), change.store[User].get(row.user_id)
    if entity is None:
        return
    target = (row.user_id, "User", user.name if user else "Deleted User")
    if change.before is None:
        told = {"add": "user_access", "as": ROLES.get(row.access_level, "")}
        yield Found(entity, "member_created", told, target)
    elif change.after is None:
        yield Found(entity, "member_destroyed", {"remove": "user_access"}, target)
    elif change.before.access_level != row.access_level:
        steps = {"from": ROLES.get(change.before.access_level, ""), "to": ROLES.get(row.access_level, "")}
        yield Found(entity, "member_updated", {"change": "access_level", **steps}, target)


def _token(change: Change) -> Iterator[Found]:
    row = change.row
    if row.kind not in _OWNERS or row.user_id is None:
        return
    kind, column = _OWNERS[row.kind]
    entity, user = change.store[kind].get(getattr(row, column)), change.store[User].get(row.user_id)
    gone = change.before is not None and not change.before.revoked and (change.after is None or row.revoked)
    if entity is None or user is None or not (change.before is None or gone):
        return
    personal = row.kind == "personal"
    verb, word = ("Revoked", "revoked" if personal else "deleted") if gone else ("Created", "created")
    told = f"{verb} {row.kind} access token with {'id' if personal else 'token_id:'} {row.id}"
    if not gone and not personal:
        scopes = ", ".join(f":{one}" for one in row.scopes)
        told += f" with scopes: [{scopes}] and {ROLES.get(row.access_level, '')} access level."
    target = (user.id, "User", user.name)
    yield Found(entity, f"{row.kind}_access_token_{word}", {"custom_message": told}, target)


def _protected_branch(change: Change) -> Iterator[Found]:
    row, entity = change.row, change.store[Project].get(change.row.project_id)
    if entity is None:
        return
    target = (row.id, "ProtectedBranch", row.name)
    if change.before is None:
        push, merge = (_opened(change, row, action) for action in _BOTH)
        told = (
            f"Added protected branch with [allowed to push: {push}, allowed to merge: {merge}, allow force push: "
            f"{str(row.allow_force_push).lower()}, code owner approval required: "
            f"{str(row.code_owner_approval_required).lower()}]"
        )
        yield Found(entity, "protected_branch_created", {"custom_message": told}, target)
    elif change.after is None:
        yield Found(entity, "protected_branch_removed", {"custom_message": "Unprotected branch"}, target)


_BOTH: tuple[Action, ...] = ("push", "merge")


def _opened(change: Change, row: ProtectedBranch, action: Action) -> str:
    view = dsl.View(change.store, "")
    return inspect([one.access_level_description(view) for one in levels(change.store, row, action)])


def _deploy_key(change: Change) -> Iterator[Found]:
    row, key = change.row, change.store[Key].get(change.row.deploy_key_id)
    entity = change.store[Project].get(row.project_id)
    if entity is None or (change.before is not None and change.after is not None):
        return
    verb, event = ("Added", "deploy_key_added") if change.before is None else ("Removed", "deploy_key_removed")
    target = (row.deploy_key_id, "DeployKey", key.title if key else "")
    yield Found(entity, event, {"custom_message": f"{verb} deploy key"}, target)


_OWNERS: dict[str, tuple[Any, str]] = {
    "personal": (User, "user_id"),
    "project": (Project, "project_id"),
    "group": (Group, "group_id"),
}
WATCHED: dict[Any, Callable[[Change], Iterator[Found]]] = {
    Project: _project,
    Group: _group,
    Member: _member,
    Token: _token,
    ProtectedBranch: _protected_branch,
    DeployKeysProject: _deploy_key,
}
"""The kinds of rows that are watched, and what is made of a change of one."""
