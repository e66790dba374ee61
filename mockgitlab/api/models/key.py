"""Public keys: SSH keys with which users push or sign, or with which projects are deployed; GPG keys for signing.

Source: https://docs.gitlab.com/api/user_keys/ and GitLab's app/models/key.rb, gpg_key.rb.
"""

import base64
import binascii
import hashlib
from typing import Any, Literal
from urllib.parse import urlsplit

from mockgitlab import dsl
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.errors import Style, ValidationFailed

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
PUBLIC_KEY_PACKET = 6


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


class GpgKey(dsl.Entity):
    """A GPG key of a user."""

    singular = "GPG Key"
    natural = "fingerprint"

    id: int = dsl.serial()
    key: str = dsl.required("The public GPG key, armored")
    created_at: str = dsl.now()
    user_id: int = dsl.parent("User")
    fingerprint: str = dsl.hidden("40 hexadecimal digits")


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
    return blob if kind in TYPES and _fields(blob)[:1] == [kind.encode()] else b""


def _fields(blob: bytes) -> list[bytes]:
    """Return the fields of a key's binary form, each of which has its length before it (RFC 4253, section 6.6)."""
    found = []
    while len(blob) >= 4:
        end = 4 + int.from_bytes(blob[:4], "big")
        if end > len(blob):
            return []
        found.append(blob[4:end])
        blob = blob[end:]
    return found


def ssh_problems(store: dsl.Store, text: str) -> dict[str, list[str]]:
    """Return what is wrong with the text of a new SSH key, by column, in GitLab's words."""
    if not text.strip():
        return {"key": ["can't be blank"]}
    if len(text) > 5000:
        return {"key": ["is too long (maximum is 5000 characters)"]}
    blob = _blob(" ".join(text.split()))
    if not blob:
        return {"key": ["is invalid"], "fingerprint_sha256": ["cannot be generated"]}
    fields = _fields(blob)
    if fields[0] == b"ssh-rsa" and int.from_bytes(fields[-1], "big").bit_length() < RSA_BITS_AT_LEAST:
        return {"key": [f"must be at least {RSA_BITS_AT_LEAST} bits"]}
    taken = store[Key].find(fingerprint_sha256=read_ssh_key(text)["fingerprint_sha256"])
    return {"fingerprint_sha256": [TAKEN]} if taken else {}


# GPG


def read_gpg_key(text: str) -> dict[str, Any]:
    """Return the columns of a GPG key."""
    return {"key": text.strip(), "fingerprint": _gpg_fingerprint(text)}


def gpg_problems(store: dsl.Store, text: str) -> dict[str, list[str]]:
    """Return what is wrong with the text of a new GPG key, by column, in GitLab's words."""
    clean = text.strip()
    if not (clean.startswith(GPG_BEGIN) and clean.endswith(GPG_END)):
        return {"key": [f"is invalid. A valid public GPG key begins with '{GPG_BEGIN}'"]}
    fingerprint = _gpg_fingerprint(clean)
    if not fingerprint:
        return {"fingerprint": ["can't be blank"], "primary_keyid": ["can't be blank"]}
    taken = store[GpgKey].find(fingerprint=fingerprint)
    if taken is None:
        return {}
    return {"key": [TAKEN]} if taken.key == clean else {"fingerprint": [TAKEN], "primary_keyid": [TAKEN]}


def _gpg_fingerprint(text: str) -> str:
    """Return the fingerprint of a key of version 4 (RFC 4880, section 12.2), nothing where it cannot be read."""
    lines = text.replace(GPG_BEGIN, "").replace(GPG_END, "").strip().splitlines()
    body = "".join(line.strip() for line in lines if ": " not in line and not line.startswith("="))
    try:
        packet = _first_packet(base64.b64decode(body, validate=True))
    except (binascii.Error, ValueError, IndexError):
        return ""
    if packet[:1] != b"\4":
        return ""
    return hashlib.sha1(b"\x99" + len(packet).to_bytes(2, "big") + packet, usedforsecurity=False).hexdigest().upper()


def _first_packet(data: bytes) -> bytes:
    """Return the content of the first packet if it is a public key, else nothing (RFC 4880, section 4.2)."""
    if data[0] & 0x40:
        tag, size, start = data[0] & 0x3F, data[1], 2
        if 192 <= size < 224:
            size, start = ((size - 192) << 8) + data[2] + 192, 3
    else:
        tag, octets = (data[0] >> 2) & 0xF, 1 << (data[0] & 3)
        size, start = int.from_bytes(data[1 : 1 + octets], "big"), 1 + octets
    packet = data[start : start + size]
    return packet if tag == PUBLIC_KEY_PACKET and len(packet) == size else b""
