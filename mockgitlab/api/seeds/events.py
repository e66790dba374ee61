"""Events in scenarios, below projects: ``{author: ada, action: closed, issue: 1}``, ``{author: bob, action: left}``."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.effects import target_columns
from mockgitlab.api.models.event import Event
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.seeds.targets import ISSUE, MERGE_REQUEST, MILESTONE, find_target


def seed_event(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Event:
    """Make an event on an issue or milestone of the project, or on the project itself, by the project's creator."""
    project: Project = parents[-1]
    about = target_columns(find_target(seeding, extras, project))
    given = {"author_id": project.creator_id or 1, "action": "created", **columns}
    return seeding.store.insert(Event(**{**given, **about}))


EVENTS = dsl.Collection(
    "events",
    Event,
    {Project: tied_to},
    seed_event,
    None,
    {"issue": ISSUE, "merge_request": MERGE_REQUEST, "milestone": MILESTONE},
)
