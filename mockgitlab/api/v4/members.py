"""Members of groups and projects. Source: https://docs.gitlab.com/api/members/ and GitLab's lib/api/members.rb."""

from typing import Annotated, Any, Literal

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.member import MEMBER, Member
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.user import User
from mockgitlab.api.models.user_identity import Identity
from mockgitlab.api.services import members
from mockgitlab.api.v4.base import find_project, v4
from mockgitlab.errors import Conflict, Forbidden, MethodNotAllowed, NotFound, RecordNotFound, ValidationFailed
from mockgitlab.store import Query

USERS_AT_MOST = 100
LIST = (
    dsl.param("query", str, "Members with this in their name, username or e-mail"),
    dsl.param("user_ids", dsl.IdList, "Only the members with these user IDs"),
    dsl.param("show_seat_info", bool, "Show who takes a seat"),
)
ROLE = (
    dsl.param("access_level", int, "A valid access level", required=True),
    dsl.param("expires_at", dsl.Date, "The day on which the membership ends"),
    dsl.param("member_role_id", int, "The ID of a custom role"),
)


def _source(call: dsl.Call) -> Project | Group:
    return call.maybe_at(Project) or call.at(Group)


def _check_readable(call: dsl.Call) -> None:
    source, user = _source(call), access.me(call)
    open_to_user = source.visibility == "public" or (source.visibility == "internal" and not user.external)
    if not (open_to_user or access.level(call, source) > 0):
        raise Forbidden(reason=f"{user.username} has no role in {source.full_path}, only in something below it")


def _check_admin(call: dsl.Call) -> None:
    source = _source(call)
    (access.AS_MAINTAINER if isinstance(source, Project) else access.AS_OWNER).check(call)


READ = dsl.Rule("reader of the members", _check_readable)
ADMINISTER = dsl.Rule("maintainer of the project, or owner of the group", _check_admin)


def _user_ids(call: dsl.Call, user_ids: set[int]) -> set[int]:
    """Return which users of these the parameters of the list ask for."""
    given = call.given
    if given.get("user_ids") is not None:
        user_ids = user_ids & set(given["user_ids"])
    if given.get("with_saml_identity"):
        user_ids = user_ids & {one.user_id for one in call.store[Identity].where(provider="group_saml")}
    user_ids = user_ids - set(given.get("skip_users") or ())
    wanted = (given.get("query") or "").strip().lower()
    return {one for one in user_ids if _matches(call.store[User][one], wanted)}


def _matches(user: User, wanted: str) -> bool:
    return wanted in user.name.lower() or wanted in user.username.lower() or wanted == user.email.lower()


def _options(call: dsl.Call) -> list[str]:
    return ["show_seat_info"] if call.option("show_seat_info") else []


@v4.get(
    "groups/:id/members",
    "projects/:id/members",
    rule=READ,
    shape=MEMBER,
    params=[
        *LIST,
        dsl.param("skip_users", dsl.IdList, "Leave out the members with these user IDs"),
        dsl.param("with_saml_identity", bool, "Only members known to a SAML provider of a group"),
    ],
)
def list_members(call: dsl.Call, source: Project | Group) -> Query[Member]:
    """List the members of a group or project itself."""
    found = members.direct_members(call.store, source)
    wanted = _user_ids(call, {member.user_id for member in found})
    return dsl.present(found.among("user_id", wanted), options=_options(call))  # type: ignore[no-any-return]


def _all(call: dsl.Call, source: Project | Group) -> tuple[Member, ...]:
    return members.all_members(call.store, source, private=access.level(call, source) > 0)


@v4.get("groups/:id/members/all", "projects/:id/members/all", rule=READ, shape=MEMBER, params=LIST)
def list_all_members(
    call: dsl.Call,
    source: Project | Group,
    state: Annotated[Literal["awaiting", "active"] | None, "Only members in this state"] = None,
) -> list[Member]:
    """List all members of a group or project, those of groups above and of invited groups too."""
    found = _all(call, source)
    wanted = _user_ids(call, {member.user_id for member in found})
    shown = [one for one in found if one.user_id in wanted and state in (None, one.membership_state)]
    return dsl.present(shown, options=_options(call))  # type: ignore[no-any-return]


def find_member(call: dsl.Call, source: Project | Group, user_id: int) -> Member:
    """Return the direct member of a group or project who is this user."""
    member = members.direct_members(call.store, source).where(user_id=user_id).first()
    if member is None:
        raise RecordNotFound(reason=f"user {user_id} is no direct member of {source.full_path}")
    return member


@v4.get("groups/:id/members/:user_id", "projects/:id/members/:user_id", rule=READ, shape=MEMBER)
def show_member(call: dsl.Call, source: Project | Group, user_id: Annotated[int, "The ID of the user"]) -> Member:
    """Show a member of a group or project itself."""
    return find_member(call, source, user_id)


@v4.get("groups/:id/members/all/:user_id", "projects/:id/members/all/:user_id", rule=READ, shape=MEMBER)
def show_any_member(call: dsl.Call, source: Project | Group, user_id: Annotated[int, "The ID of the user"]) -> Member:
    """Show a member of a group or project, one of groups above or of invited groups too."""
    found = next((member for member in _all(call, source) if member.user_id == user_id), None)
    if found is None:
        raise RecordNotFound(reason=f"user {user_id} is no member of {source.full_path}")
    return found


# Adding


@v4.post(
    "groups/:id/members",
    "projects/:id/members",
    rule=ADMINISTER,
    shape=MEMBER,
    params=[
        dsl.param("user_id", int | str, "The ID of the user, or several separated by commas"),
        dsl.param("username", str, "The username, or several separated by commas"),
        *ROLE,
        dsl.param("invite_source", str, "What the member was added with", default="members-api"),
    ],
    constraints=[dsl.mutually_exclusive("user_id", "username"), dsl.at_least_one_of("user_id", "username")],
)
def add_member(call: dsl.Call, source: Project | Group, given: dsl.Given) -> Any:
    """Add a user, or several, to a group or project."""
    key = "user_id" if given.get("user_id") is not None else "username"
    names = [name.strip() for name in str(given[key]).split(",") if name.strip()]
    found = [(name, _named(call, key, name)) for name in names]
    if "," in str(given[key]):
        return _add_several(call, source, [user for _, user in found if user], given)
    if not names or found[0][1] is None:
        raise NotFound("User", reason=f"there is no user with the {key} {given[key]}")
    user = found[0][1]
    if members.direct_members(call.store, source).where(user_id=user.id).exists():
        raise Conflict("Member already exists", reason=f"{user.username} is a member of {source.full_path}")
    members.check_level(call, source, given["access_level"])
    _check_unlocked(call, source)
    return _add(call, source, user, given)


def _check_unlocked(call: dsl.Call, source: Project | Group) -> None:
    group = namespace_of(call.store, source) if isinstance(source, Project) else None
    if group is not None and group.membership_lock and call.settings.edition == "ee":
        text = "405 Method Not Allowed"
        raise MethodNotAllowed(message=text, reason=f"{group.full_path} has membership_lock on")


def _add(call: dsl.Call, source: Project | Group, user: User, given: dsl.Given) -> Member:
    role = (given["access_level"], given.get("expires_at"), given.get("member_role_id"))
    return members.add_member(call, source, user, *role)


def _named(call: dsl.Call, key: str, name: str) -> User | None:
    if key == "username":
        return call.store[User].find(folded=name.lower())
    return call.store[User].get(int(name)) if name.isascii() and name.isdigit() and len(name) < 19 else None


def _add_several(call: dsl.Call, source: Project | Group, users: list[User], given: dsl.Given) -> dict[str, str]:
    if not users:
        return {"status": "error", "message": "No users specified."}
    if len(users) > USERS_AT_MOST:
        return {"status": "error", "message": f"Too many users specified (limit is {USERS_AT_MOST})"}
    members.check_level(call, source, given["access_level"])
    problems = [text for user in users if (text := _add_one(call, source, user, given))]
    return {"status": "error", "message": " and ".join(problems)} if problems else {"status": "success"}


def _add_one(call: dsl.Call, source: Project | Group, user: User, given: dsl.Given) -> str:
    try:
        _add(call, source, user, given)
    except ValidationFailed as error:
        texts = [f"{key.replace('_', ' ').capitalize()} {text}" for key in error.message for text in error.message[key]]
        return f"{user.username}: {', '.join(texts)}"
    return ""


# Changing and removing


@v4.put("groups/:id/members/:user_id", "projects/:id/members/:user_id", rule=ADMINISTER, shape=MEMBER, params=ROLE)
def update_member(
    call: dsl.Call, source: Project | Group, user_id: Annotated[int, "The ID of the user"], given: dsl.Given
) -> Member:
    """Update a member of a group or project; without ``member_role_id`` there is no custom role any more."""
    member, store, level = find_member(call, source, user_id), call.store, given["access_level"]
    members.check_level(call, source, max(member.access_level, level))
    if level < access.OWNER:
        members.check_not_last_owner(store, source, user_id)
    changes = {"access_level": level, "member_role_id": given.get("member_role_id"), **given.only("expires_at")}
    problems = members.problems_of(store, source, user_id, level, changes.get("expires_at"))
    problems |= members.role_problems(store, source, level, changes["member_role_id"])
    if problems:
        raise ValidationFailed(problems, reason=f"the membership of user {user_id} cannot become this")
    return store.update(member, **changes)


@v4.delete("groups/:id/members/:user_id", "projects/:id/members/:user_id")
def remove_member(
    call: dsl.Call,
    source: Project | Group,
    user_id: Annotated[int, "The ID of the user"],
    skip_subresources: Annotated[bool, "Keep the memberships in subgroups and projects below"] = False,
    unassign_issuables: Annotated[bool, "Unassign the user from issues and merge requests inside"] = False,
) -> None:
    """Remove a member from a group or project."""
    member = find_member(call, source, user_id)
    if user_id != access.me(call).id:
        ADMINISTER.check(call)
        members.check_level(call, source, member.access_level)
    members.check_not_last_owner(call.store, source, user_id)
    members.remove_member(call.store, source, user_id, below=not skip_subresources, unassign=unassign_issuables)


@v4.post("projects/:id/import_project_members/:project_id", rule=ADMINISTER, success=200)
def import_project_members(
    call: dsl.Call, project: Project, project_id: Annotated[int, "The ID of the project to take the members from"]
) -> dict[str, str]:
    """Add the members of another project; who is a member keeps the role, and nobody gets more than the caller has."""
    other = find_project(call, str(project_id))
    if access.level(call, other) < access.MAINTAINER:
        raise Forbidden("Project", reason=f"{access.me(call).username} is no maintainer of {other.full_path}")
    known = {member.user_id for member in members.direct_members(call.store, project)}
    have = access.level(call, project)
    for member in list(members.direct_members(call.store, other)):
        user = call.store[User][member.user_id]
        if user.id not in known and not user.bot:
            columns = {"access_level": min(member.access_level, have), "expires_at": member.expires_at}
            where = {"source_type": "Project", "source_id": project.id, "user_id": user.id}
            call.store.insert(Member(**where, **columns, created_by_id=access.me(call).id))
    return {"status": "success"}
