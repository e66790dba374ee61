"""The port that the embedded server listens on, how it is told, and how failures are."""

import errno
import socket

_BACKLOG = 128
_ADVICE = {
    errno.EADDRINUSE: "stop the program that holds the port, or choose another one: port 0 picks a free one",
    errno.EACCES: "choose a port from 1024 on: lower ones need privileges",
    errno.EADDRNOTAVAIL: "choose an address of this machine, such as 127.0.0.1",
}


def url_of(host: str, port: int) -> str:
    """Return the address as clients write it; a wildcard host is shown as loopback."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def log(error: BaseException, told: str = "the application raised an exception") -> None:
    """Log what the application raised."""
    import logging  # takes longer to import than all this package, for what should never happen

    logging.getLogger("mockgitlab").error(told, exc_info=error)


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises ``OSError`` which says what to do when the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = host == "::" and socket.has_dualstack_ipv6()
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG, dualstack_ipv6=both)
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, "check the host and the port")
        reason = f"cannot listen on host {host} port {port}: {error.strerror}; {advice}"
        raise OSError(error.errno, reason) from error
