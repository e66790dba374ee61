"""Commits that the real git signs with GPG, SSH and X.509 keys, pushed, and what the API says of them."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from mockgitlab import MockGitLab
from tests.clients.git_rig import Git, api, clone_of, git_world
from tests.clients.signing_rig import Gpg, gpg_home, new_certificate, new_ssh_key, run, with_signature

REPO = "projects/1/repository"


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not there to sign with")


def scene() -> dict[str, Any]:
    given = git_world()
    given["users"] = [
        {**user, "emails": [{"email": "ada@elsewhere.example"}]} if user["username"] == "ada" else user
        for user in given["users"]
    ]
    return given


pytestmark = pytest.mark.mockgitlab(scenario=scene())


@pytest.fixture
def clone(mockgitlab: MockGitLab, tmp_path: Path) -> Git:
    return clone_of(mockgitlab, tmp_path, who="ada")


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with gpg_home(tmp_path_factory.mktemp("g")) as found:
        yield found


def send(server: MockGitLab, method: str, path: str, as_: str = "ada", **given: Any) -> Any:
    headers = {"Private-Token": f"{as_}-token"}
    answer = requests.request(method, f"{server.url}/api/v4/{path}", json=given, headers=headers, timeout=10)
    assert answer.ok, answer.text
    return answer.json() if answer.text else None


def pushed(server: MockGitLab, clone: Git, sha: str = "HEAD") -> Any:
    """Push a commit to main, and return what the API says of its signature."""
    clone("push", "-q", "--force", "origin", f"{sha}:refs/heads/signed")
    return api(server, f"{REPO}/commits/signed/signature")


def signed(clone: Git, *options: str, committer: str = "ada@example.com") -> None:
    clone.variables["GIT_COMMITTER_EMAIL"] = committer
    clone(*options, "commit", "-q", "-S", "--allow-empty", "-m", "Sign")


def with_gpg(gpg: Gpg, signer: str = "") -> tuple[str, ...]:
    program = f"gpg.program={_program(gpg)}"
    return ("-c", program, "-c", f"user.signingkey={signer or gpg.fingerprint}")


def _program(gpg: Gpg) -> Path:
    program = gpg.home / "sign"
    program.write_text(f'#!/bin/sh\nGNUPGHOME="{gpg.home}" exec gpg "$@"\n')
    program.chmod(0o755)
    return program


# GPG


@needs("gpg")
def test_a_gpg_signature_follows_its_key(mockgitlab: MockGitLab, clone: Git, home: Path) -> None:
    gpg = Gpg(home, "Ada Lovelace <ada@example.com>", "rsa2048")
    signed(clone, *with_gpg(gpg))
    unknown = {
        "signature_type": "PGP",
        "verification_status": "unknown_key",
        "gpg_key_id": None,
        "gpg_key_primary_keyid": gpg.fingerprint,
        "gpg_key_user_name": None,
        "gpg_key_user_email": None,
        "gpg_key_subkey_id": None,
        "commit_source": "gitaly",
    }
    shown = pushed(mockgitlab, clone)
    assert shown == unknown
    assert list(shown) == list(unknown)
    key = send(mockgitlab, "POST", "user/gpg_keys", key=gpg.public)
    verified = {
        **unknown,
        "verification_status": "verified",
        "gpg_key_id": key["id"],
        "gpg_key_primary_keyid": gpg.fingerprint[-16:],
        "gpg_key_user_name": "Ada Lovelace",
        "gpg_key_user_email": "ada@example.com",
    }
    path = f"{REPO}/commits/signed/signature"
    assert api(mockgitlab, path) == verified
    send(mockgitlab, "DELETE", f"user/gpg_keys/{key['id']}")
    assert api(mockgitlab, path) == {**verified, "gpg_key_id": None}
    again = send(mockgitlab, "POST", "user/gpg_keys", key=gpg.public)
    assert api(mockgitlab, path) == {**verified, "gpg_key_id": again["id"]}
    send(mockgitlab, "POST", f"user/gpg_keys/{again['id']}/revoke")
    assert api(mockgitlab, path) == {**verified, "gpg_key_id": None, "verification_status": "unknown_key"}


@needs("gpg")
@pytest.mark.parametrize(
    ("named", "owner", "committer", "status"),
    [
        ("ada@example.com", "ada", "ada@example.com", "verified"),
        ("ada@example.com", "ada", "ada@elsewhere.example", "same_user_different_email"),
        ("bob@example.com", "bob", "ada@example.com", "other_user"),
        ("else@example.com", "ada", "ada@example.com", "unverified_key"),
    ],
)
def test_whose_a_gpg_key_is(
    mockgitlab: MockGitLab, clone: Git, home: Path, named: str, owner: str, committer: str, status: str
) -> None:
    gpg = Gpg(home, f"Somebody <{named}>")
    send(mockgitlab, "POST", "user/gpg_keys", owner, key=gpg.public)
    signed(clone, *with_gpg(gpg), committer=committer)
    assert pushed(mockgitlab, clone)["verification_status"] == status


@needs("gpg")
def test_a_subkey_signs_for_its_key(mockgitlab: MockGitLab, clone: Git, home: Path) -> None:
    gpg = Gpg(home, "Ada <ada@example.com>")
    subkey = gpg.add_subkey()
    send(mockgitlab, "POST", "user/gpg_keys", key=gpg.public)
    signed(clone, *with_gpg(gpg, f"{subkey}!"))
    shown = pushed(mockgitlab, clone)
    assert (shown["verification_status"], shown["gpg_key_id"], shown["gpg_key_subkey_id"]) == ("verified", None, 1)
    assert shown["gpg_key_primary_keyid"] == subkey[-16:]


@needs("gpg")
def test_what_is_changed_or_signed_twice_is_not_verified(mockgitlab: MockGitLab, clone: Git, home: Path) -> None:
    ada, bob = Gpg(home, "Ada <ada@example.com>"), Gpg(home, "Bob <bob@example.com>")
    send(mockgitlab, "POST", "user/gpg_keys", key=ada.public)
    payload = f"{clone('cat-file', 'commit', 'HEAD')}\n".encode()
    good = with_signature(clone, ada.sign(payload))
    changed = with_signature(clone, ada.sign(payload + b"x"))
    twice = with_signature(clone, ada.sign(payload, bob))
    committer = clone("log", "-1", "--format=%ce", good)
    assert committer != "ada@example.com"
    assert [pushed(mockgitlab, clone, sha)["verification_status"] for sha in (good, changed, twice)] == [
        "other_user",
        "unverified",
        "multiple_signatures",
    ]


# SSH


@needs("ssh-keygen")
@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ecdsa"])
def test_an_ssh_signature_is_verified(mockgitlab: MockGitLab, clone: Git, tmp_path: Path, kind: str) -> None:
    file = new_ssh_key(tmp_path, "ada", kind)
    text = file.with_suffix(".pub").read_text()
    key = send(mockgitlab, "POST", "user/keys", key=text, title="laptop", usage_type="signing")
    signed(clone, "-c", "gpg.format=ssh", "-c", f"user.signingkey={file}")
    expected = {"signature_type": "SSH", "verification_status": "verified", "key": key, "commit_source": "gitaly"}
    assert pushed(mockgitlab, clone) == expected
    send(mockgitlab, "DELETE", f"user/keys/{key['id']}")
    assert api(mockgitlab, f"{REPO}/commits/signed/signature") == {**expected, "key": None}


@needs("ssh-keygen")
def test_an_ssh_key_that_comes_later_verifies_nothing_pushed_before(
    mockgitlab: MockGitLab, clone: Git, tmp_path: Path
) -> None:
    file = new_ssh_key(tmp_path, "ada")
    signed(clone, "-c", "gpg.format=ssh", "-c", f"user.signingkey={file}")
    assert pushed(mockgitlab, clone)["verification_status"] == "unknown_key"
    send(mockgitlab, "POST", "user/keys", key=file.with_suffix(".pub").read_text(), title="laptop")
    assert api(mockgitlab, f"{REPO}/commits/signed/signature")["verification_status"] == "unknown_key"
    signed(clone, "-c", "gpg.format=ssh", "-c", f"user.signingkey={file}")
    assert pushed(mockgitlab, clone)["verification_status"] == "verified"


@needs("ssh-keygen")
def test_whose_an_ssh_key_is_and_for_what(mockgitlab: MockGitLab, clone: Git, tmp_path: Path) -> None:
    bobs, login = new_ssh_key(tmp_path, "bob"), new_ssh_key(tmp_path, "login")
    send(mockgitlab, "POST", "user/keys", "bob", key=bobs.with_suffix(".pub").read_text(), title="x")
    send(mockgitlab, "POST", "user/keys", key=login.with_suffix(".pub").read_text(), title="x", usage_type="auth")
    found = []
    for file in (bobs, login):
        signed(clone, "-c", "gpg.format=ssh", "-c", f"user.signingkey={file}")
        found.append(pushed(mockgitlab, clone)["verification_status"])
    assert found == ["other_user", "unknown_key"]


@needs("ssh-keygen")
def test_a_certificate_signs_for_the_key_in_it(mockgitlab: MockGitLab, clone: Git, tmp_path: Path) -> None:
    file, authority = new_ssh_key(tmp_path, "ada"), new_ssh_key(tmp_path, "ca")
    send(mockgitlab, "POST", "user/keys", key=file.with_suffix(".pub").read_text(), title="x")
    run(tmp_path, "ssh-keygen", "-q", "-s", str(authority), "-I", "ada", f"{file}.pub")
    signed(clone, "-c", "gpg.format=ssh", "-c", f"user.signingkey={file}-cert.pub")
    assert pushed(mockgitlab, clone)["verification_status"] == "verified"


@needs("ssh-keygen")
def test_push_rules_want_signed_commits(mockgitlab: MockGitLab, clone: Git, tmp_path: Path) -> None:
    send(mockgitlab, "POST", "projects/1/push_rule", reject_unsigned_commits=True)
    clone("commit", "-q", "--allow-empty", "-m", "Unsigned")
    refused = clone("push", "-q", "origin", "HEAD:refs/heads/x", fails=True)
    assert "GitLab: Commit must be signed with a GPG key" in refused
    clone("reset", "-q", "--hard", "HEAD~1")
    signed(clone, "-c", "gpg.format=ssh", "-c", f"user.signingkey={new_ssh_key(tmp_path, 'ada')}")
    assert pushed(mockgitlab, clone)["verification_status"] == "unknown_key"


# X.509


@needs("openssl")
def test_an_x509_signature_is_verified_by_an_authority_that_is_trusted(
    mockgitlab: MockGitLab, clone: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = new_certificate(tmp_path)
    options = ("-c", "gpg.format=x509", "-c", f"gpg.x509.program={program}", "-c", "user.signingkey=ada")
    signed(clone, *options)
    shown = pushed(mockgitlab, clone)
    certificate = shown["x509_certificate"]
    assert shown == {
        "signature_type": "X509",
        "verification_status": "unverified",
        "x509_certificate": {
            "id": 1,
            "subject": "CN=ada@example.com,O=World",
            "subject_key_identifier": certificate["subject_key_identifier"],
            "email": "ada@example.com",
            "serial_number": 278969561018901340486471282831158785578,
            "certificate_status": "good",
            "x509_issuer": {
                "id": 1,
                "subject": "CN=PKI,O=World",
                "subject_key_identifier": certificate["x509_issuer"]["subject_key_identifier"],
                "crl_url": "http://pki.example.com/ca.crl",
            },
        },
        "commit_source": "gitaly",
    }
    assert certificate["subject_key_identifier"].count(":") == 19
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    signed(clone, *options)
    assert pushed(mockgitlab, clone) == {**shown, "verification_status": "verified"}
    signed(clone, *options, committer="bob@example.com")
    assert pushed(mockgitlab, clone)["verification_status"] == "unverified"


@needs("openssl")
def test_a_tag_is_signed(mockgitlab: MockGitLab, clone: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = new_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    options = ("-c", "gpg.format=x509", "-c", f"gpg.x509.program={program}")
    clone(*options, "tag", "-u", "ada", "v9", "-m", "Nine")
    clone("push", "-q", "origin", "v9")
    shown = api(mockgitlab, f"{REPO}/tags/v9/signature")
    assert list(shown) == ["signature_type", "verification_status", "x509_certificate"]
    assert (shown["verification_status"], shown["x509_certificate"]["email"]) == ("verified", "ada@example.com")


@needs("ssh-keygen")
def test_of_other_tags_the_type_is_told(mockgitlab: MockGitLab, clone: Git, tmp_path: Path) -> None:
    file = new_ssh_key(tmp_path, "ada")
    clone("-c", "gpg.format=ssh", "tag", "-u", str(file), "v9", "-m", "Nine")
    clone("push", "-q", "origin", "v9")
    assert api(mockgitlab, f"{REPO}/tags/v9/signature") == {"signature_type": "SSH"}
