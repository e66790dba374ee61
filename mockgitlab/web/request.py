"""A request as the pipeline reads it: raw path, headers, body, and the base of the URLs this client knows."""

import contextlib
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, TypeVar, overload

from mockgitlab.dsl import Call
from mockgitlab.errors import BadRequest, PayloadTooLarge, Style, UnsupportedMediaType, UriTooLong
from mockgitlab.store import Row
from mockgitlab.web.malformed import problem_of_path
from mockgitlab.web.parameters import INVALID_JSON, MalformedParameters, UploadedFile, parse
from mockgitlab.web.paths import raw_path

_LENGTH = re.compile(r"\d{1,18}", re.ASCII)
_OVERRIDES = ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH")
_WRITING = ("POST", "PUT", "PATCH", "DELETE")
_READABLE = re.compile(
    r"\s*(application/(json|[\w.-]+\+json|x-www-form-urlencoded)|multipart/(form-data|related|mixed))\s*(;|\Z)",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"\s*(application/x-www-form-urlencoded|multipart/(form-data|related|mixed))\s*(;|\Z)", re.IGNORECASE
)
_HOST = re.compile(r"[A-Za-z0-9._\-\[\]:]+\Z")
SANDBOX_NAME = re.compile(r"[A-Za-z0-9._\-]{1,100}")
_SANDBOX = re.compile(rf"/@({SANDBOX_NAME.pattern})(?=/|\Z)")


D = TypeVar("D")


@cache
def _environ_key(name: str) -> str:
    key = name.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def _read(header: str) -> str:
    """Return a header as text: WSGI has each byte of its UTF-8 as one letter."""
    return header if header.isascii() else header.encode("latin-1", "replace").decode(errors="replace")


@lru_cache(maxsize=256)
def _is_readable(kind: str) -> bool:
    return _READABLE.match(kind) is not None


class Headers(Mapping[str, str]):
    """The headers of a request by name, in any case."""

    def __init__(self, environ: Mapping[str, Any]) -> None:
        self._environ = environ

    def __getitem__(self, name: str) -> str:
        return _read(str(self._environ[_environ_key(name)]))

    @overload
    def get(self, name: str, default: None = None) -> str | None: ...

    @overload
    def get(self, name: str, default: D) -> str | D: ...

    def get(self, name: str, default: Any = None) -> Any:
        """Return a header, or the default where the request does not have it."""
        value = self._environ.get(_environ_key(name))
        return default if value is None else _read(value)

    def __iter__(self) -> Iterator[str]:
        return (key[5:].replace("_", "-").title() for key in self._environ if key.startswith("HTTP_"))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Request:
    """One HTTP request; ``path`` is raw, without the sandbox prefix, ``base`` the URL before it.

    ``size`` is that of the body that was read, ``unread`` that of one that says nothing, ``sent`` the parameters of
    query and body; ``counted`` tells whether a rate limit counts it; ``call`` and ``changes`` are what the pipeline
    made of it: the call of an operation, and the rows that it wrote; ``fault`` is what strikes it.
    """

    def __init__(self, environ: dict[str, Any], fixed_base: str | None = None) -> None:
        self.environ = environ
        self.method: str = environ["REQUEST_METHOD"].upper()
        self.query: str = environ.get("QUERY_STRING", "")
        self.headers = Headers(environ)
        path = raw_path(environ)
        prefix = _SANDBOX.match(path) if path.startswith("/@") else None
        self.sandbox = prefix[1] if prefix else ""
        self.path = path[prefix.end() :] or "/" if prefix else path
        self.base = (fixed_base or base_url(environ)) + (prefix[0] if prefix else "")
        self.size = self.unread = 0
        self._body: bytes | None = None
        self.counted = False
        self.sent: dict[str, Any] = {}
        self.call: Call | None = None
        self.fault: Any = None
        self.changes: tuple[tuple[Row | None, Row | None], ...] = ()

    def check_length(self, limit: int) -> None:
        """Raise ``UriTooLong`` when path and query have more than ``limit`` bytes."""
        length = len(self.path) + len(self.query)
        if length > limit:
            raise UriTooLong(reason=f"path and query have {length} bytes, limits.uri_bytes is {limit}")

    def check_path(self) -> None:
        """Raise ``MalformedRequest`` for a path that is wrongly encoded or holds a NUL, as GitLab does."""
        if problem := problem_of_path(self.path):
            raise MalformedRequest(f"Invalid path parameters: {problem}", reason=f"the path {self.path} has {problem}")

    def body(self, limit: int, setting: str = "body_bytes") -> bytes:
        """Return the body; raises ``PayloadTooLarge`` when it has more than ``limit`` bytes, told by a setting."""
        if self._body is None:
            self._body = self._read_body(limit, setting)
        return self._body

    def _read_body(self, limit: int, setting: str) -> bytes:
        declared = str(self.environ.get("CONTENT_LENGTH") or "")
        length = int(declared) if _LENGTH.fullmatch(declared) else None
        if length is not None and length > limit:
            raise PayloadTooLarge(reason=f"the body has {length} bytes, limits.{setting} is {limit}")
        if length is None and not self.environ.get("wsgi.input_terminated"):
            return b""
        body: bytes = self.environ["wsgi.input"].read(limit + 1 if length is None else length)
        self.size = len(body)
        if self.size > limit:
            raise PayloadTooLarge(reason=f"the body has more than {limit} bytes (limits.{setting})")
        return body

    def override_method(self, limit: int) -> None:
        """Take the method that a POST names in the field ``_method`` of its form, or in a header, as Rack does."""
        if self.method != "POST":
            return
        named = self.headers.get("X-Http-Method-Override") or ""
        kind, length = str(self.environ.get("CONTENT_TYPE") or ""), str(self.environ.get("CONTENT_LENGTH") or "")
        if _FORM.match(kind) and _LENGTH.fullmatch(length) and int(length) <= limit and b"_method" in self.body(limit):
            with contextlib.suppress(MalformedParameters):  # which is told when the parameters are read
                named = str(parse("", kind, self.body(limit)).get("_method") or named)
        if named.upper() in _OVERRIDES:
            self.method = named.upper()

    def parameters(self, limit: int, upload: str = "") -> dict[str, Any]:
        """Return what query and body say; a body of no type is read as JSON, and of a GET only a form, as Grape does.

        With ``upload`` the body is a file, and the parameter of that name.

        Raises ``BadRequest`` when they cannot be read, ``UnsupportedMediaType`` for a body that is no parameters.
        """
        body = self.body(limit)
        kind = str(self.environ.get("CONTENT_TYPE") or "application/json")
        if upload:
            file = UploadedFile(self.path.rpartition("/")[2], kind, body)
            self.sent = {**self._read("", b""), upload: file}
            return self.sent
        if body and self.method in _WRITING and not _is_readable(kind):
            media_type = kind.partition(";")[0].strip()
            raise UnsupportedMediaType(media_type, reason=f"send JSON or a form; the body is {media_type[:100]!a}")
        if body and self.method not in _WRITING and not _FORM.match(kind):
            self.unread, body = self.size, b""
        self.sent = self._read(kind, body)
        return self.sent

    def _read(self, kind: str, body: bytes) -> dict[str, Any]:
        try:
            return parse(self.query, kind, body)
        except MalformedParameters as malformed:
            raise MalformedRequest(malformed.message, reason=malformed.reason) from None


class MalformedRequest(BadRequest):
    """Path, query or body cannot be read; the body has Grape's key ``error``."""

    def text(self, style: Style) -> str:
        """Return what a live GitLab sends in place of JSON, unless it is the JSON that cannot be read."""
        return "Bad Request" if style == "observed" and self.message != INVALID_JSON else ""

    def body(self, style: Style) -> Any:
        """Return the message under Grape's key ``error``; of a live GitLab, what Rails says before Grape is asked."""
        return {"status": 400, "error": "Bad Request"} if style == "observed" else {"error": self.message}


_BASE = (
    "HTTP_X_FORWARDED_HOST",
    "HTTP_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "wsgi.url_scheme",
    "SERVER_NAME",
    "SERVER_PORT",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "SCRIPT_NAME",
)


def base_url(environ: Mapping[str, Any]) -> str:
    """Return scheme, host and mount point as this client used them, forwarded headers heeded, without a final slash."""
    return _base_url(*map(environ.get, _BASE))


@lru_cache(maxsize=256)
def _base_url(
    forwarded: str | None,
    host: str | None,
    forwarded_scheme: str | None,
    scheme: str | None,
    server: str | None,
    server_port: str | None,
    port: str | None,
    prefix: str | None,
    mount: str | None,
) -> str:
    host = (forwarded or host or "").split(",")[0].strip()
    scheme = (forwarded_scheme or scheme or "").split(",")[0].strip()
    if not _HOST.match(host):
        host = f"{server or 'localhost'}:{server_port or '80'}"
    if port and port.isdigit() and ":" not in host and port not in ("80", "443"):
        host = f"{host}:{port}"
    return f"{scheme if scheme in ('http', 'https') else 'http'}://{host}{_clean((prefix or '') + (mount or ''))}"


def _clean(prefix: str) -> str:
    return prefix.rstrip("/") if re.fullmatch(r"[A-Za-z0-9/._~@\-]*", prefix) else ""
