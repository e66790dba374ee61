from typing import Any

import pytest

from mockgitlab.web import control
from tests.web.zoo import Animal, Zoo


def test_ready_says_which_version_is_served(zoo: Zoo) -> None:
    assert zoo.get("/_mockgitlab/ready").json == {"ready": True, "version": "17.5.0"}


def test_reset_brings_back_what_was_loaded(zoo: Zoo) -> None:
    zoo.post("keepers/1/animals", json={"name": "x"})
    assert zoo.post("/_mockgitlab/reset", None).json == {"reset": "main"}
    assert zoo.store[Animal].all().count() == 3


def test_state_shows_every_record_by_kind(zoo: Zoo) -> None:
    zoo.store.update(zoo.store[Animal][10_001], name=b"bytes")
    state = zoo.get("/_mockgitlab/state").json
    assert list(state) == ["Animal", "Keeper"]
    assert state["Keeper"] == [{"id": 1, "username": "ada"}, {"id": 2, "username": "bob"}]
    assert state["Animal"][0] == {
        "id": 10_001,
        "iid": 1,
        "keeper_id": 1,
        "name": "5 bytes",
        "tags": ["odd"],
        "created_at": "2024-05-01T09:00:00.000Z",
        "updated_at": "2024-05-01T09:00:00.000Z",
    }


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(
    ("sent", "now"),
    [
        ({"json": {"advance": "1d12h"}}, "2024-05-02T21:00:00.000Z"),
        ({"json": {"now": "2030-01-01T00:00:00+01:00"}}, "2029-12-31T23:00:00.000Z"),
        ({"data": {"advance": "2h"}}, "2024-05-01T11:00:00.000Z"),
        ({"query_string": {"now": "2025-01-01"}}, "2025-01-01T00:00:00.000Z"),
        ({"data": b'{"advance": "1s"}'}, "2024-05-01T09:00:01.000Z"),
    ],
)
def test_the_clock_is_moved(zoo: Zoo, method: str, sent: dict[str, Any], now: str) -> None:
    answer = zoo.call(method, "/_mockgitlab/clock", **sent)
    assert (answer.status_code, answer.json) == (200, {"now": now})
    assert zoo.get("/_mockgitlab/clock").json == {"now": now}


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"json": {"forward": "2h"}},
        {"json": {"advance": "tomorrow"}},
        {"json": {"advance": 5}},
        {"json": {"advance": "99999999999d"}},
        {"json": {"advance": "900000w"}},
        {"json": {"now": "2024-02-30"}},
        {"json": {"now": None}},
        {"json": ["advance"]},
        {"json": "advance"},
        {"json": 5},
        {"data": b"{", "content_type": "application/json"},
        {"data": b"\xff", "content_type": "application/json"},
        {"data": b"[" * 10_000, "content_type": "application/json"},
    ],
)
def test_a_clock_that_cannot_be_read_is_400_and_stands_still(zoo: Zoo, sent: dict[str, Any]) -> None:
    answer = zoo.post("/_mockgitlab/clock", None, **sent)
    assert answer.status_code == 400
    assert answer.json["error"]
    assert zoo.errors == []
    assert zoo.store.now == "2024-05-01T09:00:00.000Z"


def test_a_sandbox_has_a_clock_of_its_own(zoo: Zoo) -> None:
    zoo.post("/@box/_mockgitlab/clock", None, json={"advance": "1h"})
    assert zoo.get("/@box/_mockgitlab/clock").json == {"now": "2024-05-01T10:00:00.000Z"}
    assert zoo.get("/_mockgitlab/clock").json == {"now": "2024-05-01T09:00:00.000Z"}


def test_sandboxes_are_made_and_listed(zoo: Zoo) -> None:
    answer = zoo.post("/_mockgitlab/sandboxes/b.o-x_1", None, base_url="http://here:8080")
    assert (answer.status_code, answer.json) == (201, {"sandbox": "b.o-x_1", "url": "http://here:8080/@b.o-x_1"})
    assert zoo.get("/_mockgitlab/sandboxes").json == {"sandboxes": ["b.o-x_1"]}


def test_a_sandbox_asked_for_again_begins_anew(zoo: Zoo) -> None:
    zoo.post("/@box/api/v4/keepers/1/animals", json={"name": "x"})
    zoo.post("/_mockgitlab/sandboxes/box", None)
    assert len(zoo.get("/@box/api/v4/keepers/1/animals").json) == 3


def test_the_url_of_a_sandbox_is_the_one_that_clients_reach(zoo: Zoo) -> None:
    forwarded = {"X-Forwarded-Host": "git.test", "X-Forwarded-Proto": "https"}
    answer = zoo.post("/@other/_mockgitlab/sandboxes/box", None, headers=forwarded)
    assert answer.json["url"] == "https://git.test/@box"


@pytest.mark.parametrize("name", ["a b", "ü", "x" * 101, "@"])
def test_a_name_that_no_url_can_have_is_400(zoo: Zoo, name: str) -> None:
    answer = zoo.post(f"/_mockgitlab/sandboxes/{name}", None)
    assert answer.status_code == 400
    assert "letters, digits, dots, dashes and underscores" in answer.json["error"]


@pytest.mark.parametrize("path", ["/_mockgitlab/redy", "/", "/acme/rocket", "/@box/", "/@box"])
def test_an_unknown_path_is_404_as_json(zoo: Zoo, path: str) -> None:
    answer = zoo.get(path)
    assert (answer.status_code, answer.json) == (404, {"error": "404 Not Found"})


def test_a_wrong_method_is_405_as_json(zoo: Zoo) -> None:
    answer = zoo.get("/_mockgitlab/reset")
    assert (answer.status_code, answer.json) == (405, {"error": "405 Method Not Allowed"})


def test_a_failure_of_a_control_page_is_told_of(zoo: Zoo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "state_of", lambda store: 1 // 0)
    answer = zoo.get("/_mockgitlab/state")
    assert (answer.status_code, answer.json) == (500, {"error": "500 Internal Server Error"})
    assert [type(error) for error in zoo.errors] == [ZeroDivisionError]
