"""The WSGI layer before Flask: it answers the APIs straight from the pipeline and hands everything else on.

Flask's own dispatch would cost each request more than all the rest; the pages a person or a control script asks for are
served by Flask.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from http import HTTPStatus
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Any

from mockgitlab.errors import NotFound
from mockgitlab.web import cors, git
from mockgitlab.web.answer import Answer, AnswerLost, refusal, request_headers
from mockgitlab.web.connection import step_aside
from mockgitlab.web.paths import canonical
from mockgitlab.web.pipeline import Pipeline
from mockgitlab.web.recording import record_of
from mockgitlab.web.request import Request
from mockgitlab.web.worlds import SANDBOXES_AT_MOST, World, Worlds

if TYPE_CHECKING:
    from flask import Flask

CONTROL = "/_mockgitlab"
DRIPS = 10
"""A body that drips comes in so many pieces."""
StartResponse = Callable[..., Any]
WSGI = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
_REASONS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
_SEEN = (
    "QUERY_STRING",  # some servers leave it out of the URI
    "HTTP_PRIVATE_TOKEN",
    "HTTP_AUTHORIZATION",
    "HTTP_HOST",
    "HTTP_SUDO",
    "HTTP_COOKIE",
    "HTTP_JOB_TOKEN",
    "HTTP_DEPLOY_TOKEN",
    "HTTP_IF_NONE_MATCH",
    "HTTP_ORIGIN",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "SCRIPT_NAME",
    "REMOTE_ADDR",
)


class Gateway:
    """A WSGI application: the APIs, the stubs and the sandboxes' prefixes; ``pages`` answer the rest."""

    def __init__(self, worlds: Worlds, pipeline: Pipeline, make_pages: Callable[["Gateway"], "Flask"]) -> None:
        self.worlds = worlds
        self.pipeline = pipeline
        self.pages: WSGI | None = None
        self._make_pages = make_pages
        self._lock = threading.Lock()

    @cached_property
    def app(self) -> "Flask":
        """The Flask application with this gateway as its WSGI entry, made when first asked for."""
        with self._lock:
            return self.__dict__.get("app") or self._make_pages(self)

    def serve(self, other: "Gateway") -> None:
        """Serve what another gateway serves from now on."""
        self.worlds, self.pipeline = other.worlds, other.pipeline

    def _page(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        pages: WSGI = self.pages or self.app.extensions["mockgitlab"].pages
        return pages(environ, start_response)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        begin, uri, main = perf_counter(), _repeatable(environ), self.worlds.main
        if uri and uri in main.asked and not main.faults and (known := main.remembered(_key(uri, environ))):
            status, headers, body, record = known
            start_response(_REASONS[status], [*headers, *request_headers(main.next_request_id())])
            if record is not None:
                main.journal.add(record, perf_counter() - begin, environ.get("HTTP_USER_AGENT"))
            return [body]
        request = Request(environ, self.worlds.settings.url)
        world = self.worlds.get(request.sandbox)
        if world is not None and self._is_page(request, world):
            environ["mockgitlab.sandbox"] = request.sandbox
            return self._page(_below(environ, request), start_response)
        return self._answer(request, world, "" if git.takes(request.path) else uri, start_response, begin)

    def _is_page(self, request: Request, world: World) -> bool:
        if CONTROL not in request.path:
            return False
        path = f"/{request.path.lstrip('/')}/"
        return path.startswith(f"{CONTROL}/") and canonical(request.path) not in [one.place for one in world.stubs]

    def _answer(
        self, request: Request, world: World | None, uri: str, start_response: StartResponse, begin: float
    ) -> Iterable[bytes]:
        if world is None:
            reason = f"there are {SANDBOXES_AT_MOST} sandboxes already; drop some at {CONTROL}/sandboxes"
            answer = refusal(NotFound("Sandbox", reason=reason), "documented")
            return send(answer, full_headers(answer, request), request, "", start_response)
        version = world.store.version
        if world.traps.bends:
            world.traps.bend_request(request)
        answer = options(request, self.pipeline) or self._made(request, world)
        if world.traps.bends:
            answer = world.traps.bend_answer(request, answer)
        if request.method in ("GET", "HEAD"):
            answer = answer.unless_known(request.headers.get("If-None-Match"))
        if request.fault is not None:
            uri, answer = "", self._strike(request, world, answer, begin)
        headers = full_headers(answer, request)
        record = None
        if world.journal.limit:
            record = record_of(request, world, answer, headers)
            world.journal.add(record, perf_counter() - begin)
        if uri and answer.status == 200 and not world.playback and world.comes_again(uri, version):
            world.remember(_key(uri, request.environ), version, (200, headers, answer.body, record))
        return send(answer, headers, request, world.next_request_id(), start_response)

    def _made(self, request: Request, world: World) -> Answer:
        if git.takes(request.path):
            step_aside(request.environ)
            return git.answer(request, world, self.pipeline)
        return self.pipeline.answer(request, world)

    def _strike(self, request: Request, world: World, answer: Answer, begin: float) -> Answer:
        """Return what a fault makes of an answer; raises ``AnswerLost`` when nothing is to be answered."""
        fault = request.fault
        if fault.latency:
            step_aside(request.environ)
            sleep(fault.latency)
        try:
            struck: Answer = fault.strike(answer, world.store.settings.errors)
        except AnswerLost as reset:
            if world.journal.limit:
                nothing = Answer(0, reason=str(reset))
                world.journal.add(record_of(request, world, nothing, []), perf_counter() - begin)
            raise
        request.environ |= {"mockgitlab.truncated": fault.answer == "truncated", "mockgitlab.drip": fault.drip}
        return struck


def _repeatable(environ: dict[str, Any]) -> str:
    """Return the target of a request whose answer may be given again, empty for all but a GET without a body."""
    if environ["REQUEST_METHOD"] != "GET" or environ.get("CONTENT_LENGTH") or "HTTP_TRANSFER_ENCODING" in environ:
        return ""
    uri: str = environ.get("REQUEST_URI", "")
    return "" if uri.startswith("/@") else uri


def _key(uri: str, environ: dict[str, Any]) -> Any:
    """Return all that an answer depends on besides the world."""
    return (uri, *map(environ.get, _SEEN))


def options(request: Request, pipeline: Pipeline) -> Answer | None:
    """Return the answer to OPTIONS: to a browser's preflight whatever the path, else what a known path takes."""
    if request.method != "OPTIONS":
        return None
    if cors.is_preflight(request):
        return Answer(200, content_type="", headers=cors.of_preflight(request))
    found = pipeline.routes.match("OPTIONS", request.path)
    if found is None or isinstance(found, tuple):
        return None
    return Answer(204, headers={"Allow": ", ".join(found.allowed)})


def full_headers(answer: Answer, request: Request) -> list[tuple[str, str]]:
    """Return all headers of an answer but the request's own, those for browsers of another origin included."""
    shared = cors.of_answer(request)
    return [*shared.items(), *answer.all_headers()] if shared else answer.all_headers()


def send(
    answer: Answer,
    headers: list[tuple[str, str]],
    request: Request,
    request_id: str,
    start_response: StartResponse,
) -> Iterable[bytes]:
    """Send an answer through WSGI."""
    reason = _REASONS.get(answer.status, f"{answer.status} Unknown")
    start_response(reason, [*headers, *request_headers(request_id)])
    if request.method == "HEAD" or answer.status in (204, 304):
        return []
    seconds = request.environ.get("mockgitlab.drip")
    if seconds:
        step_aside(request.environ)
    return _drip(answer.body, seconds) if seconds else [answer.body]


def _drip(body: bytes, seconds: float) -> Iterator[bytes]:
    size = max(-(-len(body) // DRIPS), 1)
    for start in range(0, len(body), size):
        sleep(seconds / DRIPS)
        yield body[start : start + size]


def _below(environ: dict[str, Any], request: Request) -> dict[str, Any]:
    if not request.sandbox:
        return environ
    prefix = f"/@{request.sandbox}"
    return {
        **environ,
        "SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + prefix,
        "PATH_INFO": environ["PATH_INFO"].removeprefix(prefix) or "/",
    }
