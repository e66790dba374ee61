"""What tests share: a small world, and a client that calls it without a socket."""

import io
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import Client, TestResponse

from mockgitlab.server import MockGitLab

PEOPLE = ("root", "ada", "bob", "rex", "gil", "nora")
WORLD: dict[str, Any] = {
    "mockgitlab": 1,
    "users": [
        {"username": "root", "admin": True},
        {"username": "ada", "name": "Ada Lovelace"},
        {"username": "bob", "name": "Bob Kahn"},
        {"username": "rex", "name": "Rex Porter"},
        {"username": "gil", "name": "Gil Amelio"},
        {"username": "nora", "name": "Nora Nobody"},
    ],
    "groups": [
        {"path": "acme", "members": {"ada": "owner", "bob": "developer", "rex": "reporter", "gil": "guest"}},
        {"path": "acme/labs"},
        {"path": "open", "visibility": "public"},
    ],
    "projects": [
        {"path": "acme/rocket"},
        {"path": "open/source", "visibility": "public"},
        {"path": "ada/notes"},
    ],
    "tokens": [
        {"token": f"{name}-token", "user": name, "scopes": ["api", "sudo"] if name == "root" else ["api"]}
        for name in PEOPLE
    ],
}
"""Users root (1, admin), ada (2, owner of acme), bob (3, developer), rex (4, reporter), gil (5, guest), nora (6, none);
groups acme (1), acme/labs (2), open (3, public); projects acme/rocket (1), open/source (2, public), ada/notes (3)."""


class Answer:
    """An answer, its JSON read."""

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.data = response.get_data()
        self.text = self.data.decode(errors="replace")

    @property
    def json(self) -> Any:
        import json

        return json.loads(self.text)

    def __repr__(self) -> str:
        return f"<{self.status} {self.text[:500]}>"


class Api:
    """Calls the API as one of the world's people: ``api.post("projects/1/issues", "ada", title="x")``.

    Keyword arguments are the query of GET and HEAD, a JSON body otherwise. ``as_`` is a username, ``None`` for nobody.
    """

    def __init__(self, *scenarios: Any, prefix: str = "/api/v4/") -> None:
        self.server = MockGitLab(*(scenarios or (WORLD,)))
        self.prefix = prefix
        self._client = Client(self.server.app, use_cookies=False)

    @property
    def store(self) -> Any:
        return self.server.store

    def request(
        self, method: str, path: str, as_: str | None = "root", /, *, headers: Any = None, **given: Any
    ) -> Answer:
        sent = {"Private-Token": f"{as_}-token", **(headers or {})} if as_ else dict(headers or {})
        body: dict[str, Any] = {"query_string": given} if method in ("GET", "HEAD") else {}
        if given and not body:
            body = {"json": given}
        return self._send(method, path, sent, **body)

    def form(self, method: str, path: str, as_: str | None = "root", /, **given: Any) -> Answer:
        """Send a form, in several parts where one of them is a file."""
        return self._send(method, path, {"Private-Token": f"{as_}-token"} if as_ else {}, data=given)

    def _send(self, method: str, path: str, headers: dict[str, str], **body: Any) -> Answer:
        response = self._client.open(self.prefix + path, method=method, headers=headers, **body)
        self.server.check()
        return Answer(response)

    def get(self, path: str, as_: str | None = "root", /, **given: Any) -> Answer:
        return self.request("GET", path, as_, **given)

    def post(self, path: str, as_: str | None = "root", /, **given: Any) -> Answer:
        return self.request("POST", path, as_, **given)

    def put(self, path: str, as_: str | None = "root", /, **given: Any) -> Answer:
        return self.request("PUT", path, as_, **given)

    def delete(self, path: str, as_: str | None = "root", /, **given: Any) -> Answer:
        return self.request("DELETE", path, as_, **given)


def a_file(name: str, content: bytes = b"\1\2") -> FileStorage:
    """Return a file for ``Api.form``."""
    return FileStorage(io.BytesIO(content), name)


def names(answer: Answer, key: str = "name") -> list[Any]:
    """Return one property of every record of a list."""
    assert answer.status == 200, answer
    return [record[key] for record in answer.json]


def seen(answer: Answer) -> tuple[int, Any]:
    """Return the status and the JSON of an answer, to be compared as one."""
    return answer.status, answer.json


def refused(answer: Answer) -> Any:
    """Return the message of an answer that must say that the request was bad."""
    assert answer.status == 400, answer
    return answer.json["message"]
