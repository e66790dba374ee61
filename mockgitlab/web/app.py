"""Putting the parts together: worlds and definitions to a gateway, and to a Flask application where one is wanted."""

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from mockgitlab.dsl import Definitions
from mockgitlab.web.gateway import Gateway
from mockgitlab.web.pipeline import Pipeline
from mockgitlab.web.routes import Routes
from mockgitlab.web.worlds import Worlds

if TYPE_CHECKING:
    from flask import Flask


def make_gateway(worlds: Worlds, definitions: Definitions, on_error: Callable[[BaseException], None]) -> Gateway:
    """Return the WSGI application that serves these worlds; ``on_error`` is told of every failure of the server.

    Flask, which serves the control pages, is imported when the first of them is asked for.
    """
    return Gateway(worlds, Pipeline(definitions, _routes(definitions, worlds.settings), on_error), make_pages)


def make_pages(gateway: Gateway) -> "Flask":
    """Return the Flask application of a gateway."""
    from mockgitlab.web.pages import make_app

    return make_app(gateway)


_routes = lru_cache(maxsize=8)(Routes)
