"""Pictures of users. Source: https://docs.gitlab.com/api/avatar/."""

from typing import Annotated

from mockgitlab import dsl
from mockgitlab.api.models.user import User, avatar, gravatar
from mockgitlab.api.v4.base import v4

SCALE, DEFAULT_SIZE = 2, 40


@v4.get("avatar")
def show_avatar(
    call: dsl.Call,
    email: Annotated[str, "The public email of the user"],
    size: Annotated[int | None, "The width and height in pixels, of which twice as many are sent"] = None,
) -> dict[str, str]:
    """Show where the picture for an email is: a user's own, or else Gravatar's."""
    pixels = SCALE * (size if size is not None and size > 0 else DEFAULT_SIZE)
    user = call.store[User].find(public_email=email.strip()) if email.strip() else None
    return {"avatar_url": avatar(user, call.base, pixels) if user else gravatar(email, pixels)}
