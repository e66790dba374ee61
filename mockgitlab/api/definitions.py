"""All definitions put together: the tables of operations, and the collections that scenarios may hold."""

from functools import cache
from importlib import import_module
from importlib.resources import files
from pkgutil import iter_modules

from mockgitlab import dsl
from mockgitlab.api.identity import identify
from mockgitlab.api.seeds import COLLECTIONS
from mockgitlab.api.seeds.users import seed_root
from mockgitlab.api.v4.base import v4



@cache
def definitions() -> dsl.Definitions:
    """Return the definitions of every API; they are made once and never change."""
    for page in iter_modules(import_module("mockgitlab.api.v4").__path__):
        import_module(f"mockgitlab.api.v4.{page.name}")
    v4.known(files("mockgitlab.api.v4").joinpath("operations.txt").read_text().splitlines())
    return dsl.Definitions({"v4": v4.table()}, {"v4": (v4.base,)}, COLLECTIONS, identify, seed_root)
