"""Members of a top-level group who wait for approval, and the mark that keeps an LDAP group from changing a role.

Source: https://docs.gitlab.com/api/group_members/ and GitLab's ee/lib/ee/api/members.rb.
"""

from typing import Annotated, Any, Literal

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.billable import inside
from mockgitlab.api.models.group import Group, descendants
from mockgitlab.api.models.group_links import LdapGroupLink
from mockgitlab.api.models.member import MEMBER, Invitation, Member
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User, gravatar
from mockgitlab.api.services import members
from mockgitlab.api.v4.base import find_group, find_named_user, v4
from mockgitlab.errors import BadRequest, Forbidden, NotFound, RecordNotFound, Unprocessable

NONE_FOUND = "No memberships found"
UserId = Annotated[int, "The ID of the user"]


def _check_owner(call: dsl.Call, group: Group) -> None:
    if group.parent_id is not None:
        raise BadRequest(reason=f"{group.full_path} is a subgroup, and top-level groups alone have pending members")
    if access.level(call, group) < access.OWNER:
        raise BadRequest(reason=f"{access.me(call).username} is no owner of {group.full_path}")


def _awaiting(store: dsl.Store, group: Group) -> list[Member]:
    return [member for member in inside(store, group) if member.membership_state == "awaiting"]


def _change(store: dsl.Store, found: list[Member], state: str) -> None:
    for member in found:
        store.update(member, membership_state=state)


# Pending members


def _person(call: dsl.Call, member: Member) -> dict[str, Any]:
    user, view = call.store[User][member.user_id], call.view()
    return {
        "id": member.id,
        "name": user.name,
        "username": user.username,
        "email": user.email,
        "web_url": user.web_url(view),
        "invited": False,
        "avatar_url": user.avatar_url(view),
        "approved": False,
    }


def _guest(invitation: Invitation) -> dict[str, Any]:
    email = invitation.invite_email
    shown = {"invited": True, "avatar_url": gravatar(email), "approved": True}
    return {"id": invitation.id, "email": email, **shown}


@v4.get("groups/:id/pending_members", edition="ee", rule=access.USER)
def list_pending_members(call: dsl.Call, group: Group) -> list[dict[str, Any]]:
    """List who waits for approval in a top-level group or below it, and who is invited there, each once."""
    _check_owner(call, group)
    waiting = {member.user_id: _person(call, member) for member in reversed(_awaiting(call.store, group))}
    invited = {one.invite_email: _guest(one) for one in reversed(_invitations(call.store, group))}
    return [one for people in (waiting, invited) for _, one in sorted(people.items())]


def _invitations(store: dsl.Store, group: Group) -> list[Invitation]:
    groups = [one.id for one in (group, *descendants(store, group))]
    projects = [project.id for project in store[Project].all().among("namespace_id", groups)]
    rows = store[Invitation].all()
    return [
        *rows.where(source_type="Namespace").among("source_id", groups),
        *rows.where(source_type="Project").among("source_id", projects),
    ]


@v4.put("groups/:id/members/:member_id/approve", success=204, edition="ee")
def approve_member(call: dsl.Call, group: Group, member_id: Annotated[int, "The ID of the membership"]) -> None:
    """Approve a pending member, with all memberships of the user in the group and below."""
    member = call.store[Member].get(member_id)
    if member is None:
        raise NotFound(reason=f"there is no membership {member_id}")
    _check_owner(call, group)
    _approve(call.store, [one for one in _awaiting(call.store, group) if one.user_id == member.user_id])


@v4.post("groups/:id/members/approve_all", success=204, edition="ee")
def approve_all_members(call: dsl.Call, group: Group) -> None:
    """Approve all pending members of a top-level group and below."""
    _check_owner(call, group)
    _approve(call.store, _awaiting(call.store, group))


def _approve(store: dsl.Store, found: list[Member]) -> None:
    if not found:
        raise BadRequest(f"400 Bad request - {NONE_FOUND}", reason="nobody waits for approval there")
    _change(store, found, "active")


@v4.put("groups/:id/members/:user_id/state", edition="ee", unlocated=("id",))
def change_state(
    call: dsl.Call, id: str, user_id: UserId, state: Annotated[Literal["awaiting", "active"], "The new state"]
) -> dict[str, bool]:
    """Let the memberships of a user in a top-level group and below wait for approval, or approve them."""
    user, group = find_named_user(call, str(user_id)), find_group(call, id)
    _check_owner(call, group)
    if state == "awaiting" and members.is_last_owner(call.store, group, user_id):
        raise Unprocessable("The last owner cannot be set to awaiting", reason=f"{user.username} owns it alone")
    other = "active" if state == "awaiting" else "awaiting"
    found = [one for one in inside(call.store, group) if one.user_id == user_id and one.membership_state == other]
    if not found:
        raise Unprocessable(NONE_FOUND, reason=f"{user.username} has no membership there that is {other}")
    _change(call.store, found, state)
    return {"success": True}


# LDAP


def _check_synced(call: dsl.Call) -> None:
    group = call.at(Group)
    access.AS_OWNER.check(call)
    if not call.store[LdapGroupLink].where(group_id=group.id).exists():
        raise Forbidden(reason=f"{group.full_path} has no LDAP links, so no role to override")


SYNCED = dsl.Rule("owner of a group with LDAP links", _check_synced)


def _override(call: dsl.Call, group: Group, user_id: int, override: bool) -> Member:
    member = members.direct_members(call.store, group).where(user_id=user_id).first()
    if member is None:
        raise RecordNotFound(reason=f"user {user_id} is no direct member of {group.full_path}")
    if not member.ldap:
        raise Forbidden(reason=f"no LDAP group made user {user_id} a member of {group.full_path}")
    return call.store.update(member, override=override)


@v4.post("groups/:id/members/:user_id/override", rule=SYNCED, shape=MEMBER, edition="ee")
def set_override(call: dsl.Call, group: Group, user_id: UserId) -> Member:
    """Let the role of a member stay when the LDAP group says otherwise."""
    return _override(call, group, user_id, True)


@v4.delete("groups/:id/members/:user_id/override", rule=SYNCED, shape=MEMBER, success=200, edition="ee")
def remove_override(call: dsl.Call, group: Group, user_id: UserId) -> Member:
    """Let the LDAP group say again which role a member has."""
    return _override(call, group, user_id, False)
