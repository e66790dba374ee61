"""Emoji reactions. Source: GitLab 8's doc/api/award_emoji.md and lib/api/award_emoji.rb."""

from mockgitlab.api.models.award import AWARD_EMOJI
from mockgitlab.api.v3.base import signed_in, v3
from mockgitlab.api.v3.notes import NOTEABLES
from mockgitlab.api.v4 import emoji_reactions
from mockgitlab.api.v4.base import v4

SHOWN = AWARD_EMOJI.without("url")
v3.dialect.show({AWARD_EMOJI: SHOWN})

for _at, _there in NOTEABLES.items():
    for _below in ("award_emoji", "notes/:note_id/award_emoji"):
        _all, _one = f"{_there}/{_below}", f"{_there}/{_below}/:award_id"
        _place = f"{_at}/{_below}/:award_id"
        v3.locator(_place, integer=True)(emoji_reactions.find_award)
        v3.adopt(v4, "GET", _all, at=f"{_at}/{_below}", rule=signed_in(emoji_reactions.READ))
        v3.adopt(v4, "POST", _all, at=f"{_at}/{_below}", rule=signed_in(emoji_reactions.AWARD))
        v3.adopt(v4, "GET", _one, at=_place, rule=signed_in(emoji_reactions.READ))
        v3.adopt(v4, "DELETE", _one, at=_place, rule=signed_in(emoji_reactions.TAKE_BACK), gives_back=SHOWN)
