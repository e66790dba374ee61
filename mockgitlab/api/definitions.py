"""All definitions put together: the tables of operations, and the collections that scenarios may hold."""

from collections.abc import Iterable
from functools import cache, partial

from mockgitlab import collector, dsl
from mockgitlab.api import index
from mockgitlab.api.identity import identify, note_use
from mockgitlab.api.seeds.index import collections
from mockgitlab.api.seeds.users import seed_root
from mockgitlab.api.services.application_settings import INSTANCE
from mockgitlab.api.services.deliveries import DELIVERIES
from mockgitlab.api.services.progress import BACKGROUND
from mockgitlab.api.standing import STANDING

BASES = {"v4": "/api/v4", "v3": "/api/v3", "ci": ""}
"""Where each API is; the paths of the GitLab CI API are whole, as it is in two places."""


@cache
def definitions() -> dsl.Definitions:
    """Return the definitions of every API; they are made once, each when it is first served, and never change."""
    indexes = {name: partial(index.declared, name) for name in index.INDEXED}
    tables = dsl.Tables({name: partial(table_of, name) for name in BASES}, indexes)
    bases = {name: (base,) for name, base in BASES.items()}
    hooks = (identify, note_use, seed_root, _git, STANDING, addresses, BACKGROUND, DELIVERIES, INSTANCE)
    return dsl.Definitions(tables, bases, collections(), *hooks)


def _git(call: dsl.Call, path: str, service: str, credentials: Iterable[dsl.Credential], body: bytes | None) -> dsl.Raw:
    """Answer git; what speaks its protocol is loaded when it first asks."""
    from mockgitlab.api.git_http import answer

    return answer(call, path, service, credentials, body)


@cache
def addresses() -> tuple[dsl.Operation, ...]:
    """Return the operations at addresses outside the APIs."""
    return index.load("web").table()


def table_of(name: str) -> tuple[dsl.Operation, ...]:
    """Return the operations of an API: those of all its pages, and as not built those that are merely known."""
    with collector.paused():
        api = index.load(name)
    api.known(f"{method} {path}" for method, path in index.known(name))
    return api.table()
