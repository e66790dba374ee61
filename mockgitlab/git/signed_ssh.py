"""SSH signatures of commits: read here, their mathematics left to cryptography, which is imported for it.

Source: https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig and PROTOCOL.u2f, RFC 5656, RFC 8332.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

MAGIC, VERSION = b"SSHSIG", b"\0\0\0\1"
NAMESPACE = b"git"
HASHES = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}
CURVES = {"secp256r1": "SHA256", "secp384r1": "SHA384", "secp521r1": "SHA512"}
"""Which digest is signed on which curve."""
RSA = {b"rsa-sha2-256": "SHA256", b"rsa-sha2-512": "SHA512"}
BYTES_AFTER_HARDWARE = 5
"""What a hardware key puts after its signature: flags and a counter."""


def fields(blob: bytes) -> list[bytes]:
    """Return the fields of a binary form, each of which has its length before it (RFC 4251, section 5)."""
    found = []
    while len(blob) >= 4:
        end = 4 + int.from_bytes(blob[:4], "big")
        if end > len(blob):
            return []
        found.append(blob[4:end])
        blob = blob[end:]
    return found


def _field(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


@dataclass(frozen=True, slots=True)
class SshSignature:
    """A signature with the public key that made it."""

    public_key: bytes
    namespace: bytes
    reserved: bytes
    hash: bytes
    signature: bytes

    @property
    def fingerprint(self) -> str:
        """The SHA256 digest of the key, of a certificate that of the key in it, as ssh-keygen shows it."""
        return base64.b64encode(hashlib.sha256(_certified(self.public_key)).digest()).decode().rstrip("=")

    def verifies(self, payload: bytes) -> bool:
        """Tell whether it is a signature of this for git."""
        digest = HASHES.get(self.hash)
        if self.namespace != NAMESPACE or digest is None:
            return False
        parts = (self.namespace, self.reserved, self.hash, digest(payload).digest())
        return _verifies(self.public_key, self.signature, MAGIC + b"".join(map(_field, parts)))


def read_ssh_signature(armored: bytes) -> SshSignature | None:
    """Return what an armored signature says; nothing where it cannot be read."""
    body = b"".join(line.strip() for line in armored.splitlines() if not line.startswith(b"-----"))
    try:
        blob = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return None
    preamble = MAGIC + VERSION
    found = fields(blob[len(preamble) :])
    return SshSignature(*found) if blob.startswith(preamble) and len(found) == 5 else None


def _kind(public_key: bytes) -> bytes:
    """Return the first field alone: certificates hold what is no field, too."""
    return public_key[4 : 4 + int.from_bytes(public_key[:4], "big")]


def _certified(public_key: bytes) -> bytes:
    """Return the key in a certificate; what is none, or cannot be read, as it is."""
    if b"-cert-" not in _kind(public_key):
        return public_key
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    try:
        text: bytes = _load(public_key).public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return public_key
    return base64.b64decode(text.split()[1])


def _load(public_key: bytes) -> Any:
    from cryptography.hazmat.primitives.serialization import load_ssh_public_identity

    found: Any = load_ssh_public_identity(_kind(public_key) + b" " + base64.b64encode(public_key))
    return found.public_key() if hasattr(found, "signature_key") else found


def _verifies(public_key: bytes, signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    if _kind(public_key).startswith(b"sk-"):
        after, signature = signature[-BYTES_AFTER_HARDWARE:], signature[:-BYTES_AFTER_HARDWARE]
        application = (fields(public_key) or [b""])[-1]
        signed = hashlib.sha256(application).digest() + after + hashlib.sha256(signed).digest()
    kind, *rest = fields(signature) or [b""]
    try:
        return bool(rest) and _check(_load(public_key), kind, rest[0], signed)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False


def _check(key: Any, kind: bytes, signature: bytes, signed: bytes) -> bool:
    """Check by the kind of key; raises ``InvalidSignature``, and ``ValueError`` for what is none."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signature, signed)
    elif isinstance(key, rsa.RSAPublicKey) and kind in RSA:
        _check_rsa(key, RSA[kind], signature, signed)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        _check_curve(key, signature, signed)
    else:
        return False
    return True


def _check_rsa(key: "RSAPublicKey", digest: str, signature: bytes, signed: bytes) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    key.verify(signature, signed, padding.PKCS1v15(), getattr(hashes, digest)())


def _check_curve(key: "EllipticCurvePublicKey", signature: bytes, signed: bytes) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    r, s = (int.from_bytes(one, "big") for one in fields(signature))
    key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(getattr(hashes, CURVES[key.curve.name])()))
