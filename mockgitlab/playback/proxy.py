"""The reverse proxy that records: whatever it is asked it asks the upstream, and appends the exchange to the recording.

An exchange is written before the client has the end of its answer, so that what a client saw is in the file. Texts
are gathered, because the URLs in them are rewritten; anything else is passed on as it comes.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any

from mockgitlab.playback.bodies import decompressed
from mockgitlab.playback.exchange import Pairs, Sent, header, is_textual, pairs_of_query
from mockgitlab.playback.hosts import Rehost
from mockgitlab.playback.recorder import OF_THE_CONNECTION, Recorder, without
from mockgitlab.playback.upstream import Reply, UpstreamFailed
from mockgitlab.web.connection import step_aside
from mockgitlab.web.gateway import CONTROL
from mockgitlab.web.paths import raw_path
from mockgitlab.web.reasons import header_text
from mockgitlab.web.request import base_url

StartResponse = Callable[..., Any]
_COOKIE_HOST = re.compile(r";\s*(?:domain=[^;]*|secure)(?=;|\Z)", re.IGNORECASE)
"""What ties a cookie to the upstream's host or to TLS."""
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


class Proxy:
    """The WSGI application in front of a recorder."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request as the upstream does."""
        sent, target, body = request_of(environ)
        if sent.path.startswith(f"{CONTROL}/"):
            return _answer(start_response, "200 OK", {"ready": True, "recording": self.recorder.upstream.url})
        home = Rehost(base_url(environ), self.recorder.upstream.url)
        body = homeward(sent, body, home)
        step_aside(environ)
        try:
            reply = self.recorder.send(sent, target, body)
            return self._pass_on(sent, body, reply, Rehost(home.new, home.old), start_response)
        except UpstreamFailed as failed:
            return _answer(start_response, "502 Bad Gateway", {"message": "502 Bad Gateway"}, str(failed))

    def _pass_on(
        self, sent: Sent, body: bytes, reply: Reply, away: Rehost, start_response: StartResponse
    ) -> Iterable[bytes]:
        headers = client_headers(reply.headers, away)
        kind = header(headers, "content-type")
        if not is_textual(kind) or kind.startswith("text/event-stream"):
            start_response(status_line(reply.status), list(headers))
            return self._stream(sent, body, reply)
        data = reply.read()
        self.recorder.keep(sent, body, reply, data)
        plain = decompressed(data, header(headers, "content-encoding"))
        if plain is not None and sent.method != "HEAD":
            data = away.data(plain)
            headers = without(headers, {"content-encoding", "content-length"})
            headers = (*headers, ("Content-Length", str(len(data))))
        start_response(status_line(reply.status), list(headers))
        return [data]

    def _stream(self, sent: Sent, body: bytes, reply: Reply) -> Iterator[bytes]:
        """Pass the body on as it comes, the last of it when the exchange is written."""
        seen: list[bytes] = []
        for chunk in reply.chunks():
            if seen:
                yield seen[-1]
            seen.append(chunk)
        self.recorder.keep(sent, body, reply, b"".join(seen))
        yield from seen[-1:]


def request_of(environ: dict[str, Any]) -> tuple[Sent, str, bytes]:
    """Return a request without its body, its raw target, and its body."""
    headers = [(key[5:].replace("_", "-").title(), value) for key, value in environ.items() if key.startswith("HTTP_")]
    if environ.get("CONTENT_TYPE"):
        headers.append(("Content-Type", environ["CONTENT_TYPE"]))
    query, path = environ.get("QUERY_STRING", ""), raw_path(environ)
    sent = Sent(environ["REQUEST_METHOD"].upper(), path, pairs_of_query(query), tuple(headers))
    length = environ.get("CONTENT_LENGTH")
    body = environ["wsgi.input"].read(int(length)) if length else b""
    return sent, f"{path}?{query}" if query else path, body


def homeward(sent: Sent, body: bytes, home: Rehost) -> bytes:
    """Return the body of a request with the URLs that point at the proxy made to point at the upstream."""
    kind = header(sent.headers, "content-type")
    plain = not header(sent.headers, "content-encoding")
    return home.data(body) if plain and (is_textual(kind) or kind.startswith("application/x-www-form")) else body


def client_headers(headers: Pairs, away: Rehost) -> Pairs:
    """Return the headers of an answer as the client is to have them, cookies tied to no host."""
    return tuple(
        (name, _COOKIE_HOST.sub("", value) if name.lower() == "set-cookie" else value)
        for name, value in away.headers(without(headers, OF_THE_CONNECTION))
    )


def status_line(status: int) -> str:
    """Return a status with its phrase."""
    return f"{status} {_PHRASES.get(status, 'Unknown')}"


def _answer(start_response: StartResponse, status: str, value: Any, reason: str = "") -> Iterable[bytes]:
    body = json.dumps(value).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response(status, [*headers, ("X-Mockgitlab-Reason", header_text(reason))] if reason else headers)
    return [body]
