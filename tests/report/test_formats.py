"""The report in each of its formats, of a client that broke the contract in every way."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from mockgitlab.report.formats import format_of, rendered
from mockgitlab.report.markdown import escaped
from mockgitlab.report.summary import Finding, Summary
from tests.support import WORLD, Api

EVIL = '<script>alert("1")</script>`|*\x00\ud800'


@pytest.fixture
def summary() -> Summary:
    expect = [{"on": "DELETE /projects/:id", "json": {"a": 1}}, {"on": "GET /projects/:id/issues"}]
    api = Api({**WORLD, "expect": expect, "max_requests": 1})
    for _ in range(2):
        api.get("projects/1/issues", "ada", stat="opened")
    api.get("nothing", "ada")
    return api.server.report()


def made(summary: Summary, name: str) -> str:
    return rendered(summary, name).decode()


@pytest.fixture
def evil(summary: Summary) -> Summary:
    finding = Finding("contract", EVIL, EVIL, (EVIL,), failing=True)
    return replace(summary, findings=(*summary.findings, finding, replace(finding, known=True)))


# JUnit


def suites(text: str) -> dict[str, ET.Element]:
    return {str(suite.get("name")): suite for suite in ET.fromstring(text)}


def test_junit_has_a_test_case_for_each_operation_and_expectation(summary: Summary) -> None:
    found = suites(made(summary, "junit"))
    assert list(found) == ["mockgitlab.operations", "mockgitlab.expectations", "mockgitlab.client"]
    names = [[case.get("name") for case in suite] for suite in found.values()]
    assert names[0] == ["GET /projects/:id/issues"]
    assert names[1][0] == "GET /projects/:id/issues, at least once"
    assert str(names[1][1]).startswith("expected DELETE /projects/:id")
    assert names[2] == ["Too many requests", "More privileges than needed"]


def test_junit_tells_failures_with_their_text_and_the_rest_as_output(summary: Summary) -> None:
    [case] = suites(made(summary, "junit"))["mockgitlab.operations"]
    failure, output = case
    assert (failure.tag, failure.get("type"), output.tag) == ("failure", "contract", "system-out")
    assert "no parameter stat" in str(failure.get("message"))
    assert str(failure.text).endswith("did you mean state? (#1, #2)")
    assert "coverage: no request has met 404" in str(output.text)


SCHEMA: dict[str, tuple[set[str], set[str]]] = {
    "testsuites": ({"name", "tests", "failures", "errors", "skipped"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time"}, {"testcase"}),
    "testcase": ({"classname", "name", "time"}, {"failure", "system-out"}),
    "failure": ({"message", "type"}, set()),
    "system-out": (set(), set()),
}
"""Of each element of JUnit's schema the attributes that there must be, and the elements that there may be in it."""


@pytest.mark.parametrize("fixture", ["summary", "evil"])
def test_junit_is_as_its_readers_expect(fixture: str, request: pytest.FixtureRequest) -> None:
    root = ET.fromstring(made(request.getfixturevalue(fixture), "junit"))
    for element in root.iter():
        attributes, inner = SCHEMA[element.tag]
        assert set(element.keys()) == attributes
        assert {one.tag for one in element} <= inner
        assert len({one.tag for one in element}) == len(element) or element.tag in ("testsuites", "testsuite")
    for suite in root:
        assert (int(suite.attrib["tests"]), int(suite.attrib["failures"])) == (
            len(suite),
            len(suite.findall("testcase/failure")),
        )
    assert int(root.attrib["tests"]) == len(root.findall(".//testcase"))


def test_junit_of_nothing_has_a_passed_test(api: Api) -> None:
    root = ET.fromstring(made(api.server.report(), "junit"))
    assert (root.get("tests"), root.get("failures")) == ("1", "0")


# JSON


def test_json_has_the_whole_summary(summary: Summary) -> None:
    found = json.loads(made(summary, "json"))
    assert found == json.loads(json.dumps(summary.to_json()))
    assert (found["ok"], found["requests"], found["refused"]) == (False, 3, 1)
    assert found["coverage"]["operations"][0]["operation"] == "GET /projects/:id/issues"


# Markdown


def test_markdown_shows_what_broke_and_folds_the_rest(summary: Summary) -> None:
    text = made(summary, "markdown")
    assert text.startswith("### ❌ mockgitlab: The contract was broken: 3 findings\n\n3 requests · 1 refused · 1 of ")
    assert "#### Against the contract\n\n- ❌ GET /projects/\\:id/issues has no parameter stat, " in text
    assert "<details><summary>More privileges than needed (1)</summary>" in text
    assert "| `GET /projects/:id/issues` | 2 | 200 (2) | 400, 404 |" in text
    assert text.count("<details>") == text.count("</details>")


def test_markdown_shows_every_text_as_it_is(evil: Summary) -> None:
    assert "<script>" not in made(evil, "markdown").replace("\\<script\\>", "")
    assert escaped("a_b @ada #1 <b>") == "a\\_b \\@ada \\#1 \\<b\\>"


# HTML


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, Any]]:
        return [attributes for tag, attributes in self.tags if tag in names]


def test_html_needs_no_network_and_no_script(evil: Summary) -> None:
    text = made(evil, "html")
    page = Page(text)
    assert page.all("script", "img", "iframe") == []
    assert [one["href"] for one in page.all("link")] == ["data:,"]
    assert all(one["href"].startswith("#") for one in page.all("a"))
    assert "@import" not in text
    assert "url(" not in text


def test_html_is_light_and_dark_and_used_by_keyboard(summary: Summary) -> None:
    text = made(summary, "html")
    page = Page(text)
    assert "prefers-color-scheme: dark" in text
    assert page.all("html") == [{"lang": "en"}]
    links = {one["href"].removeprefix("#") for one in page.all("a")}
    assert links == {"content", "findings", "expectations", "privileges", "operations"}
    assert links <= {attributes.get("id") for _, attributes in page.tags}
    regions = [one for one in page.all("div") if one.get("role") == "region"]
    assert [one["tabindex"] for one in regions] == ["0"] * len(page.all("table"))
    assert all(one["scope"] for one in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table")) == 3


def test_html_escapes_every_text(evil: Summary) -> None:
    text = made(evil, "html")
    assert "<script" not in text
    assert "&lt;script&gt;alert(&#34;1&#34;)" in text


# Text, and files


def test_text_tells_findings_and_operations(summary: Summary) -> None:
    lines = made(summary, "text").splitlines()
    assert lines[0].startswith("The contract was broken: 3 findings. 3 requests, 1 refused, 1 of ")
    assert "Against the contract" in lines
    assert "  GET /projects/:id/issues: 200 (2); never 400, 404" in lines


@pytest.mark.parametrize(
    ("name", "found"), [("a.xml", "junit"), ("b.json", "json"), ("c.md", "markdown"), ("d.html", "html")]
)
def test_the_suffix_says_the_format(name: str, found: str, summary: Summary, tmp_path: Path) -> None:
    assert format_of(Path(name)) == found
    summary.write(tmp_path / "new" / name)
    assert (tmp_path / "new" / name).read_text() == made(summary, found)


def test_another_suffix_is_told(summary: Summary) -> None:
    with pytest.raises(ValueError, match=r"'report.pdf' has the suffix of no format: take .*\.md"):
        summary.write("report.pdf")


def test_known_findings_are_marked_and_break_nothing(evil: Summary) -> None:
    known = replace(evil, findings=tuple(replace(one, known=True) for one in evil.findings))
    assert known.verdict() == "The contract was kept (5 known)"
    assert "known" in made(known, "html")
    assert ET.fromstring(made(known, "junit")).get("failures") == "0"
