"""X.509 signatures of commits and tags: CMS read with asn1crypto, certificates and mathematics left to cryptography.

Trusted are the authorities of the system, as OpenSSL finds them: ``SSL_CERT_FILE`` names others.
Source: RFC 5652, RFC 5280, https://git-scm.com/docs/signature-format.
"""

import base64
import contextlib
import hashlib
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, Name

LONGEST_CHAIN = 10
_PEM = re.compile(b"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class X509Signature:
    """A signature whose mathematics is right: the certificate that made it, and those which came along."""

    certificate: "Certificate"
    others: "tuple[Certificate, ...]"
    signed_at: datetime

    def in_time(self, since: int) -> bool:
        """Tell whether it was made while the certificate was valid, and not before a number of seconds since 1970."""
        begin, end = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        return begin <= self.signed_at <= end and self.signed_at.timestamp() >= since

    def trusted(self) -> bool:
        """Tell whether the certificate leads to one of the system's authorities; how old they are does not matter."""
        known, at = _authorities(), self.certificate
        for _ in range(LONGEST_CHAIN):
            issuer = next((one for one in (*known, *self.others) if _issued(at, one)), None)
            if issuer is None or issuer in known:
                return issuer is not None
            at = issuer
        return False


def read_x509_signature(armored: bytes, payload: bytes) -> X509Signature | None:
    """Return the signature of what was signed; nothing where it cannot be read, or is of something else."""
    from asn1crypto.cms import ContentInfo
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    body = b"".join(line.strip() for line in armored.splitlines() if not line.startswith(b"-----"))
    try:
        return _read(ContentInfo.load(base64.b64decode(body, validate=True))["content"], payload)
    except (ValueError, TypeError, LookupError, AttributeError, StopIteration, InvalidSignature, UnsupportedAlgorithm):
        return None


def _read(content: Any, payload: bytes) -> X509Signature:
    """Raise ``InvalidSignature`` for a signature of something else, and much else for what is none."""
    signer = content["signer_infos"][0]
    found = _certificates([one.chosen.dump() for one in content["certificates"]])
    serial = signer["sid"].chosen["serial_number"].native
    own = next(one for one in found if one.serial_number == serial)
    attributes = {one["type"].native: one["values"][0].native for one in signer["signed_attrs"]}
    _check(own, signer, attributes["message_digest"], payload)
    at = attributes["signing_time"].astimezone(timezone.utc)
    return X509Signature(own, tuple(one for one in found if one is not own), at)


def _check(certificate: "Certificate", signer: Any, digest: bytes, payload: bytes) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

    name = signer["digest_algorithm"]["algorithm"].native
    if hashlib.new(name, payload).digest() != digest:
        raise InvalidSignature
    key, signature, signed = certificate.public_key(), signer["signature"].native, signer["signed_attrs"].untag().dump()
    algorithm = getattr(hashes, name.upper())()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, signed, padding.PKCS1v15(), algorithm)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, signed, ec.ECDSA(algorithm))
    else:
        raise InvalidSignature


def _authorities() -> "list[Certificate]":
    import ssl

    path = ssl.get_default_verify_paths().cafile
    return _certificates(_PEM.findall(Path(path).read_bytes()) if path else [])


def _certificates(written: Iterable[bytes]) -> "list[Certificate]":
    """Return those certificates, in PEM or DER, that can be read whole."""
    from cryptography import x509

    found, unreadable = [], (ValueError, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of authorities that break a rule, and will not be read in future
        for one in written:
            load = x509.load_pem_x509_certificate if one.startswith(b"-----") else x509.load_der_x509_certificate
            with contextlib.suppress(*unreadable):
                certificate = load(one)
                if certificate.serial_number > 0 and (certificate.subject, certificate.issuer, certificate.extensions):
                    found.append(certificate)
    return found


def _issued(certificate: "Certificate", by: "Certificate") -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        certificate.verify_directly_issued_by(by)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    basic = _extension(by, "BasicConstraints")
    return bool(basic and basic.ca)


# What GitLab shows of a certificate


def _extension(certificate: "Certificate", name: str) -> Any:
    """Return an extension of a certificate by the name of its class; nothing where it has none."""
    from cryptography import x509

    try:
        return certificate.extensions.get_extension_for_class(getattr(x509, name)).value
    except x509.ExtensionNotFound:
        return None


def emails(certificate: "Certificate") -> list[str]:
    """Return the emails among the certificate's alternative names."""
    from cryptography.x509 import RFC822Name

    names = _extension(certificate, "SubjectAlternativeName")
    return names.get_values_for_type(RFC822Name) if names else []


def own_identifier(certificate: "Certificate") -> str | None:
    """Return the identifier of the certificate's key, as pairs of hexadecimal digits; nothing where it has none."""
    found = _extension(certificate, "SubjectKeyIdentifier")
    return _pairs(found.digest) if found else None


def issuer_identifier(certificate: "Certificate") -> str | None:
    """Return the identifier of the issuer's key, as pairs of hexadecimal digits; nothing where it has none."""
    found = _extension(certificate, "AuthorityKeyIdentifier")
    return _pairs(found.key_identifier) if found and found.key_identifier else None


def _pairs(digest: bytes) -> str:
    return digest.hex(":").upper()


def revocation_url(certificate: "Certificate") -> str | None:
    """Return the first address of the list of revoked certificates; nothing where none is told."""
    points = _extension(certificate, "CRLDistributionPoints") or ()
    urls = (str(name.value) for point in points for name in point.full_name or ())
    return next((url for url in urls if url.startswith("http")), None)


def written(name: "Name") -> str:
    """Return a name as RFC 2253 has it, the last part first."""
    from cryptography.x509.oid import NameOID

    return name.rfc4514_string({NameOID.EMAIL_ADDRESS: "emailAddress"})
