"""Which URLs GitLab takes, in its own words.

Source: GitLab's app/validators/addressable_url_validator.rb and lib/gitlab/url_blocker.rb.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit


def blocked(url: str, schemes: Sequence[str] = ("http", "https")) -> str:
    """Return why a URL is refused; nothing where it is taken."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "is blocked: URI is invalid"
    if parts.scheme not in schemes:
        return f"is blocked: Only allowed schemes are {', '.join(schemes)}"
    return "" if parts.hostname else "is blocked: Hostname or IP address invalid"
