"""The Flask application: the gateway to the APIs in front, the control pages behind."""

from collections.abc import Callable
from functools import lru_cache

from flask import Flask, Response, current_app, jsonify
from werkzeug.exceptions import HTTPException

from mockgitlab.dsl import Definitions
from mockgitlab.web.control import control
from mockgitlab.web.gateway import Gateway
from mockgitlab.web.pipeline import Pipeline
from mockgitlab.web.routes import Routes
from mockgitlab.web.worlds import Worlds


def make_app(
    worlds: Worlds, definitions: Definitions, on_error: Callable[[BaseException], None], app: Flask | None = None
) -> Flask:
    """Return the WSGI application that serves these worlds, or let an existing one serve them.

    ``on_error`` is told of every failure of the server itself.
    """
    app = app or make_pages()
    app.extensions["mockgitlab"] = worlds
    app.extensions["mockgitlab on error"] = on_error
    pipeline = Pipeline(definitions, _routes(definitions, worlds.settings), on_error)
    app.wsgi_app = Gateway(worlds, pipeline, app.extensions["mockgitlab pages"])  # type: ignore[method-assign]
    return app


def make_pages() -> Flask:
    """Return the Flask application with the control pages alone."""
    app = Flask("mockgitlab", static_folder=None)
    app.register_blueprint(control)
    app.register_error_handler(HTTPException, _refuse)
    app.extensions["mockgitlab pages"] = app.wsgi_app
    return app


_routes = lru_cache(maxsize=8)(Routes)


def _refuse(error: HTTPException) -> tuple[Response, int]:
    original = getattr(error, "original_exception", None)
    if original is not None:
        current_app.extensions["mockgitlab on error"](original)
    return jsonify({"error": f"{error.code} {error.name}"}), error.code or 500
