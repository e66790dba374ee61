"""Custom roles of the instance and of top-level groups.

They are kept, given to members and shown; what members may do follows from their base role alone. Groups have roles of
their own here as on GitLab.com; a newer GitLab of one's own refuses them.

Source: https://docs.gitlab.com/api/member_roles/, GitLab's ee/lib/api/member_roles.rb and member_role.rb.
"""

from collections.abc import Iterator
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.group_filters import Level
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.member_role import MEMBER_ROLE, PERMISSIONS, MemberRole
from mockgitlab.api.services.access_tokens import sentence
from mockgitlab.api.services.paths import TAKEN
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, NotFound
from mockgitlab.store import Query

ROLES_AT_MOST = 10
ASSIGNED = "Role is assigned to one or more group members. Remove role from all group members, then delete role."
NO_VULNERABILITY = "Read vulnerability has to be enabled in order to enable Admin vulnerability"
FULL = (
    "Namespace maximum number of Member Roles are already in use by the group hierarchy. "
    "Please delete an existing Member Role."
)
CREATE = [
    dsl.param("name", str, "The name of the role, made of its base role unless given"),
    dsl.param("description", str, "The description of the role"),
    dsl.param("base_access_level", Level, "The role on which it builds", required=True),
    *(dsl.param(name, bool, f"Whether members may {name.replace('_', ' ')}", default=False) for name in PERMISSIONS),
]


def _check_access(call: dsl.Call) -> None:
    (access.AS_OWNER if call.maybe_at(Group) else access.ADMIN).check(call)


RULE = dsl.Rule("administrator, or owner of the group", _check_access)


def _roles(call: dsl.Call) -> Query[MemberRole]:
    group = call.maybe_at(Group)
    return call.store[MemberRole].where(group_id=group.id if group else None)


@v4.locator("member_roles/:id", "groups/:id/member_roles/:member_role_id", integer=True)
def find_role(call: dsl.Call, value: str) -> MemberRole:
    """Return the custom role with this id of the group of the path, or of the instance."""
    role = _roles(call).where(id=int(value)).first()
    if role is None:
        raise NotFound("Member Role", reason=f"there is no member role {value} here")
    return role


@v4.get("member_roles", rule=RULE, shape=MEMBER_ROLE, paginated=False, edition="ee", since="16.9")
@v4.get("groups/:id/member_roles", rule=RULE, shape=MEMBER_ROLE, paginated=False, edition="ee", since="15.4")
def list_roles(call: dsl.Call) -> Query[MemberRole]:
    """List the custom roles of the instance or of a group."""
    return _roles(call)


@v4.post("member_roles", rule=RULE, shape=MEMBER_ROLE, params=CREATE, edition="ee", since="16.9")
@v4.post("groups/:id/member_roles", rule=RULE, shape=MEMBER_ROLE, params=CREATE, edition="ee", since="15.4")
def create_role(call: dsl.Call, given: dsl.Given) -> MemberRole:
    """Create a custom role of the instance or of a top-level group."""
    level, group = given["base_access_level"], call.maybe_at(Group)
    name = given.get("name") or f"{access.NAMES[level].capitalize()} - custom"
    granted = tuple(one for one in PERMISSIONS if given.get(one))
    if problems := list(_problems(call, name, level, granted)):
        raise BadRequest(", ".join(problems), reason="the role did not pass its validations")
    columns: dict[str, Any] = {"name": name, "description": given.get("description"), "base_access_level": level}
    return call.store.insert(MemberRole(group_id=group.id if group else None, permissions=granted, **columns))


def _problems(call: dsl.Call, name: str, level: int, granted: tuple[str, ...]) -> Iterator[str]:
    group = call.maybe_at(Group)
    if _roles(call).where(name=name).exists():
        yield sentence({"name": [TAKEN]})
    if group is not None and group.parent_id is not None:
        yield "Namespace must be top-level namespace"
    if group is not None and _roles(call).count() >= ROLES_AT_MOST:
        yield FULL
    if "admin_vulnerability" in granted and "read_vulnerability" not in granted and level < access.DEVELOPER:
        yield NO_VULNERABILITY


@v4.delete("member_roles/:id", rule=RULE, edition="ee", since="16.9")
@v4.delete("groups/:id/member_roles/:member_role_id", rule=RULE, edition="ee", since="15.4")
def delete_role(call: dsl.Call, role: MemberRole) -> None:
    """Delete a custom role that no member has."""
    if call.store[Member].where(member_role_id=role.id).exists():
        raise BadRequest(ASSIGNED, reason=f"members have the role {role.name}")
    call.store.delete(role)
