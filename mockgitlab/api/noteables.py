"""What can be commented on and reacted to: one entry for each kind of record, and who may do what there.

Every entry gets the pages of notes, discussions and emoji reactions at its path.

Source: GitLab's lib/api/helpers/notes_helpers.rb, app/policies/issuable_policy.rb and app/policies/note_policy.rb.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, epic_access, merge_request_access
from mockgitlab.api.cross_references import shows_only_what_is_seen
from mockgitlab.api.issue_access import may_read, may_update
from mockgitlab.api.models.epic import Epic
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.snippet import Snippet
from mockgitlab.api.models.user import User
from mockgitlab.api.services import epics
from mockgitlab.api.services.issues import update_issue
from mockgitlab.api.services.merge_requests import update_merge_request
from mockgitlab.api.snippet_access import may_read as read_snippet
from mockgitlab.errors import Forbidden, NotFound
from mockgitlab.store import release

THREADED = ("DiscussionNote", "DiffNote")
"""The types of notes in threads; others stand alone."""


@dataclass(frozen=True)
class Noteable:
    """A kind of record with comments, found at ``path``.

    ``readable(store, user, record)`` tells who sees it. ``update(call, record, changes)`` carries out what quick
    actions change, ``None`` where there are none; ``updatable(call, record)`` tells who may. ``internal`` allows
    internal notes, ``replyable`` replies to plain notes; ``resolvable_since`` is the version of GitLab from which on
    threads can be resolved; ``todos`` lets mentions in comments ask for attention. Reactions are below ``award_path``,
    where that is another.
    """

    path: str
    entity: type[dsl.Entity]
    readable: Callable[[dsl.Store, User | None, Any], bool]
    update: Callable[[dsl.Call, Any, dict[str, Any]], Any] | None = None
    updatable: Callable[[dsl.Call, Any], bool] = lambda call, record: False
    internal: bool = True
    replyable: bool = True
    resolvable_since: str | None = None
    todos: bool = True
    award_path: str = ""


NOTEABLES = (
    Noteable("projects/:id/issues/:issue_iid", Issue, may_read, update_issue, may_update, resolvable_since="16.7"),
    Noteable(
        "projects/:id/merge_requests/:merge_request_iid",
        MergeRequest,
        merge_request_access.may_read,
        update_merge_request,
        merge_request_access.may_update,
        resolvable_since="8.11",
    ),
    Noteable("projects/:id/snippets/:snippet_id", Snippet, read_snippet, internal=False, replyable=False, todos=False),
    Noteable(
        "groups/:id/epics/:epic_id",
        Epic,
        epic_access.may_read,
        epics.update,
        epic_access.may_update,
        award_path="groups/:id/epics/:epic_iid",
    ),
)
RESOLVABLE = tuple(one for one in NOTEABLES if one.resolvable_since is not None)


def paths(suffix: str) -> list[str]:
    """Return the paths of an operation below every kind of noteable: ``projects/:id/issues/:issue_iid/notes``."""
    return [f"{one.path}/{suffix}" for one in NOTEABLES]


def award_paths(suffix: str = "award_emoji") -> list[str]:
    """Return the paths of an operation on reactions to every kind of noteable."""
    return [f"{one.award_path or one.path}/{suffix}" for one in NOTEABLES]


def noteable_at(call: dsl.Call) -> Any:
    """Return the record, other than a note, that the path names to be commented on."""
    return next(call.at(one.entity) for one in NOTEABLES if one.entity in call.located)


def kind_of(noteable: Any) -> Noteable:
    """Return the entry of a record's kind."""
    return next(one for one in NOTEABLES if one.entity is type(noteable))


def is_resolvable(store: dsl.Store, noteable: Any, type: str | None) -> bool:
    """Tell whether notes of a type on a record can be resolved in this version of GitLab."""
    since = kind_of(noteable).resolvable_since
    return type in THREADED and since is not None and store.settings.release >= release(since)


def container_at(call: dsl.Call) -> Project | Group:
    """Return the project or group in which the path lies."""
    return call.maybe_at(Project) or call.at(Group)


# Who may do what


def may_see_internal(store: dsl.Store, user: User | None, at: Project | Group) -> bool:
    """Tell whether a user sees, and may write, the internal notes of a project or group."""
    level = access.project_level(store, user, at) if isinstance(at, Project) else access.group_level(store, user, at)
    return level >= access.PLANNER


def may_read_note(call: dsl.Call, note: Note) -> bool:
    """Tell whether the current user may read a note on a record that he may read."""
    if note.internal and not may_see_internal(call.store, call.user, container_at(call)):
        return False
    return not note.system or shows_only_what_is_seen(call.store, call.user, note)


def refusal_to_comment(call: dsl.Call) -> str:
    """Return why the current user may not comment on the record of the path, nothing when he may."""
    at, noteable = container_at(call), noteable_at(call)
    if getattr(at, "archived", False):
        return f"project {at.full_path} is archived"
    if getattr(noteable, "discussion_locked", False) and not access.level(call, at):
        return f"the discussion is locked, and {access.me(call).username} is no member of {at.full_path}"
    return ""


def _check_comment(call: dsl.Call) -> None:
    refusal = refusal_to_comment(call)
    if refusal:
        raise Forbidden(reason=refusal)


def _check_read(call: dsl.Call) -> None:
    if not may_read_note(call, call.at(Note)):
        hidden = "internal" if call.at(Note).internal else "about something else that is hidden"
        raise NotFound("Note", reason=f"the note is {hidden} from {access.me(call).username}")


def _check_change(call: dsl.Call) -> None:
    note = call.at(Note)
    _check_comment(call)
    if note.system:
        raise Forbidden(reason="this is a remark of GitLab's own, which nobody changes")
    if not may_read_note(call, note):
        raise Forbidden(reason="the note is internal")
    if note.author_id != access.me(call).id and access.level(call, container_at(call)) < access.MAINTAINER:
        raise Forbidden(reason=f"{access.me(call).username} neither wrote the note nor is a maintainer")


COMMENT = dsl.Rule("whoever may comment", _check_comment)
READ_NOTE = dsl.Rule("whoever may read the note", _check_read)
CHANGE_NOTE = dsl.Rule("author of the note, or maintainer", _check_change)
