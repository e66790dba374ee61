"""Integrations in scenarios: ``integrations: [{slug: slack, properties: {webhook: http://localhost:8000/}}]``.

Those of a group are passed on to the projects and subgroups that say nothing of the same service.
"""

import difflib
from collections.abc import Iterable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.integration import Integration, find_integration
from mockgitlab.api.models.integration_table import KINDS
from mockgitlab.api.seeds.owned import OWNERS, place_of
from mockgitlab.api.services import integrations
from mockgitlab.dsl.kinds import coercer

PROPERTIES = {"type": "object", "description": "What is set, by the names of the API: webhook, url, token and so on"}


def seed_integration(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> Integration:
    """Make an integration of a project or group."""
    place, kind = place_of(parents), KINDS.get(columns["slug"])
    assert place is not None
    if kind is None:
        seeding.problem("slug", f"GitLab has no {columns['slug']}", suggestion=_near(columns["slug"], KINDS))
        return seeding.store.insert(Integration(**columns))
    if not kind.exists_in(seeding.store.settings):
        seeding.problem("slug", f"this GitLab has no {kind.slug}")
    inherited = find_integration(seeding.store, place, kind.slug)
    if inherited is not None:
        if inherited.inherit_from_id is None:
            seeding.problem("slug", f"{place.full_path} has {kind.slug} already")
        seeding.store.delete(inherited)
    values = {**kind.defaults, **_values(seeding, kind.slug, extras.get("properties") or {})}
    made = Integration(**{**kind.columns, **columns, "properties": values})
    for name, texts in integrations.problems_of(made).items():
        seeding.problem(("properties", name) if name in extras.get("properties", {}) else "slug", f"{name} {texts[0]}")
    kept = seeding.store.insert(made)
    if isinstance(place, Group):
        integrations.propagate(seeding.store, place, kept)
    return kept


def _values(seeding: dsl.Seeding, slug: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return the values of properties, read as the API reads them; names that there are not are noted."""
    named, values = KINDS[slug].named, dict[str, Any]()
    for name, value in given.items():
        if name not in named:
            seeding.problem(("properties", name), f"{slug} has no {name}", suggestion=_near(name, named))
            continue
        values[name] = coercer(named[name].type)(value)
    return values


def _near(name: str, known: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(name, known, 1)), None)


INTEGRATIONS = dsl.Collection(
    *("integrations", Integration, OWNERS, seed_integration),
    extras={"properties": PROPERTIES},
    description="Other services; those of groups are passed on",
)
