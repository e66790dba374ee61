"""Issues that go on with the threads of a merge request, which they resolve.

Source: GitLab's app/services/issues/build_service.rb, app/services/concerns/issues/resolve_discussions.rb and
app/services/discussions/resolve_service.rb.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.merge_request_access import may_read
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.note import Note, notes_of
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.services import notes

Threads = list[list[Note]]


@dataclass(frozen=True)
class FollowUp:
    """The merge request and those of its threads, each as its notes, with which an issue goes on."""

    merge_request: MergeRequest
    threads: Threads


def asked(call: dsl.Call, project: Project, given: Mapping[str, Any]) -> FollowUp | None:
    """Return what parameters of a new issue ask to go on with, ``None`` where that is nothing the caller sees."""
    iid = given.get("merge_request_to_resolve_discussions_of")
    found = call.store[MergeRequest].find(project_id=project.id, iid=iid) if iid is not None else None
    if found is None or not may_read(call.store, access.me(call), found):
        return None
    wanted = given.get("discussion_to_resolve")
    threads = _threads(call.store, found)
    return FollowUp(found, [threads[wanted]] if wanted in threads else [] if wanted else _open(threads))


def _threads(store: dsl.Store, merge_request: MergeRequest) -> dict[str, list[Note]]:
    threads: dict[str, list[Note]] = {}
    for note in notes_of(store, merge_request).order_by("created_at"):
        threads.setdefault(note.discussion_id, []).append(note)
    return threads


def _open(threads: Mapping[str, list[Note]]) -> Threads:
    return [found for found in threads.values() if any(one.resolvable and not one.resolved for one in found)]


def described(call: dsl.Call, asked: FollowUp) -> str:
    """Return the description of an issue that is given none: what is left to do, as boxes to tick."""
    reference = f"!{asked.merge_request.iid}"
    if not asked.threads:
        return f"There are no unresolved discussions. Review the conversation in {reference}"
    words = f"The following discussion{'' if len(asked.threads) == 1 else 's'} from {reference} should be addressed:"
    return "\n\n".join([words, *(_item(call, asked.merge_request, thread) for thread in asked.threads)])


def _item(call: dsl.Call, merge_request: MergeRequest, thread: list[Note]) -> str:
    first = next((one for one in thread if one.resolvable and not one.resolved), thread[0])
    url = f"{merge_request.web_url(call.view())}#note_{first.id}"
    action, others = "started" if first.id == thread[0].id else "commented on", len(thread) - 1
    said = f"- [ ] @{call.store[User][first.author_id].username} {action} a [discussion]({url}): "
    said += f" (+{others} {'comment' if others == 1 else 'comments'})" if others else ""
    return "\n\n".join([said, "\n".join(f"    > {line}" for line in first.body.split("\n"))])


def resolve(call: dsl.Call, asked: FollowUp, issue: Issue) -> None:
    """Resolve the threads that the caller may resolve, and remark in each which issue goes on with it."""
    project = call.store[Project][issue.project_id]
    author = access.me(call).id == asked.merge_request.author_id
    if not asked.threads or not (author or access.level(call, project) >= access.DEVELOPER):
        return
    for thread in asked.threads:
        notes.mark_resolved(call, thread, True)
        remark = effects.system_note(
            call, asked.merge_request, f"created #{issue.iid} to continue this discussion", "discussion"
        )
        call.store.update(remark, discussion_id=thread[0].discussion_id, type=thread[0].type)
    notes.all_resolved(call, asked.merge_request)
