"""Invitations to groups and projects by e-mail.

Source: https://docs.gitlab.com/api/invitations/ and GitLab's lib/api/invitations.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.group_filters import Level
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.group_links import LinkLevel
from mockgitlab.api.models.member import INVITATION, Invitation
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.services import members
from mockgitlab.api.services.access_tokens import sentence
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.members import ADMINISTER
from mockgitlab.errors import BadRequest, NotFound, ValidationFailed
from mockgitlab.store import Query

TOO_MANY = "Too many users specified (limit is 100)"


def _invitations(store: dsl.Store, source: Project | Group, email: str | None) -> Query[Invitation]:
    found = store[Invitation].where(source_type=members.source_type(source), source_id=source.id)
    return found.where(invite_email=email) if email else found


@v4.get("groups/:id/invitations", "projects/:id/invitations", rule=ADMINISTER, shape=INVITATION)
def list_invitations(
    call: dsl.Call, source: Project | Group, query: Annotated[str | None, "Only those sent to this address"] = None
) -> Query[Invitation]:
    """List the pending invitations to a group or project."""
    return dsl.present(_invitations(call.store, source, query), options=["secrets"])  # type: ignore[no-any-return]


@v4.post(
    "groups/:id/invitations",
    "projects/:id/invitations",
    rule=ADMINISTER,
    params=[
        dsl.param("email", dsl.CommaList, "The addresses of the new members"),
        dsl.param("user_id", dsl.IdList, "The IDs of the new members"),
        dsl.param("access_level", LinkLevel, "A valid access level", required=True),
        dsl.param("expires_at", dsl.Date, "The day on which the membership ends"),
        dsl.param("invite_source", str, "What the invitation was made with", default="invitations-api"),
        dsl.param("member_role_id", int, "The ID of a custom role"),
    ],
    constraints=[dsl.at_least_one_of("email", "user_id")],
)
def invite(call: dsl.Call, source: Project | Group, given: dsl.Given) -> dict[str, Any]:
    """Invite people by e-mail; who has an account becomes a member at once."""
    members.check_level(call, source, given["access_level"])
    emails, ids = given.get("email") or [], given.get("user_id") or []
    if len(emails) + len(ids) > 100:
        return {"status": "error", "message": TOO_MANY}
    users = {str(one): call.store[User].get(one) for one in ids}
    users |= {email: call.store[User].find(folded_email=email.lower()) for email in emails}
    problems = {name: text for name, user in users.items() if (text := _invite(call, source, name, user))}
    return {"status": "error", "message": problems} if problems else {"status": "success"}


def _invite(call: dsl.Call, source: Project | Group, name: str, user: User | None) -> str:
    given = call.given
    if user is not None:
        return _add(call, source, user)
    if "@" not in name:
        return "Invite email is invalid"
    if problems := members.level_problems(call.store, source, given["access_level"]):
        return sentence({"access_level": problems})
    if _invitations(call.store, source, name).exists():
        return "The member's email address has already been taken"
    call.store.insert(
        Invitation(
            source_type=members.source_type(source),
            source_id=source.id,
            invite_email=name,
            invite_token=call.store.mint(),
            access_level=given["access_level"],
            expires_at=given.get("expires_at"),
            created_by_id=access.me(call).id,
        )
    )
    return ""


def _add(call: dsl.Call, source: Project | Group, user: User) -> str:
    if members.direct_members(call.store, source).where(user_id=user.id).exists():
        return "User already exists in source"
    try:
        role = (call.given["access_level"], call.given.get("expires_at"), call.given.get("member_role_id"))
        members.add_member(call, source, user, *role)
    except ValidationFailed as error:
        return ", ".join(f"{key.replace('_', ' ').capitalize()} {text}" for key, (text, *_) in error.message.items())
    return ""


def _find(call: dsl.Call, source: Project | Group, email: str) -> Invitation:
    found = _invitations(call.store, source, email).first()
    if found is None:
        raise NotFound(reason=f"nobody was invited to {source.full_path} as {email}")
    return found


@v4.put("groups/:id/invitations/:email", "projects/:id/invitations/:email", rule=ADMINISTER, shape=INVITATION)
def update_invitation(
    call: dsl.Call,
    source: Project | Group,
    email: Annotated[str, "The address that was invited"],
    given: dsl.Given,
    access_level: Annotated[Level | None, "A valid access level"] = None,
    expires_at: Annotated[dsl.Timestamp | None, "When the membership ends"] = None,
    member_role_id: Annotated[int | None, "The ID of a custom role"] = None,
) -> Invitation:
    """Update a pending invitation."""
    found = _find(call, source, email)
    sent = {name: given[name] for name in ("access_level", "expires_at") if name in call.sent}
    if not sent:
        raise BadRequest(reason="neither access_level nor expires_at was given")
    if access_level is not None:
        members.check_level(call, source, access_level)
    return call.store.update(found, **sent)


@v4.delete("groups/:id/invitations/:email", "projects/:id/invitations/:email", rule=ADMINISTER)
def delete_invitation(
    call: dsl.Call, source: Project | Group, email: Annotated[str, "The address that was invited"]
) -> None:
    """Delete a pending invitation."""
    call.store.delete(_find(call, source, email))
