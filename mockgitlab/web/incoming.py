"""What came over a connection and was not read yet."""

from collections.abc import Callable

PIECE = 64 * 1024
"""So many bytes are asked for at once."""


class Incoming:
    """Bytes read from a connection as they are needed; ``receive(size)`` gives more of them, none at the end."""

    __slots__ = ("_receive", "held")

    def __init__(self, receive: Callable[[int], bytes]) -> None:
        self.held = bytearray()
        self._receive = receive

    def more(self) -> bool:
        """Wait for more bytes; tells whether there are any."""
        data = self._receive(PIECE)
        self.held += data
        return bool(data)

    def peek(self) -> bytearray:
        """Return what is there, at least a byte unless this is the end; it is not to be changed."""
        if not self.held:
            self.more()
        return self.held

    def take(self, size: int) -> bytes:
        """Return the next bytes of those that are there."""
        held = self.held
        with memoryview(held) as view:
            data = bytes(view[:size])
        del held[:size]
        return data

    def exactly(self, size: int) -> bytes:
        """Return the next bytes; fewer when the end comes first."""
        while len(self.held) < size and self.more():
            pass
        return self.take(size)

    def line(self, limit: int) -> bytes:
        """Return the next line with its end; without one when it is longer than ``limit``, or the end comes first."""
        searched = 0
        while not (end := self.held.find(b"\n", searched) + 1) and len(self.held) < limit:
            searched = len(self.held)
            if not self.more():
                break
        return self.take(min(end or limit, limit))
