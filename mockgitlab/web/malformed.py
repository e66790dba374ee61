"""What GitLab refuses before it looks at what a request asks for: paths wrongly encoded, and NUL in any text.

Source: GitLab's lib/gitlab/middleware/handle_malformed_strings.rb.
"""

import re
from typing import Any
from urllib.parse import unquote_to_bytes

DEPTH = 3
"""So deep in arrays and hashes GitLab looks for NUL."""
BAD_PERCENT = re.compile(b"%(?![0-9a-fA-F]{2})")
_PLAIN = re.compile("[^%]*(?:%[2-7][0-9a-fA-F][^%]*)*")
"""Paths in which nothing but printable ASCII is encoded: nearly all, so that one look settles them."""


def problem_of_path(path: str) -> str:
    """Return what is wrong with a raw path, nothing when it is well formed."""
    if _PLAIN.fullmatch(path):
        return ""
    data = path.encode("latin-1", "replace")
    if bad := BAD_PERCENT.search(data):
        return f"invalid %-encoding ({data[bad.start() :][:3].decode(errors='replace')})"
    try:
        return "a NUL character" if "\0" in unquote_to_bytes(data).decode() else ""
    except UnicodeDecodeError:
        return "bytes that are no UTF-8, in which names are to be encoded"


def without_null(sent: bytes, read: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters that were read of some bytes; raises ``ValueError`` when a text in them holds a NUL."""
    if (b"\0" in sent or b"%00" in sent or b"\\u0000" in sent) and _holds_null(read, DEPTH):
        raise ValueError("a text holds a NUL character")
    return read


def _holds_null(value: Any, depth: int) -> bool:
    if isinstance(value, str):
        return "\0" in value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth > 0 and any(_holds_null(part, depth - 1) for part in parts)
