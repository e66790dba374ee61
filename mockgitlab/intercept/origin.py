"""The origin of a URL: by it is decided which calls are answered in the process."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """Scheme, host and port: what two URLs share when one server answers both."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Origin | None:
        """The origin of an HTTP URL; None for any other URL."""
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            return None
        return cls(parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme])

    @classmethod
    def of_base(cls, url: str) -> Origin:
        """The origin which a user asks to intercept; ValueError when the URL says more or less than that."""
        origin, parts = cls.of(url), urlsplit(url)
        if origin is None or parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError(f"cannot intercept {url!r}: expected scheme and host alone, such as https://gitlab.com")
        return origin._replace(host=origin.host.encode("idna").decode())

    @property
    def netloc(self) -> str:
        """What a Host header says: the host, and the port unless it is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether the host is this machine: `localhost`, 127.0.0.0/8 or ::1."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}"
