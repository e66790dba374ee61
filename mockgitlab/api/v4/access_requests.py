"""Access requests of groups and projects.

Source: https://docs.gitlab.com/api/access_requests/ and GitLab's lib/api/access_requests.rb.
"""

from typing import Annotated

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.group_filters import Level
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.member import ACCESS_REQUESTER, MEMBER, AccessRequest, Member
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.services import members
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.members import ADMINISTER
from mockgitlab.errors import Forbidden, RecordNotFound, ValidationFailed
from mockgitlab.store import Query


def _requests(store: dsl.Store, source: Project | Group) -> Query[AccessRequest]:
    return store[AccessRequest].where(source_type=members.source_type(source), source_id=source.id)


@v4.get("groups/:id/access_requests", "projects/:id/access_requests", rule=ADMINISTER, shape=ACCESS_REQUESTER)
def list_access_requests(call: dsl.Call, source: Project | Group) -> Query[AccessRequest]:
    """List the access requests of a group or project."""
    return _requests(call.store, source)


@v4.post("groups/:id/access_requests", "projects/:id/access_requests", shape=ACCESS_REQUESTER)
def request_access(call: dsl.Call, source: Project | Group) -> AccessRequest:
    """Request access to a group or project for the current user."""
    user = access.me(call)
    if not source.request_access_enabled:
        raise Forbidden(reason=f"{source.full_path} takes no access requests")
    if access.level(call, source) > 0:
        raise Forbidden(reason=f"{user.username} has a role in {source.full_path} already")
    if _requests(call.store, source).where(user_id=user.id).exists():
        raise ValidationFailed({"user_id": ["already exists in source"]}, reason="the user asked before")
    return members.ask_for_access(call, source, user)


def find_request(call: dsl.Call, source: Project | Group, user_id: int) -> AccessRequest:
    """Return what a user asked a group or project for."""
    found = _requests(call.store, source).where(user_id=user_id).first()
    if found is None:
        raise RecordNotFound(reason=f"user {user_id} did not ask for access to {source.full_path}")
    return found


@v4.put(
    "groups/:id/access_requests/:user_id/approve",
    "projects/:id/access_requests/:user_id/approve",
    rule=ADMINISTER,
    success=201,
    shape=MEMBER.without("email"),
)
def approve_access_request(
    call: dsl.Call,
    source: Project | Group,
    user_id: Annotated[int, "The ID of the user who asked"],
    access_level: Annotated[Level, "A valid access level"] = 30,
) -> Member:
    """Approve an access request."""
    find_request(call, source, user_id)
    members.check_level(call, source, access_level)
    return members.add_member(call, source, call.store[User][user_id], access_level, None)


@v4.delete("groups/:id/access_requests/:user_id", "projects/:id/access_requests/:user_id")
def deny_access_request(
    call: dsl.Call, source: Project | Group, user_id: Annotated[int, "The ID of the user who asked"]
) -> None:
    """Deny an access request, or withdraw one's own."""
    found = find_request(call, source, user_id)
    if user_id != access.me(call).id:
        ADMINISTER.check(call)
    members.end_request(call.store, source, found)
