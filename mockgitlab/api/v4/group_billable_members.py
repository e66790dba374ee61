"""Billable members of top-level groups: who takes a seat, and through what.

Source: https://docs.gitlab.com/api/group_members/ and GitLab's ee/lib/ee/api/members.rb.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access, billable
from mockgitlab.api.models.group import Group, full_name
from mockgitlab.api.models.member import LEVELS, Member
from mockgitlab.api.models.member_role import MemberRole
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.api.models.user_profile import last_activity_on
from mockgitlab.api.services import members
from mockgitlab.api.user_filters import matches
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, NotFound, RecordNotFound

UserId = Annotated[int, "The ID of the user"]
NAMES = {level: name.capitalize() for name, level in LEVELS.items()}


def _check(call: dsl.Call) -> None:
    group = call.at(Group)
    if group.parent_id is not None:
        raise BadRequest(reason=f"{group.full_path} is a subgroup, and top-level groups alone have billable members")
    if access.level(call, group) < access.OWNER:
        raise BadRequest(reason=f"{access.me(call).username} is no owner of {group.full_path}")


OWNER_OF_ROOT = dsl.Rule("owner of the top-level group", _check)


# The list


@dataclass(frozen=True)
class Seat:
    """A user who takes a seat in a group: how the user came there, and the memberships that tell it."""

    user: User
    kind: billable.MembershipType
    group: Group
    memberships: list[Member]

    @property
    def removable(self) -> bool:
        """Whether the seat is free again once the memberships inside the group are gone."""
        return self.kind in billable.REMOVABLE


def _user(seat: Seat, view: dsl.View) -> User:
    return seat.user


def _email(seat: Seat, view: dsl.View) -> str | None:
    viewer = view.store[User].get(view.user_id)
    return seat.user.email if viewer is not None and viewer.admin else seat.user.public_email


BILLABLE = (
    USER_BASIC.of(_user)
    .called("BillableMember")
    .plus(
        email=_email,
        last_activity_on=lambda seat, view: last_activity_on(view.store, seat.user),
        membership_type=lambda seat, view: seat.kind,
        removable=lambda seat, view: seat.removable,
        created_at=lambda seat, view: seat.user.created_at,
        is_last_owner=lambda seat, view: members.is_last_owner(view.store, seat.group, seat.user.id),
        last_login_at=lambda seat, view: seat.user.current_sign_in_at,
    )
)


def _seats(store: dsl.Store, group: Group) -> list[Seat]:
    kinds, memberships = billable.membership_types(store, group), defaultdict[int, list[Member]](list)
    for member in billable.inside(store, group):
        memberships[member.user_id].append(member)
    return [Seat(store[User][id], kinds[id], group, memberships[id]) for id in sorted(kinds)]


def _level(seat: Seat) -> int:
    return max((one.access_level for one in seat.memberships), default=0)


def _joined(seat: Seat) -> str:
    return min((one.created_at for one in seat.memberships), default="")


def _signed_in(seat: Seat) -> str:
    return seat.user.current_sign_in_at or ""


def _active(seat: Seat) -> str:
    return seat.user.last_activity_on or ""


ORDERS: dict[str, tuple[Callable[[Seat], Any], bool]] = {
    "access_level_asc": (_level, False),
    "access_level_desc": (_level, True),
    "last_joined": (_joined, True),
    "name_asc": (lambda seat: seat.user.name, False),
    "name_desc": (lambda seat: seat.user.name, True),
    "oldest_joined": (_joined, False),
    "oldest_sign_in": (_signed_in, False),
    "recent_sign_in": (_signed_in, True),
    "last_activity_on_asc": (_active, False),
    "last_activity_on_desc": (_active, True),
}
"""By what each order sorts, and whether downwards; equals stay in the order of their ids."""


@v4.get(
    "groups/:id/billable_members",
    rule=OWNER_OF_ROOT,
    params=[
        dsl.param("search", str, "Only those with this in their name, username or public email"),
        dsl.param("sort", str, "The order, by ID unless given", enum=tuple(ORDERS)),
        dsl.param("include_awaiting_members", bool, "Taken, and without effect in newer versions"),
    ],
    edition="ee",
)
def list_billable_members(call: dsl.Call, group: Group, given: dsl.Given) -> list[dict[str, Any]]:
    """List the users for whom a top-level group is billed."""
    wanted = (given.get("search") or "").strip().lower()
    seats = [seat for seat in _seats(call.store, group) if not wanted or matches(seat.user, wanted)]
    if given.get("sort"):
        key, downwards = ORDERS[given["sort"]]
        seats.sort(key=key, reverse=downwards)
    view = call.view()
    return dsl.Mapped(seats, lambda seat: BILLABLE.render(seat, view))  # type: ignore[return-value]


# Memberships


def _source_full_name(member: Member, view: dsl.View) -> str:
    if member.source_type == "Project":
        return view.store[Project][member.source_id].name_with_namespace(view)
    return full_name(view.store, view.store[Group][member.source_id])


def _members_url(member: Member, view: dsl.View) -> str:
    if member.source_type == "Project":
        return f"{view.store[Project][member.source_id].web_url(view)}/-/project_members"
    return f"{view.base}/groups/{view.store[Group][member.source_id].full_path}/-/group_members"


def _access_level(member: Member, view: dsl.View) -> dict[str, Any]:
    role = view.store[MemberRole].get(member.member_role_id)
    shown = {"id": role.id, "name": role.name} if role else None
    return {"string_value": NAMES[member.access_level], "integer_value": member.access_level, "custom_role": shown}


MEMBERSHIP = (
    Member.shape("id", "source_id", name="BillableMembership")
    .plus(source_full_name=_source_full_name, source_members_url=_members_url)
    .plus("created_at", "expires_at", entity=Member)
    .plus(access_level=_access_level)
)


def _check_billable(call: dsl.Call, group: Group, user_id: int) -> None:
    if call.store[User].get(user_id) is None:
        raise RecordNotFound(reason=f"there is no user {user_id}")
    if user_id not in billable.membership_types(call.store, group):
        raise NotFound("User", reason=f"user {user_id} takes no seat in {group.full_path}")


@v4.get("groups/:id/billable_members/:user_id/memberships", rule=OWNER_OF_ROOT, shape=MEMBERSHIP, edition="ee")
def list_memberships(call: dsl.Call, group: Group, user_id: UserId) -> list[Member]:
    """List the memberships of a billable user in a top-level group and all below it."""
    _check_billable(call, group, user_id)
    return [one for one in billable.inside(call.store, group) if one.user_id == user_id]


@v4.get(
    "groups/:id/billable_members/:user_id/indirect", rule=OWNER_OF_ROOT, shape=MEMBERSHIP, edition="ee", since="16.11"
)
def list_indirect_memberships(call: dsl.Call, group: Group, user_id: UserId) -> list[Member]:
    """List the memberships of a billable user in groups that were invited to a top-level group."""
    _check_billable(call, group, user_id)
    return billable.indirect_memberships(call.store, group, user_id)


@v4.delete("groups/:id/billable_members/:user_id", edition="ee")
def remove_billable_member(call: dsl.Call, group: Group, user_id: UserId) -> None:
    """Remove a user from a top-level group and all below it, which GitLab does in the background."""
    if group.parent_id is not None:
        raise BadRequest("400 Bad request - Must be a root namespace", reason=f"{group.full_path} is a subgroup")
    if access.level(call, group) < access.OWNER:
        who = access.me(call).username
        raise BadRequest("400 Bad request - User not authorized", reason=f"{who} is no owner of {group.full_path}")
    if not members.is_last_owner(call.store, group, user_id):
        members.remove_member(call.store, group, user_id, below=True, unassign=False)
