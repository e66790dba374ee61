import sys
from typing import Any

import pytest
from pysequoia import SignatureMode, Tsk, sign

from mockgitlab.api.models.key import GpgKey, GpgKeySubkey
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.repositories import set_ref
from mockgitlab.git.signed import signed_commit
from tests.api.v4.repositories import sha, world
from tests.git.test_signed import SshKey
from tests.support import Api

COMMITS = "projects/1/repository/commits"
SSH = "-----BEGIN SSH SIGNATURE-----\nx\n-----END SSH SIGNATURE-----\n"
pytestmark = pytest.mark.mockgitlab(scenario=world())


def add(api: Api, armored: str, of: str = "") -> str:
    """Keep a commit once more, signed so, and return its name."""
    raw = api.store.objects.data(of or sha(api), "commit")
    header = "\n ".join(armored.rstrip("\n").split("\n")).encode()
    with api.store.transaction():
        name: str = api.store.objects.add("commit", raw.replace(b"\n\n", b"\ngpgsig " + header + b"\n\n", 1))
        set_ref(api.store, api.store[Project][1], f"refs/heads/{name[:8]}-signed", name)
    return name


def gpg_signed(api: Api, who: str) -> tuple[str, str]:
    """Return a public key of somebody's, and a commit signed with it."""
    key = Tsk.generate(who)
    raw = api.store.objects.data(sha(api), "commit")
    armored = sign(key.signer(), raw, mode=SignatureMode.DETACHED).decode()
    return str(key.extract_certificate()), add(api, armored)


def test_a_signature_that_cannot_be_read_tells_its_type(api: Api) -> None:
    name = add(api, "-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n")
    assert api.get(f"{COMMITS}/{name}/signature").json == {"signature_type": "PGP", "commit_source": "gitaly"}
    name = add(api, "-----BEGIN SIGNED MESSAGE-----\nx\n-----END SIGNED MESSAGE-----\n")
    assert api.get(f"{COMMITS}/{name}/signature").json == {"signature_type": "X509", "commit_source": "gitaly"}
    assert api.get(f"{COMMITS}/{add(api, SSH)}/signature").json["verification_status"] == "unverified"


def test_an_unknown_kind_of_signature_is_none(api: Api) -> None:
    name = add(api, "-----BEGIN SEAL-----\n")
    assert signed_commit(api.store.objects.data(name, "commit")) is None
    unsigned = api.get(f"{COMMITS}/{name}/signature")
    assert (unsigned.status, unsigned.json) == (404, {"message": "404 GPG Signature Not Found"})


def test_a_gpg_key_is_kept_with_its_subkeys(api: Api) -> None:
    public, name = gpg_signed(api, "Ada <admin@example.com>")
    made = api.post("user/gpg_keys", key=public)
    assert made.status == 201
    primary, subkeys = api.store[GpgKey][1], list(api.store[GpgKeySubkey].all())
    assert len({primary.fingerprint, *(one.fingerprint for one in subkeys)}) == 3
    shown = api.get(f"{COMMITS}/{name}/signature").json
    assert shown["gpg_key_primary_keyid"] in [one.keyid for one in subkeys]
    assert (shown["gpg_key_id"], shown["gpg_key_user_name"]) == (None, "Ada")
    api.delete("user/gpg_keys/1")
    assert list(api.store[GpgKeySubkey].all()) == []


def test_an_address_confirmed_later_verifies(api: Api) -> None:
    public, name = gpg_signed(api, "Ada <ada@later.example>")
    api.post("user/gpg_keys", "ada", key=public)
    path = f"{COMMITS}/{name}/signature"
    assert api.get(path).json["verification_status"] == "unverified_key"
    api.post("users/2/emails", email="ada@later.example", skip_confirmation=True)
    assert api.get(path).json["verification_status"] == "other_user"  # somebody else committed


@pytest.mark.parametrize("missing", ["pysequoia.packet", "cryptography.exceptions"])
def test_without_the_libraries_nobody_pretends(api: Api, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    _, pgp = gpg_signed(api, "Ada <ada@example.com>")
    ssh = add(api, SshKey().sign(b"text").decode())
    monkeypatch.setitem(sys.modules, missing, None)
    answer = api.get(f"{COMMITS}/{pgp if 'packet' in missing else ssh}/signature")
    text = "501 Not Implemented: signatures are verified by the extra: pip install 'mockgitlab[signatures]'"
    assert (answer.status, answer.json) == (501, {"message": text})
    assert missing in answer.headers["X-Mockgitlab-Reason"]


def test_a_key_that_comes_later_is_found_by_its_fingerprint(api: Api) -> None:
    public, name = gpg_signed(api, "Root <admin@example.com>")
    given: Any = api.get(f"{COMMITS}/{name}/signature").json
    assert given["verification_status"] == "unknown_key"
    assert given == api.get(f"{COMMITS}/{name}/signature").json
    assert len(given["gpg_key_primary_keyid"]) == 40
    api.post("user/gpg_keys", key=public)
    assert api.get(f"{COMMITS}/{name}/signature").json["gpg_key_subkey_id"] is not None
