import base64
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.web.zoo import Animal, Answer, Zoo

LIST = "keepers/ada/animals"


@pytest.fixture
def zoo() -> Zoo:
    return Zoo(45)


def links(answer: Answer) -> dict[str, str]:
    return {rel: url for url, rel in re.findall(r'<([^>]*)>; rel="(\w+)"', answer.headers.get("Link", ""))}


def query(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query, keep_blank_values=True)


def numbers(answer: Answer) -> dict[str, str]:
    return {name[2:]: value for name, value in answer.headers if name.startswith(("X-P", "X-N", "X-T"))}


def iids(answer: Answer) -> list[int]:
    assert answer.status_code == 200, answer.data
    return [one["iid"] for one in answer.json]


# By page


def test_the_first_page_has_twenty_and_says_what_follows(zoo: Zoo) -> None:
    answer = zoo.get(LIST)
    assert iids(answer) == list(range(1, 21))
    assert numbers(answer) == {
        "Per-Page": "20",
        "Page": "1",
        "Next-Page": "2",
        "Prev-Page": "",
        "Total": "45",
        "Total-Pages": "3",
    }
    assert list(links(answer)) == ["next", "first", "last"]


def test_a_page_between_has_all_links_in_gitlabs_order(zoo: Zoo) -> None:
    found = links(zoo.get(f"{LIST}?page=2&per_page=10"))
    assert {rel: query(url)["page"] for rel, url in found.items()} == {
        "prev": ["1"],
        "next": ["3"],
        "first": ["1"],
        "last": ["5"],
    }


def test_the_last_page_has_no_next(zoo: Zoo) -> None:
    answer = zoo.get(f"{LIST}?page=3")
    assert iids(answer) == [41, 42, 43, 44, 45]
    assert (answer.headers["X-Next-Page"], answer.headers["X-Prev-Page"]) == ("", "2")
    assert list(links(answer)) == ["prev", "first", "last"]


@pytest.mark.parametrize("page", [4, 999, 10**17])
def test_beyond_the_end_is_an_empty_list_with_the_first_and_last_page(zoo: Zoo, page: int) -> None:
    zoo.post("keepers/1/animals", json={"name": "changed"})
    answer = zoo.get(f"{LIST}?page={page}")
    assert iids(answer) == []
    assert numbers(answer) == {
        "Per-Page": "20",
        "Page": str(page),
        "Next-Page": "",
        "Prev-Page": "",
        "Total": "46",
        "Total-Pages": "3",
    }
    assert list(links(answer)) == ["first", "last"]


def test_an_empty_list_has_one_page() -> None:
    answer = Zoo(0).get(LIST)
    assert numbers(answer)["Total-Pages"] == "1"
    assert list(links(answer)) == ["first", "last"]


def test_following_next_visits_everything_once(zoo: Zoo) -> None:
    seen, url = [], "/api/v4/" + LIST + "?per_page=7"
    while url:
        answer = zoo.get(url)
        seen += iids(answer)
        url = links(answer).get("next", "").removeprefix("http://localhost")
    assert seen == list(range(1, 46))


@pytest.mark.parametrize(("page", "shown"), [("0", "1"), ("-3", "1"), ("", "1"), ("+2", "2"), (" 2 ", "2")])
def test_a_page_below_the_first_is_the_first(zoo: Zoo, page: str, shown: str) -> None:
    assert zoo.get(LIST, query_string={"page": page}).headers["X-Page"] == shown


@pytest.mark.parametrize(
    ("per_page", "shown"), [("100", "100"), ("101", "100"), ("5000", "100"), ("1", "1"), ("", "20"), ("-1", "20")]
)
def test_a_page_has_at_most_a_hundred(zoo: Zoo, per_page: str, shown: str) -> None:
    answer = zoo.get(f"{LIST}?per_page={per_page}")
    assert answer.headers["X-Per-Page"] == shown
    assert query(links(answer)["first"])["per_page"] == [shown]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("per_page=0", "per_page has a value not allowed"),
        ("per_page=-0", "per_page has a value not allowed"),
        ("per_page=abc", "per_page is invalid"),
        ("per_page=1_0", "per_page is invalid"),
        ("per_page[]=1", "per_page is invalid"),
        ("page=abc", "page is invalid"),
        ("page=1.5", "page is invalid"),
        (f"page={'9' * 30}", "page is invalid"),
    ],
)
def test_numbers_that_make_no_sense_are_400(zoo: Zoo, given: str, problem: str) -> None:
    answer = zoo.get(f"{LIST}?{given}")
    assert (answer.status_code, answer.json) == (400, {"error": problem})


def test_links_repeat_all_parameters_in_alphabetical_order(zoo: Zoo) -> None:
    answer = zoo.get(f"{LIST}?search=animal+0&tags[]=odd&per_page=2&unknown=1&tame=true")
    assert links(answer)["next"] == (
        "http://localhost/api/v4/keepers/ada/animals?id=ada&page=2&per_page=2&search=animal+0&tags%5B%5D=odd&tame=true"
        "&unknown=1"
    )


def test_links_keep_the_token_of_a_client_that_gave_it_in_the_query(zoo: Zoo) -> None:
    answer = zoo.get(f"{LIST}?private_token=ada-token&per_page=2")
    assert query(links(answer)["next"])["private_token"] == ["ada-token"]


def test_links_have_the_path_and_host_that_the_client_used(zoo: Zoo) -> None:
    answer = zoo.get("/api/v4/keepers/%61da/animals", base_url="https://git.test:8443")
    assert links(answer)["first"].startswith("https://git.test:8443/api/v4/keepers/%61da/animals?id=ada&page=1&")


def test_another_parameter_that_ends_in_page_is_left_alone(zoo: Zoo) -> None:
    answer = zoo.get(f"{LIST}?search=x%26page%3D0&per_page=2")
    assert query(links(answer)["first"])["search"] == ["x&page=0"]


def test_totals_are_left_out_above_the_limit() -> None:
    answer = Zoo(45, totals_above=44).get(LIST)
    assert numbers(answer) == {"Per-Page": "20", "Page": "1", "Next-Page": "2", "Prev-Page": ""}
    assert list(links(answer)) == ["next", "first"]
    assert "X-Total" in Zoo(45, totals_above=45).get(LIST).headers


def test_a_plain_list_is_paged_too(zoo: Zoo) -> None:
    answer = zoo.get("words?per_page=2&page=2")
    assert answer.json == ["three"]
    assert numbers(answer)["Total"] == "3"


def test_a_page_shows_what_was_written_since(zoo: Zoo) -> None:
    zoo.call("DELETE", "keepers/1/animals/5", "ada")
    zoo.call("PUT", "keepers/1/animals/7", "ada", json={"name": "renamed"})
    zoo.post("keepers/1/animals", json={"name": "new"})
    assert iids(zoo.get(f"{LIST}?per_page=10")) == [1, 2, 3, 4, 6, 7, 8, 9, 10, 11]
    assert [one["name"] for one in zoo.get(f"{LIST}?search=new").json] == ["new"]
    assert zoo.get(LIST).headers["X-Total"] == "45"


def test_a_list_that_knows_keysets_has_a_greatest_offset(zoo: Zoo) -> None:
    assert zoo.get("zoo?page=501&per_page=100").status_code == 200
    answer = zoo.get("zoo?page=502&per_page=100")
    assert answer.status_code == 405
    assert answer.json["error"].startswith(
        "Offset pagination has a maximum allowed offset of 50000 for requests that return objects of type Animal."
    )


# By keyset


def walk(zoo: Zoo, path: str) -> list[int]:
    seen, url = [], f"/api/v4/{path}"
    while url:
        answer = zoo.get(url)
        seen += iids(answer)
        assert numbers(answer) == {}
        assert set(links(answer)) <= {"next"}
        url = links(answer).get("next", "").removeprefix("http://localhost")
    return seen


@pytest.mark.parametrize(("sort", "expected"), [("asc", list(range(1, 46))), ("desc", list(range(45, 0, -1)))])
def test_by_id_every_record_is_visited_once(zoo: Zoo, sort: str, expected: list[int]) -> None:
    assert walk(zoo, f"zoo?pagination=keyset&order_by=id&sort={sort}&per_page=10") == expected


def test_by_id_the_link_says_after_which(zoo: Zoo) -> None:
    answer = zoo.get("zoo?pagination=keyset&order_by=id&sort=asc&per_page=10")
    last = zoo.store[Animal].where(iid=10).page(0, 1)[0].id
    assert links(answer)["next"].endswith(f"/zoo?id_after={last}&order_by=id&pagination=keyset&per_page=10&sort=asc")


def test_by_id_without_an_order_is_405(zoo: Zoo) -> None:
    answer = zoo.get("zoo?pagination=keyset")
    assert (answer.status_code, answer.json) == (
        405,
        {"error": "Keyset pagination is not yet available for this type of request"},
    )


@pytest.mark.parametrize("path", ["zoo?pagination=keyset&order_by=name", "animals?pagination=keyset"])
def test_an_order_without_keyset_is_405(zoo: Zoo, path: str) -> None:
    assert zoo.get(path).status_code == 405


def test_by_cursor_every_record_is_visited_once(zoo: Zoo) -> None:
    assert walk(zoo, "animals?pagination=keyset&order_by=name&sort=asc&per_page=10") == list(range(1, 46))
    assert walk(zoo, "animals?pagination=keyset&order_by=name&sort=desc&per_page=15") == list(range(45, 0, -1))
    assert walk(zoo, "animals?pagination=keyset&order_by=id&sort=desc&per_page=20") == list(range(45, 0, -1))


def test_by_cursor_the_last_page_has_no_link(zoo: Zoo) -> None:
    assert links(zoo.get("animals?pagination=keyset&order_by=name&per_page=45")) == {}


def cursor(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "wrong",
    ["nonsense", "ü", cursor([]), cursor({}), cursor({"name": "a"}), cursor({"name": "a", "id": "x"}),
     cursor({"name": 5, "id": "1"}), cursor({"name": ["a"], "id": "1"}), "W1tbW1tb" * 300,
     base64.b64encode(b'{"name":"a","id":Infinity}').decode()],
)  # fmt: skip
def test_a_cursor_of_another_list_is_400(zoo: Zoo, wrong: str) -> None:
    answer = zoo.get("animals", query_string={"pagination": "keyset", "order_by": "name", "cursor": wrong})
    assert (answer.status_code, answer.json) == (400, {"error": "Invalid cursor parameter"})


def test_a_list_without_keysets_ignores_the_wish(zoo: Zoo) -> None:
    assert numbers(zoo.get(f"{LIST}?pagination=keyset"))["Total"] == "45"


def test_before_version_14_the_link_comes_as_links_too() -> None:
    answer = Zoo(3, version="13.12.0").get("zoo?pagination=keyset&order_by=id&per_page=1")
    assert answer.headers["Links"] == answer.headers["Link"]
    assert "Links" not in Zoo(3).get("zoo?pagination=keyset&order_by=id&per_page=1").headers
