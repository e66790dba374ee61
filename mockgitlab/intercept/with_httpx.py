"""Catching the calls of `httpx`; import this only where that library is installed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from httpx import AsyncHTTPTransport, ByteStream, ConnectError, HTTPTransport, ReadError, Response
from httpx import Request as HttpxRequest

from mockgitlab.intercept.call import Request, call, latin_1
from mockgitlab.intercept.origin import Origin
from mockgitlab.intercept.patch import AppFor, BlockedNetwork, Patch

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Handler = Callable[[HTTPTransport, HttpxRequest], Response]
AsyncHandler = Callable[[AsyncHTTPTransport, HttpxRequest], Awaitable[Response]]


class BlockedConnect(BlockedNetwork, ConnectError):
    """The form which BlockedNetwork takes for callers of httpx."""


def patches(app_for: AppFor) -> list[Patch]:
    """Have calls answered by the applications that `app_for` finds, until the patches are undone."""
    return [
        Patch(HTTPTransport, "handle_request", lambda original: _handler(app_for, original)),
        Patch(AsyncHTTPTransport, "handle_async_request", lambda original: _async_handler(app_for, original)),
    ]


def _handler(app_for: AppFor, original: Handler) -> Handler:
    def handle_request(transport: HTTPTransport, request: HttpxRequest) -> Response:
        app = _find(app_for, request)
        if app is None:
            return original(transport, request)
        return _answer(app, request, request.read())

    return handle_request


def _async_handler(app_for: AppFor, original: AsyncHandler) -> AsyncHandler:
    async def handle_async_request(transport: AsyncHTTPTransport, request: HttpxRequest) -> Response:
        app = _find(app_for, request)
        if app is None:
            return await original(transport, request)
        return _answer(app, request, await request.aread())

    return handle_async_request


def _find(app_for: AppFor, request: HttpxRequest) -> WSGIApplication | None:
    try:
        return app_for(str(request.url))
    except BlockedNetwork as refusal:
        raise BlockedConnect(str(refusal), request=request) from None


def _answer(app: WSGIApplication, request: HttpxRequest, body: bytes) -> Response:
    origin = Origin.of(str(request.url))
    assert origin is not None, "only a URL with an origin is intercepted"
    headers = [(latin_1(name), latin_1(value)) for name, value in request.headers.raw]
    try:
        answer = call(app, Request(request.method, origin, request.url.raw_path.decode("ascii"), headers, body))
    except ConnectionResetError as error:
        raise ReadError(str(error), request=request) from error
    return Response(
        answer.status,
        headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers],
        stream=ByteStream(answer.body),
        extensions={"http_version": b"HTTP/1.1", "reason_phrase": answer.reason.encode("latin-1")},
    )
