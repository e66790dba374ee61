"""Control pages of evidence: the journal, whether what was expected came, and the faults."""

import json
from collections.abc import Callable

from flask import Response, jsonify, request

from mockgitlab.report.entry import Entry
from mockgitlab.report.journal import Journal, json_lines
from mockgitlab.web.control import current_world, sent
from mockgitlab.web.fault_options import fault

WAIT_AT_MOST = 600.0


def read_journal() -> tuple[Response, int] | Response:
    """Show the requests: ``?operation=&method=&status=&path=&user=&token=&since=&wait=n&timeout=s&format=jsonl``."""
    journal, wanted = current_world().journal, request.args.to_dict()
    shown = wanted.pop("format", "json")
    try:
        if shown not in FORMATS:
            raise ValueError(f"there is no format {shown!r}: take {', '.join(FORMATS)}")
        return FORMATS[shown](journal, _wanted(journal, wanted))
    except TimeoutError as late:
        return jsonify({"error": str(late)}), 408
    except ValueError as wrong:
        return jsonify({"error": str(wrong)}), 400


def _wanted(journal: Journal, wanted: dict[str, str]) -> list[Entry]:
    number, timeout = int(wanted.pop("wait", "0")), float(wanted.pop("timeout", "5"))
    if not number:
        return journal.filter(**wanted)
    return journal.wait_for(number, min(timeout, WAIT_AT_MOST), **wanted)


def clear_journal() -> Response:
    """Empty the journal."""
    journal = current_world().journal
    number = len(journal)
    journal.clear()
    return jsonify({"removed": number})


def verify() -> Response:
    """Tell whether all that the scenario expects happened, and what was not used."""
    return jsonify(current_world().verify().to_json())


def list_faults() -> Response:
    """List the faults, how many requests each might have struck and did."""
    return jsonify({"faults": [one.to_json() for one in current_world().faults]})


def add_fault() -> tuple[Response, int]:
    """Add a fault: ``{"on": "POST /projects/:id/issues", "nth": 1, "lose": true}``."""
    try:
        added = current_world().faults.add(fault(**{"on": "", **sent()}))
    except (ValueError, RecursionError) as wrong:
        return jsonify({"error": str(wrong)}), 400
    return jsonify(added.to_json()), 201


def clear_faults() -> Response:
    """Remove all faults."""
    return jsonify({"removed": current_world().faults.clear()})


def _as_json(journal: Journal, entries: list[Entry]) -> Response:
    return jsonify(
        {"entries": [entry.to_json() for entry in entries], "kept": len(journal), "dropped": journal.dropped}
    )


def _as_lines(journal: Journal, entries: list[Entry]) -> Response:
    return Response(json_lines(entries), content_type="application/x-ndjson")


def _as_har(journal: Journal, entries: list[Entry]) -> Response:
    from mockgitlab.report.har import to_har

    return Response(json.dumps(to_har(entries)), content_type="application/json")


FORMATS: dict[str, Callable[[Journal, list[Entry]], Response]] = {"json": _as_json, "jsonl": _as_lines, "har": _as_har}
