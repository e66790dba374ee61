"""Who takes a seat in a top-level group: its people, those of all below it, and those of groups that were invited.

Source: https://docs.gitlab.com/api/group_members/#list-all-billable-members-of-a-group and GitLab's
ee/app/finders/billed_users_finder.rb.
"""

from collections.abc import Iterable
from typing import Literal

from mockgitlab import dsl
from mockgitlab.api.models.group import Group, GroupShare, ancestors, descendants
from mockgitlab.api.models.member import LEVELS, Member
from mockgitlab.api.models.project import Project, ProjectShare
from mockgitlab.api.models.user import User
from mockgitlab.store import Query

MembershipType = Literal["group_member", "project_member", "group_invite", "project_invite"]
REMOVABLE = ("group_member", "project_member")


def membership_types(store: dsl.Store, group: Group) -> dict[int, MembershipType]:
    """Return how each user whom a group is billed for came to it, by the user's id; the nearest way counts."""
    found: dict[int, MembershipType] = {}
    for kind, members in _ways(store, group):
        for member in members:
            if member.user_id not in found and _takes_seat(store, member):
                found[member.user_id] = kind
    return found


def _ways(store: dsl.Store, group: Group) -> list[tuple[MembershipType, Iterable[Member]]]:
    groups = [one.id for one in (group, *descendants(store, group))]
    projects = [project.id for project in store[Project].all().among("namespace_id", groups)]
    return [
        ("group_member", _members(store, "Namespace", groups)),
        ("project_member", _members(store, "Project", projects)),
        ("group_invite", invited(store, store[GroupShare].all().among("shared_group_id", groups))),
        ("project_invite", invited(store, store[ProjectShare].all().among("project_id", projects))),
    ]


def _members(store: dsl.Store, source_type: str, ids: Iterable[int]) -> Query[Member]:
    return store[Member].where(source_type=source_type).among("source_id", ids)


def invited(store: dsl.Store, shares: Iterable[GroupShare | ProjectShare]) -> Query[Member]:
    """Return the members of the groups of invitations, and of those above them."""
    groups = {one.id for share in shares for one in ancestors(store, store[Group][share.group_id])}
    return _members(store, "Namespace", groups)


def _takes_seat(store: dsl.Store, member: Member) -> bool:
    user = store[User][member.user_id]
    counts = member.membership_state == "active" and member.access_level > LEVELS["minimal"]
    return counts and not member.expired(store.today) and user.state == "active" and user.user_type == "human"


def inside(store: dsl.Store, group: Group) -> list[Member]:
    """Return the memberships in a group, its subgroups and all their projects, the oldest first."""
    ways = dict(_ways(store, group))
    return sorted((*ways["group_member"], *ways["project_member"]), key=lambda one: one.id)


def indirect_memberships(store: dsl.Store, group: Group, user_id: int) -> list[Member]:
    """Return the memberships of a user in groups that were invited to a group or anything below it."""
    ways = dict(_ways(store, group))
    found = {one.id: one for one in (*ways["group_invite"], *ways["project_invite"])}
    return [one for _, one in sorted(found.items()) if one.user_id == user_id]
