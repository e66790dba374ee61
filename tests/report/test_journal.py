"""The journal as tests read it: through ``MockGitLab.journal``."""

import json
import threading
from typing import Any

import pytest

from mockgitlab.report.har import to_har
from mockgitlab.report.journal import Journal, json_lines
from tests.support import WORLD, Api

ISSUES = "projects/acme%2Frocket/issues"


def test_a_request_is_told_with_its_operation_its_caller_and_what_it_changed(api: Api) -> None:
    api.post(ISSUES, "ada", title="It explodes")
    api.put(f"{ISSUES}/1", "ada", state_event="close")
    [created, closed] = api.server.journal
    assert created.to_json() | {"milliseconds": 0} == {
        "id": 1,
        "at": "2024-05-01T09:00:00.000Z",
        "method": "POST",
        "path": f"/api/v4/{ISSUES}",
        "query": {},
        "operation": "POST /projects/:id/issues",
        "api": "v4",
        "stub": None,
        "fault": None,
        "user": "ada",
        "token": "personal token of ada",
        "parameters": {"title": "It explodes"},
        "status": 201,
        "reason": None,
        "changes": created.changes,
        "findings": [],
        "milliseconds": 0,
    }
    assert 'issue 1: created "It explodes"' in created.changes
    assert any(line.startswith("issue 1: state opened → closed") for line in closed.changes)


def test_reading_changes_nothing_although_the_token_is_used(api: Api) -> None:
    api.get("projects/1", "ada")
    assert api.server.journal[0].changes == []


def test_a_refusal_is_told_with_its_reason_and_changed_nothing(api: Api) -> None:
    api.post(ISSUES, "gil", title="x", created_at="never")
    api.get("projects/acme/rocket", "ada")
    refused = api.server.journal.refused()
    assert [(entry.status, bool(entry.reason), entry.changes) for entry in refused] == [
        (400, True, []),
        (404, True, []),
    ]
    assert refused[1].reason in str(refused[1])
    assert (refused[1].operation, refused[1].user) == ("", "")


def test_answers_from_memory_are_in_the_journal_too(api: Api) -> None:
    for agent in ("one", "two"):
        api.request("GET", "projects/1", "ada", headers={"User-Agent": agent})
    first, second = api.server.journal
    assert (second.id, second.operation, second.user, second.status) == (2, "GET /projects/:id", "ada", 200)
    assert second.text == first.text
    assert [dict(one.headers)["User-Agent"] for one in (first, second)] == ["one", "two"]


def test_stubs_and_unknown_paths_are_in_the_journal(api: Api) -> None:
    stub = {"request": {"path": "/hook"}, "response": {"status": 200, "body": "x"}}
    api = Api(WORLD, {"mockgitlab": 1, "stubs": [stub]}, prefix="")
    api.get("/hook", None)
    api.get("/v4/projects", "ada")
    api.get("/_mockgitlab/ready", None)
    [stubbed, unknown] = api.server.journal
    assert (stubbed.record.stub, stubbed.status) == ("GET /hook", 200)
    assert (unknown.status, unknown.operation) == (404, "")


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({"operation": "POST /projects/:any/issues"}, [1, 2]),
        ({"operation": "GET /projects/:id"}, [3, 4]),
        ({"method": "get"}, [3, 4]),
        ({"status": 201}, [1, 2]),
        ({"status": "4xx"}, [4]),
        ({"status": "201,404"}, [1, 2, 4]),
        ({"status": [200, "404"]}, [3, 4]),
        ({"path": "/api/v4/projects/*/issues"}, [1, 2]),
        ({"user": "bob"}, [2, 4]),
        ({"token": "personal token of ada"}, [1, 3]),
        ({"since": 2}, [3, 4]),
        ({"user": "bob", "method": "POST"}, [2]),
        ({"user": None}, [1, 2, 3, 4]),
    ],
)
def test_the_journal_is_filtered(api: Api, wanted: dict[str, Any], ids: list[int]) -> None:
    api.post(ISSUES, "ada", title="a")
    api.post(ISSUES, "bob", title="b")
    api.get("projects/1", "ada")
    api.get("projects/3", "bob")
    assert [entry.id for entry in api.server.journal.filter(**wanted)] == ids


@pytest.mark.parametrize("wanted", [{"operatoin": "x"}, {"status": "forty"}, {"status": "40"}, {"since": "x"}])
def test_a_filter_that_makes_no_sense_is_refused(api: Api, wanted: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"by 'operatoin'|no status|invalid literal"):
        api.server.journal.filter(**wanted)


def test_the_oldest_are_dropped_and_counted() -> None:
    journal = Api(WORLD).server.journal
    assert (journal.limit, journal.dropped) == (10_000, 0)
    api = Api(WORLD)
    api.server.worlds.main.journal = journal = Journal(3)
    for number in range(5):
        api.get("projects/1", "ada", page=number % 2)
    assert ([entry.id for entry in journal], journal.dropped) == ([3, 4, 5], 2)
    assert repr(journal) == "<journal of 3 requests, 2 dropped>"
    journal.clear()
    api.get("projects/1", "ada")
    assert ([entry.id for entry in journal], journal.dropped) == ([6], 0)


def test_a_journal_of_none_keeps_nothing() -> None:
    api = Api(WORLD)
    api.server.worlds.main.journal = journal = Journal(0)
    api.get("projects/1", "ada")
    api.get("projects/1", "ada")
    assert (len(journal), journal.dropped) == (0, 0)
    with pytest.raises(ValueError, match="cannot keep -1"):
        Journal(-1)


def test_reset_empties_the_very_journal_and_counts_anew(api: Api) -> None:
    journal = api.server.journal
    api.get("projects/1", "ada")
    api.server.reset()
    assert len(journal) == 0
    api.get("projects/1", "ada")
    assert journal[0].id == 1
    assert journal[-1:][0].id == 1


def test_each_sandbox_has_a_journal() -> None:
    api = Api(WORLD, prefix="")
    box = api.server.sandbox("box")
    api.get("/@box/api/v4/projects/1", "ada")
    assert [entry.path for entry in box.journal] == ["/api/v4/projects/1"]
    assert len(api.server.journal) == 0
    box.reset()
    assert len(box.journal) == 0


def test_waiting_ends_when_the_request_comes(api: Api) -> None:
    thread = threading.Timer(0.05, lambda: api.post(ISSUES, "ada", title="later"))
    thread.start()
    [entry] = api.server.journal.wait_for(1, timeout=10, operation="POST /projects/:id/issues")
    thread.join()
    assert entry.user == "ada"


def test_waiting_in_vain_says_what_came(api: Api) -> None:
    api.get("projects/1", "ada")
    with pytest.raises(
        TimeoutError, match=r"0 of 2 requests came in 0\.01 s \(method='POST'\)[^#]*#1 GET /api/v4/proj"
    ):
        api.server.journal.wait_for(2, timeout=0.01, method="POST")


def test_a_huge_body_is_not_kept_whole(api: Api) -> None:
    api.post(ISSUES, "ada", title="x", description="long " * 10_000, labels=["a" * 300] * 2)
    parameters = api.server.journal[0].parameters
    assert parameters["description"].endswith("… (50000 characters)")
    assert len(json.dumps(parameters)) < 1_500


def test_the_journal_can_be_json_lines(api: Api) -> None:
    api.get("projects/1", "ada")
    api.get("projects/2", None)
    lines = json_lines(list(api.server.journal)).splitlines()
    assert [json.loads(line)["user"] for line in lines] == ["ada", None]


def test_the_journal_can_be_a_har(api: Api) -> None:
    api.post(ISSUES, "ada", title="x")
    api.get("projects/77", "ada", simple="true")
    log = to_har(list(api.server.journal))["log"]
    posted, missing = log["entries"]
    assert (log["version"], log["creator"]["name"]) == ("1.2", "mockgitlab")
    assert json.loads(posted["request"]["postData"]["text"])["title"] == "x"
    assert json.loads(posted["response"]["content"]["text"])["iid"] == 1
    assert posted["_operation"] == "POST /projects/:id/issues"
    assert missing["request"]["queryString"] == [{"name": "simple", "value": "true"}]
    assert (missing["response"]["status"], missing["response"]["statusText"]) == (404, "Not Found")
    assert missing["_reason"]
    assert {"name": "Private-Token", "value": "***"} in missing["request"]["headers"]


def test_a_list_in_the_query_is_no_part_of_the_body(api: Api) -> None:
    api.get(ISSUES, "ada", **{"iids[]": [1, 2]})
    api.request("POST", f"{ISSUES}?labels[]=a", "ada", title="x")
    listed, created = api.server.journal
    assert (listed.parameters, listed.json) == ({"iids": ["1", "2"]}, {})
    assert (created.parameters, created.json) == ({"labels": ["a"], "title": "x"}, {"title": "x"})
