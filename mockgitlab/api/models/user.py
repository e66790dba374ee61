"""Users. Source: https://docs.gitlab.com/api/users/ and GitLab's lib/api/entities/user*.rb."""

import hashlib
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mockgitlab import dsl
from mockgitlab.store import parse_instant

State = Literal["active", "blocked", "banned", "deactivated", "blocked_pending_approval", "ldap_blocked"]
UserType = Literal["human", "project_bot", "service_account", "ghost", "support_bot", "alert_bot", "migration_bot"]
BLOCKED = ("blocked", "banned", "blocked_pending_approval", "ldap_blocked")
BOTS = ("project_bot", "service_account", "support_bot", "alert_bot", "migration_bot")
INTERNAL = ("ghost", "support_bot", "alert_bot", "migration_bot")
PRIVATE_EMAIL = "_private"


class User(dsl.Entity):
    """Someone with an account."""

    natural = "username"

    id: int = dsl.serial()
    username: str = dsl.required("The username of the user", max_length=255)
    public_email: str | None = dsl.optional("The public email of the user")
    name: str = dsl.required("The name of the user", max_length=255)
    state: State = dsl.readonly(default="active")
    locked: bool = dsl.readonly(default=False)
    avatar_file: str | None = dsl.hidden("The name of the uploaded picture")
    avatar_data: Any = dsl.hidden("Its content")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    bio: str = dsl.optional("The biography of the user", default="", max_length=255)
    location: str | None = dsl.optional("The location of the user", default="")
    skype: str = dsl.optional("The Skype username", default="", until="18.0")
    linkedin: str = dsl.optional("The LinkedIn username", default="")
    twitter: str = dsl.optional("The Twitter username", default="")
    discord: str = dsl.optional("The Discord user ID", default="", since="16.0")
    website_url: str = dsl.optional("The website of the user", default="")
    github: str = dsl.optional("The GitHub username", default="", since="18.0")
    job_title: str = dsl.readonly(default="")
    pronouns: str | None = dsl.optional("The pronouns of the user")
    organization: str = dsl.optional("The organization of the user", default="")
    bot: bool = dsl.readonly(default=False)
    user_type: UserType = dsl.hidden(default="human")
    timezone: str | None = dsl.hidden("A name of the tz database, such as Europe/Berlin")
    last_sign_in_at: str | None = dsl.readonly()
    confirmed_at: str | None = dsl.readonly()
    last_activity_on: str | None = dsl.readonly("The day of the last activity; uses of the user's tokens count besides")
    email: str = dsl.required("The email of the user")
    unconfirmed_email: str | None = dsl.hidden("The email that becomes the user's once it is confirmed")
    theme_id: int = dsl.optional("The GitLab theme for the user", default=1)
    color_scheme_id: int = dsl.optional("The color scheme for the file viewer", default=1)
    projects_limit: int = dsl.optional("The number of projects the user can create", default=100_000, minimum=0)
    current_sign_in_at: str | None = dsl.readonly()
    can_create_group: bool = dsl.optional("Flags if the user can create groups", default=True)
    two_factor_enabled: bool = dsl.readonly(default=False)
    external: bool = dsl.optional("Flags the user as external", default=False)
    private_profile: bool = dsl.optional("Flags the profile as private", default=False)
    commit_email: str | None = dsl.optional("The commit email, _private for the private one")
    preferred_language: str = dsl.readonly(default="en", since="16.0")
    shared_runners_minutes_limit: int | None = dsl.optional("Minutes of compute a month", edition="ee")
    extra_shared_runners_minutes_limit: int | None = dsl.optional("Further minutes of compute", edition="ee")
    admin: bool = dsl.hidden(default=False)
    note: str | None = dsl.optional("The administrators' notes about the user", max_length=1_000)
    created_by_id: int | None = dsl.reference("User", "Who made the account")
    email_reset_offered_at: str | None = dsl.readonly()
    auditor: bool = dsl.hidden(default=False)
    provisioned_by_group_id: int | None = dsl.readonly(edition="ee")
    provisioned_by_project_id: int | None = dsl.hidden("The project whose service account it is")
    enterprise_group_id: int | None = dsl.readonly(edition="ee", since="16.0")
    enterprise_group_associated_at: str | None = dsl.readonly(edition="ee", since="16.0")
    current_sign_in_ip: str | None = dsl.readonly()
    last_sign_in_ip: str | None = dsl.readonly()
    plan: str = dsl.readonly(default="default", edition="ee")
    trial: bool = dsl.readonly(default=False, edition="ee")
    sign_in_count: int = dsl.readonly(default=0, edition="ee")
    enabled_following: bool = dsl.hidden(default=True)
    custom_attributes: dict[str, str] | None = dsl.hidden()
    password: str | None = dsl.hidden()
    password_expires_at: str | None = dsl.hidden()
    private_token: str | None = dsl.hidden()

    @dsl.computed
    def avatar_url(self, view: dsl.View) -> str | None:
        """The picture: the uploaded one, or Gravatar's."""
        return avatar(self, view.base)

    @dsl.computed
    def web_url(self, view: dsl.View) -> str:
        """The address of the profile page."""
        return f"{view.base}/{self.username}"

    @dsl.computed
    def work_information(self, view: dsl.View) -> str | None:
        """What the user does, and where."""
        return " at ".join(part for part in (self.job_title, self.organization) if part) or None

    @dsl.computed
    def local_time(self, view: dsl.View) -> str | None:
        """What a clock where the user is shows, ``3:38 PM``; null when that is not known."""
        try:
            zone = ZoneInfo(self.timezone) if self.timezone else None
        except (ZoneInfoNotFoundError, ValueError):
            return None
        return parse_instant(view.store.now).astimezone(zone).strftime("%I:%M %p").lstrip("0") if zone else None

    @property
    def folded(self) -> str:
        """The username in lower case, by which nobody else's may be the same."""
        return self.username.lower()

    @property
    def folded_email(self) -> str:
        """The primary email in lower case."""
        return self.email.lower()

    @property
    def blocked(self) -> bool:
        """Whether the user may not sign in."""
        return self.state in BLOCKED

    @property
    def internal(self) -> bool:
        """Whether GitLab itself is behind the account."""
        return self.user_type in INTERNAL


@lru_cache(maxsize=1_024)
def gravatar(email: str, size: int = 80) -> str:
    """Return the address of Gravatar's picture for an email."""
    digest = hashlib.sha256(email.strip().lower().encode()).hexdigest()
    return f"https://www.gravatar.com/avatar/{digest}?s={size}&d=identicon"


def avatar(user: User, base: str, size: int = 80) -> str:
    """Return the address of a user's picture: the uploaded one, or Gravatar's."""
    if user.avatar_file:
        return f"{base}/uploads/-/system/user/avatar/{user.id}/{user.avatar_file}"
    return gravatar(user.email, size)


def private_commit_email(user: User, base: str) -> str:
    """Return the address that shows in commits in place of the user's own."""
    return f"{user.id}-{user.username}@users.noreply.{urlsplit(base).hostname or 'localhost'}"


def attributes(row: Any) -> list[dict[str, str]]:
    """Return the custom attributes of a user, group or project as GitLab lists them."""
    return [{"key": key, "value": value} for key, value in (row.custom_attributes or {}).items()]


def _custom_attributes(user: User, view: dsl.View) -> Any:
    return attributes(user) if view.option("with_custom_attributes") else dsl.OMIT


USER_SAFE = User.shape("id", "username", "public_email", "name", name="UserSafe")
USER_BASIC = (
    USER_SAFE.plus("state", "locked", "avatar_url", entity=User)
    .plus(custom_attributes=_custom_attributes)
    .plus("web_url", entity=User)
    .called("UserBasic")
)
"""How users show in other records; with the option ``with_custom_attributes`` their custom attributes too."""


def find_user(store: dsl.Store, name_or_id: str) -> User | None:
    """Return the user with an id, or with a username in any case."""
    if name_or_id.isascii() and name_or_id.isdigit() and len(name_or_id) < 19:
        return store[User].get(int(name_or_id))
    return store[User].find(folded=name_or_id.lower())
