"""The control page of deliveries: what hooks were sent, once all is delivered."""

from flask import Response, jsonify, request

from mockgitlab.web.control import current_gateway, current_world
from mockgitlab.web.journal_pages import WAIT_AT_MOST


def list_deliveries() -> tuple[Response, int] | Response:
    """Show what hooks were sent, once all is delivered: ``?event=&trigger=&hook_id=&url=&status=&timeout=s``."""
    wanted = request.args.to_dict()
    deliveries = current_gateway().pipeline.definitions.deliveries
    try:
        timeout = min(float(wanted.pop("timeout", "10")), WAIT_AT_MOST)
        found = current_world().delivered(deliveries, timeout, **wanted)
    except TimeoutError as late:
        return jsonify({"error": str(late)}), 408
    except ValueError as wrong:
        return jsonify({"error": str(wrong)}), 400
    return jsonify({"deliveries": [one.to_json() for one in found]})
