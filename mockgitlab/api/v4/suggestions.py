"""Suggestions of notes on lines.

Source: https://docs.gitlab.com/api/suggestions/ and GitLab's lib/api/suggestions.rb.
"""

from collections.abc import Sequence
from typing import Annotated

from mockgitlab import dsl
from mockgitlab.api import access, merge_request_access, protected_refs
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.suggestion import SUGGESTION, Suggestion, merge_request_of
from mockgitlab.api.services import suggestions
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Forbidden, NotFound

Message = Annotated[str | None, "The message of the commit in place of the default one"]


def _find(call: dsl.Call, ids: Sequence[int]) -> list[Suggestion]:
    """Return the suggestions with some ids; raises unless the user may see and apply them."""
    found = [call.store[Suggestion].get(one) for one in ids]
    known = [one for one in found if one is not None and _may_see(call, one)]
    if not ids:
        raise NotFound(reason="ids was empty")
    if len(known) < len(ids):
        raise NotFound(reason=f"there are no suggestions {', '.join(map(str, ids))} that the user may see")
    for one in known:
        _check_may_apply(call, one)
    return known


def _may_see(call: dsl.Call, suggestion: Suggestion) -> bool:
    return merge_request_access.may_read(call.store, access.me(call), merge_request_of(call.store, suggestion))


def _check_may_apply(call: dsl.Call, suggestion: Suggestion) -> None:
    user, merge_request = access.me(call), merge_request_of(call.store, suggestion)
    project = call.store[Project].get(merge_request.source_project_id)
    branch = merge_request.source_branch
    if project is None or not protected_refs.may_push_to(call.store, user, project, branch):
        raise Forbidden(reason=f"{user.username} may not push to {branch}, the source branch")


@v4.put("suggestions/:id/apply", shape=SUGGESTION, unlocated=("id",))
def apply_suggestion(
    call: dsl.Call, id: Annotated[int, "The ID of the suggestion"], commit_message: Message = None
) -> Suggestion:
    """Commit a suggestion to the source branch."""
    [found] = _find(call, [id])
    suggestions.apply(call, [found], commit_message)
    return call.store.fresh(found)


@v4.put("suggestions/batch_apply", shape=SUGGESTION)
def apply_suggestions(
    call: dsl.Call, ids: Annotated[dsl.IdList, "The IDs of the suggestions"], commit_message: Message = None
) -> list[Suggestion]:
    """Commit several suggestions to the source branch at once."""
    found = _find(call, list(dict.fromkeys(ids)))
    suggestions.apply(call, found, commit_message)
    return [call.store.fresh(one) for one in found]
