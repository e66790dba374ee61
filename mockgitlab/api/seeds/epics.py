"""Epics in scenarios, below groups: ``{title: Moon landing, labels: [bug]}``; issues name theirs with ``epic``."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.epic import Epic, EpicIssue
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.iteration import groups_of
from mockgitlab.api.models.project import tied_to
from mockgitlab.api.seeds.owned import place_of


def seed_epic(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Epic:
    """Make an epic of a group, by root unless another author is named."""
    if not str(columns.get("title") or "").strip():
        seeding.problem("title", "is missing: an epic needs one")
    if columns.get("state") == "closed":
        columns = {"closed_at": seeding.store.now, **columns}
    return seeding.store.insert(Epic(**{"author_id": 1, **columns}))


def seed_epic_of(seeding: dsl.Seeding, issue: Issue, name: Any, parents: dsl.Parents) -> None:
    """Make an issue part of the epic that a title or an id means."""
    epic = seeding.resolve("Epic", name, parents, "epic")
    if epic is not None:
        seeding.store.insert(EpicIssue(epic_id=epic.id, issue_id=issue.id))


def _find(store: dsl.Store, name: Any, parents: dsl.Parents) -> Epic | None:
    if isinstance(name, int):
        return store[Epic].get(name)
    at = place_of(parents)
    groups = [group.id for group in groups_of(store, at)] if at is not None else []
    found = [epic for epic in store[Epic].having("title", name) if epic.group_id in groups]
    return min(found, key=lambda epic: groups.index(epic.group_id), default=None)


EPICS = dsl.Collection("epics", Epic, {Group: tied_to}, seed_epic, _find)
