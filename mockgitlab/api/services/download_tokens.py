"""Tokens of addresses: they stand for a caller where a client follows an address and sends no token of its own.

They are JSON Web Tokens, as GitLab's are, that name the token of who asked for the address, and end five minutes later.
Source: GitLab's lib/gitlab/terraform_registry_token.rb, lib/json_web_token/hmac_token.rb.
"""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.identity import check_state, check_usable
from mockgitlab.api.models.token import Token
from mockgitlab.api.models.user import User
from mockgitlab.errors import Unauthorized

LASTS = timedelta(minutes=5)


def write_download_token(store: dsl.Store, token: Token) -> str:
    """Return a token that stands for whom another token stands for."""
    ends = int((store.clock.instant + LASTS).timestamp())
    parts = [_encoded({"typ": "JWT", "alg": "HS256"}), _encoded({"token": token.id, "exp": ends})]
    return ".".join([*parts, _signature(token, ".".join(parts))])


def read_download_token(call: dsl.Call, text: str) -> None:
    """Let a call be that of whom a token stands for; raises ``Unauthorized`` where it is none, or has ended."""
    signed, _, signature = text.rpartition(".")
    told = _decoded(signed.rpartition(".")[2])
    named = told.get("token")
    token = call.store[Token].get(named) if isinstance(named, int) else None
    good = token is not None and hmac.compare_digest(_signature(token, signed).encode(), signature.encode())
    if token is None or not good or told["exp"] <= call.store.clock.instant.timestamp():
        raise Unauthorized(reason="the token of the address is none that was given out, or has ended")
    call.token, call.user = token, call.store[User].get(token.user_id)
    check_usable(call, token)
    check_state(call)


def _signature(token: Token, text: str) -> str:
    return _base64(hmac.new(token.value.encode(), text.encode(), hashlib.sha256).digest())


def _encoded(value: Any) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(text: str) -> dict[str, Any]:
    try:
        value = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
