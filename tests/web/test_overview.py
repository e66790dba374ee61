"""The page for people at ``/_mockgitlab/``, as HTML and in a real browser."""

import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from mockgitlab.server import MockGitLab
from tests.browser import ENTER, TAB, Browser, needs_browser
from tests.support import WORLD, Api

PAGE = "/_mockgitlab/"
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"
SCENARIO: dict[str, Any] = {
    **WORLD,
    "expect": [{"on": "DELETE /projects/:id"}],
    "faults": [{"on": "GET /projects/:id", "nth": 2, "status": 503}],
}


@pytest.fixture
def api() -> Api:
    api = Api(SCENARIO)
    api.post("projects/1/issues", "ada", title=EVIL)
    api.get("projects/1/issues", "ada", **{EVIL: EVIL})
    api.get("projects/1", "nora")
    return api


def page(api: Api, path: str = PAGE, **headers: str) -> TestResponse:
    answer = Client(api.server.app).get(path, headers=headers)
    api.server.check()
    return answer


def test_the_page_shows_journal_findings_state_and_faults(api: Api) -> None:
    text = page(api).text
    assert "<strong>POST</strong> /api/v4/projects/1/issues" in text
    assert "project acme/rocket is private and nora is no member" in text
    assert "expected DELETE /projects/:id, at least once; it came never" in text
    assert '<a id="kind-Issue" href="?kind=Issue#state">Issue</a> <span class="soft">1</span>' in text
    assert "on GET /projects/:id, nth 2, status 503" in text


def test_records_of_a_kind_are_shown_when_asked_for(api: Api) -> None:
    assert 'id="record-10001"' not in page(api).text
    text = page(api, f"{PAGE}?kind=Issue").text
    assert 'id="record-10001"' in text
    assert 'href="?#state" aria-current="true">Issue</a>' in text
    assert 'id="record-' not in page(api, f"{PAGE}?kind={EVIL}").text


def test_nothing_of_what_a_client_sends_becomes_markup(api: Api) -> None:
    text = page(api, f"{PAGE}?kind=Issue").text
    assert "&lt;script&gt;alert(1)" in text
    assert text.count("<script") == 1
    assert "<img" not in text


def test_secrets_are_hidden(api: Api) -> None:
    text = page(api, f"{PAGE}?kind=Token").text
    assert "personal token of ada" in text
    assert "ada-token" not in text


def test_only_the_pages_own_script_may_run(api: Api) -> None:
    policy = page(api).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")


def test_a_page_that_did_not_change_is_304(api: Api) -> None:
    tag = page(api).headers["ETag"]
    same = page(api, **{"If-None-Match": tag})
    assert (same.status_code, same.text) == (304, "")
    api.get("user")
    assert page(api, **{"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("change", ["clock", "fault", "sandbox", "reset", "emptied"])
def test_whatever_changes_the_page_changes_its_tag(api: Api, change: str) -> None:
    tag = page(api).headers["ETag"]
    changes: dict[str, Callable[[], object]] = {
        "clock": lambda: api.server.advance("1s"),
        "fault": lambda: api.server.fault("GET /user", status=500),
        "sandbox": lambda: api.server.sandbox("box"),
        "reset": api.server.reset,
        "emptied": lambda: api.server.journal.clear(),
    }
    changes[change]()
    assert page(api).headers["ETag"] != tag


def test_a_sandbox_has_a_page_of_its_own_and_links_to_the_others(api: Api) -> None:
    api.server.sandbox("box")
    assert '<a id="world-box" href="/@box/_mockgitlab/"' in page(api).text
    text = page(api, f"/@box{PAGE}").text
    assert "No request came yet. Point a client at <code>http://localhost/@box/api/v4</code>" in text
    assert '<a id="world-" href="/_mockgitlab/">main</a>' in text
    assert 'href="/@box/_mockgitlab/" aria-current="page">@box</a>' in text


def test_a_long_journal_is_cut_and_says_so(api: Api) -> None:
    for _ in range(110):
        api.get("version", "ada")
    text = page(api).text
    assert "The last 100 requests, the newest first." in text
    assert 'id="request-13"' not in text
    assert 'id="request-14"' in text


def test_a_long_answer_is_cut_and_says_so(api: Api) -> None:
    size = len(api.get("projects", "root", per_page=3).text)
    assert f"Answer, the beginning of {size:,} bytes" in page(api).text


def test_the_page_is_found_without_the_slash_too(api: Api) -> None:
    answer = Client(api.server.app).get("/_mockgitlab")
    assert (answer.status_code, answer.headers["Location"]) == (308, "http://localhost/_mockgitlab/")


# In a browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def server(browser: Browser) -> Iterator[MockGitLab]:
    with MockGitLab(WORLD) as server:
        browser.open(f"{server.url}{PAGE}")
        browser.wait_for("return document.getElementById('live').textContent", lambda text: text == "live")
        yield server


def post(server: MockGitLab, title: str) -> None:
    body = urllib.parse.urlencode({"title": title}).encode()
    url = f"{server.url}/api/v4/projects/1/issues"
    urllib.request.urlopen(urllib.request.Request(url, body, {"PRIVATE-TOKEN": "ada-token"})).close()


ROWS = "return document.querySelectorAll('#journal tbody tr').length"


@needs_browser
def test_requests_appear_by_themselves_and_run_no_script(browser: Browser, server: MockGitLab) -> None:
    assert browser.run(ROWS) == 0
    post(server, EVIL)
    assert browser.wait_for(ROWS) == 1
    assert EVIL in browser.run("return document.querySelector('#journal pre').textContent").replace('\\"', '"')
    assert browser.run("return [document.scripts.length, document.images.length]") == [1, 0]


@needs_browser
def test_details_stay_open_and_the_focus_where_it_is_when_more_comes(browser: Browser, server: MockGitLab) -> None:
    post(server, "first")
    browser.wait_for(ROWS)
    browser.tab_to("summary-1")
    browser.press(ENTER)
    post(server, "second")
    browser.wait_for(ROWS, lambda number: number == 2)
    assert browser.run("return document.getElementById('request-1').open") is True
    assert browser.run("return document.activeElement.id") == "summary-1"


@needs_browser
def test_everything_is_done_with_the_keyboard(browser: Browser, server: MockGitLab) -> None:
    post(server, "x")
    browser.wait_for(ROWS)
    browser.run("document.activeElement.blur(); window.scrollTo(0, 0)")
    browser.press(TAB)
    assert browser.run("return document.activeElement.textContent") == "Skip to the content"
    browser.tab_to("toggle")
    browser.press(ENTER)
    assert browser.run("return document.getElementById('live').textContent") == "paused"
    browser.press(ENTER)
    browser.tab_to("reset")
    browser.press(ENTER)
    browser.wait_for(ROWS, lambda number: number == 0)
    assert len(server.journal) == 0


@needs_browser
def test_the_journal_is_emptied_with_a_button_and_the_world_stays(browser: Browser, server: MockGitLab) -> None:
    post(server, "x")
    browser.wait_for(ROWS)
    browser.run("document.getElementById('clear').click()")
    browser.wait_for(ROWS, lambda number: number == 0)
    assert [issue["title"] for issue in server.state()["Issue"]] == ["x"]


@needs_browser
def test_a_trap_is_set_and_cleared_by_hand(browser: Browser, server: MockGitLab) -> None:
    browser.tab_to("set-trap")
    browser.press(ENTER)
    [name] = browser.wait_for("return [...document.querySelectorAll('#faults li code')].map(one => one.textContent)")
    assert server.traps == [name]
    browser.run("document.getElementById('clear-traps').click()")
    browser.wait_for("return document.querySelectorAll('#faults li').length", lambda number: number == 0)
    assert server.traps == []


@needs_browser
@pytest.mark.parametrize("kind", ["page", "report"])
def test_there_is_light_and_dark_and_nothing_wider_than_the_window(kind: str, tmp_path: Path) -> None:
    colours, pictures = [], []
    with MockGitLab(SCENARIO) as server:
        post(server, "x" * 200)
        for scheme in (0, 1):
            flag = f"--blink-settings=preferredColorScheme={scheme}"
            with Browser(tmp_path / str(scheme), flag, size="700,900") as browser:
                browser.open(f"{server.url}{PAGE}{'report?format=html' if kind == 'report' else ''}")
                colours.append(browser.run("return getComputedStyle(document.body).backgroundColor"))
                assert browser.run("return document.documentElement.scrollWidth <= window.innerWidth")
                pictures.append(browser.screenshot())
    assert colours == ["rgb(24, 23, 28)", "rgb(247, 246, 249)"]
    assert pictures[0] != pictures[1]
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
