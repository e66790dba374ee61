"""What the texts after commands name: labels, milestones and users.

Source: GitLab's app/services/quick_actions/interpret_service.rb and lib/gitlab/quick_actions/users_extractor.rb.
"""

import re

from mockgitlab.api import access, cross_references
from mockgitlab.api.commands import Work
from mockgitlab.api.models.epic import Epic
from mockgitlab.api.models.group import Group, find_group
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.label import Label, find_label, labels_of
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.milestone import Milestone, find_milestone, milestones_of
from mockgitlab.api.models.project import namespace_of
from mockgitlab.api.models.user import User, find_user
from mockgitlab.api.services.issue_notes import sentence

_NAME = re.compile(r'~?(?:"([^"]+)"|([^\s"~,]+))')
_USER = re.compile(r"@?[\w.-]+")
_EPIC = re.compile(r"(?:https?://\S+?/groups/(\S+)/-/epics/|([\w./-]*)&)(\d{1,12})")


def named_labels(work: Work, text: str) -> list[Label]:
    """Return the labels that a text names: ``~bug ~"two words"``, with or without the tildes."""
    found = (_label(work, quoted or plain) for quoted, plain in _NAME.findall(text))
    return [label for label in found if label is not None]


def _label(work: Work, name: str) -> Label | None:
    found = find_label(work.call.store, work.place, name)
    if found is None and name.isdigit():
        return labels_of(work.call.store, work.place).where(id=int(name)).first()
    return found


def label_references(labels: list[Label]) -> str:
    """Return how messages name labels: ``~"bug" ~"two words" labels``."""
    names = " ".join(f'~"{label.name}"' for label in labels)
    return f"{names} label{'' if len(labels) == 1 else 's'}"


def named_milestone(work: Work, text: str) -> Milestone | None:
    """Return the milestone that a text names: ``%"Version 1"``, ``%v1``, or just its title."""
    name = text.strip().removeprefix("%").strip('"')
    found = find_milestone(work.call.store, work.project, name)
    if found is None and text.startswith("%") and name.isdigit():
        return milestones_of(work.call.store, work.project).where(iid=int(name)).first()
    return found


def milestone_reference(milestone: Milestone) -> str:
    """Return how messages name a milestone."""
    return f'%"{milestone.title}"'


def named_users(work: Work, text: str) -> tuple[list[User], list[str]]:
    """Return the users that a text names, ``@ada and me``, and the names that nobody has."""
    names = [name for name in _USER.findall(text) if name.lower() != "and"]
    found: dict[int, User] = {}
    missing = []
    for name in names:
        user = access.me(work.call) if name == "me" else find_user(work.call.store, name.lstrip("@"))
        if user is None:
            missing.append(f"'{name}'")
        else:
            found[user.id] = user
    return list(found.values()), missing


def referred_issues(work: Work, text: str) -> list[Issue]:
    """Return the issues that a text refers to and that the user sees."""
    store, user = work.call.store, access.me(work.call)
    found = cross_references.referred_issues(store, text, work.project)
    return [one for one in found if cross_references.may_read(store, user, one)]


def referred_record(work: Work, text: str) -> Issue | MergeRequest | None:
    """Return the first issue, or else merge request, that a text refers to and that the user sees."""
    for issue in referred_issues(work, text):
        return issue
    store, user = work.call.store, access.me(work.call)
    others = cross_references.referred_merge_requests(store, text, work.project)
    return next((one for one in others if cross_references.may_read(store, user, one)), None)


def references(users: list[User]) -> str:
    """Return how messages name users."""
    return sentence([f"@{user.username}" for user in users])


def named_epic(work: Work, text: str) -> Epic | None:
    """Return the epic that a text names by ``&1``, ``group&1`` or an address, whether or not the user may see it."""
    store, match = work.call.store, _EPIC.fullmatch(text)
    if match is None:
        return None
    path, place = match[1] or match[2], work.place
    here = place if isinstance(place, Group) else namespace_of(store, place)
    group = find_group(store, path) if path else here
    return store[Epic].find(group_id=group.id, iid=int(match[3])) if group else None
