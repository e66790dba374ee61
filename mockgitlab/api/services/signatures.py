"""The signatures of commits and tags: whose they are, and whether that is who committed.

What was found of a commit is kept, as GitLab keeps it: from the push on, or else from the first look. A GPG key that is
added later, or an address that is confirmed later, changes it; an SSH key does not. When a key is deleted, what it
verified stays verified; what a revoked GPG key signed does not.

Source: GitLab's lib/gitlab/gpg/commit.rb, gpg/invalid_gpg_signature_updater.rb, lib/gitlab/ssh/signature.rb,
lib/gitlab/x509/signature.rb, app/models/gpg_key.rb, app/services/git/branch_hooks_service.rb.
"""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.key import KEY_ID_DIGITS, GpgKey, GpgKeySubkey, Key
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.signature import CommitSignature, Status, X509Certificate, X509Issuer
from mockgitlab.api.models.user import User
from mockgitlab.api.services.email_addresses import emails_of, owner_of
from mockgitlab.api.services.removal import remove
from mockgitlab.errors import ApiError
from mockgitlab.git import signed_openpgp as openpgp
from mockgitlab.git import signed_x509 as x509
from mockgitlab.git.objects import Commit, Person, read_commit
from mockgitlab.git.signed import Kind, Signed, signed_commit
from mockgitlab.git.signed_ssh import read_ssh_signature
from mockgitlab.store import Objects


def signature_type(objects: Objects, sha: str) -> Kind | None:
    """Return how a commit is signed, ``PGP``, ``X509`` or ``SSH``; nothing where it is not."""
    found = signed_commit(objects.data(sha, "commit"))
    return found.kind if found else None


class NotVerifiable(ApiError):
    """The libraries that verify signatures are not installed, and mockgitlab does not pretend."""

    status = 501

    def __init__(self, missing: str) -> None:
        text = "501 Not Implemented: signatures are verified by the extra: pip install 'mockgitlab[signatures]'"
        super().__init__(text, reason=f"the package {missing} is not installed")


@contextlib.contextmanager
def verifying() -> Iterator[None]:
    """Answer 501 where a signature is to be verified without the libraries for it."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise NotVerifiable(error.name or "") from None


def signature_of(call: dsl.Call, project: Project, sha: str) -> CommitSignature | None:
    """Return what is, or now was, found of the signature of a commit; nothing where that cannot be read.

    Raises ``ModuleNotFoundError`` without the libraries of the extra ``signatures``.
    """
    store, signed = call.store, signed_commit(call.store.objects.data(sha, "commit"))
    known = store[CommitSignature].find(commit_sha=sha) if signed else None
    if signed is None or (known is not None and not _looks_again(store, known)):
        return known
    columns = _READERS[signed.kind](call, signed, sha)
    if columns is None:
        return known
    if known is not None:
        return store.update(known, **columns)
    return store.insert(CommitSignature(project_id=project.id, commit_sha=sha, signature_type=signed.kind, **columns))


def look(call: dsl.Call, project: Project, commits: Iterable[Commit]) -> None:
    """Look at the signatures of commits that were pushed; without the libraries nobody looks."""
    with contextlib.suppress(ModuleNotFoundError):
        for commit in commits:
            signature_of(call, project, commit.sha)


# OpenPGP


def _looks_again(store: dsl.Store, known: CommitSignature) -> bool:
    """Tell whether a GPG key may have come, or an address been confirmed, that verifies what was not verified."""
    if known.signature_type != "PGP" or known.fingerprint is None:
        return False
    tied = known.gpg_key_id or known.gpg_key_subkey_id
    return (not tied or known.verification_status != "verified") and _key_of(store, known.fingerprint) is not None


def _key_of(store: dsl.Store, fingerprint: str) -> GpgKey | GpgKeySubkey | None:
    """Return the GPG key, or the subkey, with a fingerprint, or with the end of it."""
    for kind in (GpgKey, GpgKeySubkey):
        whole = len(fingerprint) > KEY_ID_DIGITS
        found = store[kind].find(**{"fingerprint" if whole else "keyid": fingerprint})
        if isinstance(found, (GpgKey, GpgKeySubkey)):
            return found
    return None


def _primary(store: dsl.Store, found: GpgKey | GpgKeySubkey | None) -> GpgKey | None:
    return store[GpgKey][found.gpg_key_id] if isinstance(found, GpgKeySubkey) else found


def _read_openpgp(call: dsl.Call, signed: Signed, sha: str) -> dict[str, Any] | None:
    issuer = openpgp.read_issuer(signed.signature)
    return _OpenPgp(call, signed, sha, issuer).columns() if issuer else None


class _OpenPgp:
    """Finds out what is to be said of an OpenPGP signature."""

    def __init__(self, call: dsl.Call, signed: Signed, sha: str, issuer: openpgp.Issuer) -> None:
        self.call, self.signed, self.sha, self.issuer = call, signed, sha, issuer
        self.found = _key_of(call.store, issuer.fingerprint)
        self.key = _primary(call.store, self.found)
        self.own = emails_of(call, call.store[User][self.key.user_id]) if self.key else {}
        self.named = openpgp.identities(self.key.key) if self.key else []
        self.verified = [(name, email) for name, email in self.named if self.own.get(email)]

    def columns(self) -> dict[str, Any]:
        name, email = next(iter((*self.verified, *self.named)), (None, None))
        return {
            "fingerprint": self.issuer.fingerprint,
            "gpg_key_id": self.found.id if isinstance(self.found, GpgKey) else None,
            "gpg_key_subkey_id": self.found.id if isinstance(self.found, GpgKeySubkey) else None,
            "gpg_key_primary_keyid": self.found.keyid if self.found else self.issuer.fingerprint,
            "gpg_key_user_name": name,
            "gpg_key_user_email": email,
            "verification_status": self.status(),
        }

    def status(self) -> Status:
        if not self.issuer.alone:
            return "multiple_signatures"
        if self.key is None:
            return "unknown_key"
        if not self.verified:
            return "unverified_key"
        now = self.call.store.clock.instant
        if not openpgp.verifies(self.key.key, self.signed.signature, self.signed.payload, now):
            return "unverified"
        email = read_commit(self.call.store.objects, self.sha).committer.email.lower()
        if email in (own for _, own in self.verified):
            return "verified"
        return "same_user_different_email" if email in self.own else "other_user"


def revoke(store: dsl.Store, key: GpgKey) -> None:
    """Delete a GPG key, by which then nothing is verified any more."""
    subkeys = [one.id for one in store[GpgKeySubkey].where(gpg_key_id=key.id)]
    signed = list(store[CommitSignature].where(gpg_key_id=key.id))
    for row in [*signed, *store[CommitSignature].all().among("gpg_key_subkey_id", subkeys)]:
        store.update(row, verification_status="unknown_key")
    remove(store, key)


# SSH


def _read_ssh(call: dsl.Call, signed: Signed, sha: str) -> dict[str, Any]:
    signature = read_ssh_signature(signed.signature)
    key = call.store[Key].find(fingerprint_sha256=signature.fingerprint) if signature else None
    key = key if key and key.usage_type != "auth" else None
    email = read_commit(call.store.objects, sha).committer.email
    good = bool(email) and signature is not None and signature.verifies(signed.payload)
    return {"key_id": key.id if key else None, "verification_status": _ssh_status(call, key, email, good=good)}


def _ssh_status(call: dsl.Call, key: Key | None, email: str, *, good: bool) -> Status:
    if not good:
        return "unverified"
    if key is None:
        return "unknown_key"
    owner, committer = call.store[User].get(key.user_id or key.creator_id), owner_of(call, email)
    if owner is None or committer is None or committer.id != owner.id:
        return "other_user"
    return "verified" if emails_of(call, owner).get(email.lower()) else "unverified"


# X.509


def _read_x509(call: dsl.Call, signed: Signed, sha: str) -> dict[str, Any] | None:
    return x509_columns(call, signed, read_commit(call.store.objects, sha).committer)


def x509_columns(call: dsl.Call, signed: Signed, by: Person) -> dict[str, Any] | None:
    """Return what is found of an X.509 signature by somebody; nothing where that cannot be shown."""
    signature = x509.read_x509_signature(signed.signature, signed.payload)
    certificate = _certificate(call.store, signature) if signature else None
    if signature is None or certificate is None:
        return None
    user, email = owner_of(call, by.email), by.email.lower()
    own = emails_of(call, user).get(email) if user else False
    named = email in map(str.lower, x509.emails(signature.certificate))
    listed = x509.revocation_url(signature.certificate) is not None
    good = own and named and listed and signature.in_time(by.time) and signature.trusted()
    return {"x509_certificate_id": certificate.id, "verification_status": "verified" if good else "unverified"}


def _certificate(store: dsl.Store, signature: x509.X509Signature) -> X509Certificate | None:
    """Return the record of a certificate, and make it where it is new; nothing for one that does not say enough."""
    own, issued = signature.certificate, x509.issuer_identifier(signature.certificate)
    identifier, emails = x509.own_identifier(own), x509.emails(own)
    if identifier is None or issued is None or not emails:
        return None
    issuer = store[X509Issuer].find(subject_key_identifier=issued) or store.insert(
        X509Issuer(subject=x509.written(own.issuer), subject_key_identifier=issued, crl_url=x509.revocation_url(own))
    )
    return store[X509Certificate].find(subject_key_identifier=identifier) or store.insert(
        X509Certificate(
            subject=x509.written(own.subject),
            subject_key_identifier=identifier,
            email=emails[0],
            serial_number=own.serial_number,
            x509_issuer_id=issuer.id,
        )
    )


_READERS = {"PGP": _read_openpgp, "SSH": _read_ssh, "X509": _read_x509}
