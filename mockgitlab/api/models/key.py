"""Public keys: SSH keys with which users push or sign, or with which projects are deployed; GPG keys for signing.

Source: https://docs.gitlab.com/api/user_keys/ and GitLab's app/models/key.rb, gpg_key.rb.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from typing import Any, Literal
from urllib.parse import urlsplit

from mockgitlab import dsl
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.errors import Style, ValidationFailed
from mockgitlab.git.signed_ssh import fields

UsageType = Literal["auth_and_signing", "auth", "signing"]
TYPES = (
    "ssh-rsa",
    "ssh-dss",
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
)
RSA_BITS_AT_LEAST = 1024
TAKEN = "has already been taken"
GPG_BEGIN, GPG_END = "-----BEGIN PGP PUBLIC KEY BLOCK-----", "-----END PGP PUBLIC KEY BLOCK-----"
PUBLIC_KEY_PACKET, PUBLIC_SUBKEY_PACKET = 6, 14
KEY_ID_DIGITS = 16


class KeyRefused(ValidationFailed):
    """A text is no key, or the key is somebody's, of which the documents speak in other columns than GitLab itself."""

    def body(self, style: Style) -> Any:
        """Return GitLab's documented message for a key that is taken, or the one it sends."""
        if style == "documented" and self.message == {"fingerprint_sha256": [TAKEN]}:
            return {"message": {"fingerprint": [TAKEN], "key": [TAKEN]}}
        return super().body(style)


class Key(dsl.Entity):
    """An SSH key, of a user or, as a deploy key, of projects; both are of one table in GitLab, too."""

    natural = "title"

    id: int = dsl.serial()
    title: str = dsl.required("The title of the SSH key", present=True, max_length=255)
    created_at: str = dsl.now()
    expires_at: dsl.Timestamp | None = dsl.optional("When the key ceases to be valid")
    last_used_at: str | None = dsl.readonly()
    key: str = dsl.required("The public SSH key")
    usage_type: UsageType = dsl.optional("What the key may be used for", default="auth_and_signing")
    user_id: int | None = dsl.parent("User")
    creator_id: int | None = dsl.hidden("Who added a deploy key; it outlives the account")
    public: bool = dsl.hidden("Whether every project may enable a deploy key", default=False)
    fingerprint: str = dsl.hidden("The MD5 digest, as ssh-keygen shows it")
    fingerprint_sha256: str = dsl.hidden("The SHA256 digest, as ssh-keygen shows it")
    updated_at: str = dsl.now()

    @property
    def deploys(self) -> bool:
        """Whether it is a deploy key."""
        return self.user_id is None

    @dsl.computed
    def user(self, view: dsl.View) -> dict[str, Any] | None:
        """Whose it is, or who added it."""
        return view.one(USER_BASIC, view.store[User].get(self.user_id or self.creator_id))


class OpenPgpKey(dsl.Entity):
    """What OpenPGP signs with."""

    id: int = dsl.serial()
    fingerprint: str = dsl.hidden("40 hexadecimal digits")

    @property
    def keyid(self) -> str:
        """The end of the fingerprint, by which one often names a key."""
        return self.fingerprint[-KEY_ID_DIGITS:]


class GpgKey(OpenPgpKey):
    """A GPG key of a user."""

    singular = "GPG Key"
    natural = "fingerprint"

    key: str = dsl.required("The public GPG key, armored")
    created_at: str = dsl.now()
    user_id: int = dsl.parent("User")


class GpgKeySubkey(OpenPgpKey):
    """A key that a GPG key has for some uses, such as signing."""

    gpg_key_id: int = dsl.parent("GpgKey")


def _published(key: Key, view: dsl.View) -> str:
    kind, body = key.key.split()[:2]
    owner = view.store[User].get(key.user_id or key.creator_id)
    return f"{kind} {body} {owner.name if owner else 'Ghost User'} ({urlsplit(view.base).hostname})"


SSH_KEY = Key.shape("id", "title", "created_at", "expires_at", "last_used_at", "key", "usage_type", name="SSHKey").plus(
    key=_published
)
SSH_KEY_WITH_USER = SSH_KEY.plus("user", entity=Key).called("SSHKeyWithUser")
GPG_KEY = GpgKey.shape("id", "key", "created_at")


# SSH


def read_ssh_key(text: str) -> dict[str, Any]:
    """Return the columns of an SSH key, of which the text is the public part: ``ssh-ed25519 AAAA… comment``."""
    clean = " ".join(text.split())
    blob = _blob(clean)
    md5 = hashlib.md5(blob, usedforsecurity=False).hexdigest()
    sha = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    title = clean.split(" ", 2)[2] if clean.count(" ") > 1 else clean[:20]
    pairs = ":".join(md5[start : start + 2] for start in range(0, 32, 2))
    return {"title": title, "key": clean, "fingerprint": pairs, "fingerprint_sha256": sha}


def _blob(clean: str) -> bytes:
    """Return the key's binary form, or nothing where the text is no key."""
    kind, _, rest = clean.partition(" ")
    try:
        blob = base64.b64decode(rest.split(" ")[0], validate=True)
    except (binascii.Error, ValueError):
        return b""
    return blob if kind in TYPES and fields(blob)[:1] == [kind.encode()] else b""


def ssh_problems(store: dsl.Store, text: str) -> dict[str, list[str]]:
    """Return what is wrong with the text of a new SSH key, by column, in GitLab's words."""
    if not text.strip():
        return {"key": ["can't be blank"]}
    if len(text) > 5000:
        return {"key": ["is too long (maximum is 5000 characters)"]}
    blob = _blob(" ".join(text.split()))
    if not blob:
        return {"key": ["is invalid"], "fingerprint_sha256": ["cannot be generated"]}
    parts = fields(blob)
    if parts[0] == b"ssh-rsa" and int.from_bytes(parts[-1], "big").bit_length() < RSA_BITS_AT_LEAST:
        return {"key": [f"must be at least {RSA_BITS_AT_LEAST} bits"]}
    taken = store[Key].find(fingerprint_sha256=read_ssh_key(text)["fingerprint_sha256"])
    return {"fingerprint_sha256": [TAKEN]} if taken else {}


# GPG


def add_gpg_key(store: dsl.Store, key: str, **columns: Any) -> GpgKey:
    """Keep a GPG key and its subkeys; what is wrong with it, ``gpg_problems`` tells before."""
    fingerprint, *subkeys = _gpg_fingerprints(key) or [""]
    made = store.insert(GpgKey(key=key.strip(), fingerprint=fingerprint, **columns))
    for subkey in subkeys:
        store.insert(GpgKeySubkey(gpg_key_id=made.id, fingerprint=subkey))
    return made


def gpg_problems(store: dsl.Store, text: str) -> dict[str, list[str]]:
    """Return what is wrong with the text of a new GPG key, by column, in GitLab's words."""
    clean = text.strip()
    if not (clean.startswith(GPG_BEGIN) and clean.endswith(GPG_END)) or clean.count(GPG_BEGIN) > 1:
        return {"key": [f"is invalid. A valid public GPG key begins with '{GPG_BEGIN}'"]}
    fingerprint = next(iter(_gpg_fingerprints(clean)), None)
    if not fingerprint:
        return {"fingerprint": ["can't be blank"], "primary_keyid": ["can't be blank"]}
    taken = store[GpgKey].find(fingerprint=fingerprint)
    if taken is None:
        return {}
    return {"key": [TAKEN]} if taken.key == clean else {"fingerprint": [TAKEN], "primary_keyid": [TAKEN]}


def _gpg_fingerprints(text: str) -> list[str]:
    """Return the fingerprints of a key of version 4 and its subkeys (RFC 4880, section 12.2), none where it is none."""
    lines = text.replace(GPG_BEGIN, "").replace(GPG_END, "").strip().splitlines()
    body = "".join(line.strip() for line in lines if ": " not in line and not line.startswith("="))
    try:
        packets = list(_packets(base64.b64decode(body, validate=True)))
    except (binascii.Error, ValueError, IndexError):
        return []
    if [tag for tag, _ in packets][:1] != [PUBLIC_KEY_PACKET]:
        return []
    keys = [packet for tag, packet in packets if tag in (PUBLIC_KEY_PACKET, PUBLIC_SUBKEY_PACKET)]
    return [_fingerprint(packet) for packet in keys] if all(packet[:1] == b"\4" for packet in keys) else []


def _fingerprint(packet: bytes) -> str:
    hashed = b"\x99" + len(packet).to_bytes(2, "big") + packet
    return hashlib.sha1(hashed, usedforsecurity=False).hexdigest().upper()


def _packets(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the tag and the content of each packet (RFC 4880, section 4.2); raises ``ValueError`` for what is none."""
    at = 0
    while at < len(data):
        tag, octets, size = _header(data[at : at + 9])
        start, at = at + octets, at + octets + size
        if at > len(data):
            raise ValueError("the last packet is cut off")
        yield tag, data[start:at]


def _header(data: bytes) -> tuple[int, int, int]:
    """Return the tag of a packet, how long its header is, and its content."""
    if not data[0] & 0x40:
        octets = 1 << (data[0] & 3)
        return (data[0] >> 2) & 0xF, 1 + octets, int.from_bytes(data[1 : 1 + octets], "big")
    tag, first = data[0] & 0x3F, data[1]
    if first < 192:
        return tag, 2, first
    if first == 255:
        return tag, 6, int.from_bytes(data[2:6], "big")
    return tag, 3, ((first - 192) << 8) + data[2] + 192
