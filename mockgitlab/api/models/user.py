"""Users. Source: https://docs.gitlab.com/api/users/ and GitLab's lib/api/entities/user*.rb."""

import hashlib
from typing import Literal

from mockgitlab import dsl

State = Literal["active", "blocked", "banned", "deactivated", "blocked_pending_approval", "ldap_blocked"]
BLOCKED = ("blocked", "banned", "blocked_pending_approval", "ldap_blocked")


class User(dsl.Entity):
    """Someone with an account."""

    natural = "username"

    id: int = dsl.serial()
    username: str = dsl.required("The username of the user", max_length=255)
    public_email: str | None = dsl.optional("The public email of the user")
    name: str = dsl.required("The name of the user", max_length=255)
    state: State = dsl.readonly(default="active")
    locked: bool = dsl.readonly(default=False)
    avatar_file: str | None = dsl.hidden()
    created_at: str = dsl.now()
    updated_at: str = dsl.hidden()
    bio: str = dsl.optional("The biography of the user", default="", max_length=255)
    location: str | None = dsl.optional("The location of the user", default="")
    email: str = dsl.required("The email of the user")
    admin: bool = dsl.hidden(default=False)
    external: bool = dsl.optional("Flags the user as external", default=False)
    private_profile: bool = dsl.optional("Flags the profile as private", default=False)
    projects_limit: int = dsl.optional("The number of projects the user can create", default=100_000)
    can_create_group: bool = dsl.optional("Flags if the user can create groups", default=True)
    bot: bool = dsl.readonly(default=False)
    password: str | None = dsl.hidden()
    private_token: str | None = dsl.hidden()

    @dsl.computed
    def avatar_url(self, view: dsl.View) -> str | None:
        """The picture: the uploaded one, or Gravatar's."""
        if self.avatar_file:
            return f"{view.base}/uploads/-/system/user/avatar/{self.id}/{self.avatar_file}"
        digest = hashlib.sha256(self.email.strip().lower().encode()).hexdigest()
        return f"https://www.gravatar.com/avatar/{digest}?s=80&d=identicon"

    @dsl.computed
    def web_url(self, view: dsl.View) -> str:
        """The address of the profile page."""
        return f"{view.base}/{self.username}"

    @property
    def blocked(self) -> bool:
        """Whether the user may not sign in."""
        return self.state in BLOCKED


USER_SAFE = User.shape("id", "username", "public_email", "name", name="UserSafe")
USER_BASIC = USER_SAFE.plus("state", "locked", "avatar_url", "web_url", entity=User).called("UserBasic")


def find_user(store: dsl.Store, name_or_id: str) -> User | None:
    """Return the user with an id, or with a username in any case."""
    users = store[User]
    if name_or_id.isascii() and name_or_id.isdigit() and len(name_or_id) < 19:
        return users.get(int(name_or_id))
    folded = name_or_id.lower()
    return (
        users.find(username=name_or_id)
        or users.all().filter(lambda user: user.username.lower() == folded, ("username", folded)).first()
    )
