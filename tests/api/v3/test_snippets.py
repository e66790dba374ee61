import pytest

from tests.api.v3.worlds import v3_api
from tests.support import Api, names, seen

NEW = {"title": "Hello", "file_name": "a.txt", "content": "a\n"}


@pytest.fixture
def api() -> Api:
    return v3_api()


def test_a_snippet_is_created(api: Api) -> None:
    answer = api.post("snippets", "ada", **NEW)
    assert answer.status == 201
    shown = answer.json
    assert shown.pop("author")["username"] == "ada"
    assert shown.pop("created_at") == shown.pop("updated_at")
    assert shown == {
        "id": 1,
        "title": "Hello",
        "file_name": "a.txt",
        "web_url": "http://localhost/-/snippets/1",
        "raw_url": "http://localhost/-/snippets/1/raw",
    }
    assert api.get("snippets/1", "ada").json == answer.json
    raw = api.get("snippets/1/raw", "ada")
    assert (raw.text, raw.headers["Content-Type"]) == ("a\n", "text/plain")


@pytest.mark.parametrize("name", NEW)
def test_a_snippet_needs_all_its_parts(api: Api, name: str) -> None:
    for given in ({**NEW, name: ""}, {key: NEW[key] for key in NEW if key != name}):
        assert seen(api.post("snippets", **given)) == (400, {"message": f'400 (Bad request) "{name}" not given'})


def test_a_snippet_is_refused_in_the_words_of_a_live_gitlab() -> None:
    api = v3_api(errors="observed")
    assert seen(api.post("snippets", **{**NEW, "title": ""})) == (400, {"message": {"title": ["can't be blank"]}})
    assert seen(api.post("snippets", **{**NEW, "content": " "})) == (400, {"message": {"content": ["can't be blank"]}})
    api.post("snippets", **NEW)
    for name, value in {"title": "", "content": ""}.items():
        assert seen(api.put("snippets/1", **{name: value})) == (400, {"message": {name: ["can't be blank"]}})
    assert seen(api.post("snippets", title="x")) == (400, {"error": "file_name is missing, content is missing"})


def test_everybody_sees_the_own_snippets_alone(api: Api) -> None:
    api.post("snippets", "ada", **NEW, visibility_level=20)
    api.post("snippets", "bob", **{**NEW, "title": "Secret"}, visibility_level=0)
    assert names(api.get("snippets", "bob"), "title") == ["Secret"]
    assert names(api.get("snippets/public", "bob"), "title") == ["Hello"]
    assert seen(api.get("snippets/1", "bob")) == (404, {"message": "404 Not found"})
    for method, path in (("PUT", ""), ("DELETE", ""), ("GET", "/raw")):
        refused = api.request(method, f"snippets/1{path}", "bob")
        assert seen(refused) == (404, {"message": "404 Snippet Not Found"})
    assert api.get("snippets", None).status == 401
    bad = api.post("snippets", **NEW, visibility_level=5)
    assert seen(bad) == (400, {"error": "visibility_level does not have a valid value"})


def test_a_snippet_is_changed_and_deleted(api: Api) -> None:
    api.post("snippets", "ada", **NEW)
    changed = api.put("snippets/1", "ada", title="Bye", content="b\n", visibility_level=20)
    assert (changed.status, changed.json["title"]) == (200, "Bye")
    assert api.get("snippets/1/raw", "ada").text == "b\n"
    assert names(api.get("snippets/public", "bob"), "title") == ["Bye"]
    gone = api.delete("snippets/1", "ada")
    assert (gone.status, gone.text) == (204, "")
    assert api.get("snippets/1", "ada").status == 404
