"""Quick actions that plan issues in groups: health, iterations and epics.

Source: https://docs.gitlab.com/user/project/quick_actions/, GitLab's ee/lib/ee/gitlab/quick_actions/issue_actions.rb.
"""

import re
from typing import get_args

from mockgitlab.api import access
from mockgitlab.api.command_arguments import named_epic
from mockgitlab.api.commands import COMMANDS, Work, command
from mockgitlab.api.cross_references import reference
from mockgitlab.api.epic_access import may_read
from mockgitlab.api.models.epic import epic_of
from mockgitlab.api.models.epic import reference as epic_reference
from mockgitlab.api.models.issue import Health, Issue
from mockgitlab.api.models.iteration import (
    CLOSED,
    CURRENT,
    UPCOMING,
    Iteration,
    groups_of,
    iterations_of,
    state_on,
)
from mockgitlab.api.models.iteration import reference as iteration_reference
from mockgitlab.api.models.project import namespace_of


def _plans(work: Work) -> bool:
    return work.plans and isinstance(work.target, Issue) and work.ee


# Health


@command("health_status", when=_plans)
def health_status(work: Work, text: str) -> str:
    """Say how the work goes."""
    status = text.lower()
    if status not in get_args(Health):
        return ""
    work.changes["health_status"] = status
    return f"Set health status to {status}."


def _has_health(work: Work) -> bool:
    return _plans(work) and work.target.health_status is not None


@command("clear_health_status", when=_has_health, bare=True)
def clear_health_status(work: Work, text: str) -> str:
    """Say no more how the work goes."""
    work.changes["health_status"] = None
    return "Cleared health status."


# Iterations


def _opened(work: Work) -> list[Iteration]:
    """Return the iterations that are not over, the first to end at the top."""
    store = work.call.store
    found = iterations_of(store, groups_of(store, work.project))
    return [one for one in found if state_on(one, store.today) != CLOSED]


@command("iteration", when=lambda work: _plans(work) and bool(_opened(work)))
def iteration(work: Work, text: str) -> str:
    """Make it part of an iteration: ``*iteration:"Sprint 1"``, ``*iteration:7``, ``--current`` or ``--next``."""
    named = re.fullmatch(r'\*iteration:(?:"([^"]+)"|(\S+))', text)
    wanted = (named[1] or named[2]) if named else text
    state = {"--current": CURRENT, "--next": UPCOMING}.get(wanted)
    found = next((one for one in _opened(work) if _is_meant(work, one, wanted, state)), None)
    if found is None:
        return ""
    work.changes["iteration_id"] = found.id
    return f"Set the iteration to {iteration_reference(found)}."


def _is_meant(work: Work, one: Iteration, wanted: str, state: int | None) -> bool:
    return wanted in (one.title, str(one.id)) if state is None else state_on(one, work.call.store.today) == state


@command("remove_iteration", when=lambda work: _plans(work) and work.target.iteration_id is not None, bare=True)
def remove_iteration(work: Work, text: str) -> str:
    """Take it out of its iteration."""
    work.changes["iteration_id"] = None
    left = work.call.store[Iteration][work.target.iteration_id]
    return f"Removed {iteration_reference(left, by_title=True)} iteration."


# Epics


def _in_group(work: Work) -> bool:
    return _plans(work) and namespace_of(work.call.store, work.project).kind == "group"


@command("epic", when=_in_group)
def epic(work: Work, text: str) -> str:
    """Make it part of an epic: ``&1``, ``group&1`` or an address."""
    store, found = work.call.store, named_epic(work, text)
    if found is None or not may_read(store, access.me(work.call), found):
        return "This epic does not exist or you don't have sufficient permission."
    before = epic_of(store, work.target.id)
    if before is not None and before.id == found.id:
        there = epic_reference(store, found, work.project.namespace_id)
        return f"Issue {reference(store, work.target, work.project)} has already been added to epic {there}."
    work.changes["epic_id"] = found.id
    return "Added an issue to an epic."


def _has_epic(work: Work) -> bool:
    return epic_of(work.call.store, work.target.id) is not None


@command("remove_epic", when=lambda work: _in_group(work) and _has_epic(work), bare=True)
def remove_epic(work: Work, text: str) -> str:
    """Take it out of its epic."""
    work.changes["epic_id"] = None
    return "Removed an issue from an epic."


def _may_promote(work: Work) -> bool:
    if not _in_group(work) or work.target.issue_type != "issue" or work.target.promoted_to_epic_id is not None:
        return False
    group = namespace_of(work.call.store, work.project)
    return access.group_level(work.call.store, access.me(work.call), group) >= access.PLANNER


@command("promote", when=_may_promote, bare=True)
def promote(work: Work, text: str) -> str:
    """Make an epic of it."""
    work.changes["promote_to_epic"] = True
    return "Promoted issue to an epic."


NAMES = frozenset(COMMANDS)
"""The words that are commands of issues in groups."""
