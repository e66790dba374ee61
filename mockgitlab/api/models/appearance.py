"""How the pages of the instance look.

Source: https://docs.gitlab.com/api/appearance/, GitLab's lib/api/entities/appearance.rb and app/models/appearance.rb.
"""

from collections.abc import Callable
from typing import Any

from mockgitlab import dsl

PICTURES = ("logo", "pwa_icon", "header_logo", "favicon")
PWA_SINCE = "15.8"


class Appearance(dsl.Entity):
    """The texts, colors and pictures of the instance; there is one at most."""

    id: int = dsl.serial()
    title: str | None = dsl.optional("The title where users sign in", default="")
    description: str | None = dsl.optional("The text where users sign in", default="")
    pwa_name: str | None = dsl.optional("The name of the web app", default="", since=PWA_SINCE)
    pwa_short_name: str | None = dsl.optional("Its short name", default="", since=PWA_SINCE)
    pwa_description: str | None = dsl.optional("What it is", default="", since=PWA_SINCE)
    member_guidelines: str | None = dsl.optional("The text where members are shown", default="", since="16.0")
    new_project_guidelines: str | None = dsl.optional("The text where projects are made", default="")
    profile_image_guidelines: str | None = dsl.optional("The text where avatars are chosen", default="")
    header_message: str | None = dsl.optional("The message above every page", default="")
    footer_message: str | None = dsl.optional("The message below every page", default="")
    message_background_color: str | None = dsl.optional("The color behind both", default="#E75E40")
    message_font_color: str | None = dsl.optional("The color of both", default="#FFFFFF")
    email_header_and_footer_enabled: bool = dsl.optional("Whether emails have both", default=False)
    pictures: dict[str, Any] | None = dsl.hidden("The name and the content of each picture")


def picture_of(appearance: Appearance, name: str) -> tuple[str, bytes] | None:
    """Return the name and the content of a picture, if there is one."""
    return (appearance.pictures or {}).get(name)


def _url(name: str) -> Callable[[Appearance, dsl.View], str | None]:
    def read(appearance: Appearance, view: dsl.View) -> str | None:
        picture = picture_of(appearance, name)
        return f"/uploads/-/system/appearance/{name}/{appearance.id}/{picture[0]}" if picture else None

    return read


_TEXTS = tuple(name for name, field in Appearance.fields.items() if field.word == "optional")
APPEARANCE = (
    Appearance.shape(*_TEXTS[:5], name="Appearance")
    .plus(logo=_url("logo"), pwa_icon=_url("pwa_icon"), header_logo=_url("header_logo"), favicon=_url("favicon"))
    .plus(*_TEXTS[5:], entity=Appearance)
)
