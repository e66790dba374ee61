import json
import threading

import pytest

from tests.web.zoo import Zoo

PAGE = "/_mockgitlab/journal"


@pytest.fixture
def zoo() -> Zoo:
    zoo = Zoo()
    zoo.post("keepers/1/animals", json={"name": "tiger"})
    zoo.get("keepers/1/animals/9", "ada")
    return zoo


def test_the_journal_is_read(zoo: Zoo) -> None:
    page = zoo.get(PAGE).json
    assert (page["kept"], page["dropped"]) == (2, 0)
    assert [(one["operation"], one["status"], one["user"]) for one in page["entries"]] == [
        ("POST /keepers/:id/animals", 201, "ada"),
        ("GET /keepers/:id/animals/:animal_iid", 404, "ada"),
    ]
    assert page["entries"][0]["changes"] == ["animal 4: created tiger"]


def test_the_journal_is_filtered(zoo: Zoo) -> None:
    assert [one["id"] for one in zoo.get(f"{PAGE}?status=4xx&user=ada").json["entries"]] == [2]
    assert zoo.get(f"{PAGE}?since=2").json["entries"] == []


def test_the_journal_is_emptied(zoo: Zoo) -> None:
    assert zoo.call("DELETE", PAGE).json == {"removed": 2}
    assert zoo.get(PAGE).json == {"entries": [], "kept": 0, "dropped": 0}


def test_a_sandbox_shows_its_own_journal(zoo: Zoo) -> None:
    zoo.get("/@box/api/v4/animals")
    assert [one["operation"] for one in zoo.get(f"/@box{PAGE}").json["entries"]] == ["GET /animals"]
    assert zoo.get(PAGE).json["kept"] == 2


def test_requests_are_waited_for(zoo: Zoo) -> None:
    later = threading.Timer(0.05, lambda: Zoo.get(zoo, "animals", "bob"))
    later.start()
    found = zoo.get(f"{PAGE}?user=bob&wait=1&timeout=10").json["entries"]
    later.join()
    assert [one["user"] for one in found] == ["bob"]


def test_waiting_in_vain_is_408(zoo: Zoo) -> None:
    answer = zoo.get(f"{PAGE}?user=bob&wait=1&timeout=0.01")
    assert answer.status_code == 408
    assert "0 of 1 requests came" in answer.json["error"]


def test_it_is_exported_as_json_lines_and_har(zoo: Zoo) -> None:
    lines = zoo.get(f"{PAGE}?format=jsonl").text.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [1, 2]
    assert len(zoo.get(f"{PAGE}?format=har&status=404").json["log"]["entries"]) == 1


@pytest.mark.parametrize("query", ["format=xml", "colour=red", "status=x", "wait=many", "timeout=soon", "since=now"])
def test_what_cannot_be_read_is_400(zoo: Zoo, query: str) -> None:
    answer = zoo.get(f"{PAGE}?{query}")
    assert answer.status_code == 400
    assert answer.json["error"]
    assert zoo.errors == []
