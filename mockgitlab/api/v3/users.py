"""The current user. Source: GitLab 8's doc/api/users.md and lib/api/users.rb."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.user import User
from mockgitlab.api.models.user_profile import USER_WITH_ADMIN
from mockgitlab.api.services.private_tokens import private_token_of
from mockgitlab.api.v3.base import era, v3

USER_FULL = (
    USER_WITH_ADMIN.plus(skype=lambda user, view: user.skype)
    .only(
        *("name", "username", "id", "state", "avatar_url", "web_url", "created_at", "is_admin", "bio", "location"),
        *("skype", "linkedin", "twitter", "website_url", "organization", "last_sign_in_at", "confirmed_at", "email"),
        *("theme_id", "color_scheme_id", "projects_limit", "current_sign_in_at", "identities", "can_create_group"),
        *("can_create_project", "two_factor_enabled", "external"),
    )
    .called("UserFull")
)
USER_LOGIN = USER_FULL.plus(private_token=lambda user, view: private_token_of(user)).called("UserLogin")


@v3.get("user", shape=USER_FULL)
def show_current_user(call: dsl.Call) -> User:
    """Show the current user, up to 8.11 with the private token."""
    shown: Any = dsl.present(access.me(call), USER_LOGIN if era(call.settings) < (8, 12) else USER_FULL)
    return shown  # type: ignore[no-any-return]
