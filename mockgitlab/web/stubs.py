"""Canned answers of a scenario, tried before the API."""

from dataclasses import replace
from urllib.parse import parse_qsl

from mockgitlab.web.answer import Answer
from mockgitlab.web.paths import canonical
from mockgitlab.web.request import Request
from mockgitlab.web.worlds import Stub


def find_stub(request: Request, stubs: tuple[Stub, ...]) -> Answer | None:
    """Return the answer of the first stub that fits the method, the path, and the query it asks for.

    A path fits however it is written: with doubled and trailing slashes, ``%2f`` for ``%2F``, and letters encoded. One
    for GET fits HEAD, too.
    """
    able = [stub for stub in stubs if _has_method(stub, request.method)]
    place = canonical(request.path) if able else ""
    for stub in able:
        if stub.place == place and _fits(stub, request):
            return replace(stub.answer, stub=stub.name)
    return None


def _has_method(stub: Stub, method: str) -> bool:
    return stub.method in (method, "ANY") or (method, stub.method) == ("HEAD", "GET")


def _fits(stub: Stub, request: Request) -> bool:
    return not stub.query or stub.query.items() <= dict(parse_qsl(request.query, keep_blank_values=True)).items()
