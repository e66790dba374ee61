"""Traps of answers that are lost, late, or a proxy's."""

import pytest

from mockgitlab.web.answer import AnswerLost
from tests.support import Api

ISSUES = "projects/1/issues"


def titles(api: Api) -> list[str]:
    return sorted(one["title"] for one in api.server.state().get("Issue", []))


def test_the_first_answer_to_every_write_is_lost_and_the_write_is_done(api: Api) -> None:
    api.server.trap("lost_answers")
    for title in ("one", "two"):
        with pytest.raises(AnswerLost):
            api.post(ISSUES, "ada", title=title)
    assert titles(api) == ["one", "two"]
    assert api.post(ISSUES, "ada", title="one").status == 201
    assert titles(api) == ["one", "one", "two"]
    assert api.get(ISSUES).status == 200


def test_a_proxys_page_may_come_in_place_of_the_answer(api: Api) -> None:
    api.server.trap("bad_gateway_after_write")
    assert [api.put("projects/1", name="renamed").status for _ in range(2)] == [502, 200]
    assert api.server.journal[0].changes[0] == "project 1: name rocket → renamed"


def test_the_first_read_of_every_operation_meets_a_bad_gateway(api: Api) -> None:
    api.server.trap("bad_gateway")
    asked = ["projects/1", "projects/2", "user", "projects/1"]
    assert [api.get(path).status for path in asked] == [502, 200, 502, 200]
    assert api.post(ISSUES, title="x").status == 201


def test_the_first_answer_of_every_operation_is_slow(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("mockgitlab.web.gateway.sleep", slept.append)
    api.server.trap("slow_answers")
    assert [api.get(path).status for path in ("user", "user", "version")] == [200, 200, 200]
    assert [seconds for seconds in slept if seconds] == [2.0, 2.0]
