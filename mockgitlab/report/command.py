"""The command ``mockgitlab report``: reads what happened from a running server or saved journals, and tells of it."""

import argparse
import json
import sys
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from mockgitlab.dsl import Operation
from mockgitlab.report.account import Account, account_of, accounts_of_lines
from mockgitlab.report.baseline import with_baseline, write_baseline
from mockgitlab.report.exchange import Lookup, lookup_in
from mockgitlab.report.formats import format_of, rendered
from mockgitlab.report.summary import KINDS, Summary, summarise

TIMEOUT = 60.0


def report(given: argparse.Namespace, tables: Mapping[str, Iterable[Operation]]) -> int:
    """Report what a client did; exit code 1 when it broke the contract."""
    for file in given.output or ():
        format_of(Path(file))
    summary = _summary(given, tables)
    if given.baseline and given.update_baseline:
        write_baseline(summary, Path(given.baseline))
    if given.baseline:
        summary = with_baseline(summary, Path(given.baseline))
    for file in given.output or ():
        summary.write(file)
    if given.output:
        print(f"mockgitlab: {summary.verdict()} ({', '.join(given.output)})")
    else:
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(rendered(summary, given.format).decode().encode(encoding, "replace").decode(encoding))
    return 0 if summary.ok else 1


def _summary(given: argparse.Namespace, tables: Mapping[str, Iterable[Operation]]) -> Summary:
    failing = [kind.strip() for kind in given.fail_on.split(",") if kind.strip()]
    for kind in failing:
        if kind not in KINDS:
            raise ValueError(f"--fail-on {kind!r} is no kind of finding: take {', '.join(KINDS)}")
    if given.update_baseline and not given.baseline:
        raise ValueError("--update-baseline needs --baseline FILE, the file to write")
    lookup = lookup_in(tables)
    accounts = _saved(given.journals, lookup) if given.journals else list(_served(given.url.rstrip("/"), lookup))
    return summarise(accounts, tables, max_requests=given.max_requests, failing=failing)


def _saved(journals: Iterable[str], lookup: Lookup) -> list[Account]:
    accounts: list[Account] = []
    for journal in journals:
        try:
            accounts += accounts_of_lines(Path(journal).read_text(encoding="utf-8"), lookup)
        except ValueError as wrong:
            raise ValueError(f"{journal}: {wrong}") from None
    return accounts


def _served(url: str, lookup: Lookup) -> Iterator[Account]:
    """Yield what the main world and the sandboxes of a server have to tell."""
    names = _read(f"{url}/_mockgitlab/sandboxes")["sandboxes"]
    for prefix in ("", *(f"/@{name}" for name in names)):
        yield account_of(_read(f"{url}{prefix}/_mockgitlab/report?format=account"), lookup)


def _read(url: str) -> Mapping[str, Any]:
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url!r} is no address of a server: write http://127.0.0.1:4747")
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:
            found: Mapping[str, Any] = json.load(answer)
            return found
    except HTTPError as error:
        raise ValueError(f"{url} answers {error.code}: is mockgitlab there?") from None
    except OSError as error:
        raise ValueError(f"{url} cannot be read: {error}") from None
