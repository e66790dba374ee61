"""Notes, discussions and emoji reactions in scenarios, below what they are on.

``notes: [{author: ada, body: On it}]``, ``discussions: [{author: ada, body: Why?, replies: [{body: So}]}]``,
``award_emoji: [{name: thumbsup, user: bob}]``; notes may have ``replies`` and ``award_emoji``, too.
"""

from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import noteables
from mockgitlab.api.emoji import find_emoji
from mockgitlab.api.models.award import AwardEmoji
from mockgitlab.api.models.note import Note, tied_to
from mockgitlab.api.models.project import Project

SHARED = (
    *("noteable_id", "noteable_type", "noteable_iid", "project_id"),
    *("discussion_id", "type", "resolvable", "internal"),
)
"""What the notes of a discussion have in common."""
RESOLUTION = ("resolved", "resolved_by_id", "resolved_at")


def seed_note(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Note:
    """Make a note on a record."""
    store, noteable = seeding.store, parents[-1]
    tied = {**tied_to(noteable), "discussion_id": columns.get("discussion_id") or store.mint_hex("discussion")}
    return _insert(seeding, {"author_id": _author(store, noteable), **columns, **tied})


def _insert(seeding: dsl.Seeding, columns: dict[str, Any]) -> Note:
    if not str(columns.get("body") or "").strip():
        seeding.problem("body", "is missing: a note needs a text")
    if columns.get("resolved"):
        columns = {"resolved_by_id": columns.get("author_id"), "resolved_at": seeding.store.now, **columns}
    return seeding.store.insert(Note(**{"updated_at": columns.get("created_at"), **columns}))


def _author(store: dsl.Store, noteable: Any) -> int:
    project = store[Project].get(getattr(noteable, "project_id", None))
    return (project.creator_id if project else None) or 1


def seed_discussion(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> Note:
    """Make a discussion by its first note."""
    return seed_note(seeding, {**columns, **_threaded(seeding.store, parents[-1])}, extras, parents)


def _threaded(store: dsl.Store, noteable: Any) -> dict[str, Any]:
    return {"type": "DiscussionNote", "resolvable": noteables.is_resolvable(store, noteable, "DiscussionNote")}


def seed_reply(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Note:
    """Make a reply to a note, which starts a discussion by that."""
    store, above = seeding.store, parents[-1]
    first = store.fresh(above)
    if first.type is None:
        first = store.update(first, **_threaded(store, parents[-2]), updated_at=first.updated_at)
    shared = {name: getattr(first, name) for name in SHARED}
    resolution = {name: getattr(first, name) for name in RESOLUTION}
    return _insert(seeding, {"author_id": first.author_id, **resolution, **columns, **shared})


def seed_award(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> AwardEmoji:
    """Make an emoji reaction to a record or note."""
    emoji, awardable = find_emoji(str(columns.get("name") or "")), parents[-1]
    if emoji is None:
        seeding.problem("name", f"must be the name of an emoji, such as thumbsup, not {columns.get('name')!r}")
    tied = {"awardable_id": awardable.id, "awardable_type": type(awardable).__name__}
    return seeding.store.insert(AwardEmoji(**{"user_id": 1, **columns, **tied, "name": emoji or "thumbsup"}))


UNTIED: Mapping[type[dsl.Entity] | None, Any] = {one.entity: lambda record: {} for one in noteables.NOTEABLES}
NOTES = dsl.Collection("notes", Note, UNTIED, seed_note)
DISCUSSIONS = dsl.Collection("discussions", Note, UNTIED, seed_discussion)
REPLIES = dsl.Collection("replies", Note, {Note: lambda note: {}}, seed_reply)
AWARDS = dsl.Collection("award_emoji", AwardEmoji, {**UNTIED, Note: lambda note: {}}, seed_award)
