"""Posting: one request to a host, if it may be reached.

Loopback is always allowed, other hosts only where the scenario names them under ``gitlab.webhooks.hosts``.
"""

import ipaddress
import ssl
from base64 import b64encode
from collections.abc import Iterable
from fnmatch import fnmatchcase
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, quote, unquote, urlsplit

from mockgitlab.dsl import Outcome, Parcel

BODY_AT_MOST = 8_192
SAFE = "/%:@!$&'()*+,;=~-._?[]"


def post(parcel: Parcel, hosts: Iterable[str], timeout: float) -> Outcome:
    """Post a parcel, unless its host is neither this machine nor allowed."""
    place = "the host"
    try:
        parts = urlsplit(parcel.url)
        place = parts.netloc.rpartition("@")[2]
        host, port = parts.hostname or "", parts.port
        if not may_reach(host, hosts):
            told = f"{host} is not this machine, and gitlab.webhooks.hosts does not name it: nothing was sent"
            return Outcome(error=told, withheld=True)
        return _posted(parcel, parts, host, port, timeout)
    except TimeoutError:
        return Outcome(error=f"execution expired after {timeout:g} s")
    except (OSError, HTTPException, ValueError) as error:
        return Outcome(error=f"Failed to open TCP connection to {place} ({error})")


def may_reach(host: str, hosts: Iterable[str]) -> bool:
    """Tell whether a host may be posted to: this machine, or one that is named, where ``*`` stands for any part."""
    return _is_loopback(host) or any(fnmatchcase(host.lower(), wanted.lower()) for wanted in hosts)


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _posted(parcel: Parcel, parts: SplitResult, host: str, port: int | None, timeout: float) -> Outcome:
    connection = _connection(parts.scheme, host, port, timeout, verify=parcel.verify)
    target = quote(parts.path or "/", SAFE) + (f"?{quote(parts.query, SAFE)}" if parts.query else "")
    headers = {name: value.encode() for name, value in parcel.headers.items()}
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = b"Basic " + b64encode(pair.encode())
    try:
        connection.request("POST", target, parcel.body, headers)
        response = connection.getresponse()
        return Outcome(response.status, tuple(response.getheaders()), response.read(BODY_AT_MOST))
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None, timeout: float, *, verify: bool) -> HTTPConnection:
    if scheme != "https":
        return HTTPConnection(host, port, timeout=timeout)
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return HTTPSConnection(host, port, timeout=timeout, context=context)
