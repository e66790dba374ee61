"""Faults: when they strike, whom, and what is answered then."""

import json
from typing import Any

import pytest

from mockgitlab.web.answer import AnswerLost
from mockgitlab.web.fault_options import fault
from tests.support import WORLD, Api

CREATE = "POST /projects/:id/issues"


def statuses(api: Api, number: int, as_: str | None = "ada") -> list[int]:
    return [api.get("user", as_).status for _ in range(number)]


@pytest.mark.parametrize(
    ("when", "struck"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"nth": 2}, [2]),
        ({"first": 2}, [1, 2]),
        ({"after": 4}, [5, 6]),
        ({"every": 3}, [3, 6]),
        ({"nth": 2, "per": "token"}, [2]),
        ({"first": 1, "per": "request"}, [1]),
        ({"probability": 0}, []),
        ({"probability": 1}, [1, 2, 3, 4, 5, 6]),
        ({"user": "ada"}, [1, 2, 3, 4, 5, 6]),
        ({"user": "bob"}, []),
        ({"token": "personal token of ada", "nth": 3}, [3]),
    ],
)
def test_a_fault_strikes_when_it_is_due(api: Api, when: dict[str, Any], struck: list[int]) -> None:
    active = api.server.fault("GET /user", status=503, **when)
    assert [number for number, status in enumerate(statuses(api, 6), 1) if status == 503] == struck
    assert active.struck == len(struck)


def test_chance_is_seeded(api: Api) -> None:
    def draw(seed: int) -> list[int]:
        api.server.reset()
        api.server.fault("GET /user", status=503, probability=0.5, seed=seed)
        return statuses(api, 12)

    assert draw(1) == draw(1)
    assert len({tuple(draw(seed)) for seed in range(4)}) > 1
    assert {200, 503} == set(draw(1))


def test_each_operation_token_or_request_is_counted_by_itself_when_a_fault_says_so(api: Api) -> None:
    def struck(per: str) -> list[bool]:
        api.server.reset()
        api.server.fault("ANY /*", first=1, status=503, per=per)
        asked = [
            ("user", "ada", ""),
            ("user", "bob", ""),
            ("user", "ada", ""),
            ("users", "ada", "a"),
            ("users", "ada", "b"),
        ]
        return [api.get(path, as_, search=search).status == 503 for path, as_, search in asked]

    assert struck("operation") == [True, False, False, True, False]
    assert struck("token") == [True, True, False, False, False]
    assert struck("request") == [True, False, False, True, True]


def test_a_fault_may_strike_all_that_writes(api: Api) -> None:
    api.server.fault("WRITE /*", status=503)
    done = [api.get("projects/1"), api.put("projects/1", name="x"), api.delete("projects/1"), api.get("projects/1")]
    assert [one.status for one in done] == [200, 503, 503, 200]


def test_a_body_may_be_any_text(api: Api) -> None:
    api.server.fault("GET /user", status=429, body="Slow down", headers={"Content-Type": "text/html"})
    answer = api.get("user")
    assert (answer.status, answer.text, answer.headers["Content-Type"]) == (429, "Slow down", "text/html")


def test_latency_may_be_drawn_from_a_range_by_a_seed(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("mockgitlab.web.gateway.sleep", slept.append)

    def draw(seed: int) -> list[float]:
        slept.clear()
        api.server.reset()
        api.server.fault("GET /user", latency="100ms..2s", seed=seed)
        assert statuses(api, 5) == [200] * 5
        return list(slept)

    assert draw(1) == draw(1) != draw(2)
    assert len(set(draw(1))) == 5
    assert all(0.1 <= seconds <= 2 for seconds in draw(1))


def test_the_journal_tells_which_fault_struck(api: Api) -> None:
    api.server.fault("GET /user", latency="1ms", nth=2)
    statuses(api, 2)
    assert [entry.fault for entry in api.server.journal] == ["", "on GET /user, latency 1ms, nth 2"]
    assert api.server.journal[1].to_json()["fault"] == "on GET /user, latency 1ms, nth 2"


def test_a_fault_may_last_for_a_while_on_the_clock(api: Api) -> None:
    api.server.fault("GET /user", status=503, during="10m")
    assert statuses(api, 1) == [503]
    api.server.advance("10m")
    assert statuses(api, 1) == [200]


def test_a_fault_may_mean_a_path_a_stub_and_what_is_unknown() -> None:
    stub = {"request": {"path": "/hook"}, "response": {"body": "x"}}
    api = Api(WORLD, {"mockgitlab": 1, "stubs": [stub]}, prefix="")
    api.server.fault("ANY /*", status=500)
    assert [api.get(path, None).status for path in ("/hook", "/api/v4/nothing", "/api/v4/user")] == [500, 500, 500]
    assert api.get("/_mockgitlab/ready", None).status == 200


def test_a_status_has_gitlabs_body_and_its_headers_and_nothing_happens(api: Api) -> None:
    api.server.fault(CREATE, nth=1, status=429, headers={"Retry-After": 5})
    answer = api.post("projects/1/issues", "ada", title="x")
    assert (answer.status, answer.json) == (429, {"message": "429 Too Many Requests"})
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["X-Mockgitlab-Reason"].startswith("fault on POST /projects/:id/issues, nth 1, status 429")
    assert api.get("projects/1/issues").json == []
    assert api.server.journal[0].reason.startswith("fault on POST")
    assert api.server.journal[0].changes == []


def test_observed_errors_of_a_fault_are_those_of_a_live_gitlab() -> None:
    api = Api(WORLD, {"mockgitlab": 1, "gitlab": {"errors": "observed"}})
    api.server.fault("GET /user", status=429)
    assert api.get("user").text == "Retry later\n"


def test_a_proxys_page_is_html(api: Api) -> None:
    api.server.fault("GET /user", answer="html")
    answer = api.get("user")
    assert (answer.status, answer.headers["Content-Type"]) == (502, "text/html")
    assert "<h1>502 Bad Gateway</h1>" in answer.text


def test_an_answer_may_be_empty(api: Api) -> None:
    api.server.fault("GET /user", answer="empty")
    answer = api.get("user")
    assert (answer.status, answer.text, answer.headers["Content-Length"]) == (200, "", "0")


def test_malformed_json_cannot_be_read_and_the_request_was_carried_out(api: Api) -> None:
    api.server.fault(CREATE, answer="malformed")
    answer = api.post("projects/1/issues", title="x")
    assert answer.status == 201
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.text)
    assert len(api.get("projects/1/issues").json) == 1


def test_a_lost_answer_leaves_the_write_and_the_journal_tells_it(api: Api) -> None:
    api.server.fault(CREATE, nth=1, lose=True)
    with pytest.raises(AnswerLost):
        api.post("projects/1/issues", title="x")
    assert len(api.get("projects/1/issues").json) == 1
    entry = api.server.journal[0]
    assert (entry.status, entry.refused(), entry.changes[0]) == (0, True, "issue 1: created x")


def test_a_lost_answer_may_be_a_proxys_error(api: Api) -> None:
    api.server.fault(CREATE, lose=True, status=502, answer="html")
    assert api.post("projects/1/issues", title="x").status == 502
    assert len(api.get("projects/1/issues").json) == 1


def test_a_reset_leaves_nothing_behind(api: Api) -> None:
    api.server.fault(CREATE, answer="reset")
    with pytest.raises(AnswerLost):
        api.post("projects/1/issues", title="x")
    assert api.get("projects/1/issues").json == []


def test_latency_alone_delays_and_answers(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("mockgitlab.web.gateway.sleep", slept.append)
    api.server.fault("GET /user", latency="250ms", nth=1)
    assert statuses(api, 2) == [200, 200]
    assert sum(slept) == 0.25


def test_faults_go_before_what_is_remembered(api: Api) -> None:
    assert statuses(api, 2) == [200, 200]
    api.server.fault("GET /user", status=503, nth=1)
    assert statuses(api, 2) == [503, 200]
    assert api.server.faults.clear() == 1
    assert statuses(api, 1) == [200]


def test_the_first_of_several_strikes(api: Api) -> None:
    for status in (500, 503):
        api.server.fault("GET /user", status=status, nth=1)
    assert statuses(api, 3) == [500, 503, 200]


def test_faults_of_a_scenario_come_back_with_reset_and_are_in_each_sandbox() -> None:
    api = Api(WORLD, {"mockgitlab": 1, "faults": [{"on": "GET /user", "nth": 1, "status": 503}]}, prefix="")
    for prefix in ("", "/@box"):
        assert [api.get(f"{prefix}/api/v4/user").status for _ in range(2)] == [503, 200]
    api.server.reset()
    assert api.server.world.verify().unused_faults == ("on GET /user, nth 1, status 503",)
    assert api.get("/api/v4/user").status == 503
    assert api.server.world.verify().unused_faults == ()


def test_faults_are_listed_added_and_removed_over_http(api: Api) -> None:
    client = api.server.app.test_client()
    added = client.post("/_mockgitlab/faults", json={"on": "GET /user", "status": 503})
    assert (added.status_code, added.json) == (201, {"on": "GET /user", "status": 503, "seen": 0, "struck": 0})
    assert statuses(api, 1) == [503]
    assert client.get("/_mockgitlab/faults").json == {
        "faults": [{"on": "GET /user", "status": 503, "seen": 1, "struck": 1}]
    }
    assert client.delete("/_mockgitlab/faults").json == {"removed": 1}
    for wrong in ({"status": 503}, {"on": 5, "status": 503}):
        answer = client.post("/_mockgitlab/faults", json=wrong)
        assert (answer.status_code, "names no request" in str(answer.json)) == (400, True)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "say what happens"),
        ({"stauts": 500}, "'stauts' is nothing that a fault has"),
        ({"status": 99}, "status must be a status from 200 to 599, not 99"),
        ({"answer": "gone"}, "answer must be one of reset, empty"),
        ({"status": 500, "nth": 0}, "nth must be a whole number from 1, not 0"),
        ({"status": 500, "nth": 1, "first": 1}, "take one of nth, first"),
        ({"status": 500, "probability": 2}, "probability must be a number from 0 to 1"),
        ({"status": 500, "during": "soon"}, "'soon' is no duration"),
        ({"latency": "soon"}, "'soon' is no duration"),
        ({"latency": "2s..1s"}, "latency must be from less to more, not '2s..1s'"),
        ({"latency_at_most": 1}, "'latency_at_most' is nothing that a fault has"),
        ({"drip": "2h"}, "drip must be from 0 to 3600 seconds, not '2h'"),
        ({"status": 500, "per": "day"}, "per must be one of operation, token, request"),
        ({"body": 5}, "body must be a text, not 5"),
        ({"status": 500, "nth": 1, "after": 1}, "take one of nth, first, after"),
        ({"latency": -1}, "latency must be from 0 to 3600 seconds, not -1"),
        ({"latency": float("nan")}, "latency must be from 0"),
        ({"latency": "99999999999d"}, "is too long"),
        ({"status": 500, "headers": {"X": "a\nb"}}, "cannot be sent"),
        ({"status": 500, "headers": {"X y": "a"}}, "cannot be sent"),
        ({"lose": 1}, "lose must be true or false"),
        ({"status": 500, "headers": []}, "headers must be a mapping"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        fault("GET /user", **options)
    assert told in str(raised.value)
