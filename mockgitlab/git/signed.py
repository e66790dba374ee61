"""Signed commits and tags: which kind of signature they carry, the signature itself, and what it was made of.

Source: https://git-scm.com/docs/signature-format.
"""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["PGP", "SSH", "X509"]
KINDS: dict[bytes, Kind] = {
    b"-----BEGIN PGP SIGNATURE-----": "PGP",
    b"-----BEGIN PGP MESSAGE-----": "PGP",
    b"-----BEGIN SSH SIGNATURE-----": "SSH",
    b"-----BEGIN SIGNED MESSAGE-----": "X509",
}
"""How the signature of a commit or tag begins, and how GitLab calls its type; others are none to it."""
_OF_COMMIT = re.compile(rb"^gpgsig (.*\n(?: .*\n)*)", re.MULTILINE)
_OF_TAG = re.compile(rb"^-----BEGIN (?:PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature, armored, and the bytes that were signed."""

    kind: Kind
    signature: bytes
    payload: bytes


def signed_commit(data: bytes) -> Signed | None:
    """Return the signature of a commit from the bytes of the object; nothing where it has none."""
    head, _, _ = data.partition(b"\n\n")
    found = _OF_COMMIT.search(data, 0, len(head) + 1)
    if found is None:
        return None
    return _signed(found[1].replace(b"\n ", b"\n"), data[: found.start()] + data[found.end() :])


def signed_tag(data: bytes) -> Signed | None:
    """Return the signature of an annotated tag, which is the end of its message; nothing where it has none."""
    last = max((found.start() for found in _OF_TAG.finditer(data)), default=None)
    return None if last is None else _signed(data[last:], data[:last])


def _signed(signature: bytes, payload: bytes) -> Signed | None:
    kind = KINDS.get(signature.split(b"\n", 1)[0].rstrip())
    return None if kind is None else Signed(kind, signature, payload)
