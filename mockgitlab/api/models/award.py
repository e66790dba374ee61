"""Emoji reactions.

Source: https://docs.gitlab.com/api/emoji_reactions/ and GitLab's lib/api/entities/award_emoji.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.store import Query


class AwardEmoji(dsl.Entity):
    """A reaction of one user to one record, which ``awardable_type`` and ``awardable_id`` name."""

    id: int = dsl.serial()
    name: str = dsl.required("The name of the emoji without colons")
    user_id: int = dsl.reference("User", "Who reacted")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    awardable_id: int = dsl.parent()
    awardable_type: str = dsl.parent()

    @dsl.computed
    def user(self, view: dsl.View) -> dict[str, Any] | None:
        """Who reacted."""
        return view.one(USER_BASIC, view.store[User].get(self.user_id))

    @dsl.computed
    def url(self, view: dsl.View) -> None:
        """The picture of a group's own emoji; the standard ones have none."""


AWARD_EMOJI = AwardEmoji.shape(
    "id", "name", "user", "created_at", "updated_at", "awardable_id", "awardable_type", "url"
)


def awards_of(store: dsl.Store, awardable: dsl.Entity) -> Query[AwardEmoji]:
    """Return the reactions to a record, oldest first."""
    return store[AwardEmoji].where(awardable_id=awardable.id, awardable_type=type(awardable).__name__)


def count_awards(store: dsl.Store, awardable: dsl.Entity, name: str) -> int:
    """Return how many users gave a record the emoji with this name, such as ``thumbsup``."""
    kind = type(awardable).__name__
    found = store[AwardEmoji].having("awardable_id", awardable.id)
    return sum(award.awardable_type == kind and award.name == name for award in found) if found else 0


def delete_awards(store: dsl.Store, awardable: dsl.Entity) -> None:
    """Delete the reactions to a record, which goes away itself."""
    for award in list(awards_of(store, awardable)):
        store.delete(award)
