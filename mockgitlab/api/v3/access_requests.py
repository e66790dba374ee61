"""Access requests of groups and projects. Source: GitLab 8's doc/api/access_requests.md, lib/api/access_requests.rb."""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.member import ACCESS_REQUESTER, AccessRequest
from mockgitlab.api.models.project import Project
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v3.members import SHOWN as MEMBER
from mockgitlab.api.v4 import access_requests as newer
from mockgitlab.api.v4.base import v4

NOTIFICATION_LEVEL = 3
"""Of members whose own notification level is the global one."""
v3.dialect.show(
    {
        ACCESS_REQUESTER: ACCESS_REQUESTER.only(
            *("name", "username", "id", "state", "avatar_url", "web_url"), "requested_at"
        )
    }
)


def _row(found: AccessRequest) -> dict[str, Any]:
    """Return all columns of a request, which to GitLab is a member of a kind."""
    kind = "ProjectMember" if found.source_type == "Project" else "GroupMember"
    return {
        "id": found.id,
        "access_level": access.DEVELOPER,
        "source_id": found.source_id,
        "source_type": found.source_type,
        "user_id": found.user_id,
        "notification_level": NOTIFICATION_LEVEL,
        "type": kind,
        "created_at": found.requested_at,
        "updated_at": found.requested_at,
        **dict.fromkeys(("created_by_id", "invite_email", "invite_token", "invite_accepted_at")),
        "requested_at": found.requested_at,
        "expires_at": None,
    }


def deny_access_request(
    call: dsl.Call, source: Project | Group, user_id: Annotated[int, "The ID of the user who asked"]
) -> dict[str, Any]:
    """Deny an access request, or withdraw one's own."""
    found = newer.find_request(call, source, user_id)
    newer.deny_access_request(call, source, user_id)
    return _row(found)


for _source in ("groups/:id", "projects/:id"):
    _at = f"{_source}/access_requests"
    v3.adopt(v4, "GET", _at)
    v3.adopt(v4, "POST", _at)
    v3.adopt(v4, "PUT", f"{_at}/:user_id/approve", shape=MEMBER)
    v3.adopt(v4, "DELETE", f"{_at}/:user_id", handler=deny_access_request)
