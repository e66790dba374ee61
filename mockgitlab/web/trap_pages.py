"""Control pages of traps: which there are, and which are set."""

from collections.abc import Iterable
from typing import Any

from flask import Response, current_app, jsonify

from mockgitlab.web.control import current_world, sent
from mockgitlab.web.trap import Trap


def list_traps() -> Response:
    """List the traps, and whether each is set."""
    known: Iterable[Trap] = current_app.extensions["mockgitlab"].worlds.known_traps.values()
    names = current_world().traps.names
    return jsonify({"traps": [_shown(trap, trap.name in names) for trap in known]})


def _shown(trap: Trap, is_set: bool) -> dict[str, Any]:
    waits = {"waits_for": trap.waits_for} if trap.waits_for else {}
    return {"name": trap.name, "told": trap.told, "why": trap.why, "set": is_set, **waits}


def set_traps() -> tuple[Response, int] | Response:
    """Set traps: ``{"trap": "no_totals"}`` or ``{"traps": ["no_totals", "html_429"]}``."""
    traps = current_world().traps
    try:
        wanted = sent()
        names = wanted.get("traps", [wanted["trap"]] if "trap" in wanted else None)
        if not isinstance(names, list):
            raise ValueError('say which: {"trap": "no_totals"} or {"traps": ["no_totals", "html_429"]}')
        traps.set(*map(str, names))
    except (ValueError, RecursionError) as wrong:
        return jsonify({"error": str(wrong)}), 400
    return jsonify({"set": traps.names})


def clear_traps() -> Response:
    """Take the traps away; what they changed in the world, a reset brings back."""
    return jsonify({"removed": current_world().traps.clear()})
