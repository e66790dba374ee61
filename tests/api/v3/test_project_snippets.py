from typing import Any

import pytest

from tests.api.v3.worlds import v3_api
from tests.support import Api, names, seen

ALL = "projects/1/snippets"
NEW = {"title": "Hello", "file_name": "a.txt", "code": "a\n", "visibility_level": 10}


@pytest.fixture
def api() -> Api:
    return v3_api()


def test_a_snippet_is_created(api: Api) -> None:
    answer = api.post(ALL, "rex", **NEW)
    assert answer.status == 201
    shown = answer.json
    assert shown.pop("author")["username"] == "rex"
    assert shown.pop("created_at") == shown.pop("updated_at")
    assert shown == {
        "id": 1,
        "title": "Hello",
        "file_name": "a.txt",
        "expires_at": None,
        "web_url": "http://localhost/acme/rocket/-/snippets/1",
    }
    assert api.get(f"{ALL}/1", "gil").json == answer.json
    assert names(api.get(ALL, "gil"), "title") == ["Hello"]
    raw = api.get(f"{ALL}/1/raw", "gil")
    assert (raw.text, raw.headers["Content-Type"]) == ("a\n", "text/plain")


@pytest.mark.parametrize("name", NEW)
def test_a_snippet_needs_all_its_parts(api: Api, name: str) -> None:
    given: dict[str, Any] = {key: NEW[key] for key in NEW if key != name}
    assert seen(api.post(ALL, **given)) == (400, {"message": f'400 (Bad request) "{name}" not given'})


def test_a_snippet_has_something_in_it() -> None:
    refused = v3_api(errors="observed").post(ALL, **{**NEW, "code": ""})
    assert seen(refused) == (400, {"message": {"content": ["can't be blank"]}})


def test_a_snippet_is_changed(api: Api) -> None:
    api.post(ALL, "rex", **NEW)
    changed = api.put(f"{ALL}/1", "rex", title="Bye", file_name="b.txt", code="b\n", visibility_level=0)
    assert (changed.status, changed.json["title"], changed.json["file_name"]) == (200, "Bye", "b.txt")
    assert api.put(f"{ALL}/1", "rex", code="").status == 200
    assert api.get(f"{ALL}/1/raw", "rex").text == "b\n"
    assert seen(api.put(f"{ALL}/1", "gil", title="Mine")) == (403, {"message": "403 Forbidden"})


def test_a_deleted_snippet_is_given_back(api: Api) -> None:
    made = api.post(ALL, "rex", **NEW).json
    assert api.delete(f"{ALL}/1", "gil").status == 403
    assert seen(api.delete(f"{ALL}/1", "rex")) == (200, made)
    for method, path in (("DELETE", ""), ("PUT", ""), ("GET", "/raw")):
        assert seen(api.request(method, f"{ALL}/1{path}")) == (404, {"message": "404 Snippet Not Found"})
    assert seen(api.get(f"{ALL}/1")) == (404, {"message": "404 Not found"})


def test_snippets_are_for_users_and_written_by_reporters(api: Api) -> None:
    for path in ("", "/1", "/1/raw"):
        assert api.get(f"projects/2/snippets{path}", None).status == 401
    assert seen(api.post(ALL, "gil", **NEW)) == (403, {"message": "403 Forbidden"})
