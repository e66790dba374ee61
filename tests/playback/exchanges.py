"""What the tests of recordings share: exchanges, and recordings made of them."""

from pathlib import Path
from typing import Any

from mockgitlab.playback.exchange import Body, Exchange, Got, Part, Sent
from mockgitlab.playback.recording import Recording
from mockgitlab.playback.writer import RecordingWriter

JSON = (("Content-Type", "application/json"),)
UPSTREAM = "https://gitlab.example.com"


def got(path: str, value: Any, status: int = 200, **options: Any) -> Exchange:
    """Return a GET and the JSON that answered it."""
    return Exchange(Sent("GET", path, **options), Got(status, JSON, Body("json", value)))


def posted(path: str, sent: Any, value: Any, status: int = 201) -> Exchange:
    """Return a POST of JSON and the JSON that answered it."""
    return Exchange(Sent("POST", path, (), JSON, Body("json", sent)), Got(status, JSON, Body("json", value)))


def every_kind() -> list[Exchange]:
    """Return an exchange of each kind of body."""
    png = Part("a.png", "image/png", b"\x89PNG\0\xff")
    text = Part("notes.txt", "text/plain", "first\nsecond é\n".encode())
    form = Body("form", (("title", "x"), ("labels[]", "a"), ("labels[]", "b"), ("file", png), ("notes", text)))
    return [
        got("/api/v4/projects/acme%2Frocket", {"id": 1, "ratio": 1.0, "none": None, "emoji": "😀", "list": []}),
        posted("/api/v4/projects/1/issues", {"title": "a\nb\n"}, {"iid": 1}),
        Exchange(Sent("POST", "/uploads", (), (("Content-Type", "multipart/form-data"),), form), Got(201)),
        Exchange(Sent("GET", "/raw"), Got(200, (("Content-Type", "text/plain"),), Body("text", "  # end\n\nlast  "))),
        Exchange(Sent("GET", "/png"), Got(200, (("Content-Type", "image/png"),), Body("file", b"\0\1\2"))),
        Exchange(Sent("DELETE", "/thing", (("a", ""), ("b[]", "1"), ("b[]", "2"))), Got(204)),
    ]


def recorded(path: Path, *exchanges: Exchange, upstream: str = UPSTREAM) -> Recording:
    """Write a recording and open it."""
    with RecordingWriter(path, {"upstream": upstream}) as writer:
        for exchange in exchanges:
            writer.append(exchange)
    return Recording(path)
