"""Members of groups and projects. Source: GitLab 8's doc/api/members.md, lib/api/members.rb, lib/api/v3/members.rb."""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.member import MEMBER, Member
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.services import members
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4 import members as newer
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Conflict, NotFound, Unprocessable

LEVELS = (access.GUEST, access.REPORTER, access.DEVELOPER, access.MAINTAINER)
USER_ID = dsl.param("user_id", int, "The ID of the user", required=True)
ROLE = ("access_level", "expires_at")
SHOWN = MEMBER.only("name", "username", "id", "state", "avatar_url", "web_url", *ROLE)
v3.dialect.show({MEMBER: SHOWN})


def _check_level(source: Project | Group, level: int) -> None:
    """Refuse a level that there is not; projects have no owners among their members."""
    if level not in (LEVELS if isinstance(source, Project) else (*LEVELS, access.OWNER)):
        raise Unprocessable("Access level is not known", reason=f"{source.full_path} has no members with {level}")


def add_member(call: dsl.Call, source: Project | Group, given: dsl.Given) -> Member:
    """Add a user to a group or project; who is a member of a project stays what he is."""
    user_id = given["user_id"]
    known = members.direct_members(call.store, source).where(user_id=user_id).first()
    if known is not None and isinstance(source, Group):
        raise Conflict("Member already exists", reason=f"user {user_id} is a member of {source.full_path}")
    user = call.store[User].get(user_id)
    if user is None:
        raise NotFound("User", reason=f"there is no user {user_id}")
    _check_level(source, given["access_level"])
    return known or members.join(call, source, user, given["access_level"], given.get("expires_at"))


def update_member(
    call: dsl.Call, source: Project | Group, user_id: Annotated[int, "The ID of the user"], given: dsl.Given
) -> Member:
    """Give a member of a group or project another role."""
    member = newer.find_member(call, source, user_id)
    _check_level(source, given["access_level"])
    return call.store.update(member, **given.only(*ROLE))


def remove_member(
    call: dsl.Call, source: Project | Group, user_id: Annotated[int, "The ID of the user"]
) -> dict[str, Any]:
    """Remove a member from a group or project; of a project it may be somebody who is none."""
    member = members.direct_members(call.store, source).where(user_id=user_id).first()
    if member is not None:
        shown = SHOWN.render(member, call.view())
        newer.remove_member(call, source, user_id, skip_subresources=True)
        return shown
    if isinstance(source, Group):
        raise NotFound(f"Member: user_id:{user_id}", reason=f"user {user_id} is no member of {source.full_path}")
    return {"message": "Access revoked", "id": user_id}


for _source in ("groups/:id", "projects/:id"):
    _list, _one = f"{_source}/members", f"{_source}/members/:user_id"
    v3.adopt(v4, "GET", _list, rule=access.USER, takes=("query",))
    v3.adopt(v4, "POST", _list, handler=add_member, takes=(USER_ID, *ROLE))
    v3.adopt(v4, "GET", _one, rule=access.USER)
    v3.adopt(v4, "PUT", _one, handler=update_member, takes=ROLE)
    v3.adopt(v4, "DELETE", _one, handler=remove_member, takes=())
