"""How the pages of the instance look, which administrators say.

Source: https://docs.gitlab.com/api/appearance/ and GitLab's lib/api/appearance.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.colors import read_color
from mockgitlab.api.models.appearance import APPEARANCE, PICTURES, PWA_SINCE, Appearance
from mockgitlab.api.v4.base import v4
from mockgitlab.dsl.params import of_field
from mockgitlab.errors import InvalidParameters, ValidationFailed

BYTES_AT_MOST = 2**20
GUIDELINES_AT_MOST = 4096
TOO_BIG = "is too big (should be at most 1 MiB)"
ICONS = ("png", "ico")
PARAMS = [
    *(of_field(field, required=False) for field in Appearance.fields.values() if field.word == "optional"),
    *(dsl.param(name, dsl.File, "A picture", since=PWA_SINCE if name == "pwa_icon" else "") for name in PICTURES),
]


def _current(call: dsl.Call) -> Appearance:
    """Return how the instance looks; as long as nobody changed it that is not kept."""
    return call.store[Appearance].all().first() or Appearance()


@v4.get("application/appearance", rule=access.ADMIN, shape=APPEARANCE, since="12.7")
def show_appearance(call: dsl.Call) -> Appearance:
    """Show how the instance looks."""
    return _current(call)


@v4.put("application/appearance", rule=access.ADMIN, shape=APPEARANCE, params=PARAMS, since="12.7")
def update_appearance(call: dsl.Call, given: dsl.Given) -> Appearance:
    """Change how the instance looks; an empty picture takes it away."""
    texts, files = given.without(*PICTURES), given.only(*PICTURES)
    problems = {name: found for name, value in given.items() if (found := _problems(name, value))}
    if problems:
        raise ValidationFailed(problems, reason=f"not allowed: {', '.join(problems)}")
    appearance = _current(call)
    kept = appearance if appearance.id else call.store.insert(appearance)
    changes = {name: (file.filename, file.data) if file else None for name, file in files.items()}
    return call.store.update(kept, **texts, pictures={**(kept.pictures or {}), **changes})


def _problems(name: str, value: Any) -> list[str]:
    if not value:
        return []
    if name in PICTURES:
        return _problems_of_picture(name, value)
    if name.endswith("_color") and read_color(value) is None:
        return ["must be a valid color code"]
    too_long = name in ("profile_image_guidelines", "member_guidelines") and len(value) > GUIDELINES_AT_MOST
    return [f"is too long (maximum is {GUIDELINES_AT_MOST} characters)"] if too_long else []


def _problems_of_picture(name: str, file: Any) -> list[str]:
    if not hasattr(file, "filename"):
        raise InvalidParameters([f"{name} is invalid"], reason="send the picture as a file, in multipart/form-data")
    suffix = file.filename.rpartition(".")[2].lower()
    if name == "favicon" and suffix not in ICONS:
        return [f'You are not allowed to upload "{suffix}" files, allowed types: {", ".join(ICONS)}']
    return [TOO_BIG] if len(file.data) > BYTES_AT_MOST else []
