"""Signing commits as people do: with gpg, ssh-keygen and openssl, each with a home of its own."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.clients.git_rig import Git

X509_PROGRAM = """#!/bin/sh
# What git calls in place of gpgsm: signs what comes in with the certificate beside this file.
cd "$(dirname "$0")" || exit 1
openssl cms -sign -binary -outform PEM -md sha256 -signer signer.pem -inkey signer.key -certfile ca.pem \
  | sed 's/-----\\(BEGIN\\|END\\) CMS-----/-----\\1 SIGNED MESSAGE-----/'
echo '[GNUPG:] SIG_CREATED ' >&2
"""
EXTENSIONS = """
[ca]
basicConstraints = critical, CA:true
subjectKeyIdentifier = hash
[signer]
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = email:ada@example.com, email:ada@elsewhere.example
crlDistributionPoints = URI:http://pki.example.com/ca.crl
"""


def run(folder: Path, *arguments: str, home: Path | None = None, given: bytes = b"") -> str:
    variables = {**os.environ, **({"GNUPGHOME": str(home)} if home else {})}
    done = subprocess.run(arguments, cwd=folder, env=variables, input=given, capture_output=True, check=True)
    return done.stdout.decode()


@contextmanager
def gpg_home(folder: Path) -> Iterator[Path]:
    """Give gpg a home of its own, short enough for its agent's socket, and end that agent afterwards."""
    home = Path(os.path.realpath(folder)) / "g"
    home.mkdir(mode=0o700)
    try:
        yield home
    finally:
        run(folder, "gpgconf", "--kill", "gpg-agent", home=home)
        shutil.rmtree(home, ignore_errors=True)


class Gpg:
    """A person with a GPG key."""

    def __init__(self, home: Path, who: str, algorithm: str = "ed25519") -> None:
        self.home = home
        quiet = ("gpg", "--batch", "--quiet", "--passphrase", "")
        run(home, *quiet, "--quick-generate-key", who, algorithm, "sign", "never", home=home)
        listed = run(home, "gpg", "--list-keys", "--with-colons", f"={who}", home=home)
        self.fingerprint = next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr"))

    @property
    def public(self) -> str:
        return run(self.home, "gpg", "--armor", "--export", self.fingerprint, home=self.home)

    def add_subkey(self) -> str:
        quiet = ("gpg", "--batch", "--quiet", "--passphrase", "")
        run(self.home, *quiet, "--quick-add-key", self.fingerprint, "ed25519", "sign", "never", home=self.home)
        listed = run(self.home, "gpg", "--list-keys", "--with-colons", self.fingerprint, home=self.home)
        return [line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr")][-1]

    def sign(self, payload: bytes, *others: "Gpg") -> str:
        who = [part for one in (self, *others) for part in ("-u", one.fingerprint)]
        return run(self.home, "gpg", "--armor", "--detach-sign", *who, home=self.home, given=payload)


def new_ssh_key(folder: Path, name: str, kind: str = "ed25519") -> Path:
    """Make an SSH key and return the file of its private half; the public one is beside it."""
    file = folder / name
    run(folder, "ssh-keygen", "-q", "-t", kind, "-N", "", "-C", name, "-f", str(file))
    return file


def new_certificate(folder: Path) -> Path:
    """Make an authority, a certificate of Ada's, and the program that signs with it; return that."""
    (folder / "extensions").write_text(EXTENSIONS)
    request = ("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    run(folder, *request, "-subj", "/O=World/CN=PKI", "-keyout", "ca.key", "-out", "ca.csr")
    sign = ("openssl", "x509", "-req", "-days", "30", "-extfile", "extensions")
    run(folder, *sign, "-extensions", "ca", "-in", "ca.csr", "-signkey", "ca.key", "-out", "ca.pem")
    run(folder, *request, "-subj", "/O=World/CN=ada@example.com", "-keyout", "signer.key", "-out", "signer.csr")
    by = ("-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "278969561018901340486471282831158785578")
    run(folder, *sign, "-extensions", "signer", "-in", "signer.csr", *by, "-out", "signer.pem")
    program = folder / "x509"
    program.write_text(X509_PROGRAM)
    program.chmod(0o755)
    return program


def with_signature(clone: Git, armored: str) -> str:
    """Write the commit at HEAD once more, signed so, and return its name."""
    raw = clone("cat-file", "commit", "HEAD")
    header = "\n ".join(armored.rstrip("\n").split("\n"))
    (clone.folder / "raw").write_text(f"{raw.replace(chr(10) * 2, f'{chr(10)}gpgsig {header}{chr(10) * 2}', 1)}\n")
    return clone("hash-object", "-t", "commit", "-w", "raw")
