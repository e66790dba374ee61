"""The control API under ``/_mockgitlab/``: for test suites in any language, never under ``/api``.

Below a sandbox's prefix (``/@name/_mockgitlab/reset``) it acts on that sandbox.
"""

import json
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, jsonify, request

from mockgitlab.dsl import Background
from mockgitlab.store import parse_duration
from mockgitlab.web.request import SANDBOX_NAME, base_url
from mockgitlab.web.state import state_of
from mockgitlab.web.worlds import World, Worlds

if TYPE_CHECKING:
    from mockgitlab.web.gateway import Gateway


def current_gateway() -> "Gateway":
    """Return the gateway that was asked."""
    gateway: Gateway = current_app.extensions["mockgitlab"]
    return gateway


def _worlds() -> Worlds:
    return current_gateway().worlds


def current_name() -> str:
    """Return the name of the sandbox that is asked for, empty for the main world."""
    return str(request.environ.get("mockgitlab.sandbox", ""))


def current_world() -> World:
    """Return the world that is asked for."""
    world = _worlds().get(current_name())
    assert world is not None, "the gateway has made the sandbox"
    return world


def ready() -> Response:
    """Say that everything is loaded and requests are answered."""
    return jsonify({"ready": True, "version": _worlds().settings.version})


def reset() -> Response:
    """Bring the world back to the scenario as loaded."""
    _worlds().reset(current_name())
    return jsonify({"reset": current_name() or "main"})


def state() -> Response:
    """Show every record of the world, by kind."""
    return jsonify(state_of(current_world().store))


def clock() -> Response:
    """Show the instant at which the world stands."""
    return jsonify({"now": current_world().store.clock.now})


def set_clock() -> tuple[Response, int] | Response:
    """Move the clock: ``{"now": "2024-05-02T00:00:00Z"}`` or ``{"advance": "2h"}``."""
    store = current_world().store
    try:
        wanted = sent()
        if "advance" in wanted:
            store.advance_clock(parse_duration(str(wanted["advance"])))
        elif "now" in wanted:
            store.set_clock(str(wanted["now"]))
        else:
            raise ValueError('say where to: {"now": "2024-05-02T00:00:00Z"} or {"advance": "2h"}')
    except OverflowError:
        return jsonify({"error": "the clock cannot stand outside the years 1 to 9999"}), 400
    except (ValueError, RecursionError) as wrong:
        return jsonify({"error": str(wrong)}), 400
    if background := _background():
        background.settle(store)
        current_gateway().pipeline.post(current_world())
    return clock()


def _background() -> Background | None:
    return current_gateway().pipeline.definitions.background


def transitions() -> Response:
    """List what GitLab has begun in the background and not finished."""
    background = _background()
    return jsonify({"waiting": background.listed(current_world().store) if background else []})


def set_transitions() -> tuple[Response, int] | Response:
    """Say how long it takes from now on: ``{"imports": {"reads": 3}, "deletions": "manual"}``."""
    try:
        current_world().set_transitions(sent())
    except (ValueError, OverflowError, RecursionError) as wrong:
        return jsonify({"error": str(wrong)}), 400
    return transitions()


def finish() -> tuple[Response, int] | Response:
    """Finish it: all, or ``{"kind": "imports", "id": 3}``."""
    background = _background()
    try:
        wanted = sent()
        number = int(wanted["id"]) if "id" in wanted else None
        done = background.finish(current_world().store, wanted.get("kind"), number) if background else 0
    except (ValueError, RecursionError) as wrong:
        return jsonify({"error": str(wrong)}), 400
    current_gateway().pipeline.post(current_world())
    return jsonify({"finished": done})


def sent() -> dict[str, Any]:
    """Return the JSON object or the form that was sent; raises ``ValueError`` for anything else."""
    body = request.get_data(cache=True)
    if not body or request.form:
        return dict(request.values)
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError(f"the body must be a JSON object, not {body[:100]!r}")
    return found


def sandboxes() -> Response:
    """List the sandboxes."""
    return jsonify({"sandboxes": _worlds().names()})


def create_sandbox(name: str) -> tuple[Response, int]:
    """Make a sandbox, or bring it back to the scenario as loaded."""
    if not SANDBOX_NAME.fullmatch(name):
        wanted = "letters, digits, dots, dashes and underscores, at most 100"
        return jsonify({"error": f"{name!r} cannot be the name of a sandbox: take {wanted}"}), 400
    if _worlds().get(name) is None:
        return jsonify({"error": "there are too many sandboxes; drop some"}), 400
    _worlds().reset(name)
    environ = {
        **request.environ,
        "SCRIPT_NAME": request.environ.get("SCRIPT_NAME", "").removesuffix(f"/@{current_name()}"),
    }
    return jsonify({"sandbox": name, "url": f"{_worlds().settings.url or base_url(environ)}/@{name}"}), 201


def drop_sandbox(name: str) -> tuple[Response, int]:
    """Forget a sandbox."""
    found = _worlds().drop(name)
    return jsonify({"dropped": name} if found else {"error": f"there is no sandbox {name}"}), 200 if found else 404
