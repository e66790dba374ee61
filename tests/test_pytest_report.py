"""The report of a whole session of pytest, in one process and from workers of xdist."""

import json
import xml.etree.ElementTree as ET

import pytest

from mockgitlab import cli

pytest_plugins = ["pytester"]

SOURCE = """
import urllib.request
import pytest

def ask(url, path):
    urllib.request.urlopen(urllib.request.Request(url + path, headers={"PRIVATE-TOKEN": "root-token"})).close()

@pytest.mark.parametrize("turn", [1, 2, 3])
def test_read(mockgitlab, turn):
    ask(mockgitlab.url, "/api/v4/projects?serch=x")

def test_sandboxed(mockgitlab):
    with mockgitlab.sandbox("box") as box:
        ask(box.url, "/api/v4/version")

def test_made(make_mockgitlab):
    ask(make_mockgitlab().url, "/api/v4/user")

def test_alone():
    pass
"""


def run(pytester: pytest.Pytester, *options: str, source: str = SOURCE) -> pytest.RunResult:
    pytester.makepyfile(test_it=source)
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:randomly", *options)


def test_a_session_is_summed_up_in_every_format_asked_for(pytester: pytest.Pytester) -> None:
    names = ("out/a.xml", "b.json", "c.md", "d.html", "e.jsonl")
    result = run(pytester, *[f"--mockgitlab-report={name}" for name in names])
    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(["*mockgitlab: The contract was broken: 1 finding; written to *a.xml, *e.jsonl*"])
    found = json.loads((pytester.path / "b.json").read_text())
    used = {one["operation"]: one["requests"] for one in found["coverage"]["operations"]}
    assert used == {"GET /projects": 3, "GET /user": 1, "GET /version": 1}
    [broken] = [one for one in found["findings"] if one["failing"]]
    assert broken["where"] == [f"test_it.py::test_read[{turn}] #1" for turn in (1, 2, 3)]
    assert ET.parse(pytester.path / "out/a.xml").getroot().get("failures") == "1"
    assert (pytester.path / "c.md").read_text().startswith("### ❌ mockgitlab")
    assert "</html>" in (pytester.path / "d.html").read_text()
    lines = [json.loads(line) for line in (pytester.path / "e.jsonl").read_text().splitlines()]
    assert (lines[0]["world"], list(lines[0]["account"])) == (
        "test_it.py::test_made",
        ["verification", "roles", "dropped"],
    )
    assert cli.main(["report", str(pytester.path / "e.jsonl"), "-o", str(pytester.path / "again.json")]) == 1
    assert json.loads((pytester.path / "again.json").read_text()) == found


def test_workers_of_xdist_hand_theirs_to_the_one_who_writes(pytester: pytest.Pytester) -> None:
    result = run(pytester, "-n", "2", "--dist=load", "--mockgitlab-report=b.json")
    result.assert_outcomes(passed=6)
    found = json.loads((pytester.path / "b.json").read_text())
    assert (found["requests"], found["worlds"]) == (5, 5)
    [broken] = [one for one in found["findings"] if one["failing"]]
    assert broken["where"] == [f"test_it.py::test_read[{turn}] #1" for turn in (1, 2, 3)]


def test_a_file_of_no_format_is_a_usage_error(pytester: pytest.Pytester) -> None:
    result = run(pytester, "--mockgitlab-report=report.pdf")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--mockgitlab-report: 'report.pdf' has the suffix of no format: take *"])


def test_sandboxes_of_a_test_are_verified_and_as_strict_as_it_is(pytester: pytest.Pytester) -> None:
    (pytester.path / "world.yaml").write_text(
        "mockgitlab: 1\ntokens: [{token: root-token, user: root, scopes: [api]}]\nexpect: [{on: GET /version}]\n"
    )
    source = (
        SOURCE[: SOURCE.index("@pytest")]
        + """
def test_met(mockgitlab):
    with mockgitlab.sandbox("box") as box:
        ask(box.url, "/api/v4/version")

def test_unmet(mockgitlab):
    ask(mockgitlab.sandbox("box").url, "/api/v4/user")

def test_unmet_and_dropped(mockgitlab):
    with mockgitlab.sandbox("box") as box:
        ask(box.url, "/api/v4/user")

@pytest.mark.mockgitlab(strict="fail")
def test_strict(mockgitlab):
    ask(mockgitlab.sandbox("box").url, "/api/v4/version?serch=x")

@pytest.mark.mockgitlab(max_requests=1)
def test_budget(mockgitlab):
    box = mockgitlab.sandbox("box")
    ask(box.url, "/api/v4/version"), ask(box.url, "/api/v4/version")
"""
    )
    result = run(pytester, "--mockgitlab-scenario=world.yaml", source=source)
    result.assert_outcomes(passed=1, failed=4)
    result.stdout.fnmatch_lines(["expected GET /version, at least once; it came never"])
