"""A report as JUnit XML, which GitLab, Jenkins and most CI systems show as tests: one for each operation used.

Source: https://docs.gitlab.com/ci/testing/unit_test_reports/ and the schema of Jenkins' xUnit plugin.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mockgitlab.report.summary import KINDS, Finding, Summary

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(summary: Summary) -> str:
    """Return a summary as JUnit XML: operations, expectations, and what is of no operation, as test cases."""
    root = Element("testsuites", name="mockgitlab")
    for name, cases in _suites(summary):
        _suite(root, name, cases)
    for counted in ("tests", "failures", "errors", "skipped"):
        root.set(counted, str(sum(int(suite.get(counted, "0")) for suite in root)))
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


Cases = list[tuple[str, list[Finding]]]


def _suites(summary: Summary) -> Iterator[tuple[str, Cases]]:
    by_operation: dict[str, list[Finding]] = {use.key: [] for use in summary.coverage.used}
    for finding in summary.findings:
        if finding.operation:
            by_operation.setdefault(finding.operation, []).append(finding)
    if by_operation:
        yield "mockgitlab.operations", list(by_operation.items())
    unmet = summary.findings_of("expectation")
    met = [verdict["expected"] for verdict in summary.expectations if verdict["met"]]
    if summary.expectations or unmet:
        cases = [(_first_line(one.text), [one]) for one in unmet]
        yield "mockgitlab.expectations", [*((name, []) for name in met), *cases]
    kinds = [kind for kind in KINDS if kind != "expectation"]
    whole = [(KINDS[kind], [one for one in summary.findings_of(kind) if not one.operation]) for kind in kinds]
    yield "mockgitlab.client", [(name, found) for name, found in whole if found] or [("The journal was read", [])]


def _first_line(text: str) -> str:
    return text.partition("\n")[0]


def _suite(root: Element, name: str, cases: Cases) -> None:
    failures = sum(any(one.breaks for one in found) for _, found in cases)
    counts = {"tests": str(len(cases)), "failures": str(failures), "errors": "0", "skipped": "0", "time": "0"}
    suite = SubElement(root, "testsuite", {"name": name, **counts})
    for title, found in cases:
        case = SubElement(suite, "testcase", classname=name, name=_clean(title), time="0")
        _tell(case, found)


def _tell(case: Element, found: list[Finding]) -> None:
    """Put what breaks the contract into one failure, as some readers take no second, and the rest into the output."""
    failing, others = [one for one in found if one.breaks], [one for one in found if not one.breaks]
    if failing:
        kinds = ", ".join(dict.fromkeys(one.kind for one in failing))
        failure = SubElement(case, "failure", message=_clean(_first_line(failing[0].text)), type=kinds)
        failure.text = _clean("\n".join(map(_line, failing)))
    if others:
        SubElement(case, "system-out").text = _clean("\n".join(dict.fromkeys(map(_line, others))))


def _line(finding: Finding) -> str:
    where = f" ({finding.places})" if finding.where else ""
    return f"{finding.kind}{' (known)' if finding.known else ''}: {finding.text}{where}"


def _clean(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _UNPRINTABLE.sub("�", text)
