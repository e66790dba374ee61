"""Closing an issue as a duplicate of another. Source: GitLab's app/services/issues/duplicate_service.rb."""

from mockgitlab import dsl
from mockgitlab.api import effects
from mockgitlab.api.issue_access import project_of
from mockgitlab.api.models.issue import Issue, reference
from mockgitlab.api.services import issue_links


def note_duplicate(call: dsl.Call, issue: Issue, canonical: Issue) -> None:
    """Remark on both issues that one is a duplicate of the other."""
    there = reference(call.store, canonical, project_of(call.store, issue))
    here = reference(call.store, issue, project_of(call.store, canonical))
    effects.system_note(call, issue, f"marked this issue as a duplicate of {there}", "duplicate")
    effects.system_note(call, canonical, f"marked {here} as a duplicate of this issue", "duplicate")


def tie_duplicate(call: dsl.Call, issue: Issue, canonical: Issue) -> Issue:
    """Keep of which issue one is a duplicate, and relate the two unless they cannot be."""
    tied = call.store.update(issue, duplicated_to_id=canonical.id)
    if issue_links.refusal(call, tied, canonical) is None:
        issue_links.link(call, tied, canonical, "relates_to")
    return tied
