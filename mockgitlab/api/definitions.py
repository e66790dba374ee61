"""All definitions put together: the tables of operations, and the collections that scenarios may hold."""

from collections.abc import Iterable
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from mockgitlab import collector, dsl
from mockgitlab.api.identity import identify, note_use
from mockgitlab.api.seeds import COLLECTIONS
from mockgitlab.api.seeds.users import seed_root
from mockgitlab.api.services.application_settings import INSTANCE
from mockgitlab.api.services.deliveries import DELIVERIES
from mockgitlab.api.services.progress import BACKGROUND
from mockgitlab.api.standing import STANDING

BASES = {"v4": "/api/v4", "v3": "/api/v3"}
ADOPTED = {"v3": "v4"}
"""From which API an older one takes most of its operations."""


@cache
def definitions() -> dsl.Definitions:
    """Return the definitions of every API; they are made once, each when it is first served, and never change."""
    tables = dsl.Tables({name: partial(table_of, name) for name in BASES})
    bases = {name: (base,) for name, base in BASES.items()}
    hooks = (identify, note_use, seed_root, _git, STANDING, addresses, BACKGROUND, DELIVERIES, INSTANCE)
    return dsl.Definitions(tables, bases, COLLECTIONS, *hooks)


def _git(call: dsl.Call, path: str, service: str, credentials: Iterable[dsl.Credential], body: bytes | None) -> dsl.Raw:
    """Answer git; what speaks its protocol is loaded when it first asks."""
    from mockgitlab.api.git_http import answer

    return answer(call, path, service, credentials, body)


@cache
def addresses() -> tuple[dsl.Operation, ...]:
    """Return the operations at addresses outside the APIs."""
    return load("web").table()


def table_of(name: str) -> tuple[dsl.Operation, ...]:
    """Return the operations of an API: those of all its pages, and as not built those that are merely known."""
    with collector.paused():
        api = load(name)
    known = Path(__file__).with_name(name).joinpath("operations.txt").read_text("utf-8")
    api.known(known.splitlines())
    return api.table()


def load(name: str) -> dsl.Api:
    """Return the API that the module ``base`` of a package declares, with the operations of all modules there."""
    if name in ADOPTED:
        load(ADOPTED[name])
    package = f"mockgitlab.api.{name}"
    for page in iter_modules(import_module(package).__path__):
        import_module(f"{package}.{page.name}")
    api: dsl.Api = getattr(import_module(f"{package}.base"), name)
    return api
