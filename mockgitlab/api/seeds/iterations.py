"""Iterations in scenarios, below groups: ``{title: Sprint 1, start_date: 2024-05-01, due_date: 2024-05-14}``."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.iteration import Iteration, find_iteration
from mockgitlab.api.models.project import tied_to
from mockgitlab.api.seeds.owned import place_of


def seed_iteration(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> Iteration:
    """Make an iteration of a group."""
    missing = [name for name in ("start_date", "due_date") if not columns.get(name)]
    for name in missing:
        seeding.problem(name, "is missing: an iteration needs one")
    if not missing and columns["due_date"] < columns["start_date"]:
        seeding.problem("due_date", f"must not be before start_date, {columns['start_date']}")
    return seeding.store.insert(Iteration(**{**dict.fromkeys(missing, "1970-01-01"), **columns}))


def _find(store: dsl.Store, name: Any, parents: dsl.Parents) -> Iteration | None:
    if isinstance(name, int):
        return store[Iteration].get(name)
    at = place_of(parents)
    return find_iteration(store, at, name) if at is not None else store[Iteration].find(title=name)


ITERATIONS = dsl.Collection(
    "iterations",
    Iteration,
    {Group: tied_to},
    seed_iteration,
    _find,
)
