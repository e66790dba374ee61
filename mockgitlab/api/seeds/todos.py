"""To-do items in scenarios, below projects: ``{user: ada, issue: 1, action_name: assigned}``."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.models.todo import ACTIONS, Todo, target_type_of
from mockgitlab.api.seeds.targets import ISSUE, MERGE_REQUEST, find_target


def seed_todo(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Todo:
    """Make a to-do item about an issue, a merge request or the project itself, by the project's creator unless told."""
    project: Project = parents[-1]
    target = find_target(seeding, extras, project) or project
    given = {"author_id": project.creator_id or 1, "action_name": "marked", **columns}
    if given.get("user_id") is None:
        seeding.problem("user", "is missing: whose to-do item is it?")
    if given["action_name"] not in ACTIONS:
        seeding.problem("action_name", f"must be one of {', '.join(ACTIONS)}")
    about = {"target_type": target_type_of(target), "target_id": target.id}
    return seeding.store.insert(Todo(**{**given, **about}))


TODOS = dsl.Collection(
    "todos",
    Todo,
    {Project: tied_to},
    seed_todo,
    None,
    {"issue": ISSUE, "merge_request": MERGE_REQUEST},
)
