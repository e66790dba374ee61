"""Emoji reactions to records and to the notes on them.

Source: https://docs.gitlab.com/api/emoji_reactions/ and GitLab's lib/api/award_emoji.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access, noteables
from mockgitlab.api.models.award import AWARD_EMOJI, AwardEmoji, awards_of
from mockgitlab.api.models.note import Note
from mockgitlab.api.services import awards
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import NotFound, RecordNotFound, Unauthorized
from mockgitlab.store import Query

ALL = (*noteables.award_paths(), *noteables.award_paths("notes/:note_id/award_emoji"))
EACH = tuple(f"{path}/:award_id" for path in ALL)


def awardable_at(call: dsl.Call) -> Any:
    """Return the note, or else the record, that the path names to be reacted to."""
    return call.maybe_at(Note) or noteables.noteable_at(call)


def _check_read(call: dsl.Call) -> None:
    note = call.maybe_at(Note)
    if note is not None and not noteables.may_read_note(call, note):
        raise NotFound("Award Emoji", reason="the note is internal")


def _check_award(call: dsl.Call) -> None:
    _check_read(call)
    note = call.maybe_at(Note)
    refusal = "the request is anonymous" if call.user is None else noteables.refusal_to_comment(call)
    if note is not None and note.system:
        refusal = "nobody reacts to GitLab's own remarks"
    if refusal:
        raise NotFound("Award Emoji", reason=refusal)


def _check_take_back(call: dsl.Call) -> None:
    award = call.at(AwardEmoji)
    if call.user is None or (award.user_id != call.user.id and not access.is_admin(call)):
        raise Unauthorized(reason="only the one who reacted, and administrators, may take a reaction back")


READ = dsl.Rule("whoever reads it", _check_read, login=False)
AWARD = dsl.Rule("whoever may comment", _check_award, login=False)
TAKE_BACK = dsl.Rule("who reacted, or administrator", _check_take_back, login=False)


@v4.locator(*EACH, integer=True)
def find_award(call: dsl.Call, value: str) -> AwardEmoji:
    """Return the reaction with an id to what the path names."""
    award = awards_of(call.store, awardable_at(call)).where(id=int(value)).first()
    if award is None:
        raise RecordNotFound(reason=f"there is no reaction {value} to it")
    return award


@v4.get(*ALL, rule=READ, shape=AWARD_EMOJI)
def list_award_emoji(call: dsl.Call) -> Query[AwardEmoji]:
    """List the reactions to a record or note."""
    return awards_of(call.store, awardable_at(call))


@v4.get(*EACH, rule=READ, shape=AWARD_EMOJI)
def show_award_emoji(award: AwardEmoji) -> AwardEmoji:
    """Show a reaction."""
    return award


@v4.post(*ALL, rule=AWARD, shape=AWARD_EMOJI)
def create_award_emoji(call: dsl.Call, name: Annotated[str, "The name of the emoji without colons"]) -> AwardEmoji:
    """React to a record or note."""
    return awards.give(call, awardable_at(call), name)


@v4.delete(*EACH, rule=TAKE_BACK)
def delete_award_emoji(call: dsl.Call, award: AwardEmoji) -> None:
    """Take a reaction back."""
    awards.take_back(call, awardable_at(call), award)
