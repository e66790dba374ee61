"""Taking secrets out of exchanges, before anything is written: each gets one placeholder, everywhere.

A secret is known by its form (see ``secrets``) or by its place: a header, a cookie, a parameter, a JSON key. Once
known it is replaced wherever it stands, so that a token minted in one answer and used in the next request stays one.
"""

import base64
import binascii
import re
import threading
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_plus, unquote

from mockgitlab.playback.exchange import Body, Exchange, Pairs, Part
from mockgitlab.playback.secrets import DOMAIN, EMAIL, MARK, PREFIXES, find, is_secret_name, is_worth_hiding

_PREFIX = re.compile(rf"(?:[\w-]*?-)?(?:{'|'.join(PREFIXES)})-|GR1348941")
_SECRET_HEADERS = {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-csrf-token", "x-api-key"}
_SHORTEST, _PLAIN_SHORTEST = 6, 16
"""A shorter secret is replaced only in its place: elsewhere it may be part of any word; longer, if only letters."""


class Scrubber:
    """Replaces secrets by placeholders; to be asked from many threads. Numbers go on from ``first``."""

    def __init__(self, first: int = 1) -> None:
        self.placeholders: dict[str, str] = {}
        self._next = first
        self._everywhere: set[str] = set()
        self._known: re.Pattern[str] | None = None
        self._lock = threading.RLock()

    def exchange(self, exchange: Exchange) -> Exchange:
        """Return an exchange without its secrets."""
        with self._lock:
            before = len(self.placeholders)
            scrubbed = self._exchange(exchange)
            # A secret that only the response tells of may stand in the request as well.
            return self._exchange(exchange) if len(self.placeholders) > before else scrubbed

    def _exchange(self, exchange: Exchange) -> Exchange:
        sent, got = exchange.request, exchange.response
        places = _Places(self, variables="/variables" in sent.path, oauth=sent.path.startswith("/oauth/"))
        request = replace(
            sent,
            path="/".join(self._segment(one) for one in sent.path.split("/")),
            query=places.pairs(sent.query),
            headers=places.headers(sent.headers),
            body=places.body(sent.body),
        )
        response = replace(got, headers=places.headers(got.headers), body=places.body(got.body))
        return Exchange(request, response)

    def _segment(self, raw: str) -> str:
        plain = unquote(raw)
        scrubbed = self.text(plain)
        return raw if scrubbed == plain else quote(scrubbed, safe="@")

    # What places use

    def secret(self, value: str, kind: str = "") -> str:
        """Return the placeholder of a secret, which is known from now on."""
        if not is_worth_hiding(value):
            return value
        if value not in self.placeholders:
            self.placeholders[value] = _placeholder(value, kind, self._next)
            self._next += 1
            if kind != EMAIL and _is_telling(value):
                self._everywhere |= {value, quote(value, safe=""), quote_plus(value), value.replace("/", "\\/")}
                self._known = None
        return self.placeholders[value]

    def text(self, text: str) -> str:
        """Return a text without secrets: those known already, and those that a pattern finds."""
        if len(text) < _SHORTEST:
            return text
        for one in reversed(list(find(text))):
            text = text[: one.start] + self.secret(one.secret, one.kind) + text[one.end :]
        return self._known_pattern().sub(self._known_secret, text) if self._everywhere else text

    def _known_pattern(self) -> re.Pattern[str]:
        if self._known is None:
            values = sorted(self._everywhere, key=len, reverse=True)
            self._known = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, values))})(?![A-Za-z0-9])")
        return self._known

    def _known_secret(self, match: re.Match[str]) -> str:
        value = match[0]
        plain = next(one for one in (value, unquote(value), value.replace("\\/", "/")) if one in self.placeholders)
        return self.placeholders[plain]

    def data(self, data: bytes) -> bytes:
        """Return bytes without secrets; in what is no text, a placeholder is as long as what it stands for."""
        try:
            return self.text(data.decode()).encode()
        except UnicodeDecodeError:
            text = data.decode("latin-1")
        for one in list(find(text, sure=True)):
            self.secret(one.secret, one.kind)
        for value in sorted(self._everywhere & self.placeholders.keys(), key=len, reverse=True):
            size, secret = len(value.encode()), value.encode()
            data = data.replace(secret, self.placeholders[value].encode().ljust(size, b".")[:size])
        return data


def _placeholder(value: str, kind: str, number: int) -> str:
    if kind == EMAIL:
        return f"{MARK}{number}{DOMAIN}"
    prefix = _PREFIX.match(value)
    return f"{prefix[0] if prefix else ''}{MARK}{number}"


def _is_telling(value: str) -> bool:
    """Tell whether a secret is unlike any word, so that it may be replaced wherever it stands."""
    return len(value) >= _PLAIN_SHORTEST or (len(value) >= _SHORTEST and not value.isalpha())


class _Places:
    """The places of one exchange in which secrets stand by name."""

    def __init__(self, scrubber: Scrubber, *, variables: bool, oauth: bool) -> None:
        self._scrubber = scrubber
        self._variables = variables
        self._oauth = oauth

    def _is_secret(self, name: str) -> bool:
        if name in ("value", "code", "state"):
            return (self._variables and name == "value") or (self._oauth and name != "value")
        return is_secret_name(name)

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> Pairs:
        """Return parameters without secrets."""
        return tuple((name, self._value(name, value)) for name, value in pairs)

    def _value(self, name: str, value: str) -> str:
        secret = self._scrubber.secret(value) if self._is_secret(name) else value
        return self._scrubber.text(value) if secret == value else secret

    def headers(self, headers: Pairs) -> Pairs:
        """Return headers without secrets."""
        return tuple((name, self._header(name.lower(), value)) for name, value in headers)

    def _header(self, name: str, value: str) -> str:
        if name in ("authorization", "proxy-authorization"):
            return self._authorization(value)
        if name == "cookie":
            return ";".join(self._cookie(one) for one in value.split(";"))
        if name == "set-cookie":
            first, semicolon, rest = value.partition(";")
            return f"{self._cookie(first)}{semicolon}{rest}"
        if name in _SECRET_HEADERS or is_secret_name(name):
            return self._scrubber.secret(value)
        return self._scrubber.text(value)

    def _cookie(self, cookie: str) -> str:
        name, equals, value = cookie.partition("=")
        return f"{name}{equals}{self._scrubber.secret(value.strip())}" if equals else cookie

    def _authorization(self, value: str) -> str:
        scheme, _, credentials = value.partition(" ")
        if scheme.lower() != "basic":
            return (
                f"{scheme} {self._scrubber.secret(credentials.strip())}"
                if credentials
                else self._scrubber.secret(value)
            )
        try:
            user, colon, password = base64.b64decode(credentials, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return f"{scheme} {self._scrubber.secret(credentials)}"
        scrubbed = f"{self._scrubber.text(user)}{colon}{self._scrubber.secret(password)}"
        return f"{scheme} {base64.b64encode(scrubbed.encode()).decode()}"

    def body(self, body: Body) -> Body:
        """Return a body without secrets."""
        return replace(body, value=_READERS[body.kind](self, body.value)) if body.kind else body

    def _fields(self, fields: Iterable[tuple[str, str | Part]]) -> Any:
        return tuple(
            (name, self._part(one) if isinstance(one, Part) else self._value(name, one)) for name, one in fields
        )

    def _part(self, part: Part) -> Part:
        return part._replace(filename=self._scrubber.text(part.filename), data=self._scrubber.data(part.data))

    def _json(self, value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return self._object(value)
        if isinstance(value, list):
            return [self._json(one, name) for one in value]
        if isinstance(value, str):
            return self._value(name, value) if name else self._scrubber.text(value)
        return value

    def _object(self, value: dict[str, Any]) -> dict[str, Any]:
        found = {self._scrubber.text(key): self._json(one, key) for key, one in value.items()}
        content = value.get("content")
        if value.get("encoding") == "base64" and isinstance(content, str):
            found["content"] = self._base64(content)
        if "key" in value and isinstance(value.get("value"), str) and value.keys() <= _VARIABLE:
            found["value"] = self._scrubber.secret(value["value"])
        return found

    def _base64(self, content: str) -> str:
        """Return the content of a file without secrets."""
        try:
            data = base64.b64decode(content, validate=False)
        except (binascii.Error, ValueError):
            return self._scrubber.text(content)
        scrubbed = self._scrubber.data(data)
        return content if scrubbed == data else base64.b64encode(scrubbed).decode()


_VARIABLE = {
    "key",
    "value",
    "variable_type",
    "protected",
    "masked",
    "hidden",
    "masked_and_hidden",
    "raw",
    "environment_scope",
    "description",
}
"""The keys of a CI/CD variable, whose value is a secret."""
_READERS: dict[str, Any] = {
    "json": _Places._json,
    "form": _Places._fields,
    "text": lambda places, text: places._scrubber.text(text),
    "file": lambda places, data: places._scrubber.data(data),
}
