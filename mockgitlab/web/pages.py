"""The Flask application: the control pages, and the gateway to the APIs in front of them."""

from typing import TYPE_CHECKING

from flask import Flask, Response, current_app, jsonify
from werkzeug.exceptions import HTTPException

from mockgitlab.web.control_routes import CONTROL, ROUTES

if TYPE_CHECKING:
    from mockgitlab.web.gateway import Gateway


def make_app(gateway: "Gateway") -> Flask:
    """Return the Flask application that a gateway belongs to: its WSGI entry is the gateway, the pages are behind."""
    app = Flask("mockgitlab", static_folder=None)
    for route in ROUTES:
        rule = f"{CONTROL}{route.path}"
        app.add_url_rule(rule, f"{route.method} {route.path}", route.view, methods=[route.method])
    app.register_error_handler(HTTPException, _refuse)
    app.extensions["mockgitlab"] = gateway
    gateway.pages = app.wsgi_app
    app.wsgi_app = gateway  # type: ignore[method-assign]
    return app


def _refuse(error: HTTPException) -> tuple[Response, int]:
    original = getattr(error, "original_exception", None)
    if original is not None:
        current_app.extensions["mockgitlab"].pipeline.on_error(original)
    return jsonify({"error": f"{error.code} {error.name}"}), error.code or 500
