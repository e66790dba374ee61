"""Where a server listens: binding a host and a port, and the URL of them."""

import errno
import socket

BACKLOG = 128
ADVICE = {
    errno.EADDRINUSE: "stop the program that holds the port, or choose another one: port 0 picks a free one",
    errno.EACCES: "choose a port from 1024 on: lower ones need privileges",
    errno.EADDRNOTAVAIL: "choose an address of this machine, such as 127.0.0.1",
}


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on a host and port; raises ``OSError`` that says what to do where it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = host == "::" and socket.has_dualstack_ipv6()
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG, dualstack_ipv6=both)
    except OSError as error:
        advice = ADVICE.get(error.errno or 0, "check the host and the port")
        reason = f"cannot listen on host {host} port {port}: {error.strerror}; {advice}"
        raise OSError(error.errno, reason) from error


def url_of(host: str, port: int) -> str:
    """Return the URL of a host and port, without a slash at the end; a wildcard host is shown as loopback."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
