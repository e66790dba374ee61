"""One server in place of another: every URL that points at the one is made to point at the other."""

import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from mockgitlab.playback.exchange import Pairs

_SEPARATORS = ("://", ":\\/\\/", "%3A%2F%2F", "%3a%2f%2f")
"""How what follows the scheme is written: plain, in JSON that escapes slashes, in a query."""
_WITH_URLS = {"location", "link", "content-location", "refresh", "access-control-allow-origin"}


class Rehost:
    """Replaces a base URL by another one, whichever of http and https it is written with."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old.rstrip("/"), new.rstrip("/")
        rest = self.old.partition("://")[2]
        forms = "|".join(re.escape(_written(separator, rest)) for separator in _SEPARATORS)
        self._pattern = re.compile(rf"https?(?:{forms})(?![\w-]|\.\w|:\d|%3A\d)", re.IGNORECASE)
        self._hint = urlsplit(self.old).netloc.lower()

    def text(self, text: str) -> str:
        """Return a text with its URLs replaced."""
        if not self.old or self.old == self.new or self._hint not in text.lower().replace("%3a", ":"):
            return text
        return self._pattern.sub(self._replaced, text)

    def _replaced(self, match: re.Match[str]) -> str:
        separator = next(one for one in _SEPARATORS if one in match[0])
        scheme, _, rest = self.new.partition("://")
        return scheme + _written(separator, rest)

    def data(self, data: bytes) -> bytes:
        """Return bytes with the URLs in them replaced; what is no UTF-8 stays as it is."""
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return data
        return self.text(text).encode()

    def headers(self, headers: Iterable[tuple[str, str]]) -> Pairs:
        """Return headers with the URLs replaced in those that lead somewhere."""
        return tuple((name, self.text(value) if name.lower() in _WITH_URLS else value) for name, value in headers)


def _written(separator: str, rest: str) -> str:
    if separator == "://":
        return separator + rest
    return separator + (rest.replace("/", "\\/") if separator.startswith(":") else quote(rest, safe=""))
