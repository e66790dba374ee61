"""Who takes part in an issue or merge request. Source: GitLab's app/models/concerns/participable.rb."""

from collections.abc import Callable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.mentions import mentioned_users
from mockgitlab.api.models.issuable import Issuable, comments
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User


def participants(
    store: dsl.Store,
    record: Issuable,
    *,
    shown: Callable[[Note], bool],
    may_read: Callable[[dsl.Store, User | None, Any], bool],
) -> list[User]:
    """Return who takes part: author, assignees, reviewers, commenters, and who is mentioned and may read it.

    Comments that are not ``shown`` to who asks do not count.
    """
    project = store[Project][record.project_id]
    notes = [note for note in comments(store, record) if shown(note)]
    people = (record.author_id, *record.assignee_ids, *getattr(record, "reviewer_ids", ()))
    users = [store[User].get(user_id) for user_id in (*people, *(note.author_id for note in notes))]
    for text in (record.description, *(note.body for note in notes)):
        users += [one for one in mentioned_users(store, text, project) if may_read(store, one, record)]
    return list({user.id: user for user in users if user is not None}.values())
