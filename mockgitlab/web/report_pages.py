"""Control pages of what is made of the journal: the report in each of its formats, and the findings."""

from flask import Response, jsonify, request

from mockgitlab.report.formats import FORMATS, rendered
from mockgitlab.web.accounts import findings_in, summary_of, told_by
from mockgitlab.web.control import current_gateway, current_world

ACCOUNT = "account"
"""The format in which ``mockgitlab report`` gathers several worlds: what the report is made of."""


def report() -> tuple[Response, int] | Response:
    """Sum up what the client did: ``?format=json|text|markdown|html|junit|pact|account&max_requests=n``."""
    wanted = request.args.get("format", "json")
    if wanted == ACCOUNT:
        return jsonify(told_by(current_gateway(), current_world()))
    if wanted not in FORMATS:
        return jsonify({"error": f"there is no format {wanted!r}: take {', '.join((*FORMATS, ACCOUNT))}"}), 400
    most = request.args.get("max_requests", type=int)
    summary = summary_of(current_gateway(), current_world(), max_requests=most)
    return Response(rendered(summary, wanted), content_type=FORMATS[wanted][1])


def findings() -> Response:
    """List the findings: what is against the contract, more than needed, or could be spared."""
    return jsonify({"findings": [one.to_json() for one in findings_in(current_gateway(), current_world())]})
