"""Quick actions that make epics parts of others.

Source: https://docs.gitlab.com/user/project/quick_actions/, GitLab's ee/lib/ee/gitlab/quick_actions/epic_actions.rb.
"""

from mockgitlab.api import access
from mockgitlab.api.command_arguments import named_epic
from mockgitlab.api.commands import COMMANDS, Work, command
from mockgitlab.api.epic_access import may_read
from mockgitlab.api.models.epic import Epic, reference
from mockgitlab.api.services import epic_members
from mockgitlab.errors import Conflict

NO_PERMISSION = "You don't have sufficient permission to perform this action."
RELATED = "Given epic is already related to this epic."


def _plans(work: Work) -> bool:
    return isinstance(work.target, Epic) and work.plans


def _refusal(work: Work, parent: Epic, child: Epic) -> str:
    """Return why an epic cannot be made part of another; one of them is what the command is on."""
    store, user = work.call.store, access.me(work.call)
    if not (may_read(store, user, parent) and may_read(store, user, child)):
        return NO_PERMISSION
    if parent.id in (child.parent_epic_id, child.id) or child.id == parent.parent_epic_id:
        return RELATED
    try:
        epic_members.check_line(store, parent, child)
    except Conflict as refused:
        return refused.message
    return ""


@command("child_epic", when=_plans)
def child_epic(work: Work, text: str) -> str:
    """Make another epic part of it."""
    child = named_epic(work, text)
    if child is None:
        return "Child epic doesn't exist."
    refused = _refusal(work, work.target, child)
    if refused:
        return refused
    epic_members.add_child(work.call, work.target, child)
    return f"Added {_name(work, child)} as a child epic."


@command("remove_child_epic", when=_plans)
def remove_child_epic(work: Work, text: str) -> str:
    """Take another epic out of it."""
    child = named_epic(work, text)
    if child is None or child.parent_epic_id != work.target.id:
        return "Child epic does not exist."
    epic_members.remove_child(work.call, work.target, child)
    return f"Removed {_name(work, child)} from child epics."


@command("parent_epic", when=_plans)
def parent_epic(work: Work, text: str) -> str:
    """Make it part of another epic."""
    parent = named_epic(work, text)
    if parent is None:
        return "Parent epic doesn't exist."
    refused = _refusal(work, parent, work.target)
    if refused:
        return refused
    epic_members.add_child(work.call, parent, work.target)
    return f"Set {_name(work, parent)} as the parent epic."


@command("remove_parent_epic", when=_plans, bare=True)
def remove_parent_epic(work: Work, text: str) -> str:
    """Take it out of the epic that it is part of."""
    parent = work.call.store[Epic].get(work.target.parent_epic_id)
    if parent is None:
        return "Parent epic is not present."
    epic_members.remove_child(work.call, parent, work.target)
    return f"Removed parent epic {_name(work, parent)}."


def _name(work: Work, epic: Epic) -> str:
    return reference(work.call.store, epic, work.target.group_id)


NAMES = frozenset(COMMANDS)
"""The words that are commands of epics."""
