"""Traps of pages, rates and tokens."""

from typing import Any

import pytest

from mockgitlab.server import MockGitLab
from tests.support import WORLD, Api

ISSUES = {"mockgitlab": 1, "projects": [{"path": "acme/many", "issues": [{"title": "Issue {n}", "repeat": 5}]}]}


def trapped(*names: str) -> Api:
    api = Api(WORLD, ISSUES)
    api.server.trap(*names)
    return api


def test_no_totals_leaves_the_next_page_and_nothing_to_count() -> None:
    answer = trapped("no_totals").get("projects/acme%2Fmany/issues", per_page=2)
    assert not {"X-Total", "X-Total-Pages"} & set(answer.headers.keys())
    assert ('rel="next"' in answer.headers["Link"], 'rel="last"' in answer.headers["Link"]) == (True, False)
    assert "X-Total" not in trapped("no_totals").get("projects/acme%2Frocket/issues").headers


def test_small_pages_are_small_whatever_is_asked_for() -> None:
    answer = trapped("small_pages").get("projects/acme%2Fmany/issues", per_page=100)
    assert (len(answer.json), answer.headers["X-Per-Page"], answer.headers["X-Next-Page"]) == (2, "2", "2")


def test_keyset_only_refuses_a_second_page_by_number() -> None:
    api = trapped("keyset_only")
    assert [api.get("projects", order_by="id", per_page=1, page=page).status for page in (1, 2)] == [200, 405]
    answer = api.get("projects", order_by="id", per_page=1, pagination="keyset")
    assert (answer.status, 'rel="next"' in answer.headers["Link"]) == (200, True)


@pytest.mark.parametrize(
    ("name", "kind", "body", "retry_after"),
    [
        ("html_429", "text/html", "<h1>429 Too Many Requests</h1>", "1"),
        ("plain_429", "text/plain", "Retry later\n", "1"),
        ("no_retry_after", "application/json", "429 Too Many Requests", None),
    ],
)
def test_the_first_call_of_every_operation_is_throttled(
    name: str, kind: str, body: str, retry_after: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockgitlab.traps.limits.time.time", lambda: 1_800_000_000.5)
    api = trapped(name)
    answer = api.get("user")
    assert (answer.status, answer.headers["Content-Type"], answer.headers.get("Retry-After")) == (
        429,
        kind,
        retry_after,
    )
    assert body in answer.text
    assert answer.headers["RateLimit-Reset"] == "1800000001"
    assert answer.headers["X-Mockgitlab-Reason"].startswith(f"fault of the trap {name}: on ANY /*")
    assert [api.get(path).status for path in ("user", "version", "version")] == [200, 429, 200]


def test_every_token_is_found_expired_once(api: Api) -> None:
    api.server.trap("short_lived_tokens")
    answers = [api.get("user", "ada") for _ in range(5)]
    assert [one.status for one in answers] == [200, 200, 200, 401, 200]
    assert answers[3].json["error"] == "invalid_token"
    assert answers[3].headers["WWW-Authenticate"].startswith("Bearer realm=")
    assert [api.get("user", "bob").status for _ in range(4)] == [200, 200, 200, 401]
    assert [api.get("projects", None).status for _ in range(5)] == [200] * 5


def test_a_fault_of_a_trap_is_not_missed_when_it_struck_nothing() -> None:
    server = MockGitLab(WORLD, traps=["html_429"], strict="fail")
    assert server.world.verify().unused_faults == ()
    server.verify()


def test_the_faults_of_traps_are_listed_and_stay_when_faults_are_removed() -> None:
    api = trapped("html_429")
    api.server.fault("GET /version", status=500)
    client = api.server.app.test_client()
    shown: Any = client.get("/_mockgitlab/faults").json
    assert [one.get("trap") for one in shown["faults"]] == ["html_429", None]
    assert client.delete("/_mockgitlab/faults").json == {"removed": 1}
    assert api.get("user").status == 429


@pytest.mark.parametrize("what", ["branches", "tags", "tree"])
def test_the_first_page_of_what_git_lists_tells_of_one_page_too_many(what: str) -> None:
    repository = {"branches": {"main": {"a": "1", "b": "2"}, "next": {"a": "1"}}, "tags": {"v1": "main", "v2": "main"}}
    api = Api(WORLD, {"mockgitlab": 1, "projects": [{"path": "acme/twice", "repository": repository}]})
    api.server.trap("one_page_too_many")
    path = f"projects/acme%2Ftwice/repository/{what}"
    first, second = api.get(path, per_page=1), api.get(path, per_page=1, page=2)
    assert (first.headers["X-Total"], first.headers["X-Total-Pages"], first.headers["X-Next-Page"]) == ("2", "3", "2")
    last = first.headers["Link"].rpartition("<")[2]
    assert ("page=3&" in last, last.endswith('; rel="last"')) == (True, True)
    assert (second.headers["X-Total-Pages"], second.headers["X-Next-Page"]) == ("2", "")
    whole, empty = api.get(path, per_page=2), api.get(path, per_page=2, page=2)
    assert (whole.headers["X-Total-Pages"], whole.headers["X-Next-Page"]) == ("2", "2")
    assert 'rel="next"' in whole.headers["Link"]
    assert (empty.json, empty.headers["X-Total-Pages"]) == ([], "1")
    assert api.get(path, per_page=3).headers["X-Next-Page"] == ""
    assert api.get("projects", per_page=4).headers["X-Total-Pages"] == "1"
