"""Members of groups and projects, and who asks or is asked to become one.

Source: https://docs.gitlab.com/api/members/, https://docs.gitlab.com/api/access_requests/,
https://docs.gitlab.com/api/invitations/ and GitLab's lib/api/entities/member.rb.
"""

from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.member_role import MEMBER_ROLE, MemberRole
from mockgitlab.api.models.user import USER_BASIC, User

LEVELS = {
    "no access": 0,
    "minimal": 5,
    "guest": 10,
    "planner": 15,
    "reporter": 20,
    "developer": 30,
    "maintainer": 40,
    "owner": 50,
}
SourceType = Literal["Project", "Namespace"]


class Member(dsl.Entity):
    """A user's role in one group or project; ``source_id`` is its id."""

    id: int = dsl.serial()
    source_type: SourceType = dsl.hidden()
    source_id: int = dsl.parent()
    user_id: int = dsl.parent("User")
    access_level: int = dsl.required("A valid access level")
    expires_at: str | None = dsl.optional("The last day of the membership")
    created_at: str = dsl.now()
    created_by_id: int | None = dsl.hidden()
    membership_state: Literal["active", "awaiting"] = dsl.readonly(default="active", edition="ee")
    member_role_id: int | None = dsl.reference("MemberRole", "The custom role")
    ldap: bool = dsl.hidden("Whether an LDAP group gave the membership", default=False)
    override: bool = dsl.hidden("Whether the role stays when the LDAP group says otherwise", default=False)

    def expired(self, today: str) -> bool:
        """Tell whether the membership is over."""
        return self.expires_at is not None and self.expires_at <= today


class AccessRequest(dsl.Entity):
    """A user's wish to become a member of a group or project."""

    id: int = dsl.serial()
    source_type: SourceType = dsl.hidden()
    source_id: int = dsl.parent()
    user_id: int = dsl.parent("User")
    requested_at: str = dsl.now()


class Invitation(dsl.Entity):
    """An e-mail that invites somebody without an account to a group or project."""

    id: int = dsl.serial()
    source_type: SourceType = dsl.hidden()
    source_id: int = dsl.parent()
    invite_email: str = dsl.required("The e-mail that it was sent to")
    invite_token: str = dsl.hidden()
    access_level: int = dsl.required("A valid access level")
    expires_at: str | None = dsl.optional("The last day of the membership")
    created_at: str = dsl.now()
    created_by_id: int | None = dsl.hidden()


def _user(row: Any, view: dsl.View) -> User:
    return view.store[User][row.user_id]


def _created_by(member: Member, view: dsl.View) -> Any:
    creator = view.store[User].get(member.created_by_id)
    return view.one(USER_BASIC, creator) if creator else dsl.OMIT


def _email(member: Member, view: dsl.View) -> Any:
    viewer = view.store[User].get(view.user_id)
    return _user(member, view).email if viewer is not None and viewer.admin else dsl.OMIT


def _is_using_seat(member: Member, view: dsl.View) -> Any:
    return not _user(member, view).blocked if view.option("show_seat_info") else dsl.OMIT


def _override(member: Member, view: dsl.View) -> Any:
    return member.override if member.ldap and member.source_type == "Namespace" else dsl.OMIT


def _member_role(member: Member, view: dsl.View) -> Any:
    role = view.store[MemberRole].get(member.member_role_id)
    return view.one(MEMBER_ROLE, role) if role else dsl.OMIT


def _created_by_name(invitation: Invitation, view: dsl.View) -> Any:
    creator = view.store[User].get(invitation.created_by_id)
    return creator.name if creator else None


_EE = dsl.computed_in(edition="ee")

MEMBER = (
    USER_BASIC.of(_user)
    .called("Member")
    .plus("access_level", "created_at", entity=Member)
    .plus(created_by=_created_by)
    .plus("expires_at", entity=Member)
    .plus(email=dsl.computed_in(since="16.0", edition="ee")(_email))
    .plus(is_using_seat=_EE(_is_using_seat), override=_EE(_override))
    .plus("membership_state", entity=Member)
    .plus(member_role=_EE(_member_role))
)
"""To administrators the e-mail, and with the option ``show_seat_info`` whether the member takes a seat."""

ACCESS_REQUESTER = USER_BASIC.of(_user).called("AccessRequester").plus("requested_at", entity=AccessRequest)
INVITATION = (
    Invitation.shape("access_level", "created_at", "expires_at", "invite_email", name="Invitation")
    .plus(invite_token=lambda invitation, view: invitation.invite_token if view.option("secrets") else dsl.OMIT)
    .plus(user_name=lambda invitation, view: None, created_by_name=_created_by_name)
)
