"""Faults as real clients meet them: over a socket, intercepted, and in pytest."""

import http.client
import json

import httpx
import pytest
import requests

from mockgitlab.scenario.problems import ScenarioError
from mockgitlab.server import MockGitLab
from tests.support import WORLD

pytest_plugins = ["pytester"]
HEADERS = {"PRIVATE-TOKEN": "ada-token"}
ISSUES = "/api/v4/projects/1/issues"


def titles(gitlab: MockGitLab) -> list[str]:
    return [one["title"] for one in gitlab.state().get("Issue", [])]


@pytest.mark.parametrize(("options", "left"), [({"lose": True}, ["x"]), ({"answer": "reset"}, [])])
def test_a_reset_reaches_the_client_and_the_server_lives_on(options: dict[str, object], left: list[str]) -> None:
    with MockGitLab(WORLD) as gitlab:
        gitlab.fault("POST /projects/:id/issues", nth=1, **options)
        with pytest.raises(requests.ConnectionError):
            requests.post(gitlab.url + ISSUES, {"title": "x"}, headers=HEADERS, timeout=10)
        assert titles(gitlab) == left
        assert requests.get(gitlab.url + ISSUES, headers=HEADERS, timeout=10).status_code == 200
        gitlab.check()


def test_a_truncated_answer_announces_more_than_it_has() -> None:
    with MockGitLab(WORLD) as gitlab:
        gitlab.fault("GET /user", answer="truncated", nth=1)
        connection = http.client.HTTPConnection(gitlab.url.removeprefix("http://"), timeout=10)
        connection.request("GET", "/api/v4/user", headers=HEADERS)
        answer = connection.getresponse()
        assert answer.headers["Connection"] == "close"
        with pytest.raises(http.client.IncompleteRead) as raised:
            answer.read()
        assert len(raised.value.partial) in range(1, int(answer.headers["Content-Length"]))
        connection.request("GET", "/api/v4/user", headers=HEADERS)
        assert json.load(connection.getresponse())["username"] == "ada"
        connection.close()
        gitlab.check()


def test_latency_is_waited_for() -> None:
    with MockGitLab(WORLD) as gitlab:
        gitlab.fault("GET /user", latency=5)
        with pytest.raises(requests.ReadTimeout):
            requests.get(f"{gitlab.url}/api/v4/user", headers=HEADERS, timeout=0.2)


@pytest.mark.parametrize("answer", [None, "truncated"])
def test_a_body_may_drip(monkeypatch: pytest.MonkeyPatch, answer: str | None) -> None:
    slept: list[float] = []
    monkeypatch.setattr("mockgitlab.web.gateway.sleep", slept.append)
    with MockGitLab(WORLD) as gitlab:
        gitlab.fault("GET /user", drip="2s", answer=answer, nth=1)
        connection = http.client.HTTPConnection(gitlab.url.removeprefix("http://"), timeout=10)
        connection.request("GET", "/api/v4/user", headers=HEADERS)
        got = connection.getresponse()
        if answer is None:
            assert json.load(got)["username"] == "ada"
        else:
            with pytest.raises(http.client.IncompleteRead):
                got.read()
        assert len(slept) == 10
        assert round(sum(slept), 6) == 2
        connection.request("GET", "/api/v4/user", headers=HEADERS)
        assert json.load(connection.getresponse())["username"] == "ada"
        connection.close()
        gitlab.check()


def test_intercepted_clients_meet_their_own_errors() -> None:
    with MockGitLab(WORLD, intercept="https://gitlab.com") as gitlab:
        gitlab.fault("GET /user", answer="reset")
        with pytest.raises(requests.ConnectionError, match="fault on GET /user, answer reset"):
            requests.get("https://gitlab.com/api/v4/user", headers=HEADERS)
        with pytest.raises(httpx.ReadError, match="fault on GET /user, answer reset"):
            httpx.get("https://gitlab.com/api/v4/user", headers=HEADERS)


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (
            {"on": "GET /usr/:id", "status": 500},
            "faults[0].on: there is no operation GET /usr/:id; did you mean 'GET /user",
        ),
        ({"on": "GET /user", "stauts": 500}, "faults[0].stauts: is not a key known here; did you mean 'status'?"),
        ({"on": "GET /user"}, "faults[0]: say what happens"),
    ],
)
def test_a_wrong_fault_of_a_scenario_is_told_with_its_place(item: object, text: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        MockGitLab({"mockgitlab": 1, "faults": [item]})
    assert text in str(raised.value)


def test_a_mark_adds_faults_to_the_scenario_of_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
import urllib.error, urllib.request
import pytest

@pytest.fixture
def mockgitlab_scenario():
    return {"mockgitlab": 1, "groups": [{"path": "acme"}]}

def status(url):
    try:
        return urllib.request.urlopen(url).status
    except urllib.error.HTTPError as error:
        return error.code

@pytest.mark.mockgitlab(faults=[{"on": "GET /groups", "status": 503, "nth": 1}])
def test_marked(mockgitlab):
    assert [status(mockgitlab.url + "/api/v4/groups") for _ in range(2)] == [503, 200]
    assert mockgitlab.state()["Group"]

def test_unmarked(mockgitlab):
    assert status(mockgitlab.url + "/api/v4/groups") == 200
""")
    pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:randomly").assert_outcomes(passed=2)
