"""Emoji reactions. Source: https://docs.gitlab.com/api/emoji_reactions/."""

from mockgitlab import dsl


class AwardEmoji(dsl.Entity):
    """A reaction of one user to one record."""

    id: int = dsl.serial()
    name: str = dsl.required("The name of the emoji without colons")
    user_id: int = dsl.reference("User")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    awardable_id: int = dsl.parent()
    awardable_type: str = dsl.parent()
