"""What a client of 2016 was: plain requests with a private token, and forms."""

from collections.abc import Callable, Iterator
from typing import Any

import requests

from mockgitlab import MockGitLab

TOKEN = "9koXpg98eAheJpvBs5tK"
Ask = Callable[..., requests.Response]


def asking(scenario: dict[str, Any] | str) -> Iterator[Ask]:
    """Yield a function that calls v3 of a server of its own with a private token."""
    with MockGitLab(scenario) as gitlab, requests.Session() as session:

        def ask(method: str, path: str, /, *, token: str = TOKEN, files: Any = None, **data: Any) -> requests.Response:
            headers = {"PRIVATE-TOKEN": token} if token else {}
            url = f"{gitlab.url}/api/v3{path}"
            return session.request(method, url, headers=headers, data=data, files=files, timeout=5)

        yield ask
