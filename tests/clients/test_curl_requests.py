"""curl against a running server: methods, conditions, tokens in every place, connections."""

import json
import re
from pathlib import Path

import pytest

from mockgitlab import MockGitLab
from tests.clients.curl_rig import ADA, Curl, needs_curl, output_of

pytestmark = needs_curl

# Methods and conditions


def test_head_answers_with_the_headers_alone(curl: Curl) -> None:
    head = curl("projects/1/issues?per_page=10", "-I")
    assert (head.status, head.text) == (200, "")
    assert (head.headers["X-Total"], head.headers["X-Next-Page"]) == ("45", "2")
    assert int(head.headers["Content-Length"]) > 1000


def test_options_tells_the_methods(curl: Curl) -> None:
    options = curl("projects/1/issues", "-X", "OPTIONS")
    assert (options.status, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")


def test_a_wrong_method_is_405(curl: Curl) -> None:
    wrong = curl("projects/1/issues", "-X", "DELETE")
    assert (wrong.status, wrong.json) == (405, {"error": "405 Not Allowed"})
    assert wrong.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_what_changed_meanwhile_is_not_deleted(curl: Curl) -> None:
    label = curl("projects/1/labels", "-d", "name=x", "-d", "color=red").json["id"]
    before = ("-H", "If-Unmodified-Since: Wed, 01 May 2024 08:00:00 GMT")
    kept = curl(f"projects/1/labels/{label}", "-X", "DELETE", *before)
    assert (kept.status, kept.json) == (412, {"message": "412 Precondition Failed"})
    now = ("-H", "If-Unmodified-Since: Wed, 01 May 2024 09:00:00 GMT")
    gone = curl(f"projects/1/labels/{label}", "-X", "DELETE", *now)
    assert (gone.status, gone.text) == (204, "")


def test_what_did_not_change_is_304(curl: Curl) -> None:
    etag = curl("projects/1").headers["ETag"]
    again = curl("projects/1", "-H", f"If-None-Match: {etag}")
    assert (again.status, again.text) == (304, "")


def test_curl_resumes_nothing_and_gets_everything(curl: Curl) -> None:
    assert curl("projects/1", "-r", "0-9").json["id"] == 1


def test_a_moved_project_is_found_with_location(curl: Curl) -> None:
    curl("projects/1", "-X", "PUT", "-d", "path=shuttle")
    moved = curl("projects/acme%2Frocket?simple=true")
    assert moved.status == 301
    assert moved.headers["Location"].endswith("/api/v4/projects/1?simple=true")
    followed = output_of("-L", *ADA, moved.headers["Location"])
    assert json.loads(followed)["path"] == "shuttle"


# Who asks


@pytest.mark.parametrize(
    "options",
    [
        ("-H", "PRIVATE-TOKEN: ada-token"),
        ("-H", "private-token: ada-token"),
        ("-H", "Authorization: Bearer ada-token"),
        ("-H", "Authorization: Bearer ada-oauth"),
        ("-b", "_gitlab_session=ada-session"),
    ],
    ids=" ".join,
)
def test_there_are_many_ways_to_say_who_one_is(curl: Curl, options: tuple[str, ...]) -> None:
    assert curl("user", token=options).json["username"] == "ada"


@pytest.mark.parametrize("query", ["private_token=ada-token", "access_token=ada-oauth"])
def test_a_token_may_stand_in_the_query(curl: Curl, query: str) -> None:
    assert curl(f"user?{query}", token=()).json["username"] == "ada"
    page = curl(f"projects/1/issues?{query}&per_page=10", token=())
    [following] = re.findall(r'<([^>]+)>; rel="next"', page.headers["Link"])
    assert [issue["iid"] for issue in json.loads(output_of(following))] == list(range(39, 29, -1))


def test_a_cookie_reads_and_writes_only_with_a_csrf_token(curl: Curl) -> None:
    cookie = ("-b", "_gitlab_session=ada-session")
    assert curl("projects/1/issues", "-d", "title=x", token=cookie).status == 401
    assert curl("projects/1/issues", "-d", "title=x", "-H", "X-CSRF-Token: any", token=cookie).status == 201


def test_sudo_is_a_header_or_a_parameter(curl: Curl) -> None:
    root = ("-H", "PRIVATE-TOKEN: root-token")
    assert curl("user", "-H", "Sudo: eve", token=root).json["username"] == "eve"
    assert curl("user?sudo=4", token=root).json["username"] == "eve"


def test_without_a_token_one_is_told_so(curl: Curl) -> None:
    nobody = curl("user", token=())
    assert (nobody.status, nobody.json) == (401, {"message": "401 Unauthorized"})
    assert "the request carries no token" in nobody.headers["X-Mockgitlab-Reason"]


# Connections


def test_one_connection_serves_several_urls(mockgitlab: MockGitLab) -> None:
    urls = [f"{mockgitlab.url}/api/v4/{path}" for path in ("user", "projects/1", "nowhere", "projects/1/issues")]
    sinks = [option for _ in urls for option in ("-o", "/dev/null")]
    printed = output_of(*ADA, "-w", "%{http_code} %{num_connects}\n", *sinks, *urls)
    assert printed.split("\n")[:-1] == ["200 1", "200 0", "404 0", "200 0"]


def test_a_large_body_is_announced_and_taken(curl: Curl, tmp_path: Path) -> None:
    text = tmp_path / "long.txt"
    text.write_text("long " * 180_000)
    made = curl("projects/1/issues", "-d", "title=Long", "--data-urlencode", f"description@{text}")
    assert (made.status, len(made.json["description"])) == (201, 900_000)


def test_a_body_in_chunks_is_read(curl: Curl) -> None:
    options = ("-H", "Transfer-Encoding: chunked", "-H", "Content-Type: application/json")
    assert curl("projects/1/issues", *options, "-d", '{"title": "In chunks"}').json["title"] == "In chunks"


def test_a_sandbox_is_a_prefix(mockgitlab: MockGitLab) -> None:
    output_of(*ADA, "-d", "title=x", f"{mockgitlab.url}/@mine/api/v4/projects/1/issues")
    counts = [output_of("-I", *ADA, f"{mockgitlab.url}{prefix}/api/v4/projects/1/issues") for prefix in ("", "/@mine")]
    assert ["X-Total: 45" in counts[0], "X-Total: 46" in counts[1]] == [True, True]


def test_http_1_0_is_spoken(curl: Curl) -> None:
    assert curl("user", "--http1.0").json["id"] == 2
