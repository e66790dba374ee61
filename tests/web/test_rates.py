from datetime import timedelta

import pytest

from tests.web.zoo import Zoo


@pytest.fixture
def zoo() -> Zoo:
    return Zoo(requests_per_minute=2, clock="2024-05-01T09:00:15Z")


def test_every_answer_says_how_much_is_left(zoo: Zoo) -> None:
    headers = zoo.get("me", "ada").headers
    assert {name: value for name, value in headers if name.startswith("RateLimit")} == {
        "RateLimit-Limit": "2",
        "RateLimit-Name": "throttle_authenticated_api",
        "RateLimit-Observed": "1",
        "RateLimit-Remaining": "1",
        "RateLimit-Reset": "1714554060",
        "RateLimit-ResetTime": "Wed, 01 May 2024 09:01:00 GMT",
    }


def test_refusals_count_and_say_so(zoo: Zoo) -> None:
    assert zoo.get("keepers/99/animals", "ada").headers["RateLimit-Observed"] == "1"
    assert zoo.get("me").headers["RateLimit-Name"] == "throttle_unauthenticated_api"


def test_what_has_no_route_and_who_is_not_known_count_for_the_address(zoo: Zoo) -> None:
    refused = [zoo.get(path, token) for path, token in (("nowhere", "ada"), ("me", "nobody"), ("me", "ada"))]
    assert [answer.status_code for answer in refused] == [404, 401, 200]
    assert [answer.headers["RateLimit-Observed"] for answer in refused] == ["1", "2", "1"]
    assert [zoo.get(path, "nobody").status_code for path in ("me", "nowhere")] == [429, 429]


def test_above_the_limit_is_429_until_the_minute_is_over(zoo: Zoo) -> None:
    assert [zoo.get("me", "ada").status_code for _ in range(3)] == [200, 200, 429]
    answer = zoo.get("me", "ada")
    assert answer.json == {"message": "429 Too Many Requests"}
    assert (answer.headers["Retry-After"], answer.headers["RateLimit-Remaining"]) == ("45", "0")
    assert "limits.requests_per_minute is 2" in answer.headers["X-Mockgitlab-Reason"]
    zoo.store.advance_clock(timedelta(seconds=int(answer.headers["Retry-After"])))
    assert zoo.get("me", "ada").status_code == 200


def test_a_live_gitlab_says_retry_later_in_plain_text() -> None:
    zoo = Zoo(requests_per_minute=1, errors="observed")
    answer = [zoo.get("me", "ada") for _ in range(2)][-1]
    assert (answer.status_code, answer.content_type, answer.text) == (429, "text/plain", "Retry later\n")


def test_each_caller_has_a_limit_of_its_own(zoo: Zoo) -> None:
    for _ in range(3):
        zoo.get("me", "ada")
    assert zoo.get("me", "bob").status_code == 200
    assert zoo.get("echo").status_code == 200


def test_without_a_limit_nothing_is_counted() -> None:
    zoo = Zoo()
    assert not any(name.startswith("RateLimit") for name, _ in zoo.get("echo").headers)


def test_a_reset_begins_a_new_count(zoo: Zoo) -> None:
    for _ in range(3):
        zoo.get("me", "ada")
    zoo.worlds.reset()
    assert zoo.get("me", "ada").status_code == 200
