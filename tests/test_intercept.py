"""Calls of requests, httpx and python-gitlab, answered in the process."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from wsgiref.util import application_uri

import pytest

from mockgitlab.intercept import BlockedNetwork, Intercept
from mockgitlab.web.http import HttpServer

requests = pytest.importorskip("requests")
httpx = pytest.importorskip("httpx")

URL = "https://gitlab.com"
ELSEWHERE = "http://mockgitlab.invalid"  # .invalid never resolves

App = Callable[[dict[str, Any], Any], Iterable[bytes]]


def echo(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Tells the request it got, its body as text."""
    told: dict[str, object] = {key: value for key, value in environ.items() if isinstance(value, str)}
    told["body"] = environ["wsgi.input"].read().decode("latin-1")
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(told).encode()]


def answer(body: bytes = b"", *headers: tuple[str, str], status: str = "200 OK") -> App:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response(status, list(headers))
        return [body]

    return app


def journey(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Sets a cookie, redirects to a page of its own, and shows there what cookie came back."""
    if environ["PATH_INFO"] == "/start":
        start_response("302 Found", [("Location", "/end"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return []
    start_response("200 OK", [])
    return [environ.get("HTTP_COOKIE", "").encode()]


@pytest.fixture(params=["requests", "httpx", "httpx async"])
def get(request: pytest.FixtureRequest) -> Callable[[str], Any]:
    """GET by each library in turn."""
    if request.param == "requests":
        return lambda url: requests.get(url, timeout=5)
    if request.param == "httpx":
        return lambda url: httpx.get(url, timeout=5)
    return lambda url: asyncio.run(async_get(url))


async def async_get(url: str) -> Any:
    async with httpx.AsyncClient(timeout=5) as client:
        return await client.get(url)


Get = Callable[[str], Any]


def test_a_call_is_answered_by_the_application(get: Get) -> None:
    with Intercept(echo, URL):
        told = get(f"{URL}/api/v4/projects/group%2Fproject/issues?search=a%20b&labels[]=x").json()
    assert told["REQUEST_URI"].startswith("/api/v4/projects/group%2Fproject/issues?search=a%20b&labels")
    assert told["REQUEST_URI"] == told["RAW_URI"]
    assert told["PATH_INFO"] == "/api/v4/projects/group/project/issues"
    assert (told["wsgi.url_scheme"], told["HTTP_HOST"], told["SERVER_PORT"]) == ("https", "gitlab.com", "443")


def test_the_environ_says_the_address_that_was_called(get: Get) -> None:
    def tell(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return answer(application_uri(environ).encode())(environ, start_response)

    with Intercept(tell, "http://gitlab.test:8080"):
        assert get("http://gitlab.test:8080/x").text == "http://gitlab.test:8080/"


OF_THE_WAY = {"SERVER_NAME", "SERVER_PORT", "REMOTE_PORT", "HTTP_HOST", "wsgi.url_scheme"}


@pytest.mark.parametrize(
    "target",
    ["", "/", "/a%2Fb%2e%2E/c%20d", "/é?q=é", "/a//b/?x=1&x=2&y=a+b%2B", "/?", "/a;b?c;d#fragment", "/%25%3F%23"],
)
def test_a_request_arrives_as_it_would_over_a_socket(get: Get, target: str) -> None:
    with HttpServer(echo) as server, Intercept(echo, URL):
        by_socket, in_process = get(server.url + target).json(), get(URL + target).json()
    for told in (by_socket, in_process):
        for key in OF_THE_WAY:
            del told[key]
    assert in_process == by_socket


def body_parts() -> Iterator[bytes]:
    yield b"first "
    yield b"second"


@pytest.mark.parametrize(
    "arguments",
    [
        {"data": {"title": "é", "labels": ["a", "b"]}},
        {"json": {"title": "é"}},
        {"data": b"bytes\x00"},
        {"data": "text"},
        {"data": lambda: io.BytesIO(b"of a file")},
        {"data": body_parts},
        {"files": {"file": ("a.txt", b"content", "text/plain")}},
        {"headers": {"X-Latin": "é".encode("latin-1"), "Cookie": "a=1", "x_under": "1"}, "auth": ("ada", "pass")},
    ],
)
def test_a_body_of_requests_arrives_as_it_would_over_a_socket(arguments: dict[str, Any]) -> None:
    def post(url: str) -> dict[str, Any]:
        fresh = {name: value() if callable(value) else value for name, value in arguments.items()}
        told: dict[str, Any] = requests.post(url, **fresh, timeout=5).json()
        return {key: value for key, value in told.items() if key not in OF_THE_WAY and "boundary" not in str(value)}

    with HttpServer(echo) as server, Intercept(echo, URL):
        by_socket, in_process = post(server.url), post(URL)
    if "files" in arguments:  # of these, the body holds a boundary that is never twice the same
        assert "content" in by_socket.pop("body")
        assert "content" in in_process.pop("body")
    assert in_process == by_socket


@pytest.mark.parametrize(
    "arguments",
    [
        {"data": {"title": "é"}},
        {"json": {"title": "é"}},
        {"content": b"bytes\x00"},
        {"content": body_parts},
        {"headers": [("X-A", "1"), ("X-A", "2")], "cookies": {"a": "1"}},
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # cookies per request
def test_a_body_of_httpx_arrives_as_it_would_over_a_socket(arguments: dict[str, Any]) -> None:
    def post(url: str) -> dict[str, Any]:
        fresh = {name: value() if callable(value) else value for name, value in arguments.items()}
        told: dict[str, Any] = httpx.post(url, **fresh, timeout=5).json()
        return {key: value for key, value in told.items() if key not in OF_THE_WAY}

    with HttpServer(echo) as server, Intercept(echo, URL):
        assert post(URL) == post(server.url)


def test_an_asynchronous_body_arrives() -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"first "
        yield b"second"

    async def post() -> Any:
        async with httpx.AsyncClient() as client:
            return await client.post(URL, content=parts())

    with Intercept(echo, URL):
        told = asyncio.run(post()).json()
    assert (told["body"], told["CONTENT_LENGTH"]) == ("first second", "12")


def test_a_body_of_no_known_kind_is_told() -> None:
    prepared = requests.Request("POST", URL).prepare()
    prepared.body = 3
    with Intercept(echo, URL), requests.Session() as session, pytest.raises(TypeError, match="a body cannot be int"):
        session.send(prepared)


def test_status_reason_and_headers_come_back_as_they_were_given(get: Get) -> None:
    app = answer(b'{"message":"gone"}', ("X-Total", "3"), ("X-Latin", "\xe9"), status="410 Really Gone")
    with Intercept(app, URL):
        got = get(URL)
    assert got.status_code == 410
    assert "Really Gone" in (getattr(got, "reason", None), getattr(got, "reason_phrase", None))
    assert (got.headers["x-total"], got.headers["x-latin"]) == ("3", "\xe9")
    assert got.headers["Content-Length"] == "18"
    assert parsedate_to_datetime(got.headers["Date"]).tzinfo is not None
    assert got.json() == {"message": "gone"}


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_an_answer_that_may_have_no_body_has_none(get: Get, status: str) -> None:
    with Intercept(answer(b"never", status=status), URL):
        got = get(URL)
    assert got.content == b""
    assert "Content-Length" not in got.headers


def test_head_has_no_body() -> None:
    with Intercept(answer(b"never"), URL):
        assert requests.head(URL).content == httpx.head(URL).content == b""


def test_a_redirect_is_followed_and_cookies_are_kept_by_requests() -> None:
    with Intercept(journey, URL), requests.Session() as session:
        got = session.get(f"{URL}/start")
    assert (got.url, got.text) == (f"{URL}/end", "a=1; b=2")
    assert [step.status_code for step in got.history] == [302]
    assert session.cookies.get_dict() == {"a": "1", "b": "2"}


def test_a_redirect_is_followed_and_cookies_are_kept_by_httpx() -> None:
    with Intercept(journey, URL), httpx.Client(follow_redirects=True) as client:
        got = client.get(f"{URL}/start")
    assert (str(got.url), got.text) == (f"{URL}/end", "a=1; b=2")
    assert [step.status_code for step in got.history] == [302]


def test_a_body_can_be_streamed_by_requests() -> None:
    with Intercept(answer(b"0123456789"), URL), requests.get(URL, stream=True) as got:
        assert list(got.iter_content(4)) == [b"0123", b"4567", b"89"]
        assert got.elapsed.total_seconds() >= 0


def test_a_body_can_be_streamed_by_httpx() -> None:
    with Intercept(answer(b"0123456789"), URL), httpx.stream("GET", URL) as got:
        assert list(got.iter_bytes(4)) == [b"0123", b"4567", b"89"]


def test_a_compressed_body_is_unpacked(get: Get) -> None:
    with Intercept(answer(gzip.compress(b"unpacked"), ("Content-Encoding", "gzip")), URL):
        assert get(URL).content == b"unpacked"


def test_an_application_may_write_and_close() -> None:
    closed: list[bool] = []

    class Result(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])(b"written, ")
        return Result([b"returned"])

    with Intercept(app, URL):
        assert requests.get(URL).text == "written, returned"
    assert closed == [True]


def test_what_the_application_raises_reaches_the_caller(get: Get) -> None:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise KeyError("in the application")

    with Intercept(app, URL), pytest.raises(KeyError, match="in the application"):
        get(URL)


def test_an_application_that_does_not_start_its_answer_is_told_so(get: Get) -> None:
    with Intercept(lambda environ, start_response: [], URL), pytest.raises(AssertionError, match="start_response"):
        get(URL)


def test_an_application_that_starts_its_answer_twice_is_told_so(get: Get) -> None:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        start_response("200 OK", [])
        return []

    with Intercept(app, URL), pytest.raises(AssertionError, match="start_response twice"):
        get(URL)


def test_an_application_may_start_again_with_its_error(get: Get) -> None:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        start_response("409 Conflict", [], (ValueError, ValueError("changed its mind"), None))
        return []

    with Intercept(app, URL):
        assert get(URL).status_code == 409


class Flaky:
    """Fails with 503 a number of times before it answers with the body it got."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.calls = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.calls += 1
        app = answer(status="503 Service Unavailable") if self.calls <= self.failures else echo
        return app(environ, start_response)


def session_with_retries(**options: Any) -> Any:
    session = requests.Session()
    retry = requests.adapters.Retry(status_forcelist=[503], backoff_factor=0, **options)
    session.mount("https://", requests.adapters.HTTPAdapter(max_retries=retry))
    return session


def test_an_adapter_that_retries_retries() -> None:
    app = Flaky(failures=2)
    with Intercept(app, URL), session_with_retries(total=2, allowed_methods=None) as session:
        assert session.post(URL, data=body_parts()).json()["body"] == "first second"
    assert app.calls == 3


def test_an_adapter_that_gives_up_raises_as_over_the_network() -> None:
    refused = pytest.raises(requests.exceptions.RetryError, match="too many 503")
    with Intercept(Flaky(failures=9), URL), session_with_retries(total=2) as session, refused:
        session.get(URL)


def test_an_adapter_that_gives_up_may_return_the_last_answer() -> None:
    app = Flaky(failures=9)
    with Intercept(app, URL), session_with_retries(total=2, raise_on_status=False) as session:
        assert session.get(URL).status_code == 503
    assert app.calls == 3


def test_transports_that_wrap_another_are_answered_too() -> None:
    class Wrapping(httpx.BaseTransport):  # type: ignore[misc,name-defined]  # importorskip gives no types
        def __init__(self) -> None:
            self.inner = httpx.HTTPTransport()

        def handle_request(self, request: Any) -> Any:
            request.headers["X-Wrapped"] = "yes"
            return self.inner.handle_request(request)

    with Intercept(echo, URL), httpx.Client(transport=Wrapping()) as client:
        assert client.get(URL).json()["HTTP_X_WRAPPED"] == "yes"


def methods() -> list[Any]:
    return [
        requests.adapters.HTTPAdapter.__dict__["send"],
        httpx.HTTPTransport.__dict__["handle_request"],
        httpx.AsyncHTTPTransport.__dict__["handle_async_request"],
    ]


def test_stopping_restores_the_libraries() -> None:
    before = methods()
    with Intercept(echo, URL):
        assert not any(now is then for now, then in zip(methods(), before, strict=True))
    assert methods() == before


def test_intercepts_of_different_hosts_stop_in_any_order(get: Get) -> None:
    before = methods()
    one, other = Intercept(answer(b"one"), "https://one.test"), Intercept(answer(b"other"), "https://other.test")
    one.start()
    other.start()
    assert (get("https://one.test").text, get("https://other.test").text) == ("one", "other")
    one.stop()
    assert get("https://other.test").text == "other"
    other.stop()
    assert methods() == before


def test_of_two_intercepts_of_one_host_the_later_answers_until_it_stops(get: Get) -> None:
    with Intercept(answer(b"outer"), URL):
        with Intercept(answer(b"inner"), URL):
            assert get(URL).text == "inner"
        assert get(URL).text == "outer"


def test_a_patch_put_over_ours_survives_the_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    def theirs(*arguments: Any, **options: Any) -> None:
        raise AssertionError("never called")

    adapter: Any = requests.adapters.HTTPAdapter
    original = adapter.send
    with Intercept(echo, URL):
        ours = adapter.send
        monkeypatch.setattr(adapter, "send", theirs)
    assert adapter.send is theirs
    adapter.send = ours  # as a tool does that puts back what it found
    with HttpServer(answer(b"by socket")) as server:
        assert requests.get(server.url).text == "by socket"
    adapter.send = original


def test_an_intercept_starts_once_and_may_start_again_after_a_stop() -> None:
    intercept = Intercept(echo, URL)
    for _ in range(2):
        with intercept, pytest.raises(RuntimeError, match="runs already"):
            intercept.start()
    intercept.stop()


def test_several_origins_are_answered_by_one_application(get: Get) -> None:
    with Intercept(echo, [URL, "http://[::1]:9", "https://gitlab.exämple"], block_network=True):
        hosts = {get(url).json()["HTTP_HOST"] for url in (f"{URL}:443", "http://[::1]:9/", "https://gitlab.exämple")}
    assert hosts == {"gitlab.com", "[::1]:9", "gitlab.xn--exmple-cua"}


@pytest.mark.parametrize("url", ["gitlab.com", "ftp://gitlab.com", "https://", "https://gitlab.com/sub", "", "//x"])
def test_what_is_no_origin_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=f"cannot intercept '{url}': .*such as https://gitlab.com"):
        Intercept(echo, url)


def test_other_hosts_are_reached_over_the_network(get: Get) -> None:
    with HttpServer(answer(b"by socket")) as server, Intercept(answer(b"in process"), URL):
        assert get(server.url).text == "by socket"


@pytest.mark.parametrize("url", [ELSEWHERE, "http://gitlab.com", "https://gitlab.com:8443", "https://x.gitlab.com"])
def test_a_blocked_network_refuses_every_other_origin(get: Get, url: str) -> None:
    with Intercept(echo, URL, block_network=True), pytest.raises(BlockedNetwork) as caught:
        get(f"{url}/api?private_token=secret")
    assert isinstance(caught.value, (requests.exceptions.ConnectionError, httpx.ConnectError))
    assert f"{url}/api was refused" in str(caught.value)
    assert f"add {url} to what is intercepted" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert caught.value.request.method == "GET"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_blocked_network_leaves_this_machine_reachable(get: Get, host: str) -> None:
    with HttpServer(answer(b"by socket")) as server, Intercept(echo, URL, block_network=True):
        assert get(f"http://{host}:{server.port}").text == "by socket"


def test_one_intercept_that_blocks_blocks_for_all(get: Get) -> None:
    with Intercept(answer(b"one"), "https://one.test"), Intercept(echo, URL, block_network=True):
        assert get("https://one.test").text == "one"
        with pytest.raises(BlockedNetwork):
            get(ELSEWHERE)


def test_a_blocked_network_leaves_transports_alone_that_need_none() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, text="mocked"))
    with Intercept(echo, URL, block_network=True), httpx.Client(transport=transport) as client:
        assert client.get(ELSEWHERE).text == "mocked"


def test_a_missing_library_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("mockgitlab.intercept.with_")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "httpx", None)
    with Intercept(echo, URL):
        assert requests.get(URL).status_code == 200


def test_a_library_that_is_broken_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "httpx")
    monkeypatch.setitem(sys.modules, "httpx._main", None)
    monkeypatch.setitem(sys.modules, "httpx._api", None)
    with pytest.raises(ModuleNotFoundError, match="httpx"):
        Intercept(echo, URL).start()


def test_importing_the_module_imports_neither_library() -> None:
    program = "import sys, mockgitlab.intercept; print({'requests', 'httpx', 'urllib3'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "set()"


def projects(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """A GitLab of one project with two pages of issues."""
    page = "page=2" in environ["QUERY_STRING"]
    bodies: dict[str, object] = {
        "/api/v4/projects/acme%2Frocket": {"id": 7, "path_with_namespace": "acme/rocket"},
        "/api/v4/projects/7/issues": [{"iid": 2 if page else 1, "project_id": 7}],
    }
    path = environ["REQUEST_URI"].partition("?")[0]
    headers = [("Content-Type", "application/json")]
    if path.endswith("/issues") and not page:
        headers.append(("Link", f'<{URL}/api/v4/projects/7/issues?page=2>; rel="next"'))
    status = "200 OK" if path in bodies and environ.get("HTTP_PRIVATE_TOKEN") == "ada-token" else "404 Not Found"
    start_response(status, headers)
    return [json.dumps(bodies.get(path, {"message": "404 Project Not Found"})).encode()]


def test_python_gitlab_is_answered_under_its_own_default_url() -> None:
    gitlab = pytest.importorskip("gitlab")
    with Intercept(projects, URL, block_network=True), gitlab.Gitlab(private_token="ada-token") as gl:
        project = gl.projects.get("acme/rocket")
        assert project.path_with_namespace == "acme/rocket"
        assert [issue.iid for issue in project.issues.list(iterator=True)] == [1, 2]
        with pytest.raises(gitlab.exceptions.GitlabGetError, match="404 Project Not Found"):
            gl.projects.get("acme/none")
