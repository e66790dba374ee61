"""Freeze periods in scenarios, below projects: ``{freeze_start: 0 23 * * 5, freeze_end: 0 7 * * 1}``."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.freeze_period import FreezePeriod, problems_of
from mockgitlab.api.models.project import Project, tied_to


def seed_freeze_period(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> FreezePeriod:
    """Make a freeze period of a project."""
    draft = FreezePeriod(**{"freeze_start": "", "freeze_end": "", **columns})
    for name, texts in problems_of(draft).items():
        seeding.problem(name, texts[0].strip())
    return seeding.store.insert(draft)


FREEZE_PERIODS = dsl.Collection(
    "freeze_periods",
    FreezePeriod,
    {Project: tied_to},
    seed_freeze_period,
    description="When nothing is to be deployed",
)
