"""OpenPGP signatures of commits, read and verified with pysequoia, which is imported when there is one to look at."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signed, as the signature says: a fingerprint of 40 hexadecimal digits, of old ones the last 16 alone."""

    fingerprint: str
    alone: bool


def read_issuer(signature: bytes) -> Issuer | None:
    """Return who made an armored signature, and whether nobody else signed, too; nothing where it cannot be read."""
    from pysequoia.packet import PacketPile, Tag

    try:
        found = [one for one in PacketPile.from_bytes(signature) if one.tag == Tag.Signature]
    except RuntimeError:
        return None
    named = found[0].issuer_fingerprint or found[0].issuer_key_id if found else None
    return Issuer(named.upper(), len(found) == 1) if named else None


def verifies(key: str, signature: bytes, payload: bytes, now: datetime) -> bool:
    """Tell whether an armored public key, neither revoked nor expired, made a signature of what was signed."""
    from pysequoia import Cert, Sig, verify

    try:
        cert = Cert.from_bytes(key.encode())
        verify(payload, store=lambda _: [cert], signature=Sig.from_bytes(signature))
    except RuntimeError:
        return False
    return not cert.is_revoked and (cert.expiration is None or cert.expiration > now)


def identities(key: str) -> list[tuple[str, str]]:
    """Return the names and emails in an armored public key, the emails in lower case."""
    from pysequoia.packet import PacketPile, Tag

    try:
        found = [one for one in PacketPile.from_bytes(key.encode()) if one.tag == Tag.UserID]
    except RuntimeError:
        return []
    return [(one.user_id_name or "", (one.user_id_email or "").lower()) for one in found]
