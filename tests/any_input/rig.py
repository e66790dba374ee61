"""Sending anything to any operation: a well-formed answer below 500, and nothing changed by what is refused.

The operations are shared out among several files, so that several workers send at once, and as hypothesis fails where
one file has a thousand tests.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from mockgitlab.api.definitions import definitions
from mockgitlab.dsl import Operation
from mockgitlab.report.har import to_har
from mockgitlab.report.journal import json_lines
from mockgitlab.server import MockGitLab
from tests.support import WORLD

RICH: dict[str, Any] = {
    **WORLD,
    "gitlab": {"api": list(definitions().tables)},
    "projects": [
        {
            "path": "acme/rocket",
            "labels": [{"name": "bug", "color": "red"}],
            "milestones": [{"title": "1.0"}],
            "issues": [{"title": "One", "labels": ["bug"], "notes": [{"body": "On it"}]}, {"title": "Two"}],
            "repository": {
                "branches": {
                    "main": {"1": "# One\n"},
                    "2": {"from": "main", "commits": [{"message": "Two\n\nChangelog: added", "files": {"2": "x\n"}}]},
                },
                "tags": {"1": "main"},
            },
            "merge_requests": [
                {
                    "id": 1,
                    "title": "Two",
                    "source_branch": "2",
                    "description": "Closes #1",
                    "approval_rules": [{"name": "1", "approvals_required": 1}],
                    "notes": [{"body": "On it"}],
                    "discussions": [{"body": "Why?"}],
                }
            ],
            "approval_rules": [{"name": "1", "approvals_required": 1}],
            "pipelines": [
                {
                    "id": 1,
                    "ref": "main",
                    "jobs": [{"id": 1, "name": "1", "when": "manual", "artifacts": {"1": "x"}, "junit": "<a/>"}],
                }
            ],
            "remote_mirrors": [{"url": "https://u:p@example.com/1.git", "enabled": True}],
            "push_rule": {"deny_delete_tag": True},
            "variables": [{"key": "1", "value": "x"}],
            "pipeline_schedules": [
                {"description": "1", "ref": "main", "cron": "@daily", "variables": [{"key": "1", "value": "x"}]}
            ],
            "freeze_periods": [{"freeze_start": "0 23 * * 5", "freeze_end": "0 7 * * 1"}],
            "protected_tags": [{"name": "1"}],
            "snippets": [{"title": "1", "files": {"1": "x"}, "notes": [{"body": "On it"}]}],
            "wikis": [{"title": "1", "content": "x"}],
            "uploads": [{"filename": "1", "content": "x"}],
            "environments": [{"name": "1"}, {"name": "review/1", "state": "stopped"}],
            "deployments": [{"id": 1, "environment": "1"}],
            "protected_environments": [{"name": "1", "approval_rules": [{"access_level": 30}]}],
            "feature_flags_user_lists": [{"name": "1", "user_xids": "1"}],
            "feature_flags": [{"name": "one", "strategies": [{"name": "default"}]}],
            "releases": [{"tag_name": "1", "links": [{"name": "1", "url": "http://x", "filepath": "/1"}]}],
        },
        {"path": "open/source", "visibility": "public"},
    ],
}
SERVER = MockGitLab(RICH)
BUILT = [(api, one) for api, table in definitions().tables.items() for one in table if one.built]
BUILT += [("web", one) for one in definitions().addresses()]
BASES = {**definitions().bases, "web": ("",)}
SEGMENTS = st.one_of(
    st.sampled_from(
        ["1", "2", "10001", "acme/rocket", "acme", "bug", "0", "-1", "9" * 30, "ada", "1.0", "", ".", "..", "a b", "%"]
    ),
    st.text(max_size=8),
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(
        ["1", "true", "None", "Any", "2024-05-01", "2024-05-01T00:00:00Z", "bug", "close", "private", "\x00", "x" * 300]
    ),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["If-None-Match", "If-Unmodified-Since", "Sudo", "X-Forwarded-Host", "Origin", "Accept", "Cookie", "Job-Token"]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    max_size=2,
)


def fitting(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values that a parameter's schema allows, or nearly."""
    if "anyOf" in schema:
        return st.one_of([fitting(one) for one in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "array" in (schema.get("type"), *schema.get("type", ())):
        return st.lists(fitting(schema.get("items", {})), max_size=2)
    kinds = {
        "integer": st.integers(-1, 3),
        "boolean": st.booleans(),
        "object": st.dictionaries(st.text(max_size=3), LEAVES),
    }
    kind = schema.get("type", "string")
    return kinds.get(kind[0] if isinstance(kind, list) else kind, LEAVES.map(str))


def sent_to(operation: Operation, data: Any) -> dict[str, Any]:
    """Draw parameters: what the operation requires and some that it knows, or anything at all."""
    schema = operation.params.schema()
    names = [*operation.params.params, "page", "per_page", "sudo", "private_token"]
    if not data.draw(st.booleans()):
        anything: dict[str, Any] = data.draw(
            st.dictionaries(st.sampled_from(names) | st.text(max_size=5), VALUES, max_size=4)
        )
        return anything
    chosen = {*schema["required"], *data.draw(st.lists(st.sampled_from(names), max_size=3))}
    return {name: data.draw(fitting(schema["properties"].get(name, {"type": "integer"}))) for name in sorted(chosen)}


def path_of(operation: Operation, data: Any) -> str:
    """Draw a value for every parameter of the path, mostly the id of a record."""
    values = st.just("1") if data.draw(st.integers(0, 2)) else SEGMENTS
    parts = [
        quote(data.draw(values), safe="" if segment[0] == ":" else "/") if segment[:1] in (":", "*") else segment
        for segment in operation.path.split("/")
    ]
    return "/".join(parts)


def check(answer: Any) -> None:
    assert answer.status_code < 500 or answer.status_code == 501, answer.get_data(as_text=True)
    if answer.mimetype == "application/json" and answer.get_data():
        json.loads(answer.get_data())
    last = SERVER.journal[-1:]
    assert f'"status": {answer.status_code},' in json_lines(last).encode().decode()
    json.dumps(to_har(last)).encode()


def send(api: str, operation: Operation, data: Any) -> None:
    """Send anything to an operation, and check what it answers and leaves."""
    sent = sent_to(operation, data)
    encoding = data.draw(st.sampled_from(["json", "form", "query"]))
    token = data.draw(
        st.sampled_from(["root-token", "root-token", "ada-token", "gil-token", "nora-token", "wrong", None])
    )
    extra = data.draw(HEADERS) if not data.draw(st.integers(0, 2)) else {}
    headers = {**extra, **({"Private-Token": token} if token else {})}
    body: dict[str, Any] = {
        "json": {"json": sent},
        "form": {"data": {key: str(value) for key, value in sent.items()}},
        "query": {"query_string": sent},
    }[encoding]
    SERVER.reset()
    store = SERVER.store
    client = Client(SERVER.app)
    before = store.version
    answer = client.open(
        f"{BASES[api][0]}/{path_of(operation, data)}", method=operation.method, headers=headers, **body
    )
    check(answer)
    SERVER.check()
    if answer.status_code >= 400:
        assert store.version == before, f"{operation.key} answered {answer.status_code} and changed something"


def of_each(fits: Callable[[str, str], bool]) -> Callable[[Any], Any]:
    """Let a test of ``api``, ``operation`` and drawn ``data`` run for each operation whose API and path fit."""
    chosen = [(api, one) for api, one in BUILT if fits(api, one.path) and not is_twin(one)]
    each = pytest.mark.parametrize(("api", "operation"), chosen, ids=[f"{api} {one.key}" for api, one in chosen])
    drawing = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    return lambda test: each(drawing(given(data=st.data())(test)))


def is_twin(operation: Operation) -> bool:
    """Return whether an operation takes the same as another: integrations at their other places."""
    return operation.method == "PUT" and operation.path.startswith(
        ("projects/:id/services/", "groups/:id/integrations/")
    )


def is_of_code(path: str) -> bool:
    """Tell whether an operation is of a project's repository or its merge requests."""
    return path.startswith(("projects/:id/repository", "projects/:id/merge_requests"))
