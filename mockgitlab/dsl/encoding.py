"""Values as JSON: compact, letters as they are."""

import hashlib
import json
from functools import cached_property

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def digest_of(data: bytes) -> str:
    """Return 32 hexadecimal digits which tell these bytes from any other."""
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()[:32]


class Body(bytes):
    """Encoded JSON that answers share: its digest is computed once."""

    @cached_property
    def digest(self) -> str:
        """The digest of these bytes."""
        return digest_of(self)
