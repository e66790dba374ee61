"""What worlds have to tell, gathered for a report."""

from typing import Any

from mockgitlab.report.account import Account, account_json, account_of
from mockgitlab.report.exchange import lookup_in
from mockgitlab.report.summary import Finding, Summary, summarise
from mockgitlab.web.gateway import Gateway
from mockgitlab.web.trial import Trials
from mockgitlab.web.worlds import World


def told_by(gateway: Gateway, world: World, name: str = "") -> dict[str, Any]:
    """Return what a world has to tell, as JSON; ``name`` is what it is called in reports."""
    pipeline = gateway.pipeline
    roles = Trials(gateway.worlds, pipeline.definitions, pipeline, world.journal).needed_roles()
    lost = world.journal.dropped if world.journal.limit else world.requests
    return account_json(name or (world.name and f"@{world.name}"), world.journal, world.verify(), roles, lost)


def account_by(gateway: Gateway, world: World) -> Account:
    """Return the account of a world."""
    return account_of(told_by(gateway, world), lookup_in(gateway.pipeline.definitions.tables))


def summary_of(gateway: Gateway, world: World, *, max_requests: int | None = None) -> Summary:
    """Return the summary of what happened in a world."""
    tables = gateway.pipeline.definitions.tables
    return summarise([account_by(gateway, world)], tables, max_requests=max_requests)


def findings_in(gateway: Gateway, world: World) -> list[Finding]:
    """Return what is against the contract in a world, and whether it breaks it."""
    return [one for one in summary_of(gateway, world).findings if one.kind != "coverage"]
