"""Catching the calls of `requests`; import this only where that library is installed."""

from __future__ import annotations

import http.client
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import RetryError
from urllib3 import HTTPResponse, Retry
from urllib3.exceptions import MaxRetryError

from mockgitlab.intercept.call import Answer, Headers, Request, body_bytes, call, latin_1
from mockgitlab.intercept.origin import Origin
from mockgitlab.intercept.patch import AppFor, BlockedNetwork, Patch

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class BlockedRequest(BlockedNetwork, RequestsConnectionError):
    """The form which BlockedNetwork takes for callers of requests."""


def patches(app_for: AppFor) -> list[Patch]:
    """Have calls answered by the applications that `app_for` finds, until the patches are undone."""
    return [Patch(HTTPAdapter, "send", lambda original: _sender(app_for, original))]


def _sender(app_for: AppFor, original: Callable[..., Response]) -> Callable[..., Response]:
    def send(adapter: HTTPAdapter, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        try:
            app = app_for(request.url or "")
        except BlockedNetwork as refusal:
            raise BlockedRequest(str(refusal), request=request) from None
        if app is None:
            return original(adapter, request, *args, **kwargs)
        try:
            return adapter.build_response(request, _answer(app, request, adapter.max_retries))
        except ConnectionResetError as error:
            raise RequestsConnectionError(str(error), request=request) from error

    return send


def _answer(app: WSGIApplication, request: PreparedRequest, retries: Retry) -> HTTPResponse:
    """The answer to a request, asked for again as often as the adapter's Retry wants."""
    ours = _request(request)
    left: Retry | None = retries
    while left is not None:
        response = _response(call(app, ours), ours.method, left)
        left = _next_try(left, request, response)
    return response


def _next_try(retries: Retry, request: PreparedRequest, response: HTTPResponse) -> Retry | None:
    """The retries left, after the pause they want; None when the answer is final."""
    method = request.method or "GET"
    if not retries.is_retry(method, response.status, "Retry-After" in response.headers):
        return None
    try:
        left = retries.increment(method, request.url, response=response)
    except MaxRetryError as error:
        if retries.raise_on_status:
            raise RetryError(error, request=request) from error
        return None
    left.sleep(response)
    return left


def _request(request: PreparedRequest) -> Request:
    origin = Origin.of(request.url or "")
    assert origin is not None, "only a URL with an origin is intercepted"
    headers = [(latin_1(name), latin_1(value)) for name, value in request.headers.items()]
    return Request(request.method or "GET", origin, request.path_url, headers, body_bytes(request.body))


class _Original:
    """What requests reads cookies from: the headers as the standard library keeps them."""

    def __init__(self, headers: Headers) -> None:
        self.msg = http.client.HTTPMessage()
        for name, value in headers:
            self.msg[name] = value

    def isclosed(self) -> bool:
        return True

    def close(self) -> None:
        """There is no connection to close."""


def _response(answer: Answer, method: str, retries: Retry) -> HTTPResponse:
    return HTTPResponse(
        body=io.BytesIO(answer.body),
        headers=answer.headers,  # type: ignore[arg-type]  # pairs are taken too, and only they can repeat a name
        status=answer.status,
        reason=answer.reason,
        version=11,
        preload_content=False,
        decode_content=False,
        original_response=_Original(answer.headers),  # type: ignore[arg-type]  # all that is used of it
        request_method=method,
        retries=retries,
    )
