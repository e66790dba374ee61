"""The page on Markdown."""

import pytest

from tests.support import WORLD, Api

SCENE = {
    **WORLD,
    "projects": [{"path": "acme/rocket", "issues": [{"title": "x"}]}, {"path": "open/source", "visibility": "public"}],
}
pytestmark = pytest.mark.mockgitlab(scenario=SCENE)


def test_the_documented_example(api: Api) -> None:
    answer = api.post("markdown", "ada", text="Hello world! :tada:", gfm=True, project="acme/rocket")
    assert answer.status == 201
    emoji = '<gl-emoji title="party popper" data-name="tada" data-unicode-version="6.0">🎉</gl-emoji>'
    assert answer.json == {"html": f'<p dir="auto">Hello world! {emoji}</p>'}


def test_without_gfm_nothing_is_added(api: Api) -> None:
    given = {"text": ":tada: *x* #1", "project": "acme/rocket"}
    assert api.post("markdown", "ada", **given).json == {"html": "<p>:tada: <em>x</em> #1</p>"}


def test_references_are_those_of_the_project(api: Api) -> None:
    linked = '<a href="http://localhost/acme/rocket/-/issues/1"'
    assert linked in api.post("markdown", "ada", text="#1", gfm=True, project="acme/rocket").json["html"]
    assert api.post("markdown", "ada", text="#1", gfm=True).json["html"] == '<p dir="auto">#1</p>'
    assert linked in api.post("markdown", "ada", text="acme/rocket#1", gfm=True).json["html"]
    assert linked not in api.post("markdown", "nora", text="acme/rocket#1", gfm=True).json["html"]


def test_a_project_that_may_not_be_seen(api: Api) -> None:
    for who, path in (("nora", "acme/rocket"), ("ada", "Dummy project"), ("ada", "1")):
        answer = api.post("markdown", who, text="x", gfm=True, project=path)
        assert (answer.status, answer.json) == (404, {"message": "404 Project Not Found"})


def test_parameters_and_the_user_are_checked(api: Api) -> None:
    assert api.post("markdown").json == {"message": '400 (Bad request) "text" not given'}
    assert api.post("markdown", None, text="x").status == 401
    assert api.post("markdown", text="").json == {"html": ""}
    old = Api({**SCENE, "gitlab": {"version": "15.2.0"}})
    assert old.post("markdown", None, text="x").json == {"html": "<p>x</p>"}


def test_a_token_that_reads_may_render() -> None:
    token = {"token": "reader", "user": "ada", "scopes": ["read_api"]}
    api = Api({**SCENE, "tokens": [*WORLD["tokens"], token]})
    answer = api.request("POST", "markdown", None, headers={"Private-Token": "reader"}, text="x")
    assert answer.status == 201
