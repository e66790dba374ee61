"""Milestones in scenarios, below projects and groups: ``{title: "1.0", due_date: 2024-06-01}``."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.label import owner_of
from mockgitlab.api.models.milestone import Milestone, find_milestone
from mockgitlab.api.models.project import Project


def seed_milestone(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> Milestone:
    """Make a milestone of a project or group."""
    store, at = seeding.store, parents[-1]
    title = str(columns.get("title") or "").strip()
    start, due = columns.get("start_date"), columns.get("due_date")
    if not title:
        seeding.problem("title", "is missing: a milestone needs one")
    elif find_milestone(store, at, title) is not None:
        seeding.problem("title", f"is taken: {at.full_path}, or a group above it, has a milestone {title}")
    if start and due and due <= start:
        seeding.problem("due_date", f"must be after start_date, {start}")
    return store.insert(Milestone(**{**columns, "title": title, "owner": owner_of(at)}))


def find_for(store: dsl.Store, title: Any, parents: dsl.Parents) -> Milestone | None:
    """Return the milestone with a title that records of the innermost project or group around may have."""
    at = next((one for one in reversed(parents) if isinstance(one, (Project, Group))), None)
    if at is None:
        return store[Milestone].get(title) if isinstance(title, int) else store[Milestone].find(title=str(title))
    return find_milestone(store, at, str(title))


MILESTONES = dsl.Collection(
    "milestones",
    Milestone,
    {Project: lambda project: {"project_id": project.id}, Group: lambda group: {"group_id": group.id}},
    seed_milestone,
    find_for,
)
