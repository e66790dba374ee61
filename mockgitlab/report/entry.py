"""One entry of the journal: a record made readable, its secrets hidden."""

import base64
import binascii
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from mockgitlab.report.changes import describe
from mockgitlab.report.findings import findings_of
from mockgitlab.report.masking import HEADERS, MASK, is_secret, masked_headers, masked_text, masked_value
from mockgitlab.report.record import Packed, Record, unpack


class Entry:
    """A request, its answer, and what it changed; ``id`` counts the requests of a world from 1."""

    def __init__(self, id: int, packed: Packed, seconds: float, agent: str | None = None) -> None:
        self.id = id
        self.seconds = seconds
        self._packed = packed
        self._agent = agent

    @cached_property
    def record(self) -> Record:
        """What is kept of the request and its answer, as they came."""
        return unpack(self._packed)

    # The request

    @property
    def method(self) -> str:
        """The method."""
        return self.record.method

    @property
    def path(self) -> str:
        """The path as it was sent, without the prefix of a sandbox and the query."""
        return self.record.target.partition("?")[0]

    @property
    def operation(self) -> str:
        """The operation as people write it, ``POST /projects/:id/issues``; empty when none has the path."""
        return self.record.operation.key if self.record.operation else ""

    @property
    def api(self) -> str:
        """The API of the operation: v4, v3, ci."""
        return self.record.operation.api if self.record.operation else ""

    @property
    def user(self) -> str:
        """The username on whose behalf it was made, empty for an anonymous request."""
        return getattr(self.record.user, "username", "")

    @property
    def token(self) -> str:
        """The name of the token that it was made with."""
        return getattr(self.record.token, "name", "")

    @cached_property
    def url(self) -> str:
        """The whole URL, secrets in the query hidden."""
        return masked_text(self.record.base + self.record.target, self._secrets)

    @cached_property
    def query(self) -> dict[str, str]:
        """The parameters of the query string, secrets hidden."""
        pairs = parse_qsl(self.record.target.partition("?")[2], keep_blank_values=True, errors="replace")
        return {name: masked_value(value, self._secrets, name) for name, value in pairs}

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The parameters of query and body together, as GitLab reads them, secrets hidden."""
        return {
            name: MASK if self._is_secret(name) and isinstance(value, str) else masked_value(value, self._secrets, name)
            for name, value in self.record.sent.items()
        }

    @cached_property
    def json(self) -> dict[str, Any]:
        """The parameters of the body alone, secrets hidden."""
        in_query = {name.partition("[")[0] for name in self.query}
        return {name: value for name, value in self.parameters.items() if name not in in_query}

    @property
    def fault(self) -> str:
        """The fault that struck the request, as it was declared; empty for none."""
        return self.record.fault

    @cached_property
    def headers(self) -> list[tuple[str, str]]:
        """The headers of the request, secrets hidden."""
        own = [("User-Agent", self._agent)] if self._agent else []
        kept = [one for one in self.record.headers if not (own and one[0] == "User-Agent")]
        return masked_headers([*kept, *own], self._secrets)

    # The answer

    @property
    def status(self) -> int:
        """The status of the answer."""
        return self.record.status

    @cached_property
    def reason(self) -> str:
        """Why the request was refused; empty when it was not."""
        return masked_text(self.record.reason, self._secrets)

    @cached_property
    def answer_headers(self) -> list[tuple[str, str]]:
        """The headers of the answer, secrets hidden."""
        return masked_headers(self.record.answer_headers, self._secrets)

    @cached_property
    def text(self) -> str:
        """The body of the answer, of a long one the beginning, secrets hidden."""
        return masked_text(self.record.body.decode(errors="replace"), self._secrets)

    @cached_property
    def changes(self) -> list[str]:
        """What the request changed: ``issue 3: state opened → closed``."""
        return describe(self.record.changes)

    @cached_property
    def findings(self) -> list[str]:
        """What is questionable about the request although it may have been answered: see ``strict``."""
        return findings_of(self)

    @cached_property
    def _secrets(self) -> list[str]:
        """The secrets that the request carries, which may be repeated anywhere in the answer."""
        found = [value for name, value in self.record.headers if name.lower() in HEADERS]
        found += [part for value in found for part in (value.partition(" ")[2], value.partition("=")[2], _basic(value))]
        found += [value for name, value in self.record.sent.items() if self._is_secret(name) and isinstance(value, str)]
        return [secret for secret in found if secret]

    def _is_secret(self, name: str) -> bool:
        """Tell whether a parameter is a secret: by its name, or as the value of a CI/CD variable."""
        return is_secret(name) or (name == "value" and "/variables" in self.record.target)

    def refused(self) -> bool:
        """Tell whether the answer is an error, or was lost (status 0)."""
        return self.status >= 400 or self.status == 0

    def to_json(self) -> dict[str, Any]:
        """Return the entry as JSON."""
        return {
            "id": self.id,
            "at": self.record.now,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "operation": self.operation or None,
            "api": self.api or None,
            "stub": self.record.stub or None,
            "fault": self.fault or None,
            "user": self.user or None,
            "token": self.token or None,
            "parameters": self.parameters,
            "status": self.status,
            "reason": self.reason or None,
            "changes": self.changes,
            "findings": self.findings,
            "milliseconds": round(self.seconds * 1000, 3),
        }

    def to_line(self) -> dict[str, Any]:
        """Return the entry with headers, body and the token's scopes: a line of a saved journal, which reports read."""
        return {
            **self.to_json(),
            "base": self.record.base,
            "scopes": list(getattr(self.record.token, "scopes", ())),
            "headers": dict(self.headers),
            "answer": {"headers": dict(self.answer_headers), "body": self.text, "size": self.record.size},
        }

    def __str__(self) -> str:
        who = f" by {self.user or 'nobody'}" if self.operation else ""
        told = self.reason or ", ".join(self.changes)
        target = self.url.removeprefix(self.record.base)
        return f"#{self.id} {self.method} {target} → {self.status}{who}" + (f": {told}" if told else "")

    __repr__ = __str__


def _basic(value: str) -> str:
    """Return the password of basic authentication, empty where there is none."""
    try:
        return base64.b64decode(value.partition(" ")[2], validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
