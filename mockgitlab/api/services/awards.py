"""Giving and taking back emoji reactions. Source: GitLab's app/services/award_emojis."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.emoji import find_emoji
from mockgitlab.api.models.award import AwardEmoji, awards_of
from mockgitlab.api.models.note import Note
from mockgitlab.api.ruby import inspect
from mockgitlab.errors import NotFound


def give(call: dsl.Call, awardable: Any, name: str) -> AwardEmoji:
    """React to a record with an emoji; raises ``NotFound``, as GitLab does, for an unknown name or one given before."""
    problems = ["Name can't be blank"] if not name.strip() else []
    emoji = find_emoji(name)
    if emoji is None:
        problems.append("Name is not a valid emoji name")
    elif own(call, awardable, emoji) is not None:
        problems.append("Name has already been taken")
    if emoji is None or problems:
        raise NotFound(f"Award Emoji {inspect(problems)}", reason=f"{name!r}: {', '.join(problems)}")
    return _insert(call, awardable, emoji)


def _insert(call: dsl.Call, awardable: Any, emoji: str) -> AwardEmoji:
    award = call.store.insert(
        AwardEmoji(
            name=emoji,
            user_id=access.me(call).id,
            awardable_id=awardable.id,
            awardable_type=type(awardable).__name__,
        )
    )
    _cause(call, awardable)
    return award


def _cause(call: dsl.Call, awardable: Any) -> None:
    call.store.update(call.store.fresh(awardable), updated_at=call.now)
    if not isinstance(awardable, Note):
        effects.resolve_todos(call, access.me(call).id, awardable)


def own(call: dsl.Call, awardable: Any, emoji: str) -> AwardEmoji | None:
    """Return the current user's reaction to a record with an emoji."""
    return awards_of(call.store, awardable).where(user_id=access.me(call).id, name=emoji).first()


def take_back(call: dsl.Call, awardable: Any, award: AwardEmoji) -> None:
    """Delete a reaction to a record."""
    call.store.delete(award)
    call.store.update(call.store.fresh(awardable), updated_at=call.now)


def toggle(call: dsl.Call, awardable: Any, emoji: str) -> None:
    """Give a reaction, or take it back when it is given."""
    award = own(call, awardable, emoji)
    if award is None:
        give(call, awardable, emoji)
    else:
        take_back(call, awardable, award)
