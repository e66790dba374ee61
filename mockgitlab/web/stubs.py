"""Canned answers of a scenario, tried before the API."""

from dataclasses import replace
from urllib.parse import parse_qsl

from mockgitlab.web.answer import Answer
from mockgitlab.web.request import Request
from mockgitlab.web.worlds import Stub


def find_stub(request: Request, stubs: tuple[Stub, ...]) -> Answer | None:
    """Return the answer of the first stub that fits the method, the raw path, and the query it asks for."""
    for stub in stubs:
        if stub.method in (request.method, "ANY") and stub.path == request.path and _fits(stub, request):
            return replace(stub.answer, stub=stub.name)
    return None


def _fits(stub: Stub, request: Request) -> bool:
    return not stub.query or stub.query.items() <= dict(parse_qsl(request.query, keep_blank_values=True)).items()
