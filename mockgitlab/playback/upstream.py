"""The server that is recorded or compared with, reached through urllib3."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

MISSING = "recording needs urllib3: pip install 'mockgitlab[record]'"
CHUNK = 65_536


class UpstreamFailed(Exception):
    """The server could not be reached, or broke off; the text says why."""


class Reply:
    """What the server answers: status, headers, and a body that is read when asked for."""

    def __init__(self, response: Any) -> None:
        self._response = response
        self.status: int = response.status
        self.headers: tuple[tuple[str, str], ...] = tuple(response.headers.items())

    def chunks(self) -> Iterator[bytes]:
        """Yield the body as it comes, as it is encoded; raises ``UpstreamFailed`` when it breaks off."""
        from urllib3.exceptions import HTTPError

        try:
            yield from self._response.stream(CHUNK, decode_content=False)
        except (HTTPError, OSError) as error:
            raise UpstreamFailed(f"the answer breaks off: {error}") from None
        finally:
            self._response.release_conn()

    def read(self) -> bytes:
        """Return the whole body."""
        return b"".join(self.chunks())


class Upstream:
    """A server, named by its base URL; nothing is ever sent to another one, and redirects are not followed.

    Raises ``ValueError`` for what is no such URL, ``ModuleNotFoundError`` where urllib3 is missing.
    """

    def __init__(self, url: str, *, timeout: float = 300.0, ca_file: str | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(f"{url!r} is no base URL: take scheme and host, such as https://gitlab.example.com")
        if "@" in parts.netloc:
            raise ValueError("the upstream's URL must not hold credentials: the client sends its own")
        try:
            import urllib3
        except ModuleNotFoundError:
            raise ModuleNotFoundError(MISSING) from None
        self.url = url.rstrip("/")
        self._prefix = parts.path.rstrip("/")
        options: dict[str, Any] = {"ca_certs": ca_file} if ca_file else {}
        self._pool = urllib3.connectionpool.connection_from_url(
            f"{parts.scheme}://{parts.netloc}", maxsize=16, timeout=timeout, retries=False, **options
        )

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        """Send a request, ``target`` being path and query below the base; raises ``UpstreamFailed``."""
        from urllib3.exceptions import HTTPError

        try:
            response = self._pool.urlopen(
                method,
                self._prefix + target,
                body=body or None,
                headers=dict(headers),
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
        except (HTTPError, OSError) as error:
            raise UpstreamFailed(f"{self.url} cannot be reached: {error}") from None
        return Reply(response)
