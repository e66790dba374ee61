from typing import Any

import pytest

from mockgitlab.playback.differences import Comparison
from mockgitlab.playback.exchange import Body

CLOCK = "2024-05-01T09:00:00Z"
A, B, C = "a" * 40, "b" * 40, "c" * 40


def told(was: Any, now: Any, comparison: Comparison | None = None) -> list[str]:
    found = (comparison or Comparison(CLOCK)).bodies(Body("json", was), Body("json", now))
    return [str(one) for one in found]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ({"token": "glpat-SCRUBBED-1"}, {"token": "glpat-abc"}),
        ({"at": "2024-05-01T09:00:00.000Z"}, {"at": "2024-05-01T10:30:00.000Z"}),
        ({"id": A, "parents": [B], "url": f"https://x/-/commit/{A}"}, {"id": C, "parents": [A], "url": f"https://x/-/commit/{C}"}),
        ({"url": "https://secure.gravatar.com/avatar/1?s=80"}, {"url": "https://www.gravatar.com/avatar/2?s=80"}),
        ({"root_repository_size": 715, "wiki_size": 3}, {"root_repository_size": 787, "wiki_size": 4}),
        ([1, "x", None, {"a": []}], [1, "x", None, {"a": []}]),
    ],
)  # fmt: skip
def test_what_cannot_be_the_same_in_two_servers_is_no_difference(was: Any, now: Any) -> None:
    assert told(was, now) == []


@pytest.mark.parametrize(
    ("was", "now", "difference"),
    [
        ({"a": 1}, {"a": 2}, "body.a: was 1, is 2"),
        ({"a": 1}, {"a": True}, "body.a: was 1, is True"),
        ({"a": 1}, {}, "body.a: is gone, was 1"),
        ({}, {"a": "x" * 80}, f"body.a: is new: '{'x' * 59}…"),
        ({"wiki_size": 1}, {"wiki_size": None}, "body.wiki_size: was 1, is None"),
        ([1, 2], [1], "body: had 2 items, has 1"),
        ({"at": "2024-04-30T09:00:00Z"}, {"at": "2024-05-01T09:00:00Z"}, "body.at: was '2024-04-30T09:00:00Z', is"),
        ({"text": "abc 12"}, {"text": "abc 13"}, "body.text: was 'abc 12', is 'abc 13'"),
    ],
)
def test_a_difference_is_told_with_its_field(was: Any, now: Any, difference: str) -> None:
    [one] = told(was, now)
    assert one.startswith(difference)


def test_a_hash_stands_for_the_same_one_throughout() -> None:
    comparison = Comparison(CLOCK)
    assert told({"id": A}, {"id": B}, comparison) == []
    assert told({"id": A}, {"id": C}, comparison) == [f"body.id: was '{A}', is '{C}'"]


def test_numbers_of_what_the_session_made_stand_for_one_another() -> None:
    comparison = Comparison(CLOCK)
    comparison.made({"id": 7, "iid": 3, "user_id": 5}, {"id": 9, "iid": 4, "user_id": 6})
    was = {"id": 7, "author_id": 5, "url": "https://x/-/issues/3"}
    assert told(was, {"id": 9, "author_id": 6, "url": "https://x/-/issues/4"}, comparison) == []
    assert told({"id": 8}, {"id": 9}, comparison) == ["body.id: was 8, is 9"]


def test_bodies_of_other_kinds_are_compared_whole() -> None:
    comparison = Comparison(CLOCK)
    assert comparison.bodies(Body("text", "a"), Body("text", "a")) == []
    assert str(comparison.bodies(Body("text", "a"), Body("text", "b"))[0]) == "body: was 'a', is 'b'"
    assert str(comparison.bodies(Body("json", {}), Body())[0]) == "body: was json, is empty"
