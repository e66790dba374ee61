from typing import Any

import pytest

from mockgitlab.web.worlds import Stub
from tests.web.zoo import Animal, Zoo

# The order of the refusals


def test_without_a_token_401_comes_before_everything(zoo: Zoo) -> None:
    answer = zoo.post("keepers/99/animals", None)
    assert (answer.status_code, answer.json) == (401, {"message": "401 Unauthorized"})


def test_an_unknown_token_is_401_even_where_none_is_needed(zoo: Zoo) -> None:
    assert zoo.get("keepers/1/animals", "nobody").status_code == 401


def test_wrong_parameters_are_400_before_a_missing_record_is_404(zoo: Zoo) -> None:
    answer = zoo.post("keepers/99/animals")
    assert (answer.status_code, answer.json) == (400, {"message": '400 (Bad request) "name" not given'})


def test_a_missing_record_is_404_before_a_forbidden_one_is_403(zoo: Zoo) -> None:
    answer = zoo.post("keepers/99/animals", json={"name": "x"})
    assert (answer.status_code, answer.json) == (404, {"message": "404 Keeper Not Found"})
    assert answer.headers["X-Mockgitlab-Reason"] == "there is no keeper 99"


def test_who_may_not_is_403(zoo: Zoo) -> None:
    answer = zoo.post("keepers/1/animals", "bob", json={"name": "x"})
    assert (answer.status_code, answer.json) == (403, {"message": "403 Forbidden"})
    assert answer.headers["X-Mockgitlab-Reason"] == "these are somebody else's animals"


def test_an_early_rule_is_checked_before_the_parameters(zoo: Zoo) -> None:
    assert zoo.post("early", "bob").status_code == 403
    assert zoo.post("early", "ada").status_code == 400


def test_the_observed_style_speaks_as_grape() -> None:
    answer = Zoo(errors="observed").post("keepers/1/animals")
    assert (answer.status_code, answer.json) == (400, {"error": "name is missing"})


# Routes


@pytest.mark.parametrize(
    "path",
    [
        "keepers/1/animals/1",
        "keepers/ada/animals/1",
        "keepers/1/animals/1/",
        "keepers//1/animals/1",
        "//keepers/1/animals//1//",
        "keepers/%61da/animals/1",
        "keepers/1/animals/1.json",
    ],
)
def test_a_record_is_found_however_its_path_is_written(zoo: Zoo, path: str) -> None:
    answer = zoo.get(f"/api/v4/{path}")
    assert (answer.status_code, answer.json["name"]) == (200, "animal 01")


@pytest.mark.parametrize(
    ("raw", "read"),
    [("a/b.txt", "a/b.txt"), ("a%2Fb%2Etxt", "a/b.txt"), ("..%2Fx", "../x"), ("%20%C3%A9", " é"), ("a.json", "a.json")],
)
def test_a_path_is_decoded_once(zoo: Zoo, raw: str, read: str) -> None:
    assert zoo.get(f"files/{raw}").json == {"path": read}


@pytest.mark.parametrize(
    "path", ["/api/v4/keeper/1/animals", "/api/v4/", "/api/v4", "/api/v5/version", "/api/", "/ci/api/v1/x"]
)
def test_an_unknown_route_is_404_with_the_key_error(zoo: Zoo, path: str) -> None:
    answer = zoo.get(path)
    assert (answer.status_code, answer.json) == (404, {"error": "404 Not Found"})


def test_an_unknown_route_names_the_nearest(zoo: Zoo) -> None:
    assert (
        zoo.get("keeper/1/animals")
        .headers["X-Mockgitlab-Reason"]
        .startswith(
            "no route /api/v4/keeper/1/animals; the nearest is GET /api/v4/keepers/:id/animals "
            "(method [ok], api [ok], v4 [ok], keeper [no] keepers, :id [ok], animals [ok]); other near "
        )
    )


@pytest.mark.parametrize(
    "path", ["keepers/1/animals/x", "keepers/1/animals/--1", "keepers/1/animals/1e3", "keepers/1/animals/²"]
)
def test_a_number_that_is_none_is_400(zoo: Zoo, path: str) -> None:
    answer = zoo.get(path)
    assert (answer.status_code, answer.json) == (400, {"error": "animal_iid is invalid"})


def test_a_wrong_method_is_405_and_says_what_is_allowed(zoo: Zoo) -> None:
    answer = zoo.call("PATCH", "keepers/1/animals/1", "ada")
    assert (answer.status_code, answer.json) == (405, {"error": "405 Not Allowed"})
    assert answer.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, PUT"


def test_an_operation_that_is_not_built_is_501(zoo: Zoo) -> None:
    answer = zoo.post("keepers/1/later", None)
    assert answer.status_code == 501
    assert answer.json["message"].startswith("501 Not Implemented: GitLab has POST /keepers/:id/later")


def test_head_is_get_without_the_body(zoo: Zoo) -> None:
    get, head = zoo.get("keepers/1/animals"), zoo.call("HEAD", "keepers/1/animals")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(get.data))
    assert head.headers["X-Total"] == "3"
    assert head.headers["ETag"] == get.headers["ETag"]


# What is sent back


def test_a_deletion_is_204_without_body_and_type(zoo: Zoo) -> None:
    answer = zoo.call("DELETE", "keepers/1/animals/1", "ada")
    assert (answer.status_code, answer.data) == (204, b"")
    assert not {"Content-Type", "Content-Length", "ETag"} & set(answer.headers.keys())
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_creation_is_201_and_its_url_is_the_one_the_client_used(zoo: Zoo) -> None:
    answer = zoo.post("keepers/1/animals", json={"name": "Tom"}, base_url="http://gitlab.test:8080")
    assert answer.status_code == 201
    assert answer.json == {"iid": 4, "name": "Tom", "web_url": "http://gitlab.test:8080/animals/4"}


def test_what_is_no_json_is_sent_as_it_is(zoo: Zoo) -> None:
    answer = zoo.get("raw")
    assert (answer.data, answer.content_type, answer.headers["X-Kind"]) == (b"\0\1", "application/octet-stream", "raw")


def test_an_operation_may_say_that_nothing_changed(zoo: Zoo) -> None:
    answer = zoo.get("nothing")
    assert (answer.status_code, answer.data) == (304, b"")


def test_every_answer_has_gitlabs_headers(zoo: Zoo) -> None:
    answer = zoo.get("keepers/1/animals/1")
    headers = dict(answer.headers)
    assert headers.pop("ETag").startswith('W/"')
    assert headers == {
        "Cache-Control": "max-age=0, private, must-revalidate",
        "Content-Length": str(len(answer.data)),
        "Content-Type": "application/json",
        "Vary": "Origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "X-Gitlab-Meta": '{"correlation_id":"01HWMG00000000000000000001","version":"1"}',
        "X-Request-Id": "01HWMG00000000000000000001",
        "X-Runtime": "0.000000",
    }


def test_a_refusal_is_not_to_be_kept(zoo: Zoo) -> None:
    answer = zoo.get("unknown")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "ETag" not in answer.headers


def test_every_request_has_an_id_of_its_own(zoo: Zoo) -> None:
    ids = [zoo.get("keepers/1/animals/1").headers["X-Request-Id"] for _ in range(3)]
    assert len(set(ids)) == 3
    assert {len(one) for one in ids} == {26}


# Conditional requests


def test_what_the_client_has_already_is_304(zoo: Zoo) -> None:
    tag = zoo.get("keepers/1/animals").headers["ETag"]
    again = zoo.get("keepers/1/animals", headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert "Content-Type" not in again.headers
    assert zoo.call("HEAD", "keepers/1/animals", headers={"If-None-Match": tag}).status_code == 304


def test_what_changed_since_is_sent_whole(zoo: Zoo) -> None:
    tag = zoo.get("keepers/1/animals").headers["ETag"]
    zoo.post("keepers/1/animals", json={"name": "Tom"})
    assert zoo.get("keepers/1/animals", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("path", ["k%65epers/1/anim%61ls", "%6Beepers/%31/animals", "keepers/1/animals%2Ejson"])
def test_letters_may_be_encoded_where_a_path_has_them_plain(zoo: Zoo, path: str) -> None:
    assert zoo.get(path).status_code == (404 if "%2E" in path else 200)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("animals?search=%00", "Invalid query parameters: a text holds a NUL character"),
        ("animals?search=%ff", "Invalid query parameters: invalid byte sequence in UTF-8"),
        ("animals%00", "Invalid path parameters: a NUL character"),
        ("animals/%ff", "Invalid path parameters: bytes that are no UTF-8, in which names are to be encoded"),
        ("animals/5%zz", "Invalid path parameters: invalid %-encoding (%zz)"),
    ],
)
def test_a_malformed_request_is_400_before_anything_else(zoo: Zoo, path: str, problem: str) -> None:
    answer = zoo.get(path)
    assert (answer.status_code, answer.json) == (400, {"error": problem})
    answer = Zoo(errors="observed").get(path)
    assert (answer.status_code, answer.text, answer.content_type) == (400, "Bad Request", "text/plain")


def test_a_write_is_never_304(zoo: Zoo) -> None:
    assert zoo.post("echo", headers={"If-None-Match": "*"}).status_code == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Wed, 01 May 2024 08:59:59 GMT", 412),
        ("Wed, 01 May 2024 09:00:00 GMT", 204),
        ("Wed, 01 May 2024 08:00:00 -0000", 412),
        ("Wed May  1 08:59:59 2024", 412),
        ("2024-04-30", 412),
        ("2024-05-02T00:00:00Z", 204),
        ("yesterday", 204),
        ("Wed, 99 May 2024", 204),
    ],
)
def test_what_changed_since_is_not_deleted(zoo: Zoo, since: str, status: int) -> None:
    answer = zoo.call("DELETE", "keepers/1/animals/1", "ada", headers={"If-Unmodified-Since": since})
    assert answer.status_code == status
    if status == 412:
        assert answer.json == {"message": "412 Precondition Failed"}
    assert zoo.store[Animal].where(iid=1).exists() is (status == 412)


# Limits


def test_a_body_that_is_too_large_is_413() -> None:
    zoo = Zoo(body_bytes=20)
    assert zoo.post("echo", json={"a": "b"}).status_code == 200
    answer = zoo.post("echo", json={"a": "b" * 20})
    assert (answer.status_code, answer.json) == (413, {"error": "413 Request Entity Too Large"})
    assert "limits.body_bytes is 20" in answer.headers["X-Mockgitlab-Reason"]


def test_a_path_that_is_too_long_is_414() -> None:
    zoo = Zoo(uri_bytes=40)
    assert zoo.get("echo?a=1").status_code == 200
    answer = zoo.get("echo?a=" + "1" * 40)
    assert (answer.status_code, answer.json) == (414, {"error": "414 Request-URI Too Large"})


# Parameters


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("place", ["query", "form", "json"])
def test_parameters_nest_wherever_they_stand_on_every_method(zoo: Zoo, method: str, place: str) -> None:
    form = "a[]=1&a[]=2&b[c]=3&d[][e]=4&d[][e]=5"
    bodies: dict[str, dict[str, Any]] = {
        "query": {"query_string": form},
        "form": {"data": form, "content_type": "application/x-www-form-urlencoded"},
        "json": {"json": {"a": ["1", "2"], "b": {"c": "3"}, "d": [{"e": "4"}, {"e": "5"}]}},
    }
    answer = zoo.call(method, "echo", "ada", **bodies[place])
    read = (
        {} if (method, place) == ("GET", "json") else {"a": ["1", "2"], "b": {"c": "3"}, "d": [{"e": "4"}, {"e": "5"}]}
    )
    assert answer.json == {"sent": read}, "Grape does not read the JSON body of a GET"


def test_parameters_may_come_as_multipart(zoo: Zoo) -> None:
    assert zoo.post("echo", data={"a": "1"}, content_type="multipart/form-data").json == {"sent": {"a": "1"}}


def test_the_body_wins_over_the_query_and_the_path_over_both(zoo: Zoo) -> None:
    assert zoo.post("echo?a=1&b=2", json={"a": 3}).json == {"sent": {"a": 3, "b": "2"}}
    assert zoo.post("keepers/1/animals?id=2", json={"name": "x", "id": 2}).status_code == 201


def test_a_body_of_no_type_is_read_as_json(zoo: Zoo) -> None:
    assert zoo.post("echo", data=b'{"a": 1}').json == {"sent": {"a": 1}}
    assert zoo.post("echo", data=b"a=1").status_code == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/octet-stream; charset=x", "nonsense"])
def test_a_body_of_another_type_is_415(zoo: Zoo, kind: str) -> None:
    answer = zoo.post("echo", data=b"a", content_type=kind)
    expected = {"error": f"The provided content-type '{kind.partition(';')[0]}' is not supported."}
    assert (answer.status_code, answer.json) == (415, expected)


def test_a_type_without_a_body_does_not_matter(zoo: Zoo) -> None:
    assert zoo.post("echo", content_type="text/plain").status_code == 200


def test_malformed_json_is_400_before_the_operation_runs(zoo: Zoo) -> None:
    answer = zoo.post("keepers/1/animals", data=b"{", content_type="application/json")
    assert answer.status_code == 400
    assert "message body does not match declared format" in answer.json["error"]
    answer = Zoo(errors="observed").post("keepers/1/animals", data=b"{", content_type="application/json")
    assert (answer.status_code, answer.json) == (400, {"status": 400, "error": "Bad Request"})


# Failures


def test_a_failure_is_500_without_a_word_of_it_and_nothing_stays_written(zoo: Zoo) -> None:
    answer = zoo.post("break")
    assert (answer.status_code, answer.json) == (500, {"message": "500 Internal Server Error"})
    assert [str(error) for error in zoo.errors] == ["this is broken"]
    assert not zoo.store[Animal].where(name="lost").exists()


def test_a_refusal_is_no_failure(zoo: Zoo) -> None:
    zoo.post("keepers/1/animals")
    assert zoo.errors == []


# Stubs


def stubs(*found: Stub) -> Zoo:
    return Zoo(stubs=found)


def canned(status: int = 200, body: str = "{}", **headers: str) -> Any:
    from mockgitlab.web.answer import Answer

    return Answer(
        status, body.encode(), "application/json", {name.replace("_", "-"): text for name, text in headers.items()}
    )


def test_a_stub_answers_before_the_api() -> None:
    zoo = stubs(Stub("GET", "/api/v4/keepers/1/animals", canned(418, '{"short":"stout"}', X_Kind="pot")))
    answer = zoo.get("keepers/1/animals")
    assert (answer.status_code, answer.json, answer.headers["X-Kind"]) == (418, {"short": "stout"}, "pot")
    assert zoo.post("keepers/1/animals", json={"name": "x"}).status_code == 201


@pytest.mark.parametrize("path", ["/a%2Fb/c", "/a%2fb/c", "//a%2Fb//c/", "/%61%2Fb/c?x=1"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_stub_fits_however_its_path_is_written(method: str, path: str) -> None:
    answer = stubs(Stub("GET", "/a%2Fb/c", canned(418, "1"))).call(method, path)
    assert (answer.status_code, answer.headers["Content-Length"]) == (418, "1")


def test_a_stub_may_stand_outside_the_api() -> None:
    zoo = stubs(Stub("ANY", "/oauth/token", canned(200, '{"access_token":"x"}')))
    assert zoo.post("/oauth/token", None).json == {"access_token": "x"}
    assert zoo.get("/oauth/other").status_code == 404


def test_a_stub_with_another_method_leaves_404() -> None:
    answer = stubs(Stub("POST", "/login", canned())).get("/login")
    assert (answer.status_code, answer.json) == (404, {"error": "404 Not Found"})


def test_a_stub_asks_for_its_query() -> None:
    zoo = stubs(Stub("GET", "/api/v4/echo", canned(200, '"stub"'), {"page": "2"}))
    assert zoo.get("echo?x=1&page=2").json == "stub"
    assert zoo.get("echo?page=3").json == {"sent": {"page": "3"}}


def test_the_first_stub_that_fits_answers() -> None:
    zoo = stubs(Stub("GET", "/x", canned(200, "1"), {"a": "1"}), Stub("GET", "/x", canned(200, "2")))
    assert [zoo.get(path).json for path in ("/x?a=1", "/x")] == [1, 2]


def test_a_stubs_own_headers_stand_for_those_of_every_answer() -> None:
    answer = stubs(Stub("GET", "/x", canned(200, "1", ETag='"mine"', cache_control="no-store"))).get("/x")
    assert answer.headers.getlist("ETag") == ['"mine"']
    assert answer.headers.getlist("Cache-Control") == ["no-store"]
