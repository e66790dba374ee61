"""What the tests of python-gitlab share."""

import base64
import struct
from collections.abc import Callable
from typing import Any

import gitlab
import pytest

Connect = Callable[..., Any]


def refused(kind: type[gitlab.GitlabError], call: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """Return the status and the message of the error, of exactly this kind, that a call must raise."""
    with pytest.raises(kind) as error:
        call(*args, **kwargs)
    assert type(error.value) is kind
    return error.value.response_code, error.value.error_message


def ssh_key(seed: int, comment: str) -> str:
    """Return the public part of an SSH key, another one for each seed."""
    parts = (b"ssh-ed25519", bytes([seed]) * 32)
    blob = b"".join(struct.pack(">I", len(part)) + part for part in parts)
    return f"ssh-ed25519 {base64.b64encode(blob).decode()} {comment}"


def gpg_key(seed: int) -> str:
    """Return a GPG key, another one for each seed."""
    packet = b"\4" + bytes([seed]) * 20
    body = base64.b64encode(b"\x99" + len(packet).to_bytes(2, "big") + packet).decode()
    return f"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{body}\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----"
