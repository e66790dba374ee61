"""Milestones in scenarios, below projects and groups: ``{title: "1.0", due_date: 2024-06-01}``."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.label import owner_of
from mockgitlab.api.models.milestone import Milestone, find_milestone
from mockgitlab.api.seeds.owned import OWNERS, by_name


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


MILESTONES = dsl.Collection(
    "milestones",
    Milestone,
    OWNERS,
    seed_milestone,
    by_name(Milestone, "title", find_milestone),
)
