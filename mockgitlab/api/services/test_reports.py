"""What the tests of a pipeline report, in the format of JUnit.

Source: https://docs.gitlab.com/api/pipelines/#get-a-test-report-for-a-pipeline, GitLab's
lib/gitlab/ci/parsers/test/junit.rb, lib/gitlab/ci/reports/test_suite.rb and app/serializers/test_report_entity.rb.
"""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mockgitlab import dsl
from mockgitlab.api.models.job_artifact import JUNIT, artifacts_of
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline, latest_statuses

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Case = dict[str, Any]
COUNTED = ("success", "failed", "skipped", "error")
ENDS = {"failure": "failed", "error": "error", "skipped": "skipped"}
_GROUP = re.compile(r"([\s:]+((\[.*\])|(\d+[\s:/\\]+\d+)))+\Z")


class Suite:
    """The tests of the jobs of one name, those in parallel together."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.error: str | None = None
        self.build_ids: list[int] = []
        self._cases: dict[str, dict[tuple[Any, ...], Case]] = {}

    def add(self, suite: str, case: Case) -> None:
        """Take in a test; one of the same names takes the place of another that ended the same."""
        key = (suite, case["classname"], case["name"])
        self._cases.setdefault(case["status"], {})[key] = case

    @property
    def cases(self) -> list[Case]:
        """The tests, grouped by how they ended; none where a report could not be read."""
        return [] if self.error else [case for group in self._cases.values() for case in group.values()]

    def counts(self) -> dict[str, Any]:
        """Return how long the tests took, how many there are, and how many ended how."""
        found = [case["status"] for case in self.cases]
        by_end = {f"{status}_count": found.count(status) for status in COUNTED}
        return {
            "total_time": _plain(sum(case["execution_time"] for case in self.cases)),
            "total_count": len(found),
            **by_end,
        }


def report(store: dsl.Store, pipeline: Pipeline) -> dict[str, Any]:
    """Return the tests of a pipeline as JSON."""
    found = list(_suites(store, pipeline))
    suites = [{"name": one.name, **one.counts(), "suite_error": one.error, "test_cases": one.cases} for one in found]
    return {**_total(found), "test_suites": suites}


def summary(store: dsl.Store, pipeline: Pipeline) -> dict[str, Any]:
    """Return how many tests of a pipeline ended how, as JSON."""
    found = list(_suites(store, pipeline))
    total = {name.removesuffix("_count").removeprefix("total_"): value for name, value in _total(found).items()}
    total["count"] = total.pop("total")
    total = {name: total[name] for name in ("time", "count", *COUNTED)}
    suites = [{"name": one.name, **one.counts(), "build_ids": one.build_ids, "suite_error": one.error} for one in found]
    return {"total": {**total, "suite_error": None}, "test_suites": suites}


def _total(suites: list[Suite]) -> dict[str, Any]:
    counts = [one.counts() for one in suites]
    return {name: _plain(sum(one[name] for one in counts)) for name in Suite("").counts()}


def _plain(number: float) -> float:
    return round(number, 6)


def _suites(store: dsl.Store, pipeline: Pipeline) -> Iterator[Suite]:
    found: dict[str, Suite] = {}
    for job in latest_statuses(store, pipeline):
        for artifact in artifacts_of(store, job):
            if artifact.file_type == JUNIT:
                suite = found.setdefault(_group(job), Suite(_group(job)))
                suite.build_ids += [job.id] * (job.id not in suite.build_ids)
                _read(artifact.data, suite)
    yield from found.values()


def _group(job: CommitStatus) -> str:
    return _GROUP.sub("", job.name).strip()


# Reading a report


def _read(data: bytes, suite: Suite) -> None:
    import gzip
    import zlib
    from xml.etree.ElementTree import ParseError, fromstring

    try:
        root = fromstring(gzip.decompress(data))
    except (ParseError, ValueError, LookupError) as error:
        suite.error = f"JUnit XML parsing failed: {error}"
    except (OSError, EOFError, zlib.error) as error:
        suite.error = f"JUnit data parsing failed: {error}"
    else:
        for name, case in _cases(root):
            suite.add(name or suite.name, _case(case))


def _cases(root: "Element") -> Iterator[tuple[str | None, "Element"]]:
    """Yield the tests with the names of their suites, however deep those are in one another."""
    left = [root] if root.tag in ("testsuites", "testsuite") else root.findall("testsuite")
    while left:
        one = left.pop(0)
        yield from ((one.get("name"), case) for case in one.findall("testcase"))
        left = [*one.findall("testsuite"), *left]


def _case(case: "Element") -> Case:
    end = next((tag for tag in ENDS if case.find(tag) is not None), None)
    return {
        "status": ENDS.get(end or "", "success"),
        "name": case.get("name") or "(No name)",
        "classname": case.get("classname"),
        "file": case.get("file"),
        "execution_time": _time(case.get("time")),
        "system_output": _output(case, end) if end else None,
        "stack_trace": None,
        "recent_failures": None,
    }


def _time(text: str | None) -> float:
    found = re.match(r"\s*\d{1,12}(\.\d{1,12})?", text or "")
    return float(found[0]) if found else 0.0


def _output(case: "Element", end: str) -> Any:
    """Return what a test that did not succeed says: its own text, and what it wrote."""
    own = _content(case.find(end))
    if end == "skipped":
        return own or None
    names = {"system-out": "System Out", "system-err": "System Err"}
    wrote = [f"{told}:\n\n{_content(case.find(tag))}" for tag, told in names.items() if case.find(tag) is not None]
    return "\n\n".join([own, *wrote])


def _content(element: "Element | None") -> str:
    """Return the text of an element; where it has none, its attributes as Ruby writes a hash of them."""
    if element is None:
        return ""
    pairs = ", ".join(f"{json.dumps(name)}=>{json.dumps(value)}" for name, value in element.attrib.items())
    return (element.text or "").strip() or (f"{{{pairs}}}" if pairs else "")
