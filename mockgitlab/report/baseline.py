"""The baseline: findings that are known, so that only new ones break the contract."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from mockgitlab.report.summary import Finding, Summary

VERSION = 1
_NUMBER = re.compile(r"\d[\d,]*")
Mark = tuple[str, str, str]


def with_baseline(summary: Summary, path: Path) -> Summary:
    """Return a summary in which the findings of a baseline are known; raises ``ValueError`` when the file is none."""
    known = read_baseline(path)
    findings = tuple(replace(one, known=_mark(one) in known) for one in summary.findings)
    return replace(summary, findings=findings)


def read_baseline(path: Path) -> set[Mark]:
    """Return the marks of the findings that a baseline has."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["baseline"] != VERSION:
            raise ValueError(f"its version is {found['baseline']!r}, {VERSION} was expected")
        return {_mark(Finding(one["kind"], one["operation"] or "", one["text"])) for one in found["findings"]}
    except OSError as wrong:
        raise ValueError(f"the baseline cannot be read ({wrong}): make it with --update-baseline") from None
    except (ValueError, KeyError, TypeError) as wrong:
        raise ValueError(f"{path} is no baseline: {wrong}; make it anew with --update-baseline") from None


def write_baseline(summary: Summary, path: Path) -> None:
    """Write all findings of a summary, one a line, so that what is new shows in a diff."""
    lines = sorted({json.dumps(_line(one), ensure_ascii=False) for one in summary.findings})
    text = ",\n".join(f"  {line}" for line in lines)
    path.write_text(f'{{"baseline": {VERSION}, "findings": [\n{text}\n]}}\n', encoding="utf-8")


def _line(finding: Finding) -> dict[str, Any]:
    return {"kind": finding.kind, "operation": finding.operation or None, "text": finding.text}


def _mark(finding: Finding) -> Mark:
    """Return what makes a finding the same in another run: numbers in its text, as counts, do not; statuses do."""
    text = finding.text if finding.kind == "coverage" else _NUMBER.sub("0", finding.text)
    return finding.kind, finding.operation, text
