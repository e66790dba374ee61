"""Quick actions that issues alone take, such as ``/relate``, ``/move`` and ``/health_status``.

Source: https://docs.gitlab.com/user/project/quick_actions/ and GitLab's lib/gitlab/quick_actions/issue_actions.rb and
relate_actions.rb.
"""

from typing import get_args

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.command_arguments import referred_issues
from mockgitlab.api.commands import COMMANDS, Work, command
from mockgitlab.api.cross_references import reference
from mockgitlab.api.issue_access import manages
from mockgitlab.api.models.issue import Issue, Severity
from mockgitlab.api.models.issue_link import LinkType, links_of
from mockgitlab.api.models.project import Project, find_project
from mockgitlab.api.services import issue_links
from mockgitlab.api.services.issue_notes import SEVERITIES, sentence

LINKED = {"relates_to": "related to", "blocks": "blocked by", "is_blocked_by": "blocking"}
"""What messages say an issue is that was linked with each type."""
NO_LINK = "No linked issue matches the provided parameter."
NO_TARGET = "Target project or group doesn't exist or doesn't support this item type."


def _is_one(work: Work) -> bool:
    return isinstance(work.target, Issue)


def _plans(work: Work) -> bool:
    return _is_one(work) and work.plans


# Links


def _may_link(work: Work) -> bool:
    return _is_one(work) and access.level(work.call, work.project) >= access.GUEST


def _link(work: Work, text: str, kind: LinkType) -> str:
    for other in referred_issues(work, text):
        if issue_links.refusal(work.call, work.target, other) is None:
            issue_links.link(work.call, work.target, other, kind)
    called = work.target.issue_type.replace("_", " ")
    return f"Added {sentence(text.split())} as a linked item {LINKED[kind]} this {called}."


@command("relate", "link", when=_may_link)
def relate(work: Work, text: str) -> str:
    """Relate issues to it; those that cannot be are left out, and nothing is said of that."""
    return _link(work, text, "relates_to")


def _may_block(work: Work) -> bool:
    return _may_link(work) and work.ee


@command("blocks", when=_may_block)
def blocks(work: Work, text: str) -> str:
    """Let it block issues."""
    return _link(work, text, "blocks")


@command("blocked_by", when=_may_block)
def blocked_by(work: Work, text: str) -> str:
    """Let issues block it."""
    return _link(work, text, "is_blocked_by")


@command("unlink", when=_may_link)
def unlink(work: Work, text: str) -> str:
    """Take the link to an issue away."""
    other = next(iter(referred_issues(work, text)), None)
    links = links_of(work.call.store, work.target.id) if other else []
    link = next((one for one in links if other and one.other(work.target.id) == other.id), None)
    if other is None or link is None:
        return NO_LINK
    issue_links.unlink(work.call, link)
    return f"Removed linked item {reference(work.call.store, other, work.project)}."


@command("duplicate", when=_plans)
def duplicate(work: Work, text: str) -> str:
    """Close it as a duplicate of another issue."""
    call, canonical = work.call, next(iter(referred_issues(work, text)), None)
    name = work.target.issue_type.replace("_", " ").capitalize()
    if canonical is None:
        return f"Failed to mark this {name} as a duplicate because referenced item was not found."
    if canonical.id == work.target.id:
        return f"Failed to mark the {name} as duplicate of itself."
    work.changes["canonical_issue_id"] = canonical.id
    url = canonical.web_url(call.view())
    return f"Closed this {name}. Marked as related to, and a duplicate of, {url}."


# Elsewhere


def _project(work: Work, path: str) -> Project | None:
    return find_project(work.call.store, path) if "/" in path else None


@command("move", when=_plans)
def move(work: Work, text: str) -> str:
    """Move it to another project."""
    target = _project(work, text)
    if target is None:
        return f"Unable to move. {NO_TARGET}"
    if not manages(work.call, target):
        return "Unable to move. Insufficient permissions."
    work.changes["move_to"] = target.id
    return f"Moved this item to {text}."


@command("clone", when=_plans, bare=True)
def clone(work: Work, text: str) -> str:
    """Clone it into a project, by default its own."""
    words = text.split()
    paths = [word for word in words if word != "--with_notes"]
    if len(paths) > 1:
        return "Failed to clone this item: wrong parameters."
    target = _project(work, paths[0]) if paths else work.project
    if target is None:
        return f"Unable to clone. {NO_TARGET}"
    if not manages(work.call, target):
        return "Unable to clone. Insufficient permissions."
    work.changes["clone_to"] = {"project_id": target.id, "with_notes": len(words) > len(paths)}
    return f"Cloned this item to {paths[0] if paths else target.full_path}."


# Its own columns


@command("severity", when=lambda work: _is_one(work) and work.target.issue_type == "incident")
def severity(work: Work, text: str) -> str:
    """Say how bad an incident is: ``high``, ``S2`` or ``2``."""
    found = _severity(text.lower())
    if found is None:
        return "No severity matches the provided parameter"
    if work.plans:
        set_severity(work.call, work.target, found)
    return f"Severity updated to {found.capitalize()}."


def _severity(text: str) -> Severity | None:
    numbers = dict(zip(get_args(Severity), (0, 4, 3, 2, 1), strict=True))
    spelled = {name: (name, str(number), f"s{number}" if number else name) for name, number in numbers.items()}
    return next((name for name, spellings in spelled.items() if text in spellings), None)


def set_severity(call: dsl.Call, incident: Issue, severity: Severity) -> None:
    """Change how bad an incident is, and remark on it."""
    if incident.severity_level != severity:
        changed = call.store.update(incident, severity_level=severity)
        effects.system_note(call, changed, f"changed the severity to **{SEVERITIES[severity]}**", "severity")


@command("promote_to_incident", when=lambda work: _plans(work) and work.target.issue_type != "incident", bare=True)
def promote_to_incident(work: Work, text: str) -> str:
    """Make an incident of it."""
    work.changes["issue_type"] = "incident"
    return "Issue has been promoted to incident"


NAMES = frozenset(COMMANDS)
"""The words that are commands of issues."""
