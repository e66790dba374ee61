"""Members of groups and projects: who is one, directly or not, and how that changes.

Source: https://docs.gitlab.com/user/project/members/ and GitLab's app/models/member.rb, app/services/members/.
"""

from collections.abc import Iterable
from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.effects import add_todo
from mockgitlab.api.models.event import Event
from mockgitlab.api.models.group import Group, GroupShare, ancestors, descendants
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.member import AccessRequest, Member, SourceType
from mockgitlab.api.models.member_role import MemberRole
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.project import Project, ProjectShare, namespace_of
from mockgitlab.api.models.todo import todos_on
from mockgitlab.api.models.user import User
from mockgitlab.errors import Forbidden, ValidationFailed
from mockgitlab.store import Query

Source = Project | Group
ROLES = (access.GUEST, access.PLANNER, access.REPORTER, access.DEVELOPER, access.MAINTAINER, access.OWNER)
UNKNOWN_LEVEL = "is not included in the list"
ASKED, ASKS_SINCE, APPROVERS_AT_MOST = "member_access_requested", (15, 8), 10
OTHER_LEVEL = "the custom role's base access level does not match the current access level"
OTHER_HIERARCHY = "must be in same hierarchy as custom role's namespace"


def joined_groups(store: dsl.Store, user_id: int, least: int = 0) -> list[int]:
    """Return the ids of the groups of which a user is a member in person, with at least a level."""
    members = store[Member].where(user_id=user_id, source_type="Namespace")
    return [one.source_id for one in members if one.access_level >= least and not one.expired(store.today)]


def source_type(source: Source) -> SourceType:
    """Return what members of a group or project have as the type of their source."""
    return "Project" if isinstance(source, Project) else "Namespace"


def direct_members(store: dsl.Store, source: Source) -> Query[Member]:
    """Return the members of a group or project itself, those whose time is over left out."""
    members = store[Member].where(source_type=source_type(source), source_id=source.id)
    today = store.today
    return members.filter(lambda member: not member.expired(today), ("valid", today))


def all_members(store: dsl.Store, source: Source, *, private: bool = True) -> tuple[Member, ...]:
    """Return one member for each user with a role, however it comes about, with the highest level; ordered by user.

    Without ``private``, members of invited private groups are left out.
    """
    key = ("all members", source_type(source), source.id, private)
    return store.remember(key, lambda: _all_members(store, source, private))


def _all_members(store: dsl.Store, source: Source, private: bool) -> tuple[Member, ...]:
    groups = ancestors(store, _group_of(store, source))
    found: dict[int, Member] = {}
    own = [direct_members(store, source)] if isinstance(source, Project) else []
    for member in _flat([*own, *(direct_members(store, group) for group in groups)]):
        _keep_higher(found, member)
    shares: list[GroupShare | ProjectShare] = []
    shares += store[ProjectShare].where(project_id=source.id) if isinstance(source, Project) else ()
    for group in groups:
        shares += store[GroupShare].where(shared_group_id=group.id)
    for share in shares:
        for member in _invited(store, share, private):
            _keep_higher(found, member)
    return tuple(found[user_id] for user_id in sorted(found))


def _group_of(store: dsl.Store, source: Source) -> Group:
    return namespace_of(store, source) if isinstance(source, Project) else store[Group][source.id]


def _flat(queries: Iterable[Iterable[Member]]) -> Iterable[Member]:
    return (member for query in queries for member in query)


def _keep_higher(found: dict[int, Member], member: Member) -> None:
    known = found.get(member.user_id)
    if known is None or member.access_level > known.access_level:
        found[member.user_id] = member


def _invited(store: dsl.Store, share: GroupShare | ProjectShare, private: bool) -> list[Member]:
    group = store[Group][share.group_id]
    over = share.expires_at is not None and share.expires_at <= store.today
    if over or (group.visibility == "private" and not private):
        return []
    chain = ancestors(store, group) if isinstance(share, ProjectShare) else [group]
    hidden = {"created_by_id": None} if group.visibility == "private" else {}
    return [
        member.replaced({"access_level": min(member.access_level, share.group_access), **hidden})
        for member in _flat(direct_members(store, one) for one in chain)
    ]


# What must hold


def check_level(call: dsl.Call, source: Source, level: int) -> None:
    """Refuse a level above the current user's own; what is no level at all is not valid later."""
    have = access.level(call, source)
    if level > have and level in access.NAMES:
        reason = f"{access.me(call).username} is {access.NAMES.get(have, have)} of {source.full_path} and cannot"
        raise Forbidden(reason=f"{reason} give or take the role {access.NAMES.get(level, level)}")


def problems_of(
    store: dsl.Store, source: Source, user_id: int, level: int, expires_at: str | None
) -> dict[str, list[str]]:
    """Return what is wrong with a membership, in GitLab's words."""
    problems: dict[str, list[str]] = {}
    texts = [*level_problems(store, source, level), *_inheritance_problems(store, source, user_id, level)]
    if texts:
        problems["access_level"] = texts
    if expires_at is not None and expires_at < store.today:
        problems["expires_at"] = ["cannot be a date in the past"]
    return problems


def level_problems(store: dsl.Store, source: Source, level: int) -> list[str]:
    """Return what is wrong with a level; minimal access is for top-level groups, and the Enterprise Edition has it."""
    if level in ROLES:
        return []
    if level != access.MINIMAL or isinstance(source, Project) or store.settings.edition != "ee":
        return [UNKNOWN_LEVEL]
    return [UNKNOWN_LEVEL, "supported on top level groups only"] if source.parent_id is not None else []


def _inheritance_problems(store: dsl.Store, source: Source, user_id: int, level: int) -> list[str]:
    highest = _inherited(store, source, user_id)
    if highest is None or level >= highest.access_level:
        return []
    role, group = access.NAMES[highest.access_level].capitalize(), store[Group][highest.source_id].name
    return [f"should be greater than or equal to {role} inherited membership from group {group}"]


def role_problems(store: dsl.Store, source: Source, level: int, role_id: int | None) -> dict[str, list[str]]:
    """Return what is wrong with a custom role for members with a level; one that is not there is of no hierarchy."""
    if role_id is None:
        return {}
    role, root = store[MemberRole].get(role_id), ancestors(store, _group_of(store, source))[-1]
    if role is None or role.group_id not in (None, root.id):
        return {"member_namespace": [OTHER_HIERARCHY]}
    return {"member_role_id": [OTHER_LEVEL]} if role.base_access_level != level else {}


def _inherited(store: dsl.Store, source: Source, user_id: int) -> Member | None:
    groups = ancestors(store, _group_of(store, source))
    above = groups if isinstance(source, Project) else groups[1:]
    members = _flat(direct_members(store, group).where(user_id=user_id) for group in above)
    return max(members, key=lambda member: member.access_level, default=None)


def is_last_owner(store: dsl.Store, source: Source, user_id: int) -> bool:
    """Tell whether a group, or a personal project, would be without an owner if this user were none."""
    if isinstance(source, Project):
        return namespace_of(store, source).owner_id == user_id
    owners = direct_members(store, source).where(access_level=access.OWNER)
    return source.parent_id is None and [owner.user_id for owner in owners] == [user_id]


def check_not_last_owner(store: dsl.Store, source: Source, user_id: int) -> None:
    """Refuse to take the role of the last owner."""
    if is_last_owner(store, source, user_id):
        raise Forbidden(reason=f"user {user_id} is the last owner of {source.full_path}")


# Changes


def add_member(
    call: dsl.Call, source: Source, user: User, level: int, expires_at: str | None, role_id: int | None = None
) -> Member:
    """Make a user a member, or give one another role; raises ``ValidationFailed``."""
    store = call.store
    problems = problems_of(store, source, user.id, level, expires_at) | role_problems(store, source, level, role_id)
    if problems:
        raise ValidationFailed(
            problems, reason=f"{user.username} cannot become a member of {source.full_path} like this"
        )
    return join(call, source, user, level, expires_at, role_id)


def join(
    call: dsl.Call, source: Source, user: User, level: int, expires_at: str | None, role_id: int | None = None
) -> Member:
    """Make a user a member, or give one another role, whatever it is."""
    store, where = call.store, {"source_type": source_type(source), "source_id": source.id, "user_id": user.id}
    for request in list(store[AccessRequest].where(**where)):
        end_request(store, source, request)
    known = store[Member].where(**where).first()
    if known is not None:
        return store.update(known, access_level=level, expires_at=expires_at, member_role_id=role_id)
    record(store, source, user.id, "joined")
    role = {"access_level": level, "member_role_id": role_id, "expires_at": expires_at}
    return store.insert(Member(**where, **role, created_by_id=access.me(call).id))


def ask_for_access(call: dsl.Call, source: Source, user: User) -> AccessRequest:
    """Let a user ask for access: owners, and of a project maintainers, get a to-do item of it."""
    store, least = call.store, access.MAINTAINER if isinstance(source, Project) else access.OWNER
    request = store.insert(AccessRequest(user_id=user.id, source_type=source_type(source), source_id=source.id))
    approvers = [member for member in direct_members(store, source) if member.access_level >= least]
    for member in approvers[:APPROVERS_AT_MOST] if call.settings.release >= ASKS_SINCE else ():
        add_todo(call, member.user_id, ASKED, source)
    return request


def end_request(store: dsl.Store, source: Source, request: AccessRequest) -> None:
    """Take away a request for access, be it granted or not, and what it asked of others."""
    for todo in todos_on(store, source):
        if (todo.author_id, todo.action_name, todo.state) == (request.user_id, ASKED, "pending"):
            store.update(todo, state="done")
    store.delete(request)


def record(store: dsl.Store, source: Source, user_id: int, action: Literal["joined", "left"]) -> None:
    """Record that a user ``joined`` or ``left`` a project; of groups nothing is recorded."""
    if isinstance(source, Project):
        store.insert(Event(project_id=source.id, action=action, author_id=user_id))


def remove_member(store: dsl.Store, source: Source, user_id: int, *, below: bool, unassign: bool) -> None:
    """End a user's membership; ``below`` too in subgroups and projects, and ``unassign`` from all issues inside."""
    inside = [source, *_sources_below(store, source)]
    for one in inside if below else inside[:1]:
        for member in list(store[Member].where(source_type=source_type(one), source_id=one.id, user_id=user_id)):
            store.delete(member)
            record(store, one, user_id, "left")
    if unassign:
        _unassign(store, [one.id for one in inside if isinstance(one, Project)], user_id)


def _sources_below(store: dsl.Store, source: Source) -> list[Source]:
    if isinstance(source, Project):
        return []
    groups = descendants(store, source)
    projects = store[Project].all().among("namespace_id", [source.id, *(group.id for group in groups)])
    return [*groups, *projects]


def _unassign(store: dsl.Store, project_ids: list[int], user_id: int) -> None:
    kinds: tuple[Any, ...] = (Issue, MergeRequest)
    for kind in kinds:
        for record in list(store[kind].where(assignee_ids=user_id).among("project_id", project_ids)):
            store.update(record, assignee_ids=tuple(one for one in record.assignee_ids if one != user_id))
