"""What the title and description of an issue or merge request cause: to-do items and references."""

from mockgitlab import dsl
from mockgitlab.api import mentions
from mockgitlab.api.cross_references import Referable, may_read, note_references
from mockgitlab.api.models.user import User


def spread(call: dsl.Call, record: Referable, before: Referable | None) -> None:
    """Make to-do items for those mentioned, and remarks on what is referred to, unless the texts are as ``before``."""
    texts = (record.title, record.description)
    if before is not None and (before.title, before.description) == texts:
        return

    def may_see(user: User) -> bool:
        return may_read(call.store, user, record)

    for name in ("title", "description"):
        old = getattr(before, name) if before else None
        mentions.add_mention_todos(call, record, getattr(record, name), may_see=may_see, before=old)
    note_references(call, record, texts)
