"""The signatures of commits: told apart and shown, not verified, for which one would need the keys' mathematics."""

from mockgitlab.store import Objects

HEADER = b"\ngpgsig "
KINDS = {b"BEGIN SSH SIGNATURE": "SSH", b"BEGIN SIGNED MESSAGE": "X509", b"BEGIN PGP": "PGP"}
"""How the signature of a commit begins, and how GitLab calls its type."""


def signature_type(objects: Objects, sha: str) -> str | None:
    """Return how a commit is signed, ``PGP``, ``X509`` or ``SSH``; nothing where it is not."""
    head, _, _ = objects.data(sha, "commit").partition(b"\n\n")
    _, found, signature = head.partition(HEADER)
    return next((kind for begin, kind in KINDS.items() if begin in signature), "PGP") if found else None
