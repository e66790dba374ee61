"""The signatures of commits as they were found when somebody looked first, and the certificates of X.509.

Source: https://docs.gitlab.com/api/commits/#retrieve-signature-of-a-commit and GitLab's app/models/commit_signatures/,
app/models/x509_certificate.rb, lib/api/entities/commit_signature.rb, gpg_commit_signature.rb, ssh_signature.rb,
x509_signature.rb.
"""

from typing import Literal

from mockgitlab import dsl
from mockgitlab.api.models.key import SSH_KEY, Key

Status = Literal[
    "verified",
    "unverified",
    "same_user_different_email",
    "other_user",
    "unverified_key",
    "unknown_key",
    "multiple_signatures",
]


class CommitSignature(dsl.Entity):
    """What was found of the signature of a commit; later changes to keys do not all change it."""

    id: int = dsl.serial()
    commit_sha: str = dsl.hidden()
    project_id: int = dsl.parent("Project")
    signature_type: Literal["PGP", "SSH", "X509"] = dsl.readonly()
    verification_status: Status = dsl.readonly()
    gpg_key_id: int | None = dsl.reference("GpgKey", "The GPG key, unless a subkey of it signed")
    gpg_key_primary_keyid: str | None = dsl.readonly()
    gpg_key_user_name: str | None = dsl.readonly()
    gpg_key_user_email: str | None = dsl.readonly()
    gpg_key_subkey_id: int | None = dsl.reference("GpgKeySubkey", "The subkey of a GPG key")
    fingerprint: str | None = dsl.hidden("What a PGP signature says of who made it")
    key_id: int | None = dsl.reference("Key", "The SSH key")
    x509_certificate_id: int | None = dsl.reference("X509Certificate", "The certificate")


class X509Issuer(dsl.Entity):
    """Who issued certificates."""

    id: int = dsl.serial()
    subject: str = dsl.readonly()
    subject_key_identifier: str = dsl.readonly()
    crl_url: str | None = dsl.readonly()


class X509Certificate(dsl.Entity):
    """A certificate that signed something; nobody asks whether it was revoked."""

    id: int = dsl.serial()
    subject: str = dsl.readonly()
    subject_key_identifier: str = dsl.readonly()
    email: str = dsl.readonly()
    serial_number: int = dsl.readonly()
    certificate_status: str = dsl.readonly(default="good")
    x509_issuer_id: int = dsl.hidden()


X509_ISSUER = X509Issuer.shape("id", "subject", "subject_key_identifier", "crl_url")
X509_CERTIFICATE = X509Certificate.shape(
    *("id", "subject", "subject_key_identifier", "email", "serial_number", "certificate_status"),
).plus(x509_issuer=lambda row, view: view.one(X509_ISSUER, view.store[X509Issuer].get(row.x509_issuer_id)))


_OF_PGP = ("gpg_key_id", "gpg_key_primary_keyid", "gpg_key_user_name", "gpg_key_user_email", "gpg_key_subkey_id")
_STATUS = CommitSignature.shape("signature_type", "verification_status")
SHAPES = {
    "PGP": _STATUS.plus(*_OF_PGP, entity=CommitSignature),
    "SSH": _STATUS.plus(key=lambda row, view: view.one(SSH_KEY, view.store[Key].get(row.key_id))),
    "X509": _STATUS.plus(
        x509_certificate=lambda row, view: view.one(
            X509_CERTIFICATE, view.store[X509Certificate].get(row.x509_certificate_id)
        )
    ),
}
"""How the signature of each type shows."""
