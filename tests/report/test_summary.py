from typing import Any

import pytest
from werkzeug.test import Client

from mockgitlab.report.account import Account
from mockgitlab.report.summary import Summary, summarise
from mockgitlab.server import MockGitLab
from tests.support import WORLD, Api


def summary(api: Api, **options: Any) -> Summary:
    return api.server.report(**options)


def kinds(found: Summary) -> list[str]:
    return [one.kind for one in found.findings if one.kind != "coverage"]


def test_a_client_that_did_nothing_kept_the_contract(api: Api) -> None:
    found = summary(api)
    assert (found.ok, found.findings, found.verdict()) == (True, (), "The contract was kept")


def test_what_gitlab_would_ignore_breaks_the_contract_once_for_each_operation(api: Api) -> None:
    for _ in range(2):
        api.get("projects/1/issues", "ada", stat="opened")
    found = summary(api)
    [one] = [one for one in found.findings if one.breaks]
    assert (one.kind, one.operation, one.where) == ("contract", "GET /projects/:id/issues", ("#1", "#2"))
    assert "did you mean state?" in one.text
    assert found.verdict() == "The contract was broken: 1 finding"


def test_unmet_expectations_and_unused_stubs_and_faults_are_told() -> None:
    stub = {"request": {"path": "/x"}, "response": {}}
    fault = {"on": "DELETE /*", "status": 500}
    api = Api({**WORLD, "expect": [{"on": "DELETE /projects/:id"}], "stubs": [stub], "faults": [fault]})
    found = summary(api)
    assert [(one.kind, one.text.splitlines()[0]) for one in found.findings] == [
        ("expectation", "expected DELETE /projects/:id, at least once; it came never"),
        ("unused", "no request met the stub GET /x"),
        ("unused", "no request met the fault on DELETE /*, status 500"),
    ]
    assert [one.breaks for one in found.findings] == [True, False, False]


def test_a_budget_is_that_of_the_scenario_or_of_the_report() -> None:
    api = Api({**WORLD, "max_requests": 1})
    api.get("projects", "ada")
    api.get("user", "ada")
    assert kinds(summary(api, max_requests=1)).count("budget") == 2
    assert kinds(summary(api)).count("budget") == 1


def test_waste_privileges_and_gaps_are_told_and_break_nothing(api: Api) -> None:
    for _ in range(2):
        api.get("projects/1", "bob")
    found = summary(api)
    assert found.ok
    assert kinds(found) == ["privilege", "waste"]
    assert [one.text for one in found.findings if one.kind == "coverage"] == [
        "no request has met 400",
        "no request has met 404",
    ]


def test_kinds_of_findings_may_be_chosen_to_break_the_contract(api: Api) -> None:
    for _ in range(2):
        api.get("projects/1", "bob")
    account = Account(summary(api).exchanges)
    found = summarise([account], {"v4": ()}, failing=("waste",))
    assert [one.kind for one in found.findings if one.breaks] == ["waste"]


def test_worlds_are_summed_up_together_and_requests_are_called_by_their_world() -> None:
    with MockGitLab(WORLD) as server, server.sandbox("box") as box:
        first, second = (one.report().exchanges for one in (server, box))
    assert (first, second) == ((), ())
    api = Api()
    api.get("projects/1", "ada", colour="red")
    exchanges = summary(api).exchanges
    found = summarise([Account(exchanges), Account(exchanges, "@box")], {"v4": ()})
    assert [one.where for one in found.findings if one.kind == "contract"] == [("#1", "@box #1")]
    assert (found.accounts, len(found.exchanges)) == (2, 2)


def test_an_expectation_of_many_worlds_stands_once_and_is_met_where_it_is_everywhere() -> None:
    verdicts = [{"expected": "x", "met": met, "count": met, "told": "x"} for met in (True, False)]
    accounts = [Account((), "", {"expectations": [verdict]}) for verdict in verdicts]
    assert summarise(accounts, {}).expectations == ({"expected": "x", "met": False, "count": 1},)
    assert summarise(accounts[:1] * 2, {}).expectations == ({"expected": "x", "met": True, "count": 2},)


def test_a_stub_that_one_world_used_is_no_unused_one() -> None:
    accounts = [Account((), name, {"unused_stubs": unused}) for name, unused in (("a", ["GET /x"]), ("b", []))]
    assert summarise(accounts, {}).findings == ()
    assert [one.kind for one in summarise(accounts[:1], {}).findings] == ["unused"]


@pytest.mark.parametrize(("limit", "lost"), [(0, 3), (1, 2), (9, 0)])
def test_what_the_journal_does_not_have_is_told(limit: int, lost: int) -> None:
    with MockGitLab(WORLD, journal_max=limit) as server:
        for _ in range(3):
            Client(server.app).get("/api/v4/version")
        found = server.report()
    assert found.dropped == lost
    assert (f"{lost} dropped by the journal" in found.counts()) is bool(lost)


@pytest.mark.parametrize(("number", "shown"), [(5, "a, b, c, d, e"), (6, "a, b, c, d, e and 1 more")])
def test_of_many_places_the_first_are_shown(number: int, shown: str) -> None:
    from mockgitlab.report.summary import Finding

    assert Finding("contract", "", "x", tuple("abcdef"[:number])).places == shown
