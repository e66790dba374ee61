"""Pages that are remembered whole: given again while they hold, and never once they do not."""

import hashlib
from itertools import count
from typing import Any

import pytest

from mockgitlab.dsl import Shape
from tests.web.zoo import Animal, Answer, Zoo

LIST, ONE = "keepers/1/animals", "keepers/1/animals/1"
numbers = count()


def page(zoo: Zoo, path: str = LIST, as_: str | None = None, **options: Any) -> Answer:
    """Ask for a page by a query never sent before, which no remembered answer has."""
    return zoo.get(f"{path}?n={next(numbers)}", as_, **options)


def names(zoo: Zoo, path: str = LIST) -> list[str]:
    return [animal["name"] for animal in page(zoo, path).json]


def test_a_page_is_encoded_once_while_nothing_changes(zoo: Zoo, monkeypatch: pytest.MonkeyPatch) -> None:
    first = page(zoo)
    monkeypatch.setattr(Shape, "render", None)
    second = page(zoo)
    assert second.data == first.data
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["Link"] != first.headers["Link"]


def test_a_page_follows_every_write(zoo: Zoo) -> None:
    page(zoo)
    zoo.call("PUT", ONE, "ada", json={"name": "renamed"})
    assert names(zoo) == ["renamed", "animal 02", "animal 03"]
    zoo.call("DELETE", "keepers/1/animals/2", "ada")
    assert names(zoo) == ["renamed", "animal 03"]
    zoo.call("POST", LIST, "ada", json={"name": "new"})
    assert names(zoo) == ["renamed", "animal 03", "new"]
    zoo.call("PUT", ONE, "ada", json={"name": "animal 01"})
    assert names(zoo) == ["animal 01", "animal 03", "new"]


def test_a_page_forgets_a_write_that_was_taken_back(zoo: Zoo) -> None:
    before = page(zoo).data
    zoo.post("break")
    assert page(zoo).data == before


def test_the_pages_of_a_sandbox_are_its_own(zoo: Zoo) -> None:
    page(zoo)
    zoo.call("PUT", f"/@box/api/v4/{ONE}", "ada", json={"name": "renamed"})
    boxed = f"/@box/api/v4/{LIST}"
    assert [names(zoo)[0], names(zoo, boxed)[0], names(zoo)[0]] == ["animal 01", "renamed", "animal 01"]
    zoo.worlds.reset("box")
    assert names(zoo, boxed)[0] == "animal 01"


def test_a_page_is_remembered_by_host(zoo: Zoo) -> None:
    urls = [page(zoo, base_url=f"http://{host}").json[0]["web_url"] for host in ("a", "b", "a")]
    assert urls == [f"http://{host}/animals/1" for host in ("a", "b", "a")]


def test_the_tag_of_a_page_is_that_of_its_bytes(zoo: Zoo) -> None:
    for name in ("one", "two", "one"):
        zoo.call("PUT", ONE, "ada", json={"name": name})
        answer = page(zoo)
        assert answer.headers["ETag"] == f'W/"{hashlib.sha1(answer.data).hexdigest()[:32]}"'
    assert page(zoo, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_an_empty_page_is_an_empty_list(zoo: Zoo) -> None:
    assert [page(zoo, "keepers/2/animals").data for _ in range(2)] == [b"[]", b"[]"]


def test_the_journal_shares_the_bytes_of_a_page(zoo: Zoo) -> None:
    for number in range(100):
        zoo.store.insert(Animal(keeper_id=2, name=f"{number} " + "x" * 300))
    path = "keepers/2/animals?per_page=100&n="
    zoo.get(f"{path}1")
    zoo.get(f"{path}2")
    first, second = zoo.worlds.main.journal
    assert first.record.size > len(first.record.body)
    assert first.record.body is second.record.body
