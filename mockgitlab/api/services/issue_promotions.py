"""Making epics of issues. Source: GitLab's ee/app/services/epics/issue_promote_service.rb."""

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.issue_access import project_of
from mockgitlab.api.markdown import qualified
from mockgitlab.api.models.epic import Epic, epic_of, reference
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.services import epic_members, issue_moves


def promote(call: dsl.Call, issue: Issue, group: Group) -> Epic:
    """Make an epic of an issue, which is closed: with its labels, notes and reactions, below the epic it is part of."""
    project, above = project_of(call.store, issue), epic_of(call.store, issue.id)
    epic = call.store.insert(
        Epic(
            group_id=group.id,
            author_id=access.me(call).id,
            title=issue.title,
            description=qualified(issue.description, project.full_path),
            confidential=issue.confidential,
            label_ids=issue_moves.labels_in(call, issue, group),
            parent_epic_id=above.id if above else None,
        )
    )
    issue_moves.copy_awards(call, issue, epic)
    issue_moves.copy_notes(call, issue, epic)
    closed = {"state": "closed", "closed_at": call.now, "closed_by_id": access.me(call).id}
    old = call.store.update(issue, promoted_to_epic_id=epic.id, **(closed if issue.state == "opened" else {}))
    if issue.state == "opened":
        effects.record_event(call, old.project_id, "closed", old)
    here, there = epic_members.from_group(call.store, old, epic), reference(call.store, epic, project.namespace_id)
    effects.system_note(call, epic, f"promoted from issue {here}", "moved")
    effects.system_note(call, old, f"promoted to epic {there}", "moved")
    return epic
