"""Many threads at once, over real sockets."""

import http.client
import json
import threading

from mockgitlab.server import MockGitLab
from tests.support import WORLD

THREADS, ISSUES = 64, 10_000


def create(url: str, count: int, made: list[int]) -> None:
    connection = http.client.HTTPConnection(url.removeprefix("http://"))
    for number in range(count):
        headers = {"PRIVATE-TOKEN": "ada-token", "Content-Type": "application/json"}
        connection.request("POST", "/api/v4/projects/1/issues", json.dumps({"title": f"Issue {number}"}), headers)
        answer = connection.getresponse()
        body = json.loads(answer.read())
        assert answer.status == 201, body
        made.append(body["iid"])
    connection.close()


def test_issues_created_by_many_threads_get_every_number_once() -> None:
    made: list[int] = []
    with MockGitLab(WORLD) as gitlab:
        shares = [ISSUES // THREADS + (number < ISSUES % THREADS) for number in range(THREADS)]
        threads = [threading.Thread(target=create, args=(gitlab.url, share, made)) for share in shares]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(made) == list(range(1, ISSUES + 1))
        assert len(gitlab.state()["Issue"]) == ISSUES
