"""Public keys for tests: in the right form, of nobody; another one for each seed."""

import base64
import struct


def ed25519(seed: int) -> str:
    """Return an SSH key, without a comment."""
    return "ssh-ed25519 " + _encoded(b"ssh-ed25519", bytes([seed]) * 32)


def rsa(bits: int) -> str:
    """Return an SSH key of so many bits, without a comment."""
    modulus = b"\0" + ((1 << bits) - 1).to_bytes(bits // 8, "big")
    return "ssh-rsa " + _encoded(b"ssh-rsa", b"\1\0\1", modulus)


def _encoded(*fields: bytes) -> str:
    return base64.b64encode(b"".join(struct.pack(">I", len(one)) + one for one in fields)).decode()


def gpg_key(seed: int, *headers: str) -> str:
    """Return a GPG key, with lines such as ``Version: 1`` in its armor."""
    packet = b"\4" + bytes([seed]) * 20
    body = base64.b64encode(b"\x99" + len(packet).to_bytes(2, "big") + packet).decode()
    armor = "-----{} PGP PUBLIC KEY BLOCK-----"
    return "\n".join([armor.format("BEGIN"), *headers, "", body, "=abcd", armor.format("END")])
