"""Traps of what is in requests and answers: error bodies, absent fields, withheld diffs, decoded paths."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from mockgitlab.dsl.encoding import encode
from mockgitlab.store import Settings
from mockgitlab.web.answer import JSON, Answer
from mockgitlab.web.trap import Trap

SPARED = (
    "author",
    "default_branch",
    "description",
    "head_pipeline",
    "pipeline",
    "merge_error",
    "milestone",
    "assignee",
)
"""What may be null although it usually is not."""


def _errors(style: Literal["documented", "observed"]) -> Callable[[Settings], Settings]:
    return lambda settings: replace(settings, errors=style)


def _objects(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Answer], Answer]:
    """Return what changes every object of the JSON of a successful answer."""

    def walk(value: Any) -> Any:
        if isinstance(value, list):
            return [walk(one) for one in value]
        return change({key: walk(one) for key, one in value.items()}) if isinstance(value, dict) else value

    def reshape(answer: Answer) -> Answer:
        if answer.content_type != JSON or not answer.body or answer.status >= 300:
            return answer
        try:
            shown = walk(json.loads(answer.body))
        except (ValueError, RecursionError):  # a stub may say anything
            return answer
        return replace(answer, body=encode(shown))

    return reshape


def _sparse(shown: dict[str, Any]) -> dict[str, Any]:
    return {key: None if key in SPARED else value for key, value in shown.items() if value is not None}


def _withheld(shown: dict[str, Any]) -> dict[str, Any]:
    if "diff" in shown and "new_path" in shown:
        return {**shown, "diff": "", "collapsed": False, "too_large": True}
    return {**shown, "overflow": True} if "overflow" in shown else shown


def _not_there_yet(shown: dict[str, Any]) -> dict[str, Any]:
    late: dict[str, Any] = {"diff_refs": None, "changes_count": None, "changes": [], "prepared_at": None}
    late |= {"merge_status": "checking", "detailed_merge_status": "preparing", "has_conflicts": False}
    return {key: late.get(key, value) for key, value in shown.items()}


def _without_diffs(answer: Answer) -> Answer:
    """Return an answer on a merge request whose diff GitLab has not made yet."""
    is_list_of_diffs = answer.body.startswith(b"[") and b'"new_path":' in answer.body
    return replace(answer, body=b"[]") if is_list_of_diffs else _objects(_not_there_yet)(answer)


def _decoded(path: str) -> str:
    return path.replace("%2F", "/").replace("%2f", "/")


SHAPES = (
    Trap(
        "observed_errors",
        'errors are those of a live GitLab: {"error": "title is missing"}',
        "clients read the message where the documents show it",
        settings=_errors("observed"),
    ),
    Trap(
        "documented_errors",
        'errors are those of the documents: {"message": "400 (Bad request) \\"title\\" not given"}',
        "clients read the message where they saw it once",
        settings=_errors("documented"),
    ),
    Trap(
        "sparse",
        "fields without a value are absent, and many others null",
        "clients take author, description or pipeline for granted",
        reshape=_objects(_sparse),
    ),
    Trap(
        "empty_diffs",
        "diffs are withheld as too large: empty, with too_large and overflow",
        "clients take an empty diff for no change",
        reshape=_objects(_withheld),
    ),
    Trap(
        "late_diffs",
        "what a merge request changes is not there when it is first asked for: no diff_refs, no changes",
        "clients read the diff of what they just opened, and take it for empty",
        late=_without_diffs,
        late_at=re.compile(r"/merge_requests(/\d+(/changes|/diffs)?)?\Z"),
    ),
    Trap(
        "proxy_decodes_slashes",
        "a proxy on the way decodes %2F in paths, so that acme%2Frocket is no project but another route",
        "clients that name projects and files by path get 404",
        reroute=_decoded,
    ),
)
"""Of requests and answers."""
