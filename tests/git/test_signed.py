import base64
import datetime
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pysequoia import Cert, SignatureMode, Tsk, sign

from mockgitlab.git.signed import Signed, signed_commit, signed_tag
from mockgitlab.git.signed_openpgp import identities, read_issuer, verifies
from mockgitlab.git.signed_ssh import SshSignature, fields, read_ssh_signature
from mockgitlab.git.signed_x509 import read_x509_signature

PGP = b"-----BEGIN PGP SIGNATURE-----\n\nwhatever\n-----END PGP SIGNATURE-----\n"
COMMIT = b"tree 1\nauthor Ada <a> 0 +0000\ncommitter Ada <a> 0 +0000\n%s\nOne\n"
NOW = datetime.datetime(2024, 5, 1, tzinfo=datetime.timezone.utc)


def field(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


# What is signed


def test_the_payload_of_a_commit_lacks_the_signature() -> None:
    header = b"gpgsig " + PGP.rstrip(b"\n").replace(b"\n", b"\n ") + b"\n"
    assert signed_commit(COMMIT % header) == Signed("PGP", PGP, COMMIT % b"")
    assert signed_commit(COMMIT % b"") is None
    assert signed_commit(COMMIT % header.replace(b"PGP SIGNATURE", b"SEAL")) is None
    assert signed_commit((COMMIT % b"") + header) is None


def test_the_signature_of_a_tag_is_the_end_of_its_message() -> None:
    tag = b"object 1\ntype commit\ntag v1\ntagger Ada <a> 0 +0000\n\nOne\n"
    assert signed_tag(tag + PGP) == Signed("PGP", PGP, tag)
    assert signed_tag(tag + PGP + PGP) == Signed("PGP", PGP, tag + PGP)
    assert signed_tag(tag) is None


# SSH


class SshKey:
    """A key that signs as ssh-keygen does, plain or as one in hardware."""

    def __init__(self, kind: bytes = b"ssh-ed25519") -> None:
        self.kind, self.key = kind, ed25519.Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
        raw = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.public = field(kind) + field(raw) + (field(b"ssh:") if kind.startswith(b"sk-") else b"")

    def sign(self, payload: bytes, namespace: bytes = b"git", hash: bytes = b"sha256") -> bytes:
        parts = (namespace, b"", hash, digest(payload))
        signed, after = b"SSHSIG" + b"".join(map(field, parts)), b""
        if self.kind.startswith(b"sk-"):
            after = b"\1\0\0\0\5"
            signed = digest(b"ssh:") + after + digest(signed)
        made = field(self.kind) + field(self.key.sign(signed)) + after
        body = b"SSHSIG\0\0\0\1" + b"".join(map(field, (self.public, *parts[:3], made)))
        return b"-----BEGIN SSH SIGNATURE-----\n" + base64.encodebytes(body) + b"-----END SSH SIGNATURE-----\n"


def digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def read(armored: bytes) -> SshSignature:
    found = read_ssh_signature(armored)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", [b"ssh-ed25519", b"sk-ssh-ed25519@openssh.com"])
def test_an_ssh_signature_is_of_one_text_for_git(kind: bytes) -> None:
    key = SshKey(kind)
    found = read(key.sign(b"text"))
    assert found.fingerprint == base64.b64encode(digest(key.public)).decode().rstrip("=")
    assert found.verifies(b"text")
    assert not found.verifies(b"other")
    assert not read(key.sign(b"text", namespace=b"file")).verifies(b"text")
    assert not read(key.sign(b"text", hash=b"md5")).verifies(b"text")


def test_a_signature_by_another_kind_of_key_is_none() -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    blob = base64.b64decode(curve.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).split()[1])
    made = field(b"ecdsa-sha2-nistp256") + field(curve.sign(b"x", ec.ECDSA(SHA256())))
    assert not SshSignature(blob, b"git", b"", b"sha256", made).verifies(b"text")
    assert not SshSignature(b"", b"git", b"", b"sha256", b"").verifies(b"text")
    assert not SshSignature(field(b"ssh-dss"), b"git", b"", b"sha256", field(b"x") + field(b"y")).verifies(b"text")


@pytest.mark.parametrize("armored", [b"", b"-----BEGIN SSH SIGNATURE-----\n!\n", b"U1NIU0lH", b"U1NIU0lHAAAAAgAAAAA="])
def test_what_is_no_ssh_signature_is_not_read(armored: bytes) -> None:
    assert read_ssh_signature(armored) is None


@pytest.mark.parametrize("kind", [b"ssh-ed25519-cert-v01@openssh.com", b"sk-ssh-ed25519-cert-v01@openssh.com", b""])
def test_a_certificate_that_cannot_be_read_verifies_nothing(kind: bytes) -> None:
    made = SshSignature(field(kind) + b"junk", b"git", b"", b"sha256", field(b"ssh-ed25519") + field(b"x"))
    assert made.fingerprint == base64.b64encode(digest(made.public_key)).decode().rstrip("=")
    assert not made.verifies(b"text")


def test_cut_off_fields_are_none() -> None:
    assert fields(b"\0\0\0\5abc") == []


# OpenPGP and X.509


def test_an_openpgp_signature_is_of_one_text() -> None:
    ada = Tsk.generate("Ada Lovelace (Countess) <ADA@example.com>")
    armored = sign(ada.signer(), b"text", mode=SignatureMode.DETACHED)
    issuer = read_issuer(armored)
    assert issuer is not None
    assert issuer.alone
    public = str(ada.extract_certificate())
    assert identities(public) == [("Ada Lovelace", "ada@example.com")]
    assert verifies(public, armored, b"text", NOW)
    assert not verifies(public, armored, b"other", NOW)
    assert not verifies(public.replace("A", "B"), armored, b"text", NOW)


def test_what_an_expired_or_revoked_key_signed_is_not_verified() -> None:
    ada = Tsk.generate("Ada <ada@example.com>")
    armored = sign(ada.signer(), b"text", mode=SignatureMode.DETACHED)
    until = ada.extract_certificate().set_expiration(NOW + datetime.timedelta(days=9999), ada.certifier())
    assert verifies(str(until), armored, b"text", NOW)
    assert not verifies(str(until), armored, b"text", NOW + datetime.timedelta(days=10000))
    revoked = Cert.from_bytes(bytes(until) + bytes(until.revoke(ada.certifier())))
    assert not verifies(str(revoked), armored, b"text", NOW)


def test_what_is_no_openpgp_is_not_read() -> None:
    assert read_issuer(PGP) is None
    assert identities("nonsense") == []
    assert not verifies("nonsense", PGP, b"text", NOW)


def test_what_is_no_x509_signature_is_not_read() -> None:
    for body in (b"", b"!", base64.b64encode(b"\x30\x80" * 100)):
        armored = b"-----BEGIN SIGNED MESSAGE-----\n" + body + b"\n-----END SIGNED MESSAGE-----\n"
        assert read_x509_signature(armored, b"text") is None
