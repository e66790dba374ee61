"""The OpenAPI document of the control API, derived from the table of its routes.

Source: https://spec.openapis.org/oas/v3.1.0.
"""

import inspect
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request

from mockgitlab import __version__
from mockgitlab.web.request import base_url

if TYPE_CHECKING:
    from mockgitlab.web.control_routes import ControlRoute

_VARIABLE = re.compile(r"<(\w+)>")
_REASONS = {200: "Done", 201: "Made", 400: "The request makes no sense", 404: "There is none", 408: "Too late"}


def show_openapi() -> Response:
    """Show this document: the control API in OpenAPI 3.1."""
    from mockgitlab.web.control_routes import CONTROL, ROUTES

    return jsonify(openapi(ROUTES, f"{base_url(request.environ)}{CONTROL}"))


def openapi(routes: Iterable["ControlRoute"], url: str) -> dict[str, Any]:
    """Return the OpenAPI document of routes that are served below a URL."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(_VARIABLE.sub(r"{\1}", route.path), {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "The control API of mockgitlab",
            "version": __version__,
            "description": "Below the prefix of a sandbox, /@name, every operation acts on that sandbox.",
        },
        "servers": [{"url": url}],
        "paths": paths,
    }


def _operation(route: "ControlRoute") -> dict[str, Any]:
    summary, _, more = (inspect.getdoc(route.view) or "").partition("\n")
    name = _VARIABLE.sub("", route.path).rstrip("/").replace("/", "_") or "_page"
    operation = {
        "operationId": f"{route.method.lower()}{name}",
        "summary": summary,
        "parameters": _parameters(route),
        "responses": {str(status): _answer(route, status) for status in route.answers},
    }
    if more.strip():
        operation["description"] = more.strip()
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": route.body}}}
    return operation


def _parameters(route: "ControlRoute") -> list[dict[str, Any]]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _VARIABLE.findall(route.path)
    ]
    return in_path + [{"name": name, "in": "query", "schema": schema} for name, schema in route.query.items()]


def _answer(route: "ControlRoute", status: int) -> dict[str, Any]:
    content: dict[str, Any] = {route.media_type: {"schema": route.answers[status]}}
    if status == 200:
        content |= {kind: {} for kind in route.others}
    return {"description": _REASONS[status], "content": content}
