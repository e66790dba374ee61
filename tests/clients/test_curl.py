"""curl against a running server: every way to send parameters and to write paths."""

import json
from pathlib import Path

import pytest

from tests.clients.curl_rig import Answer, Curl, needs_curl

pytestmark = needs_curl
PNG = b"\x89PNG\r\n\x1a\n"


def iids(answer: Answer) -> list[int]:
    assert answer.status == 200, answer
    return sorted(issue["iid"] for issue in answer.json)


# Parameters


def test_a_form_is_read(curl: Curl) -> None:
    made = curl("projects/1/issues", "-d", "title=Too hot", "-d", "labels=bug,heat", "-d", "confidential=true")
    assert (made.status, made.headers["Content-Type"]) == (201, "application/json")
    assert (made.json["title"], made.json["labels"], made.json["confidential"]) == ("Too hot", ["bug", "heat"], True)


def test_a_form_is_encoded_by_curl(curl: Curl) -> None:
    made = curl("projects/1/issues", "--data-urlencode", "title=50% + 1 & more * ünïcode ✓")
    assert made.json["title"] == "50% + 1 & more * ünïcode ✓"


def test_arrays_are_sent_in_brackets(curl: Curl) -> None:
    form = ("-d", "labels[]=bug", "-d", "labels[]=docs", "-d", "assignee_ids[]=3", "-d", "assignee_ids[]=4")
    made = curl("projects/1/issues", "-d", "title=x", *form).json
    assert (made["labels"], [one["username"] for one in made["assignees"]]) == (["bug", "docs"], ["bob", "eve"])


def test_json_is_read(curl: Curl) -> None:
    body = json.dumps({"title": "x", "labels": ["bug", "docs"], "assignee_ids": [3], "weight": 2})
    made = curl("projects/1/issues", "-H", "Content-Type: application/json", "-d", body).json
    assert (made["labels"], made["assignees"][0]["id"], made["weight"]) == (["bug", "docs"], 3, 2)
    assert curl("projects/1/issues", "--json", '{"title": "y"}').status == 201


def test_json_that_is_broken_is_refused(curl: Curl) -> None:
    broken = curl("projects/1/issues", "-H", "Content-Type: application/json", "-d", '{"title": ')
    assert broken.status == 400
    assert "message body does not match declared format" in broken.json["error"]
    assert "Expecting value" in broken.headers["X-Mockgitlab-Reason"]


def test_multipart_forms_carry_files(curl: Curl, tmp_path: Path) -> None:
    picture = tmp_path / "moon.png"
    picture.write_bytes(PNG)
    made = curl("projects", "-F", "name=Moon", "-F", "topics[]=space", "-F", f"avatar=@{picture};type=image/png")
    assert (made.status, made.json["topics"]) == (201, ["space"])
    assert made.json["avatar_url"].endswith("/uploads/-/system/project/avatar/6/moon.png")
    changed = curl("groups/1", "-X", "PUT", "-F", f"avatar=@{picture}")
    assert changed.json["avatar_url"].endswith("/uploads/-/system/group/avatar/1/moon.png")


def test_lists_and_hashes_stand_in_the_query(curl: Curl) -> None:
    assert iids(curl("projects/1/issues?state=opened&iids[]=1&iids[]=2", "--globoff")) == [1, 2]
    assert iids(curl("projects/1/issues?state=opened&not[labels]=bug", "--globoff")) == [2, 4]
    assert iids(curl("projects/1/issues?state=opened&not%5Blabels%5D=bug&not%5Biids%5D%5B%5D=4")) == [2]


def test_curl_puts_a_form_into_the_query(curl: Curl) -> None:
    assert iids(curl("projects/1/issues", "-G", "-d", "state=opened", "--data-urlencode", "labels=priority::high")) == [
        1
    ]


def test_dates_may_have_an_encoded_offset(curl: Curl) -> None:
    at = "created_after=2024-02-10T10:00:00%2B02:00&created_before=2024-02-11T08%3A00%3A00Z"
    assert iids(curl(f"projects/1/issues?{at}")) == [2, 3]
    noted = curl("projects/1/issues/1/notes", "-d", "body=Late", "-d", "created_at=2024-03-01T10:00:00%2B02:00")
    assert noted.json["created_at"] == "2024-03-01T08:00:00.000Z"


def test_the_query_and_the_body_are_both_read(curl: Curl) -> None:
    made = curl("projects/1/issues?title=From%20the%20query", "-d", "weight=4")
    assert (made.json["title"], made.json["weight"]) == ("From the query", 4)


def test_a_post_without_a_body_is_read(curl: Curl) -> None:
    assert curl("projects/1/issues?title=Bare", "-X", "POST").status == 201


# Paths


@pytest.mark.parametrize("path", ["projects/acme%2Frocket", "projects/acme%2frocket", "projects/1", "projects/1.json"])
def test_a_project_has_many_addresses(curl: Curl, path: str) -> None:
    assert curl(path).json["path_with_namespace"] == "acme/rocket"


def test_slashes_of_names_are_encoded(curl: Curl) -> None:
    assert curl("groups/acme%2Fengines%2Ffuel").json["full_path"] == "acme/engines/fuel"
    curl("projects/1/labels", "-d", "name=a/b", "-d", "color=red")
    assert curl("projects/1/labels/a%2Fb", "-X", "DELETE").status == 204


def test_a_path_whose_slash_is_not_encoded_is_explained(curl: Curl) -> None:
    wrong = curl("projects/acme/rocket")
    assert (wrong.status, wrong.json) == (404, {"error": "404 Not Found"})
    assert "a slash inside an id or path must be written %2F" in wrong.headers["X-Mockgitlab-Reason"]


def test_a_url_that_is_too_long_is_414(curl: Curl) -> None:
    long = curl(f"projects?search={'x' * 9000}")
    assert (long.status, long.json) == (414, {"error": "414 Request-URI Too Large"})
